# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files below some paths: regular ones that may name a sysctl, and what was left out."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import contextlib
import errno
import fnmatch
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import Message, message
from ansible_collections.nodetcp.paws.plugins.plugin_utils._scan import accepted
from ansible_collections.nodetcp.paws.plugins.plugin_utils._scan.prefilter import Prefilter
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text.values import words

#: A file with more bytes is left out, with a notice.
MAX_SIZE = 4 * 1024 * 1024
#: Directories that hold what others made: histories, installed packages, caches.
LEFT_OUT = frozenset(
    words(
        '.git .hg .svn .bzr node_modules .venv venv .tox .nox .terraform .cache __pycache__ .mypy_cache .pytest_cache'
    )
)


def ignored(roots: Sequence[str]) -> list[tuple[str, str]]:
    """What the ignore files of the directories accept; one that cannot be read accepts nothing."""
    found: list[tuple[str, str]] = []
    for root in roots:
        with contextlib.suppress(OSError), open(os.path.join(root, accepted.FILE), encoding='utf-8') as handle:
            found += accepted.patterns(handle.read(MAX_SIZE))
    return found


@dataclass
class Walk:
    """Goes through the paths. seen: how many regular files there were; notices: [(path, what was left out and why)]."""

    prefilter: Prefilter
    exclude: Sequence[str] = ()
    seen: int = 0
    notices: list[tuple[str, Message]] = field(default_factory=list)

    def texts(self, roots: Sequence[str]) -> Iterator[tuple[str, str]]:
        """(path, text) of every file that may name a sysctl; paths are relative to the root.

        With several roots, or a file, they stay as they were given.
        """
        whole = len(roots) == 1 and os.path.isdir(roots[0])
        for root in roots:
            for path in self._files(root):
                shown = os.path.relpath(path, root) if whole else path
                shown = os.path.normpath(shown).replace(os.sep, '/')
                if not any(fnmatch.fnmatch(shown, pattern) for pattern in self.exclude):
                    text = self._text(path, shown)
                    if text is not None:
                        yield shown, text

    def _files(self, root: str) -> Iterator[str]:
        if not os.path.isdir(root):
            yield root
            return
        waiting = [root]
        while waiting:
            directory = waiting.pop()
            try:
                entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
            except OSError as exc:
                self._notice(directory, root, message('scan/unreadable', reason=exc.strerror or str(exc)))
                continue
            inner = []
            for entry in entries:
                if entry.is_symlink():
                    self._link(entry.path, root)
                elif entry.is_dir(follow_symlinks=False):
                    inner += [] if entry.name in LEFT_OUT else [entry.path]
                elif entry.is_file(follow_symlinks=False):
                    yield entry.path
            waiting += reversed(inner)

    def _link(self, path: str, root: str) -> None:
        """Links are not followed: what they lead to is seen in its own place. One that leads back is worth a notice."""
        try:
            os.stat(path)
        except OSError as exc:
            if exc.errno == errno.ELOOP:
                self._notice(path, root, message('scan/loop'))
            return
        if os.path.realpath(os.path.dirname(path)).startswith(os.path.realpath(path) + os.sep):
            self._notice(path, root, message('scan/loop'))

    def _text(self, path: str, shown: str) -> str | None:
        try:
            data = self._data(path, shown)
        except OSError as exc:
            self.notices.append((shown, message('scan/unreadable', reason=exc.strerror or str(exc))))
            return None
        if data is None or not self.prefilter.finds(data):
            return None
        if b'\0' in data[:8192]:
            self.notices.append((shown, message('scan/binary')))
            return None
        return data.decode('utf-8', 'replace')

    def _data(self, path: str, shown: str) -> bytes | None:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                self.notices.append((shown, message('scan/special')))
                return None
            self.seen += 1
            if status.st_size > MAX_SIZE:
                self.notices.append((shown, message('scan/large', bytes=status.st_size, most=MAX_SIZE)))
                return None
            return os.read(handle, MAX_SIZE)
        finally:
            os.close(handle)

    def _notice(self, path: str, root: str, said: Message) -> None:
        self.notices.append((os.path.relpath(path, root).replace(os.sep, '/'), said))
