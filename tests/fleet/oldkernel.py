# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let /proc of a host look like a kernel that still had tcp_tw_recycle.

What is imitated: the release, /proc/version, and in net.ipv4 which keys exist, in the node's own namespace and in those
of its containers (KERNEL_FACTS 2 says from which release a key is per namespace: before, a container does not have the
file). The made-up tcp_tw_recycle keeps what is written to it, any text, and has no effect. What is not imitated: the
counters are those of the running kernel (no PAWSPassive), defaults are its own, and uname(2) tells the truth. States
that need more are captured trees.

The kernel shows each network namespace a /proc/sys/net/ipv4 of its own, so what is mounted over it is seen from that
namespace alone.
"""

from __future__ import annotations

import os
import pathlib
import re

from . import linux

TW_RECYCLE = 'net.ipv4.tcp_tw_recycle'
_PER_NAMESPACE_FROM = {
    'tcp_tw_recycle': (4, 11),
    'tcp_tw_reuse': (4, 10),
    'tcp_max_tw_buckets': (4, 11),
    'tcp_fin_timeout': (4, 9),
    'tcp_syncookies': (4, 9),
    'tcp_timestamps': (4, 13),
    'tcp_rfc1337': (4, 15),
    'tcp_abort_on_overflow': (4, 15),
}
_EXISTS_FROM = {'tcp_tw_reuse_delay': (6, 13)}


def _number(release: str) -> tuple[int, int]:
    found = re.match(r'([0-9]+)\.([0-9]+)', release)
    if not found:
        raise ValueError('kernel release %r' % release)
    return int(found.group(1)), int(found.group(2))


def claim(proc: pathlib.Path, scratch: pathlib.Path, release: str) -> None:
    """Cover what names the release in the mounted ``proc``; ``scratch`` is a directory on tmpfs of this host alone."""
    version = 'Linux version %s (builder@localhost) (gcc version 4.8.5) #1 SMP Mon Jan 1 00:00:00 UTC 2018\n' % release
    for name, text, target in (('osrelease', release + '\n', 'sys/kernel/osrelease'), ('version', version, 'version')):
        (scratch / name).write_text(text, encoding='utf-8')
        linux.bind(str(scratch / name), str(proc / target))


def dress(proc: pathlib.Path, copy: pathlib.Path, release: str, tw_recycle: str | None, container: bool) -> None:
    """Cover net.ipv4 as the calling process's network namespace has it; ``copy``: directory to be made on tmpfs.

    ``tw_recycle``: value of the made-up key; None: none. ``container``: not the node's own namespace.
    """
    number = _number(release)
    absent = {key for key, since in _EXISTS_FROM.items() if number < since}
    if container:
        absent |= {key for key, since in _PER_NAMESPACE_FROM.items() if number < since}
    real = proc / 'sys/net/ipv4'
    copy.mkdir()
    linux.bind(str(copy), str(copy))
    for entry in os.scandir(real):
        if entry.name not in absent:
            target = copy / entry.name
            target.mkdir() if entry.is_dir() else target.touch()
            # One bind per key, as procps refuses symlinks.
            linux.bind(entry.path, str(target))
    if tw_recycle is not None and 'tcp_tw_recycle' not in absent:
        (copy / 'tcp_tw_recycle').write_text(tw_recycle + '\n', encoding='ascii')
    # Moved as a whole: a plain bind would lose the binds in it.
    linux.mount(str(copy), str(real), flags=linux.MS_MOVE)


def dress_container(proc: pathlib.Path, copy: pathlib.Path, release: str, tw_recycle: str | None, pid: int) -> None:
    """The same from inside the network namespace of ``pid``, by a child that enters it."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            linux.setns(os.open(str(proc / str(pid) / 'ns/net'), os.O_RDONLY))
            dress(proc, copy, release, tw_recycle, container=True)
            code = 0
        finally:
            os._exit(code)
    if os.waitpid(child, 0)[1] != 0:
        raise RuntimeError('net.ipv4 of process %d could not be covered' % pid)
