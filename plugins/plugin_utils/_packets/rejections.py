# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ICMP errors in a capture that answer a TCP segment: destination unreachable (RFC 792, RFC 4443)."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.handshakes import Rejection

UNREACHABLE = {4: 3, 6: 1}
TCP, ICMP, ICMP6 = 6, 1, 58


def rejection(time: float, packet: bytes) -> Rejection | None:
    """What an IP packet says of a TCP segment that did not come through; None where it is no such error."""
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
