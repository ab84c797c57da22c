# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that readers of sysctl files find in a tree, each real file read once."""

from __future__ import absolute_import, division, print_function

from ..errors import Unreadable, shown
from ..parsers import sysctl_conf
from .sysctl_places import DIRECTORIES, LAST, MAX_FILES, SIGNS_OF_SYSTEMD

__metaclass__ = type

GLOBS = 'persisted globs'  # in `unavailable`


class File(object):
    """A file where a reader finds it. name: its base name; real: the path without links, shown; is_file: it is a file,
    also one that we cannot read; exists: or a directory, a device (test -f and test -e of a shell); transient: it lies
    in /run or leads there; entries: its lines as sysctl_conf.parse() gives them; read: those that a reader meets."""

    def __init__(self, path, real, kind, entries, now):
        self.name, self.real = path.rpartition('/')[2], shown(real)
        self.transient = _in_run(path) or _in_run(real)
        gone = self.transient and not now
        self.is_file, self.exists = kind == 'file' and not gone, kind is not None and not gone
        self.entries, self.read = entries, [] if gone else entries


class Files(object):
    """Looks into a tree; what cannot be read goes into `unavailable` {path: reason}. now: with /run, which is empty at
    a boot. in_order: every File that was looked for."""

    def __init__(self, tree, unavailable, now):
        self.tree, self.unavailable, self.now, self.in_order = tree, unavailable, now, []
        self._found, self._entries = {}, {}

    def at(self, path):
        """The File at a path, one without lines where there is none."""
        if path not in self._found:
            self._found[path] = self._look(path)
            self.in_order.append(self._found[path])
        return self._found[path]

    def booted_by_systemd(self):
        return any(self.exists(path) for path in SIGNS_OF_SYSTEMD)

    def exists(self, path):
        try:
            return self.tree.exists(path)
        except Unreadable:
            return False

    def inside(self, directory, ending='.conf'):
        """The Files of a directory whose names end so, sorted by name; none of a directory that is gone by then.

        A link out of a directory that stays is a name also where it leads into /run.
        """
        try:
            names = [name for name in self.tree.listdir(directory) if name.endswith(ending)]
            gone = not self.now and (_in_run(directory) or _in_run(self.tree.resolve(directory) + '/'))
        except Unreadable as exc:
            self.unavailable[directory] = exc.reason
            return []
        if len(names) > MAX_FILES:
            self.unavailable[directory] = '%d of %d files not read' % (len(names) - MAX_FILES, len(names))
        found = [self.at('%s/%s' % (directory, name)) for name in names[:MAX_FILES]]
        return [] if gone else found

    def directories(self):
        """The Files of DIRECTORIES, those of an earlier one first."""
        return [file for directory in DIRECTORIES for file in self.inside(directory)]

    def _look(self, path):
        real, entries, kind = path, None, None
        try:
            linked = self.tree.readlink(path) is not None
            real = self.tree.resolve(path)
            entries = self._read(path, real, linked)
            kind = 'file' if entries is not None else 'device' if real == '/dev/null' else None
        except Unreadable as exc:
            kind = 'other' if exc.reason.startswith('is a ') else None if _harmless(exc.reason) else 'file'
            self.unavailable[shown(path)] = exc.reason
        return File(path, real, kind, entries or [], self.now)

    def _read(self, path, real, linked):
        """The entries of a file, None where there is none."""
        if real == '/dev/null':  # the mask of sysctl.d(5); a captured tree need not have the device
            return None
        if real not in self._entries:
            data = self.tree.read_bytes(real)
            self._entries[real] = None if data is None else sysctl_conf.parse(data)
            for entry in self._entries[real] or ():
                entry['file'] = shown(real)
        if self._entries[real] is None and linked:
            self.unavailable[shown(path)] = 'dangling link'
        return self._entries[real]


def by_name(files):
    """One file of each base name, the first one, sorted by name as bytes."""
    chosen = {}
    for file in files:
        chosen.setdefault(file.name, file)
    return [chosen[name] for name in sorted(chosen, key=_as_bytes)]


def unknown(unavailable):
    """The first path in the `unavailable` of an observation that keeps the next boot from being known, or None.

    What lies in /run does not: nothing of it is there at a boot.
    """
    for path, reason in sorted(unavailable.items()):
        if path == GLOBS or (path.startswith('/') and not _in_run(path) and not _harmless(reason)):
            return path
    return None


def is_read(path):
    """Whether a reader of sysctl files looks at this path."""
    return path in (GLOBS, LAST) or path.startswith('/boot/sysctl.conf') or any(
        (path + '/').startswith(directory + '/') for directory in DIRECTORIES)


def _harmless(reason):
    """Whether no reader gets anything out of it at a boot either, so that nothing is left unknown."""
    return reason in ('dangling link', 'symbolic link loop') or reason.startswith('is a ')


def _in_run(path):
    return path.startswith(('/run/', '/var/run/'))


def _as_bytes(name):
    return name if isinstance(name, bytes) else name.encode('utf-8', 'surrogateescape')
