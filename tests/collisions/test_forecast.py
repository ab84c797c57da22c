# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The forecast of collisions against what the kernel does: before traffic begins, and from one look at the server."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import time
from collections.abc import Sequence

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._forecast import collisions
from ansible_collections.nodetcp.paws.plugins.plugin_utils._forecast.collisions import (
    PER_CLIENT,
    PER_CONNECTION,
    Nat,
    Traffic,
)

from . import figures, variants
from .lab import Lab, gathered, time_wait_ports
from .scenario import Scenario

pytestmark = pytest.mark.usefixtures('kernel')

WARM_S, SECONDS = 65.0, 60.0
#: Linux clients go through their ports in order: with so few of them several times in a minute, so that it does not
#: matter where each of them began.
OWN_PORTS = Scenario(choice='plain', local_ports=(40000, 42999), nat_time_wait=10, per_s=60.0, clients=3)
CASES: tuple[tuple[str, Scenario], ...] = (
    ('2,000 ports, nothing protected', Scenario(ports=variants.SOME, nat_time_wait=1, per_s=50.0)),
    ('2,000 ports, protected for 30 s', Scenario(ports=variants.SOME, nat_time_wait=30, per_s=30.0)),
    ('6,000 ports', Scenario(ports=variants.MANY, nat_time_wait=1, per_s=100.0)),
    ('all ports, SNAT TIME_WAIT 120 s', Scenario(nat_time_wait=120, per_s=300.0)),
    ('500 ports, all taken', Scenario(ports=(40000, 40499), nat_time_wait=120, per_s=40.0)),
    ('own ports, three clients', OWN_PORTS),
    ('own ports, three clocks', dataclasses.replace(OWN_PORTS, timestamps=2, clocks=3)),
    (
        '2,000 ports, two clocks',
        Scenario(ports=variants.SOME, nat_time_wait=1, per_s=50.0, clients=2, timestamps=2, clocks=2),
    ),
    ('8 addresses of 500 ports', Scenario(ports=(40000, 40499), addresses=8, nat_time_wait=1, per_s=80.0)),
)


#: A machine that does nothing else, so that it can keep the rate.
BUSY: tuple[tuple[str, Scenario], ...] = (('all ports, one busy client', Scenario(nat_time_wait=120, per_s=800.0)),)
HEAD = (
    'variant',
    'made per second',
    'turned away per second',
    'forecast',
    'from one look',
    'share of SYNs',
    'worst error',
    'TIME_WAIT',
    'forecast',
)


def nat_of(scenario: Scenario) -> Nat:
    """What its rule and settings say of it."""
    first, last = scenario.local_ports
    local = (last - first + 1) // 2  # connect() takes the even ones first
    if scenario.choice == 'plain' and scenario.ports is None:
        return Nat(local, random=False, hold_s=scenario.nat_time_wait)
    low, high = scenario.ports or (1024, 65535)
    return Nat((high - low + 1) * scenario.addresses, True, scenario.nat_time_wait, local * scenario.clients)


def traffic_of(scenario: Scenario, per_s: float) -> Traffic:
    clocks = PER_CLIENT if scenario.timestamps == 2 else PER_CONNECTION
    server_first = 0.0 if scenario.client_first else 1.0
    return Traffic(per_s, server_first, clocks, (1 / scenario.clients,) * scenario.clients)


def test_from_one_look_at_the_server() -> None:
    """Ports by those seen, TIME_WAIT as counted: enough to say what the next seconds bring."""
    scenario = dataclasses.replace(variants.FAULT, ports=(40000, 40399), nat_time_wait=1, per_s=100.0)
    with Lab(scenario) as lab:
        lab.offer(5.0)
        before, ports = figures.counted(lab), time_wait_ports(lab.server)
        offered = lab.offer(3.0)
        after = figures.counted(lab)
    seen = collisions.ports_seen(ports)
    assert seen is not None
    assert seen.ports == pytest.approx(400, rel=0.05)
    half = (before.time_wait + after.time_wait) // 2
    found = collisions.present(Nat(seen.ports, hold_s=1), Traffic(len(offered.latencies) / 3.0), half)
    assert found.share == pytest.approx(_share(before, after), rel=0.35)  # some 100 SYNs: their number alone varies so


@pytest.mark.long
@pytest.mark.parametrize('cases', [CASES, BUSY], ids=['nine variants', 'a busy client'])
def test_within_a_fifth(cases: Sequence[tuple[str, Scenario]], capsys: pytest.CaptureFixture[str]) -> None:
    with contextlib.ExitStack() as stack:
        labs = [stack.enter_context(Lab(scenario)) for _what, scenario in cases]
        running = [lab.start(WARM_S + SECONDS) for lab in labs]
        time.sleep(WARM_S)
        before = [(time.monotonic(), figures.counted(lab)) for lab in labs]
        time.sleep(SECONDS - 2)
        after = [(time.monotonic(), figures.counted(lab)) for lab in labs]
        for tasks in running:
            gathered(tasks)
    rows, errors = [HEAD], []
    for (what, scenario), (since, first), (until, last) in zip(cases, before, after, strict=True):
        per_s = (last.accepted - first.accepted) / (until - since)
        measured = (last.turned_away - first.turned_away) / (until - since)
        nat, traffic = nat_of(scenario), traffic_of(scenario, per_s)
        forecasts = collisions.lasting(nat, traffic), collisions.present(nat, traffic, first.time_wait)
        errors.append(max(abs(found.per_s / measured - 1) for found in forecasts))
        numbers = ['%.1f' % number for number in (per_s, measured, *(found.per_s for found in forecasts))]
        shares = ['%.1f %%' % (100 * share) for share in (_share(first, last), errors[-1])]
        rows.append((what, *numbers, *shares, str(first.time_wait), '%.0f' % forecasts[0].time_wait))
    with capsys.disabled():
        print('\nkernel %s\n\n%s' % (os.uname().release, figures.table(rows)))
    assert max(errors) < 0.2


def _share(before: figures.Counted, after: figures.Counted) -> float:
    turned_away = after.turned_away - before.turned_away
    return turned_away / (turned_away + after.accepted - before.accepted)
