# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What some seconds of SYNs at a server say of the addresses that they came from."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterable, Sequence

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets import clocks, collided
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.segment import ACK, INWARD, OUTWARD, SYN, Event

SERVER, SNAT = (socket.inet_aton(text) for text in ('10.9.2.2', '10.9.2.1'))
WORD = 1 << 32


def syn(at: float, port: int, seq: int, tsval: int) -> Event:
    return (at, SNAT, port, SERVER, 80, SYN, seq, 0, tsval, 0, 0, INWARD)


def answer(request: Event) -> Event:
    at, source, port, server, own, _flags, seq, _ack, tsval, *_rest = request
    return (at + 0.0001, server, own, source, port, SYN | ACK, 7, (seq + 1) % WORD, 7, tsval, 0, OUTWARD)


def connections(ports: Iterable[int], chance: random.Random, refused: float = 0.0) -> list[Event]:
    """One in 20 ms, each with a timestamp of its own; what is refused comes again after 10 ms, from another port."""
    found = []
    for number, port in enumerate(ports):
        at, seq, tsval = number * 0.02, chance.randrange(WORD), chance.randrange(WORD)
        first = syn(at, port, seq, tsval)
        if chance.random() < refused:
            found.append(first)
            first = syn(at + 0.011, chance.randrange(40000, 42000), seq, (tsval + 11) % WORD)
        found += [first, answer(first)]
    return found


def at_random(number: int, chance: random.Random) -> list[int]:
    return [chance.randrange(40000, 42000) for _each in range(number)]


@pytest.mark.parametrize('seed', range(5))
def test_a_syn_that_is_sent_again_from_another_port_is_no_second_clock(seed: int) -> None:
    chance = random.Random(seed)
    events = connections(at_random(150, chance), chance, refused=0.4)
    found = collided.suspect(events)
    assert found is not None
    assert found['cause'] == 'offset_per_connection'
    (asking,) = collided.asking(events)
    assert (asking.made, asking.clock, asking.hosts) == (150, clocks.PER_CONNECTION, 1)
    assert 190 < asking.syns < 230


def test_a_busy_client_that_comes_back_to_its_offsets_has_no_clock() -> None:
    """Each of its local ports has one offset; the NAT gives other ports each time."""
    chance, found = random.Random(3), []
    offsets = [chance.randrange(WORD) for _port in range(1500)]
    for number in range(6000):
        at = number / 1300
        tsval = (offsets[number % 1500] + int(at * 1000)) % WORD
        found.append(syn(at, chance.randrange(1024, 65536), chance.randrange(WORD), tsval))
    said = collided.suspect(found)
    assert said is not None
    assert (said['cause'], said['connections']) == ('offset_per_connection', 6000)


def test_ports_without_order_look_like_snat_and_rising_ones_do_not() -> None:
    chance = random.Random(1)
    orders: list[tuple[bool | None, Sequence[int]]] = [
        (True, at_random(60, chance)),
        (True, at_random(8, chance)),
        (False, range(40000, 40120, 2)),
        (False, range(40000, 40016, 2)),
        (False, [*range(60992, 61000, 2), *range(32768, 32776, 2)]),  # the range of ports began again
        (None, range(40000, 40014, 2)),
    ]
    for snat, ports in orders:
        (asking,) = collided.asking(connections(ports, chance))
        assert asking.behind_snat is snat


def test_what_the_node_asks_of_others_is_not_counted() -> None:
    outward = (1.0, SERVER, 40000, SNAT, 80, SYN, 5, 0, 9, 0, 0, OUTWARD)
    assert collided.asking([outward]) == []
    assert collided.suspect([outward]) is None
