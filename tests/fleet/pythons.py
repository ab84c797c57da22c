# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which interpreters this machine has, for hosts that must have one of them and no other."""

from __future__ import annotations

import subprocess

from tools import pythons

_ASK = "import os, sys; print('%s|%s' % (getattr(sys, 'base_prefix', sys.prefix), os.path.realpath(sys.executable)))"


def find(version: str) -> tuple[str, str] | None:
    """(executable, prefix) of a Python of that version ("2.7") that starts; None if there is none."""
    for python in pythons.find():
        if python.name.startswith(version + '.'):
            answer = _ask(python.path)
            if answer:
                return answer[1], answer[0]
    return None


def _ask(path: str) -> list[str] | None:
    try:
        done = subprocess.run(
            [path, '-c', _ASK], capture_output=True, text=True, timeout=20, env={'PATH': '/usr/bin:/bin'}, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip().split('|') if done.returncode == 0 else None
