# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The short look at SYNs: where it is worth one, and what becomes of the record where it fails or shows nothing."""

from __future__ import annotations

import base64
import random
import zlib
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.module_utils._node.operations.syn_look import EVENT, HAS_TIMESTAMPS
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import record as checks
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import message
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.segment import ACK, OUTWARD
from ansible_collections.nodetcp.paws.plugins.plugin_utils._transport import collided_look
from ansible_collections.nodetcp.paws.plugins.plugin_utils._transport.node_action import VerbError
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._judge.records import container
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._judge.situations import NEW, colliding

SYN, SERVER, SNAT, OTHER = 2, 0x0A090202, 0x0A090201, 0x0A090205


class Node:
    """Stands in for an action: answers syn_look and time_wait_clients, and keeps what was asked."""

    def __init__(self, answer: Any = None, clients: Any = None) -> None:
        self.answers = {'syn_look': answer, 'time_wait_clients': clients}
        self.asked: list[tuple[str, str | None]] = []
        self.durations: list[float] = []

    def ask_node(self, operation: str, arguments: dict[str, Any], _task_vars: dict[str, Any]) -> dict[str, Any]:
        self.asked.append((operation, arguments['namespace']))
        if operation == 'syn_look':
            self.durations.append(arguments['duration'])
        if self.answers[operation] is None:
            raise VerbError(message('verb/no-counts'))
        found: dict[str, Any] = self.answers[operation]
        return found


