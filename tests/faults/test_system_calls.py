# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each single call of an operation that writes or reads fails: all is old or all is new, and the word agrees."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.exploring import SHARES

HERE = Path(__file__).resolve().parent
COMPILER = shutil.which('cc') or shutil.which('gcc')


@pytest.mark.skipif(os.geteuid() != 0, reason='needs root: nothing else may own a store')
@pytest.mark.skipif(COMPILER is None, reason='no C compiler (cc): system calls cannot be made to fail')
@pytest.mark.skipif(not sys.platform.startswith('linux'), reason='LD_PRELOAD is of Linux')
@SHARES
def test_each_call_fails_once(tmp_path: Path, share: str) -> None:
    library = tmp_path / 'failing_calls.so'
    subprocess.run(
        [str(COMPILER), '-shared', '-fPIC', '-O1', '-o', library, HERE / 'failing_calls.c', '-ldl'], check=True
    )
    ended = subprocess.run(
        [sys.executable, HERE / 'failing_calls.py', tmp_path, 'all' if share == 'long' else 'some'],
        env={**os.environ, 'LD_PRELOAD': str(library)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    print('%d calls failed: %s' % (sum(found['cases'].values()), found['cases']))
    assert found['wrong'] == []
    assert len(found['cases']) == 10
    assert min(found['cases'].values()) > 1
