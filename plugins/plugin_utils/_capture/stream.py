# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text that collect.sh prints, taken apart. Pure; docs/capture-format.md describes it. A node may send anything."""

import re
from typing import NamedTuple

from .._messages.message import MessageError, message

MAGIC = re.compile(rb'(?:\A|\n)nodetcp-paws-capture 1 ([A-Za-z0-9-]{3,64})(\r?)\n')
STREAM_MAX = 32 * 1024 * 1024
PARTS_MAX = 20000
KINDS = frozenset(
    (
        *('links', 'node', 'named', 'values', 'closed', 'file', 'lines', 'list', 'real', 'tree', 'refused', 'denied'),
        'unfollowed',
    )
)
END = 'end'


class CaptureError(MessageError):
    """What came is not a whole capture; the message says what is wrong."""


class Part(NamedTuple):
    """One part: kind (one of KINDS), argument (a path, or a number), body."""

    kind: str
    argument: str
    body: bytes


def parse(data: bytes) -> list[Part]:
    """The parts of a capture, at most PARTS_MAX of them. Raises CaptureError.

    What stands before the first line (a login message) is passed over; what a terminal made of the ends of lines is
    undone. A part of an unknown kind belongs to a later collector and is passed over too.
    """
    if len(data) > STREAM_MAX:
        raise CaptureError(message('capture/too-large', most=STREAM_MAX >> 20))
    begin = MAGIC.search(data)
    if begin is None:
        raise CaptureError(message('capture/no-head'))
    text = data[begin.end() :]
    if begin.group(2):
        text = text.replace(b'\r\n', b'\n')
    pieces = (b'\n' + text).split(b'\n' + begin.group(1) + b' ', PARTS_MAX + 1)
    if len(pieces) > PARTS_MAX + 1:
        raise CaptureError(message('capture/many-parts', most=PARTS_MAX))
    parts = [_part(piece) for piece in pieces[1:]]
    if not parts or parts[-1].kind != END:
        raise CaptureError(message('capture/cut-off'))
    return [part for part in parts if part.kind in KINDS]


def _part(piece: bytes) -> Part:
    head, _newline, body = piece.partition(b'\n')
    kind, _blank, argument = head.decode('utf-8', 'surrogateescape').partition(' ')
    return Part(kind, argument, body)
