# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The few Linux calls that Python's standard library lacks before 3.12, by libc. Errors are OSError with the call."""

from __future__ import annotations

import ctypes
import os

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 0x1, 0x2, 0x4, 0x8
MS_REMOUNT, MS_BIND, MS_MOVE, MS_REC, MS_PRIVATE = 0x20, 0x1000, 0x2000, 0x4000, 0x40000
MNT_DETACH = 2

PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15
PR_SET_CHILD_SUBREAPER = 36

_libc = ctypes.CDLL(None, use_errno=True)
_libc.mount.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_char_p]
_libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, '%s: %s' % (what, os.strerror(number)))


def unshare(flags: int) -> None:
    _check(_libc.unshare(flags), 'unshare')


def setns(descriptor: int) -> None:
    _check(_libc.setns(descriptor, 0), 'setns')


def mount(source: str, target: str, kind: str = '', flags: int = 0, options: str = '') -> None:
    result = _libc.mount(source.encode(), target.encode(), kind.encode() or None, flags, options.encode() or None)
    _check(result, 'mount %s on %s' % (source, target))


def bind(source: str, target: str) -> None:
    mount(source, target, flags=MS_BIND)


def pivot_root(new_root: str) -> None:
    """Make ``new_root`` (a mount point) the root of this mount namespace and let the old one go."""
    os.chdir(new_root)
    _check(_libc.pivot_root(b'.', b'.'), 'pivot_root %s' % new_root)
    _check(_libc.umount2(b'.', MNT_DETACH), 'umount of the old root')
    os.chdir('/')


def prctl(option: int, value: int) -> None:
    _check(_libc.prctl(option, value, 0, 0, 0), 'prctl %d' % option)


def set_process_name(name: str) -> None:
    """At most 15 bytes, shown by ps and /proc/PID/comm."""
    buffer = ctypes.create_string_buffer(name.encode()[:15])
    prctl(PR_SET_NAME, ctypes.addressof(buffer))


def sethostname(name: str) -> None:
    data = name.encode()
    _check(_libc.sethostname(data, len(data)), 'sethostname %s' % name)
