# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The forecast against what happens: a client with few local ports, loads below, at and above its limit."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import forecast

from . import load, looking
from . import namespace as namespaces

CLIENT, SERVER, PORT = '10.9.1.1', '10.9.0.1', 443
TIME_WAIT = 60
# The destination's share of what the client closes.
ALL = [{'local': CLIENT, 'remote': SERVER, 'remote_port': PORT, 'share': 1.0}]


@pytest.fixture(autouse=True)
def possible() -> None:
    reason = namespaces.missing()
    if reason:
        pytest.skip(reason)


class Client:
    """A namespace with so many local ports: what is forecast for a load there, and what becomes of it."""

    def __init__(self, stack: contextlib.ExitStack, ports: int, per_s: float, seconds: float, **sysctls: int) -> None:
        settings = {'ip_local_port_range': '20000 %d' % (20000 + ports - 1), 'tcp_tw_reuse': 0, **sysctls}
        inside = stack.enter_context(namespaces.Loopback([CLIENT, SERVER], settings))
        self.capacity = looking.capacity_of(looking.look(inside))
        self.forecast = forecast.forecast(self.capacity, forecast.Load(per_s, per_s, 1.0, ALL), 'client')
        self.predicted = self.forecast['loads']['present']['destinations'][0]
        self._per_s, self._seconds = per_s, seconds
        self._task = inside.start(load.offer, CLIENT, SERVER, PORT, per_s, seconds)

    def offered(self) -> dict[str, Any]:
        """What load.offer() saw. Left out where the machine was too busy to offer that load."""
        found: dict[str, Any] = self._task.result()
        if found['took_s'] > 1.1 * self._seconds:
            pytest.skip('too busy to offer %g connections a second' % self._per_s)
        return found


def test_above_the_limit_ports_run_out_when_it_was_said() -> None:
    with contextlib.ExitStack() as stack:
        plain = Client(stack, 200, 20, 14)
        without_timestamps = Client(stack, 200, 20, 14, tcp_tw_reuse=1, tcp_timestamps=0)
        reusing = Client(stack, 200, 20, 14, tcp_tw_reuse=1)
        too_much = Client(stack, 200, 400, 6, tcp_tw_reuse=1)

        assert plain.forecast['verdict'] == 'exhausted'
        assert plain.predicted['exhausted_after_s'] == pytest.approx(plain.offered()['first_failure_s'], rel=0.15)

        assert without_timestamps.capacity.reuse == 'inert'
        assert without_timestamps.predicted['exhausted_after_s'] == plain.predicted['exhausted_after_s']
        observed = without_timestamps.offered()['first_failure_s']
        assert without_timestamps.predicted['exhausted_after_s'] == pytest.approx(observed, rel=0.15)

        assert reusing.forecast['verdict'] == 'safe'
        assert reusing.offered()['first_failure_s'] is None

        assert too_much.forecast['verdict'] == 'exhausted'
        found = too_much.offered()
        assert too_much.predicted['exhausted_after_s'] == pytest.approx(found['first_failure_s'], rel=0.25)
        assert too_much.predicted['sustainable_per_s'] == pytest.approx(load.rate(found, 1, 6), rel=0.25)


def test_buckets_that_are_fewer_than_ports_overflow_before_ports_run_out() -> None:
    with contextlib.ExitStack() as stack:
        client = Client(stack, 200, 40, 8, tcp_max_tw_buckets=100)
        assert client.forecast['verdict'] == 'tight'
        assert client.forecast['loads']['present']['buckets_share'] > 1
        assert client.offered()['first_failure_s'] is None


@pytest.mark.long
def test_below_at_and_above_the_limit_of_2000_ports() -> None:
    ports = 2000
    limit, seconds = ports / TIME_WAIT, 130
    with contextlib.ExitStack() as stack:
        below = Client(stack, ports, 0.75 * limit, seconds)
        at = Client(stack, ports, limit, seconds)
        above = Client(stack, ports, 2 * limit, seconds)

        assert below.forecast['verdict'] == 'tight'
        assert below.predicted['exhausted_after_s'] is None
        assert below.offered()['first_failure_s'] is None

        assert at.predicted['exhausted_after_s'] == pytest.approx(at.offered()['first_failure_s'], rel=0.15)

        found = above.offered()
        assert above.predicted['exhausted_after_s'] == pytest.approx(found['first_failure_s'], rel=0.15)
        assert above.predicted['sustainable_per_s'] == pytest.approx(load.rate(found, 10, seconds), rel=0.15)


@pytest.mark.long
def test_reuse_raises_the_limit_of_2000_ports_as_it_was_said() -> None:
    with contextlib.ExitStack() as stack:
        client = Client(stack, 2000, 2600, 10, tcp_tw_reuse=1)  # a failure looks at all ports: few are enough
        found = client.offered()
        assert client.predicted['exhausted_after_s'] == pytest.approx(found['first_failure_s'], rel=0.25)
        assert client.predicted['sustainable_per_s'] == pytest.approx(load.rate(found, 1, 10), rel=0.25)
