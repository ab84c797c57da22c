# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs of Ansible as tests run them: with nothing of this machine's environment but the path."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
COLLECTIONS = str(CHECKOUT / 'playbooks' / 'collections')


def environment(home: Path, **more: str) -> dict[str, str]:
    return {
        'PATH': os.environ['PATH'],
        'HOME': str(home),
        'LC_ALL': 'C.UTF-8',
        'ANSIBLE_CONFIG': str(CHECKOUT / 'ansible.cfg'),
        'ANSIBLE_NOCOLOR': '1',
        **more,
    }


def run(command: Sequence[object], cwd: Path, given: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """What a command ends with in that environment, within five minutes; its errors are among its output."""
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=given,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )


def begin(command: Sequence[object], cwd: Path, given: Mapping[str, str]) -> subprocess.Popen[str]:
    """The same while it goes on, in a session of its own."""
    return subprocess.Popen(
        [str(word) for word in command],
        cwd=cwd,
        env=given,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def running(*words: str) -> int:
    """How many processes of this machine have that command line."""
    found = 0
    for path in Path('/proc').glob('[0-9]*/cmdline'):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            found += path.read_bytes() == '\0'.join([*words, '']).encode()
    return found
