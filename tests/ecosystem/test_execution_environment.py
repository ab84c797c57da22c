# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""execution-environment.yml as ansible-builder takes it: its build context, and what the image's steps make of it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.gates.gates import CHECKOUT, environment

DEFINITION = 'execution-environment.yml'


def run(programs: Path, directory: Path, *command: str) -> str:
    variables = {**environment(programs), 'HOME': str(directory)}
    variables.pop('ANSIBLE_CONFIG', None)  # with that of the checkout the collection is installed already
    done = subprocess.run(
        command, cwd=directory, env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope='module')
def context(programs: Path, tarball: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The build context, made beside a tarball as `make build` leaves it."""
    place = tmp_path_factory.mktemp('image')
    shutil.copy(CHECKOUT / DEFINITION, place)
    (place / 'build').mkdir()
    shutil.copy(tarball, place / 'build')
    run(programs, place, 'ansible-builder', 'create', '--output-filename', 'Containerfile')
    return place / 'context'


def test_image_installs_the_collection_and_what_it_needs(programs: Path, context: Path, tmp_path: Path) -> None:
    """The two steps of the image that concern the collection, done here: install, then look for requirements."""
    inside = context / '_build'
    collections = '/usr/share/ansible/collections'
    steps = (context / 'Containerfile').read_text(encoding='utf-8')
    assert 'COPY _build /build\nWORKDIR /build\n' in steps
    install = 'ansible-galaxy collection install $ANSIBLE_GALAXY_CLI_COLLECTION_OPTS -r requirements.yml'
    assert '%s --collections-path "%s"' % (install, collections) in steps
    words = ['-r', 'requirements.yml', '--collections-path', str(tmp_path), '--offline']
    run(programs, inside, 'ansible-galaxy', 'collection', 'install', *words)
    assert (tmp_path / 'ansible_collections' / 'nodetcp' / 'paws' / 'playbooks' / 'audit.yml').is_file()
    found = yaml.safe_load(run(programs, inside, 'python', 'scripts/introspect.py', 'introspect', str(tmp_path)))
    asked = {requirement.split('>')[0] for requirement in found['python']}
    assert asked == {'jmespath', 'dpkt'}
    assert found['system'] == []


def test_image_can_reach_nodes_and_has_the_newest_core(context: Path) -> None:
    assert 'openssh-clients' in (context / '_build' / 'bindep.txt').read_text(encoding='utf-8')
    newest = (CHECKOUT / 'tests' / 'cores' / '2.21.txt').read_text(encoding='utf-8')
    definition: dict[str, Any] = yaml.safe_load((CHECKOUT / DEFINITION).read_text(encoding='utf-8'))
    assert definition['dependencies']['ansible_core']['package_pip'] in newest.splitlines()
    runner = (CHECKOUT / 'tests' / 'ecosystem' / 'requirements.txt').read_text(encoding='utf-8')
    assert definition['dependencies']['ansible_runner']['package_pip'] in runner.splitlines()
