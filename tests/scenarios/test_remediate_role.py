# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role safe_sysctl in a play of one's own: each host by itself, and the play decides about the others."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.fleet import Fleet
from tests.fleet.spec import Host
from tests.scenarios import states
from tests.scenarios.conftest import Run, failed, recap
from tests.scenarios.test_remediate import done, report, stale
from tests.scenarios.test_remediate_names import renamed

NAMES = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6']
DOWN = 'test "{{ inventory_hostname }}" != %s'


def play_of(place: Path, **keywords: object) -> str:
    """A play with the role, a task before it that fails on a host called broken, and one after it."""
    role = {'name': 'nodetcp.paws.safe_sysctl', 'rolespec_validate': False}
    tasks = [
        {'name': 'Before', 'ansible.builtin.fail': {'msg': 'x'}, 'when': "inventory_hostname == 'broken'"},
        {'name': 'Safe settings', 'ansible.builtin.import_role': role},
        {'name': 'After', 'ansible.builtin.raw': 'true'},
    ]
    play = {'name': 'Web', 'hosts': 'all', 'gather_facts': False, **keywords, 'tasks': tasks}
    (place / 'play.yml').write_text(json.dumps([play]))
    return 'play.yml'


def went_on(output: str) -> set[str]:
    """The hosts that came to the task after the role."""
    return set(re.findall(r'^changed: \[([^\]]+)\]', output.partition('TASK [After]')[2], re.MULTILINE))


def test_a_host_that_fails_is_undone_and_ends_no_other_one(
    edge_core: Path, play: Run, fleet_possible: None, tmp_path: Path
) -> None:
    """One is broken before the role comes, one cannot be reached, one fails its check."""
    away = Host('away', None, ssh='unreachable')
    members = [away, *(stale(name) for name in ('broken', 'down', 'well')), Host('fine', 'clean')]
    with Fleet(members) as fleet:
        before = states.of_fleet_but(fleet, 'away')
        down = ('-e', json.dumps({'remediate_health_command': DOWN % 'down'}))
        ended = play(edge_core, play_of(tmp_path), '-i', fleet.inventory, *down)
        assert ended.returncode != 0, ended.stdout
        assert done(tmp_path) == {
            'away': 'untouched',
            'broken': 'untouched',
            'down': 'rolled back',
            'well': 'changed',
            'fine': 'untouched',
        }, ended.stdout
        assert failed(ended.stdout) == {'away', 'broken', 'down'}
        assert went_on(ended.stdout) == {'well', 'fine'}
        now = states.of_fleet_but(fleet, 'away')
        assert {name for name in now if now[name] != before[name]} == {'well'}
        assert 'rolled back: remediate_health_command ended with 1' in ended.stdout.partition('Fail the hosts')[2]
        document = report(tmp_path)
        statuses = {host['name']: host['status'] for host in document['hosts']}
        assert (statuses['broken'], statuses['away']) == ('failed', 'unreachable')
        assert document['remediation']['change_set'] in document['remediation']['undo']


