# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""diagnose.yml on incidents that really happen: the right cause each time, and the others ruled out."""

from __future__ import annotations

import collections
import concurrent.futures
import html
import json
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import processes
from tests.fleet import Fleet
from tests.scenarios import capturing
from tests.scenarios.conftest import CHECKOUT, CORES, _programs
from tests.scenarios.incident import EXPECTED, PORTS, Network

DIAGNOSE = str(CHECKOUT / 'playbooks' / 'diagnose.yml')
#: incident -> where the attempts ended by the captures of both sides.
CAPTURED = {
    'collision': 'reset_ignored',
    'queue': 'server',
    'down': 'refused',
    'firewall': 'server',
    'lost': 'not_arrived',
    'healthy': 'answered',
    'dying': 'refused',
}
CAPTURED_SAYINGS = {
    'reset_ignored': 'net.ipv4.tcp_rfc1337=1 there, or its own packet filter drops the reset',
    'server': 'reached the server and got no answer, and tcp_tw_recycle does not explain it',
    'refused': 'the server refused 5 of them',
    'not_arrived': 'did not reach the server: something on the way dropped them',
    'answered': 'of 5 attempts none was dropped',
}
AT_ONCE = 2
LONG_ROUNDS = 10

Json = dict[str, Any]


@pytest.fixture(scope='module')
def network(fleet_possible: None) -> Iterator[Network]:
    with Network() as made:
        yield made


class Case:
    """One run of the playbook for one incident: what it printed and what it wrote."""

    def __init__(self, programs: Path, inventory: str, place: Path, **variables: Any) -> None:
        place.mkdir(parents=True, exist_ok=True)
        self.programs, self.inventory, self.place = programs, inventory, place
        words = [word for name, value in variables.items() for word in ('-e', json.dumps({name: value}))]
        self.ended = self.run('ansible-playbook', DIAGNOSE, *words)
        written = place / 'paws-report' / 'diagnose.json'
        self.document: Json = json.loads(written.read_text(encoding='utf-8')) if written.exists() else {}

    def run(self, program: str, *words: str) -> subprocess.CompletedProcess[str]:
        environment = processes.environment(self.place, ANSIBLE_COLLECTIONS_PATH=processes.COLLECTIONS)
        return processes.run([self.programs / program, '-i', self.inventory, *words], self.place, environment)

    @property
    def cause(self) -> str:
        return str(self.document['conclusion']['cause'])

    @property
    def states(self) -> dict[str, str]:
        return {cause['id']: cause['state'] for cause in self.document['causes']}


def diagnosed(network: Network, name: str, place: Path, version: str = CORES[-1]) -> Case:
    """The incident while it lasts; the destination by address, the source by name. Captured on both sides."""
    source, address = 'low' if name == 'collision' else 'client', network.address(name)
    with network.trouble(name), network.both_sides(source, name, address, place):
        return Case(
            _programs(version),
            network.fleet.inventory,
            place,
            diagnose_from=source,
            diagnose_to=address,
            diagnose_port=PORTS[name],
            diagnose_neutral='neutral',
        )


