# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tree of a capture as a file system in memory: what the node program's Tree asks of `os`, and nothing else.

Nothing of a capture is written to the controller's disk, and no path of it reaches the controller's kernel.
"""

import errno
import itertools
import os
import stat
from typing import NoReturn

from .shape import DIRECTORY, FILE, LINK, Entry, Shape

# Where the tree stands for Tree: another root than that of a live node, and no path that a kernel could find.
ROOT = '/dev/null/capture'
# Stands for a file that says nothing of sysctls and so did not travel: units without a line would be masks.
UNSAID = b'#\n'


class Memory:
    """open, read, close, stat, lstat, listdir and readlink of os, for the paths below ROOT, which are bytes."""

    def __init__(self, shape: Shape) -> None:
        entries = dict(shape.whole())
        self._entries: dict[str, Entry] = {'': Entry(DIRECTORY), **entries}
        self._numbers = {path: number for number, path in enumerate(self._entries, 1)}
        self._names: dict[str, list[bytes]] = {
            path: [] for path, entry in self._entries.items() if _is(entry, DIRECTORY)
        }
        for path in entries:
            above, _slash, name = path.rpartition('/')
            self._names[above].append(_raw(name))
        self._open: dict[int, memoryview] = {}
        self._handles = itertools.count(3)

    def open(self, path: bytes, _flags: int) -> int:
        entry = self._entry(path)
        handle = next(self._handles)
        self._open[handle] = memoryview(UNSAID if entry.content is None and entry.size else entry.content or b'')
        return handle

    def read(self, handle: int, size: int) -> bytes:
        data = self._open[handle]
        self._open[handle] = data[size:]
        return bytes(data[:size])

    def close(self, handle: int) -> None:
        del self._open[handle]

    def stat(self, path: bytes) -> os.stat_result:
        """As lstat(): whoever asks has resolved the links. One that leads nowhere is not there."""
        entry = self._entry(path)
        if entry.kind == LINK:
            _fail(errno.ENOENT, path)
        return self.lstat(path)

    def lstat(self, path: bytes) -> os.stat_result:
        entry = self._entry(path)
        kind = {DIRECTORY: stat.S_IFDIR, LINK: stat.S_IFLNK, FILE: stat.S_IFREG}[entry.kind]
        mode = kind | (0o755 if entry.runs or entry.kind != FILE else 0o644)
        content = entry.size if entry.content is None else len(entry.content)
        return os.stat_result((mode, self._numbers[_inside(path)], 1, 1, 0, 0, content, 0, 0, 0))

    def listdir(self, path: bytes) -> list[bytes]:
        if self._entry(path).kind != DIRECTORY:
            _fail(errno.ENOTDIR, path)
        return list(self._names[_inside(path)])

    def readlink(self, path: bytes) -> bytes:
        entry = self._entry(path)
        if entry.kind != LINK:
            _fail(errno.EINVAL, path)
        return _raw(entry.target)

    def _entry(self, path: bytes) -> Entry:
        found = self._entries.get(_inside(path))
        if found is None:
            _fail(errno.ENOENT, path)
        return found


def _is(entry: Entry, kind: str) -> bool:
    return entry.kind == kind


def _raw(text: str) -> bytes:
    return text.encode('utf-8', 'surrogateescape')


def _inside(path: bytes) -> str:
    """The path within the tree, without a slash at its end; '' is its root."""
    return path.decode('utf-8', 'surrogateescape').removeprefix(ROOT).rstrip('/')


def _fail(number: int, path: bytes) -> NoReturn:
    raise OSError(number, os.strerror(number), path)
