# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A program for a network namespace of its own: SYNs from random addresses at a steady rate, over a pair of interfaces.

Makes the interfaces `outside` and `inside`, prints `ready`, sends out of `outside` when it reads a line, and prints how
many seconds that took. Bounded in number.
"""

from __future__ import annotations

import ctypes
import os
import random
import socket
import struct
import subprocess
import sys
import time

BATCH, FRAME = 100, 74
SYNS_MAX = 1_000_000
OPTIONS = b'\2\4\5\xb4\4\2\x08\x0a'


class Vector(ctypes.Structure):
    """struct iovec"""

    _fields_ = [('base', ctypes.c_void_p), ('length', ctypes.c_size_t)]


class Message(ctypes.Structure):
    """struct mmsghdr"""

    _fields_ = [
        ('name', ctypes.c_void_p),
        ('name_length', ctypes.c_uint),
        ('vectors', ctypes.POINTER(Vector)),
        ('vector_count', ctypes.c_size_t),
        ('control', ctypes.c_void_p),
        ('control_length', ctypes.c_size_t),
        ('flags', ctypes.c_int),
        ('padding', ctypes.c_int),
        ('sent', ctypes.c_uint),
    ]


def _frames(number: int, target: bytes) -> bytearray:
    chance, frames = random.Random(7), bytearray()
    link = target + b'\2\0\0\0\0\1\x08\0'
    for count in range(number):
        source = struct.pack('>I', 0x0A640000 | chance.getrandbits(16))
        frames += link + struct.pack('>BBHHHBBH', 0x45, 0, 60, count & 0xFFFF, 0x4000, 64, 6, 0)
        frames += source + bytes([10, 99, 0, 2])
        frames += struct.pack(
            '>HHIIBBHHH', 1024 + chance.getrandbits(15), 8080, chance.getrandbits(32), 0, 0xA0, 2, 0, 0, 0
        )
        frames += OPTIONS + struct.pack('>II', chance.getrandbits(32), 0) + b'\1\3\3\7'
    return frames


def main(rate: int, seconds: float) -> None:
    os.nice(-10)  # the rate must be the one that is asked for, however busy the machine is
    number = min(int(rate * seconds), SYNS_MAX)
    commands = ['link add outside type veth peer name inside', 'link set outside up', 'link set inside up']
    for command in commands:
        subprocess.run(['ip', *command.split()], check=True)
    shown = subprocess.run(['ip', '-br', 'link', 'show', 'inside'], capture_output=True, text=True, check=True)
    frames = _frames(number, bytes.fromhex(shown.stdout.split()[2].replace(':', '')))
    start = ctypes.addressof((ctypes.c_char * len(frames)).from_buffer(frames))
    vectors, messages = (Vector * BATCH)(), (Message * BATCH)()
    for vector, message in zip(vectors, messages, strict=True):
        vector.length = FRAME
        message.vectors, message.vector_count = ctypes.pointer(vector), 1
    libc = ctypes.CDLL(None, use_errno=True)
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) as out:
        out.bind(('outside', 0))
        print('ready', flush=True)
        sys.stdin.readline()
        began, sent = time.monotonic(), 0
        while sent < number:
            batch = min(BATCH, number - sent)
            for place in range(batch):
                vectors[place].base = start + (sent + place) * FRAME
            sent += max(libc.sendmmsg(out.fileno(), messages, batch, 0), 0)
            time.sleep(max(0.0, began + sent / rate - time.monotonic()))
        print('%.3f' % (time.monotonic() - began), flush=True)
        sys.stdin.readline()  # the namespace lives as long as this process


if __name__ == '__main__':
    main(int(sys.argv[1]), float(sys.argv[2]))
