# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""200,000 TIME_WAIT sockets: the whole node program of time_wait_info against `ss`, counting and by destination."""

from __future__ import annotations

import json
import shlex
import shutil

from tests.time_wait import filling
from tests.time_wait import namespace as namespaces

from . import node
from .results import Benchmark, BenchmarkError, Row, Samples, ratios
from .running import run

ROUNDS = 5
CLIENT, SERVER = '10.9.1.1', '10.9.0.1'
FLOWS = [filling.Flow(CLIENT, SERVER, 500 + number, 20_000) for number in range(10)]
OURS = 'node program'
SOCKETS = sum(flow.count for flow in FLOWS)
COUNT = 'ss -tanH state time-wait | wc -l'
# What the node program tells, by awk: which side closed first, then destinations, or ports and clients.
AWK = """
BEGIN {
    while (("ss -tlnH" | getline line) > 0) {
        split(line, words)
        parts = split(words[4], local, ":")
        listens[local[parts]] = 1
    }
}
{
    parts = split($3, here, ":")
    port = here[parts]
    if (port < low || port > high || listens[port]) {
        ports[port]++
        parts = split($4, there, ":")
        clients[substr($4, 1, length($4) - length(there[parts]) - 1)]++
    } else {
        destinations[substr($3, 1, length($3) - length(port) - 1) " " $4]++
    }
}
END {
    for (end in destinations) print "to", destinations[end], end
    for (end in ports) print "at", ports[end], end
    for (end in clients) print "from", clients[end], end
}
"""
# gawk is the awk of the distributions that have the fault, and people's shells speak UTF-8. mawk is measured beside it.
HISTOGRAM = (
    'export LC_ALL=C.UTF-8; ss -tanH state time-wait | %s -v low={} -v high=65535 {} | sort -k2,2rn | head'.format(
        filling.LOW_PORT, shlex.quote(AWK)
    )
)


def missing() -> str:
    """What keeps this machine from it."""
    for program, package in (('ss', 'iproute2'), ('nsenter', 'util-linux'), ('gawk', 'gawk'), ('mawk', 'mawk')):
        if not shutil.which(program):
            return 'needs %s, of %s' % (program, package)
    return namespaces.missing()


def _costs(holder: int) -> dict[str, list[float]]:
    """CPU seconds of each way, taken in turn."""
    inside = ['nsenter', '--target', str(holder), '--net']
    text = node.module_text('time_wait', {'root': '/', 'namespaces': 'host', 'top': 10})
    costs: dict[str, list[float]] = {OURS: [], 'ss to wc': [], 'ss to gawk': [], 'ss to mawk': []}
    for _round in range(ROUNDS):
        counted = run([*inside, 'sh', '-c', COUNT])
        cost = run([*inside, *node.command()], text)
        found = json.loads(cost.output)['nodetcp_paws']['record']['namespaces'][0]['time_wait']
        if {found['sockets'], int(counted.output)} != {SOCKETS}:
            raise BenchmarkError('%s counted, not %d' % (found['sockets'], SOCKETS))
        costs[OURS].append(cost.cpu)
        costs['ss to wc'].append(counted.cpu)
        for awk in ('gawk', 'mawk'):
            shown = run([*inside, 'sh', '-c', HISTOGRAM % awk])
            lines = [line.split() for line in shown.output.decode().splitlines()]
            told = {(line[2], line[3], int(line[1])) for line in lines if line[0] == 'to'}
            if told != {(end[0], '%s:%d' % (end[1], end[2]), end[3]) for end in found['outgoing']['top']}:
                raise BenchmarkError('the ten largest differ: %s, %s' % (found['outgoing']['top'], lines))
            costs['ss to ' + awk].append(shown.cpu)
    return costs


def measure() -> list[Row]:
    with namespaces.Loopback([CLIENT, SERVER], filling.ROOM) as inside:
        filling.fill(inside, FLOWS)
        costs = {way: tuple(seconds) for way, seconds in _costs(inside.pid).items()}
    ours = Samples(OURS + ', CPU s', costs[OURS])
    by = {way: ratios('%s by %s' % (OURS, way), costs[OURS], costs[way]) for way in costs if way != OURS}
    seconds = {way: Samples(way + ', CPU s', costs[way]) for way in by}
    rows = []
    for name, limit, way, beside in (
        ('timewait_200k_cpu_vs_ss_wc', 0.5, 'ss to wc', ()),
        ('timewait_200k_cpu_vs_ss_awk', 0.15, 'ss to gawk', ('ss to mawk',)),
    ):
        against = '%s, %d sockets, median of %d' % (way.replace(' to ', ' | '), SOCKETS, ROUNDS)
        measured = [ours, *(samples for each in (way, *beside) for samples in (seconds[each], by[each]))]
        rows.append(Row(name, by[way].median, 'ratio', limit, against, tuple(measured)))
    return rows


BENCHMARK = Benchmark(('timewait_200k_cpu_vs_ss_wc', 'timewait_200k_cpu_vs_ss_awk'), measure, missing)
