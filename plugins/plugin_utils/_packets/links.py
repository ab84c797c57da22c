# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Link types of capture files: where in a frame the network header begins, and what it is.

https://www.tcpdump.org/linktypes.html
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import struct

from ansible_collections.nodetcp.paws.plugins.module_utils._node.parsers.tcp_packet import IPV4, IPV6, parse
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets import rejections
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.handshakes import Rejection
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.segment import Event

KNOWN = 0, 1, 12, 14, 101, 108, 113, 228, 229, 276
NULL, ETHERNET, RAW_BSD, RAW_OPENBSD, RAW, LOOP, SLL, IPV4_ALONE, IPV6_ALONE, SLL2 = KNOWN
NAMES = {ETHERNET: 'Ethernet', RAW: 'raw IP', SLL: 'Linux cooked', SLL2: 'Linux cooked v2', NULL: 'BSD loopback'}
TYPE = struct.Struct('>H')


def segment(link: int, time: float, frame: bytes) -> Event | None:
    """The TCP segment in a frame of a known link type; None where there is none."""
    start, protocol, way = _network(link, frame)
    found = parse(frame, start, len(frame), protocol)
    return None if found is None else (time, *found, way)


def rejection(link: int, time: float, frame: bytes) -> Rejection | None:
    """The ICMP error in a frame of a known link type that answers a TCP segment; None where there is none."""
    start, protocol, _way = _network(link, frame)
    return rejections.rejection(time, frame[start:]) if protocol in (IPV4, IPV6) else None


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
