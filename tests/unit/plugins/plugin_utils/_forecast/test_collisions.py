# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The forecast of collisions against what was measured, and against a NAT and a server played connection by connection.

tests/collisions holds it against the kernel.
"""

import random
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from ansible_collections.nodetcp.paws.plugins.plugin_utils._forecast.collisions import (
    PER_CLIENT,
    PER_CONNECTION,
    Collisions,
    Nat,
    Traffic,
    lasting,
    present,
)

LINUX_PORTS = 14116  # the even ones of 32768 to 60999, which connect() takes first
ALL_PORTS = 64512
THREE = (1 / 3, 1 / 3, 1 / 3)
# (what, NAT, traffic, SYNs turned away per second and TIME_WAIT sockets as measured on 6.18.44 over the second minute).
MEASURED = (
    ('random, 2,000 ports, nothing protected', Nat(2000, hold_s=1), Traffic(49.6), 22.26, 1250),
    ('random, 2,000 ports, protected for 30 s', Nat(2000, hold_s=30), Traffic(29.9), 9.91, 1449),
    ('random, 6,000 ports', Nat(6000, hold_s=1), Traffic(99.5), 37.06, 3340),
    ('own ports, three clocks', Nat(1500, False, 10), Traffic(60, clocks=PER_CLIENT, shares=THREE), 13.0, 2077),
    ('random, all ports, one client', Nat(ALL_PORTS, True, 120, LINUX_PORTS), Traffic(300), 22.51, 17174),
    ('two clocks', Nat(2000, hold_s=1), Traffic(49.6, clocks=PER_CLIENT, shares=(0.5, 0.5)), 12.25, 1376),
    ('no port left', Nat(500, hold_s=120), Traffic(39.6), 19.73, 488),
)


@pytest.mark.parametrize(('nat', 'traffic', 'per_s', 'time_wait'), [row[1:] for row in MEASURED])
def test_what_was_measured(nat, traffic, per_s, time_wait):
    found = lasting(nat, traffic)
    assert found.per_s == pytest.approx(per_s, rel=0.1)
    assert found.time_wait == pytest.approx(time_wait, rel=0.05)
    assert present(nat, traffic, time_wait).per_s == pytest.approx(per_s, rel=0.1)
    assert found.share == pytest.approx(per_s / (per_s + traffic.per_s), rel=0.1)


@pytest.mark.parametrize(
    ('nat', 'traffic'),
    [
        (Nat(ALL_PORTS), Traffic(1000, server_first=0)),  # the client closes first
        (Nat(200), Traffic(50, clocks=PER_CLIENT)),  # one client, one clock
        (Nat(LINUX_PORTS, random=False), Traffic(200)),  # one client keeps its ports
        (Nat(ALL_PORTS, hold_s=120), Traffic(300)),  # the NAT protects a port for longer than TIME_WAIT lasts
        (Nat(0), Traffic(10)),
        (Nat(200), Traffic(0)),
    ],
)
def test_nothing_collides(nat, traffic):
    assert lasting(nat, traffic).per_s == pytest.approx(0)
    assert lasting(nat, traffic).share == pytest.approx(0)
    assert lasting(nat, traffic).repeated_per_s == pytest.approx(0)


def test_few_ports_come_to_a_third_of_the_syns():
    found = lasting(Nat(200), Traffic(100))
    assert found.share == pytest.approx(1 / 3, rel=0.01)
    assert found.repeated_per_s == pytest.approx(100 / 9, rel=0.01)


def test_more_ports_more_addresses_and_a_lower_rate_help():
    few, more = (lasting(Nat(ports), Traffic(50)).per_s for ports in (2000, 16000))
    assert more < few / 4
    assert lasting(Nat(2000), Traffic(5)).share < lasting(Nat(2000), Traffic(50)).share / 3


def test_protection_shorter_than_time_wait_does_not_help_where_ports_run_out():
    found = [lasting(Nat(200, hold_s=seconds), Traffic(20)).share for seconds in (1, 30, 120)]
    assert min(found) > 0.3


def test_a_client_that_comes_back_to_its_local_ports_takes_the_protection_away():
    slow, fast = (lasting(Nat(ALL_PORTS, True, 120, LINUX_PORTS), Traffic(per_s)).share for per_s in (10, 2000))
    assert slow < 0.001
    assert fast > 0.2


def test_now_without_sockets_nothing_collides_and_with_all_ports_taken_half_do():
    assert present(Nat(200), Traffic(10), 0).per_s == 0
    assert present(Nat(200), Traffic(10), 200).share == pytest.approx(0.5)
    assert present(Nat(200), Traffic(10), 9999).share == pytest.approx(0.5)
    assert present(Nat(200), Traffic(0), 17) == Collisions(0.0, 0.0, 0.0, 17.0)


@dataclass
class Play:
    """A NAT, its clients and a server, connection by connection, by the rules of the kernel."""

    nat: Nat
    traffic: Traffic
    dice: random.Random
    taken: dict = field(default_factory=dict)  # port: until when the NAT protects it
    owner: dict = field(default_factory=dict)  # local port: the port it has from the NAT
    client: dict = field(default_factory=dict)  # port: the client that has it
    held: dict = field(default_factory=dict)  # port: (when TIME_WAIT ends, client)
    turned_away = repeated = made = time_wait = 0

    def run(self, warm_s=120.0, seconds=240.0):
        now = 0.0
        for end in (warm_s, warm_s + seconds):
            self.turned_away = self.repeated = self.made = 0
            while now < end:
                now += self.dice.expovariate(self.traffic.per_s)
                self.connect(now)
        self.time_wait = sum(ends > now for ends, _client in self.held.values())
        return self

    def connect(self, now):
        client = self.dice.choices(range(len(self.traffic.shares)), self.traffic.shares)[0]
        local = self.dice.randrange(int(self.nat.client_ports or 10**9))
        kept = self.dice.randrange(int(self.nat.ports))
        if self.nat.random:
            self.taken.pop(self.owner.pop(local, None), None)
        tries = 0
        while True:
            port = self.choose(now) if self.nat.random else self.keep(kept, client, now)
            if not self.rejected(port, client, now):
                break
            self.held.pop(port)
            tries += 1
        self.made += 1
        self.turned_away += tries
        self.repeated += tries > 1
        self.taken[port], self.owner[local], self.client[port] = now + self.nat.hold_s, port, client
        if self.dice.random() < self.traffic.server_first:
            self.held[port] = now + 60, client
        else:
            self.held.pop(port, None)

    def choose(self, now):
        """From a random port on the next one that is free."""
        port = self.dice.randrange(int(self.nat.ports))
        while self.taken.get(port, 0) > now:
            port = (port + 1) % int(self.nat.ports)
        return port

    def keep(self, port, client, now):
        """The client's own, or one far away where that is protected for another client."""
        other = self.taken.get(port, 0) > now and self.client[port] != client
        return 10**6 + self.dice.randrange(10**6) if other else port

    def rejected(self, port, client, now):
        ends, other = self.held.get(port, (0, 0))
        if ends <= now:
            return False
        if self.traffic.clocks == PER_CLIENT:
            return other < client
        if not self.nat.random and other == client:
            return False
        return self.dice.random() < 0.5


