# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""200,000 TIME_WAIT sockets: the whole node program of time_wait_info against `ss`, counting and by destination."""

from __future__ import annotations

import json
import shutil

from tests.time_wait import filling
from tests.time_wait import namespace as namespaces

from . import node
from .results import Benchmark, BenchmarkError, Row, Samples, ratios
from .running import run

ROUNDS = 5
CLIENT, SERVER = '10.9.1.1', '10.9.0.1'
FLOWS = [filling.Flow(CLIENT, SERVER, 500 + number, 20_000) for number in range(10)]
SOCKETS = sum(flow.count for flow in FLOWS)
COUNT = 'ss -tanH state time-wait | wc -l'
HISTOGRAM = (
    "ss -tanH state time-wait | awk '{ sub(/:[0-9]+$/, \"\", $3); n[$3 \" \" $4]++ } "
    "END { for (end in n) print n[end], end }' | sort -rn | head -10"
)


def missing() -> str:
    """What keeps this machine from it."""
    for program, package in (('ss', 'iproute2'), ('nsenter', 'util-linux'), ('awk', 'mawk or gawk')):
        if not shutil.which(program):
            return 'needs %s, of %s' % (program, package)
    return namespaces.missing()


def _costs(holder: int) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
    """CPU seconds of (ours, ss to wc, ss to awk), taken in turn."""
    inside = ['nsenter', '--target', str(holder), '--net']
    text = node.module_text('time_wait', {'root': '/', 'namespaces': 'host', 'top': 10})
    ours, counts, histograms = [], [], []
    for _round in range(ROUNDS):
        counted = run([*inside, 'sh', '-c', COUNT])
        cost = run([*inside, *node.command()], text)
        shown = run([*inside, 'sh', '-c', HISTOGRAM])
        found = json.loads(cost.output)['nodetcp_paws']['record']['namespaces'][0]['time_wait']
        lines = [line.split() for line in shown.output.decode().splitlines()]
        if {found['sockets'], int(counted.output)} != {SOCKETS}:
            raise BenchmarkError('%s counted, not %d' % (found['sockets'], SOCKETS))
        if [end[3] for end in found['outgoing']['top']] != [int(line[0]) for line in lines]:
            raise BenchmarkError('the ten largest differ: %s, %s' % (found['outgoing']['top'], lines))
        ours.append(cost.cpu)
        counts.append(counted.cpu)
        histograms.append(shown.cpu)
    return tuple(ours), tuple(counts), tuple(histograms)


def measure() -> list[Row]:
    with namespaces.Loopback([CLIENT, SERVER], filling.ROOM) as inside:
        filling.fill(inside, FLOWS)
        ours, counts, histograms = _costs(inside.pid)
    samples = Samples('node program, CPU s', ours)
    rows = []
    for name, limit, what, peers in (
        ('timewait_200k_cpu_vs_ss_wc', 0.5, 'ss to wc', counts),
        ('timewait_200k_cpu_vs_ss_awk', 0.15, 'ss to awk', histograms),
    ):
        ratio = ratios('node program by %s' % what, ours, peers)
        against = '%s, %d sockets, median of %d' % (what.replace(' to ', ' | '), SOCKETS, ROUNDS)
        measured = (samples, Samples(what + ', CPU s', peers), ratio)
        rows.append(Row(name, ratio.median, 'ratio', limit, against, measured))
    return rows


BENCHMARK = Benchmark(('timewait_200k_cpu_vs_ss_wc', 'timewait_200k_cpu_vs_ss_awk'), measure, missing)
