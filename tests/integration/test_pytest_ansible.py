# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests of modules/, which pytest-ansible runs in a process of its own."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
MODULES = Path(__file__).parent / 'modules'


def test_each_public_module(fleet_possible: None, tmp_path: Path) -> None:
    if importlib.util.find_spec('pytest_ansible') is None:
        pytest.skip('pytest-ansible is not installed (it needs Python 3.11)')
    ended = subprocess.run(
        [
            sys.executable,
            '-m',
            'pytest',
            '-c',
            str(MODULES / 'pytest.ini'),
            '-q',
            '-p',
            'no:cacheprovider',
            str(MODULES),
        ],
        cwd=tmp_path,
        env={
            'PATH': os.environ['PATH'],
            'HOME': str(tmp_path),
            'LC_ALL': 'C.UTF-8',
            'ANSIBLE_CONFIG': str(CHECKOUT / 'ansible.cfg'),
            'ANSIBLE_COLLECTIONS_PATH': str(CHECKOUT / 'playbooks' / 'collections'),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
    assert ' passed' in ended.stdout, ended.stdout
    assert 'skipped' not in ended.stdout, ended.stdout
