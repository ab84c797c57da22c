# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rule, case by case, and against a real 4.4.178: each dropped SYN and none more."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import message
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import all_words, spoken, words
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets import kernels, pcap
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.analysis import study
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.replay import replay
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.segment import ACK, FIN, RST, SYN, Event, survey
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._packets.wire import (
    NEW,
    OLD,
    WORD,
    Talk,
    Wire,
    past,
)
from tests.conftest import CHECKOUT

REAL = CHECKOUT / 'tests' / 'fixtures' / '4.4.178-lab' / 'replay-120'


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture(scope='module')
def real() -> list[Event]:
    pytest.importorskip('dpkt')
    return pcap.read(str(REAL / 'trace.pcap')).events


def refused() -> set[int]:
    lines = [line for name in ('c1', 'c2') for line in (REAL / ('%s.jsonl' % name)).read_text().splitlines()]
    connects = [json.loads(line) for line in lines]
    assert len(connects) == 120
    return {connect['sport'] for connect in connects if not connect['ok']}


def replayed(events: list[Event], release: str = '4.4.178') -> list[int]:
    return [drop[2] for drop in replay(events, survey(events), kernels.rule_of(release)).drops]


# -- a real kernel


@pytest.mark.parametrize('release', ['4.4.178', '3.10.0-1160.el7.x86_64', '3.10.65', '2.6.32-642.el6'])
def test_the_54_syns_that_the_kernel_dropped_and_none_more(real: list[Event], release: str) -> None:
    assert sorted(replayed(real, release)) == sorted(refused())


def test_the_same_from_what_a_look_at_a_node_sees(real: list[Event]) -> None:
    assert set(replayed([event for event in real if event[5] & (SYN | FIN | RST)])) == refused()


def test_what_the_real_trace_tells_about_its_source(real: list[Event]) -> None:
    found = study(real, kernels.rule_of('4.4.178'), 8080, 3)
    assert str(found['summary']).startswith('the rule of kernel 4.4.178 with tcp_tw_recycle on drops 54 of 120 SYNs; ')
    assert found['replay']['answered'] == 0
    assert len(found['replay']['drops']) == 3
    source = found['sources'][0]
    assert (source['source'], source['answered'], source['unanswered']) == ('198.51.100.1', 66, 54)
    assert source['per_connection_offsets']
    assert (source['hosts'], str(source['timestamps'])) == (1, 'no clock: offset per connection')


def test_it_is_told_in_chinese_from_a_stored_result(real: list[Event]) -> None:
    found = json.loads(json.dumps(spoken(study(real, kernels.rule_of('3.12.5'), 8080, 3))))
    assert words('zh', found['sources'][0], 'timestamps') == '没有时钟：每个连接各有偏移'
    assert words('zh', found, 'summary').startswith('开启 tcp_tw_recycle 时，内核 3.12.5 的规则会丢弃 120 个 SYN 中的 ')
    assert all_words('zh', found, 'problems') == ['3.12.5 的规则未经验证：采用与其相邻版本的规则']


def test_another_port_has_no_syns(real: list[Event]) -> None:
    assert study(real, kernels.rule_of('4.4.178'), 22, 0)['summary'] == message('packets/no-syn')


# -- published incidents


def test_the_pair_of_the_article_comes_out_as_it_happened(wire: Wire) -> None:
    past(wire, 0, 1, NEW)
    Talk(wire, 2).syn(1, OLD)
    assert wire.dropped() == [2]
    found = study(wire.events, kernels.rule_of('2.6.32-642.el6'), None, 0)
    assert found['sources'][0]['regressions'] == 1
    assert found['sources'][0]['timestamps'] == message(
        'packets/too-little'
    )  # with one connection each it may be one client


def test_two_proxies_behind_one_address_one_of_them_always_gets_through(wire: Wire) -> None:
    """SYNs at 0, 1 and 3 s, then a timeout: the client with the older clock, until the other is silent for a minute."""
    for second in range(0, 20, 5):
        past(wire, second, 100 + second, NEW + second * 1000)
        for number, at in enumerate((1.0, 2.0, 4.0)):
            Talk(wire, 200 + second, isn=9000).syn(second + at, OLD + second * 1000 + number)
    Talk(wire, 999).syn(14 + 62, OLD + 76000)
    assert wire.dropped() == [port for second in range(0, 20, 5) for port in [200 + second] * 3]


