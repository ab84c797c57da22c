# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variants of the fault, as data: docs/guides/collisions.md shows what was measured of them."""

from __future__ import annotations

import dataclasses

from .scenario import Scenario

#: So few that one client alone fills them in seconds; in production the same takes many clients, or high rates.
FEW = (40000, 40199)
SOME = (40000, 41999)
MANY = (30000, 35999)

FAULT = Scenario(ports=FEW, nat_time_wait=120)
#: What is advised first: the client's own port, of the whole range.
MENDED = dataclasses.replace(FAULT, choice='plain', ports=None)

#: One client that connects again as soon as it can, for 30 s.
SLOW_ONES: tuple[tuple[str, Scenario], ...] = tuple(
    (what, dataclasses.replace(FAULT, seconds=30.0, **changed))
    for what, changed in (
        ('fully-random', {}),
        ('random', {'choice': 'random'}),
        ('no flag: the range alone makes it random', {'choice': 'plain'}),
        ('fully-random, SNAT TIME_WAIT 60 s', {'nat_time_wait': 60}),
        ('fully-random, SNAT TIME_WAIT 30 s', {'nat_time_wait': 30}),
        ('fully-random, SNAT TIME_WAIT 1 s', {'nat_time_wait': 1}),
        ('fully-random, server tcp_rfc1337=1', {'rfc1337': 1}),
        ('fully-random, a stateful firewall that lets all pass', {'firewall': 'nothing'}),
        ('fully-random, a firewall that drops the old ACK', {'firewall': 'ack'}),
        ('fully-random, a firewall that drops the reset', {'firewall': 'rst'}),
        ('fully-random, 8 addresses as a range: one client keeps one', {'addresses': 8, 'spread': False}),
        ('fully-random, 8 addresses, each connection to any: 1,600 ports', {'addresses': 8}),
        ('iptables --random-fully', {'tool': 'iptables'}),
        ('iptables-legacy --random-fully', {'tool': 'iptables-legacy'}),
    )
)
#: The same where nothing holds the client up, for 10 s each.
FAST_ONES: tuple[tuple[str, Scenario], ...] = tuple(
    (what, dataclasses.replace(FAULT, seconds=10.0, **changed))
    for what, changed in (
        ('200 ports, client tcp_timestamps=2', {'timestamps': 2}),
        ('200 ports, the client closes first', {'client_first': True}),
        ('all ports, fully-random', {'ports': None}),
        ('all ports, iptables --random-fully', {'ports': None, 'tool': 'iptables'}),
        ('all ports, fully-random, client tcp_timestamps=2', {'ports': None, 'timestamps': 2}),
        ('all ports, plain masquerade', {'ports': None, 'choice': 'plain'}),
        ('no translation', {'choice': 'none'}),
    )
)
#: Three clients, 150 connections a second together, for 30 s after a warm-up of as long: plain masquerade.
SEVERAL = Scenario(choice='plain', clients=3, per_s=150.0, seconds=30.0)
SEVERAL_ONES: tuple[tuple[str, Scenario], ...] = tuple(
    (what, dataclasses.replace(SEVERAL, **changed))
    for what, changed in (
        ('SNAT TIME_WAIT 120 s', {}),
        ('SNAT TIME_WAIT 10 s', {'nat_time_wait': 10}),
        ('SNAT TIME_WAIT 10 s, tcp_timestamps=2, three clocks', {'nat_time_wait': 10, 'timestamps': 2, 'clocks': 3}),
        (
            'the same, server tcp_rfc1337=1',
            {'nat_time_wait': 10, 'timestamps': 2, 'clocks': 3, 'rfc1337': 1},
        ),
    )
)
