# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let /proc of a host look like a kernel that still had tcp_tw_recycle.

What is imitated: the release, /proc/version, and one more file in net.ipv4 that keeps what is written to it (any text: the kernel's
check of the value is not there). What is not: the file does nothing, the counters are those of the running kernel (no PAWSPassive),
uname(2) tells the truth, and whoever enters a container's network namespace without a fresh /proc still sees the host's net.ipv4,
since a bound file belongs to one namespace for ever. States that need more than that are captured trees.
"""

from __future__ import annotations

import os
import pathlib

from . import linux


def imitate(proc: pathlib.Path, scratch: pathlib.Path, release: str, tw_recycle: str | None) -> None:
    """Cover files of the mounted ``proc``; ``scratch`` is a directory on tmpfs of this host alone."""
    version = "Linux version %s (builder@localhost) (gcc version 4.8.5) #1 SMP Mon Jan 1 00:00:00 UTC 2018\n" % release
    for name, text, target in (("osrelease", release + "\n", "sys/kernel/osrelease"), ("version", version, "version")):
        (scratch / name).write_text(text, encoding="utf-8")
        linux.bind(str(scratch / name), str(proc / target))
    if tw_recycle is not None:
        _add_tw_recycle(proc / "sys/net/ipv4", scratch / "ipv4", tw_recycle)


def _add_tw_recycle(real: pathlib.Path, copy: pathlib.Path, value: str) -> None:
    """One bind per key, as procps refuses symlinks; moved into place as a whole, since a plain bind would lose the binds in it."""
    copy.mkdir()
    linux.bind(str(copy), str(copy))
    for entry in os.scandir(real):
        target = copy / entry.name
        target.mkdir() if entry.is_dir() else target.touch()
        linux.bind(entry.path, str(target))
    (copy / "tcp_tw_recycle").write_text(value + "\n", encoding="ascii")
    linux.mount(str(copy), str(real), flags=linux.MS_MOVE)
