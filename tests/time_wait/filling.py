# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making TIME_WAIT sockets fast: over loopback 200,000 are there long before the first one ends."""

from __future__ import annotations

import collections
import dataclasses
import socket
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


def make(flow: Flow) -> None:
    """The connections of a flow, each from a port of its own, one after the other."""
    family = socket.AF_INET6 if ':' in flow.client else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((flow.server, flow.port))
        listener.listen(16)
        for number in range(flow.count):
            with socket.socket(family) as client:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                client.bind((flow.client, LOW_PORT + number))
                client.connect((flow.server, flow.port))
                accepted = listener.accept()[0]
                first, second = (accepted, client) if flow.server_first else (client, accepted)
                first.close()
                second.close()


def fill(namespace: Loopback, flows: Sequence[Flow], workers: int = 2) -> None:
    """All flows, by so many processes at once."""

    def some(worker: int) -> None:
        for flow in flows[worker::workers]:
            make(flow)

    for task in [namespace.start(some, worker) for worker in range(workers)]:
        task.result()


def ends_in_proc() -> list[list[object]]:
    """[[local end, remote end, sockets], ...] of TIME_WAIT over IPv4 by /proc/net/tcp, apart from the local port."""
    found: collections.Counter[tuple[str, str]] = collections.Counter()
    with open('/proc/net/tcp', encoding='ascii') as table:
        for line in table:
            words = line.split()
            if words[3] == '06':
                found[words[1].split(':')[0], words[2]] += 1
    return [[local, remote, count] for (local, remote), count in found.most_common()]