@st.composite
def situations(draw):
    ports = draw(st.integers(200, 3000))
    kept = draw(st.booleans())
    weights = draw(st.lists(st.integers(1, 5), min_size=1, max_size=4))
    traffic = Traffic(
        draw(st.floats(5, 60)),
        draw(st.sampled_from([1.0, 0.5])),
        draw(st.sampled_from([PER_CONNECTION, PER_CLIENT])),
        tuple(weight / sum(weights) for weight in weights),
    )
    client_ports = None if kept else draw(st.none() | st.integers(300, 5000))
    return Nat(ports, not kept, draw(st.sampled_from([0, 5, 30, 50])), client_ports), traffic


PLAYED = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=15)


@PLAYED
@given(situations(), st.integers(0, 2**32))
@example((Nat(1000, True, 120, 1500), Traffic(20)), 1)
def test_played_connection_by_connection(situation, seed):
    check_played(*situation, seed)


@pytest.mark.long
@settings(PLAYED, max_examples=400)
@given(situations(), st.integers(0, 2**32))
def test_many_played_connection_by_connection(situation, seed):
    check_played(*situation, seed)


def check_played(nat, traffic, seed):
    assume(traffic.per_s * nat.hold_s < 0.8 * nat.ports)
    played, found = Play(nat, traffic, random.Random(seed)).run(), lasting(nat, traffic)
    seconds = played.made / traffic.per_s
    of_rates = ((found.per_s, played.turned_away), (found.repeated_per_s, played.repeated))
    for forecast, count in [
        *((per_s * seconds, count) for per_s, count in of_rates),
        (found.time_wait, played.time_wait),
    ]:
        noise = 4 * max(count, 10) ** 0.5
        assert abs(forecast - count) < noise + 0.12 * count
