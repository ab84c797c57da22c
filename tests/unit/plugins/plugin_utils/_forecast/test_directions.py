# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The share of what this side closes first that it made itself, by whatever tells it best."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._forecast import directions
from ansible_collections.nodetcp.paws.plugins.plugin_utils._forecast.directions import Rates

DATABASE, CACHE = ['10.0.0.1', '10.0.0.5', 3306, 10], ['10.0.0.1', '10.0.0.6', 6379, 1]


def counted(made: int, taken: int, **flow: Any) -> dict[str, Any]:
    """A 'time_wait' of the node with so many sockets of each kind."""
    return {
        'outgoing': {'sockets': made, 'top': [DATABASE, CACHE]},
        'incoming': {'sockets': taken},
        'flow': flow or None,
    }


def told(found: dict[str, Any], rates: Rates) -> tuple[float, str]:
    """(outgoing per second, by what)."""
    split = directions.split(found, rates)
    assert split is not None
    return round(split.outgoing * (rates.closed or 1), 2), split.source


STEADY = Rates(28.5, 0.0, 15.5, 13.0, 10.0)


@pytest.mark.parametrize('by', ['age', 'looks'])
def test_sockets_that_were_told_one_by_one_are_believed_before_all(by: str) -> None:
    found = counted(11, 18, by=by, seconds=10.0, outgoing=155, incoming=130)
    assert told(found, STEADY) == (15.5, 'sockets')
    batch = Rates(28.5, 0.0, 0.0, 13.0, 10.0)  # what ends now was opened long ago
    assert told(found, batch) == (15.5, 'sockets')


def test_looks_that_missed_many_are_not() -> None:
    found = counted(11, 18, by='looks', seconds=10.0, outgoing=20, incoming=130)
    assert told(found, STEADY) == (15.5, 'counters')


def test_sockets_of_a_small_part_of_the_window_are_not() -> None:
    found = counted(11, 18, by='age', seconds=60.0, outgoing=10, incoming=130)
    assert told(found, Rates(28.5, 0.0, 15.5, 13.0, 3600.0)) == (15.5, 'counters')


def test_the_population_is_what_counters_correct() -> None:
    assert told(counted(11, 18), STEADY) == (15.5, 'counters')
    assert told(counted(11, 18), Rates(28.5)) == (10.81, 'population')


def test_others_close_some_first_and_the_population_is_within_what_that_leaves() -> None:
    rates = Rates(28.5, 0.0, 15.5, 20.0, 10.0)
    assert told(counted(11, 18), rates) == (10.81, 'population')
    assert told(counted(1, 28), rates) == (8.5, 'population')
    assert told(counted(28, 1), rates) == (15.5, 'population')


def test_those_that_leave_soon_are_asked_before_those_that_stand() -> None:
    found = counted(11, 18, by='end', seconds=0.512, outgoing=8, incoming=7)
    assert told(found, Rates(28.5, 0.0, 19.4, 20.0, 10.0)) == (15.2, 'population')
    none = counted(11, 18, by='end', seconds=0.512, outgoing=0, incoming=0)
    assert told(none, Rates(28.5)) == (10.81, 'population')


def test_less_that_begins_than_ends_is_chance_or_traffic_that_changes() -> None:
    chance = Rates(30.0, 0.0, 15.5, 13.0, 10.0)
    assert told(counted(11, 18), chance) == (15.5, 'counters')
    changing = Rates(60.0, 0.0, 15.5, 13.0, 10.0)
    assert told(counted(11, 18), changing) == (22.76, 'population')


def test_what_reuse_took_over_was_made_here() -> None:
    found = counted(100, 2400, by='age', seconds=4.0, outgoing=90, incoming=160)
    assert told(found, Rates(100.0, 56.0, 60.0, 40.0, 4.0)) == (60.0, 'sockets')
    assert told(counted(100, 2400), Rates(100.0, 56.0)) == (57.76, 'population')


def test_what_others_took_over_was_not() -> None:
    """A SYN that meets TIME_WAIT on a server ends it: then counters bound what reuse here can have been."""
    found = counted(92, 208, by='age', seconds=4.0, outgoing=83, incoming=100)
    assert told(found, Rates(100.0, 56.0, 60.0, 40.0, 4.0)) == (60.0, 'sockets')


def test_destinations_are_those_of_the_sockets_that_were_told_one_by_one() -> None:
    near = [['10.0.0.1', '10.0.0.6', 6379, 140], ['10.0.0.1', '10.0.0.5', 3306, 15]]
    found = directions.split(counted(11, 18, by='looks', seconds=10.0, outgoing=155, incoming=130, top=near), STEADY)
    assert found is not None
    assert (found.destinations, found.of) == (near, 155)
    other = directions.split(counted(11, 18, by='age', seconds=10.0, outgoing=155, incoming=130), STEADY)
    assert other is not None
    assert (other.destinations, other.of) == ([DATABASE, CACHE], 11)


def test_nothing_to_tell_it_from() -> None:
    assert directions.split(counted(0, 0), Rates(None)) is None
    assert directions.split(counted(0, 0), Rates(0.0, 0.0, 0.0, 0.0, 10.0)) is None
    assert told(counted(0, 0), STEADY) == (15.5, 'counters')
