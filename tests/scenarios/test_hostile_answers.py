# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node that answers an order to undo with anything it likes: nothing of it is lost or shown for the other hosts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.scenarios.conftest import CHECKOUT, Run

ANSWER: dict[str, Any] = {
    'changed': True,
    'change_set': '20260101T000000Z-00000000',
    **{part: [] for part in ('restored', 'held', 'drifted', 'notes', 'diff')},
}


def test_a_rollback_tells_of_all_hosts_whatever_one_answers(newest_core: Path, play: Run, tmp_path: Path) -> None:
    """The interpreter of each host is a program that prints an answer of its own."""
    answers: dict[str, Any] = {
        'good': ANSWER,
        'held': {**ANSWER, 'held': [{}]},
        'number': {**ANSWER, 'restored': 7},
        'list': ['x'],
        'id': {**ANSWER, 'change_set': 'x\x1b[2J\ngood  untouched'},
    }
    hosts = {}
    for name, answer in answers.items():
        program = tmp_path / name
        program.write_text("#!/bin/sh\ncat <<'END'\n%s\nEND\n" % json.dumps({'nodetcp_paws': answer, 'changed': False}))
        program.chmod(0o755)
        hosts[name] = {'ansible_connection': 'local', 'ansible_python_interpreter': str(program)}
    (tmp_path / 'hosts.json').write_text(json.dumps({'all': {'hosts': hosts}}))
    ended = play(newest_core, str(CHECKOUT / 'playbooks' / 'rollback.yml'), '-i', 'hosts.json')
    assert ended.returncode != 0
    rows = ended.stdout.partition('PLAY RECAP')[2]
    assert 'good  rolled back  change set 20260101T000000Z-00000000: 0 restored' in rows, ended.stdout
    for name, words in (('held', 'see held in it'), ('number', 'see restored in it'), ('list', 'is not an object')):
        assert "%s  failed  the node's answer to rollback " % name in rows
        assert words in rows
    assert 'id  failed  ' in rows
    assert '\x1b' not in ended.stdout
    assert 'Traceback' not in ended.stdout
