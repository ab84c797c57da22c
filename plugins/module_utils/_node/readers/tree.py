# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory seen like the root of a file system: the live node (`/`) or a captured tree.

Names and paths go to the kernel as bytes, so neither the locale of the node nor a name that is not UTF-8 matters.
Names come back as `str`: bytes on Python 2, surrogateescape text on Python 3; `errors.shown` fits them for a record.
"""

from __future__ import absolute_import, division, print_function

import errno
import os
import stat

from ..errors import Unreadable

__metaclass__ = type

MIB = 1048576
MAX_LINKS = 40  # the kernel's own bound, MAXSYMLINKS (include/linux/namei.h)
ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.ESRCH)  # ESRCH: a process that ended between open and read
CLAUSES = {errno.ELOOP: 'symbolic link loop', errno.EISDIR: 'is a directory'}
KINDS = ((stat.S_ISDIR, 'is a directory'), (stat.S_ISFIFO, 'is a fifo'), (stat.S_ISSOCK, 'is a socket'),
         (stat.S_ISCHR, 'is a device'), (stat.S_ISBLK, 'is a device'))


def _raw(path):
    """`path` as the bytes the kernel is given. Raises Unreadable for what cannot be a file name."""
    try:
        raw = path if isinstance(path, bytes) else path.encode('utf-8', 'strict' if bytes is str else 'surrogateescape')
    except UnicodeError:
        raise Unreadable(path.encode('utf-8', 'replace'), 'not a file name')
    if b'\0' in raw:
        raise Unreadable(path, 'not a file name')
    return raw


def _name(raw):
    return raw if bytes is str else raw.decode('utf-8', 'surrogateescape')


def _refused(path, exc):
    """The Unreadable that says of `path` what the OSError `exc` says."""
    return Unreadable(path, CLAUSES.get(exc.errno) or (exc.strerror or str(exc)).lower())


def _size(count):
    for unit, name in ((MIB, 'MiB'), (1024, 'KiB')):
        if count >= unit and count % unit == 0:
            return '%d %s' % (count // unit, name)
    return '%d bytes' % count


def _drain(system, descriptor, path, limit):
    """All bytes of an open file; st_size is 0 for /proc files, so only reading tells their length."""
    parts, length, part = [], 0, system.read(descriptor, 65536)
    while part:
        parts.append(part)
        length += len(part)
        if length > limit:
            raise Unreadable(path, 'larger than %s: not read' % _size(limit))
        part = system.read(descriptor, 65536)
    return b''.join(parts)


class Tree(object):
    """Files under `root`, links resolved inside it (chroot(2) without the call).

    What does not exist is None (or []); what exists and cannot be had raises Unreadable with the path inside the root.
    The root `/` is the live system: paths go to the kernel as they are, which alone follows the magic links of /proc.
    system: what has open, read, close, stat, lstat, listdir and readlink of os.
    missed: paths and patterns that scripts asked for in vain; a capture may lack them.
    """

    def __init__(self, root='/', system=os):
        self.root, self.system, self.missed = root, system, set()
        self._base = _raw(root).rstrip(b'/')

    def read(self, path, limit=MIB):
        """The file as text (UTF-8, invalid bytes become U+FFFD), or None where there is none."""
        data = self.read_bytes(path, limit)
        return data if data is None else data.decode('utf-8', 'replace')

    def read_bytes(self, path, limit=MIB):
        """The file's bytes, at most `limit` of them or Unreadable; None where there is none."""
        return self._taken(path, limit, lambda descriptor: _drain(self.system, descriptor, path, limit))

    def read_head(self, path, limit):
        """The whole lines among the first `limit` bytes of a file as text, or None where there is none."""
        def head(descriptor):
            found = b''
            while len(found) < limit:
                part = self.system.read(descriptor, limit - len(found))
                if not part:
                    return found.decode('utf-8', 'replace')
                found += part
            return found[:found.rfind(b'\n') + 1].decode('utf-8', 'replace')
        return self._taken(path, None, head)

    def _taken(self, path, limit, take):
        """What take(descriptor) gives of a file, None where there is none; more than `limit` bytes are Unreadable."""
        try:
            real = self._real(path)
            # Opening a device can act (a watchdog starts), so the kind is asked first; live /proc and /sys are safe.
            if self._base or not path.startswith(('/proc/', '/sys/')):
                self._check_regular(path, real, limit)
            descriptor = self.system.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
            try:
                return take(descriptor)
            finally:
                self.system.close(descriptor)
        except (IOError, OSError) as exc:
            if exc.errno in ABSENT:
                return None
            raise _refused(path, exc)

    def listdir(self, path):
        """The sorted names in a directory, [] where there is none."""
        try:
            return sorted(_name(name) for name in self.system.listdir(self._real(path) or b'/'))
        except OSError as exc:
            if exc.errno in ABSENT:
                return []
            raise _refused(path, exc)

    def readlink(self, path):
        """The target of a link as it is written, or None where there is no link."""
        try:
            return _name(self.system.readlink(self._real(path, False)))
        except OSError as exc:
            if exc.errno in ABSENT + (errno.EINVAL,):
                return None
            raise _refused(path, exc)

    def stat(self, path):
        """os.stat_result of what `path` leads to, or None."""
        return self._ask(self.system.stat, path, True)

    def lstat(self, path):
        """os.stat_result of `path` itself, or None."""
        return self._ask(self.system.lstat, path, False)

    def exists(self, path):
        return self.stat(path) is not None

    def is_link(self, path):
        found = self.lstat(path)
        return found is not None and stat.S_ISLNK(found.st_mode)

    def resolve(self, path):
        """The path inside the root without links, `.` and `..`; parts that do not exist stay as they are written."""
        todo, done, links = _raw(path).split(b'/')[::-1], [], 0
        while todo:
            part = todo.pop()
            if part == b'..':
                del done[-1:]
            if part in (b'', b'.', b'..'):
                continue
            done.append(part)
            try:
                target = self.system.readlink(b'/'.join([self._base] + done))
            except OSError as exc:
                if exc.errno in ABSENT + (errno.EINVAL,):
                    continue
                raise _refused(path, exc)
            links += 1
            if links > MAX_LINKS:
                raise Unreadable(path, CLAUSES[errno.ELOOP])
            done = [] if target.startswith(b'/') else done[:-1]
            todo.extend(target.split(b'/')[::-1])
        return _name(b'/' + b'/'.join(done))

    def real(self, path, follow=True):
        """The bytes path under which the kernel knows what `path` leads to; not followed: `path` itself, a link too."""
        return self._real(path, follow)

    def _real(self, path, follow=True):
        """The bytes path for the kernel; the last part is not followed where `follow` is false."""
        if not self._base:
            return _raw(path)
        if follow:
            return self._base + _raw(self.resolve(path))
        head, _slash, last = _raw(path).rstrip(b'/').rpartition(b'/')
        return self._base + _raw(self.resolve(head)).rstrip(b'/') + b'/' + last

    def _ask(self, question, path, follow):
        try:
            return question(self._real(path, follow))
        except OSError as exc:
            if exc.errno in ABSENT:
                return None
            raise _refused(path, exc)

    def _check_regular(self, path, real, limit):
        found = self.system.stat(real)
        for test, kind in KINDS:
            if test(found.st_mode):
                raise Unreadable(path, kind)
        if limit is not None and found.st_size > limit:
            raise Unreadable(path, 'larger than %s (%d bytes): not read' % (_size(limit), found.st_size))
