# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What TIME_WAIT will cost a namespace with tcp_tw_recycle off, before it is switched off. Pure.

A closed outgoing connection keeps its local port towards that destination for 60 s (Capacity.hold_s), so `usable`
ports carry usable / 60 connections a second to one address and port from one address; beyond that connect() fails with
EADDRNOTAVAIL, and no counter says so. Incoming connections cost memory and buckets alone.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast, get_args

from .._judge.vocabulary import worst
from .._messages.message import Argument, Message, message
from .._shapes.forecast import Capacity as CapacityTold
from .._shapes.forecast import Destination, Forecast, Loads, Nat, Outlook
from .._shapes.forecast import Load as LoadTold
from .._shapes.time_wait import ShareOf
from . import remedies
from .capacity import BOUND_PORT, NAT_PORTS, Capacity

VERDICTS: tuple[Outlook, ...] = get_args(Outlook)
#: Shares of the usable ports towards one destination, of the buckets, of the connection tracking table.
TIGHT, EXHAUSTED = 0.5, 0.8


@dataclass(frozen=True)
class Load:
    """Connections that this side closes first, per second: now and the highest seen; None is not known, with a reason.

    Where what is now is not known, the highest is the least that was, from which nothing can be called safe.

    destinations: {local, remote, remote_port, share} of outgoing ones, share of all that this side closes first (0 to
    1), largest first; outgoing: the share of all of them; balancer: an address that most incoming ones come from.
    """

    present: float | None = None
    highest: float | None = None
    outgoing: float = 0.0
    destinations: Sequence[ShareOf] = ()
    balancer: str | None = None
    reason: Message | None = None


def forecast(capacity: Capacity, load: Load, profile: str = 'server') -> Forecast:
    """What happens with recycling off:

    verdict: safe, tight (a share of at least 0.5), exhausted (0.8: bursts fail) or unknown (no more than the least load
    or no range is known, and that would be safe); summary: one line;
    capacity: {usable_ports, time_wait_s, vendor_timeout, recycle, reuse, held_s, sustainable_per_s, max_tw_buckets};
    loads: {present, highest}, each None or {per_s, verdict, sockets, memory_bytes, buckets_share, destinations};
    nat: {conntrack_share, ports, held_s, sustainable_per_s} where this node forwards and tracks connections, or None;
    remedies: see remedies.proposed(); settings: those of the remedies that the profile allows, {key: value};
    never: [{what, why}].

    A destination: {local, remote, remote_port, per_s, ports, share, sustainable_per_s, exhausted_after_s}.
    """
    loads: Loads = {'present': _under(capacity, load, load.present), 'highest': _under(capacity, load, load.highest)}
    known = [found for found in (loads['present'], loads['highest']) if found]
    nat = _nat(capacity)
    verdicts = [found['verdict'] for found in known]
    if load.present is None:
        verdicts.append('unknown')
    if nat and (nat['conntrack_share'] or 0) >= EXHAUSTED:
        verdicts.append('tight')
    verdict = worst(verdicts, VERDICTS)
    heaviest = max(known, key=lambda found: found['per_s'], default=None)
    proposed = remedies.proposed(capacity, heaviest, verdict, profile, load.balancer)
    return {
        'verdict': verdict,
        'summary': _summary(capacity, load, heaviest),
        'capacity': _capacity(capacity),
        'loads': loads,
        'nat': nat,
        'remedies': proposed,
        'settings': remedies.settings(proposed),
        'never': remedies.never(capacity) if capacity.recycle or verdict != 'safe' else [],
    }


def _capacity(capacity: Capacity) -> CapacityTold:
    return {
        'usable_ports': capacity.usable,
        'time_wait_s': capacity.hold_s,
        'vendor_timeout': capacity.vendor_timeout,
        'recycle': capacity.recycle,
        'reuse': capacity.reuse,
        'held_s': capacity.held_s(),
        'sustainable_per_s': capacity.sustainable(),
        'max_tw_buckets': capacity.buckets,
    }


