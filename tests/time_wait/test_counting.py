# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real TIME_WAIT sockets by the hundred thousand: counts against /proc/net/tcp, memory, and who closed first."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from . import filling, looking
from . import namespace as namespaces
from .filling import Flow

CLIENT, SERVER = '10.9.1.1', '10.9.0.1'
# Until this second after the first connection none has left TIME_WAIT, with room for two looks.
STANDING_S = 45


@pytest.fixture(autouse=True)
def possible() -> None:
    reason = namespaces.missing()
    if reason:
        pytest.skip(reason)


@pytest.fixture
def room() -> Iterator[namespaces.Loopback]:
    with namespaces.Loopback([CLIENT, SERVER], filling.ROOM) as inside:
        yield inside


def filled(room: namespaces.Loopback, flows: Sequence[Flow], limit_s: float = STANDING_S) -> None:
    started = time.monotonic()
    filling.fill(room, flows)
    if time.monotonic() - started > limit_s:
        pytest.skip('too busy to make %d TIME_WAIT sockets before the first ends' % sum(flow.count for flow in flows))


def by_table(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Rows of filling.ends_in_proc() in the form and the order of the operation."""
    found = []
    for local, remote, count in rows:
        address, _colon, port = remote.partition(':')
        ends = [socket.inet_ntoa(struct.pack('=I', int(text, 16))) for text in (local, address)]
        found.append([*ends, int(port, 16), count])
    return sorted(found, key=lambda row: (-row[3], row[:3]))


def test_200_000_by_destination_are_exact_and_take_little_memory(room: namespaces.Loopback) -> None:
    flows = [Flow(CLIENT, SERVER, 500 + number, 19_000 - 400 * number) for number in range(12)]
    filled(room, flows)
    answer = looking.look(room)
    table = by_table(room.call(filling.ends_in_proc))
    found = answer['record']['namespaces'][0]['time_wait']
    assert found['outgoing']['top'] == table[:10]
    assert found['sockets'] == sum(flow.count for flow in flows) > 200_000
    assert found['outgoing']['exact'] is True
    assert 0 < answer['cost']['rss_kib'] <= 16 * 1024
    totals = looking.shaped(answer)['totals']
    assert totals['memory_bytes'] >= 256 * found['sockets']
    assert totals['memory_from'] == 'slabinfo'


def test_who_closed_first_is_told_apart(room: namespaces.Loopback) -> None:
    came_in = Flow(CLIENT, SERVER, 500, 3000, server_first=True)
    went_out = Flow(CLIENT, SERVER, 501, 2000)
    filled(room, [came_in, went_out])
    found = looking.shaped(looking.look(room))['namespaces'][0]
    assert (found['incoming']['sockets'], found['outgoing']['sockets']) == (3000, 2000)
    assert found['incoming']['top'] == [{'port': 500, 'sockets': 3000, 'listens': False}]
    assert found['incoming']['clients'] == [{'address': CLIENT, 'sockets': 3000}]
    assert found['rate']['from'] == 'population'
    assert found['rate']['outgoing_per_s'] == pytest.approx(2000 / 60, abs=0.01)


def test_what_buckets_refuse_is_counted() -> None:
    with namespaces.Loopback([CLIENT, SERVER], {**filling.ROOM, 'tcp_max_tw_buckets': 500}) as room:
        filled(room, [Flow(CLIENT, SERVER, 500, 2000)])
        buckets = looking.shaped(looking.look(room))['namespaces'][0]['buckets']
    assert buckets['overflowed'] == 1500
    assert buckets['share'] == 1.0


def test_no_sockets_at_all(room: namespaces.Loopback) -> None:
    found = looking.shaped(looking.look(room))
    assert found['totals']['sockets'] == 0
    assert found['forecast']['verdict'] == 'safe'


@pytest.mark.long
def test_a_million_takes_little_cpu(room: namespaces.Loopback) -> None:
    flows = [Flow(CLIENT, SERVER, 500 + number, 50_000) for number in range(20)]
    filled(room, flows, limit_s=58)
    answer = looking.look(room)
    own = answer['record']['namespaces'][0]
    found = own['time_wait']
    assert found['sockets'] == own['sockets']['tw'] > 999_900  # the kernel's own count, read in the same look
    assert [row[3] for row in found['outgoing']['top']] == pytest.approx([50_000] * 10, abs=100)
    assert answer['cost']['cpu_s'] <= 0.6
    assert 0 < answer['cost']['rss_kib'] <= 16 * 1024