# -- how old, how far behind


@pytest.mark.parametrize(('at', 'drops'), [(59.0, True), (59.9, True), (60.0, False), (61.0, False)])
def test_the_stamp_counts_for_60_whole_seconds(wire: Wire, at: float, drops: bool) -> None:
    past(wire, 0, 1, NEW)
    Talk(wire, 2).syn(at, OLD)
    assert wire.dropped() == ([2] if drops else [])


def test_seconds_are_the_kernels_and_not_intervals(wire: Wire) -> None:
    past(wire, 0.9, 1, NEW)
    Talk(wire, 2).syn(60.0, OLD)
    assert wire.dropped() == []


@pytest.mark.parametrize(('behind', 'drops'), [(-1, False), (0, False), (1, False), (2, True), ((1 << 31) - 1, True)])
def test_the_window_is_one_tick(wire: Wire, behind: int, drops: bool) -> None:
    past(wire, 0, 1, NEW)
    Talk(wire, 2).syn(1, NEW - behind)
    assert wire.dropped() == ([2] if drops else [])


@given(stamp=st.integers(0, WORD - 1), behind=st.integers(0, WORD - 1))
def test_behind_is_signed_in_32_bits_wherever_the_clock_is(stamp: int, behind: int) -> None:
    wire = Wire()
    past(wire, 0, 1, stamp)
    Talk(wire, 2).syn(1, stamp - behind)
    signed = behind - WORD if behind >= WORD // 2 else behind
    assert wire.dropped() == ([2] if signed > 1 else [])


def test_the_newest_timestamp_stays(wire: Wire) -> None:
    older, newer = Talk(wire, 1), Talk(wire, 2)
    older.open(0, 5000)
    newer.open(0, 9000)
    newer.server_closes(1, 9000)
    older.server_closes(2, 5000)
    Talk(wire, 3).syn(3, 7000)
    assert wire.dropped() == [3]


def test_a_stamp_older_than_a_minute_is_replaced_by_an_older_clock(wire: Wire) -> None:
    past(wire, 0, 1, NEW)
    past(wire, 70, 2, OLD)
    Talk(wire, 3).syn(71, OLD - 50)
    Talk(wire, 4).syn(72, OLD + 50)
    assert wire.dropped() == [3]


# -- what the rule is not asked


def test_a_syn_that_meets_time_wait_of_its_own_ends_is_not_asked(wire: Wire) -> None:
    past(wire, 0, 1, NEW)
    Talk(wire, 1, isn=9000).syn(0.5, OLD)
    assert wire.dropped() == []


def test_time_wait_lasts_less_than_a_second_with_recycling(wire: Wire) -> None:
    past(wire, 0, 1, NEW)
    Talk(wire, 1, isn=9000).syn(1.0, OLD)
    assert wire.dropped() == [1]


def test_a_syn_sent_again_after_its_syn_ack_is_not_asked(wire: Wire) -> None:
    slow = Talk(wire, 2)
    slow.syn(0, OLD)
    slow.serve(0, SYN | ACK, OLD, seq=5000)
    past(wire, 0.5, 1, NEW)
    slow.syn(1, OLD + 1000)
    assert wire.dropped() == []


def test_each_syn_that_is_sent_again_is_dropped_and_counted(wire: Wire) -> None:
    past(wire, 0, 1, NEW)
    for at in (1.0, 2.0, 4.0, 8.0):
        Talk(wire, 2).syn(at, OLD + int(at * 1000))
    assert wire.dropped() == [2, 2, 2, 2]
    assert wire.replayed().syns == 5


def test_where_nothing_listens_the_reset_is_no_drop(wire: Wire) -> None:
    past(wire, 0, 1, NEW)
    closed = Talk(wire, 2, service=81)
    closed.syn(1, OLD)
    closed.serve(1, RST | ACK, None, seq=0)
    assert wire.dropped() == []


