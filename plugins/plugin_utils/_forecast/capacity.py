# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many new connections a namespace can hold out: local ports, the time that TIME_WAIT keeps them, reuse, buckets.

With tcp_tw_recycle off; what recycling shortened is left out of every sum.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from .._judge import ports
from .._judge.values import Value
from .._judge.view import View
from .._judge.vocabulary import PORT_RANGE, RECYCLE, RESERVED_PORTS, TIMESTAMPS, TW_BUCKETS, TW_REUSE
from .._shapes.forecast import Reuse
from .._shapes.record import Conntrack

TW_TIMEOUT = 'net.ipv4.tcp_tw_timeout'
TW_REUSE_DELAY = 'net.ipv4.tcp_tw_reuse_delay'
CONNTRACK_TIME_WAIT = 'net.netfilter.nf_conntrack_tcp_timeout_time_wait'
IP_FORWARD = 'net.ipv4.ip_forward'

#: Seconds: TCP_TIMEWAIT_LEN (include/net/tcp.h), and what Alibaba's tcp_tw_timeout takes (alibaba/cloud-kernel).
TIME_WAIT, TIME_WAIT_MAX = 60, 600
#: Bytes of a bucket and of the bound port of an outgoing connection (6.18 slabinfo: tw_sock_TCP, tcp_bind2_bucket).
BUCKET, BOUND_PORT = 256, 64
#: Ports that source NAT gives to unprivileged ones (nf_nat_core.c: 1024 to 65535), and conntrack's default timeout.
NAT_PORTS, NAT_TIME_WAIT = 64512, 120


@dataclass(frozen=True)
class Capacity:
    """Settings of one namespace; None is not known.

    hold_s: how long TIME_WAIT lasts, vendor_timeout: not the kernel's own 60 s; reuse: off, on, loopback
    (tcp_tw_reuse=2 from 4.19 and in EL8) or inert (either of them, but without timestamps); for_loopback: it is set to
    loopback alone, also where it is inert; reuse_s: after how long a port is then free at the latest; buckets:
    tcp_max_tw_buckets; listening: ports that listen, of which those in the range are not usable; own: the node's own
    namespace.
    """

    port_range: str | None = None
    reserved: str | None = None
    can_reserve: bool = True
    listening: tuple[int, ...] = ()
    usable: int | None = None
    hold_s: float = TIME_WAIT
    vendor_timeout: bool = False
    recycle: bool = False
    timestamps: bool | None = None
    reuse: Reuse = 'off'
    for_loopback: bool = False
    reuse_s: float = 2.0
    two_is_loopback: bool | None = None
    buckets: int | None = None
    forwards: bool = False
    conntrack: Conntrack | None = None
    nat_hold_s: float = NAT_TIME_WAIT
    bucket_bytes: int = BUCKET
    own: bool = True

    def held_s(self, local: str | None = None, remote: str | None = None) -> float:
        """Seconds for which a port stays taken towards one destination."""
        reused = self.reuse == 'on' or (self.reuse == 'loopback' and _loopback(local, remote))
        return min(self.hold_s, self.reuse_s) if reused else self.hold_s

    def sustainable(self, local: str | None = None, remote: str | None = None) -> float | None:
        """Connections a second that this side may close first towards one address and port, from one address."""
        return None if self.usable is None else round(self.usable / self.held_s(local, remote), 2)


def of_view(view: View, listening: Iterable[int] = (), object_bytes: int | None = None) -> Capacity:
    """The capacity of a namespace; object_bytes: the size of a TIME_WAIT bucket where the node told."""
    port_range, reserved = _text(view, PORT_RANGE), _text(view, RESERVED_PORTS)
    ends = tuple(sorted(set(listening)))
    timeout = _number(view, TW_TIMEOUT)
    vendor = timeout is not None and 1 <= timeout <= TIME_WAIT_MAX
    nat = _number(view, CONNTRACK_TIME_WAIT)
    timestamps = _number(view, TIMESTAMPS)
    for_loopback = _number(view, TW_REUSE) == 2 and bool(_two_is_loopback(view))
    return Capacity(
        port_range=port_range,
        reserved=reserved,
        can_reserve=view.exists(RESERVED_PORTS),
        listening=ends,
        usable=ports.usable(port_range, ports.union(reserved, ends)),
        hold_s=timeout if vendor and timeout is not None else TIME_WAIT,
        vendor_timeout=vendor and timeout != TIME_WAIT,
        recycle=bool(_number(view, RECYCLE)),
        timestamps=None if timestamps is None else timestamps != 0,
        reuse=_reuse(view, timestamps, for_loopback),
        for_loopback=for_loopback,
        reuse_s=_reuse_s(view),
        two_is_loopback=_two_is_loopback(view),
        buckets=_number(view, TW_BUCKETS),
        forwards=bool(_number(view, IP_FORWARD)),
        conntrack=view.namespace.get('conntrack'),
        nat_hold_s=max(NAT_TIME_WAIT if nat is None else nat, TIME_WAIT),
        bucket_bytes=object_bytes or BUCKET,
        own=view.own,
    )


def _two_is_loopback(view: View) -> bool | None:
    if view.version is None:
        return None
    return view.at_least('4.19') or view.vendor() == 'el8'


def _reuse(view: View, timestamps: int | None, for_loopback: bool) -> Reuse:
    if not _number(view, TW_REUSE):
        return 'off'
    if not timestamps:
        return 'inert'
    return 'loopback' if for_loopback else 'on'


def _reuse_s(view: View) -> float:
    """6.18 has a setting in milliseconds; 4.19 asks for a newer second (time_after32 in tcp_twsk_unique()), older
    kernels for two."""
    delay = _number(view, TW_REUSE_DELAY)
    if delay is not None:
        return max(delay, 1) / 1000
    return 1.0 if view.at_least('4.19') else 2.0


def _number(view: View, key: str) -> int | None:
    value = view.sysctl(key)
    return value if isinstance(value, int) else None


def _text(view: View, key: str) -> str | None:
    value: Value = view.sysctl(key)
    return None if value is None else str(value)


def _loopback(*addresses: str | None) -> bool:
    """What the kernel takes for loopback: either end in 127.0.0.0/8 or ::1 (net/ipv4/tcp_ipv4.c tcp_twsk_unique())."""
    return any(address == '::1' or (address or '').startswith('127.') for address in addresses)
