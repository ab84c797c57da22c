# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SYNs that meet TIME_WAIT behind SNAT, on the kernel of this machine: what makes it happen, what it costs, what helps.

The long tests print the tables of docs/guides/collisions.md.
"""

from __future__ import annotations

import dataclasses
import itertools
import os
import statistics
from typing import Any

import pytest

from . import figures, packets, variants
from .figures import Figures
from .lab import PORT, Lab
from .scenario import Scenario

pytestmark = pytest.mark.usefixtures('kernel')


def short(*changes: dict[str, Any], seconds: float = 3.0) -> list[Figures]:
    """Variants of the fault side by side for a few seconds: after two of them all ports are in TIME_WAIT."""
    common = dataclasses.replace(variants.FAULT, per_s=100.0, seconds=seconds, nat_time_wait=1, timeout_s=2.0)
    return figures.run_together([dataclasses.replace(common, **changed) for changed in changes])


def assert_untroubled(found: Figures) -> None:
    """No SYN was turned away. A FIN that overtakes the ACK before it leaves that ACK to TIME_WAIT, which counts too."""
    assert (found.repeated, found.failed) == (0, 0)
    assert found.turned_away <= 1 + found.made / 1000


def test_random_ports_collide_and_the_first_remedy_ends_it() -> None:
    fault, mended = short({}, {'choice': 'plain', 'ports': None}, seconds=4.0)
    assert fault.turned_away > 20
    assert abs(fault.repeated - fault.turned_away) <= 2 + fault.failed
    assert fault.slow > 10
    assert_untroubled(mended)


def test_one_clock_or_a_client_that_closes_first_does_not_collide() -> None:
    for found in short({'timestamps': 2}, {'client_first': True}):
        assert_untroubled(found)
        assert found.made > 200


def test_a_firewall_that_drops_the_old_ack_makes_connections_hang() -> None:
    passes, drops = short({'firewall': 'nothing'}, {'firewall': 'ack'})
    assert drops.failed > 10
    assert passes.failed < drops.failed / 3
    assert drops.turned_away > drops.failed  # each SYN of those that hang is turned away


def test_without_timestamps_syns_are_turned_away_and_no_counter_shows_it() -> None:
    (found,) = short({'timestamps': 0})
    assert found.turned_away == 0
    assert found.repeated > 10


def test_a_collision_is_a_syn_an_old_ack_a_reset_and_a_syn_from_another_port() -> None:
    scenario = dataclasses.replace(variants.FAULT, ports=(40000, 40049), per_s=40.0, nat_time_wait=1)
    with Lab(scenario) as lab:
        lab.offer(1.5)
        seen = [node.start(packets.watch, PORT, 4.0) for node in (lab.clients[0], lab.server)]
        lab.clients[0].wait_for_watch()
        lab.server.wait_for_watch()
        lab.offer(2.5)
        at_client, at_server = ([packets.Packet(*row) for row in task.result()] for task in seen)
    flows = [[packet for packet in at_client if packet.port == port] for port in {packet.port for packet in at_client}]
    collided = [flow for flow in flows if [packet.flags for packet in flow[:4]] == ['SYN', 'ACK', 'RST', 'SYN']]
    assert len(collided) > 3
    assert 5 < statistics.median(1000 * (flow[3].at - flow[0].at) for flow in collided) < 30
    ports: dict[int, list[int]] = {}
    for packet in at_server:
        if packet.flags == 'SYN':
            ports.setdefault(packet.number, []).append(packet.port)
    changes = [first != second for tried in ports.values() for first, second in itertools.pairwise(tried)]
    assert len(changes) > 3
    # Where the reset comes late, or the draw is the same port again, the SYN keeps it.
    assert sum(changes) > len(changes) / 2


@pytest.mark.long
def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    """What clients reach that connect again as soon as they can; the first remedy makes 20/s into thousands."""
    slow = figures.run_together([scenario for _what, scenario in variants.SLOW_ONES])
    fast = [figures.run(scenario) for _what, scenario in variants.FAST_ONES]
    several = figures.run_together([scenario for _what, scenario in variants.SEVERAL_ONES], variants.SEVERAL.seconds)
    with capsys.disabled():
        print('\nkernel %s, %d processors, load %.1f' % (os.uname().release, os.cpu_count() or 0, os.getloadavg()[0]))
        _print('200 ports, one client, 30 s', variants.SLOW_ONES, slow)
        _print('one client, 10 s', variants.FAST_ONES, fast)
        _print('plain masquerade, three clients, 150 connections a second, 30 s', variants.SEVERAL_ONES, several)
    found = {what: each for (what, _scenario), each in zip(variants.SLOW_ONES, slow, strict=True)}
    for what, each in found.items():
        assert each.turned_away > 20, what
    assert found['fully-random'].per_s < 20
    fast_ones = {what: each for (what, _scenario), each in zip(variants.FAST_ONES, fast, strict=True)}
    assert fast_ones['all ports, plain masquerade'].peak_per_s > 2500
    for what in ('all ports, plain masquerade', '200 ports, client tcp_timestamps=2'):
        assert_untroubled(fast_ones[what])
    assert fast_ones['200 ports, the client closes first'].turned_away == 0
    assert several[0].turned_away < 5
    assert min(each.turned_away for each in several[1:]) > 20
    assert several[-1].failed > 10


HEAD = (
    'variant',
    'made',
    'per second',
    'at best',
    'failed',
    'over 5 ms',
    'over 0.9 s',
    'p99 ms',
    'PAWSTimewait',
    'share of SYNs',
)


def _print(title: str, named: tuple[tuple[str, Scenario], ...], found: list[Figures]) -> None:
    rows = [HEAD]
    for (what, _scenario), each in zip(named, found, strict=True):
        numbers = ['%d' % each.made, '%.0f' % each.per_s]
        numbers += map(str, (each.peak_per_s, each.failed, each.slow, each.waited))
        rows.append((what, *numbers, '%.1f' % each.p99_ms, str(each.turned_away), '%.1f %%' % (100 * each.share)))
    print('\n%s\n\n%s' % (title, figures.table(rows)))
