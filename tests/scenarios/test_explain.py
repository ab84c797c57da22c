# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real runs of explain.yml: a file, what is piped in, and what is not there."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from tests.scenarios.conftest import CHECKOUT

PASTED = '    826164 passive connections rejected because of time stamp\n'


def explain(programs: Path, place: Path, *arguments: str, given: str = '') -> subprocess.CompletedProcess[str]:
    """explain.yml in a directory and a home of its own, with `given` piped in."""
    environment = {
        'PATH': os.environ['PATH'],
        'HOME': str(place),
        'LC_ALL': 'C.UTF-8',
        'ANSIBLE_CONFIG': str(CHECKOUT / 'ansible.cfg'),
        'ANSIBLE_NOCOLOR': '1',
    }
    command = [str(programs / 'ansible-playbook'), str(CHECKOUT / 'playbooks' / 'explain.yml'), *arguments]
    return subprocess.run(
        command, cwd=place, env=environment, input=given, capture_output=True, text=True, timeout=300, check=False
    )


def test_a_file_beside_the_user_is_read(edge_core: Path, tmp_path: Path) -> None:
    (tmp_path / 'pasted.txt').write_text(PASTED)
    done = explain(edge_core, tmp_path, '-e', 'from=pasted.txt')
    assert done.returncode == 0, done.stdout + done.stderr
    assert 'the server dropped 826164 SYNs since boot' in done.stdout
    told = json.loads((tmp_path / 'paws-report' / 'explain.json').read_text())
    assert told['texts'][0]['says'] == ['recycle_was_on']


def test_what_is_piped_in_is_read_and_told_in_chinese(edge_core: Path, tmp_path: Path) -> None:
    done = explain(edge_core, tmp_path, '-e', 'from=-', '-e', 'audit_language=zh', given=PASTED)
    assert done.returncode == 0, done.stdout + done.stderr
    assert '服务器因 net.ipv4.tcp_tw_recycle 曾开启而丢弃了 826164 个 SYN' in done.stdout


def test_nothing_to_read_is_an_error(newest_core: Path, tmp_path: Path) -> None:
    for arguments in ([], ['-e', 'from=missing.txt']):
        done = explain(newest_core, tmp_path, *arguments)
        assert done.returncode != 0
        assert 'name one, or - for standard input' in done.stdout
        assert 'Traceback' not in done.stdout + done.stderr