def test_the_play_says_what_becomes_of_the_hosts_after_a_failure(
    newest_core: Path, play: Run, fleet_possible: None, tmp_path: Path
) -> None:
    """The canary, called 127.0.0.1; then one of two hosts of the second batch, without and with a limit of the play."""
    names = {name: '127.0.0.1' if name == 'h1' else name for name in NAMES}
    with Fleet([stale(name) for name in NAMES]) as fleet:
        before = states.of_fleet(fleet)
        inventory = ('-i', renamed(fleet, tmp_path, names))

        def run(down: str, **keywords: object) -> str:
            brief = (play_of(tmp_path, serial=[1, 2, '100%'], **keywords), *inventory)
            ended = play(newest_core, *brief, '-e', json.dumps({'remediate_health_command': DOWN % down}))
            assert ended.returncode != 0, ended.stdout
            return ended.stdout

        canary = run('127.0.0.1')
        assert states.of_fleet(fleet) == before
        assert failed(canary) == set(recap(canary)) == {'127.0.0.1'}, 'all hosts of its batch have failed'
        assert done(tmp_path) == {
            name: 'rolled back' if name == '127.0.0.1' else 'untouched' for name in names.values()
        }, canary
        assert canary.count('6 hosts: ') == 1, 'the table is there although the play has ended early'

        strict = run('h3', max_fail_percentage=0)
        assert failed(strict) == {'h3'}
        expected = {'127.0.0.1': 'changed', 'h2': 'changed', 'h3': 'rolled back'}
        assert done(tmp_path) == {name: expected.get(name, 'untouched') for name in names.values()}, strict
        now = states.of_fleet(fleet)
        assert {name for name in NAMES if now[name] != before[name]} == {'h1', 'h2'}
        undo = {host['name']: host['remediation']['undo'] for host in report(tmp_path)['hosts']}
        assert {name for name, command in undo.items() if command} == {'127.0.0.1', 'h2'}

        lenient = run('h3')
        assert failed(lenient) == {'h3'}
        expected = {**dict.fromkeys(('h4', 'h5', 'h6'), 'changed'), 'h3': 'rolled back'}
        assert done(tmp_path) == {name: expected.get(name, 'untouched') for name in names.values()}, lenient
        assert report(tmp_path)['run']['pending'] == 0
        assert '(canary)' not in lenient


def test_check_mode_shows_the_plan_and_changes_nothing(
    newest_core: Path, play: Run, fleet_possible: None, tmp_path: Path
) -> None:
    with Fleet([stale('h1'), Host('fine', 'clean')]) as fleet:
        before = states.of_fleet(fleet)
        ended = play(newest_core, play_of(tmp_path), '-i', fleet.inventory, '--check', '--diff')
        assert ended.returncode == 0, ended.stdout
        assert 'Plan: 1 of 2 hosts change' in ended.stdout
        assert 'removed    /etc/sysctl.d/99-tuning.conf:2' in ended.stdout
        assert done(tmp_path) == {'h1': 'planned', 'fine': 'untouched'}
        assert states.of_fleet(fleet) == before


@pytest.mark.parametrize(
    ('keywords', 'variables', 'words'),
    [
        ({'strategy': 'ansible.builtin.free'}, {}, 'the strategy ansible.builtin.free'),
        ({}, {'remediate_on_failure': 'all'}, 'remediate_on_failure has no effect'),
        ({}, {'remediate_max_hosts': 3}, 'remediate_max_hosts has no effect'),
        ({'serial': 1}, {'remediate_plan_file': 'plan.json'}, 'use the playbook nodetcp.paws.remediate'),
    ],
)
def test_a_play_in_which_the_promises_cannot_hold_contacts_nobody(
    keywords: dict[str, object], variables: dict[str, str], words: str, newest_core: Path, play: Run, tmp_path: Path
) -> None:
    where = 'ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=1'
    (tmp_path / 'hosts').write_text('h1 %s\nh2 %s\n' % (where, where))
    ended = play(newest_core, play_of(tmp_path, **keywords), '-i', 'hosts', '-e', json.dumps(variables))
    assert ended.returncode != 0
    assert 'nothing was contacted' in ended.stdout
    assert words in ' '.join(ended.stdout.split())
    assert 'unreachable' not in ended.stdout.partition('PLAY RECAP')[0]
    assert not (tmp_path / 'plan.json').exists()


def test_an_order_of_hosts_that_the_role_does_not_have_is_warned_of(
    newest_core: Path, play: Run, tmp_path: Path
) -> None:
    (tmp_path / 'hosts').write_text('h1 ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=1\n')
    ended = play(newest_core, play_of(tmp_path), '-i', 'hosts', '-e', 'remediate_canary=h1')
    assert failed(ended.stdout) == {'h1'}
    assert 'remediate_canary has no effect on the role in a play of your own' in ' '.join(ended.stdout.split())
