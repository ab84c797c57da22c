# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TCP headers out of captured bytes: IPv4 and IPv6, with or without VLAN tags, cut off or malformed.

Nothing here raises for any bytes: what is no TCP header is None, what a broken option list hides is not seen, as the
kernel does not see it (net/ipv4/tcp_input.c tcp_parse_options()).
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import struct

IPV4, IPV6 = 0x0800, 0x86DD  # include/uapi/linux/if_ether.h
VLANS = (0x8100, 0x88A8, 0x9100)
VLANS_MAX = 4
TCP = 6
FIN, SYN, RST, ACK = 0x01, 0x02, 0x04, 0x10

IPV4_HEADER = struct.Struct('>BxHxxHxBxx4s4s')  # RFC 791: version and length, total length, fragment, protocol, ends
IPV6_HEADER = struct.Struct('>BxxxHBx16s16s')  # RFC 8200: version, payload length, next header, ends
TCP_HEADER = struct.Struct('>HHIIBB')  # RFC 9293: ports, sequence, acknowledgement, data offset, flags
TCP_HEADER_SIZE = 20
USUAL_OPTIONS = struct.Struct('>III')  # two no-operations and the timestamps, as every segment after the SYN has them
USUAL_SYN_OPTIONS = struct.Struct('>HxxIII4x')  # MSS, SACK permitted, the timestamps, the window scale
USUAL_MARK, MSS_MARK, USUAL_SYN_MARK = 0x0101080A, 0x0204, 0x0402080A
TAG = struct.Struct('>HH')
COOKED = struct.Struct('>BxHB')
VERSIONS = ((IPV4, 4), (IPV6, 6))
TYPE_AND_LENGTH = struct.Struct('>BB')
TIMESTAMPS = struct.Struct('>II')
OPTION_END, OPTION_NOTHING, OPTION_TIMESTAMPS, TIMESTAMPS_SIZE = 0, 1, 8, 10

FRAGMENT, AUTHENTICATION = 44, 51
EXTENSIONS = (0, 43, FRAGMENT, AUTHENTICATION, 60)  # IPv6 headers that may stand before the TCP header
EXTENSIONS_MAX = 8


def parse(data, start, end, protocol):
    """(source, source port, destination, destination port, flags, seq, ack, TSval, TSecr, payload length) or None.

    data[start:end] begins with the header that the EtherType `protocol` names: IPv4, IPv6 or a VLAN tag. Addresses are
    4 or 16 bytes; TSval and TSecr are None without the option; the payload's length is what the headers say.
    """
    tags = 0
    while protocol in VLANS and tags < VLANS_MAX and start + TAG.size <= end:
        protocol = TAG.unpack_from(data, start)[1]
        start, tags = start + TAG.size, tags + 1
    if protocol == IPV4:
        return _in_ipv4(data, start, end)
    if protocol == IPV6:
        return _in_ipv6(data, start, end)
    return None


def parse_cooked(data, start, end):
    """The same of a packet that a packet socket gives without its link header (SOCK_DGRAM).

    A packet with a VLAN tag that nobody took off begins with the tag or behind it, and its EtherType is that of the tag
    or of what the tag holds, by kernel and direction (net/packet/af_packet.c; vlan_get_protocol_dgram() is of 6.10).
    So the bytes decide: an EtherType with the header of its version behind it is a tag's.
    """
    for _tag in range(VLANS_MAX):
        if start + 5 > end:
            break
        first, kind, behind = COOKED.unpack_from(data, start)
        if kind not in VLANS and (kind, behind >> 4) not in VERSIONS:
            return _in_ipv4(data, start, end) if first >> 4 == 4 else _in_ipv6(data, start, end)
        start += TAG.size
    return None


def _in_ipv4(data, start, end):
    if start + IPV4_HEADER.size > end:
        return None
    first, total, fragment, protocol, source, destination = IPV4_HEADER.unpack_from(data, start)
    size = (first & 15) * 4
    if first >> 4 != 4 or size < IPV4_HEADER.size or protocol != TCP or fragment & 0x1FFF:
        return None
    # 0: the card, or the receiving kernel, put several segments together
    length = total - size if total else end - start - size
    return _tcp(data, start + size, end, source, destination, length)


def _in_ipv6(data, start, end):
    if start + IPV6_HEADER.size > end:
        return None
    first, length, following, source, destination = IPV6_HEADER.unpack_from(data, start)
    if first >> 4 != 6:
        return None
    start += IPV6_HEADER.size
    length = length or end - start
    for _count in range(EXTENSIONS_MAX):
        if following == TCP:
            return _tcp(data, start, end, source, destination, length)
        if following not in EXTENSIONS or start + 8 > end:
            return None
        name, (following, units) = following, TYPE_AND_LENGTH.unpack_from(data, start)
        if name == FRAGMENT and TAG.unpack_from(data, start)[1] & 0xFFF8:
            return None
        size = 8 if name == FRAGMENT else (units + 2) * 4 if name == AUTHENTICATION else (units + 1) * 8
        start, length = start + size, length - size
    return None


def _tcp(data, start, end, source, destination, length):
    if start + TCP_HEADER_SIZE > end:
        return None
    sport, dport, seq, ack, offset, flags = TCP_HEADER.unpack_from(data, start)
    size = (offset >> 4) * 4
    if size < TCP_HEADER_SIZE:
        return None
    tsval, tsecr = timestamps(data, start + TCP_HEADER_SIZE, min(start + size, end))
    return source, sport, destination, dport, flags, seq, ack, tsval, tsecr, max(length - size, 0)


def timestamps(data, start, end):
    """(TSval, TSecr) of the TCP options data[start:end] in whatever order they stand, (None, None) without them."""
    size = end - start
    if size == USUAL_OPTIONS.size:
        mark, tsval, tsecr = USUAL_OPTIONS.unpack_from(data, start)
        if mark == USUAL_MARK:
            return tsval, tsecr
    elif size == USUAL_SYN_OPTIONS.size:
        front, mark, tsval, tsecr = USUAL_SYN_OPTIONS.unpack_from(data, start)
        if mark == USUAL_SYN_MARK and front == MSS_MARK:
            return tsval, tsecr
    return _walk(data, start, end)


def _walk(data, start, end):
    found = (None, None)
    while start + 1 < end:
        kind, size = TYPE_AND_LENGTH.unpack_from(data, start)
        if kind == OPTION_END:
            break
        if kind == OPTION_NOTHING:
            start += 1
            continue
        if size < 2 or start + size > end:  # a silly option ends the list
            break
        if kind == OPTION_TIMESTAMPS and size == TIMESTAMPS_SIZE:
            found = TIMESTAMPS.unpack_from(data, start + 2)
        start += size
    return found
