# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation `syn_look`: the SYNs, FINs and resets of a network namespace for a bounded time, compact.

What they mean is for the controller to find out: here every packet costs about a microsecond.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import binascii
import os
import struct
import time
import zlib

from ..errors import Refused
from ..parsers import packet_filter, tcp_packet
from ..readers import procfs
from ..readers.packets import Ring
from ..readers.tree import Tree

SNAP = 96
HURRY = -10
DURATION_MAX = 600
PACKETS_MAX = 2000000
# Compressed events that are kept: with the ring the whole process stays below 32 MiB.
BYTES_MAX = 5 * 1024 * 1024
ADDRESSES_MAX = 4096  # IPv6 addresses that are remembered; IPv4 addresses stand in the events themselves
# A packet: seq, TSval, microseconds, destination, its port, flags, marks, payload length, ack, TSecr, source, its port.
# What seldom changes stands together, so that compressing finds it.
EVENT = struct.Struct('<IIqIHBBHIIIH')
WAY, HAS_TIMESTAMPS, IS_IPV6 = 0x07, 0x08, 0x10
PIECE = 64 * 1024
ADDRESS = struct.Struct('>I')
# An IPv4 SYN with MSS, SACK permitted, timestamps and window scale, as Linux sends it: 60 bytes.
USUAL = struct.Struct('>BxH2xHxBxxIIHHIIBB6xHxxIII4x')
USUAL_MARK = tcp_packet.USUAL_SYN_MARK


def _uptime():
    """Seconds since boot."""
    with open('/proc/uptime') as uptime:
        return float(uptime.read().split()[0])


clock = getattr(time, 'monotonic', _uptime)  # nobody sets it; Python 2 has none


def run(arguments, now=clock):
    """What was seen: {'events', 'addresses', 'packets', 'seen', 'lost', 'stopped', 'seconds', 'kernel', 'unavailable'}.

    events: pieces in base64 of one zlib stream of EVENTs; addresses: IPv6 ones in hexadecimal; packets: of the events;
    seen: those that passed the filter; lost: by the ring; stopped: duration, max_packets, memory or addresses.
    arguments: interface (all), port (all), namespace (the node's own), duration (s), max_packets. Raises Refused.
    """
    duration, most = float(arguments.get('duration') or 10), int(arguments.get('max_packets') or 100000)
    port, interface = arguments.get('port'), arguments.get('interface')
    if not 0 < duration <= DURATION_MAX:
        raise Refused('duration: %g is not between 0 and %d seconds' % (duration, DURATION_MAX))
    if not 0 < most <= PACKETS_MAX:
        raise Refused('max_packets: %d is not between 1 and %d' % (most, PACKETS_MAX))
    if port is not None and not 0 < port < 65536:
        raise Refused('port: %d is no TCP port' % port)
    unavailable = {}

    def look():
        try:
            return _look(interface, port, duration, most, now)
        except Refused as exc:  # the visit to a namespace carries answers, no exceptions
            return {'refused': '%s' % exc}
    if arguments.get('namespace'):
        from ..readers import namespace_lookup  # memory that a look at the node's own does not need
        answer = namespace_lookup.visit(arguments['namespace'], look)
    else:
        answer = look()
    if 'refused' in answer:
        raise Refused(answer['refused'])
    answer['kernel'] = procfs.read_kernel(Tree('/'), unavailable)
    if answer.pop('down'):
        unavailable['interface %s' % interface] = 'it was down, at least for a time: nothing passed it then'
    answer['unavailable'] = unavailable
    return answer


def _look(interface, port, duration, most, now):
    keeper = Keeper(most)
    hurried = _hurry()
    try:
        with Ring(interface, packet_filter.program(port, SNAP)) as ring:
            began = now()  # from here on nothing passes unseen
            ring.watch(began + duration, keeper.take, now)
    finally:
        os.nice(-hurried)
    answer = keeper.answer()
    answer.update(lost=ring.lost, down=ring.down, seconds=round(now() - began, 3))
    return answer


