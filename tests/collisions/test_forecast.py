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

from . import evidence, figures, variants
from .lab import OUTSIDE, PORT, Lab, gathered
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
    """What the second look of an audit sees: enough to say what the next seconds bring."""
    scenario = dataclasses.replace(variants.FAULT, ports=(40000, 40399), nat_time_wait=1, per_s=100.0)
    with Lab(scenario) as lab:
        lab.offer(5.0)
        before = figures.counted(lab)
        found = evidence.seen(lab)
        after = figures.counted(lab)
    assert found is not None
    (client,) = found['clients']
    assert (client['address'], client['port'], client['timestamps']) == (OUTSIDE, PORT, 'offset_per_connection')
    assert client['ports_estimate'] == pytest.approx(400, rel=0.05)
    assert client['behind_snat'] is True
    # Some 100 SYNs: their number alone varies so.
    assert found['forecast']['share'] == pytest.approx(_share(before, after), rel=0.35)
    assert found['forecast']['address'] == {name: found['forecast'][name] for name in found['forecast']['address']}


LOOK_HEAD = (
    'variant',
    'connections per second',
    'forecast of SYNs turned away',
    'turned away per second',
    'error',
    'share of SYNs, forecast and measured',
    'cause',
)


@pytest.mark.long
def test_the_evidence_forecasts_within_a_fifth(capsys: pytest.CaptureFixture[str]) -> None:
    """evidence.forecast of a look after a minute of traffic, against the minute that follows."""
    with contextlib.ExitStack() as stack:
        labs = [stack.enter_context(Lab(scenario)) for _what, scenario in CASES]
        running = [lab.start(WARM_S + SECONDS) for lab in labs]
        time.sleep(WARM_S)
        looking = [evidence.looking(lab.server) for lab in labs]
        founds = [evidence.told(lab.server, task) for lab, task in zip(labs, looking, strict=True)]
        before = [(time.monotonic(), figures.counted(lab)) for lab in labs]
        time.sleep(SECONDS - 8)
        after = [(time.monotonic(), figures.counted(lab)) for lab in labs]
        for tasks in running:
            gathered(tasks)
    rows, errors = [LOOK_HEAD], []
    for (what, _scenario), found, (since, first), (until, last) in zip(CASES, founds, before, after, strict=True):
        assert found is not None
        measured = (last.turned_away - first.turned_away) / (until - since)
        ahead, share = found['forecast'], _share(first, last)
        errors.append(abs(ahead['collisions_per_s'] / measured - 1))
        numbers = ['%.1f' % ahead[name] for name in ('connections_per_s', 'collisions_per_s')]
        shares = '%.1f %%, %.1f %%' % (100 * ahead['share'], 100 * share)
        rows.append((what, *numbers, '%.1f' % measured, '%.0f %%' % (100 * errors[-1]), shares, found['cause']))
    with capsys.disabled():
        print('\nkernel %s\n\n%s' % (os.uname().release, figures.table(rows)))
    own = [what for what, _scenario in CASES].index('own ports, three clients')
    assert errors.pop(own) < 1  # the most that there can be: how many clients there are cannot be seen
    assert sum(error < 0.2 for error in errors) >= 6
    assert max(errors) < 0.3


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
