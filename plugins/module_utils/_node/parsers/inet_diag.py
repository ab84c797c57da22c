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

import _socket as socket  # as in netlink.py
import struct
import sys

from ..errors import Malformed
from . import nlmsg

NLM_F_DUMP_INTR = 0x10  # include/uapi/linux/netlink.h: what is dumped changed meanwhile
HEADER = nlmsg.HEADER.size
FAMILY, PORT_HIGH, PORT_LOW, KEY, KEY_END, END = (HEADER + offset for offset in (0, 4, 5, 6, 40, 56))
LENGTH = (0, 1) if sys.byteorder == 'little' else (2, 3)  # the octets of a length that a datagram can have
REST = HEADER + 52 + (1 if sys.byteorder == 'little' else 2)  # of the milliseconds, the byte that counts 256 of them


# Where the octets of an IPv4 key stand in a message, and those of the remote address alone.
IPV4_REMOTE = tuple(range(KEY + 18, KEY + 22))
IPV4_KEY = (KEY, KEY + 1) + tuple(range(KEY + 2, KEY + 6)) + IPV4_REMOTE
IPV4 = bytes(bytearray((socket.AF_INET,)))


def alike(octets):
    """Whether all are one. In a bytearray counting is quicker than comparing."""
    return octets.count(octets[:1]) == len(octets)


class Part(object):
    """What one datagram holds, one of each for a socket: families (bytearray), ports (bytearray of two bytes each),
    keys (destination port and both addresses, 34 bytes), rests (bytearray: for how long it stays, in units of 256 ms,
    modulo 256; None where that is not known). ended: it is the last one; interrupted: NLM_F_DUMP_INTR; error: the errno
    of a refusal, or of a dump that failed, 0 for none."""

    keys = ()

    def __init__(self):
        self.families, self.ports, self.rests = bytearray(), bytearray(), bytearray()
        self.ended, self.interrupted, self.error = False, False, 0

    def few(self, _places):
        """None: these sockets are counted one by one. Even has a quicker way."""


class Even(Part):
    """A Part whose messages have one length each: count messages of stride bytes, which the struct takes apart."""

    def __init__(self, octets, stride, count, taken):
        Part.__init__(self)
        end = count * stride
        self._octets, self._stride, self._end, self._struct = octets, stride, end, taken
        self.families, self.rests = octets[FAMILY:end:stride], octets[REST:end:stride]
        self.ports = bytearray(2 * count)
        self.ports[0::2], self.ports[1::2] = octets[PORT_HIGH:end:stride], octets[PORT_LOW:end:stride]

    @property
    def keys(self):
        return self._struct.unpack_from(bytes(self._octets))

    def few(self, places):
        """{key: sockets} if all are of IPv4 and differ in one octet at most of those at `places`; else None.

        The other octets of the keys are those of the first. Most nodes have few destinations, and few addresses come
        to most servers: a column of octets is counted in a tenth of the time that the keys take.
        """
        count = len(self.families)
        if self.families.count(IPV4) != count:
            return None
        differing = []
        for place in places:
            column = self._octets[place:self._end:self._stride]
            if not alike(column):
                differing.append((place - KEY, column))
                if len(differing) > 1:
                    return None
        key = bytes(self._octets[KEY:KEY_END])
        if not differing:
            return {key: count}
        at, column = differing[0]
        octets = [bytes(bytearray((value,))) for value in set(column)]
        return dict((key[:at] + octet + key[at + 1:], column.count(octet)) for octet in octets)


class Reader(object):
    """Takes datagrams of one answer apart."""

    def __init__(self):
        self._shape, self._struct = None, None

    def read(self, datagram):
        """The Part in a datagram (bytes or a memoryview of them). Raises Malformed."""
        if len(datagram) < HEADER:
            raise Malformed('a datagram of %d bytes' % len(datagram))
        stride, kind, flags = nlmsg.HEADER.unpack_from(datagram, 0)[:3]
        count, rest = divmod(len(datagram), stride) if stride >= END and stride % 4 == 0 else (0, 0)
        if kind in (nlmsg.NLMSG_DONE, nlmsg.NLMSG_ERROR) or not count:
            return _walked(datagram, flags)
        if self._shape != (stride, count):
            self._shape, self._struct = (stride, count), struct.Struct(('%dx34s%dx' % (KEY, stride - KEY_END)) * count)
        octets = bytearray(datagram)
        part = Even(octets, stride, count, self._struct)
        part.interrupted = bool(flags & NLM_F_DUMP_INTR)
        even = all(alike(octets[place:count * stride:stride]) for place in LENGTH)
        return part if even and self._ends(datagram, stride, count, rest, part) else _walked(datagram, flags)

    @staticmethod
    def _ends(datagram, stride, count, rest, part):
        """Whether nothing, or the end of the answer, follows `count` messages of `stride` bytes."""
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


def _walked(datagram, flags):
    """The Part of a datagram whose messages differ, one after the other; flags of the first of them."""
    part, keys, datagram = Part(), [], bytes(bytearray(datagram))
    part.interrupted = bool(flags & NLM_F_DUMP_INTR)
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