def test_ports_play_no_part_and_addresses_do(wire: Wire) -> None:
    past(wire, 0, 1, NEW)
    Talk(wire, 2, service=22).syn(1, OLD)
    Talk(wire, 3, source='198.51.100.2').syn(1, OLD)
    assert wire.dropped() == [2]


@pytest.mark.parametrize(('release', 'drops'), [('4.4.178', []), ('3.10.0-1160.el7', []), ('2.6.32-642.el6', [2])])
def test_later_kernels_remember_by_local_address(wire: Wire, release: str, drops: list[int]) -> None:
    past(wire, 0, 1, NEW)
    Talk(wire, 2, server='198.51.100.11').syn(1, OLD)
    assert wire.dropped(release) == drops


def test_in_a_world_with_the_rule_a_dropped_connection_does_not_end(wire: Wire) -> None:
    past(wire, 0, 1, NEW)
    past(wire, 59, 2, OLD)  # the capture is of a healthy server: it answered
    Talk(wire, 3).syn(100, OLD - 1000)
    assert wire.dropped() == [2]
    assert study(wire.events, kernels.rule_of('4.4.178'), None, 0)['replay']['answered'] == 1


# -- kernels

KERNELS = [
    # release, drops a SYN without timestamp, looks at IPv6, verified
    ('2.6.32-642.6.2.el6.x86_64', False, False, True),
    ('3.10.65', False, True, True),
    ('3.13.0-24-generic', False, True, True),
    ('3.16.0-4-amd64', False, True, False),
    ('3.19.0', True, True, False),
    ('3.10.0-327.el7.x86_64', True, True, False),
    ('3.10.0-1062.1.2.el7.x86_64', True, True, True),
    ('3.10.0-1160.el7.x86_64', True, True, True),
    ('3.10.0-1160.80.1.vz7.191.4', True, True, True),
    ('3.10.0-862.14.1.5.h591.eulerosv2r7.x86_64', True, True, False),
    ('3.10.0-6-generic', False, True, True),
    ('4.1.52', True, True, True),
    ('4.11.0', True, True, True),
]


@pytest.mark.parametrize(('release', 'without', 'ipv6', 'verified'), KERNELS)
def test_each_kernel_has_its_own_form(wire: Wire, release: str, without: bool, ipv6: bool, verified: bool) -> None:
    past(wire, 0, 1, NEW)
    past(wire, 0, 3, NEW, source='fd00::1', server='fd00::2')
    Talk(wire, 2).syn(1, None)
    Talk(wire, 4, source='fd00::1', server='fd00::2').syn(1, OLD)
    assert wire.dropped(release) == [2] * without + [4] * ipv6
    assert kernels.rule_of(release).verified is verified


@pytest.mark.parametrize('release', ['4.12.0', '4.18.0-240.el8', '6.18.44', '5.4.17-2136.el7uek'])
def test_from_4_12_on_it_is_impossible(wire: Wire, release: str) -> None:
    past(wire, 0, 1, NEW)
    Talk(wire, 2).syn(1, OLD)
    assert wire.dropped(release) == []
    found = study(wire.events, kernels.rule_of(release), None, 0)
    assert found['replay']['possible'] is False
    assert found['replay']['syns'] == 2
    assert 'has no per-host PAWS rule' in str(found['summary'])


def test_a_server_without_timestamps_remembers_nobody(wire: Wire) -> None:
    talk = Talk(wire, 1)
    talk.syn(0, NEW)
    talk.serve(0, SYN | ACK, None, seq=5000)
    talk.client(0, ACK)
    talk.server_closes(0.5)
    Talk(wire, 2).syn(1, None)
    Talk(wire, 3).syn(1, OLD)
    assert wire.dropped() == []


# -- clocks


def test_a_clock_that_was_set_back_makes_a_stamp_old_as_in_the_kernel(wire: Wire) -> None:
    past(wire, 1000, 1, NEW)
    Talk(wire, 2).syn(500, OLD)
    assert wire.dropped() == []
    assert wire.replayed().steps == 1
    assert 'set back 1 time' in str(study(wire.events, kernels.rule_of('4.4.178'), None, 0)['problems'][0])


