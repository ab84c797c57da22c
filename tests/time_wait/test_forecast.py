# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The forecast against what happens: a client with few local ports, loads below, at and above its limit."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._forecast import forecast, time_wait

from . import load, looking
from . import namespace as namespaces

CLIENT, SERVER, PORT = '10.9.1.1', '10.9.0.1', 443
TIME_WAIT = 60
DELAY = Path('/proc/sys/net/ipv4/tcp_tw_reuse_delay')  # in 6.18, not in 6.12
# The destination's share of what the client closes.
ALL = [{'local': CLIENT, 'remote': SERVER, 'remote_port': PORT, 'share': 1.0}]


@pytest.fixture(autouse=True)
def possible() -> None:
    reason = namespaces.missing()
    if reason:
        pytest.skip(reason)


class Client:
    """A namespace with so many local ports, a load that is offered there, and what is forecast for it."""

    def __init__(self, stack: contextlib.ExitStack, ports: int, per_s: float, seconds: float, **sysctls: int) -> None:
        settings = {'ip_local_port_range': '20000 %d' % (20000 + ports - 1), 'tcp_tw_reuse': 0, **sysctls}
        inside = stack.enter_context(namespaces.Loopback([CLIENT, SERVER], settings))
        self.capacity = looking.capacity_of(looking.look(inside))
        self._task = inside.start(load.offer, CLIENT, SERVER, PORT, per_s, seconds)

    def offered(self) -> dict[str, Any]:
        """What load.offer() saw."""
        found: dict[str, Any] = self._task.result()
        return found

    def forecast(self, found: dict[str, Any]) -> dict[str, Any]:
        """For the load as it was in fact, which a busy machine makes a smaller one."""
        per_s = load.offered_per_s(found)
        return forecast.forecast(self.capacity, forecast.Load(per_s, per_s, 1.0, ALL), 'client')


def predicted(outlook: dict[str, Any]) -> dict[str, Any]:
    """The forecast for the one destination."""
    row: dict[str, Any] = outlook['loads']['present']['destinations'][0]
    return row


def test_above_the_limit_ports_run_out_when_it_was_said() -> None:
    with contextlib.ExitStack() as stack:
        plain = Client(stack, 200, 20, 14)
        without_timestamps = Client(stack, 200, 20, 14, tcp_tw_reuse=1, tcp_timestamps=0)
        reusing = Client(stack, 200, 20, 14, tcp_tw_reuse=1)
        too_much = Client(stack, 50, 100, 6, tcp_tw_reuse=1)

        assert without_timestamps.capacity.reuse == 'inert'
        for client in (plain, without_timestamps):
            found = client.offered()
            outlook = client.forecast(found)
            assert outlook['verdict'] == 'exhausted'
            assert predicted(outlook)['exhausted_after_s'] == pytest.approx(found['first_failure_s'], rel=0.15)

        found = reusing.offered()
        assert reusing.forecast(found)['verdict'] == 'safe'
        assert found['first_failure_s'] is None

        found = too_much.offered()
        for _again in range(4):
            if found['attempts'] > 75 * found['took_s']:
                break  # a busy machine cannot even try so often
            too_much = Client(stack, 50, 100, 6, tcp_tw_reuse=1)
            found = too_much.offered()
        outlook = too_much.forecast(found)
        assert outlook['verdict'] == 'exhausted'
        assert predicted(outlook)['exhausted_after_s'] == pytest.approx(found['first_failure_s'], rel=0.25)
        assert predicted(outlook)['sustainable_per_s'] == pytest.approx(load.rate(found, 1, 6), rel=0.25)


def test_buckets_that_are_fewer_than_ports_overflow_before_ports_run_out() -> None:
    with contextlib.ExitStack() as stack:
        client = Client(stack, 200, 40, 8, tcp_max_tw_buckets=100)
        found = client.offered()
        outlook = client.forecast(found)
        assert outlook['verdict'] == 'tight'
        assert outlook['loads']['present']['buckets_share'] > 1
        assert found['first_failure_s'] is None


