# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two samples of a node with 500 further network namespaces, as paws_info takes them: CPU of the node process."""

from __future__ import annotations

import json

from . import node
from .namespaces_500 import LOOKS, NAMESPACES, crowded_node, missing
from .results import Benchmark, BenchmarkError, Row, Samples
from .running import run

from ansible_collections.nodetcp.paws.plugins.action.paws_info import PARTS  # isort: skip
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import attribution  # isort: skip

WINDOW = 0.05  # waiting costs no CPU


def measure() -> list[Row]:
    asked = {'root': '/', 'gather': PARTS, 'counters': attribution.COUNTERS, 'window': WINDOW}
    text = node.module_text('observe', asked)
    with crowded_node() as pid:
        look = ['nsenter', '--target', pid, '--mount', '--net', '--pid', *node.command()]
        costs = [run(look, text) for _look in range(LOOKS)]
    for cost in costs:
        answer = json.loads(cost.output)['nodetcp_paws']
        for sample in (answer['earlier'], answer['sample']):
            members = sum(len(group['members']) for group in sample['groups'])
            if members <= NAMESPACES:
                raise BenchmarkError('a sample has %d network namespaces of %d' % (members, NAMESPACES + 1))
    samples = Samples('two samples of %d namespaces, CPU s' % NAMESPACES, tuple(cost.cpu for cost in costs))
    return [
        Row(
            'sample_500_namespaces_cpu_s',
            samples.median,
            's',
            0.3,
            'CPU of two looks, median of %d' % LOOKS,
            (samples,),
        )
    ]


BENCHMARK = Benchmark(('sample_500_namespaces_cpu_s',), measure, missing)
