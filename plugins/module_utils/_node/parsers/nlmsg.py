# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages and attributes of netlink(7): how they lie in bytes."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import struct

HEADER = struct.Struct('=IHHII')  # struct nlmsghdr: length, type, flags, sequence, port
ATTRIBUTE = struct.Struct('=HH')  # struct nlattr: length, type
TYPE_MASK = 0x3FFF  # without NLA_F_NESTED and NLA_F_NET_BYTEORDER
NLMSG_ERROR, NLMSG_DONE = 2, 3  # include/uapi/linux/netlink.h


def messages(datagram, sequence=None):
    """(type, payload) of each message in a datagram, of that sequence number if one is given. Raises ValueError."""
    offset = 0
    while offset + HEADER.size <= len(datagram):
        length, kind, _flags, number, _port = HEADER.unpack_from(datagram, offset)
        if length < HEADER.size or offset + length > len(datagram):
            raise ValueError('a netlink message of %d bytes does not fit its datagram' % length)
        if sequence is None or number == sequence:
            yield kind, datagram[offset + HEADER.size:offset + length]
        offset += (length + 3) & ~3


def failure(kind, payload):
    """The errno in the message that ends an answer (NLMSG_ERROR, or NLMSG_DONE of a dump that failed), 0 for none."""
    if len(payload) < 4:
        return 0 if kind == NLMSG_DONE else errno.EBADMSG
    return max(0, -struct.unpack_from('=i', payload)[0])


def attributes(payload, offset=0):
    """{type: bytes} of the attributes (struct nlattr) in a message from offset on. Raises ValueError."""
    found = {}
    while offset + ATTRIBUTE.size <= len(payload):
        length, kind = ATTRIBUTE.unpack_from(payload, offset)
        if length < ATTRIBUTE.size or offset + length > len(payload):
            raise ValueError('a netlink attribute of %d bytes does not fit its message' % length)
        found[kind & TYPE_MASK] = payload[offset + ATTRIBUTE.size:offset + length]
        offset += (length + 3) & ~3
    return found
