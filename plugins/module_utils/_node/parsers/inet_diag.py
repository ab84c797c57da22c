# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TIME_WAIT sockets in the answers of inet_diag (include/uapi/linux/inet_diag.h), a whole datagram at a time.

A message is a struct nlmsghdr of 16 bytes, then a struct inet_diag_msg: family, state, timer, retrans, source port,
destination port, source and destination address (16 bytes each, an IPv4 address first in them), interface, cookie,
milliseconds until the timer expires (32 bits in the machine's order), and more. All messages of one answer have one
length (88 bytes on 4.4, 96 on 6.18, where a mark follows), so one struct takes a datagram apart.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import struct
import sys

from ..errors import Malformed
from . import nlmsg

NLM_F_DUMP_INTR = 0x10  # include/uapi/linux/netlink.h: what is dumped changed meanwhile
HEADER = nlmsg.HEADER.size
FAMILY, PORT_HIGH, PORT_LOW, KEY, KEY_END, END = (HEADER + offset for offset in (0, 4, 5, 6, 40, 56))
REST = HEADER + 52 + (1 if sys.byteorder == 'little' else 2)  # of the milliseconds, the byte that counts 256 of them


class Part(object):
    """What one datagram holds, one of each for a socket: families (bytearray), ports (bytearray of two bytes each),
    keys (destination port and both addresses, 34 bytes), rests (bytearray: for how long it stays, in units of 256 ms,
    modulo 256). ended: it is the last one; interrupted: NLM_F_DUMP_INTR; error: the errno of a refusal, or of a dump
    that failed, 0 for none."""

    def __init__(self):
        self.families, self.ports, self.keys, self.rests = bytearray(), bytearray(), (), bytearray()
        self.ended, self.interrupted, self.error = False, False, 0


class Reader(object):
    """Takes datagrams of one answer apart."""

    def __init__(self):
        self._shape, self._struct = None, None

    def read(self, datagram):
        """The Part in a datagram (bytes or a memoryview of them). Raises Malformed."""
        if len(datagram) < HEADER:
            raise Malformed('a datagram of %d bytes' % len(datagram))
        stride, kind, flags = nlmsg.HEADER.unpack_from(datagram, 0)[:3]
        part = Part()
        part.interrupted = bool(flags & NLM_F_DUMP_INTR)
        count, rest = divmod(len(datagram), stride) if stride >= END and stride % 4 == 0 else (0, 0)
        if kind in (nlmsg.NLMSG_DONE, nlmsg.NLMSG_ERROR) or not self._even(datagram, stride, count, rest, part):
            return _walked(datagram, part)
        if self._shape != (stride, count):
            self._shape, self._struct = (stride, count), struct.Struct(('%dx34s%dx' % (KEY, stride - KEY_END)) * count)
        octets, end = bytearray(datagram), count * stride
        part.families = octets[FAMILY:end:stride]
        part.ports = bytearray(2 * count)
        part.ports[0::2], part.ports[1::2] = octets[PORT_HIGH:end:stride], octets[PORT_LOW:end:stride]
        part.keys = self._struct.unpack_from(datagram)
        part.rests = octets[REST:end:stride]
        return part

    @staticmethod
    def _even(datagram, stride, count, rest, part):
        """Whether `count` messages of `stride` bytes, and perhaps the end of the answer, fill the datagram."""
        if not count or nlmsg.HEADER.unpack_from(datagram, (count - 1) * stride)[0] != stride:
            return False
        if not rest:
            return True
        if rest < HEADER:
            return False
        length, kind, flags = nlmsg.HEADER.unpack_from(datagram, count * stride)[:3]
        part.ended = kind == nlmsg.NLMSG_DONE and length == rest
        part.interrupted |= bool(flags & NLM_F_DUMP_INTR)
        if part.ended:
            part.error = nlmsg.failure(kind, datagram[count * stride + HEADER:])
        return part.ended


def _walked(datagram, part):
    """The Part of a datagram whose messages differ, one after the other."""
    keys, datagram = [], bytes(bytearray(datagram))
    try:
        for kind, payload in nlmsg.messages(datagram):
            if kind in (nlmsg.NLMSG_DONE, nlmsg.NLMSG_ERROR):
                part.ended, part.error = True, nlmsg.failure(kind, payload)
            else:
                if len(payload) < END - HEADER:
                    raise Malformed('a socket of %d bytes' % len(payload))
                part.families += payload[FAMILY - HEADER:FAMILY - HEADER + 1]
                part.ports += payload[PORT_HIGH - HEADER:KEY - HEADER]
                part.rests += payload[REST - HEADER:REST - HEADER + 1]
                keys.append(payload[KEY - HEADER:KEY_END - HEADER])
    except Malformed:
        raise
    except ValueError as exc:
        raise Malformed(str(exc))
    part.keys = tuple(keys)
    return part
