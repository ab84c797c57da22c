# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the variables of a diagnosis to tasks, and SYNs that meet the attempts that sent them."""

from __future__ import annotations

import ipaddress

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._diagnose import arrivals, question
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.attempts import Located
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.check import ShapeError, taken
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._diagnose.cases import attempts, goal, match, seen

INVENTORY = question.Inventory(
    {'all': ['web1', 'web2', 'web3', 'db1', 'lb1'], 'web': ['web1', 'web2', 'web3'], 'empty': []}, {'db1': '192.0.2.8'}
)
KERNEL = {'release': '6.18.44', 'version': [6, 18, 44]}


def looked(*matches):
    return {'matches': list(matches), 'kernel': KERNEL}


@pytest.mark.parametrize(
    ('asked', 'wanted'),
    [
        ('web1', [('web1', None)]),
        ('web', [('web1', None), ('web2', None), ('web3', None)]),
        ('web1, web1,web2/3f2a', [('web1', None), ('web2', '3f2a')]),
        (['web*'], [('web1', None), ('web2', None), ('web3', None)]),
        ('web1/a,web1/b', [('web1', 'a'), ('web1', 'b')]),
    ],
)
def test_sources(asked, wanted):
    assert [(source['host'], source['namespace']) for source in question.sources(asked, INVENTORY)] == wanted


@pytest.mark.parametrize('asked', ['', 'nobody', [], 'web1,nobody', 'empty'])
def test_sources_that_are_none(asked):
    with pytest.raises(question.PlanError):
        question.sources(asked, INVENTORY)


@pytest.mark.parametrize(
    ('asked', 'hosts', 'what'),
    [
        ('db1', ['db1'], 'host'),
        ('db1/3f2a', ['db1'], '3f2a'),
        ('3f2a91', INVENTORY.hosts, '3f2a91'),
        ('2001:db8::1', INVENTORY.hosts, '2001:db8::1'),
    ],
)
def test_where_the_destination_is_looked_for(asked, hosts, what):
    assert question.question(asked, INVENTORY) == {'hosts': hosts, 'what': what}


@pytest.mark.parametrize('asked', ['', 'nobody/3f2a'])
def test_destinations_that_make_no_sense(asked):
    with pytest.raises(question.PlanError):
        question.question(asked, INVENTORY)


def test_the_address_is_the_one_that_was_asked_for_or_ansibles():
    here = {**match(), 'addresses': ['192.0.2.7', '192.0.2.8', '192.0.2.9']}
    assert question.destination('192.0.2.9', {'db1': looked(here)}, INVENTORY)['address'] == '192.0.2.9'
    assert question.destination('host', {'db1': looked(here)}, INVENTORY)['address'] == '192.0.2.8'
    assert question.destination('host', {'web1': looked(here)}, INVENTORY)['address'] == '192.0.2.7'


@pytest.mark.parametrize(
    ('results', 'said'),
    [
        ({'db1': looked(), 'web1': {'unreachable': True, 'msg': 'no route'}}, r'web1 \(no route\)'),
        ({'db1': looked(match()), 'web1': looked(match())}, 'may mean db1/.*web1/'),
        ({'db1': looked({**match(), 'addresses': []})}, 'no address'),
    ],
)
def test_a_destination_that_is_not_one(results, said):
    with pytest.raises(question.PlanError, match=said):
        question.destination('3f2a', results, INVENTORY)


def test_a_host_for_comparison():
    found = [{'host': 'web1', 'namespace': None}]
    assert question.neutral('', found, goal(), INVENTORY)['host'] == 'web2'
    assert question.neutral('lb1', found, goal(), INVENTORY)['host'] == 'lb1'
    assert question.neutral('none', found, goal(), INVENTORY) is None
    small = question.Inventory({'all': ['web1', 'db1']}, {})
    assert question.neutral('', found, goal(), small)['host'] == 'db1'  # the destination is a container on it


