# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Segments out of the answer of a node's look, which is checked as the hostile input that it is."""

import binascii
import struct
import zlib
from collections.abc import Mapping

from ...module_utils._node.operations.syn_look import (
    ADDRESSES_MAX,
    BYTES_MAX,
    EVENT,
    HAS_TIMESTAMPS,
    IS_IPV6,
    PACKETS_MAX,
    WAY,
)
from .._messages.message import MessageError, message
from .segment import Event

TEXT_MAX = 2 * BYTES_MAX
ADDRESS = struct.Struct('>I')
STOPS = ('duration', 'max_packets', 'memory', 'addresses')


class AnswerError(MessageError):
    """The node's answer is not what the node program sends; the message says which part."""


def unpack(answer: Mapping[str, object]) -> list[Event]:
    """The segments of the operation syn_look's answer, in the order in which the node saw them."""
    addresses = _addresses(answer.get('addresses'))
    raw = _raw(answer.get('events'))
    events: list[Event] = []
    append, known = events.append, len(addresses)
    for seq, tsval, moment, dst, dport, flags, marks, length, ack, tsecr, src, sport in EVENT.iter_unpack(raw):
        if marks & IS_IPV6:
            if src >= known or dst >= known:
                raise AnswerError(message('answers/stray-address', part='events'))
            source, destination = addresses[src], addresses[dst]
        else:
            source, destination = ADDRESS.pack(src), ADDRESS.pack(dst)
        echoes = (tsval, tsecr) if marks & HAS_TIMESTAMPS else (None, None)
        append((moment / 1e6, source, sport, destination, dport, flags, seq, ack, *echoes, length, marks & WAY))
    return events


def number(answer: Mapping[str, object], name: str) -> int | float:
    """A figure of the answer that is shown to people."""
    value = answer.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e12:
        raise AnswerError(message('answers/misfit', part=name))
    return value


def stopped(answer: Mapping[str, object]) -> str:
    """What ended the look."""
    value = answer.get('stopped')
    if value not in STOPS:
        raise AnswerError(message('answers/misfit', part='stopped'))
    return str(value)


def _addresses(value: object) -> list[bytes]:
    if not isinstance(value, list) or len(value) > ADDRESSES_MAX:
        raise AnswerError(message('answers/misfit', part='addresses'))
    try:
        addresses = [bytes.fromhex(text) for text in value]
    except (TypeError, ValueError) as error:
        raise AnswerError(message('answers/misfit', part='addresses')) from error
    if any(len(address) != 16 for address in addresses):
        raise AnswerError(message('answers/misfit', part='addresses'))
    return addresses


def _raw(value: object) -> bytes:
    if not isinstance(value, list) or not all(isinstance(piece, str) for piece in value):
        raise AnswerError(message('answers/misfit', part='events'))
    if sum(map(len, value)) > TEXT_MAX:
        raise AnswerError(message('answers/more-than', part='events', most=TEXT_MAX))
    inflate, parts, left = zlib.decompressobj(), [], PACKETS_MAX * EVENT.size
    try:
        for piece in value:
            parts.append(inflate.decompress(binascii.a2b_base64(piece), left + 1))
            left -= len(parts[-1])
            if left < 0:
                break
    except (binascii.Error, ValueError, zlib.error) as error:
        raise AnswerError(message('answers/misfit', part='events')) from error
    if left < 0:
        raise AnswerError(message('answers/more-than', part='events', most=PACKETS_MAX))
    raw = b''.join(parts)
    if not inflate.eof or len(raw) % EVENT.size:
        raise AnswerError(message('answers/cut-off', part='events'))
    return raw
