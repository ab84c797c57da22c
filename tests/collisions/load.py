# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Short connections, many of them: a server, and a client that says how long each connect() took."""

from __future__ import annotations

import collections
import dataclasses
import errno
import math
import select
import socket
import time
from typing import Any

READ, WRITTEN = select.EPOLLIN, select.EPOLLOUT
#: Seconds: above it a connect() met something; an untroubled one takes less than a tenth of it here.
SLOW_S = 0.005


@dataclasses.dataclass(frozen=True)
class Load:
    """Connections to one address: per_s of them a second for so long, or each as soon as the one before is done.

    timeout_s: how long a connect() may take; most: how many may be under way at once.
    """

    address: str
    port: int = 80
    per_s: float | None = None
    seconds: float = 5.0
    client_first: bool = False
    timeout_s: float = 3.0
    most: int = 500


def serve(address: str, port: int, client_first: bool) -> None:
    """Accept and close, first or after the client, until it is ended."""
    with socket.create_server((address, port), backlog=4096) as listener, select.epoll() as poll:
        waiting: dict[int, socket.socket] = {}
        poll.register(listener, READ)
        while True:
            for number, _event in poll.poll():
                if number != listener.fileno():
                    waiting.pop(number).close()
                    continue
                accepted = listener.accept()[0]
                if client_first:
                    waiting[accepted.fileno()] = accepted
                    poll.register(accepted, READ)
                else:
                    accepted.close()


def offer(load: Load) -> dict[str, Any]:
    """{'failed': connections; 'took_s'; 'latencies': seconds that each connect() took that succeeded; 'peak_per_s': how
    many succeeded in the best of its seconds}."""
    return _Client(load).run()


class _Client:
    def __init__(self, load: Load) -> None:
        self.load, self.poll = load, select.epoll()
        self.connecting: collections.OrderedDict[int, tuple[socket.socket, float]] = collections.OrderedDict()
        self.open: dict[int, socket.socket] = {}
        self.started = self.failed = 0
        self.latencies: list[float] = []
        self.made_in: collections.Counter[int] = collections.Counter()

    def run(self) -> dict[str, Any]:
        began = time.monotonic()
        end = began + self.load.seconds
        while time.monotonic() < end or self.connecting:
            now = time.monotonic()
            if now < end:
                self._start_due(now - began)
            for number, _event in self.poll.poll(self._patience(began, end)):
                self._progress(number)
            self._give_up()
        took = time.monotonic() - began
        for left in self.open.values():
            left.close()
        return {
            'failed': self.failed,
            'took_s': min(took, self.load.seconds),
            'latencies': self.latencies,
            'peak_per_s': max(self.made_in.values(), default=0),
        }

    def _due(self, elapsed: float) -> int:
        """How many connections should have been started by now."""
        if self.load.per_s is None:
            return self.started + (not self.connecting and not self.open)
        return math.floor(elapsed * self.load.per_s) + 1

    def _start_due(self, elapsed: float) -> None:
        due = self._due(elapsed)
        while self.started < due and len(self.connecting) < self.load.most:
            self._start()

    def _start(self) -> None:
        ours = socket.socket()
        ours.setblocking(False)
        self.started += 1
        since = time.monotonic()  # over these links the answer is often there when connect() returns
        if ours.connect_ex((self.load.address, self.load.port)) != errno.EINPROGRESS:
            ours.close()
            self.failed += 1
            return
        self.connecting[ours.fileno()] = ours, since
        self.poll.register(ours, WRITTEN)

    def _progress(self, number: int) -> None:
        if number in self.open:
            self.open.pop(number).close()
            return
        ours, since = self.connecting.pop(number)
        if ours.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self.failed += 1
            ours.close()
            return
        now = time.monotonic()
        self.latencies.append(now - since)
        self.made_in[int(now)] += 1
        if self.load.client_first:
            ours.close()
        else:
            self.open[number] = ours
            self.poll.modify(number, READ)

    def _give_up(self) -> None:
        horizon = time.monotonic() - self.load.timeout_s
        while self.connecting:
            number, (ours, since) = next(iter(self.connecting.items()))
            if since > horizon:
                return
            del self.connecting[number]
            ours.close()
            self.failed += 1

    def _patience(self, began: float, end: float) -> float:
        """Seconds until something is due."""
        now = time.monotonic()
        waits = [end - now] if now < end else [0.1]
        if self.load.per_s is not None and now < end:
            waits.append(began + self.started / self.load.per_s - now)
        for _ours, since in self.connecting.values():
            waits.append(since + self.load.timeout_s - now)
            break
        return max(0.0, min(waits))
