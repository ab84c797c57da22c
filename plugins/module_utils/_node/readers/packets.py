# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packets of the caller's network namespace by a ring that the kernel fills: packet(7), TPACKET_V3 (since 3.2).

Nothing is copied from the kernel packet by packet, and nothing that the filter does not want is ever queued: at 100,000
SYNs a second a look costs a tenth of a processor.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import ctypes
import mmap
import os
import select
import socket
import struct

from ..errors import Refused

AF_PACKET, SOL_PACKET = 17, 263
ETH_P_ALL = 0x0003
# include/uapi/linux/if_packet.h
PACKET_RX_RING, PACKET_STATISTICS, PACKET_VERSION, TPACKET_V3 = 5, 6, 10, 2
SO_ATTACH_FILTER = 26
# 12 MiB: 0.7 s of 100,000 SYNs a second. With 16 MiB Python and what it keeps would not stay below 32 MiB.
BLOCKS, BLOCK_SIZE, FRAME_SIZE = 48, 262144, 2048
RETIRE_MS = 20  # a block that is not full is handed over after this time
ADDRESS = struct.Struct('=HHi12x')  # struct sockaddr_ll
RING = struct.Struct('=7I')  # struct tpacket_req3
STATISTICS = struct.Struct('=3I')  # struct tpacket_stats_v3
BLOCK = struct.Struct('=8xIII')  # struct tpacket_block_desc: status, number of packets, offset of the first
STATUS = struct.Struct('=I')
STATUS_AT, USER = 8, 1  # TP_STATUS_USER
# struct tpacket3_hdr (next packet, seconds, nanoseconds, captured length; offset of the network header) and the
# struct sockaddr_ll behind it (packet type)
PACKET = struct.Struct('=IIII10xH30xB')


class Ring(object):
    """A packet socket with its ring, on one interface or on all (None), that gets what `program` lets through.

    Use as a context. `lost` is the number of packets for which the ring had no room, `down` whether the interface was
    down in a look, be it for a moment. Raises Refused.
    """

    def __init__(self, interface, program):
        self.lost, self.down = 0, False
        try:
            self.socket = socket.socket(AF_PACKET, socket.SOCK_DGRAM, 0)
        except (IOError, OSError) as exc:
            raise Refused('looking at packets needs root on the node (CAP_NET_RAW): %s' % _why(exc))
        try:
            self._attach(program)
            self.socket.setsockopt(SOL_PACKET, PACKET_VERSION, STATUS.pack(TPACKET_V3))
            self.socket.setsockopt(SOL_PACKET, PACKET_RX_RING, RING.pack(
                BLOCK_SIZE, BLOCKS, FRAME_SIZE, BLOCKS * BLOCK_SIZE // FRAME_SIZE, RETIRE_MS, 0, 0))
            self.ring = mmap.mmap(self.socket.fileno(), BLOCKS * BLOCK_SIZE)
        except (IOError, OSError, mmap.error) as exc:
            self.socket.close()
            raise Refused('this kernel gives no ring for packets (TPACKET_V3, 3.2 and newer): %s; '
                          'capture with tcpdump and give the file as pcap' % _why(exc))
        self._bind(interface)

    def _attach(self, program):
        buffer = ctypes.create_string_buffer(program, len(program))
        self.socket.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER,
                               struct.pack('@HP', len(program) // 8, ctypes.addressof(buffer)))

    def _bind(self, interface):
        """Only now, with the filter in place, does the socket take any packet: it was made for protocol 0."""
        libc = ctypes.CDLL(None, use_errno=True)  # Python's own bind() has no word for all interfaces
        index = libc.if_nametoindex(interface.encode('utf-8')) if interface else 0
        end = ADDRESS.pack(AF_PACKET, socket.htons(ETH_P_ALL), index)
        if (interface and not index) or libc.bind(self.socket.fileno(), end, len(end)) != 0:
            number = ctypes.get_errno()
            self.close()
            raise Refused('interface: %s: %s' % (interface or 'all', os.strerror(number).lower()))

    def __enter__(self):
        return self

    def __exit__(self, *_exc):
        self.close()

    def close(self):
        self.ring.close()
        self.socket.close()

    def watch(self, until, take, now):
        """Gives the packets that come before now() >= until to take(), which ends the look early by returning False.

        take(ring, start, end, packet type, seconds, nanoseconds): ring[start:end] as for tcp_packet.parse_cooked().
        """
        poll = select.poll()
        poll.register(self.socket, select.POLLIN | select.POLLERR)
        number, over = 0, False
        while True:
            for _block in range(BLOCKS):  # once around, then the clock: a flood never ends
                if not STATUS.unpack_from(self.ring, number * BLOCK_SIZE + STATUS_AT)[0] & USER:
                    break
                if not self._give(number * BLOCK_SIZE, take):
                    return self._count()
                STATUS.pack_into(self.ring, number * BLOCK_SIZE + STATUS_AT, 0)
                number = (number + 1) % BLOCKS
            if over:
                return self._count()
            left = until - now()
            over = left <= 0  # once more for the block that was being filled
            self._wait(poll, 2 * RETIRE_MS if over else left * 1000 + 1)

    def _wait(self, poll, milliseconds):
        try:
            events = poll.poll(milliseconds)
        except select.error:  # Python 2 does not go on after a signal
            return
        if any(event & select.POLLERR for _descriptor, event in events):
            # ENETDOWN (net/packet/af_packet.c, packet_notifier). Only reading takes it away; poll(2) then waits.
            self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            self.down = True

    def _give(self, base, take):
        _status, count, offset = BLOCK.unpack_from(self.ring, base)
        ring, unpack = self.ring, PACKET.unpack_from
        start = base + offset
        for _number in range(count):
            following, seconds, nanoseconds, length, network, way = unpack(ring, start)
            first = start + network
            if take(ring, first, first + length, way, seconds, nanoseconds) is False:
                return False
            start += following
        return True

    def _count(self):
        self.lost += STATISTICS.unpack(self.socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, STATISTICS.size))[1]


def _why(error):
    number = getattr(error, 'errno', None)
    return os.strerror(number).lower() if number else str(error)
