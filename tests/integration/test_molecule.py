# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The three roles as molecule tests them, whose default driver takes hosts that are there: those of the test fleet."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import processes
from tests.fleet import Fleet, hosts

CHECKOUT = Path(__file__).resolve().parents[2]
SCENARIOS = CHECKOUT / 'extensions' / 'molecule'
PROGRAMS = Path(sys.executable).parent
HOSTS = ('clean-defaults', 'exposed-el7')


@pytest.fixture(scope='module')
def inventory(fleet_possible: None) -> Iterator[str]:
    """Hosts of their own: a scenario may be stopped in the middle, which the other tests must not notice."""
    if importlib.util.find_spec('molecule') is None:
        pytest.skip('molecule is not installed (it needs Python 3.11)')
    with Fleet([host for host in hosts.standard() if host.name in HOSTS]) as fleet:
        yield fleet.inventory


def test_each_role_has_a_scenario() -> None:
    roles = {path.name for path in (CHECKOUT / 'roles').iterdir()}
    assert {path.parent.name for path in SCENARIOS.glob('*/molecule.yml')} == roles


@pytest.mark.parametrize('role', ['audit', 'rollback', 'safe_sysctl'])
def test_a_scenario_passes(inventory: str, role: str, tmp_path: Path) -> None:
    environment = {
        'PATH': '%s:%s' % (PROGRAMS, os.environ['PATH']),
        'HOME': str(tmp_path),
        'LC_ALL': 'C.UTF-8',
        'NO_COLOR': '1',
        'PAWS_FLEET': inventory,
    }
    ended = processes.run([PROGRAMS / 'molecule', 'test', '-s', role], CHECKOUT, environment)
    assert ended.returncode == 0, ended.stdout
    assert 'verify: Executed: Successful' in ended.stdout, ended.stdout
