# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the SYNs of each source address tell: answered or not, the hosts behind it, timestamps that go back."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from .._shapes.packets import SourceOf
from . import clocks
from .connection import after
from .kernels import PAWS_WINDOW
from .lines import Stamp
from .segment import Event, Survey, address, is_request

SOURCES_MAX = 200


@dataclass
class Source:
    """The counts of one address; `stamps` has those of each connection that it asked for, by the server's address."""

    syns: int = 0
    connections: int = 0
    answered: int = 0
    without_timestamp: int = 0
    regressions: int = 0
    dropped: int = 0
    last: int | None = None
    stamps: dict[bytes, list[Stamp]] = field(default_factory=dict)

    def asked(self, event: Event, again: bool, moved: bool, answered: bool) -> None:
        """One SYN; again: the same connection was asked for before; moved: from another port, by a NAT."""
        self.syns += 1
        if again:
            return
        self.connections += 1
        self.answered += answered
        timestamp = event[8]
        if timestamp is None:
            self.without_timestamp += 1
            return
        if self.last is not None and after((self.last - PAWS_WINDOW) & 0xFFFFFFFF, timestamp):
            self.regressions += 1
        self.last = timestamp
        if not moved:  # sent again by the same clock with the same offset
            self.stamps.setdefault(event[3], []).append((event[0], timestamp, event[2]))


def tally(events: Iterable[Event], survey: Survey, drops: Iterable[Event]) -> dict[bytes, Source]:
    """{address: Source} of all that sent a SYN."""
    sources: dict[bytes, Source] = {}
    seen: set[tuple[bytes, int, bytes, int, int]] = set()
    for event in events:
        if is_request(event):
            source = sources.get(event[1])
            if source is None:
                source = sources[event[1]] = Source()
            mark = event[1], event[2], event[3], event[4], event[6]
            own = event[1], 0, event[3], event[4], event[6]
            source.asked(event, mark in seen, own in seen, survey.answered(event))
            seen.update((mark, own))
    for drop in drops:
        sources[drop[1]].dropped += 1
    return sources


def described(sources: dict[bytes, Source]) -> list[SourceOf]:
    """The sources as a result shows them, at most SOURCES_MAX: those that the rule hits first, then the busiest."""
    worst = sorted(sources.items(), key=lambda item: (-item[1].dropped, -item[1].syns, item[0]))
    return [_described(raw, source) for raw, source in worst[:SOURCES_MAX]]


def _described(raw: bytes, source: Source) -> SourceOf:
    seen = clocks.of_servers(source.stamps.values())
    return {
        'source': address(raw),
        'syns': source.syns,
        'connections': source.connections,
        'answered': source.answered,
        'unanswered': source.connections - source.answered,
        'without_timestamp': source.without_timestamp,
        'regressions': source.regressions,
        'dropped': source.dropped,
        'hosts': max(seen.at_least, 1),
        'per_connection_offsets': seen.kind == clocks.PER_CONNECTION,
        'clocks': list(seen.rates),
        'clock': seen.kind,
        'timestamps': seen.said(),
    }
