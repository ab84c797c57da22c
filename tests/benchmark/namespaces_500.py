# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One look at a node with 500 further network namespaces: CPU of the node process with its children."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
from collections.abc import Iterator

from . import node
from .results import Benchmark, BenchmarkError, Row, Samples
from .running import CHECKOUT, run

NAMESPACES = 500
LOOKS = 7
CROWD = ('unshare', '--pid', '--fork', '--kill-child', '--net', '--mount-proc')


def missing() -> str:
    """What keeps this machine from it."""
    if os.geteuid() != 0:
        return 'needs root: it makes network namespaces'
    return '' if shutil.which('nsenter') and shutil.which('unshare') else 'needs unshare and nsenter of util-linux'


@contextlib.contextmanager
def crowded_node() -> Iterator[str]:
    """The pid of the first process of a node with NAMESPACES further network namespaces."""
    command = [*CROWD, sys.executable, '-m', 'tests.benchmark.crowd', str(NAMESPACES)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=CHECKOUT) as crowd:
        try:
            assert crowd.stdout
            if crowd.stdout.readline() != b'ready\n':
                raise BenchmarkError('the network namespaces did not come up')
            children = pathlib.Path('/proc/%d/task/%d/children' % (crowd.pid, crowd.pid))
            yield children.read_text(encoding='ascii').split()[0]
        finally:
            crowd.kill()


def measure() -> list[Row]:
    text = node.module_text('observe', node.audit_arguments())
    with crowded_node() as pid:
        look = ['nsenter', '--target', pid, '--mount', '--net', '--pid', *node.command()]
        costs = [run(look, text) for _look in range(LOOKS)]
    for cost in costs:
        entries = json.loads(cost.output)['nodetcp_paws']['record']['namespaces']
        seen = sum(entry['kind'] == 'process' for entry in entries)  # names in /run/netns are this machine's own
        if seen != NAMESPACES:
            raise BenchmarkError('the look saw %d further network namespaces, not %d' % (seen, NAMESPACES))
    samples = Samples('one look at %d namespaces, CPU s' % NAMESPACES, tuple(cost.cpu for cost in costs))
    return [Row('namespaces_500_s', samples.median, 's', 0.5, 'CPU of one look, median of %d' % LOOKS, (samples,))]


BENCHMARK = Benchmark(('namespaces_500_s',), measure, missing)