def matrix(cases: list[tuple[str, Case]]) -> str:
    """Incidents by conclusions, as a table."""
    counts = collections.Counter((name, case.cause) for name, case in cases)
    columns = [*EXPECTED.values(), *sorted({cause for _name, cause in counts} - set(EXPECTED.values()))]
    rows = [['incident', *columns]]
    rows += [[name, *(str(counts[name, column] or '.') for column in columns)] for name in EXPECTED]
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    return '\n'.join('  '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def check(name: str, case: Case) -> None:
    assert case.document, case.ended.stdout
    assert case.ended.returncode == 0, case.ended.stdout
    assert case.cause == EXPECTED[name], case.ended.stdout
    others = set(EXPECTED.values()) - {EXPECTED[name], 'healthy'}
    assert {cause: case.states[cause] for cause in others} == dict.fromkeys(others, 'ruled out'), case.ended.stdout
    check_captures(name, case)


def check_captures(name: str, case: Case) -> None:
    """Two captures name where all attempts ended, whatever their clocks and without a word on the kernel."""
    for ahead, ppm in capturing.APART:
        found = capturing.compared(case.place, PORTS[name], ahead, ppm)
        assert {fate: count for fate, count in found['fates'].items() if count} == {CAPTURED[name]: 5}, found
        assert CAPTURED_SAYINGS[CAPTURED[name]] in str(found['summary'])


def rounds(network: Network, place: Path, number: int) -> list[tuple[str, Case]]:
    """Each incident so many times, AT_ONCE at a time, no incident beside itself."""
    cases = []
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for turn in range(number):
            made = {name: pool.submit(diagnosed, network, name, place / ('%s-%d' % (name, turn))) for name in EXPECTED}
            cases += [(name, case.result()) for name, case in made.items()]
    return cases


@pytest.fixture(scope='module')
def once(network: Network, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    return dict(rounds(network, tmp_path_factory.mktemp('diagnose'), 1))


@pytest.mark.parametrize('name', EXPECTED)
def test_each_incident_has_its_cause_and_no_other(once: dict[str, Case], name: str) -> None:
    check(name, once[name])


def test_nothing_is_changed_and_the_report_is_written(once: dict[str, Case]) -> None:
    for case in once.values():
        assert 'changed=1' not in case.ended.stdout
        for kind in ('json', 'txt', 'html'):
            assert (case.place / 'paws-report' / ('diagnose.' + kind)).stat().st_size
        told = (case.place / 'paws-report' / 'diagnose.txt').read_text(encoding='utf-8')
        page = (case.place / 'paws-report' / 'diagnose.html').read_text(encoding='utf-8')
        assert html.escape(case.document['conclusion']['title']) in page
        assert 'CONCLUSION: ' in told
        assert told.strip().splitlines()[0] in case.ended.stdout


def test_the_story_names_container_counter_and_clients(once: dict[str, Case], network: Network) -> None:
    case = once['collision']
    told = (case.place / 'paws-report' / 'diagnose.txt').read_text(encoding='utf-8')
    for word in (network.id('collision')[:12], 'PAWSTimewait', 'net.ipv4.tcp_rfc1337=1', 'ping was answered beside 5'):
        assert word in told
    source = case.document['sources'][0]
    assert source['summary']['timeout'] == 5
    assert source['arrived'] == 5
    assert source['seen_as'] == ['10.72.1.1']  # the router's, not the client's own
    assert case.document['sources'][1]['summary']['ok'] == 5


def test_a_service_that_ends_between_the_first_look_and_the_attempts_is_told(once: dict[str, Case]) -> None:
    document = once['dying'].document
    assert document['destination']['listening'] == ['0.0.0.0:9007']
    assert document['destination']['after'] == {'listening': [], 'gone': False}
    assert 'the service ended meanwhile' in ' '.join(document['conclusion']['why'])


def test_the_next_command_lets_the_same_connect_work(network: Network, tmp_path: Path) -> None:
    with network.trouble('collision'):
        asked = {'diagnose_from': 'low', 'diagnose_to': 'server/' + network.id('collision')[:8], 'diagnose_port': 9001}
        case = Case(_programs(CORES[0]), network.fleet.inventory, tmp_path, **asked)
        assert case.cause == 'time_wait_collision', case.ended.stdout
        assert case.document['sources'][0]['summary']['timeout'] == 5
        program, *words = shlex.split(case.document['next'][0]['command'])
        fixed = case.run(program, *words)
        assert fixed.returncode == 0, fixed.stdout
        again = Case(_programs(CORES[0]), network.fleet.inventory, tmp_path, **asked)
        assert again.document['sources'][0]['summary']['ok'] == 5, again.ended.stdout


@pytest.mark.parametrize(
    ('variables', 'said'),
    [
        ({'diagnose_to': 'server', 'diagnose_port': 22}, 'diagnose_from'),
        ({'diagnose_from': 'client', 'diagnose_port': 22}, 'diagnose_to'),
        ({'diagnose_from': 'client', 'diagnose_to': 'server'}, 'diagnose_port'),
        ({'diagnose_from': 'nobody', 'diagnose_to': 'server', 'diagnose_port': 22}, 'nobody'),
        ({'diagnose_from': 'client', 'diagnose_to': '192.0.2.99', 'diagnose_port': 22}, '192.0.2.99'),
        ({'diagnose_from': 'client', 'diagnose_to': 'server', 'diagnose_port': 22, 'diagnose_count': 5000}, '5000'),
    ],
)
def test_a_question_that_makes_no_sense(network: Network, tmp_path: Path, variables: Json, said: str) -> None:
    case = Case(_programs(CORES[-1]), network.fleet.inventory, tmp_path, **variables)
    assert case.ended.returncode != 0
    assert said in case.ended.stdout
    assert 'Traceback' not in case.ended.stdout


def test_a_host_is_its_own_destination(network: Network, tmp_path: Path) -> None:
    asked = {'diagnose_from': 'client', 'diagnose_to': 'server', 'diagnose_port': 22, 'diagnose_neutral': 'none'}
    case = Case(_programs(CORES[1]), network.fleet.inventory, tmp_path, **asked)
    assert case.cause == 'healthy', case.ended.stdout
    assert case.document['destination']['address'] == network.fleet.addresses['server']
    assert case.document['sources'][0]['arrived'] == 5


def test_a_source_that_cannot_be_tried_is_told(standard_fleet: Fleet, tmp_path: Path) -> None:
    asked = {'diagnose_from': 'refused', 'diagnose_to': 'clean-defaults', 'diagnose_port': 22}
    case = Case(_programs(CORES[-1]), standard_fleet.inventory, tmp_path, **asked, diagnose_neutral='none')
    assert case.ended.returncode != 0
    assert case.cause == 'untried'
    assert 'refused could not be tried' in case.ended.stdout


@pytest.mark.long
def test_confusion_matrix(network: Network, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = rounds(network, tmp_path, LONG_ROUNDS)
    with capsys.disabled():
        print('\n%d runs\n%s' % (len(cases), matrix(cases)))
    assert len(cases) >= 30
    for name, case in cases:
        check(name, case)
