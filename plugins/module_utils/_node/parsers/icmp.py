# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Echo requests and replies: RFC 792 (type 8 and 0), RFC 4443 (type 128 and 129)."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import struct

HEADER = struct.Struct('>BBHHH')  # type, code, checksum, identifier, sequence number
REQUEST = {4: 8, 6: 128}
REPLY = {4: 0, 6: 129}
PAYLOAD = b'nodetcp.paws' * 2


def request(family, identifier, number):
    """The bytes of an echo request of IP version `family`; the kernel fills in the checksum of version 6."""
    packet = HEADER.pack(REQUEST[family], 0, 0, identifier, number) + PAYLOAD
    if family == 6:
        return packet
    return HEADER.pack(REQUEST[family], 0, checksum(packet), identifier, number) + PAYLOAD


def checksum(packet):
    """The internet checksum of RFC 1071."""
    if len(packet) % 2:
        packet += b'\0'
    total = sum(struct.unpack('>%dH' % (len(packet) // 2), packet))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def reply_of(family, packet, with_header):
    """(identifier, sequence number) of an echo reply, None for anything else. with_header: the IPv4 header is there."""
    offset = (bytearray(packet[:1] or b'\0')[0] & 15) * 4 if with_header else 0
    if len(packet) < offset + HEADER.size:
        return None
    kind, code, _checksum, identifier, number = HEADER.unpack_from(packet, offset)
    return (identifier, number) if (kind, code) == (REPLY[family], 0) else None
