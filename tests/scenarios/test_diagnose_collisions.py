# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""diagnose.yml on SYNs that really meet TIME_WAIT, and on losses that only look like it: the whole story each time."""

from __future__ import annotations

import collections
import concurrent.futures
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.collisions import lab
from tests.scenarios import capturing
from tests.scenarios.collision_incident import INCIDENTS, SERVER, CollisionNetwork
from tests.scenarios.conftest import CORES, _programs
from tests.scenarios.test_diagnose import Case

LONG_ROUNDS, NETWORKS = 10, 3
#: One that comes up, one that hangs. The long test has all of them.
USUAL = ('offsets', 'reset dropped')


@pytest.fixture(scope='module')
def possible(fleet_possible: None) -> None:
    reason = lab.missing()
    if reason:
        pytest.skip(reason)


def diagnosed(network: CollisionNetwork, name: str, place: Path) -> Case:
    with network.incident(name) as port, network.both_sides('client', 'server', SERVER, place):
        return Case(
            _programs(CORES[-1]),
            network.fleet.inventory,
            place,
            diagnose_from='client',
            diagnose_to=SERVER,
            diagnose_port=port,
            diagnose_count=INCIDENTS[name].count,
            diagnose_neutral='none',
        )


def told(case: Case) -> str:
    """What a program reads of it, in a word or two."""
    collision = case.document.get('collision') if case.document else None
    held = collision['held_by'] if collision else ''
    if collision and held in (None, 'ports'):  # of many that draw ports, one may draw a port in TIME_WAIT each time
        held = 'slow'
    return '%s %s' % (case.cause if case.document else 'nothing', held)


def wanted(name: str) -> str:
    incident = INCIDENTS[name]
    slow = 'slow' if incident.cause == 'time_wait_collision' else ''
    return '%s %s' % (incident.cause, incident.held_by or slow)


def check(name: str, case: Case) -> None:
    assert told(case) == wanted(name), case.ended.stdout
    assert case.ended.returncode == 0, case.ended.stdout
    text = (case.place / 'paws-report' / 'diagnose.txt').read_text(encoding='utf-8')
    assert not [saying for saying in INCIDENTS[name].sayings if saying not in text], text
    for apart in capturing.APART:
        found = capturing.compared(case.place, case.document['question']['port'], *apart)
        assert INCIDENTS[name].captured in str(found['summary']), found
    if name in ('offsets', 'clocks'):
        collision = case.document['collision']
        assert collision['slow'] > 0
        assert collision['snat']['host'] == 'router'
        assert ('fully-random' in text.partition('NEXT')[0]) is (name == 'offsets')
        assert collision['ports'] == ('chosen' if name == 'offsets' else 'kept')
        assert collision['cause'] == ('offset_per_connection' if name == 'offsets' else 'different_clocks')


def matrix(cases: list[tuple[str, Case]]) -> str:
    """Incidents by what was told of them, as lines."""
    counts = collections.Counter((name, told(case)) for name, case in cases)
    return '\n'.join('%-20s %-36s %d' % (name, what, counts[name, what]) for name, what in sorted(counts))


def rounds(names: Sequence[str], places: Sequence[Path]) -> list[tuple[str, Case]]:
    """Each of the incidents for each of the places, one after the other in a network of their own."""
    with CollisionNetwork() as network:
        return [(name, diagnosed(network, name, place / name)) for place in places for name in names]


@pytest.fixture(scope='module')
def once(possible: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    place = tmp_path_factory.mktemp('collisions')
    with concurrent.futures.ThreadPoolExecutor(len(USUAL)) as pool:
        made = [pool.submit(rounds, [name], [place]) for name in USUAL]
        return dict(case for each in made for case in each.result())


@pytest.mark.parametrize('name', USUAL)
def test_the_story_is_told_to_its_end(once: dict[str, Case], name: str) -> None:
    check(name, once[name])


@pytest.mark.long
def test_confusion_matrix(possible: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    places = [tmp_path / str(turn) for turn in range(LONG_ROUNDS)]
    with concurrent.futures.ThreadPoolExecutor(NETWORKS) as pool:
        made = [pool.submit(rounds, list(INCIDENTS), places[number::NETWORKS]) for number in range(NETWORKS)]
        cases = [case for each in made for case in each.result()]
    with capsys.disabled():
        print('\n%d runs\n%s' % (len(cases), matrix(cases)))
    assert len(cases) == LONG_ROUNDS * len(INCIDENTS)
    for name, case in cases:
        check(name, case)