def _under(capacity: Capacity, load: Load, per_s: float | None) -> LoadTold | None:
    """The state in which so many connections a second end."""
    if per_s is None:
        return None
    rows = [_destination(capacity, found, per_s) for found in load.destinations]
    wanted = per_s * capacity.hold_s
    if capacity.usable is not None:  # towards one destination there cannot be more than ports
        wanted -= sum(max(0.0, row['per_s'] * capacity.hold_s - capacity.usable) for row in rows)
    sockets = math.ceil(wanted if capacity.buckets is None else min(wanted, capacity.buckets))
    share = wanted / capacity.buckets if capacity.buckets else None
    outgoing = min(load.outgoing, 1.0)
    return {
        'per_s': round(per_s, 2),
        'verdict': _verdict(capacity, rows, share, per_s > 0),
        'sockets': sockets,
        'memory_bytes': round(sockets * (capacity.bucket_bytes + BOUND_PORT * outgoing)),
        'buckets_share': None if share is None else round(share, 4),
        'destinations': rows,
    }


def _destination(capacity: Capacity, found: ShareOf, per_s: float) -> Destination:
    ends = (found['local'], found['remote'])
    rate = per_s * found['share']
    needed = rate * capacity.held_s(*ends)
    if capacity.buckets is not None:  # beyond the buckets a connection skips TIME_WAIT and its port is free at once
        needed = min(needed, capacity.buckets)
    share = _share(needed, rate, capacity.usable)
    out = share is not None and share >= 1 and capacity.usable is not None
    return {
        'local': found['local'],
        'remote': found['remote'],
        'remote_port': found['remote_port'],
        'per_s': round(rate, 2),
        'ports': math.ceil(needed),
        'share': None if share is None else round(share, 4),
        'sustainable_per_s': capacity.sustainable(*ends),
        'exhausted_after_s': round((capacity.usable or 0) / rate, 1) if out else None,
    }


def _share(needed: float, rate: float, usable: int | None) -> float | None:
    """Of the usable ports; of none at all (everything is reserved) each connection is one too many."""
    if usable is None:
        return None
    if usable == 0:
        return 1.0 if rate > 0 else 0.0
    return needed / usable


def _verdict(capacity: Capacity, rows: Sequence[Destination], buckets_share: float | None, closes: bool) -> Outlook:
    shares = [row['share'] for row in rows if row['share'] is not None]
    most = max(shares, default=0.0)
    if most >= EXHAUSTED:
        return 'exhausted'
    if most >= TIGHT or (buckets_share or 0) >= TIGHT:
        return 'tight'
    # Without the range it is not known either which connections are outgoing.
    return 'unknown' if closes and capacity.usable is None else 'safe'


def _nat(capacity: Capacity) -> Nat | None:
    """The same sum for source NAT: a port is held by connection tracking, towards one address and port as well."""
    table = capacity.conntrack
    count = table.get('count') if table else None
    if not capacity.forwards or not table or count is None:
        return None
    most = table.get('max')
    return {
        'conntrack_share': round(count / most, 4) if most else None,
        'ports': NAT_PORTS,
        'held_s': capacity.nat_hold_s,
        'sustainable_per_s': round(NAT_PORTS / capacity.nat_hold_s, 2),
        'conntrack_sustainable_per_s': round(most / capacity.nat_hold_s, 2) if most else None,
    }


def _summary(capacity: Capacity, load: Load, heaviest: LoadTold | None) -> Message:
    reason = load.reason or message('forecast/no-load')
    if heaviest is None:
        return message('forecast/none', reason=reason)
    row = max(heaviest['destinations'], key=lambda found: found['share'] or 0, default=None)
    if row is None or (row['share'] or 0) < TIGHT:
        said = _of_sockets(capacity, load, heaviest, reason)
    else:
        numbers: Mapping[str, object] = row
        names = ('local', 'remote', 'remote_port', 'ports', 'per_s', 'exhausted_after_s', 'sustainable_per_s')
        shown = {name: cast(Argument, numbers[name]) for name in names}
        said = message('forecast/ports', usable=capacity.usable or 0, **shown)
    return message('forecast/once-off', said=said) if capacity.recycle else said


def _of_sockets(capacity: Capacity, load: Load, heaviest: LoadTold, reason: Message) -> Message:
    """Where no destination needs many of the ports."""
    what: dict[str, Argument] = {'sockets': heaviest['sockets'], 'per_s': heaviest['per_s']}
    share = heaviest['buckets_share'] or 0
    if share >= TIGHT:
        return message('forecast/buckets', percent=int(100 * share), **what)
    if capacity.usable is None and heaviest['per_s']:
        return message('forecast/no-range', **what)
    if load.present is None:
        return message('forecast/at-least', reason=reason, **what)
    return message('forecast/enough', **what)
