# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command lines that a run gives, also for undoing a change: somebody will paste them at night."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._variables import command_line
from tests.conftest import CHECKOUT


def words(cli: dict[str, Any], extra: dict[str, Any] | None = None, playbook: str = 'rollback') -> list[str]:
    """The command line of a run with these options, after a shell has read it."""
    started = command_line.Started(cli, [], extra or {})
    return shlex.split(shlex.join(command_line.words(started, playbook)))


def test_a_rollback_of_somebody_elses_project_is_not_taken_for_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / 'rollback.yml').touch()
    (tmp_path / 'remediate.yml').touch()
    monkeypatch.chdir(tmp_path)
    for started in ('nodetcp.paws.remediate', 'remediate.yml', str(tmp_path / 'remediate.yml')):
        assert words({'args': [started]})[-1] == 'nodetcp.paws.rollback'


def test_from_a_checkout_the_playbook_beside_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CHECKOUT)
    assert words({'args': ['playbooks/remediate.yml']})[-1] == 'playbooks/rollback.yml'


def test_the_directory_of_the_change_sets_is_passed_on_and_what_has_nothing_to_do_with_it_is_not() -> None:
    extra = {'safe_sysctl_state_dir': '/srv/change sets', 'remediate_health_url': 'https://u:hunter2@x/'}
    said = words({'extra_vars': [' '.join('%s=%s' % each for each in extra.items())]}, extra)
    assert said[-2:] == ['-e', "safe_sysctl_state_dir='/srv/change sets'"]
    assert 'hunter2' not in ' '.join(said)


def test_variables_that_say_how_hosts_are_reached_are_passed_on_and_passwords_are_asked_for() -> None:
    extra = {
        'ansible_user': 'ops',
        'ansible_become': True,
        'ansible_become_password': 'hunter2',
        'ansible_ssh_pass': 'hunter2',
        'ansible_api_token': 'hunter2',
        'ansible_port': 22022,
    }
    said = words({'extra_vars': ['%s=x' % name for name in extra], 'remote_user': 'me'}, extra)
    given = [said[place + 1] for place, word in enumerate(said) if word == '-e']
    assert given == ['ansible_user=ops', '{"ansible_become": true}', '{"ansible_port": 22022}']
    assert {'-k', '-K'} <= set(said)
    assert 'hunter2' not in ' '.join(said)


def test_a_file_of_variables_is_named_and_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    extra = {'ansible_user': 'ops', 'ansible_become_password': 'hunter2'}
    said = words({'extra_vars': ['@%s' % (tmp_path / 'my vars.yml')]}, extra)
    assert said[-2:] == ['-e', '@my vars.yml']
    assert '-K' not in said


def test_variables_by_which_audit_and_plan_find_the_same_are_passed_on_to_the_plan() -> None:
    waivers = [{'rule': 'rfc1337', 'reason': "the guide's wish"}]
    extra = {'remediate_min_severity': 'low', 'audit_waivers': waivers, 'audit_fail_on': 'stale', 'audit_rules': []}
    said = words({}, extra, 'remediate')
    given = [said[place + 1] for place, word in enumerate(said) if word == '-e']
    assert [json.loads(word) if word.startswith('{') else word for word in given] == [
        {'audit_waivers': waivers},
        'remediate_min_severity=low',
    ]
    assert '-e' not in words({}, extra)


def test_the_way_to_the_hosts_is_that_of_the_run() -> None:
    cli = {'remote_user': 'admin', 'private_key_file': 'my key', 'become_ask_pass': True, 'ask_pass': False}
    cli.update(become=True, vault_password_files=['pass'], vault_ids=['dev@prompt'], ssh_common_args='-J jump')
    cli.update(connection='ssh', become_method='sudo', become_user=None)
    said = shlex.join(words(cli))
    way = "-b -u admin --private-key 'my key' --ssh-common-args '-J jump' -K --vault-id dev@prompt"
    assert said == 'ansible-playbook %s --vault-password-file pass nodetcp.paws.rollback' % way


@pytest.mark.parametrize(
    ('keywords', 'said'),
    [
        ({'become': True, 'remote_user': 'ops'}, '-b -u ops'),
        ({'become': True, 'become_method': 'su', 'become_user': 'root'}, '-b -u me --become-method su'),
        ({'become': None}, '-u me'),
    ],
)
def test_what_the_play_says_counts(keywords: dict[str, Any], said: str) -> None:
    started = command_line.Started({'remote_user': 'me'}, [], {}).by(keywords)
    assert shlex.join(command_line.words(started, 'rollback')) == 'ansible-playbook %s nodetcp.paws.rollback' % said


def test_the_undo_keeps_to_the_hosts_of_the_run() -> None:
    assert command_line.scope({'subset': 'web*'}, None) == ['--limit', 'web*']
    assert command_line.scope({}, 'web:!db 1') == ['-e', "rollback_hosts='web:!db 1'"]
    assert command_line.scope({}, None) == []


def test_what_changes_hosts_has_root_and_an_audit_what_the_run_had() -> None:
    found = command_line.commands(command_line.Started({'inventory': ['a b,'], 'become': False}, [], {}))
    assert found == {
        'audit': "ansible-playbook -i 'a b,' nodetcp.paws.audit",
        'remediate': "ansible-playbook -i 'a b,' -b nodetcp.paws.remediate",
        'rollback': "ansible-playbook -i 'a b,' -b nodetcp.paws.rollback",
    }


def test_a_plan_that_was_checked_is_carried_out_in_the_same_way() -> None:
    extra = {'remediate_canary': ['web1'], 'remediate_confirm_timeout': 120, 'remediate_health_url': 'https://u:p@x/'}
    said = words({}, extra, 'remediate')
    given = [said[place + 1] for place, word in enumerate(said) if word == '-e']
    assert given == ['{"remediate_canary": ["web1"]}', '{"remediate_confirm_timeout": 120}']