def test_the_order_of_processors_is_no_clock_step(wire: Wire) -> None:
    past(wire, 10.0001, 1, NEW)
    Talk(wire, 2).syn(9.9999, OLD)
    assert wire.dropped() == [2]
    assert wire.replayed().steps == 0


@settings(max_examples=60)
@given(st.integers(0, 1 << 30))
def test_no_capture_makes_it_fail(seed: int) -> None:
    chance = random.Random(seed)
    ends = [(bytes([10, 0, 0, chance.randrange(3)]), chance.randrange(3)) for _end in range(4)]
    events: list[Event] = []
    for _event in range(200):
        (source, sport), (target, dport) = chance.choice(ends), chance.choice(ends)
        stamp = chance.choice([None, chance.randrange(WORD)])
        events.append(
            (
                chance.uniform(-1e10, 1e10) if chance.random() < 0.2 else 1e9 + chance.random() * 100,
                source,
                sport,
                target,
                dport,
                chance.choice([SYN, SYN, SYN | ACK, ACK, FIN | ACK, RST, RST | ACK, SYN | FIN, 0]),
                chance.randrange(WORD),
                chance.randrange(WORD),
                stamp,
                stamp,
                chance.choice([0, 1, 65535]),
                chance.choice([None, 0, 1, 4]),
            )
        )
    found = study(events, kernels.rule_of('4.4.178'), None, 0)
    assert found['replay']['dropped'] == len(found['replay']['drops']) <= found['replay']['syns']
    json.dumps(found)


# -- TIME_WAIT on kernels without the rule


MODERN = '6.18.44'


def met(wire: Wire) -> list[int]:
    return [syn[2] for syn in wire.replayed(MODERN).met]


@pytest.mark.parametrize(
    ('at', 'tsval', 'isn', 'turned_away'),
    [
        (1.0, OLD, 1, True),
        (59.0, OLD, 9999, True),
        (60.5, OLD, 1, False),  # TIME_WAIT is over
        (1.0, NEW + 1, 1, False),
        (1.0, NEW, 9999, False),  # the sequence number is ahead
        (1.0, NEW, 1, False),  # acknowledged, and not for its timestamp
        (1.0, None, 1, False),
    ],
)
def test_a_syn_that_meets_time_wait(wire: Wire, at: float, tsval: int | None, isn: int, turned_away: bool) -> None:
    past(wire, 0, 4000, NEW, isn=1000)
    Talk(wire, 4000, isn=isn).syn(at, tsval)
    Talk(wire, 4001, isn=isn).syn(at, tsval)  # another port meets nothing
    assert met(wire) == ([4000] if turned_away else [])
    assert wire.replayed().met == []


def test_the_reset_of_the_client_ends_time_wait_and_without_it_each_syn_renews_it(wire: Wire) -> None:
    first = past(wire, 0, 4000, NEW)
    past(wire, 0, 4001, NEW)
    for port in (4000, 4001):
        Talk(wire, port).syn(50, OLD)
    Talk(wire, 4000).client(50.001, RST, seq=first.seq + 1)
    for port in (4000, 4001):
        Talk(wire, port).syn(100, OLD + 1)
    assert met(wire) == [4000, 4001, 4001]


def test_where_the_client_closes_first_nothing_is_met(wire: Wire) -> None:
    talk = Talk(wire, 4000)
    talk.open(0, NEW)
    talk.client_closes(0, NEW)
    Talk(wire, 4000).syn(1, OLD)
    assert met(wire) == []


def test_the_summary_says_what_was_met(wire: Wire) -> None:
    past(wire, 0, 4000, NEW)
    Talk(wire, 4000).syn(1, OLD)
    found = study(wire.events, kernels.rule_of(MODERN), None, 0)
    assert found['summary'] == message('packets/met-time-wait', kernel=MODERN, syns=2, met=1)
    assert (found['replay']['met_time_wait'], found['replay']['dropped']) == (1, 0)
    assert [syn['source_port'] for syn in found['replay']['met']] == [4000]