def test_the_watch_lasts_as_long_as_the_probes_take_turns():
    ten = [{'host': 'web%d' % number, 'namespace': None} for number in range(10)]
    wide = question.work(ten, None, goal(), 80, 5, 50)
    narrow = question.work(ten, None, goal(), 80, 5, 3)
    assert wide['tasks'][0]['role'] == 'watch'
    assert len(wide['tasks']) == 11
    assert narrow['watch_s'] > 4 * wide['watch_s']
    assert len({task['name'] for task in wide['tasks']}) == 11


def test_attempts_wait_for_the_watch_on_a_slow_node():
    some = [{'host': 'web1', 'namespace': None}]
    quick, slow = (question.work(some, None, {**goal(), 'answered_s': took}, 80, 5, 5) for took in (0.4, 8.0))
    assert (quick['probe']['delay'], slow['probe']['delay']) == (3.0, 17.0)
    assert slow['watch_s'] > quick['watch_s'] + 13


def test_no_watch_where_there_is_no_room_for_it():
    some = [{'host': 'web1', 'namespace': None}] * 50
    for forks in (1, 2):
        made = question.work(some, None, goal(), 80, 50, forks)
        assert not made['watched']
        assert 'fork' in str(made['reason'])
        assert all(task['role'] == 'source' for task in made['tasks'])


SYN, RST, SYN_ACK, RST_ACK = 0x02, 0x04, 0x12, 0x14
SERVER, NAT = ('192.0.2.7', 80), '203.0.113.1'
FIRST = {
    'source': NAT, 'source_port': 1024, 'tsval': 500, 'ports': 1, 'syns': 1, 'answered': False, 'resets': 0,
    'again_s': None,
}  # fmt: skip


def event(source, sport, destination, dport, flags, seq, ack=0, tsval=None, way=0, at=1.0):
    ends = (ipaddress.ip_address(source).packed, sport, ipaddress.ip_address(destination).packed, dport)
    return (at, *ends, flags, seq, ack, tsval, 0, 0, way)


def test_connections_out_of_segments():
    segments = [
        event('203.0.113.1', 1024, '192.0.2.7', 80, SYN, 7, tsval=500),
        event('203.0.113.1', 1024, '192.0.2.7', 80, SYN, 7, tsval=1500, at=2.0),
        event('192.0.2.7', 80, '203.0.113.1', 1024, SYN_ACK, 9, ack=8, way=4),
        event('2001:db8::9', 1025, '2001:db8::7', 80, SYN, 7),
        event('192.0.2.7', 5000, '192.0.2.99', 80, SYN, 7, way=4),  # its own, to somebody else
        event('203.0.113.1', 1026, '192.0.2.7', 81, SYN, 7),
    ]
    assert arrivals.connections(segments, 80) == [
        {**FIRST, 'syns': 2, 'answered': True, 'again_s': 1.0},
        {**FIRST, 'source': '2001:db8::9', 'source_port': 1025, 'tsval': None},
    ]


def test_a_syn_that_met_time_wait_comes_again_from_another_port_after_a_reset():
    segments = [
        event(NAT, 1024, *SERVER, SYN, 7, tsval=500),
        event(NAT, 1024, *SERVER, RST, 4711, at=1.001),
        event(NAT, 1030, *SERVER, SYN, 7, tsval=511, at=1.0112),
        event(*SERVER, NAT, 1030, SYN_ACK, 9, ack=8, way=4, at=1.0113),
        event(NAT, 1030, *SERVER, RST, 8, at=1.2),  # it gave up what it had: no answer to an old ACK
    ]
    again = {'ports': 2, 'syns': 2, 'answered': True, 'resets': 1, 'again_s': 0.0112}
    assert arrivals.connections(segments, 80) == [{**FIRST, **again}]


def test_a_segment_that_was_seen_on_the_card_and_on_its_bridge_counts_once():
    segments = [event(NAT, 1024, *SERVER, SYN, 7, tsval=500, at=1.0 + later) for later in (0.0, 0.0001)]
    segments += [event(NAT, 1024, *SERVER, RST, 4711, at=1.001 + later) for later in (0.0, 0.0001)]
    assert arrivals.connections(segments, 80) == [{**FIRST, 'resets': 1}]


