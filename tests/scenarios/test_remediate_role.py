# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role safe_sysctl in a play of one's own with `serial`: what is promised of the playbook holds there too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fleet import Fleet
from tests.fleet.spec import Host
from tests.scenarios import states
from tests.scenarios.conftest import Run
from tests.scenarios.test_remediate import done, recap, report, stale
from tests.scenarios.test_remediate_names import renamed

NAMES = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6']
DOWN = 'test "{{ inventory_hostname }}" != %s'


def play_of(place: Path, **keywords: object) -> str:
    role = {'name': 'nodetcp.paws.safe_sysctl', 'rolespec_validate': False}
    tasks = [{'name': 'Safe settings', 'ansible.builtin.import_role': role}]
    play = {'name': 'Web', 'hosts': 'all', 'gather_facts': False, 'serial': [1, 2, '100%'], **keywords, 'tasks': tasks}
    (place / 'play.yml').write_text(json.dumps([play]))
    return 'play.yml'


def test_a_batch_that_fails_is_undone_and_no_later_one_is_touched(
    edge_core: Path, play: Run, fleet_possible: None, tmp_path: Path
) -> None:
    """The canary, called 127.0.0.1; then one of two hosts of the second batch; then none."""
    names = {name: '127.0.0.1' if name == 'h1' else name for name in NAMES}
    with Fleet([stale(name) for name in NAMES]) as fleet:
        before = states.of_fleet(fleet)
        brief = (play_of(tmp_path), '-i', renamed(fleet, tmp_path, names))

        first = play(edge_core, *brief, '-e', json.dumps({'remediate_health_command': DOWN % '127.0.0.1'}))
        assert first.returncode != 0, first.stdout
        assert states.of_fleet(fleet) == before
        assert done(tmp_path) == {
            name: 'rolled back' if name == '127.0.0.1' else 'untouched' for name in names.values()
        }, first.stdout
        document = report(tmp_path)
        assert (document['run']['pending'], document['remediation']['undo']) == (0, None)
        reasons = {host['name']: host['remediation']['reason'] for host in document['hosts']}
        assert reasons['h6'] == 'the run stopped before its turn'
        assert '127.0.0.1 (rolled back: remediate_health_command ended with 1' in first.stdout
        assert set(recap(first.stdout)) == {'127.0.0.1'}

        second = play(edge_core, *brief, '-e', json.dumps({'remediate_health_command': DOWN % 'h3'}))
        assert second.returncode != 0, second.stdout
        expected = {'127.0.0.1': 'changed', 'h2': 'rolled back', 'h3': 'rolled back'}
        assert done(tmp_path) == {name: expected.get(name, 'untouched') for name in names.values()}, second.stdout
        now = states.of_fleet(fleet)
        assert {name for name in NAMES if now[name] != before[name]} == {'h1'}
        undo = {host['name']: host['remediation']['undo'] for host in report(tmp_path)['hosts']}
        assert [name for name, command in undo.items() if command] == ['127.0.0.1']

        well = play(edge_core, *brief)
        assert well.returncode == 0, well.stdout
        assert done(tmp_path) == {name: 'untouched' if name == '127.0.0.1' else 'changed' for name in names.values()}
        assert '(canary)' not in well.stdout


def test_a_batch_larger_than_allowed_is_the_last_one(
    newest_core: Path, play: Run, fleet_possible: None, tmp_path: Path
) -> None:
    with Fleet([stale(name) for name in NAMES[:5]]) as fleet:
        before = states.of_fleet(fleet)
        ended = play(
            newest_core,
            play_of(tmp_path, serial=[1, 3, '100%']),
            *('-i', fleet.inventory, '-e', 'remediate_max_hosts=2', '-e', 'remediate_canary=h5'),
        )
        assert ended.returncode != 0, ended.stdout
        assert '3 hosts would change, remediate_max_hosts allows 2' in ended.stdout
        assert 'nothing more was changed (1 changed, 4 untouched)' in ended.stdout
        assert 'remediate_canary means nothing here' in ' '.join(ended.stdout.split())
        assert done(tmp_path) == {name: 'changed' if name == 'h1' else 'untouched' for name in NAMES[:5]}
        now = states.of_fleet(fleet)
        assert {name for name in NAMES[:5] if now[name] != before[name]} == {'h1'}


def test_a_canary_that_cannot_be_audited_is_the_last_one(
    newest_core: Path, play: Run, fleet_possible: None, tmp_path: Path
) -> None:
    away = Host('h1', None, ssh='unreachable')
    with Fleet([away, stale('h2'), stale('h3')]) as fleet:
        ended = play(newest_core, play_of(tmp_path, serial=[1, '100%']), '-i', fleet.inventory)
        assert ended.returncode != 0, ended.stdout
        assert 'Nothing was changed: no host of the first batch, which is the canary, could be audited.' in ended.stdout
        assert done(tmp_path) == dict.fromkeys(('h1', 'h2', 'h3'), 'untouched')
        assert set(recap(ended.stdout)) == {'h1'}


@pytest.mark.parametrize(
    ('keywords', 'variables', 'words'),
    [
        ({'serial': 0, 'strategy': 'ansible.builtin.free'}, {}, 'the strategy ansible.builtin.free'),
        ({}, {'remediate_on_failure': 'all'}, 'use the playbook nodetcp.paws.remediate'),
        ({'serial': 0}, {'remediate_on_failure': 'stop', 'remediate_confirm_timeout': 20}, 'has the host undo it'),
        ({}, {'remediate_plan_file': 'plan.json'}, 'use the playbook nodetcp.paws.remediate'),
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
