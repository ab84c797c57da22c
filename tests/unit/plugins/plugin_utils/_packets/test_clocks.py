# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many clocks are behind an address: never more than there are, and all of them where they can be told apart."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets import clocks
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.clocks import Clocks
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.lines import Stamp
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._packets import clients
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._packets.clients import (
    COMMON,
    NOON,
    WAYS,
    WORD,
    Client,
    steady,
)

OTHER = 512617286  # ticks between the clocks of two clients, as once measured
NO_CLOCK = 'no clock: offset per connection'


def seen(those: list[Client], seed: int = 1, jitter: float = 0.0, way: str = 'even') -> Clocks:
    return clocks.clocks(clients.stamps(those, random.Random(seed), jitter, way))


def strangers(number: int, seconds: float, seed: int = 2) -> list[Stamp]:
    """Connections of a client that draws an offset for each."""
    return clients.stamps([steady(0, 0, number, seconds)], random.Random(seed))


def too_many(seeds: Iterable[int]) -> list[tuple[int, int, int]]:
    """(seed, clients, what was said) of those of whom more were said to be there."""
    found = []
    for seed in seeds:
        number, captured = clients.anybody(random.Random(seed))
        said = clocks.clocks(captured).at_least
        if not 1 <= said <= number:
            found.append((seed, number, said))
    return found


def told(seeds: Iterable[int]) -> tuple[int, int]:
    """(how often all were counted, of how many times): clients well apart, of ten SYNs or more over the whole time."""
    right, every = 0, 0
    for seed in seeds:
        chance = random.Random(seed)
        seconds, number = chance.uniform(5, 600), chance.randint(1, 12)
        those = [
            steady(
                *(chance.choice(COMMON), chance.randrange(WORD), chance.randint(10, 60)),
                *(seconds, chance.uniform(-1e-4, 1e-4)),
            )
            for _client in range(number)
        ]
        captured = clients.stamps(those, chance, chance.uniform(0, 0.15), chance.choice(list(WAYS)))
        found = clocks.clocks(captured)
        right += (found.at_least, list(found.rates)) == (number, sorted(client.rate for client in those))
        every += 1
    return right, every


def test_never_more_than_there_are() -> None:
    assert too_many(range(150)) == []


@pytest.mark.long
def test_never_more_than_there_are_in_any_of_2000_cases() -> None:
    assert too_many(range(10_000, 12_000)) == []


def test_all_are_counted_with_their_rates_where_they_are_apart() -> None:
    right, every = told(range(150))
    print('all clients counted, with the rate of each: %d of %d' % (right, every))
    assert right >= 0.99 * every


@pytest.mark.long
def test_all_are_counted_in_99_of_100_cases() -> None:
    right, every = told(range(10_000, 12_000))
    print('all clients counted, with the rate of each: %d of %d' % (right, every))
    assert right >= 0.99 * every


@pytest.mark.parametrize('way', list(WAYS))
@pytest.mark.parametrize('rates', [(1000, 1000), (250, 250), (250, 1000)])
@pytest.mark.parametrize('jitter', [0.094, 0.104, 0.15])
def test_two_clients_with_the_jitter_that_once_made_five_of_them(
    jitter: float, rates: tuple[int, int], way: str
) -> None:
    for seed in range(6):
        those = [steady(rates[0], 7, 30, 54.0), steady(rates[1], OTHER, 30, 54.0, 5e-5)]
        found = seen(those, seed, jitter, way)
        assert (found.at_least, found.rates, found.kind) == (2, rates, clocks.SEVERAL)


@pytest.mark.parametrize('rate', [1000000, 1000, 300, 250, 100, 1])
def test_one_clock(rate: int) -> None:
    found = seen([steady(rate, 7, 40, 60.0)], jitter=0.1)
    assert (found.kind, found.at_least, found.rates, str(found.said())) == (clocks.ONE, 1, (rate,), 'one clock')


def test_a_rate_that_nobody_knows_is_told_as_it_is() -> None:
    found = seen([steady(64, 7, 40, 60.0), steady(1000, OTHER, 40, 60.0)], jitter=0.02)
    assert (found.at_least, found.rates) == (2, (64, 1000))


def test_a_clock_that_wraps_is_one() -> None:
    assert seen([steady(1000, WORD - 5000, 50, 20.0)], jitter=0.1).at_least == 1


@pytest.mark.parametrize('drift', [-5e-4, 5e-4])
def test_a_clock_that_drifts_is_one(drift: float) -> None:
    assert seen([steady(1000, 7, 200, 600.0, drift)], jitter=0.1).kind == clocks.ONE


def test_a_client_that_boots_in_the_middle_is_one() -> None:
    reboots = ((200.0, 99), (400.0, OTHER))
    found = seen([Client(1000, 7 * OTHER % WORD, 90, (0.0, 600.0), 0.0, reboots)], jitter=0.1)
    assert (found.kind, found.at_least) == (clocks.ONE, 1)


