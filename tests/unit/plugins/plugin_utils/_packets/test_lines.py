# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts behind one address: lines of timestamps, and what is none."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.lines import lines

NOON = 1795314000.0
WORD = 1 << 32
Points = list[tuple[float, int]]


def host(chance: random.Random, rate: int, offset: int, number: int, span: float, drift: float = 0.0) -> Points:
    times = sorted(chance.random() * span for _point in range(number))
    return [(NOON + at, (offset + int(rate * (at * (1 + drift) + chance.random() * 0.01))) % WORD) for at in times]


def strangers(chance: random.Random, number: int, span: float) -> Points:
    """One client that begins each connection at a timestamp of its own."""
    return [(NOON + chance.random() * span, chance.randrange(WORD)) for _point in range(number)]


@settings(max_examples=80)
@given(
    seed=st.integers(0, 1 << 30),
    rates=st.lists(st.sampled_from([1000, 250, 100]), min_size=1, max_size=8),
    span=st.sampled_from([1.0, 10.0, 60.0, 600.0]),
)
def test_hosts_of_any_clocks_are_counted(seed: int, rates: list[int], span: float) -> None:
    chance = random.Random(seed)
    points = [
        point
        for number, rate in enumerate(rates)
        for point in host(chance, rate, (seed + number * WORD // 8) % WORD, 12, span, chance.uniform(-1e-4, 1e-4))
    ]
    found = lines(sorted(points))
    assert (found.hosts, found.alone, found.per_connection) == (len(rates), 0, False)
    if span >= 10:
        assert sorted(found.rates) == sorted(rates)


def test_a_clock_that_wraps_is_one_host() -> None:
    assert lines(host(random.Random(1), 1000, WORD - 5000, 50, 20.0)).hosts == 1


def test_offsets_of_connections_are_no_hosts() -> None:
    found = lines(sorted(strangers(random.Random(2), 500, 60.0)))
    assert (found.hosts, found.per_connection, found.rates) == (1, True, ())


def test_a_host_among_offsets_of_connections_is_found() -> None:
    chance = random.Random(3)
    found = lines(sorted(strangers(chance, 60, 60.0) + host(chance, 1000, 7, 40, 60.0)))
    assert (found.hosts, found.rates, found.alone, found.per_connection) == (1, (1000,), 60, True)


@pytest.mark.parametrize(('number', 'hosts'), [(0, 0), (1, 1), (2, 2), (3, 3)])
def test_a_few_connections_are_a_few_hosts(number: int, hosts: int) -> None:
    found = lines(strangers(random.Random(4), number, 10.0))
    assert (found.hosts, found.per_connection) == (hosts, False)


def test_many_syns_are_sampled_and_many_hosts_are_bounded() -> None:
    chance = random.Random(5)
    two = host(chance, 1000, 7, 50000, 60.0) + host(chance, 1000, 512617286, 50000, 60.0)
    assert lines(sorted(two)).hosts == 2
    crowd = [point for number in range(400) for point in host(chance, 1000, number * 10**7, 2, 10.0)]
    assert lines(sorted(crowd)).hosts == 400
