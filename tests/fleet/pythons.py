# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which interpreters this machine has, for hosts that must have one of them and no other."""

from __future__ import annotations

import glob
import os
import re
import subprocess
from collections.abc import Iterator

_ASK = (
    "import os, sys; print('%d.%d|%s|%s' % (sys.version_info[0], sys.version_info[1], "
    "getattr(sys, 'base_prefix', sys.prefix), os.path.realpath(sys.executable)))"
)


def _candidates(version: str) -> Iterator[str]:
    name = "python" + version
    for directory in ["/usr/bin", "/usr/local/bin", *os.environ.get("PATH", "").split(":")]:
        yield os.path.join(directory, name)
    home = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    for pattern in (home + "/versions/%s*/bin/%s", "/opt/*/%s*/bin/%s", "/opt/*%s*/bin/%s"):
        yield from sorted(glob.glob(pattern % (glob.escape(version), name)))


def find(version: str) -> tuple[str, str] | None:
    """(executable, prefix) of a Python of that version ("2.7") that starts and is no shim; None if there is none."""
    if not re.fullmatch(r"[0-9]+\.[0-9]+", version):
        return None
    for path in _candidates(version):
        if os.access(path, os.X_OK) and "/shims/" not in path:
            answer = _ask(path)
            if answer and answer[0] == version:
                return answer[2], answer[1]
    return None


def _ask(path: str) -> list[str] | None:
    try:
        done = subprocess.run(
            [path, "-c", _ASK], capture_output=True, text=True, timeout=20, env={"PATH": "/usr/bin:/bin"}, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip().split("|") if done.returncode == 0 else None