def test_of_a_client_that_reuses_each_connection_is_counted_once() -> None:
    settings = {'ip_local_port_range': '20000 20199', 'tcp_tw_reuse': 1}
    with namespaces.Loopback([CLIENT, SERVER], settings) as inside:
        inside.call(load.offer, CLIENT, SERVER, PORT, 100, 4)
        before = looking.look(inside)
        inside.call(load.offer, CLIENT, SERVER, PORT, 100, 3)
        after = looking.look(inside)
    opened = [each['record']['namespaces'][0]['counters']['Tcp']['ActiveOpens'] for each in (before, after)]
    rate = time_wait.shaped(after, before['sample'], 'client')['namespaces'][0]['rate']
    assert rate['from'] == 'counters'
    assert rate['reused_per_s'] > 0
    assert rate['per_s'] * rate['seconds'] == pytest.approx(opened[1] - opened[0], rel=0.2)


@pytest.mark.long
def test_below_at_and_above_the_limit_of_2000_ports() -> None:
    ports = 2000
    limit, seconds = ports / TIME_WAIT, 130
    with contextlib.ExitStack() as stack:
        below = Client(stack, ports, 0.75 * limit, seconds)
        at = Client(stack, ports, limit, seconds)
        above = Client(stack, ports, 2 * limit, seconds)

        found = below.offered()
        outlook = below.forecast(found)
        assert outlook['verdict'] == 'tight'
        assert predicted(outlook)['exhausted_after_s'] is None
        assert found['first_failure_s'] is None

        found = at.offered()
        outlook = at.forecast(found)
        assert outlook['verdict'] == 'exhausted'
        if predicted(outlook)['exhausted_after_s'] is not None:  # its rate is the limit, not one connection less
            assert predicted(outlook)['exhausted_after_s'] == pytest.approx(found['first_failure_s'], rel=0.15)

        found = above.offered()
        outlook = above.forecast(found)
        assert predicted(outlook)['exhausted_after_s'] == pytest.approx(found['first_failure_s'], rel=0.15)
        assert predicted(outlook)['sustainable_per_s'] == pytest.approx(load.rate(found, 10, seconds), rel=0.15)


@pytest.mark.long
@pytest.mark.skipif(not DELAY.exists(), reason='this kernel has no tcp_tw_reuse_delay, so its 2,000 ports are too fast')
def test_reuse_of_2000_ports_raises_the_limit_as_it_was_said() -> None:
    ports, delay_s, seconds = 2000, 4, 20  # a port is free again after that delay: 500 connections a second
    with contextlib.ExitStack() as stack:
        reuse = {'tcp_tw_reuse': 1, 'tcp_tw_reuse_delay': 1000 * delay_s}
        above = Client(stack, ports, 1.3 * ports / delay_s, seconds, **reuse)
        below = Client(stack, ports, 0.9 * ports / delay_s, seconds, **reuse)
        inert = Client(stack, ports, 0.9 * ports / delay_s, seconds, tcp_timestamps=0, **reuse)

        found = above.offered()
        row = predicted(above.forecast(found))
        assert row['exhausted_after_s'] == pytest.approx(found['first_failure_s'], rel=0.15)
        assert row['sustainable_per_s'] == pytest.approx(load.rate(found, delay_s, seconds), rel=0.25)

        found = below.offered()
        assert predicted(below.forecast(found))['exhausted_after_s'] is None
        assert found['first_failure_s'] is None

        found = inert.offered()  # the same load without timestamps: the ports run out as if there were no reuse
        row = predicted(inert.forecast(found))
        assert row['exhausted_after_s'] == pytest.approx(found['first_failure_s'], rel=0.15)


@pytest.mark.long
def test_reuse_raises_the_limit_as_it_was_said() -> None:
    with contextlib.ExitStack() as stack:
        wide = stack.enter_context(namespaces.Loopback([CLIENT, SERVER]))
        fastest = load.offered_per_s(wide.call(load.offer, CLIENT, SERVER, PORT, 5200, 1))
        ports = min(500, int(fastest / 8))  # few enough for the machine to offer more than they carry all the time
        client = Client(stack, ports, 1.3 * ports, 10, tcp_tw_reuse=1)  # a failure looks at all ports: few are enough
        found = client.offered()
        row = predicted(client.forecast(found))
        assert row['exhausted_after_s'] == pytest.approx(found['first_failure_s'], rel=0.25)
        assert row['sustainable_per_s'] == pytest.approx(load.rate(found, 1, 10), rel=0.25)
