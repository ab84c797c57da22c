# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The node program on every Python of this machine: its own tests, as plain unittest with nothing installed."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from tests.gates.gates import CHECKOUT
from tools import pythons

NODE_TESTS = 'tests/unit/plugins/module_utils/_node'
PROMISED = [(2, 7), *((3, minor) for minor in range(5, 15))]
COMPILE = """
import io, os, sys
for top in sys.argv[1:]:
    for place, _, names in os.walk(top):
        for name in sorted(names):
            if name.endswith('.py'):
                path = os.path.join(place, name)
                with io.open(path, 'rb') as handle:
                    compile(handle.read(), path, 'exec')
"""

# One of each version; the one that runs pytest takes these tests as part of tests/unit.
FOUND = list(
    {
        python.version[:2]: python
        for python in reversed(pythons.find())
        if python.version[:2] in PROMISED and python.version[:2] != sys.version_info[:2]
    }.values()
)[::-1]
HERE = {sys.version_info[:2], *(python.version[:2] for python in FOUND)}
MISSING = [version for version in PROMISED if version not in HERE]


def run(python: pythons.Python, *arguments: str, **environment: str) -> str:
    """Standard output and error of one interpreter with none of the user's settings or packages; it must end well."""
    done = subprocess.run(
        [python.path, '-B', *arguments],
        cwd=CHECKOUT,
        env={
            'PATH': os.environ['PATH'],
            'LC_ALL': 'C.UTF-8',
            'PYTHONNOUSERSITE': '1',
            'PYTHONWARNINGS': 'error',
            **environment,
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, '%s %s\n%s' % (python.path, ' '.join(arguments), done.stdout)
    return done.stdout


def _sampled(number: int, python: pythons.Python) -> Any:
    """The oldest of Python 2, the oldest and the newest of Python 3 always, those between in the long run."""
    edge = number == len(FOUND) - 1 or python.version[0] == 2 or FOUND[number - 1].version[0] == 2 or not number
    return pytest.param(python, id='%s-%s' % (python.name, python.path), marks=[] if edge else [pytest.mark.long])


@pytest.mark.xdist_group('node pythons')  # one after the other: they look at all namespaces of the machine
@pytest.mark.parametrize('python', [_sampled(number, python) for number, python in enumerate(FOUND)])
def test_node_program_passes_its_tests(python: pythons.Python) -> None:
    run(python, '-c', COMPILE, 'plugins/module_utils', 'plugins/modules')
    # Random moments need not be as many on each Python: the oldest has them all, and the one that runs pytest.
    kills = {} if python is FOUND[0] else {'NODETCP_KILLS': '10'}
    output = run(python, '-m', 'unittest', 'discover', '-s', NODE_TESTS, **kills)
    assert 'Ran 0 tests' not in output


@pytest.mark.long
@pytest.mark.parametrize('python', FOUND[:1] + FOUND[1:][-1:], ids=lambda python: python.name)
def test_changes_killed_at_300_moments(python: pythons.Python) -> None:
    """The first and the last interpreter: what the test above does at 60, at others."""
    if os.geteuid():
        pytest.skip('needs root to make namespaces')
    tests = NODE_TESTS + '/test_private_node.py'
    output = run(python, tests, 'TestRandomKills', NODETCP_KILLS='300', NODETCP_SEED='2')
    assert 'Ran 1 test' in output
    assert 'skipped' not in output


@pytest.mark.long
def test_rollbacks_one_after_the_other_in_1000_scenarios() -> None:
    if os.geteuid():
        pytest.skip('needs root: nothing else may own a store')
    here = pythons.Python(sys.version_info[:3], sys.executable)
    output = run(here, NODE_TESTS + '/test_held_back.py', 'TestAtRandom', NODETCP_ROLLBACKS='1000', NODETCP_SEED='2')
    assert 'Ran 1 test' in output


@pytest.mark.parametrize('version', MISSING, ids=lambda version: '%d.%d' % version)
def test_node_program_on_a_python_that_is_not_here(version: tuple[int, int]) -> None:
    pytest.skip('no Python %d.%d here: its syntax and library were checked by vermin alone' % version)
