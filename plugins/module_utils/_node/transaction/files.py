# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replacing files so that at every moment either the old or the new one is there, with all that belongs to it."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import os
import posixpath
import stat

from ..errors import Failed, Refused, shown
from . import xattrs
from .state_dir import there

MAX_SIZE = 1048576
NEW_FILE = {'mode': 0o644, 'uid': 0, 'gid': 0, 'xattrs': {}}
_NONE = (errno.ENOENT, errno.ENOTDIR)


def snapshot(real, path, unread=None):
    """(bytes, {'mode', 'uid', 'gid', 'xattrs': {name: base64}}) of a regular file, or (None, None) where there is none.

    real: bytes path without links; path: for messages; unread: a list that gets the names of attributes that may not be
    read. Raises Failed; Refused for what is not a regular file.
    """
    try:
        descriptor = os.open(real, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError as exc:
        if exc.errno in _NONE:
            return None, None
        raise Failed(path, exc)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_SIZE:
            raise Refused('%s is not a regular file of at most 1 MiB: it is not touched' % path)
        with os.fdopen(os.dup(descriptor), 'rb') as handle:
            data = handle.read()
        return data, {'mode': stat.S_IMODE(found.st_mode), 'uid': found.st_uid, 'gid': found.st_gid,
                      'xattrs': xattrs.read(descriptor, [] if unread is None else unread)}
    except (IOError, OSError) as exc:
        raise Failed(path, exc)
    finally:
        os.close(descriptor)


def present(tree, path):
    """snapshot() of what a change set left at `path`, itself and not where it leads.

    (None, {'kind': text}) where somebody has put a link, a device, a pipe or a socket there. Raises as snapshot().
    """
    real = tree.real(path, False)
    try:
        mode = os.lstat(real).st_mode
        if stat.S_ISLNK(mode):
            return None, {'kind': 'a link to %s' % shown(os.readlink(real))}
    except OSError as exc:
        if exc.errno in _NONE:
            return None, None
        raise Failed(path, exc)
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        return None, {'kind': 'a device, a pipe or a socket'}
    return snapshot(real, path)


def put(real, temp, path, data, meta, step):
    """Puts `data` with the metadata of a snapshot at `real` by way of the file `temp` in the same directory.

    step(name) is called after each single action. Raises Failed; `temp` is then gone.
    """
    try:
        drop(temp)
        _write(temp, data, meta, step)
        os.rename(temp, real)
        step('%s renamed' % path)
        sync_directory(os.path.dirname(real))
    except (IOError, OSError) as exc:
        try:
            drop(temp)
        except (Failed, OSError):
            pass
        raise Failed(path, exc)


def drop(real):
    """Removes a file if it is there, without asking a read-only file system for what is not there. Raises OSError,
    Failed."""
    if there(real):
        os.unlink(real)
        sync_directory(os.path.dirname(real))


def sync_directory(real):
    """Makes what happened to the names in a directory last."""
    descriptor = os.open(real, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_all(descriptor, data):
    """Writes all of `data` to an open file and makes it last."""
    while data:
        data = data[os.write(descriptor, data):]
    os.fsync(descriptor)


def missing(tree, directory):
    """The directories that are to be made for this one, outermost first."""
    found = []
    while tree.lstat(directory) is None and directory != '/':
        found.insert(0, shown(directory))
        directory = posixpath.dirname(directory)
    return found


def _write(temp, data, meta, step):
    descriptor = os.open(temp, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    step('%s made' % os.path.basename(temp).decode('ascii', 'replace'))
    try:
        now = os.fstat(descriptor)
        if (now.st_uid, now.st_gid) != (meta['uid'], meta['gid']):
            os.fchown(descriptor, meta['uid'], meta['gid'])
        if xattrs.ACL not in meta['xattrs']:
            xattrs.drop(descriptor, xattrs.ACL)  # the default of the directory
        for name in sorted(meta['xattrs']):
            xattrs.put(descriptor, name, meta['xattrs'][name])
        os.fchmod(descriptor, meta['mode'])  # after the owner, whose change clears bits
        write_all(descriptor, data)
    finally:
        os.close(descriptor)
    step('%s written' % os.path.basename(temp).decode('ascii', 'replace'))
