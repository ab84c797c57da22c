# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Archives of reports, unpacked into a private directory: bounded, nothing outside of it, no link followed."""

import os
import re
import tarfile
from typing import IO

#: Bytes of one file, of all of them, of the whole archive unpacked; files.
FILE_MAX, ALL_MAX, ARCHIVE_MAX, FILES_MAX = 8 << 20, 256 << 20, 1 << 30, 50000
NAME_MAX, DEPTH_MAX = 1000, 40
#: Parts of reports that say nothing of TCP and are most of them.
_SKIPPED = re.compile(
    r'^[^/]+/(?:sos_(?:logs|strings|reports)/|sys/|proc/\d+/(?!net/|ns/|cgroup|comm)|boot/|var/(?!log/)|'
    r'var/log/(?!messages$|syslog$|kern\.log$|dmesg$)|usr/(?!lib/sysctl\.d|lib/tuned|local/lib/sysctl\.d|lib/systemd))'
)


class ArchiveError(ValueError):
    """The archive cannot be unpacked; the text says why."""


def is_archive(path: str) -> bool:
    """Whether a file is an archive of tar, compressed or not."""
    try:
        with tarfile.open(path, 'r:*') as archive:
            return archive.next() is not None
    except (tarfile.TarError, OSError, EOFError, ValueError, ArithmeticError):
        return False


def unpack(path: str, directory: str) -> None:
    """Unpack the regular files that matter, then the links whose place is still free. Raises ArchiveError."""
    links: list[tuple[str, str]] = []
    budget = _Budget()
    try:
        with tarfile.open(path, 'r|*') as archive:
            for member in archive:
                budget.passed(member)
                name = _name(member.name)
                if name is None or _SKIPPED.match(name):
                    continue
                if member.issym() and len(member.linkname) < NAME_MAX:
                    links.append((name, member.linkname))
                elif member.isreg() and budget.takes(member):
                    handle = archive.extractfile(member)
                    if handle is not None:
                        _write(os.path.join(directory, name), handle)
    except (tarfile.TarError, OSError, EOFError, ValueError, ArithmeticError) as error:
        raise ArchiveError(str(error)[:200]) from error
    for name, target in links[:FILES_MAX]:
        _link(directory, name, target)


class _Budget:
    """What an archive may still take."""

    def __init__(self) -> None:
        self.files, self.bytes, self.whole = 0, 0, 0

    def passed(self, member: tarfile.TarInfo) -> None:
        """Every member counts, also those that are left out: they are unpacked to get past them."""
        self.whole += max(member.size, 0) + 512
        if self.whole > ARCHIVE_MAX:
            raise ValueError('more than %d MiB unpacked' % (ARCHIVE_MAX >> 20))

    def takes(self, member: tarfile.TarInfo) -> bool:
        """Whether this file is written."""
        if member.size > FILE_MAX or self.files >= FILES_MAX or self.bytes + member.size > ALL_MAX:
            return False
        self.files, self.bytes = self.files + 1, self.bytes + member.size
        return True


def _name(name: str) -> str | None:
    """A relative path without surprises, None for others."""
    parts = [part for part in name.split('/') if part not in ('', '.')]
    if '..' in parts or '\0' in name or len(name) > NAME_MAX or not 0 < len(parts) <= DEPTH_MAX:
        return None
    return '/'.join(parts)


def _write(path: str, content: IO[bytes]) -> None:
    """A new file; no link was made yet, so the way to it stays inside."""
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except OSError:
        return  # its name is taken, or one of its directories is a file
    with os.fdopen(descriptor, 'wb') as handle:
        handle.write(content.read(FILE_MAX))


def _link(directory: str, name: str, target: str) -> None:
    """A link is text for the readers of the tree, who resolve it inside; it must itself lie inside."""
    path = os.path.join(directory, name)
    parent = os.path.dirname(path)
    if os.path.realpath(parent) != os.path.join(os.path.realpath(directory), os.path.dirname(name)).rstrip('/'):
        return
    try:
        os.makedirs(parent, mode=0o700, exist_ok=True)
        os.symlink(target, path)
    except OSError:
        return
