# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A remediation by somebody who forgot -b: the plan says so. In check mode, on this machine itself."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.scenarios.conftest import CHECKOUT, Run

NOBODY = {
    'ansible_connection': 'local',
    'ansible_python_interpreter': '/usr/bin/python3' if os.path.exists('/usr/bin/python3') else sys.executable,
    'ansible_become_method': 'su',
    'ansible_become_user': 'nobody',
    'ansible_become_flags': '-s /bin/sh',
    'audit_window': 0,
    'safe_sysctl_settings': {'net.core.somaxconn': 54321},
}


@pytest.mark.skipif(os.geteuid() != 0, reason='needs root, to be somebody else')
def test_the_plan_asks_for_root(newest_core: Path, play: Run) -> None:
    path = str(CHECKOUT / 'playbooks' / 'remediate.yml')
    ended = play(newest_core, path, '-i', 'me,', '-b', '--check', '-e', json.dumps(NOBODY))
    assert ended.returncode == 2
    plan = ended.stdout.partition('TASK [Name a host')[0]
    assert 'me: its change cannot be planned: root is needed: run with -b\n' in plan
    assert 'errno' not in ended.stdout
