# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks of the node operation time_wait, made inside a namespace and shaped as the verb shapes them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ansible_collections.nodetcp.paws.plugins.plugin_utils._forecast import capacity, time_wait
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import record, view, window
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import spoken

from .namespace import Loopback

CHECKOUT = Path(__file__).resolve().parents[2]
# A process of its own, as on a node: what it takes beyond the interpreter is the operation's.
PROGRAM = """
import json, resource, sys
sys.path.insert(0, sys.argv[1])
import ctypes, json, os, struct, socket, collections, re, io
def used():
    found = resource.getrusage(resource.RUSAGE_SELF)
    with open('/proc/self/status') as status:  # ru_maxrss is the caller's where that is larger: it survives exec
        peak = [int(line.split()[1]) for line in status if line.startswith('VmHWM:')][0]
    return found.ru_utime + found.ru_stime, peak
before = used()
from _node.operations import time_wait
answer = time_wait.run(json.loads(sys.argv[2]))
after = used()
answer['cost'] = {'cpu_s': after[0] - before[0], 'rss_kib': after[1] - before[1]}
sys.stdout.write(json.dumps(answer))
"""


def look(
    namespace: Loopback | None = None, python: str = sys.executable, prefix: Sequence[str] = (), **arguments: Any
) -> dict[str, Any]:
    """The answer of the operation, with its 'cost': CPU seconds, and KiB at the peak beyond the interpreter.

    prefix: a command that runs the command given to it with fewer rights.
    """
    inside = ['nsenter', '--target', str(namespace.pid), '--net'] if namespace else []
    asked = json.dumps({'namespaces': 'host', 'top': 10, **arguments})
    command = [*inside, *prefix, python, '-S', '-c', PROGRAM, str(CHECKOUT / 'plugins' / 'module_utils'), asked]
    answer: dict[str, Any] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    record.check(answer['record'])
    return answer


def shaped(answer: dict[str, Any], profile: str = 'client') -> dict[str, Any]:
    """As the verb returns it."""
    found: dict[str, Any] = spoken(time_wait.shaped(answer, answer['earlier'], profile))
    return found


def capacity_of(answer: dict[str, Any]) -> capacity.Capacity:
    """That of the namespace that was looked at."""
    own = view.View(answer['record'], 0, window.Window())
    return capacity.of_view(own, own.namespace['time_wait']['listening'])
