# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running programs and counting what they cost, the same way for the collection and for its peers."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .memory import Memory
from .results import BenchmarkError

CHECKOUT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Cost:
    """Seconds of wall time, and of CPU (user and system) of the program with all it waited for."""

    wall: float
    user: float
    system: float
    output: bytes

    @property
    def cpu(self) -> float:
        return self.user + self.system


def run(command: Sequence[str], stdin: bytes = b'', memory: Memory | None = None) -> Cost:
    """Run a program in the checkout, with the checkout's ansible.cfg and no other setting of Ansible.

    Raises BenchmarkError, with what it said last, if it does not succeed.
    """
    started = time.monotonic()
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=CHECKOUT,
        env=_environment(),
    )
    assert process.stdin
    assert process.stdout
    with memory.watching(process.pid) if memory else contextlib.nullcontext():
        process.stdin.write(stdin)  # a program of ours reads all of it before it writes
        process.stdin.close()
        output = process.stdout.read()
    process.stdout.close()
    _pid, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        tail = output.decode(errors='replace').strip()[-2000:]
        raise BenchmarkError('%s ended with %d:\n%s' % (' '.join(command)[:200], process.returncode, tail))
    return Cost(wall, usage.ru_utime, usage.ru_stime, output)


def program(name: str) -> str:
    """A program of the virtual environment that runs this."""
    return str(Path(sys.executable).parent / name)


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith('ANSIBLE_')}
    return {**kept, 'ANSIBLE_CONFIG': str(CHECKOUT / 'ansible.cfg'), 'LC_ALL': 'C.UTF-8'}
