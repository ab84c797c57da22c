# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Capture files of what really passes an interface, and clocks of theirs that run apart."""

from __future__ import annotations

import contextlib
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets import both_sides, kernels, pcap
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.packets import Compared

#: Seconds that the client's clock is ahead, and parts in a million that it runs faster.
APART = ((30.0, 50.0), (-30.0, -50.0))
HEADER, RECORD = struct.Struct('<IHHiIII'), struct.Struct('<IIII')
ETHERNET = 1
# All that passes, with the kernel's own times, until standard input ends; the file is whole then.
WRITE = """
import select, socket, struct, sys
interface, path, snap = sys.argv[1], sys.argv[2], int(sys.argv[3])
NANOSECONDS = 35  # SO_TIMESTAMPNS, include/uapi/asm-generic/socket.h
with open(path, 'wb') as out, socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)) as packets:
    out.write(struct.pack('<IHHiIII', 0xA1B2C3D4, 2, 4, 0, 0, snap, 1))
    packets.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
    packets.setsockopt(socket.SOL_SOCKET, NANOSECONDS, 1)
    packets.bind((interface, 3))
    print('up', flush=True)
    ended = False
    while True:
        ready, _, _ = select.select([packets, *([] if ended else [sys.stdin])], [], [], 0 if ended else None)
        if packets in ready:
            data, extra, _, _ = packets.recvmsg(65535, 64)
            seconds, nanoseconds = struct.unpack('=qq', extra[0][2])
            out.write(struct.pack('<IIII', seconds, nanoseconds // 1000, min(len(data), snap), len(data)) + data[:snap])
        elif sys.stdin in ready:
            ended = True
        elif ended:
            break
"""


@contextlib.contextmanager
def captured(pid: int, interface: str, path: Path, snap: int = 128) -> Iterator[None]:
    """What passes the interface in the network namespace of a process, in the file when the block is over."""
    command = ['nsenter', '-t', str(pid), '-n', sys.executable, '-c', WRITE, interface, str(path), str(snap)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout
        assert writer.stdout.readline() == b'up\n'
        yield
        writer.communicate(timeout=60)
        assert writer.returncode == 0


def skewed(content: bytes, ahead: float, ppm: float) -> bytes:
    """The file as by a clock that is so many seconds ahead at its first packet, and faster by parts in a million."""
    made, place, start = [content[: HEADER.size]], HEADER.size, None
    while place < len(content):
        seconds, micros, kept, size = RECORD.unpack_from(content, place)
        at = seconds + micros / 1e6
        start = at if start is None else start
        seconds, micros = divmod(round((at + ahead + (at - start) * ppm * 1e-6) * 1e6), 10**6)
        place += RECORD.size
        made += [RECORD.pack(seconds, micros, kept, size), content[place : place + kept]]
        place += kept
    return b''.join(made)


def compared(place: Path, port: int, ahead: float, ppm: float, kernel: str = kernels.STRICTEST) -> Compared:
    """What client.pcap, as by a clock that runs apart, and server.pcap say together of the attempts to a port."""
    apart = place / 'client-apart.pcap'
    apart.write_bytes(skewed((place / 'client.pcap').read_bytes(), ahead, ppm))
    client, server = pcap.read(str(apart)), pcap.read(str(place / 'server.pcap'))
    spans, rule = (client.span, server.span), kernels.rule_of(kernel)
    found = both_sides.study(client.events, client.rejections, server.events, rule, spans, port)
    assert found['offset_s'] is not None
    assert abs(found['offset_s'] + ahead) < 0.5, found
    return found
