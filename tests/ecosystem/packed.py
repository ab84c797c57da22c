# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection as users get it: packed by ansible-galaxy, and installed from that tarball into an empty place."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.gates.gates import CHECKOUT

RUN_TIME = {'meta', 'playbooks', 'plugins', 'roles'}


def build(programs: Path, place: Path) -> Path:
    """The tarball that the ansible-galaxy of these programs makes of this checkout, in `place`."""
    _galaxy(programs, place, 'build', '--force', '--output-path', str(place))
    (tarball,) = place.glob('nodetcp-paws-*.tar.gz')
    return tarball


def install(programs: Path, tarball: Path, place: Path) -> Path:
    """Install it with nothing else below `place`, a collections path; the directory of the collection."""
    _galaxy(programs, place, 'install', '--offline', '--no-deps', '--collections-path', str(place), str(tarball))
    return place / 'ansible_collections' / 'nodetcp' / 'paws'


def reduce(collection: Path) -> None:
    """Remove all that a run must not need: everything but meta, plugins, roles and playbooks."""
    for entry in collection.iterdir():
        if entry.name not in RUN_TIME:
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()


def _galaxy(programs: Path, home: Path, *arguments: str) -> None:
    done = subprocess.run(
        [str(programs / 'ansible-galaxy'), 'collection', *arguments],
        cwd=CHECKOUT if arguments[0] == 'build' else home,
        env={'PATH': os.environ['PATH'], 'HOME': str(home), 'LC_ALL': 'C.UTF-8', 'ANSIBLE_NOCOLOR': '1'},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stdout)
