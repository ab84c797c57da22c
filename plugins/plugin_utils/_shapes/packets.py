# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What captures show: attempts, sources, the kernel's rule replayed, two captures held against each other."""

from typing import TypedDict

from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import Message


class AttemptsTold(TypedDict):
    """Attempts to connect, and what became of them; seconds after which SYNs were sent again."""

    total: int
    syns: int
    answered: int
    sent_again: int
    sent_again_after_s: list[float]
    unanswered: int
    refused: int
    icmp: int
    side: str | None


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


class Drop(TypedDict):
    """A SYN: seconds of the capture's clock, and whose it is."""

    time: float
    source: str
    source_port: int


class ReplayTold(TypedDict):
    """What the per-host PAWS rule of a kernel makes of the SYNs; answered: those of the dropped that were answered.

    met_time_wait counts the SYNs that met TIME_WAIT and were answered by an old ACK; met lists them.
    """

    kernel: str
    possible: bool
    syns: int
    dropped: int
    answered: int
    conclusive: bool
    drops: list[Drop]
    met_time_wait: int
    met: list[Drop]


class Studied(TypedDict):
    """What one capture shows."""

    sources: list[SourceOf]
    sources_total: int
    attempts: AttemptsTold
    replay: ReplayTold
    summary: Message
    problems: list[Message]


class Compared(TypedDict):
    """What two captures show together; fates: attempts of the client by where they ended."""

    offset_s: float | None
    drift_ppm: float | None
    fates: dict[str, int]
    summary: Message
