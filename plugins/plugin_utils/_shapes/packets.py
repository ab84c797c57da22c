# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What captures show: their sources, and two captures held against each other."""

from typing import TypedDict

from .._messages.message import Message


class SourceOf(TypedDict):
    """An address that sent SYNs."""

    source: str
    syns: int
    connections: int
    answered: int
    unanswered: int
    without_timestamp: int
    regressions: int
    dropped: int
    hosts: int
    per_connection_offsets: bool
    clocks: list[float]
    clock: str
    timestamps: Message


class Studied(TypedDict):
    """What one capture shows: attempts as handshakes.described() says, and in replay what the per-host PAWS rule of a
    kernel makes of the SYNs."""

    sources: list[SourceOf]
    sources_total: int
    attempts: dict[str, object]
    replay: dict[str, object]
    summary: Message
    problems: list[Message]


class Compared(TypedDict):
    """What two captures show together; fates: attempts of the client by where they ended; slow: those that came up
    late, by what held them up."""

    offset_s: float | None
    drift_ppm: float | None
    fates: dict[str, int]
    slow: dict[str, int]
    summary: Message
    problems: list[Message]
