# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making TIME_WAIT sockets fast: over loopback 200,000 are there long before the first one ends."""

from __future__ import annotations

import collections
import dataclasses
import math
import socket
import time
from collections.abc import Sequence

from .namespace import Loopback

LOW_PORT = 1024
# Settings of a namespace that is to be filled.
ROOM = {'tcp_max_tw_buckets': 2_000_000, 'tcp_tw_reuse': 0, 'ip_local_port_range': '%d 65535' % LOW_PORT}


@dataclasses.dataclass(frozen=True)
class Flow:
    """Connections of one client address to one server; the client closes first unless it is said otherwise."""

    client: str
    server: str
    port: int
    count: int
    server_first: bool = False


def make(flow: Flow, until: float) -> int:
    """The connections of a flow, each from a port of its own, one after the other; how many were made in time."""
    family = socket.AF_INET6 if ':' in flow.client else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((flow.server, flow.port))
        listener.listen(16)
        for number in range(flow.count):
            if time.monotonic() > until:
                return number
            with socket.socket(family) as client:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                client.bind((flow.client, LOW_PORT + number))
                client.connect((flow.server, flow.port))
                accepted = listener.accept()[0]
                first, second = (accepted, client) if flow.server_first else (client, accepted)
                first.close()
                second.close()
    return flow.count


def fill(namespace: Loopback, flows: Sequence[Flow], limit_s: float = math.inf, workers: int = 2) -> int:
    """All flows, by so many processes at once; how many connections were made.

    On a machine that is too slow for all of them each flow is cut short, so that none leaves TIME_WAIT before limit_s.
    """
    started = time.monotonic()

    def some(worker: int) -> int:
        own = flows[worker::workers]
        ends = [started + limit_s * number / len(own) for number in range(1, len(own) + 1)]
        return sum(make(flow, until) for flow, until in zip(own, ends, strict=True))

    return sum(task.result() for task in [namespace.start(some, worker) for worker in range(workers)])


def ends_in_proc() -> list[list[object]]:
    """[[local end, remote end, sockets], ...] of TIME_WAIT over IPv4 by /proc/net/tcp, apart from the local port."""
    found: collections.Counter[tuple[str, str]] = collections.Counter()
    with open('/proc/net/tcp', encoding='ascii') as table:
        for line in table:
            words = line.split()
            if words[3] == '06':
                found[words[1].split(':')[0], words[2]] += 1
    return [[local, remote, count] for (local, remote), count in found.most_common()]
