# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A kernel that recycles, made up, as no kernel here does: sockets with the lifetimes that were measured on 4.4.178.

TIME_WAIT lasts 3.5 RTO, for a near peer 0.7 s, and 60 s where a late segment came. Counters tell a socket when its time
is over, as up to Linux 5.17.
"""

from __future__ import annotations

import contextlib
import dataclasses
import random
import socket
import struct
from collections.abc import Iterator
from typing import Any

from ansible_collections.nodetcp.paws.plugins.module_utils._node.parsers import time_wait_count
from ansible_collections.nodetcp.paws.plugins.module_utils._node.readers import sock_dump, tw_flow, tw_looks
from ansible_collections.nodetcp.paws.plugins.plugin_utils._forecast import time_wait
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._judge import records

RELEASE = '3.10.0-1160.el7'
HERE, PORT = '10.0.0.1', 80
RANGE = (32768, 60999)
DONE = struct.pack('=IHHIIi', 20, 3, 2, 1, 0, 0)
WARM_S = 70.0  # longer than any socket lives, before the first look


@dataclasses.dataclass(frozen=True)
class Traffic:
    """Connections per second in one direction, at a steady rate.

    peers: so many addresses, each with 3.5 RTO of its own, from `shortest` to `longest` seconds; touched: the share
    that keeps 60 s; others_first: the share that the other side closes first.
    """

    per_s: float
    peers: int
    shortest: float = 0.7
    longest: float = 0.75
    touched: float = 0.0
    others_first: float = 0.0


@dataclasses.dataclass(frozen=True)
class Tw:
    """One socket in TIME_WAIT."""

    outgoing: bool
    peer: str
    port: int
    entered: float
    ends: float


class Node:
    """outgoing, incoming: its traffic; failing: attempts to connect per second that fail. Its time is simulated."""

    def __init__(self, seed: int, outgoing: Traffic, incoming: Traffic, failing: float = 0.0) -> None:
        self._chance, self.now, self._failing = random.Random(seed), 0.0, failing
        self._opened: list[tuple[float, bool]] = []
        self._sockets: list[Tw] = []
        for traffic, out in ((outgoing, True), (incoming, False)):
            self._live(traffic, out)

    def _live(self, traffic: Traffic, outgoing: bool) -> None:
        chance = self._chance
        step = (traffic.longest - traffic.shortest) / max(1, traffic.peers - 1)
        short = {
            '10.%d.0.%d' % (1 + outgoing, number): traffic.shortest + step * number for number in range(traffic.peers)
        }
        for number in range(int((WARM_S + 60) * traffic.per_s)):
            at = (number + chance.random()) / traffic.per_s
            self._opened.append((at, outgoing))
            if chance.random() < traffic.others_first:
                continue
            peer = chance.choice(list(short))
            lasts = 60.0 if chance.random() < traffic.touched else short[peer]
            port = chance.randint(*RANGE)
            self._sockets.append(Tw(outgoing, peer, port, at, at + lasts))

    def sleep(self, seconds: float) -> None:
        """Time passes, and a little more, as on a machine that is busy."""
        self.now += seconds + self._chance.uniform(0, 0.02)

    def standing(self) -> list[Tw]:
        return [one for one in self._sockets if one.entered <= self.now < one.ends]

    @contextlib.contextmanager
    def opened(self) -> Iterator[Node]:
        """Instead of sock_dump.opened()."""
        yield self

    def datagrams(self, _kind: int, _body: bytes) -> Iterator[bytes]:
        """What the kernel answers."""
        messages = [self._message(one) for one in self.standing()]
        for first in range(0, len(messages), 100):
            yield b''.join(messages[first : first + 100])
        yield DONE

    def _message(self, one: Tw) -> bytes:
        ports = (one.port, 3306) if one.outgoing else (PORT, one.port)
        ends = [socket.inet_aton(address).ljust(16, b'\0') for address in (HERE, one.peer)]
        rest = struct.pack('=12xI', int(1000 * (one.ends - self.now)))
        body = struct.pack('=BBBB', 2, 6, 3, 0) + struct.pack('>HH', *ports) + ends[0] + ends[1] + rest
        return struct.pack('=IHHII', 88, 20, 2, 1, 0) + body.ljust(72, b'\0')

    def counters(self) -> dict[str, dict[str, int]]:
        began = [out for at, out in self._opened if at <= self.now]
        failed = int(self.now * self._failing)
        return {
            'TcpExt': {'TW': 0, 'TWRecycled': 0, 'EmbryonicRsts': failed // 4, 'TWKilled': self._ended()},
            'Tcp': {
                'ActiveOpens': sum(began) + failed,
                'PassiveOpens': len(began) - sum(began),
                'AttemptFails': failed + failed // 4,
            },
        }

    def _ended(self) -> int:
        return sum(one.ends <= self.now for one in self._sockets)

    def entered_per_s(self, since: float) -> float:
        """Of its own connections: what is to be told."""
        mine = [one for one in self._sockets if one.outgoing and since < one.entered <= self.now]
        return len(mine) / (self.now - since)


def looked(node: Node, window: float, at_it: bool) -> tuple[dict[str, Any], float]:
    """(time_wait_info of the node after a window, what its outgoing rate was); at_it: it was looked at meanwhile."""
    node.now = WARM_S
    record = records.record(RELEASE, {'net.ipv4.tcp_tw_recycle': 1})
    entry = record['namespaces'][0]
    before = node.counters()
    looks = tw_looks.Looks(time_wait_count.TimeWaitCount([PORT], RANGE), lambda: node.now, node.sleep)
    (looks.sleep if at_it else node.sleep)(window)
    entry['counters'] = node.counters()
    _by, seconds, low, end = tw_flow.rests(entry['sysctls'], [3, 10], window)
    found, _interrupted = sock_dump.time_wait(lambda: time_wait_count.TimeWaitCount([PORT], RANGE, (low, end)))
    flow = looks.flow(10) or dict(found.within, by='end', seconds=seconds)
    entry['time_wait'] = dict(found.shown(10), source='netlink', listening=[PORT], flow=flow)
    record['source']['uptime_s'] = node.now
    earlier = records.sample(record)
    earlier['uptime_s'], earlier['groups'][0]['counters'] = WARM_S, before
    answer = {'record': record, 'slab': None, 'idle': 0}
    return time_wait.shaped(answer, earlier, 'server')['namespaces'][0], node.entered_per_s(WARM_S)
