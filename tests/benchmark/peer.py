# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection ansible.posix, which measurements compare with, out of the package `ansible`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from .results import BenchmarkError
from .running import CHECKOUT

PINNED = Path(__file__).with_name('peer.txt')  # where the version comes from, and its hash
WANTED = 'ansible_collections/ansible/posix/'


def collection() -> Path:
    """The directory of ansible.posix in the cache; the first call downloads the package. Raises BenchmarkError."""
    version = PINNED.read_text(encoding='utf-8').splitlines()[1].split()[0]
    place = CHECKOUT / '.cache' / version.replace('==', '-')
    if not place.exists():
        place.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent) as directory:
            _unpack(_download(Path(directory)), Path(directory) / 'unpacked')
            try:
                os.rename(Path(directory) / 'unpacked', place)
            except OSError:
                if not place.exists():  # else another process has unpacked it meanwhile
                    raise
    return place / WANTED


def _download(directory: Path) -> Path:
    """The package alone: ansible-core is there, and the package asks for other versions of it."""
    command = [sys.executable, '-m', 'pip', 'download', '--no-deps', '--ignore-requires-python', '--require-hashes']
    command += ['--no-input', '--disable-pip-version-check', '-qq', '-d', str(directory), '-r', str(PINNED)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchmarkError('the package with ansible.posix cannot be had: %s' % done.stderr.strip()[-500:])
    return next(directory.glob('*.whl'))


def _unpack(wheel: Path, directory: Path) -> None:
    with zipfile.ZipFile(wheel) as package:
        package.extractall(directory, [name for name in package.namelist() if name.startswith(WANTED)])
