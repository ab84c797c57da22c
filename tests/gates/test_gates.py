# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gates, each as a test: the same commands as `make lint`, `make types`, `make sanity` and `make ecosystem`."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.gates.gates import GATES, LEFT_OUT, Gate, run

GPL = 'GPL-3.0-or-later'
HEADER = '# Copyright (c) 2026, somebody\n# SPDX-License-Identifier: %s\n' % GPL
# Lists what is ignored, as git does, and then another tool begins to write its cache.
SLOW_GIT = """\
#!/bin/sh
%s "$@" || exit
case "$*" in *--ignored*) mkdir -p .tool_cache; echo > .tool_cache/data ;; esac
"""


@pytest.mark.parametrize(
    'gate', [pytest.param(gate, id=gate.name, marks=[pytest.mark.long] * gate.long) for gate in GATES]
)
def test_gate_passes(gate: Gate) -> None:
    done = run(gate, capture=True)
    if done.returncode == LEFT_OUT:
        pytest.skip('gate %s: %s' % (gate.name, done.stdout.strip().splitlines()[-1]))
    assert done.returncode == 0, '%s\n%s' % (' '.join(gate.command), done.stdout)


@pytest.fixture
def small_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one licence, one file under it, and an ignored cache that comes while git is asked for it."""
    git = shutil.which('git')
    if git is None:
        pytest.skip('no git')
    checkout = tmp_path / 'checkout'
    (checkout / 'LICENSES').mkdir(parents=True)
    (checkout / 'LICENSES' / (GPL + '.txt')).write_text('The text of it\n')
    (checkout / '.gitignore').write_text(HEADER + '/.tool_cache/\n')
    subprocess.run([git, 'init', '--quiet'], cwd=checkout, check=True)
    programs = tmp_path / 'programs'
    programs.mkdir()
    (programs / 'git').write_text(SLOW_GIT % git)
    (programs / 'git').chmod(0o755)
    monkeypatch.setenv('PATH', os.pathsep.join([str(programs), os.environ['PATH']]))
    return checkout


def licences(checkout: Path) -> subprocess.CompletedProcess[str]:
    (gate,) = (gate for gate in GATES if gate.name == 'licences')
    done = run(gate, capture=True, checkout=checkout)
    if done.returncode == LEFT_OUT:
        pytest.skip(done.stdout)
    return done


def test_a_cache_that_another_tool_writes_meanwhile_needs_no_licence(small_checkout: Path) -> None:
    done = licences(small_checkout)
    assert (done.returncode, done.stdout) == (0, '')


def test_a_file_without_a_licence_is_named(small_checkout: Path) -> None:
    (small_checkout / 'new.py').write_text('print()\n')
    done = licences(small_checkout)
    assert done.returncode == 1
    assert 'new.py: no license identifier' in done.stdout
