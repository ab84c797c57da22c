# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files below some paths: regular ones that may name a sysctl, and what was left out."""

import base64
import contextlib
import errno
import fnmatch
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from .._messages.message import Message, message
from .._text.values import words
from . import accepted

#: A file with more bytes is left out, with a notice.
MAX_SIZE = 4 * 1024 * 1024
#: Directories that hold what others made: histories, installed packages, caches.
LEFT_OUT = frozenset(
    words(
        '.git .hg .svn .bzr node_modules .venv venv .tox .nox .terraform .cache __pycache__ .mypy_cache .pytest_cache'
    )
)


#: The beginning of gzip in base64, and what packet filters call random ports.
_OTHERS = (b'H4sIA', b'random-fully', b'fully-random')
#: Characters of a name that are looked for in base64: names share beginnings.
_ENCODED = 8


class Prefilter:
    """Finds the names of keys in bytes. Plain searches, one after the other, take a third of one regular expression."""

    def __init__(self, keys: Iterable[str]) -> None:
        leaves = sorted({key.rpartition('.')[2] for key in keys})
        tcp = [leaf for leaf in leaves if leaf.startswith('tcp_')]
        plain = [_short(leaf).encode() for leaf in leaves]
        camel = [''.join(part.capitalize() for part in leaf.split('_')[1:]).encode() for leaf in tcp]
        encoded = [form for leaf in tcp for form in forms(leaf[:_ENCODED].encode())]
        self._words = tuple(dict.fromkeys([*plain, *camel, *encoded, *_OTHERS]))

    def finds(self, data: bytes) -> bool:
        """Whether the bytes name one of the keys, or might."""
        return any(word in data for word in self._words)


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


def forms(word: bytes) -> list[bytes]:
    """The parts of base64 that stand for the whole word, one for each offset within three bytes."""
    found = []
    for offset in range(3):
        text = base64.b64encode(b'\0' * offset + word)
        found.append(text[(0, 2, 3)[offset] : len(text) - (0, 3, 2)[(offset + len(word)) % 3]])
    return found


def _short(leaf: str) -> str:
    """The part of a name that loops over names keep: `for k in tw_recycle tw_reuse` writes tcp_$k."""
    short = leaf.removeprefix('tcp_')
    return short if '_' in short else leaf
