# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a node may answer to a look, or say where it fails: one clean sentence, never a traceback or an escape."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.action import (
    paws_audit,
    paws_info,
    paws_locate,
    paws_watch,
    syn_info,
    sysctl_policy,
    tcp_facts,
    tcp_probe,
    time_wait_info,
)
from ansible_collections.nodetcp.paws.plugins.plugin_utils._transport import node_action

ASKED: dict[Any, dict[str, Any]] = {
    tcp_facts: {},
    paws_audit: {},
    paws_info: {},
    time_wait_info: {},
    syn_info: {},
    tcp_probe: {'host': '192.0.2.1', 'port': 80},
    paws_locate: {'what': 'web1'},
    paws_watch: {'port': 80},
    sysctl_policy: {'settings': {'net.core.somaxconn': '4096'}, 'change_set': 'A'},
}
ANSWERS: list[Any] = [['x'], [], None, 'text', 7, True, {}, {'record': None}, {'record': []}, {'attempts': [None]}]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The result of a verb of which the node program gives this."""

    def ask(verb: Any, data: Any, become: str = '', python: str = '/usr/bin/python3') -> dict[str, Any]:
        action = object.__new__(verb.ActionModule)
        action._task = SimpleNamespace(
            async_val=0, poll=0, action='nodetcp.paws.verb', check_mode=False, delegate_to=None, diff=False, args={}
        )
        plugin = SimpleNamespace(name=become) if become else None
        action._connection = SimpleNamespace(transport='ssh', become=plugin)
        action._templar = None
        action._discovered_interpreter = None
        spec = SimpleNamespace(validated_parameters=arguments(verb, ASKED[verb]))
        monkeypatch.setattr(node_action.ActionBase, 'run', lambda self, tmp=None, task_vars=None: {})
        monkeypatch.setattr(verb.ActionModule, 'validate_argument_spec', lambda self, argument_spec: (spec, {}))
        monkeypatch.setattr(verb.ActionModule, '_run_module', lambda self, module_args, task_vars: data)
        monkeypatch.setattr(verb.ActionModule, '_used_interpreter', None, raising=False)
        result: dict[str, Any] = action.run(task_vars={'ansible_python_interpreter': python})
        return result

    return ask


def arguments(verb: Any, given: dict[str, Any]) -> dict[str, Any]:
    return {**{name: each.get('default') for name, each in verb.ActionModule.SPEC.items()}, **given}


@pytest.mark.parametrize('answer', ANSWERS)
@pytest.mark.parametrize('verb', ASKED, ids=lambda verb: verb.__name__.rpartition('.')[2])
def test_an_answer_that_is_none_is_one_sentence(asked: Any, verb: Any, answer: Any) -> None:
    result = asked(verb, {'changed': False, 'nodetcp_paws': answer})
    assert result['failed']
    assert 0 < len(result['msg']) < 400
    assert '\n' not in result['msg']


@pytest.mark.parametrize('verb', ASKED, ids=lambda verb: verb.__name__.rpartition('.')[2])
def test_what_a_node_says_is_bounded_and_cannot_steer_a_terminal(asked: Any, verb: Any) -> None:
    said = 'no\x1b[2J\x1b]0;owned\x07 \u202e\r\nweb1 : ok=1 ' + 'x' * (60_000_000 if verb is tcp_facts else 100_000)
    for data in (
        {'failed': True, 'refused': True, 'msg': said},
        {'failed': True, 'msg': 'the node program failed: ' + said},
        {'failed': True, 'module_stderr': said, 'msg': said, 'rc': 1},
    ):
        result = asked(verb, data)
        assert result['failed']
        assert len(result['msg']) <= node_action.MESSAGE_MAX
        assert not {'\x1b', '\x07', '\u202e', '\r', '\n'} & set(result['msg'])


def test_become_that_does_not_work_is_not_a_missing_python(asked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {'rc': 127, 'stdout': '', 'stderr': '/bin/sh: 1: sudo: not found'}
    monkeypatch.setattr(tcp_facts.ActionModule, '_low_level_execute_command', lambda self, command: said)
    result = asked(tcp_facts, {'failed': True, 'rc': 127, 'msg': 'x'}, become='sudo', python='auto')
    assert result['msg'].startswith('become by sudo does not work on the node: /bin/sh: 1: sudo: not found.')
    assert 'ansible_become_method' in result['msg']
    assert 'Python' in asked(tcp_facts, {'failed': True, 'rc': 127, 'msg': 'x'}, python='auto')['msg']
