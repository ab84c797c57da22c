# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Link types of capture files: where in a frame the network header begins, and what it is.

https://www.tcpdump.org/linktypes.html
"""

import struct

from ...module_utils._node.parsers.tcp_packet import IPV4, IPV6, parse
from .handshakes import Rejection
from .segment import Event

KNOWN = 0, 1, 12, 14, 101, 108, 113, 228, 229, 276
NULL, ETHERNET, RAW_BSD, RAW_OPENBSD, RAW, LOOP, SLL, IPV4_ALONE, IPV6_ALONE, SLL2 = KNOWN
NAMES = {ETHERNET: 'Ethernet', RAW: 'raw IP', SLL: 'Linux cooked', SLL2: 'Linux cooked v2', NULL: 'BSD loopback'}
TYPE = struct.Struct('>H')


UNREACHABLE = {4: 3, 6: 1}
TCP, ICMP, ICMP6 = 6, 1, 58


def segment(link: int, time: float, frame: bytes) -> Event | None:
    """The TCP segment in a frame of a known link type; None where there is none."""
    start, protocol, way = _network(link, frame)
    found = parse(frame, start, len(frame), protocol)
    return None if found is None else (time, *found, way)


def rejection(link: int, time: float, frame: bytes) -> Rejection | None:
    """The ICMP error in a frame of a known link type that answers a TCP segment; None where there is none."""
    start, protocol, _way = _network(link, frame)
    return _rejected(time, frame[start:]) if protocol in (IPV4, IPV6) else None


def _network(link: int, frame: bytes) -> tuple[int, int, int | None]:
    """(offset of the network header, its EtherType or 0, packet type of packet(7) or None)."""
    if link == ETHERNET:
        return 14, _type(frame, 12), None
    if link == SLL:
        return 16, _type(frame, 14), _type(frame, 0)
    if link == SLL2:
        return 20, _type(frame, 0), frame[10] if len(frame) > 10 else None
    start = 4 if link in (NULL, LOOP) else 0
    version = frame[start] >> 4 if len(frame) > start else 0
    return start, {4: IPV4, 6: IPV6}.get(version, 0), None


def _type(frame: bytes, offset: int) -> int:
    return int(TYPE.unpack_from(frame, offset)[0]) if len(frame) >= offset + TYPE.size else 0


def _rejected(time: float, packet: bytes) -> Rejection | None:
    """What an IP packet says of a TCP segment that did not come through; None where it is no such error.

    Destination unreachable: RFC 792, RFC 4443.
    """
    version = packet[0] >> 4 if packet else 0
    if version == 4:
        start = (packet[0] & 15) * 4
        if len(packet) < start + 8 or packet[9] != ICMP or packet[start] != UNREACHABLE[4]:
            return None
        return _quoted4(time, packet[start + 8 :])
    if version != 6 or len(packet) < 48 or packet[6] != ICMP6 or packet[40] != UNREACHABLE[6]:
        return None
    return _quoted6(time, packet[48:])


def _quoted4(time: float, inner: bytes) -> Rejection | None:
    if len(inner) < 20 or inner[0] >> 4 != 4 or inner[9] != TCP:
        return None
    return Rejection(time, inner[12:16], inner[16:20], _port(inner, (inner[0] & 15) * 4))


def _quoted6(time: float, inner: bytes) -> Rejection | None:
    if len(inner) < 40 or inner[0] >> 4 != 6 or inner[6] != TCP:
        return None
    return Rejection(time, inner[8:24], inner[24:40], _port(inner, 40))


def _port(inner: bytes, start: int) -> int | None:
    return int.from_bytes(inner[start : start + 2], 'big') if len(inner) >= start + 2 else None
