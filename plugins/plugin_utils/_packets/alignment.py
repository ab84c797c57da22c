# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same attempts in the captures of a client and of its server, and how far the two clocks are apart. Pure.

Attempts meet by what translation of addresses leaves alone: the sequence number of the SYN, and its timestamp, which
only grows when it is sent again.
"""

import collections
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from .handshakes import Attempt
from .segment import KIND, SYN, Event

#: Pairs that a drift is estimated from, and the seconds that they must span.
PAIRS_MIN, SPAN_MIN = 10, 10.0
#: Ticks between the first SYNs of the same attempt that two captures hold: two minutes of a clock of 1 kHz.
AGAIN = 120000
WORD, HALF = 1 << 32, 1 << 31


@dataclass
class Arrived:
    """What the server's capture holds of an attempt: one part, or more where a NAT gave it another port on the way."""

    parts: Sequence[Attempt]

    @property
    def answers(self) -> list[float]:
        return [time for part in self.parts for time in part.answers]

    @property
    def acknowledged(self) -> bool:
        """Whether the client had the answer."""
        return any(part.acknowledged is not None for part in self.parts)

    @property
    def stamps(self) -> list[int | None]:
        return [stamp for part in self.parts for stamp in part.stamps]

    @property
    def stray(self) -> bool:
        return any(part.stray for part in self.parts)

    @property
    def resets(self) -> bool:
        return any(part.resets for part in self.parts)

    @property
    def refused(self) -> bool:
        return any(part.refused for part in self.parts)


#: An attempt of the client, and what the server's capture holds of it.
Pair: TypeAlias = tuple[Attempt, Arrived | None]


class Clocks(NamedTuple):
    """offset: seconds that the server's clock is ahead at `start`; drift: parts in a million, None if unknown."""

    offset: float
    drift: float | None
    start: float

    def at_server(self, time: float) -> float:
        """A time of the client's clock on the server's."""
        return time + self.offset + (self.drift or 0.0) * 1e-6 * (time - self.start)


def meet(client: Sequence[Attempt], server: Iterable[Attempt]) -> list[Arrived | None]:
    """For each attempt of the client what the server's capture holds of it."""
    there: dict[int, list[Attempt]] = collections.defaultdict(list)
    for each in server:
        there[each.isn].append(each)
    found = ([each for each in there.get(here.isn, ()) if _is_same(here, each)] for here in client)
    return [Arrived(parts) if parts else None for parts in found]


def _is_same(here: Attempt, there: Attempt) -> bool:
    """Timestamps decide where both have one; what strips the option on the way leaves the sequence number alone."""
    if here.timestamp is None or there.timestamp is None:
        return True
    apart = (there.timestamp - here.timestamp + HALF) % WORD - HALF
    return abs(apart) <= AGAIN or not set(here.stamps).isdisjoint(there.stamps)


def clocks(pairs: Iterable[Pair], client: Sequence[Event], server: Sequence[Event]) -> Clocks | None:
    """From SYNs that both captures hold; without any, from other segments. None where they share nothing."""
    points = [(at, came - at) for here, there in pairs if there for at, came in _moments(here, there)]
    return _fitted(sorted(points or _shared(client, server)))


def _moments(here: Attempt, arrived: Arrived) -> list[tuple[float, float]]:
    """When a SYN of it was sent and when the same one arrived; without timestamps the first ones, which may differ."""
    came: dict[int | None, float] = {}
    for part in arrived.parts:
        for at, stamp in zip(part.syns, part.stamps, strict=True):
            came.setdefault(stamp, at)
    both = [(at, came[stamp]) for at, stamp in zip(here.syns, here.stamps, strict=True) if stamp in came]
    return both[:1] if None in came else both


def _shared(here: Sequence[Event], there: Sequence[Event]) -> list[tuple[float, float]]:
    """(time, how far the server's clock is ahead) of segments with a timestamp that both captures hold."""
    came = {_mark(event): event[0] for event in there if _marks(event)}
    return [(event[0], came[_mark(event)] - event[0]) for event in here if _marks(event) and _mark(event) in came]


def _marks(event: Event) -> bool:
    return event[8] is not None and event[5] & KIND != SYN


def _mark(event: Event) -> tuple[object, ...]:
    return event[5:10]


def _fitted(points: Sequence[tuple[float, float]]) -> Clocks | None:
    """The median offset, and the drift by the slope through medians of the first and the last third (robust)."""
    if not points:
        return None
    third = len(points) // 3
    start = points[0][0]
    if len(points) < PAIRS_MIN or points[-1][0] - start < SPAN_MIN:
        return Clocks(statistics.median(offset for _time, offset in points), None, start)
    early, late = points[:third], points[-third:]
    apart = statistics.median(time for time, _offset in late) - statistics.median(time for time, _offset in early)
    rose = statistics.median(offset for _time, offset in late) - statistics.median(offset for _time, offset in early)
    slope = rose / apart if apart else 0.0
    offset = statistics.median(offset - slope * (time - start) for time, offset in points)
    return Clocks(offset, slope * 1e6, start)
