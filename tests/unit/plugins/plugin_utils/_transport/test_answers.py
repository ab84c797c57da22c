# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a node may answer to the operations that change it: the promised shape, and nothing that ends a whole run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.module_utils._node.operations import (
    apply,
    change_set_info,
    confirm,
    forget,
)
from ansible_collections.nodetcp.paws.plugins.module_utils._node.operations import rollback as undo
from ansible_collections.nodetcp.paws.plugins.plugin_utils._transport import answers

RUN = '20260101T000000Z-00000000'
CHANGE = {'key': 'a.b', 'before': '1', 'after': '0', 'reason': None, 'file': None, 'line': None}
APPLIED: dict[str, Any] = {
    'changed': True,
    'change_set': RUN,
    **{part: [] for part in ('diff', 'notes', 'restored', 'not_restored')},
    'changes': [{**CHANGE, 'what': 'running', 'namespace': 'host'}],
}
ROLLED_BACK: dict[str, Any] = {
    'changed': True,
    'change_set': RUN,
    **{part: [] for part in ('diff', 'notes', 'restored', 'drifted')},
    'held': [{'what': 'running', 'key': 'a.b', 'namespace': 'host', 'file': None, 'line': None, 'value': '1'}],
}


@pytest.mark.skipif(os.geteuid() != 0, reason='needs root: nothing else may own a store')
def test_what_the_node_program_answers_passes(tmp_path: Path) -> None:
    """There and back on a tree of its own, each operation once."""
    (tmp_path / 'etc/sysctl.d').mkdir(parents=True)
    (tmp_path / 'proc/sys/net/ipv4').mkdir(parents=True)
    (tmp_path / 'etc/sysctl.d/x.conf').write_text('net.ipv4.tcp_tw_recycle = 1\n')
    place = {'root': str(tmp_path), 'change_set': RUN, 'who': 'me'}
    asked = {**place, 'settings': {'net.ipv4.tcp_syncookies': '1'}, 'absent': ['net.ipv4.tcp_tw_recycle']}
    for check_mode in (True, False):
        answer = apply.run({**asked, 'check_mode': check_mode})
        assert answers.checked('apply', answer)['changes'], 'something is to change'
    info = answers.checked('change_set_info', change_set_info.run({'root': str(tmp_path)}))
    assert [each['id'] for each in info['change_sets']] == [RUN]
    answers.checked('confirm', confirm.run(place))
    assert answers.checked('rollback', undo.run(place))['restored']
    assert answers.checked('forget', forget.run(place))['removed'] == [RUN]


@pytest.mark.parametrize(
    ('operation', 'answer', 'part'),
    [
        ('apply', ['x'], 'not an object'),
        ('apply', {**APPLIED, 'changes': [{}]}, 'changes'),
        ('apply', {**APPLIED, 'changes': ['x']}, 'changes'),
        ('apply', {**APPLIED, 'changes': [{**CHANGE, 'what': 'blown up', 'namespace': 'host'}]}, 'changes'),
        ('apply', {**APPLIED, 'changes': [{**APPLIED['changes'][0], 'more': 1}]}, 'changes'),
        ('apply', {**APPLIED, 'changes': APPLIED['changes'] * (answers.LIST_MAX + 1)}, 'changes'),
        ('apply', {**APPLIED, 'notes': ['x' * (answers.TEXT_MAX + 1)]}, 'notes'),
        ('apply', {**APPLIED, 'diff': 'x'}, 'diff'),
        ('apply', {**APPLIED, 'changed': 'yes'}, 'changed'),
        ('apply', {**APPLIED, 'change_set': 'a\x1b[31m\nweb1  rolled back'}, 'change_set'),
        ('apply', {name: value for name, value in APPLIED.items() if name != 'notes'}, 'notes'),
        ('rollback', {**ROLLED_BACK, 'held': [{}]}, 'held'),
        ('rollback', {**ROLLED_BACK, 'held': 5}, 'held'),
        ('rollback', {**ROLLED_BACK, 'restored': 7}, 'restored'),
        ('rollback', {**ROLLED_BACK, 'drifted': [None]}, 'drifted'),
        ('forget', {'changed': True, 'removed': ['../../etc']}, 'removed'),
        ('change_set_info', {'change_sets': [{'id': RUN}]}, 'change_sets'),
    ],
)
def test_anything_else_is_refused_and_named(operation: str, answer: Any, part: str) -> None:
    answers.checked('apply', APPLIED)
    answers.checked('rollback', ROLLED_BACK)
    with pytest.raises(answers.AnswerError, match=part):
        answers.checked(operation, answer)
