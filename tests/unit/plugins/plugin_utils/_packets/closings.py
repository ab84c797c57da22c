# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A program for a network namespace of its own: real connections, ended in every way, and which of them left TIME_WAIT.

Each connection comes from an address of its own. Prints JSON: {'looks': [answer of the node's look, ...], 'held':
[addresses of which the server side is in TIME_WAIT or FIN_WAIT2], 'ends': {address: how it was ended}}.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import random
import socket
import struct
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[5] / 'plugins' / 'module_utils'))

from _node.operations import syn_look
from _node.parsers import packet_filter
from _node.readers.packets import Ring

PORT = 8080
EVERYTHING = packet_filter.INSTRUCTION.pack(packet_filter.RETURN, 0, 0, syn_look.SNAP)
WAYS = ('server', 'client', 'both', 'server_half', 'client_half', 'server_reset', 'client_reset', 'unread', 'abandoned')
HELD = {'05', '06'}  # FIN_WAIT2 and TIME_WAIT in /proc/net/tcp


class Capture(threading.Thread):
    """A look with a filter of its own until stop()."""

    def __init__(self, program: bytes, flags: int) -> None:
        super().__init__()
        self.keeper, self.over = syn_look.Keeper(1000000, flags), False
        self.ring = Ring('lo', program)

    def run(self) -> None:
        with self.ring:
            self.ring.watch(1.0, self.keeper.take, lambda: 1.0 if self.over else 0.0)

    def answer(self) -> dict[str, object]:
        self.over = True
        self.join()
        return {**self.keeper.answer(), 'lost': self.ring.lost}


def reset(end: socket.socket) -> None:
    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    end.close()


def finish(way: str, server: socket.socket, client: socket.socket, chance: random.Random) -> None:
    """End a connection; leaves nothing open but what `way` says."""
    if way == 'server':
        server.close()
        pause(chance)
        client.close()
    elif way == 'client':
        client.close()
        pause(chance)
        server.close()
    elif way == 'both':
        other = threading.Thread(target=client.close)
        other.start()
        server.close()
        other.join()
    elif way in ('server_half', 'client_half'):
        first, second = (server, client) if way == 'server_half' else (client, server)
        first.shutdown(socket.SHUT_WR)
        second.recv(1)
        second.send(b'more')
        first.recv(4)
        second.close()
        first.close()
    elif way == 'server_reset':
        reset(server)
        client.close()
    elif way == 'client_reset':
        reset(client)
        server.close()
    elif way == 'unread':
        client.send(b'never read')
        time.sleep(0.002)
        server.close()
        client.close()
    else:
        server.close()
        KEPT.append(client)


KEPT: list[socket.socket] = []


def pause(chance: random.Random) -> None:
    if chance.random() < 0.3:
        time.sleep(chance.random() * 0.004)


def connection(listener: socket.socket, address: str, way: str, chance: random.Random) -> None:
    client = socket.socket()
    client.bind((address, 0))
    client.connect(('127.0.0.1', PORT))
    server, _end = listener.accept()
    if chance.random() < 0.7:
        client.send(b'request')
        server.recv(7)
        if chance.random() < 0.7:
            server.send(b'answer')
            client.recv(6)
    finish(way, server, client, chance)


def held() -> list[str]:
    found = []
    for line in Path('/proc/net/tcp').read_text(encoding='ascii').splitlines()[1:]:
        _slot, local, remote, state = line.split()[:4]
        if int(local.partition(':')[2], 16) == PORT and state in HELD:
            found.append(socket.inet_ntoa(struct.pack('=I', int(remote.partition(':')[0], 16))))
    return found


def main(count: int, seed: int) -> None:
    libc, request = ctypes.CDLL(None), struct.pack('16sH14x', b'lo', 1)  # SIOCSIFFLAGS, IFF_UP
    assert libc
    with socket.socket() as control:
        fcntl.ioctl(control, 0x8914, request)
    chance = random.Random(seed)
    captures = [Capture(EVERYTHING, 63), Capture(packet_filter.program(None, syn_look.SNAP), 7)]
    for capture in captures:
        capture.start()
    ends = {'127.1.%d.%d' % divmod(number, 250): chance.choice(WAYS) for number in range(250, 250 + count)}
    with socket.create_server(('127.0.0.1', PORT), backlog=128) as listener:
        for address, way in ends.items():
            connection(listener, address, way, chance)
        time.sleep(0.1)
        json.dump({'looks': [capture.answer() for capture in captures], 'held': held(), 'ends': ends}, sys.stdout)


if __name__ == '__main__':
    main(int(sys.argv[1]), int(sys.argv[2]))
