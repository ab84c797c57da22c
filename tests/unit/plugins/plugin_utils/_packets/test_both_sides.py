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
from tests.unit.plugins.plugin_utils._packets.wire import CLIENT, NOON, SERVER, Wire

INSIDE = '10.0.0.5'  # what the client is called on its own side of the translation
OFFSET, DRIFT = 30.0, 50e-6
RULE = kernels.rule_of('4.4.178')
ATTEMPTS = 60


class Pair:
    """The wires of both sides; `at` is the time of the client's clock, which the server's is `ahead` of."""

    def __init__(self, ahead: float = OFFSET, drift: float = DRIFT) -> None:
        self.here, self.there = Wire(), Wire()
        self.ahead, self.drift = ahead, drift
        self.chance = random.Random(18)

    def put(self, at: float, number: int, flags: int, back: bool = False, seen: str = 'both', **fields: Any) -> None:
        """One segment; `seen`: here, there or both. The translation changes address and port."""
        late = 0.01 + self.chance.random() * 0.001
        inside, outside = (INSIDE, 40000 + number), (CLIENT, fields.pop('port', 50000 + number))
        for side, wire, end, time in (
            ('here', self.here, inside, at),
            ('there', self.there, outside, at * (1 + self.drift) + self.ahead + (-late if back else late)),
        ):
            if seen in (side, 'both'):
                ends = ((SERVER, 80), end) if back else (end, (SERVER, 80))
                wire.put(time, *ends[0], *ends[1], flags, **fields)

    def told(self, **more: Any) -> dict[str, Any]:
        for wire in (self.here, self.there):
            wire.events.sort(key=lambda event: event[0])
        return study(self.here.events, (), self.there.events, RULE, **more)


Happens = Callable[[Pair, float, int], None]


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


def refused_before(pair: Pair, at: float, number: int) -> None:
    pair.put(at, number, SYN, seen='here', seq=9000 + number)
    pair.put(at + 0.05, number, RST | ACK, back=True, seen='here', seq=0, ack=9001 + number)


def met(pair: Pair, at: float, number: int, ack: str = 'both', reset: str = 'both', **fields: Any) -> None:
    """A SYN that an older connection answers, and the reset that answers this; how far each of them comes."""
    pair.put(at, number, SYN, seq=9000 + number, tsval=1000 + int(at * 1000), **fields)
    pair.put(at + 0.04, number, ACK, back=True, seen=ack, seq=77, ack=88, tsval=7, tsecr=5, **fields)
    if ack == 'both':
        pair.put(at + 0.05, number, RST, seen=reset, seq=88, **fields)


def ack_lost(pair: Pair, at: float, number: int) -> None:
    for wait in (0.0, 1.0):
        met(pair, at + wait, number, ack='there')


def reset_lost(pair: Pair, at: float, number: int) -> None:
    for wait in (0.0, 0.1):
        met(pair, at + wait, number, reset='here')


def reset_ignored(pair: Pair, at: float, number: int) -> None:
    for wait in (0.0, 0.1, 1.1):
        met(pair, at + wait, number)


def met_again(pair: Pair, at: float, number: int) -> None:
    for again, wait in enumerate((0.0, 0.1, 1.1)):
        met(pair, at + wait, number, port=60000 + 3 * number + again)


def slow_time_wait(pair: Pair, at: float, number: int) -> None:
    met(pair, at, number)
    later(pair, at + 0.1, number)


def slow_not_arrived(pair: Pair, at: float, number: int) -> None:
    pair.put(at, number, SYN, seen='here', seq=9000 + number, tsval=1000 + int(at * 1000))
    later(pair, at + 1, number)


def slow_answer(pair: Pair, at: float, number: int) -> None:
    pair.put(at, number, SYN, seq=9000 + number, tsval=1000 + int(at * 1000))
    pair.put(at + 0.05, number, SYN | ACK, back=True, seen='there', seq=5, ack=9001 + number, tsval=7)
    later(pair, at + 1, number)


def slow_server(pair: Pair, at: float, number: int) -> None:
    pair.put(at, number, SYN, seq=9000 + number, tsval=1000 + int(at * 1000))
    later(pair, at + 1, number)


def later(pair: Pair, at: float, number: int) -> None:
    """The SYN that is sent again comes up."""
    pair.put(at, number, SYN, seq=9000 + number, tsval=1000 + int(at * 1000))
    pair.put(at + 0.05, number, SYN | ACK, back=True, seq=5, ack=9001 + number, tsval=7)
    pair.put(at + 0.06, number, ACK, seq=9001 + number, ack=6, tsval=1000 + int(at * 1000))