def test_a_refusal_and_a_reset_of_somebody_else_answer_no_old_ack():
    segments = [
        event(NAT, 1024, *SERVER, SYN, 7, tsval=500),
        event(NAT, 1025, *SERVER, RST, 4711),
        event(*SERVER, NAT, 1024, RST_ACK, 0, ack=8, way=4),
    ]
    assert arrivals.connections(segments, 80) == [FIRST]


def test_attempts_are_found_again_behind_a_nat_by_their_clock():
    made = attempts()
    assert arrivals.arrived(made, seen(made)) == seen(made)
    late = [{**entry, 'tsval': entry['tsval'] + 3000} for entry in seen(made)]  # the first SYN was lost
    assert arrivals.arrived(made, late) == late


def test_a_clock_that_wraps():
    made = [{**attempts(number=1)[0], 'tsval': 0xFFFFFFFF}]
    entry = {**seen(made)[0], 'tsval': 3}
    assert arrivals.arrived(made, [entry]) == [entry]


def test_of_one_clock_the_nearest_attempt():
    made = [{**attempt, 'tsval': 1000 + 200 * index} for index, attempt in enumerate(attempts())]
    entry = {**seen(made)[0], 'tsval': 1399}
    assert arrivals.arrived(made, [entry]) == [None, None, entry, None, None]


def test_attempts_within_a_tick_have_a_connection_each():
    made = [{**attempt, 'tsval': 1000 + index // 2} for index, attempt in enumerate(attempts())]
    there = [{**entry, 'tsval': 1000 + index // 3} for index, entry in enumerate(seen(made))]
    met = arrivals.arrived(made, there)
    assert sorted(entry['source_port'] for entry in met) == [entry['source_port'] for entry in there]


def test_a_syn_sent_again_belongs_to_the_attempt_whose_first_one_was_missed():
    """The watch began after the first attempt; its SYN is sent again after a second, when the last ones are made."""
    made = [{**attempt, 'tsval': 1000 + 200 * index} for index, attempt in enumerate(attempts())]
    again = {**seen(made)[0], 'tsval': 2001}
    others = [{**entry, 'tsval': attempt['tsval']} for entry, attempt in zip(seen(made), made, strict=True)][1:]
    assert arrivals.arrived(made, [*others, again]) == [again, *others]


def test_a_connection_belongs_to_one_attempt():
    made = [{**attempt, 'tsval': 1000 + index} for index, attempt in enumerate(attempts())]
    assert arrivals.arrived(made, [{**seen(made)[0], 'tsval': 900_000}]) == [None] * 5  # of another clock
    assert sum(entry is not None for entry in arrivals.arrived(made, [{**seen(made)[0], 'tsval': 1002}])) == 1


def test_without_timestamps_address_and_port_have_to_do():
    made = [{**attempts(number=1)[0], 'tsval': None}]
    direct = {'source': '198.51.100.7', 'source_port': 47000, 'tsval': None, 'syns': 1, 'answered': False}
    assert arrivals.arrived(made, [direct]) == [direct]
    assert arrivals.arrived(made, [{**direct, 'source_port': 5}]) == [None]


def test_a_node_that_lies_about_places_is_refused():
    fine = {'matches': [match()], 'hostname': 'db1', 'kernel': KERNEL, 'tracking': {'drop': 5}, 'unavailable': {}}
    assert taken({**fine, 'tracking': None}, Located, 'answer')['tracking'] is None
    assert taken(fine, Located, 'answer')['matches'][0]['key'] == match()['key']
    for wrong in (
        {**fine, 'matches': [match()] * 17},
        {**fine, 'matches': [{**match(), 'kind': 'planet'}]},
        {**fine, 'matches': [{**match(), 'addresses': ['x' * 600]}]},
        {**fine, 'matches': [{**match(), 'pid': '1; rm'}]},
        {**fine, 'kernel': {'version': '6'}},
        {**fine, 'hostname': 5},
        {**fine, 'tracking': {'drop': -1}},
        {**fine, 'tracking': {'drop': 'many'}},
        None,
    ):
        with pytest.raises(ShapeError):
            taken(wrong, Located, 'answer')