def _hurry():
    """What nice(2) was changed by. A busy node must not starve the look: the ring holds a second and then runs over."""
    try:
        os.nice(HURRY)
        return HURRY
    except OSError:  # a look without the right to it may lose more
        return 0


class Keeper(object):
    """Events of packets with one of the `flags`, compressed while they come: at most `most`, in at most BYTES_MAX."""

    def __init__(self, most, flags=tcp_packet.SYN | tcp_packet.FIN | tcp_packet.RST):
        self.left, self.flags = most, flags
        self.seen = self.kept = self.size = 0
        self.stopped = 'duration'
        self.piece, self.pieces = bytearray(), []
        self.deflate = zlib.compressobj(1)
        self.addresses = {}

    def take(self, data, start, end, way, seconds, nanoseconds):
        """A packet of the ring; False when no more are wanted."""
        self.seen += 1
        if end - start == USUAL.size:  # nearly every SYN of an attack, or of a busy Linux client, is exactly this
            (first, total, fragment, protocol, source, destination, sport, dport, seq, ack, offset, flags, front, mark,
             tsval, tsecr) = USUAL.unpack_from(data, start)
            if mark == USUAL_MARK and first == 0x45 and total == 60 and protocol == 6 and offset == 0xA0 and \
                    front == 0x0204 and not fragment & 0x1FFF and flags & self.flags:
                return self._keep(seq, tsval, seconds * 1000000 + nanoseconds // 1000, destination, dport, flags & 63,
                                  way & WAY | HAS_TIMESTAMPS, 0, ack, tsecr, source, sport)
        found = tcp_packet.parse_cooked(data, start, end)
        if found is None or not found[4] & self.flags:
            return True
        source, sport, destination, dport, flags, seq, ack, tsval, tsecr, length = found
        marks = way & WAY
        if tsval is None:
            tsval = tsecr = 0
        else:
            marks |= HAS_TIMESTAMPS
        if len(source) == 16:
            marks |= IS_IPV6
            source, destination = self._number(source), self._number(destination)
            if source is None or destination is None:
                return True
        else:
            source, destination = ADDRESS.unpack(source)[0], ADDRESS.unpack(destination)[0]
        return self._keep(seq, tsval, seconds * 1000000 + nanoseconds // 1000, destination, dport, flags & 63, marks,
                          min(length, 65535), ack, tsecr, source, sport)

    def _keep(self, *event):
        self.piece += EVENT.pack(*event)
        self.kept += 1
        return (len(self.piece) < PIECE and self.kept < self.left) or self._store()

    def _number(self, address):
        """The place of an IPv6 address in `addresses`, None where there is no more room."""
        if address not in self.addresses and len(self.addresses) == ADDRESSES_MAX:
            self.stopped = 'addresses'
            return None
        return self.addresses.setdefault(address, len(self.addresses))

    def _store(self):
        """Compresses what has come in; whether more is wanted."""
        compressed = self.deflate.compress(bytes(self.piece))
        self.piece = bytearray()
        self.size += len(compressed)
        self.pieces.append(compressed)
        if self.kept >= self.left:
            self.stopped = 'max_packets'
        elif self.size >= BYTES_MAX:
            self.stopped = 'memory'
        return self.stopped not in ('max_packets', 'memory')

    def answer(self):
        """The fields of the operation's answer that come from packets."""
        self._store()
        self.pieces.append(self.deflate.flush())
        addresses = sorted(self.addresses, key=self.addresses.get)
        for number, piece in enumerate(self.pieces):  # one by one: never all of them twice in memory
            self.pieces[number] = _text(binascii.b2a_base64(piece).rstrip())
        return {'events': self.pieces, 'addresses': [_text(binascii.b2a_hex(address)) for address in addresses],
                'packets': self.kept, 'seen': self.seen, 'stopped': self.stopped}


def _text(raw):
    """ASCII as str. On Python 2 it is that already, and unicode would take four times the memory."""
    return raw if bytes is str else raw.decode('ascii')
