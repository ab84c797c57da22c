# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two ways to a node, one result: also with an ansible-core that works differently inside (other_core/)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fleet import Fleet, hosts
from tests.scenarios import states
from tests.scenarios.conftest import CHECKOUT, Run, newest_core, play, usual_core

__all__ = ['newest_core', 'play', 'usual_core']

HOSTS = ('clean-defaults', 'only-python27', 'broken-python3', 'exposed-el7')
OTHER_CORE = {'PYTHONPATH': str(Path(__file__).parent / 'other_core'), 'ANSIBLE_INJECT_FACT_VARS': '0'}
KEY = 'net.ipv4.tcp_fin_timeout'
TASKS: list[tuple[str, dict[str, Any]]] = [
    ('paws_audit', {'return_record': False}),
    ('sysctl_policy', {'settings': {KEY: 44}, 'change_set': 'ways'}),
    ('sysctl_change_set_info', {'change_set': 'ways'}),
    ('sysctl_rollback', {'change_set': 'ways'}),
    ('sysctl_forget', {}),
]
SHOW = '{{ "RESULT " ~ inventory_hostname ~ " " ~ (results | to_json | b64encode) ~ " END" }}'

Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope='module')
def fleet(fleet_possible: None) -> Iterator[Fleet]:
    with Fleet([host for host in hosts.standard() if host.name in HOSTS]) as up:
        yield up


@pytest.fixture
def ask(usual_core: Path, play: Run, fleet: Fleet, tmp_path: Path) -> Ask:
    """ask(variable=value, ENVIRONMENT=value) -> {host: [what each of TASKS returned, then the fact about the way]}."""

    def run(way: str = 'auto', **environment: str) -> dict[str, Any]:
        listed: list[dict[str, Any]] = []
        for number, (verb, arguments) in enumerate(TASKS):
            listed.append({'nodetcp.paws.%s' % verb: arguments, 'register': 'result%d' % number})
        fact = 'ansible_facts.nodetcp_paws_transport | default(none)'
        results = '{{ [%s, %s] }}' % (', '.join('result%d' % number for number in range(len(TASKS))), fact)
        listed.append({'ansible.builtin.debug': {'msg': SHOW}, 'vars': {'results': results}})
        playbook = tmp_path / 'ways.yml'
        playbook.write_text(json.dumps([{'hosts': 'all', 'gather_facts': False, 'tasks': listed}]))
        environment['ANSIBLE_COLLECTIONS_PATH'] = str(CHECKOUT / 'playbooks' / 'collections')
        ended = play(usual_core, str(playbook), '-i', fleet.inventory, '-e', 'paws_transport=%s' % way, **environment)
        assert ended.returncode == 0, ended.stdout
        said = (part.split(' END')[0].split() for part in ended.stdout.split('RESULT ')[1:])
        return {name: json.loads(base64.b64decode(encoded)) for name, encoded in said}

    return run


def essence(results: dict[str, Any]) -> dict[str, Any]:
    """What must be the same whichever way was gone."""
    parts = ('changed', 'verdict', 'findings', 'changes', 'restored', 'not_restored', 'notes')
    return {
        name: [{part: result.get(part) for part in parts} for result in said[:-1]] for name, said in results.items()
    }


def test_the_documented_way_gives_what_the_fast_one_gives(ask: Ask, fleet: Fleet) -> None:
    before = states.of_fleet(fleet)
    fast, documented = ask('fast'), ask('documented')
    assert set(fast) == set(fleet.hosts)
    assert essence(documented) == essence(fast)
    assert states.of_fleet(fleet) == before


def test_a_core_that_works_differently_inside_is_noticed_and_nothing_is_lost(ask: Ask, fleet: Fleet) -> None:
    before = states.of_fleet(fleet)
    as_it_is, other = ask(), ask(**OTHER_CORE)
    assert {name: said[-1] for name, said in as_it_is.items()} == dict.fromkeys(fleet.hosts)
    assert {name: said[-1] for name, said in other.items()} == dict.fromkeys(fleet.hosts, 'documented')
    assert essence(other) == essence(as_it_is)
    assert states.of_fleet(fleet) == before


def test_a_way_that_does_not_exist_is_refused_with_those_that_do(newest_core: Path, play: Run, fleet: Fleet) -> None:
    ended = play(
        newest_core, str(CHECKOUT / 'playbooks' / 'audit.yml'), '-i', fleet.inventory, '-e', 'paws_transport=fats'
    )
    assert ended.returncode != 0
    assert 'paws_transport: fats is not one of auto, fast, documented' in ' '.join(ended.stdout.split())