def test_a_client_that_sleeps_is_one() -> None:
    found = seen([Client(1000, 7, 90, (0.0, 600.0), 0.0, (), ((100.0, 20.0), (300.0, 5.0)))], jitter=0.1)
    assert (found.kind, found.at_least) == (clocks.ONE, 1)


def test_two_of_whom_one_boots_are_two() -> None:
    those = [Client(1000, 7, 90, (0.0, 600.0), 0.0, ((200.0, 99 * OTHER % WORD),)), steady(1000, OTHER, 90, 600.0)]
    assert seen(those, jitter=0.1).at_least == 2


def test_a_capture_whose_clock_is_set_back_in_the_middle() -> None:
    captured = clients.stamps([steady(1000, 7, 100, 60.0)], random.Random(1), 0.05)
    half = len(captured) // 2
    later = [(at - 25, value, port) for at, value, port in captured[half:]]
    assert clocks.clocks(captured[:half] + later).at_least == 1


def test_offsets_of_connections_are_no_clock() -> None:
    found = clocks.clocks(strangers(500, 60.0))
    assert found == Clocks(clocks.PER_CONNECTION, 1, (), 500)
    assert str(found.said()) == NO_CLOCK


def test_an_offset_for_each_port_is_no_clock_when_ports_come_again() -> None:
    """Linux 4.10 and stable kernels of 2026: the same ports have the same offset, and more than one connection each."""
    chance = random.Random(3)
    offsets = {port: chance.randrange(WORD) for port in range(50000, 50010)}
    times = sorted(chance.uniform(0, 60) for _syn in range(300))
    captured = []
    for at in times:
        port = chance.choice(list(offsets))
        captured.append((NOON + at, (offsets[port] + int(1000 * at)) % WORD, port))
    found = clocks.clocks(captured)
    assert (found.at_least, str(found.said())) == (1, NO_CLOCK)


def test_a_clock_among_offsets_of_connections_is_found() -> None:
    captured = sorted(strangers(60, 60.0) + clients.stamps([steady(1000, 7, 40, 60.0)], random.Random(3)))
    found = clocks.clocks(captured)
    assert found == Clocks(clocks.PER_CONNECTION, 1, (1000,), 60)
    assert str(found.said()) == NO_CLOCK + '; beside them one clock'


def test_a_few_offsets_beside_clocks_are_said() -> None:
    those = [steady(1000, 7, 40, 60.0), steady(250, OTHER, 40, 60.0)]
    found = clocks.clocks(sorted(strangers(3, 60.0) + clients.stamps(those, random.Random(3))))
    assert (found.kind, str(found.said())) == (clocks.SEVERAL, 'at least 2 clocks; 3 connections on none')


@pytest.mark.parametrize('number', [0, 1, 2, 3])
def test_a_few_connections_tell_nothing(number: int) -> None:
    found = clocks.clocks(strangers(number, 10.0))
    assert found == Clocks(clocks.UNKNOWN, min(number, 1), (), number)
    assert str(found.said()) == 'too little to tell'


def test_many_clients_with_two_connections_each_are_not_taken_for_one_without_a_clock() -> None:
    found = seen([steady(1000, number * 10**7, 2, 10.0) for number in range(400)])
    assert (found.kind, found.at_least) == (clocks.UNKNOWN, 1)


def test_clients_that_were_switched_on_together_are_not_taken_for_one_without_a_clock() -> None:
    found = seen([steady(1000, number * 997, 1, 10.0) for number in range(40)])
    assert (found.kind, found.at_least) == (clocks.UNKNOWN, 1)


def test_many_clients_with_enough_connections_are_all_counted() -> None:
    found = seen([steady(1000, number * 10**7, 10, 60.0) for number in range(100)], jitter=0.1)
    assert 95 <= found.at_least <= 100


def test_of_many_syns_that_take_turns_both_clients_are_seen() -> None:
    chance = random.Random(5)
    captured = [
        (NOON + number / 1000, (number % 2 * OTHER + number) % WORD, chance.randrange(1024, 65536))
        for number in range(60_000)
    ]
    assert clocks.clocks(captured).at_least == 2


def test_one_client_that_connects_to_two_addresses_of_the_server_is_one() -> None:
    """Since Linux 4.11 the offset is that of both addresses."""
    each = [clients.stamps([steady(1000, number * OTHER, 30, 60.0)], random.Random(number)) for number in range(2)]
    assert clocks.clocks(sorted(each[0] + each[1])).at_least == 2
    assert clocks.of_servers(each).at_least == 1
    assert clocks.of_servers([]) == Clocks(clocks.UNKNOWN, 0, (), 0)
