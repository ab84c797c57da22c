# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The worked examples of "A day's work", followed on a copy of the checkout: diffs apply, commands succeed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.gates.gates import CHECKOUT

PAGE = CHECKOUT / 'docs' / 'guides' / 'days-work.md'
PARTS = (
    'plugins',
    'roles',
    'playbooks',
    'meta',
    'docs',
    'tools',
    'tests',
    'galaxy.yml',
    'ansible.cfg',
    'pyproject.toml',
)
NOT_COPIED = shutil.ignore_patterns('__pycache__', 'collections', 'machine', 'fixtures')


def sections() -> dict[str, list[tuple[str, str]]]:
    """{title: [(language, block)]} of those that have examples."""
    found = {}
    for part in PAGE.read_text(encoding='utf-8').split('\n## ')[1:]:
        blocks = re.findall(r'^```(\w+)\n(.*?)\n```$', part, re.DOTALL | re.MULTILINE)
        found[part.partition('\n')[0]] = blocks
    return found


def copied(place: Path) -> Path:
    for name in PARTS:
        source = CHECKOUT / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=NOT_COPIED, symlinks=True)
        else:
            shutil.copy(source, place / name)
    (place / '.venv').mkdir()
    (place / '.venv' / 'bin').symlink_to(Path(sys.executable).parent)
    link = place / 'playbooks' / 'collections' / 'ansible_collections' / 'nodetcp'
    link.mkdir(parents=True)
    (link / 'paws').symlink_to(place)
    return place


def followed(place: Path, language: str, block: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(('ANSIBLE_', 'PYTEST_'))}
    environment.update(ANSIBLE_CONFIG=str(place / 'ansible.cfg'), PYTHONDONTWRITEBYTECODE='1')
    command = ['git', 'apply', '--recount', '-'] if language == 'diff' else ['sh', '-ec', block]
    given = block + '\n' if language == 'diff' else None
    ended = subprocess.run(
        command, cwd=place, env=environment, input=given, text=True, capture_output=True, timeout=300, check=False
    )
    assert ended.returncode == 0, '%s\n%s%s' % (block, ended.stdout[-3000:], ended.stderr[-3000:])


@pytest.mark.parametrize('title', sections())
def test_the_example_works(tmp_path: Path, title: str) -> None:
    blocks = sections()[title]
    assert {language for language, _block in blocks} == {'diff', 'sh'}
    assert blocks[-1][0] == 'sh'
    place = copied(tmp_path)
    for language, block in blocks:
        followed(place, language, block)


def test_a_command_of_an_example_fails_without_its_diff(tmp_path: Path) -> None:
    language, block = sections()['A new format'][-1]
    with pytest.raises(AssertionError):
        followed(copied(tmp_path), language, block)
