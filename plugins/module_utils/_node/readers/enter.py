# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Going into network namespaces and coming back with values: setns(2) in one forked child for all of them.

/proc/sys shows the namespace of whoever reads it, so other namespaces' sysctls need a visit. The child alone goes; the
caller never leaves its own namespace.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import ctypes
import errno
import os

from ..jsontext import dumps, loads

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWNET = 0x00020000, 0x04000000, 0x40000000  # include/uapi/linux/sched.h
MS_PRIVATE, MNT_DETACH = 0x40000, 2  # include/uapi/linux/mount.h, include/linux/fs.h
# Looking up a sysctl slows down with the number of namespaces that one procfs mount has seen: 15 keys cost 104 us at
# 20 namespaces and 500 us at 500. A mount of the child's own, made anew now and then, keeps it at 170 us.
FRESH_PROC_EVERY = 50


def visit(ns_paths, ask, kind=CLONE_NEWNET):
    """[(answer, None) or (None, reason)] in the order of ns_paths, which lead to namespaces of one kind.

    ns_paths: (path that setns(2) takes, inode of the namespace that is meant), the path /proc/PID/ns/net or a bind
    mount; ask(index) runs inside the namespace of ns_paths[index] and returns what JSON can carry. A path that is gone,
    leads elsewhere by now, or is forbidden, is a reason and not an error.
    """
    if not ns_paths:
        return []
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reading)
            _walk(ns_paths, ask, writing, kind)
            code = 0
        finally:
            os._exit(code)  # nothing of the parent's may run twice
    os.close(writing)
    answers = _receive(reading)
    os.waitpid(child, 0)
    lost = (None, 'the visit ended early')
    return [answers.get(index, lost) for index in range(len(ns_paths))]


def _walk(ns_paths, ask, writing, kind):
    libc = ctypes.CDLL(None, use_errno=True)
    private = False
    with os.fdopen(writing, 'w') as out:
        for index, ns_path in enumerate(ns_paths):
            if index and index % FRESH_PROC_EVERY == 0:
                private = _fresh_proc(libc, private)
            try:
                _enter(libc, ns_path, kind)
                answer = [index, ask(index), None]
            except (IOError, OSError) as exc:
                answer = [index, None, (exc.strerror or str(exc)).lower()]
            out.write(dumps(answer) + '\n')
            out.flush()  # what was told is kept whatever becomes of the child


def _enter(libc, ns_path, kind):
    path, inode = ns_path
    descriptor = os.open(path, os.O_RDONLY)
    try:
        if os.fstat(descriptor).st_ino != inode:
            raise OSError(errno.ESRCH, 'it is gone, another one is there')
        if libc.setns(descriptor, kind) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
    finally:
        os.close(descriptor)


def _fresh_proc(libc, private):
    """Whether a new procfs is mounted over /proc where only the child sees it. Without it reading is slower, no more.

    private: there is one already. It is mounted on the procfs that was there, so that mount alone must pass nothing on
    to other mount namespaces (mount_namespaces(7)); in a chroot(2) the root directory may be no mount at all.
    """
    if private:
        if libc.umount2(b'/proc', MNT_DETACH) != 0:
            return True
    elif libc.unshare(CLONE_NEWNS) != 0 or libc.mount(b'none', b'/proc', None, MS_PRIVATE, None) != 0:
        return False
    return libc.mount(b'proc', b'/proc', b'proc', 0, None) == 0


def _receive(reading):
    answers = {}
    with os.fdopen(reading, 'r') as lines:
        for line in lines:
            try:
                index, answer, reason = loads(line.strip())
            except ValueError:  # the child died in the middle of a line
                break
            answers[index] = (answer, reason)
    return answers
