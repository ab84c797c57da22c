# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service that is too slow: its accept queue is full, so ListenOverflows and ListenDrops of its namespace rise.

Real counters of the real kernel. Bounded: five connects a second, each given up after one second, loopback alone.
"""

from __future__ import annotations

import os
import socket
import time

from . import linux

PORT = 8080
_EVERY = 0.2
_OPEN_AT_ONCE = 5


def start() -> int:
    """Fork the process that is both the service and its clients; its pid."""
    pid = os.fork()
    if pid:
        return pid
    try:
        _run()
    finally:
        os._exit(1)


def _run() -> None:
    linux.set_process_name('slow-service')
    server = socket.socket()
    server.bind(('127.0.0.1', PORT))
    server.listen(0)
    clients = [_client() for _number in range(_OPEN_AT_ONCE)]
    while True:
        time.sleep(_EVERY)
        clients.append(_client())
        # The first ones are those that fill the queue: they stay.
        clients.pop(_OPEN_AT_ONCE - 1).close()


def _client() -> socket.socket:
    client = socket.socket()
    client.setblocking(False)
    client.connect_ex(('127.0.0.1', PORT))
    return client
