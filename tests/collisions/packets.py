# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TCP packets seen in a namespace, as a few words each."""

from __future__ import annotations

import socket
import struct
import time
from typing import NamedTuple

ETH_P_ALL = 0x0003
SO_TIMESTAMPNS = 35  # include/uapi/asm-generic/socket.h
TIMESPEC = struct.Struct('=qq')
FLAGS = {0x02: 'SYN', 0x12: 'SYN-ACK', 0x10: 'ACK', 0x04: 'RST', 0x14: 'RST-ACK', 0x11: 'FIN-ACK'}


class Packet(NamedTuple):
    """at: seconds, by the kernel; port: the client's; flags: see FLAGS; number: the sequence number, which a
    SYN that is sent again keeps and a NAT leaves alone."""

    at: float
    port: int
    flags: str
    number: int


def watch(server_port: int, seconds: float) -> list[Packet]:
    """TCP over IPv4 to and from that port, in the namespace of the caller, for so long."""
    found, end = [], time.monotonic() + seconds
    with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL)) as packets:
        packets.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        packets.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        packets.settimeout(0.1)
        while time.monotonic() < end:
            try:
                data, extra, _flags, _address = packets.recvmsg(128, 64)
            except TimeoutError:
                continue
            header = (data[0] & 15) * 4
            if data[0] >> 4 != 4 or data[9] != socket.IPPROTO_TCP:
                continue
            source, target, number = struct.unpack_from('>HHI', data, header)
            if server_port in (source, target):
                flags = FLAGS.get(data[header + 13] & 0x17, 'other')
                port = target if source == server_port else source
                seconds, nanoseconds = TIMESPEC.unpack(extra[0][2])
                found.append(Packet(seconds + nanoseconds / 1e9, port, flags, number))
    return found
