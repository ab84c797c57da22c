# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The row of the matrix that no kernel of today can make: what a real 4.4.178 that recycles dropped, diagnosed.

Attempts, SYNs and counters are those that were recorded (tests/fixtures/4.4.178-lab/replay-120): two clients behind one
address. Only the way from the nodes to the diagnosis is not taken.
"""

import json
from pathlib import Path

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._diagnose import arrivals
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets import pcap

from .cases import concluded, counters, goal

pytest.importorskip('dpkt')

RECORDED = Path(__file__).resolve().parents[4] / 'fixtures' / '4.4.178-lab' / 'replay-120'
RELEASE, PORT = '4.4.178', 8080
TOGETHER = 12  # attempts of a run
RUNS = 10
RECYCLING = {'tcp_tw_recycle': '1'}


def recorded():
    """(attempts of both clients in their order, connections that the server was asked for)."""
    events = pcap.read(str(RECORDED / 'trace.pcap')).events
    seen = arrivals.connections(events, PORT)
    clocks = {each['source_port']: each['tsval'] for each in seen}
    lines = [(name, json.loads(line)) for name in ('c1', 'c2')
             for line in (RECORDED / (name + '.jsonl')).read_text().splitlines()]  # fmt: skip
    lines.sort(key=lambda each: each[1]['t'])
    made = [
        {
            'port': PORT, 'at_s': told['t'] - lines[0][1]['t'], 'result': 'ok' if told['ok'] else 'timeout',
            'ms': told['ms'], 'syn_retransmits': 0, 'from': '10.0.0.%s:%d' % (name[1], told['sport']),
            'tsval': clocks[told['sport']], 'error': None, 'icmp_ms': 0.2,
        }
        for name, told in lines
    ]  # fmt: skip
    return made, seen


def risen():
    """How much PAWSPassive rose while all of it was recorded."""
    counts = []
    for name in ('netstat.before', 'netstat.after'):
        names, values = [line.split() for line in (RECORDED / name).read_text().splitlines() if 'TcpExt' in line]
        counts.append(int(values[names.index('PAWSPassive')]))
    return counts[1] - counts[0]


def test_all_that_was_recorded() -> None:
    made, seen = recorded()
    failed = sum(attempt['result'] != 'ok' for attempt in made)
    assert (len(made), failed, risen()) == (120, 54, 54)
    check(concluded(goal(RELEASE, **RECYCLING), made, seen, counters(RELEASE, PAWSPassive=54, ListenDrops=54)))


@pytest.mark.parametrize('run', range(RUNS))
def test_a_few_attempts_at_a_time(run: int) -> None:
    """Each that hangs was counted once: all 54 were."""
    made, seen = recorded()
    made = made[run * TOGETHER : (run + 1) * TOGETHER]
    failed = sum(attempt['result'] != 'ok' for attempt in made)
    assert failed
    check(concluded(goal(RELEASE, **RECYCLING), made, seen, counters(RELEASE, PAWSPassive=failed, ListenDrops=failed)))


def check(found) -> None:
    assert (found['conclusion']['cause'], found['conclusion']['confidence']) == ('per_host_paws', 'high')
    states = {cause['id']: cause['state'] for cause in found['causes']}
    assert [name for name, state in states.items() if state == 'found'] == ['per_host_paws']
