# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a running program holds in memory: looked at once a second, since nobody can ask for it afterwards."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator
from pathlib import Path

SECONDS = 1.0


class Memory:
    """MiB at most: `own`, resident in the process itself (its own high-water mark), and `together`, the proportional
    set size of it and all that it started, in which a page that forks share counts once.
    """

    def __init__(self) -> None:
        self.own = self.together = 0.0

    @contextlib.contextmanager
    def watching(self, pid: int) -> Iterator[None]:
        """Look at this process until the body ends."""
        ended = threading.Event()
        thread = threading.Thread(target=self._look_until, args=(pid, ended))
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _look_until(self, pid: int, ended: threading.Event) -> None:
        while True:
            self.own = max(self.own, _mib(pid, 'status', 'VmHWM'))
            self.together = max(self.together, sum(_mib(each, 'smaps_rollup', 'Pss') for each in _tree(pid)))
            if ended.wait(SECONDS):
                break


def _tree(pid: int) -> list[int]:
    found = [pid]
    for each in found:
        found += map(int, _text(each, 'task/%d/children' % each).split())
    return found


def _mib(pid: int, name: str, field: str) -> float:
    match = re.search(r'^%s:\s+(\d+) kB' % field, _text(pid, name), re.MULTILINE)
    return int(match[1]) / 1024 if match else 0.0


def _text(pid: int, name: str) -> str:
    """Empty when the process has ended."""
    try:
        return Path('/proc/%d/%s' % (pid, name)).read_text(encoding='ascii', errors='replace')
    except OSError:
        return ''
