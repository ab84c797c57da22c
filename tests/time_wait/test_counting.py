# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real TIME_WAIT sockets by the hundred thousand: counts against /proc/net/tcp, memory, and who closed first."""

from __future__ import annotations

import os
import signal
import socket
import struct
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.module_utils._node.operations import time_wait as operation
from ansible_collections.nodetcp.paws.plugins.module_utils._node.readers import enter, sock_dump
from ansible_collections.nodetcp.paws.plugins.plugin_utils._forecast import time_wait
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import record

from . import filling, looking
from . import namespace as namespaces
from .filling import Flow

CLIENT, SERVER = '10.9.1.1', '10.9.0.1'
NOBODY = 65534
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


def filled(room: namespaces.Loopback, flows: Sequence[Flow], limit_s: float = STANDING_S) -> int:
    """How many TIME_WAIT sockets there are: as many as the flows have, or as can be made before the first ends."""
    made, wanted = filling.fill(room, flows, limit_s), sum(flow.count for flow in flows)
    if made < wanted:
        warnings.warn('%d TIME_WAIT sockets made in time, not %d' % (made, wanted), stacklevel=2)
    return made


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
    made = filled(room, flows)
    answer = looking.look(room)
    table = by_table(room.call(filling.ends_in_proc))
    found = answer['record']['namespaces'][0]['time_wait']
    assert found['outgoing']['top'] == table[:10]
    assert found['sockets'] == made
    assert found['outgoing']['exact'] is True
    assert 0 < answer['cost']['rss_kib'] <= 16 * 1024
    totals = looking.shaped(answer)['totals']
    assert totals['memory_bytes'] >= 256 * found['sockets']
    assert totals['memory_from'] == 'slab'


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


def test_ipv4_through_ipv6_sockets_is_ipv4(room: namespaces.Loopback) -> None:
    mapped = Flow('::ffff:' + CLIENT, '::ffff:' + SERVER, 501, 20)
    filled(room, [Flow(CLIENT, SERVER, 500, 30), mapped, Flow('::1', '::1', 502, 10)])
    found = looking.look(room)['record']['namespaces'][0]['time_wait']
    assert found['outgoing']['top'] == [[CLIENT, SERVER, 500, 30], [CLIENT, SERVER, 501, 20], ['::1', '::1', 502, 10]]


def test_what_buckets_refuse_is_counted() -> None:
    with namespaces.Loopback([CLIENT, SERVER], {**filling.ROOM, 'tcp_max_tw_buckets': 500}) as room:
        filled(room, [Flow(CLIENT, SERVER, 500, 2000)])
        buckets = looking.shaped(looking.look(room))['namespaces'][0]['buckets']
    assert buckets['overflowed'] == 1500
    assert buckets['share'] == 1.0


