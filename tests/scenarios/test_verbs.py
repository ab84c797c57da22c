# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verbs as tasks: every way in which Ansible can run them, on nodes with any Python."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from tests.fleet import Fleet
from tests.scenarios.conftest import CHECKOUT, Run

# Prints each host's result as one line of JSON that the test finds again.
PLAYBOOK = """
- hosts: {hosts}
  gather_facts: false
  tasks:
    - name: Verb
      {verb}: {arguments}
      register: result
      ignore_errors: true
      {keywords}
    - ansible.builtin.debug:
        msg: "RESULT {{{{ inventory_hostname }}}} {{{{ result | to_json | b64encode }}}} END"
"""
PYTHONS = 'clean-defaults:only-python27:only-python36:broken-python3'


@pytest.fixture
def run_verb(edge_core: Path, play: Run, standard_fleet: Fleet, tmp_path: Path) -> Any:
    """run_verb(verb, arguments, hosts=..., keywords=[...], options=[...]) -> {host: result}."""

    def run(
        verb: str,
        arguments: dict[str, Any],
        hosts: str = PYTHONS,
        keywords: tuple[str, ...] = (),
        options: tuple[str, ...] = (),
        **environment: str,
    ) -> dict[str, dict[str, Any]]:
        playbook = tmp_path / 'verb.yml'
        playbook.write_text(
            PLAYBOOK.format(
                hosts=hosts,
                verb='nodetcp.paws.%s' % verb,
                arguments=json.dumps(arguments),
                keywords='\n      '.join(keywords),
            )
        )
        ended = play(
            edge_core,
            str(playbook),
            '-i',
            standard_fleet.inventory,
            *options,
            ANSIBLE_COLLECTIONS_PATH=str(CHECKOUT / 'playbooks' / 'collections'),
            **environment,
        )
        assert 'Traceback' not in ended.stdout, ended.stdout
        results = {}
        for part in ended.stdout.split('RESULT ')[1:]:
            name, encoded = part.split(' END')[0].split()
            results[name] = json.loads(base64.b64decode(encoded))
        wanted = [name for name in hosts.split(':') if name in standard_fleet.hosts]
        assert sorted(results) == sorted(wanted), ended.stdout
        return results

    return run


def test_facts_are_the_record_and_nothing_else(run_verb: Any) -> None:
    for name, result in run_verb('tcp_facts', {}).items():
        facts = result['ansible_facts']
        assert set(facts) <= {'nodetcp', 'discovered_interpreter_python'}, name
        assert facts['nodetcp']['source']['hostname'] == name
        assert result['changed'] is False


def test_a_node_without_a_python_that_core_supports_needs_no_setting(run_verb: Any) -> None:
    results = run_verb('tcp_facts', {'gather': ['sysctls']})
    for name in ('only-python27', 'broken-python3'):
        if name in results:
            assert results[name]['ansible_facts']['nodetcp']['source']['python'].startswith('2.7')


@pytest.mark.parametrize('pipelining', ['true', 'false'])
def test_with_and_without_pipelining(run_verb: Any, pipelining: str) -> None:
    for result in run_verb('paws_audit', {'return_record': True}, ANSIBLE_PIPELINING=pipelining).values():
        assert result['verdict'] == 'clean'
        assert result['record']['schema'] == 1


def test_check_mode_become_and_environment(run_verb: Any) -> None:
    keywords = (
        'become: true',
        'become_method: ansible.builtin.su',
        'environment: {TEXT: "it\'s \\"quoted\\" \\\\ \'\'\'"}',
    )
    for result in run_verb('paws_audit', {}, keywords=keywords, options=('--check', '--diff')).values():
        assert result['verdict'] == 'clean'
        assert result['changed'] is False


def test_a_node_audited_without_root_says_what_it_could_not_see(run_verb: Any) -> None:
    result = run_verb('paws_audit', {}, hosts='no-root')['no-root']
    assert 'no permission' in result['unavailable']['namespaces']


def test_a_window_is_measured_in_one_task_when_asked(run_verb: Any) -> None:
    result = run_verb('paws_audit', {'window': 1}, hosts='clean-defaults')['clean-defaults']
    assert result['watch'] is False
    assert result['verdict'] == 'clean'


@pytest.mark.parametrize('root', ['relative', '/does/not/exist', "/it's \"quoted\" ''' \\"])
def test_a_root_that_is_none(run_verb: Any, root: str) -> None:
    for result in run_verb('tcp_facts', {'root': root}).values():
        assert result['failed']
        assert root in result['msg']


def test_a_broken_rule_is_named_before_the_node_is_asked(run_verb: Any) -> None:
    rules = [{'id': 'mine', 'title': 'x', 'severity': 'worst'}]
    for result in run_verb('paws_audit', {'rules': rules}, hosts='clean-defaults').values():
        assert result['failed']
        assert "'mine'" in result['msg']
        assert 'rules[0]' in result['msg']


def test_async_where_core_supports_the_python_and_a_clear_refusal_elsewhere(run_verb: Any) -> None:
    results = run_verb('paws_audit', {}, hosts='clean-defaults:only-python27', keywords=('async: 60', 'poll: 1'))
    assert results['clean-defaults']['verdict'] == 'clean'
    if results.get('only-python27', {}).get('failed'):
        assert 'run the task without async' in results['only-python27']['msg']


def test_async_that_nobody_waits_for_is_refused(run_verb: Any) -> None:
    result = run_verb('tcp_facts', {}, hosts='clean-defaults', keywords=('async: 60', 'poll: 0'))['clean-defaults']
    assert result['failed']
    assert 'poll greater than 0' in result['msg']


def test_local_connection(edge_core: Path, play: Run) -> None:
    ended = play(edge_core, str(CHECKOUT / 'playbooks' / 'audit.yml'), '-i', 'localhost,', '-c', 'local')
    assert ended.returncode == 0, ended.stdout


HOSTILE_SHELL = """\
#!/bin/sh
# The login shell of a node that wants to run something on the controller.
case "$*" in
*NODETCP_PYTHON*) echo 'NODETCP_PYTHON=/usr/bin/{{ lookup("ansible.builtin.pipe", "touch %s") }}/python3' ;;
*command\\ -v*) exit 127 ;;
*) exec /bin/sh "$@" ;;
esac
"""


def test_what_a_node_says_of_its_python_is_never_evaluated(edge_core: Path, play: Run, tmp_path: Path) -> None:
    trace, shell = tmp_path / 'trace', tmp_path / 'shell'
    shell.write_text(HOSTILE_SHELL % trace)
    shell.chmod(0o755)
    ended = play(
        edge_core,
        str(CHECKOUT / 'playbooks' / 'audit.yml'),
        *('-i', 'localhost,', '-c', 'local', '-e', 'ansible_shell_executable=%s' % shell),
        *('-e', 'audit_collector=python'),  # a node without Python is looked at by its shell otherwise
    )
    assert ended.returncode != 0
    assert 'no Python on the node starts' in ended.stdout
    assert not trace.exists()
