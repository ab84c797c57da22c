# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trees made after public files, units, profiles and reports, with their right verdicts, audited by the playbook."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.scenarios.conftest import CHECKOUT, Run

WILD = CHECKOUT.parent / 'shared' / 'fixtures' / 'wild'
pytestmark = pytest.mark.skipif(
    not WILD.is_dir(), reason='the trees made after public material (shared/fixtures/wild) are not here'
)


def test_every_tree_has_its_right_verdict(edge_core: Path, play: Run, tmp_path: Path) -> None:
    cases = json.loads((WILD / 'cases.json').read_text(encoding='utf-8'))
    hosts = ['%s audit_root=%s' % (case['tree'], WILD / case['tree']) for case in cases]
    (tmp_path / 'hosts').write_text('\n'.join([*hosts, '[all:vars]', 'ansible_connection=local', '']))
    ended = play(edge_core, str(CHECKOUT / 'playbooks' / 'audit.yml'), '-i', 'hosts')
    assert ended.returncode == 0, ended.stdout + ended.stderr
    document = json.loads((tmp_path / 'paws-report' / 'audit.json').read_text(encoding='utf-8'))
    found = {host['name']: host for host in document['hosts']}
    wrong = []
    for case in cases:
        host = found[case['tree']]
        rules = {finding['rule'] for finding in host['findings']}
        right = host['verdict'] in case['right'] and set(case['must']) <= rules and not set(case['mustnot']) & rules
        if not right:
            wrong.append((case['tree'], host['verdict'], sorted(rules)))
    assert wrong == []
