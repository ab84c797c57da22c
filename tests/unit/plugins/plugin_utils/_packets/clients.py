# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients behind one address, made up: their clocks, what happens to these, and the way to the capture."""

from __future__ import annotations

import dataclasses
import random

from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.lines import Stamp

NOON = 1795314000.0
WORD = 1 << 32
COMMON = (1000, 300, 250, 100)
ODD = (977, 512, 128, 83, 64, 50, 20, 2)
#: Seconds from the sender to the capture, for a jitter of that many seconds.
WAYS = {
    'even': lambda chance, jitter: chance.uniform(0, jitter),
    'both sides': lambda chance, jitter: chance.uniform(-jitter, jitter),
    'two paths': lambda chance, jitter: chance.choice((0, jitter)) + chance.uniform(0, 0.005),
    'queue': lambda chance, jitter: min(jitter, chance.expovariate(5 / jitter)),
    'polled': lambda chance, jitter: -chance.random() % max(jitter, 0.001),
}


@dataclasses.dataclass(frozen=True)
class Client:
    """rate: ticks a second, 0 where each connection has an offset of its own; active: seconds from and to; reboots:
    seconds after which it has another offset; pauses: (second, how long) in which its clock stands still."""

    rate: int
    offset: int
    syns: int
    active: tuple[float, float]
    drift: float = 0.0
    reboots: tuple[tuple[float, int], ...] = ()
    pauses: tuple[tuple[float, float], ...] = ()

    def value(self, at: float, chance: random.Random) -> int:
        """The timestamp of a new connection at that second."""
        if not self.rate:
            return chance.randrange(WORD)
        ran = at - sum(length for second, length in self.pauses if at > second)
        offset = next((other for second, other in reversed(self.reboots) if at > second), self.offset)
        return (offset + int(self.rate * (1 + self.drift) * ran)) % WORD


def stamps(clients: list[Client], chance: random.Random, jitter: float = 0.0, way: str = 'even') -> list[Stamp]:
    """Their SYNs as captured, each from a port of its own as far as chance has it."""
    sent = [(at, client) for client in clients for at in _times(client, chance)]
    late = WAYS[way] if jitter else lambda _chance, _jitter: 0.0
    found = [
        (NOON + at + late(chance, jitter), client.value(at, chance), chance.randrange(1024, 65536))
        for at, client in sorted(sent, key=lambda pair: pair[0])
    ]
    return sorted(found)


def _times(client: Client, chance: random.Random) -> list[float]:
    return [chance.uniform(*client.active) for _syn in range(client.syns)]


def steady(rate: int, offset: int, syns: int, seconds: float, drift: float = 0.0) -> Client:
    """A client that connects during the whole time."""
    return Client(rate, offset % WORD, syns, (0.0, seconds), drift)


def anybody(chance: random.Random) -> tuple[int, list[Stamp]]:
    """(how many clients, their SYNs): any number of any kind that may be behind one address, and any network."""
    seconds = chance.choice((5.0, 10.0, 54.0, 600.0, chance.uniform(5, 600)))
    rates = chance.choice(([1000], [250], [100], [300], COMMON, [1000, 1000000], [1000000], [*COMMON, 0], ODD))
    nearby = chance.choice((WORD, WORD, 1000, 20000, 500000))
    start = chance.randrange(WORD)
    number = chance.choice((1, 1, 1, 2, 2, 3, 5, 8, 12, 20))
    clients = [_any_client(chance, seconds, chance.choice(rates), start, nearby) for _client in range(number)]
    found = stamps(clients, chance, chance.choice((0, 0.001, 0.01, 0.05, 0.1, 0.15)), chance.choice(list(WAYS)))
    if chance.random() < 0.3:  # not captured in the order of their times
        found.sort(key=lambda stamp: stamp[0] + chance.uniform(0, 0.2))
    if chance.random() < 0.1:  # the clock of the capture is set in the middle
        step, half = chance.uniform(-100, 100), len(found) // 2
        found = found[:half] + [(at + step, value, port) for at, value, port in found[half:]]
    return number, found


def _any_client(chance: random.Random, seconds: float, rate: int, start: int, nearby: int) -> Client:
    whole = chance.random() < 0.7
    active = (0.0, seconds) if whole else (*sorted((chance.uniform(0, seconds), chance.uniform(0, seconds))),)
    reboots: tuple[tuple[float, int], ...] = ()
    pauses: tuple[tuple[float, float], ...] = ()
    fate = chance.random()
    if fate < 0.15:
        times = sorted(chance.uniform(0, seconds) for _reboot in range(chance.randint(1, 3)))
        drawn = chance.random() < 0.5  # as since Linux 4.10; before, a clock begins at the same value at each boot
        reboots = tuple((at, chance.randrange(WORD) if drawn else int(start - rate * at) % WORD) for at in times)
    elif fate < 0.3:
        pauses = tuple((chance.uniform(0, seconds), chance.uniform(0.5, 30)) for _pause in range(chance.randint(1, 4)))
    syns = chance.choice((1, 2, 3, 4, 5, 8, 10, 20, 50, 150, 400))
    offset = (start + chance.randrange(nearby)) % WORD
    return Client(rate, offset, syns, active, chance.uniform(-3e-4, 3e-4), reboots, pauses)
