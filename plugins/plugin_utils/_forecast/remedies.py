# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What helps where TIME_WAIT uses ports up, in the order to try it, and what never does."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ansible_collections.nodetcp.paws.plugins.plugin_utils._forecast.capacity import TW_TIMEOUT, Capacity
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import ports
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.vocabulary import (
    PORT_RANGE,
    RESERVED_PORTS,
    TIMESTAMPS,
    TW_BUCKETS,
    TW_REUSE,
    Json,
)

REUSING = ('client', 'proxy')
#: No kernel takes more buckets than this here: 2 GiB of them.
BUCKETS_MAX = 8 * 1024 * 1024


def proposed(capacity: Capacity, load: Json | None, verdict: str, profile: str, balancer: str | None) -> list[Json]:
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


def settings(found: Sequence[Json]) -> Json:
    """The settings of the remedies that are allowed, together."""
    return {key: value for remedy in found if remedy['allowed'] for key, value in remedy['settings'].items()}


def never(capacity: Capacity) -> list[Json]:
    """[{what, why}]: what is often proposed and does harm."""
    texts = [
        ('net.ipv4.tcp_tw_recycle=1', 'it drops the SYNs of clients behind NAT in silence'),
        (
            'net.ipv4.tcp_timestamps=0',
            'no PAWS, no tcp_tw_reuse, and up to 4.11 every remembered peer is refused for a minute',
        ),
        ('SO_LINGER with 0', 'the reset throws away data that the other end has not read'),
        ('a lower net.ipv4.tcp_max_tw_buckets', 'connections skip TIME_WAIT: late segments reach the next connection'),
        ('a lower net.ipv4.tcp_fin_timeout', 'it limits FIN_WAIT_2; TIME_WAIT stays at 60 s'),
    ]
    if not capacity.two_is_loopback:
        texts.append(('net.ipv4.tcp_tw_reuse=2', 'before 4.19 (but for EL8) it is no loopback mode: it turns reuse on'))
    if capacity.vendor_timeout:
        texts.append(('a lower %s' % TW_TIMEOUT, 'below 60 s a late segment of an old connection may reach a new one'))
    return [{'what': what, 'why': why} for what, why in texts]


def _remedy(name: str, text: str, **more: Any) -> Json:
    return {
        'id': name,
        'text': text,
        'settings': {},
        'allowed': False,
        'why_not': None,
        'sustainable_per_s': None,
        **more,
    }


def _no_snat(balancer: str) -> Json:
    text = (
        "Most connections come from %s: if that is a balancer with SNAT, let it keep the clients' addresses (no SNAT, "
        'the answers routed back through it by policy). Then each client is its own peer, also for the rule of '
        'tcp_tw_recycle.'
    )
    return _remedy('no-snat-at-the-balancer', text % balancer, why_not='it is set at the balancer')


def _keep_alive() -> Json:
    text = 'Keep connections alive and pool them: a connection that is not closed costs no port in TIME_WAIT.'
    return _remedy('keep-alive', text, why_not='it is set in the application')


def _wider(capacity: Capacity) -> list[Json]:
    wide = ports.widened(capacity.port_range, capacity.reserved, capacity.listening, capacity.can_reserve)
    if wide is None:
        return []
    values = {PORT_RANGE: wide[0]}
    if wide[1] is not None:
        values = {RESERVED_PORTS: wide[1], PORT_RANGE: wide[0]}  # reserved first: in between no NodePort may be taken
    usable = ports.usable(wide[0], ports.union(capacity.reserved if wide[1] is None else wide[1], capacity.listening))
    text = 'Widen the range of local ports to %s, without NodePorts (30000-32767) and listeners: %d usable ports.'
    return [
        _remedy(
            'wider-port-range',
            text % (wide[0].replace(' ', '-'), usable),
            settings=values,
            sustainable_per_s=replace(capacity, usable=usable).sustainable(),
            **_owned(capacity),
        )
    ]


def _reuse(capacity: Capacity, profile: str) -> list[Json]:
    """Reuse acts on outgoing connections alone, so it is safe where this side is the client; never the value 2, which
    stays loopback alone once there are timestamps."""
    if capacity.reuse == 'on':
        return []
    values: Json = {} if capacity.timestamps else {TIMESTAMPS: 1}
    if capacity.reuse != 'inert' or capacity.for_loopback:
        values[TW_REUSE] = 1
    text = 'Set %s: an outgoing connection takes a port over after %g s. Both ends need tcp_timestamps.' % (
        ' and '.join('%s=%s' % pair for pair in values.items()),
        capacity.reuse_s,
    )
    allowed = _owned(capacity)
    if profile not in REUSING:
        allowed = {'allowed': False, 'why_not': 'profile %s: it is for %s' % (profile, ' and '.join(REUSING))}
    after = replace(capacity, reuse='on', timestamps=True).sustainable()
    return [_remedy('tcp-tw-reuse', text, settings=values, sustainable_per_s=after, **allowed)]


def _addresses(capacity: Capacity) -> Json:
    text = 'More addresses: each further source address, destination address or destination port adds as many ports'
    if capacity.usable is not None:
        text += ' (%d)' % capacity.usable
    return _remedy(
        'more-addresses', text + '; bind with IP_BIND_ADDRESS_NO_PORT.', why_not='it is set in the application'
    )


def _buckets(capacity: Capacity, load: Json) -> list[Json]:
    """At least twice what is expected. Where the buckets are what keeps ports from running out, a person decides."""
    if capacity.buckets is None or (load['buckets_share'] or 0) < 0.5:
        return []
    wanted = load['buckets_share'] * capacity.buckets
    raised = capacity.buckets
    while raised < 2 * wanted and raised < BUCKETS_MAX:
        raised *= 2
    if raised <= capacity.buckets:
        return []
    text = 'Raise net.ipv4.tcp_max_tw_buckets to %d: %d TIME_WAIT sockets are expected, %d bytes each.'
    allowed = _owned(capacity)
    most = max((row['per_s'] * capacity.held_s(row['local'], row['remote']) for row in load['destinations']), default=0)
    if capacity.usable is not None and most >= 0.8 * capacity.usable:
        allowed = {'allowed': False, 'why_not': 'with more buckets local ports run out: widen the range or reuse first'}
    return [
        _remedy(
            'more-buckets', text % (raised, wanted, capacity.bucket_bytes), settings={TW_BUCKETS: raised}, **allowed
        )
    ]


def _owned(capacity: Capacity) -> Json:
    if capacity.own:
        return {'allowed': True, 'why_not': None}
    return {'allowed': False, 'why_not': 'the value belongs to the container: set it where the container is defined'}