def syns(number: int = 60) -> dict[str, Any]:
    """Through the SNAT an offset for each connection; busier ones: a client with one clock, and the server itself."""
    chance = random.Random(5)
    rows = []
    for each in range(number):
        at = each * 50000
        rows.append((chance.getrandbits(32), chance.getrandbits(32), at, SNAT, 40000 + each))
        rows += [(chance.getrandbits(32), 9000 + (at + more) // 1000, at + more, OTHER, 50000 + each * 9 + more)
                 for more in (1, 2)]  # fmt: skip
    packed = b''.join(
        EVENT.pack(seq, tsval, at, SERVER, 80, SYN, HAS_TIMESTAMPS, 0, 0, 0, source, port)
        for seq, tsval, at, source, port in rows
    )
    packed += b''.join(
        EVENT.pack(
            each, chance.getrandbits(32), each * 9000, OTHER, 80, SYN, HAS_TIMESTAMPS | OUTWARD, 0, 0, 0, SERVER, each
        )
        for each in range(1, 300)
    )
    return {'events': [base64.b64encode(zlib.compress(packed)).decode()], 'addresses': [], 'seconds': 3.0}


def clients(**changed: Any) -> dict[str, Any]:
    """The SNAT has 200 ports, and half of them are in TIME_WAIT; a client that did not ask has one socket."""
    ports = {'low': 40000, 'high': 40199, 'count': 100, 'even': 50}
    snat = {'address': '10.9.2.1', 'server': '10.9.2.2', 'port': 80, 'time_wait': 100, 'ports': ports}
    snat = {**snat, 'ages': [9, 9, 9, 9, 8, 8, 8, 8, 8, 8, 8, 8], **changed}
    other = {**snat, 'address': '10.9.2.77', 'time_wait': 1, 'ports': {'low': 7, 'high': 7, 'count': 1, 'even': 0}}
    return {'clients': [snat, other], 'sockets': 101, 'left_out': 0}


def answered(looked: dict[str, Any]) -> dict[str, Any]:
    """The same with a SYN-ACK for each SYN of the SNAT."""
    raw = zlib.decompress(base64.b64decode(looked['events'][0]))
    answers = b''
    for seq, tsval, at, dst, dport, flags, marks, length, _ack, _tsecr, src, sport in EVENT.iter_unpack(raw):
        if src == SNAT:
            back = (1, 1, at + 10, src, sport, flags | ACK, marks | OUTWARD, length, (seq + 1) & 0xFFFFFFFF, tsval)
            answers += EVENT.pack(*back, dst, dport)
    return {**looked, 'events': [base64.b64encode(zlib.compress(raw + answers)).decode()]}


def observed(count: int = 30, euid: int = 0) -> tuple[dict[str, Any], dict[str, Any]]:
    case = colliding(NEW, count, 70)
    case['of']['source']['euid'] = euid
    return case['of'], case['earlier']


def test_the_address_whose_syns_can_be_older_than_its_own_is_named() -> None:
    record, earlier = observed()
    node = Node(syns())
    collided_look.add(node, record, earlier, {})  # type: ignore[arg-type]
    found = record['namespaces'][0]['collided']
    assert (found['address'], found['cause'], found['connections']) == ('10.9.2.1', 'offset_per_connection', 60)
    assert found['ports'] == [40000, 40059]
    assert node.asked == [('syn_look', None), ('time_wait_clients', None)]
    checks.check(record)


def test_each_client_is_described_and_the_server_has_a_forecast() -> None:
    record, earlier = observed()
    looked = syns()
    collided_look.add(Node(answered(looked), clients()), record, earlier, {})  # type: ignore[arg-type]
    found = record['namespaces'][0]['collided']
    snat, silent = found['clients']
    assert (snat['address'], snat['port'], snat['time_wait'], snat['ports']) == ('10.9.2.1', 80, 100, [40000, 40199])
    assert (snat['ports_in_use'], snat['ports_estimate'], snat['density']) == (100, 203, 0.5)
    assert (snat['timestamps'], snat['connections_per_s']) == ('offset_per_connection', 20.0)
    assert (silent['connections_per_s'], silent['share']) == (None, None)
    # Of 20 SYNs a second a half meets TIME_WAIT, and a quarter is turned away, which then come again.
    assert found['forecast']['address']['collisions_per_s'] == pytest.approx(20 * 0.25 / 0.75, rel=0.05)
    assert found['forecast']['share'] == pytest.approx(0.25, rel=0.05)
    checks.check(record)


@pytest.mark.parametrize(
    'answer',
    [{'clients': 7}, {'clients': [{'address': 'x' * 100}]}, clients(ages=[1]), clients(time_wait=-1), {}, None],
    ids=['number', 'half', 'few ages', 'negative', 'empty', 'refused'],
)
def test_clients_that_no_node_program_sends_leave_the_rest(answer: Any) -> None:
    record, earlier = observed()
    collided_look.add(Node(syns(), answer), record, earlier, {})  # type: ignore[arg-type]
    found = record['namespaces'][0]['collided']
    assert (found['cause'], found['clients'], found['forecast']) == ('offset_per_connection', [], None)


def test_the_namespace_in_which_most_collided_is_looked_at() -> None:
    record, earlier = observed(count=3)
    inside = container(NEW, counts={'PAWSTimewait': 50})
    record['namespaces'].append(inside)
    group = {'members': [inside['key']], 'counters': {'TcpExt': {'PAWSTimewait': 0}, 'Tcp': {}}, 'conntrack': None}
    earlier['groups'].append(group)
    node = Node(syns())
    collided_look.add(node, record, earlier, {})  # type: ignore[arg-type]
    assert node.asked == [('syn_look', inside['id']), ('time_wait_clients', inside['id'])]
    assert 'collided' not in record['namespaces'][0]


@pytest.mark.parametrize('answer', [None, {'events': ['?'], 'addresses': []}, {}, {'events': [], 'addresses': 7}])
def test_a_look_that_fails_leaves_the_cause_open(answer: Any) -> None:
    record, earlier = observed()
    collided_look.add(Node(answer), record, earlier, {})  # type: ignore[arg-type]
    assert record['namespaces'][0].get('collided') is None


@pytest.mark.parametrize(('count', 'euid'), [(2, 0), (30, 1000)])
def test_no_look_where_hardly_any_collided_or_without_root(count: int, euid: int) -> None:
    record, earlier = observed(count, euid)
    node = Node(syns())
    collided_look.add(node, record, earlier, {})  # type: ignore[arg-type]
    assert node.asked == []
    collided_look.add(node, record, None, {})  # type: ignore[arg-type]
    assert node.asked == []


@pytest.mark.parametrize('number', [0, 1])
def test_where_few_connections_tell_no_cause_it_looks_once_more_and_longer(number: int) -> None:
    record, earlier = observed()
    node = Node(syns(number))
    collided_look.add(node, record, earlier, {})  # type: ignore[arg-type]
    assert [asked for asked in node.asked if asked[0] == 'syn_look'] == [('syn_look', None)] * 2
    assert node.durations == [collided_look.SECONDS, collided_look.LONGER]


def test_where_dozens_of_connections_tell_no_cause_it_looks_longer_too() -> None:
    """Timestamps of forty connections, all in one half of the circle, are on no line and need not be random."""
    chance = random.Random(5)
    packed = b''.join(
        EVENT.pack(
            each, chance.getrandbits(30), each * 50000, SERVER, 80, SYN, HAS_TIMESTAMPS, 0, 0, 0, SNAT, 40000 + each
        )
        for each in range(40)
    )
    record, earlier = observed()
    node = Node({**syns(), 'events': [base64.b64encode(zlib.compress(packed)).decode()]})
    collided_look.add(node, record, earlier, {})  # type: ignore[arg-type]
    assert node.durations == [collided_look.SECONDS, collided_look.LONGER]
