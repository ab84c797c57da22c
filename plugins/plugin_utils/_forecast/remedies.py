# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What helps where TIME_WAIT uses ports up, in the order to try it, and what never does."""

from collections.abc import Sequence
from dataclasses import replace

from .._judge import ports
from .._judge.vocabulary import FIN_TIMEOUT, PORT_RANGE, RESERVED_PORTS, TIMESTAMPS, TW_BUCKETS, TW_REUSE
from .._messages.message import Message, Said, message
from .._shapes.forecast import Load, Never, Outlook, Remedy, Settings
from .capacity import TW_TIMEOUT, Capacity

REUSING = ('client', 'proxy')
#: No kernel takes more buckets than this here: 2 GiB of them.
BUCKETS_MAX = 8 * 1024 * 1024


def proposed(
    capacity: Capacity, load: Load | None, verdict: Outlook, profile: str, balancer: str | None
) -> list[Remedy]:
    """[{id, text, settings, allowed, why_not, sustainable_per_s}] for one of the loads of a forecast, in the order to
    try them.

    settings: {key: value}, what to write, empty where an administrator has to act; allowed: this profile lets a play
    apply them, else why_not; sustainable_per_s: the limit for each destination afterwards, None where it stays.
    """
    found = [_no_snat(balancer)] if balancer and (capacity.recycle or verdict != 'safe') else []
    if load is None or verdict in ('safe', 'unknown'):
        return found
    if any((row['share'] or 0) >= 0.5 for row in load['destinations']):
        found += [_keep_alive(), *_wider(capacity), *_reuse(capacity, profile), _addresses(capacity)]
    return found + _buckets(capacity, load)


def settings(found: Sequence[Remedy]) -> Settings:
    """The settings of the remedies that are allowed, together."""
    return {key: value for remedy in found if remedy['allowed'] for key, value in remedy['settings'].items()}


def never(capacity: Capacity) -> list[Never]:
    """[{what, why}]: what is often proposed and does harm."""
    found: list[tuple[Said, Message]] = [
        ('net.ipv4.tcp_tw_recycle=1', message('never/recycle')),
        ('net.ipv4.tcp_timestamps=0', message('never/timestamps-off')),
        (message('never/linger'), message('never/linger-why')),
        (message('never/lower', key=TW_BUCKETS), message('never/few-buckets')),
        (message('never/lower', key=FIN_TIMEOUT), message('never/fin-timeout')),
    ]
    if not capacity.two_is_loopback:
        found.append(('net.ipv4.tcp_tw_reuse=2', message('never/reuse-2')))
    if capacity.vendor_timeout:
        found.append((message('never/lower', key=TW_TIMEOUT), message('never/short-time-wait')))
    return [{'what': what, 'why': why} for what, why in found]


def _remedy(
    name: str,
    said: Message,
    settings: Settings | None = None,
    why_not: Message | None = None,
    sustainable_per_s: float | None = None,
) -> Remedy:
    """A remedy; why_not: why no play may apply its settings, None where it has some and one may."""
    return {
        'id': name,
        'text': said,
        'settings': settings or {},
        'allowed': why_not is None,
        'why_not': why_not,
        'sustainable_per_s': sustainable_per_s,
    }


def _no_snat(balancer: str) -> Remedy:
    said = message('remedy/no-snat', balancer=balancer)
    return _remedy('no-snat-at-the-balancer', said, why_not=message('remedy/at-balancer'))


def _keep_alive() -> Remedy:
    return _remedy('keep-alive', message('remedy/keep-alive'), why_not=message('remedy/in-application'))


def _wider(capacity: Capacity) -> list[Remedy]:
    wide = ports.widened(capacity.port_range, capacity.reserved, capacity.listening, capacity.can_reserve)
    if wide is None:
        return []
    values: Settings = {PORT_RANGE: wide[0]}
    if wide[1] is not None:
        values = {RESERVED_PORTS: wide[1], PORT_RANGE: wide[0]}  # reserved first: in between no NodePort may be taken
    usable = ports.usable(wide[0], ports.union(capacity.reserved if wide[1] is None else wide[1], capacity.listening))
    return [
        _remedy(
            'wider-port-range',
            message('remedy/wider-range', range=wide[0].replace(' ', '-'), usable=usable),
            settings=values,
            sustainable_per_s=replace(capacity, usable=usable).sustainable(),
            why_not=_owned(capacity),
        )
    ]


def _reuse(capacity: Capacity, profile: str) -> list[Remedy]:
    """Reuse acts on outgoing connections alone, so it is safe where this side is the client; never the value 2, which
    stays loopback alone once there are timestamps."""
    if capacity.reuse == 'on':
        return []
    values: Settings = {} if capacity.timestamps else {TIMESTAMPS: 1}
    if capacity.reuse != 'inert' or capacity.for_loopback:
        values[TW_REUSE] = 1
    said = message('remedy/reuse', settings=['%s=%s' % pair for pair in values.items()], seconds=capacity.reuse_s)
    why_not = _owned(capacity)
    if profile not in REUSING:
        why_not = message('remedy/profile', profile=profile, those=REUSING)
    after = replace(capacity, reuse='on', timestamps=True).sustainable()
    return [_remedy('tcp-tw-reuse', said, settings=values, sustainable_per_s=after, why_not=why_not)]


def _addresses(capacity: Capacity) -> Remedy:
    said = message('remedy/more-addresses', usable=capacity.usable)
    return _remedy('more-addresses', said, why_not=message('remedy/in-application'))


def _buckets(capacity: Capacity, load: Load) -> list[Remedy]:
    """At least twice what is expected. Where the buckets are what keeps ports from running out, a person decides."""
    share = load['buckets_share'] or 0
    if capacity.buckets is None or share < 0.5:
        return []
    wanted = share * capacity.buckets
    raised = capacity.buckets
    while raised < 2 * wanted and raised < BUCKETS_MAX:
        raised *= 2
    if raised <= capacity.buckets:
        return []
    said = message('remedy/more-buckets', key=TW_BUCKETS, to=raised, sockets=int(wanted), bytes=capacity.bucket_bytes)
    why_not = _owned(capacity)
    most = max((row['per_s'] * capacity.held_s(row['local'], row['remote']) for row in load['destinations']), default=0)
    if capacity.usable is not None and most >= 0.8 * capacity.usable:
        why_not = message('remedy/ports-first')
    return [_remedy('more-buckets', said, settings={TW_BUCKETS: raised}, why_not=why_not)]


def _owned(capacity: Capacity) -> Message | None:
    """Why a play cannot set it, None where it can."""
    return None if capacity.own else message('remedy/of-container')
