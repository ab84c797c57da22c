# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run at a time on a node: an flock(2) on STATE_DIR/lock, which the kernel gives back whatever ends its holder."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import fcntl
import os
import time

from ..errors import Failed, Refused
from ..jsontext import dumps, loads

WAIT_S = 10.0
_POLL_S = 0.1


class Lock(object):
    """A context in which no other run changes this node. holder: {'who', 'change_set', 'pid', 'since'}."""

    def __init__(self, store, who, change_set, wait=WAIT_S, sleep=time.sleep):
        self._path, self._place = store.base + b'/lock', store.state_dir
        self._holder = {'who': who, 'change_set': change_set, 'pid': os.getpid(), 'since': int(time.time())}
        self._wait, self._sleep = wait, sleep

    def __enter__(self):
        while True:
            self._open()
            # Programs that are started meanwhile must not keep it.
            fcntl.fcntl(self._descriptor, fcntl.F_SETFD, fcntl.FD_CLOEXEC)
            try:
                self._take()
                if self._is_there():
                    return self
            except BaseException:
                os.close(self._descriptor)
                raise
            os.close(self._descriptor)  # the store was removed while this run waited

    def _open(self):
        try:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError as exc:
            if exc.errno not in (errno.EROFS, errno.EACCES):
                raise Failed('%s/lock' % self._place, exc)
            try:  # on a disk that cannot be written running values can be undone all the same
                self._descriptor = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW)
            except OSError:
                raise Failed('%s/lock' % self._place, exc)

    def _is_there(self):
        try:
            there, held = os.stat(self._path), os.fstat(self._descriptor)
            return (there.st_dev, there.st_ino) == (held.st_dev, held.st_ino)
        except OSError:
            return False

    def __exit__(self, *_exc):
        os.close(self._descriptor)

    def _take(self):
        left = self._wait
        while True:
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except (IOError, OSError) as exc:
                if exc.errno not in (errno.EAGAIN, errno.EACCES):
                    raise Failed('%s/lock' % self._place, exc)
                if left <= 0:
                    raise Refused('another run is changing this node: %s' % self._named())
            self._sleep(_POLL_S)
            left -= _POLL_S
        try:
            os.ftruncate(self._descriptor, 0)
            os.write(self._descriptor, dumps(self._holder).encode('utf-8'))
        except (IOError, OSError):  # of ftruncate on Python 2.6 an IOError
            pass  # a full disk: the lock holds all the same, only its holder stays unnamed

    def _named(self):
        try:
            holder = loads(os.read(self._descriptor, 4096).decode('utf-8'))
            return 'pid %s of %s, change set %s, since %s' % (
                holder['pid'], holder['who'], holder['change_set'],
                time.strftime('%Y-%m-%d %H:%M:%S UTC', time.gmtime(holder['since'])))
        except (OSError, ValueError, KeyError, TypeError, OverflowError):
            return 'its holder did not say who it is'
