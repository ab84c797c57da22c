# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kernel's rule over a million SYNs of 1,000 addresses, every tenth of them of a connection that leaves a stamp."""

from __future__ import annotations

import random
import sys
import time

from .results import Benchmark, BenchmarkError, Row, Samples
from .running import CHECKOUT

sys.path.insert(0, str(CHECKOUT / 'playbooks' / 'collections'))

from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets import kernels
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.replay import replay
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.segment import ACK, FIN, SYN, Event, survey

SYNS = 1_000_000
ROUNDS = 3
SERVER = b'\xc6\x33\x64\x0a'
WORD = 1 << 32


def capture() -> list[Event]:
    """What a look at a node sees in ten seconds, of clients that begin each connection at another timestamp."""
    chance = random.Random(1)
    events: list[Event] = []
    for number in range(SYNS):
        now = 1795314000 + number / 1e5
        client = (0x0A000000 + chance.randrange(1000)).to_bytes(4, 'big')
        port, isn, stamp = 1024 + number % 60000, chance.getrandbits(32), chance.getrandbits(32)
        events.append((now, client, port, SERVER, 80, SYN, isn, 0, stamp, 0, 0, 0))
        if number % 10 == 0:
            ack = (isn + 1) % WORD
            events.append((now, SERVER, 80, client, port, SYN | ACK, 7, ack, 5, stamp, 0, 4))
            events.append((now, SERVER, 80, client, port, FIN | ACK, 8, ack, 5, stamp, 0, 4))
            events.append((now, client, port, SERVER, 80, FIN | ACK, ack, 9, stamp, 5, 0, 0))
    return events


def measure() -> list[Row]:
    events, rule, costs = capture(), kernels.rule_of('4.4.178'), []
    for _round in range(ROUNDS):
        began = time.process_time()
        found = replay(events, survey(events), rule)
        costs.append(time.process_time() - began)
        if found.syns != SYNS or not SYNS * 0.4 < len(found.drops) < SYNS * 0.6:
            raise BenchmarkError('%d of %d SYNs dropped: half of them should be' % (len(found.drops), found.syns))
    samples = Samples('a million SYNs replayed, CPU s', tuple(costs))
    return [Row('replay_1m_s', samples.median, 's', 5, 'CPU of one replay, median of %d' % ROUNDS, (samples,))]


BENCHMARK = Benchmark(('replay_1m_s',), measure)
