# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users get: the collection as `ansible-galaxy collection build` packs it."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import yaml

from tests.gates.gates import CHECKOUT, environment, tracked

TOP = {
    *(
        'CHANGELOG.rst',
        'CODE_OF_CONDUCT.md',
        'CONTRIBUTING.md',
        'MAINTAINERS.md',
        'SECURITY.md',
        'FILES.json',
        'LICENSE',
        'MANIFEST.json',
        'README.md',
    ),
    '.ansible-lint',  # galaxy-importer reads it
    *('README.zh.md', 'requirements.txt'),
    *('changelogs', 'docs', 'extensions', 'meta', 'playbooks', 'plugins', 'roles'),
}


@pytest.fixture(scope='module')
def packed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Names in the tarball."""
    place: Path = tmp_path_factory.mktemp('build')
    command = [str(Path(sys.executable).parent / 'ansible-galaxy'), 'collection', 'build', '--output-path', str(place)]
    subprocess.run(
        command, cwd=CHECKOUT, env=environment(), check=True, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
    )
    (tarball,) = place.glob('nodetcp-paws-*.tar.gz')
    with tarfile.open(tarball) as archive:
        return archive.getnames()


def test_tarball_holds_what_users_need_and_nothing_else(packed: list[str]) -> None:
    assert {name.split('/')[0] for name in packed} <= TOP
    assert not [name for name in packed if name.endswith('.pyc') or '__pycache__' in name]
    assert not [name for name in packed if name.startswith('playbooks/collections')]


def test_tarball_holds_what_git_holds(packed: list[str]) -> None:
    try:
        listed = tracked('plugins', 'roles', 'playbooks', 'meta')
    except OSError as exc:
        pytest.skip(str(exc))
    assert set(listed) <= set(packed)


def test_every_verb_is_in_the_action_group() -> None:
    verbs = {place.stem for place in (CHECKOUT / 'plugins' / 'action').glob('*.py')} - {'__init__'}
    runtime = yaml.safe_load((CHECKOUT / 'meta' / 'runtime.yml').read_text(encoding='utf-8'))
    assert set(runtime['action_groups']['paws']) == verbs


def test_sanity_ignores_the_bootstrap_alone() -> None:
    for place in sorted((CHECKOUT / 'tests' / 'sanity').iterdir()):
        entries = [line.split(' #')[0].strip() for line in place.read_text().splitlines()]
        assert entries == ['plugins/modules/node_program.py validate-modules:ansible-module-not-initialized'], (
            place.name
        )
