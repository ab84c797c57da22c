# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two captures of the same attempts, clocks 30 s apart and drifting: where each attempt ended is named."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets import kernels, pcap
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.both_sides import study
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.segment import ACK, FIN, RST, SYN
from tests.unit.plugins.plugin_utils._packets.test_pcap import REAL
from tests.unit.plugins.plugin_utils._packets.wire import CLIENT, SERVER, Wire

INSIDE = '10.0.0.5'  # what the client is called on its own side of the translation
OFFSET, DRIFT = 30.0, 50e-6
RULE = kernels.rule_of('4.4.178')
ATTEMPTS = 60


class Pair:
    """The wires of both sides; `at` is the time of the client's clock."""

    def __init__(self) -> None:
        self.here, self.there = Wire(), Wire()
        self.chance = random.Random(18)

    def put(self, at: float, number: int, flags: int, back: bool = False, seen: str = 'both', **fields: Any) -> None:
        """One segment; `seen`: here, there or both. The translation changes address and port."""
        late = 0.01 + self.chance.random() * 0.001
        inside, outside = (INSIDE, 40000 + number), (CLIENT, 50000 + number)
        for side, wire, end, time in (
            ('here', self.here, inside, at),
            ('there', self.there, outside, at * (1 + DRIFT) + OFFSET + (-late if back else late)),
        ):
            if seen in (side, 'both'):
                ends = ((SERVER, 80), end) if back else (end, (SERVER, 80))
                wire.put(time, *ends[0], *ends[1], flags, **fields)

    def told(self) -> dict[str, Any]:
        return study(self.here.events, (), self.there.events, RULE)


def answered(pair: Pair, at: float, number: int) -> None:
    """A connection that the server closes first."""
    stamp = 900000000 + int(at * 1000)
    isn = 1000 + number
    pair.put(at, number, SYN, seq=isn, tsval=stamp)
    pair.put(at + 0.05, number, SYN | ACK, back=True, seq=5, ack=isn + 1, tsval=7, tsecr=stamp)
    pair.put(at + 0.1, number, ACK, seq=isn + 1, ack=6, tsval=stamp + 1)
    pair.put(at + 0.2, number, FIN | ACK, back=True, seq=6, ack=isn + 1, tsval=8, tsecr=stamp + 1)
    pair.put(at + 0.3, number, FIN | ACK, seq=isn + 1, ack=7, tsval=stamp + 2)
    pair.put(at + 0.4, number, ACK, back=True, seq=7, ack=isn + 2, tsval=9, tsecr=stamp + 2)


def not_arrived(pair: Pair, at: float, number: int) -> None:
    for wait in (0.0, 1.0):
        pair.put(at + wait, number, SYN, seen='here', seq=9000 + number, tsval=900000000 + int((at + wait) * 1000))


def by_rule(pair: Pair, at: float, number: int) -> None:
    for wait in (0.0, 1.0):
        pair.put(at + wait, number, SYN, seq=9000 + number, tsval=1000 + int((at + wait) * 1000))


def by_server(pair: Pair, at: float, number: int) -> None:
    for wait in (0.0, 1.0):
        pair.put(at + wait, number, SYN, seq=9000 + number, tsval=1900000000 + int((at + wait) * 1000))


def answer_lost(pair: Pair, at: float, number: int) -> None:
    isn = 9000 + number
    pair.put(at, number, SYN, seq=isn, tsval=1900000000 + int(at * 1000))
    pair.put(at + 0.05, number, SYN | ACK, back=True, seen='there', seq=5, ack=isn + 1, tsval=7)


def refused(pair: Pair, at: float, number: int) -> None:
    pair.put(at, number, SYN, seq=9000 + number)
    pair.put(at + 0.05, number, RST | ACK, back=True, seq=0, ack=9001 + number)


@pytest.mark.parametrize(
    ('happens', 'fate', 'words'),
    [
        (not_arrived, 'not_arrived', 'did not reach the server'),
        (by_rule, 'rule', 'its rule with tcp_tw_recycle on drops them'),
        (by_server, 'server', 'tcp_tw_recycle does not explain it'),
        (answer_lost, 'answer_lost', 'the answer did not reach the client'),
        (refused, 'refused', 'none was dropped'),
    ],
)
def test_the_culprit_is_named(happens: Callable[[Pair, float, int], None], fate: str, words: str) -> None:
    pair = Pair()
    for number in range(ATTEMPTS):
        (happens if number % 3 == 2 else answered)(pair, number * 1.0, number)
    for wire in (pair.here, pair.there):
        wire.events.sort(key=lambda event: event[0])
    found = pair.told()
    assert words in str(found['summary'])
    assert {name: count for name, count in found['fates'].items() if count} == {'answered': 40, fate: 20}
    assert abs(found['offset_s'] - OFFSET - 0.01) < 0.01
    assert abs(found['drift_ppm'] - DRIFT * 1e6) < 15


def test_what_the_servers_capture_does_not_cover_is_nobodys_fault() -> None:
    pair = Pair()
    for number in range(ATTEMPTS):
        answered(pair, number * 1.0, number)
    not_arrived(pair, 300.0, 99)
    found = pair.told()
    assert (found['fates']['outside'], found['fates']['not_arrived']) == (1, 0)
    assert 'none was dropped' in str(found['summary'])


def test_captures_that_share_nothing_say_so() -> None:
    pair = Pair()
    not_arrived(pair, 0.0, 1)
    found = pair.told()
    assert found['offset_s'] is None
    assert 'or the captures are of different times' in str(found['summary'])


def test_a_first_syn_that_was_lost_on_the_way_still_meets() -> None:
    pair = Pair()
    for number in range(ATTEMPTS):
        answered(pair, number * 1.0, number)
    pair.put(70.0, 90, SYN, seen='here', seq=77, tsval=900070000)
    pair.put(71.0, 90, SYN, seq=77, tsval=900071000)
    pair.put(71.05, 90, SYN | ACK, back=True, seq=5, ack=78, tsval=7)
    assert pair.told()['fates']['answered'] == ATTEMPTS + 1


def test_a_real_incident_seen_twice_is_the_servers_rule() -> None:
    pytest.importorskip('dpkt')
    events = pcap.read(str(REAL)).events
    found = study(events, (), events, RULE)
    assert str(found['summary']) == (
        '54 of 120 attempts reached the server and got no answer: its rule with tcp_tw_recycle on drops them'
    )
    assert (found['offset_s'], found['fates']['answered']) == (0.0, 66)
