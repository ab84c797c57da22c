# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection packed and installed, the programs that others run it with, and a small fleet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ecosystem import packed
from tests.fleet import Fleet, hosts
from tests.fleet.conftest import fleet_possible
from tests.gates.gates import programs_of
from tests.scenarios.conftest import edge_core, play

__all__ = ['edge_core', 'fleet_possible', 'play']

# One of each kind: nothing to do, a file, an old kernel that becomes exposed or is, Python 2.7 and 3.6, containers
SMALL = ('clean-files', 'stale-sysctl-d', 'latent-sysctl-d', 'exposed-el7', 'exposed-el7-python27', 'only-python36')


@pytest.fixture(scope='session')
def programs() -> Path:
    """The directory with ansible-builder, ansible-runner and an ansible-core for them."""
    try:
        return programs_of('ecosystem')
    except OSError as exc:
        pytest.skip(str(exc))


@pytest.fixture(scope='session')
def tarball(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packed.build(programs, tmp_path_factory.mktemp('tarball'))


@pytest.fixture(scope='session')
def installed(programs: Path, tarball: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collections path that holds what the tarball installs, of which all is removed that a run must not need."""
    place = tmp_path_factory.mktemp('installed')
    packed.reduce(packed.install(programs, tarball, place))
    return place


@pytest.fixture(scope='module')
def small_fleet(fleet_possible: None) -> Iterator[Fleet]:
    with Fleet([host for host in hosts.standard() if host.name in SMALL]) as fleet:
        yield fleet
