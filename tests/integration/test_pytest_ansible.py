# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests of modules/, which pytest-ansible runs in a process of its own."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from tests import processes

CHECKOUT = Path(__file__).resolve().parents[2]
MODULES = Path(__file__).parent / 'modules'


def test_each_public_module(fleet_possible: None, tmp_path: Path) -> None:
    if importlib.util.find_spec('pytest_ansible') is None:
        pytest.skip('pytest-ansible is not installed (it needs Python 3.11)')
    ended = processes.run(
        [sys.executable, '-m', 'pytest', '-c', MODULES / 'pytest.ini', '-q', '-p', 'no:cacheprovider', MODULES],
        tmp_path,
        processes.environment(tmp_path, ANSIBLE_COLLECTIONS_PATH=processes.COLLECTIONS),
    )
    assert ended.returncode == 0, ended.stdout
    assert ' passed' in ended.stdout, ended.stdout
    assert 'skipped' not in ended.stdout, ended.stdout