def every_third(happens: Happens, pair: Pair) -> Pair:
    for number in range(ATTEMPTS):
        (happens if number % 3 == 2 else answered)(pair, number * 1.0, number)
    return pair


FATES: list[tuple[Happens, str, str]] = [
    (not_arrived, 'not_arrived', 'did not reach the server'),
    (by_rule, 'rule', 'its rule with tcp_tw_recycle on drops them'),
    (by_server, 'server', 'tcp_tw_recycle does not explain it'),
    (answer_lost, 'answer_lost', 'the answer did not reach the client'),
    (refused, 'refused', 'none was dropped; the server refused 20 of them'),
    (refused_before, 'refused_before', 'were refused, and not by the server'),
    (ack_lost, 'ack_lost', 'drops the ACK of the old connection'),
    (reset_lost, 'reset_lost', 'something on the way drops the reset'),
    (reset_ignored, 'reset_ignored', 'net.ipv4.tcp_rfc1337=1 there, or its own packet filter'),
    (met_again, 'met_again', 'on one port after the other'),
]


@pytest.mark.parametrize(('ahead', 'drift'), [(OFFSET, DRIFT), (-OFFSET, -DRIFT), (7200.0, 4 * DRIFT)])
@pytest.mark.parametrize(('happens', 'fate', 'words'), FATES)
def test_the_culprit_is_named(happens: Happens, fate: str, words: str, ahead: float, drift: float) -> None:
    found = every_third(happens, Pair(ahead, drift)).told()
    assert words in str(found['summary'])
    assert {name: count for name, count in found['fates'].items() if count} == {'answered': 40, fate: 20}
    assert abs(found['offset_s'] - ahead - 0.01) < 0.01
    assert abs(found['drift_ppm'] - drift * 1e6) < 15
    assert found['problems'] == []


@pytest.mark.parametrize(
    ('happens', 'cause', 'words'),
    [
        (slow_time_wait, 'met_time_wait', 'met TIME_WAIT at the server with an older timestamp, and got over it'),
        (slow_not_arrived, 'not_arrived', 'SYNs of theirs did not reach the server'),
        (slow_answer, 'answer_lost', 'an answer of the server was lost on its way back'),
        (slow_server, 'server', 'the server left SYNs without an answer at first'),
    ],
)
def test_what_made_attempts_slow_is_named(happens: Happens, cause: str, words: str) -> None:
    found = every_third(happens, Pair()).told()
    assert str(found['summary']).startswith('20 of 60 attempts were slow')
    assert words in str(found['summary'])
    assert found['fates']['answered'] == 60
    assert {name: count for name, count in found['slow'].items() if count} == {cause: 20}


@pytest.mark.parametrize(('happens', 'fate', 'words'), FATES)
@pytest.mark.parametrize(('low', 'high'), [(10.5, 99.0), (-1.0, 48.5)], ids=['begins late', 'ends early'])
@pytest.mark.parametrize('side', ['here', 'there'])
def test_a_capture_that_begins_late_or_ends_early_changes_no_culprit(
    happens: Happens, fate: str, words: str, low: float, high: float, side: str
) -> None:
    pair = every_third(happens, Pair())
    wire, ahead = (pair.here, 0.0) if side == 'here' else (pair.there, OFFSET)
    wire.events = [event for event in wire.events if low < event[0] - NOON - ahead < high]
    found = pair.told()
    counts = found['fates']
    # Before the first connection that ends in the capture, the rule has nothing to drop by.
    assert sum(counts.values()) - counts['answered'] - counts[fate] - counts['outside'] <= (fate == 'rule')
    assert counts[fate] >= 15
    assert words.replace('20', str(counts[fate])) in str(found['summary'])


@pytest.mark.parametrize(('happens', 'fate', 'words'), FATES)
def test_a_capture_that_holds_everything_twice_changes_nothing(happens: Happens, fate: str, words: str) -> None:
    pair = every_third(happens, Pair())
    for wire in (pair.here, pair.there):
        wire.events += [(event[0] + 0.0001, *event[1:]) for event in wire.events]
    found = pair.told()
    assert {name: count for name, count in found['fates'].items() if count} == {'answered': 40, fate: 20}
    assert not any(found['slow'].values())


