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
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.segment import OUTWARD
from ansible_collections.nodetcp.paws.plugins.plugin_utils._transport import collided_look
from ansible_collections.nodetcp.paws.plugins.plugin_utils._transport.node_action import VerbError
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._judge.records import container
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._judge.situations import NEW, colliding

SYN, SERVER, SNAT, OTHER = 2, 0x0A090202, 0x0A090201, 0x0A090205


class Node:
    """Stands in for an action: answers syn_look, and keeps what was asked."""

    def __init__(self, answer: Any = None) -> None:
        self.answer, self.asked = answer, []  # type: ignore[var-annotated]

    def ask_node(self, operation: str, arguments: dict[str, Any], _task_vars: dict[str, Any]) -> dict[str, Any]:
        self.asked.append((operation, arguments['namespace']))
        if self.answer is None:
            raise VerbError(message('verb/no-counts'))
        found: dict[str, Any] = self.answer
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
    return {'events': [base64.b64encode(zlib.compress(packed)).decode()], 'addresses': []}


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
    assert node.asked == [('syn_look', None)]
    checks.check(record)


def test_the_namespace_in_which_most_collided_is_looked_at() -> None:
    record, earlier = observed(count=3)
    inside = container(NEW, counts={'PAWSTimewait': 50})
    record['namespaces'].append(inside)
    group = {'members': [inside['key']], 'counters': {'TcpExt': {'PAWSTimewait': 0}, 'Tcp': {}}, 'conntrack': None}
    earlier['groups'].append(group)
    node = Node(syns())
    collided_look.add(node, record, earlier, {})  # type: ignore[arg-type]
    assert node.asked == [('syn_look', inside['id'])]
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