@pytest.mark.parametrize('when', ['before it is entered', 'while it is counted'])
def test_a_namespace_that_vanishes(when: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is gone is reported; whoever is in one keeps it, whatever becomes of its processes."""
    visits: list[int] = []
    visit = enter.visit

    def late(ns_paths: Sequence[tuple[str, int]], ask: Callable[[int], Any]) -> Any:
        visits.append(len(ns_paths))
        if len(visits) < 2:  # of sysctls, by which the namespaces are told apart
            return visit(ns_paths, ask)
        if when == 'before it is entered':
            going.__exit__()
            return visit(ns_paths, ask)

        def after_the_end(index: int) -> Any:
            if ns_paths[index][0] == '/proc/%d/ns/net' % going.pid:
                os.kill(going.pid, signal.SIGKILL)
            return ask(index)

        return visit(ns_paths, after_the_end)

    with namespaces.Loopback([CLIENT, SERVER], filling.ROOM) as staying:
        going = namespaces.Loopback([CLIENT, SERVER], filling.ROOM).__enter__()
        filled(staying, [Flow(CLIENT, SERVER, 500, 20)])
        filled(going, [Flow(CLIENT, SERVER, 500, 30)])
        links = [os.readlink('/proc/%d/ns/net' % inside.pid) for inside in (staying, going)]
        monkeypatch.setattr(enter, 'visit', late)
        found = operation.run({'namespaces': 'all'})
        if when == 'while it is counted':
            os.waitpid(going.pid, 0)
    record.check(found['record'])
    by_link = {entry['id']: entry for entry in found['record']['namespaces']}
    counts = [(by_link[link]['time_wait'] or {}).get('sockets') for link in links]
    assert len(visits) == 2
    assert counts == ([20, 30] if when == 'while it is counted' else [20, None])
    if when == 'before it is entered':
        why = found['record']['unavailable']['TIME_WAIT sockets of %s' % by_link[links[1]]['key']]
        assert why == '/proc/%d/ns/net: no such file or directory' % going.pid
        found['record']['namespaces'] = [by_link[link] for link in links]  # others of this machine end when they like
        assert time_wait.shaped(found, None, 'client')['totals']['not_counted'] == 1


def test_without_permission_to_enter_the_tables_are_read(room: namespaces.Loopback) -> None:
    filled(room, [Flow(CLIENT, SERVER, 500, 30)])
    answer = looking.look(prefix=['setpriv', '--bounding-set', '-sys_admin'], namespaces='all')
    link = os.readlink('/proc/%d/ns/net' % room.pid)
    (found,) = [entry['time_wait'] for entry in answer['record']['namespaces'] if entry['id'] == link]
    assert (found['source'], found['sockets']) == ('proc', 30)
    assert looking.shaped(answer)['forecast']['verdict'] == 'unknown'  # nor can the range of local ports be read


def test_a_user_without_rights_sees_his_own_namespace_and_says_what_he_does_not_see(room: namespaces.Loopback) -> None:
    filled(room, [Flow(CLIENT, SERVER, 500, 30)])
    answer = looking.look(room, prefix=['setpriv', '--reuid', str(NOBODY), '--clear-groups'], namespaces='all')
    (own,) = answer['record']['namespaces']
    assert (own['time_wait']['source'], own['time_wait']['sockets']) == ('netlink', 30)
    assert any('permi' in reason for reason in answer['record']['unavailable'].values())


def test_the_kernel_tells_root_no_more_than_anyone(room: namespaces.Loopback) -> None:
    """To whoever administers the network it tells the mark of each socket, which takes long and is of no use here."""

    def told(user: int) -> tuple[int, int]:
        os.setresuid(user, user, user)
        with sock_dump.opened() as link:
            (size,) = struct.unpack_from('=I', next(link.datagrams(sock_dump.TCPDIAG_GETSOCK, sock_dump.TIME_WAIT)))
        return size, os.geteuid()

    filled(room, [Flow(CLIENT, SERVER, 500, 1)])
    nobodys, user = room.call(told, NOBODY)
    assert user == NOBODY
    assert room.call(told, 0) == [nobodys, 0]


def test_a_root_that_can_be_nobody_else_counts_too(room: namespaces.Loopback) -> None:
    filled(room, [Flow(CLIENT, SERVER, 500, 30)])
    for without in (['unshare', '--user', '--map-root-user'], ['setpriv', '--bounding-set', '-setuid']):
        found = looking.look(room, prefix=without)['record']['namespaces'][0]['time_wait']
        assert (found['source'], found['sockets']) == ('netlink', 30)


def test_no_sockets_at_all(room: namespaces.Loopback) -> None:
    found = looking.shaped(looking.look(room))
    assert found['totals']['sockets'] == 0
    assert found['forecast']['verdict'] == 'safe'


@pytest.mark.long
def test_a_million_takes_little_cpu(room: namespaces.Loopback) -> None:
    flows = [Flow(CLIENT, SERVER, 500 + number, 50_000) for number in range(20)]
    made = filled(room, flows, limit_s=58)
    answer = looking.look(room)
    own = answer['record']['namespaces'][0]
    found = own['time_wait']
    assert found['sockets'] == own['sockets']['tw'] > 0.9999 * made  # the kernel's own count, read in the same look
    assert sum(row[3] for row in found['outgoing']['top']) >= 0.4 * made
    assert answer['cost']['cpu_s'] <= 0.6
    assert 0 < answer['cost']['rss_kib'] <= 16 * 1024