@pytest.mark.parametrize('side', ['here', 'there'])
@pytest.mark.parametrize(('happens', 'fate', 'words'), [each for each in FATES if each[1] != 'rule'])
def test_a_side_without_timestamps_meets_by_the_sequence_number(
    happens: Happens, fate: str, words: str, side: str
) -> None:
    """A capture of the first 54 bytes of each frame has no options."""
    pair = every_third(happens, Pair())
    wire = pair.here if side == 'here' else pair.there
    wire.events = [(*event[:8], None, None, *event[10:]) for event in wire.events]
    found = pair.told()
    assert words in str(found['summary'])
    assert found['fates'][fate] == 20


def test_attempts_to_other_servers_are_nobodys_fault() -> None:
    pair = every_third(by_server, Pair())
    for number in range(50):
        pair.here.put(number * 1.0, INSIDE, 30000 + number, '192.0.2.99', 443, SYN, seq=5 + number, tsval=7)
    found = pair.told()
    assert (sum(found['fates'].values()), found['fates']['server']) == (60, 20)


def test_another_port_that_is_asked_for_is_told_alone() -> None:
    pair = every_third(by_server, Pair())
    found = pair.told(port=443)
    assert str(found['summary']) == 'no SYN was seen'
    assert abs(found['offset_s'] - OFFSET) < 0.1


def test_other_segments_tell_the_clocks_where_no_syn_is_in_both() -> None:
    pair = Pair()
    for number in range(20):
        pair.put(number, 200, ACK, seq=100 + number, ack=5, tsval=900 + number)
        not_arrived(pair, number + 0.5, number)
    found = pair.told()
    assert found['fates']['not_arrived'] == 20
    assert 'did not reach the server: something on the way' in str(found['summary'])
    assert abs(found['offset_s'] - OFFSET - 0.01) < 0.01


def test_a_rule_that_answers_what_it_would_drop_is_not_in_force() -> None:
    """Two clients behind one address: the server answers the older clock, and leaves some SYNs of it unanswered."""
    pair = every_third(by_rule, Pair())
    for number in range(100, 120):
        isn, at = 5000 + number, number - 60.0
        pair.put(at, number, SYN, seq=isn, tsval=2000 + number)
        pair.put(at + 0.05, number, SYN | ACK, back=True, seq=5, ack=isn + 1, tsval=7)
    found = pair.told()
    assert (found['fates']['rule'], found['fates']['server']) == (0, 20)


def test_a_full_accept_queue_is_named() -> None:
    pair = every_third(by_server, Pair())
    pair.put(70.0, 70, SYN, seq=77, tsval=900070000)
    for wait in (0.05, 1.1, 3.1):
        pair.put(70 + wait, 70, SYN | ACK, back=True, seq=5, ack=78, tsval=7)
        pair.put(70.01 + wait, 70, ACK, seq=78, ack=6, tsval=900070001)
    assert 'its accept queue is full' in str(pair.told()['summary'])


def test_a_capture_with_holes_is_told() -> None:
    pair = every_third(not_arrived, Pair())
    pair.there.events = [event for event in pair.there.events if not 30 < event[0] - NOON - OFFSET < 36]
    found = pair.told()
    assert [str(said) for said in found['problems']] == [
        "4 attempts were answered and not in the server's capture: it misses packets, or another server answered"
    ]


def test_a_syn_of_a_client_that_counts_microseconds_is_the_same_when_it_is_sent_again() -> None:
    pair = every_third(not_arrived, Pair())
    pair.put(70.0, 90, SYN, seen='here', seq=77, tsval=1900000000)
    pair.put(71.0, 90, SYN, seq=77, tsval=1901000000)
    assert pair.told()['fates']['server'] == 1


def test_what_the_servers_capture_does_not_cover_is_nobodys_fault() -> None:
    pair = Pair()
    for number in range(ATTEMPTS):
        answered(pair, number * 1.0, number)
    not_arrived(pair, 300.0, 99)
    found = pair.told()
    assert (found['fates']['outside'], found['fates']['not_arrived']) == (1, 0)
    assert "none was dropped; 1 were made outside of the captures' common time" in str(found['summary'])
    pair = Pair()
    for number in range(ATTEMPTS):
        (answered if number < 10 else not_arrived)(pair, number * 10.0, number)
    assert "50 of 60 attempts were made outside of the captures' common time" in str(pair.told()['summary'])


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
