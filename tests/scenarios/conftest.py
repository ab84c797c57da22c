# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fleet for every scenario, and one ansible-core after the other."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import processes
from tests.fleet.conftest import fleet_possible, standard_fleet
from tools import venv

__all__ = ['fleet_possible', 'standard_fleet']

CHECKOUT = Path(__file__).resolve().parents[2]
# `make cores-next` names another one.
CORES = tuple(os.environ.get('PAWS_CORES', '2.16 2.19 2.21').split())

Run = Callable[..., 'subprocess.CompletedProcess[str]']


@pytest.fixture(scope='session', params=CORES)
def core(request: pytest.FixtureRequest) -> Path:
    """The directory with the programs of one ansible-core, each supported one in turn."""
    return _programs(request.param)


@pytest.fixture(scope='session', params=[CORES[0], CORES[-1]])
def edge_core(request: pytest.FixtureRequest) -> Path:
    """The same for the oldest and the newest one alone: what differs between cores differs there."""
    return _programs(request.param)


@pytest.fixture(scope='session', params=[pytest.param(CORES[0], marks=pytest.mark.long), CORES[-1]])
def usual_core(request: pytest.FixtureRequest) -> Path:
    """The newest one, in `make test-full` the oldest one too: for what takes long and seldom differs."""
    return _programs(request.param)


@pytest.fixture(scope='session')
def newest_core() -> Path:
    """The newest one alone: for what does not depend on the core."""
    return _programs(CORES[-1])


def _programs(version: str) -> Path:
    """Where the programs of that ansible-core are; left out where no Python of this machine runs it."""
    name = 'core-%s' % version
    made = subprocess.run(
        [sys.executable, str(CHECKOUT / 'tools' / 'venv.py'), name], capture_output=True, text=True, check=False
    )
    if made.returncode == venv.NO_PYTHON:
        pytest.skip(made.stderr.strip().splitlines()[-1])
    assert made.returncode == 0, made.stderr
    return CHECKOUT / venv.ENVIRONMENTS[name].directory / 'bin'


def recap(output: str) -> dict[str, dict[str, int]]:
    """Counts by host as the recap gives them."""
    lines = output.partition('PLAY RECAP')[2].splitlines()[1:]
    pairs = [(line.split(':')[0].strip(), dict(re.findall(r'(\w+)=(\d+)', line))) for line in lines if ' : ' in line]
    return {name: {word: int(number) for word, number in counts.items()} for name, counts in pairs}


def failed(output: str) -> set[str]:
    """The hosts that the recap blames."""
    return {name for name, counts in recap(output).items() if counts['failed'] or counts['unreachable']}


@pytest.fixture
def play(tmp_path: Path) -> Run:
    """play(programs, *arguments) runs ansible-playbook of that ansible-core in an empty directory and an empty home."""

    def run(programs: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [programs / 'ansible-playbook', *arguments]
        return processes.run(command, tmp_path, processes.environment(tmp_path, **environment))

    return run
