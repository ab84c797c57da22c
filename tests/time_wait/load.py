# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client that opens connections at an even rate, until local ports run out and beyond. It closes each first, or the
server does."""

from __future__ import annotations

import errno
import socket
import time
from typing import Any

OWN_PORTS = 30000  # from here on, those of a client that does not let the kernel choose
IP_BIND_ADDRESS_NO_PORT = 24  # include/uapi/linux/in.h: the port is chosen by connect(), as where nothing is bound


def offer(
    client: str, server: str, port: int, per_s: float, seconds: float, server_first: bool = False
) -> dict[str, Any]:
    """{'attempts', 'first_failure_s' or None, 'made': seconds at which each connection was made, 'began': of
    time.monotonic()}.

    Where the server closes first, no connection is from a port that another was from: its SYN would end a TIME_WAIT.
    """
    attempts, failure, made = 0, None, []
    with socket.create_server((server, port), backlog=64) as listener:
        started = time.monotonic()
        while attempts < per_s * seconds:
            time.sleep(max(0.0, started + attempts / per_s - time.monotonic()))
            attempts += 1
            local = (client, OWN_PORTS + attempts if server_first else 0)
            if _connected(listener, local, (server, port), server_first):
                made.append(time.monotonic() - started)
            elif failure is None:
                failure = time.monotonic() - started
    took_s = time.monotonic() - started
    return {'attempts': attempts, 'first_failure_s': failure, 'made': made, 'took_s': took_s, 'began': started}


def _connected(listener: socket.socket, client: tuple[str, int], server: tuple[str, int], server_first: bool) -> bool:
    """Whether there was a local port for one more connection."""
    with socket.socket() as ours:
        ours.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        ours.bind(client)
        try:
            ours.connect(server)
        except OSError as error:
            if error.errno != errno.EADDRNOTAVAIL:
                raise
            return False
        accepted = listener.accept()[0]
        if server_first:
            accepted.close()
    accepted.close()
    return True


def offered_per_s(offered: dict[str, Any]) -> float:
    """Connections asked for per second until the first failure, or in all: a busy machine does not keep the rate."""
    failure = offered['first_failure_s']
    if failure is None:
        return float(offered['attempts'] / offered['took_s'])
    return float((1 + sum(at < failure for at in offered['made'])) / failure)


def rate(offered: dict[str, Any], since_s: float, until_s: float) -> float:
    """Connections made per second between two times."""
    return sum(since_s <= at < until_s for at in offered['made']) / (until_s - since_s)
