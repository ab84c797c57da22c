# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines on which TCP timestamps of one address lie. Pure.

A clock's timestamps rise evenly: TSval = rate x time + offset, modulo 2^32 (RFC 7323, 5.4: 1 to 1000 ticks a second).
What is captured lies beside its line: by the way from the sender to the capture, and by the drift of both clocks. So a
line is a strip that is WIDEST seconds wide, and wider by DRIFT; everything that a clock sent is in one such strip.

Values that are drawn for each connection lie in some strip by chance. Whether a strip is a clock's is decided as for
alignments in a picture (Desolneux, Moisan and Morel, "Meaningful alignments", 2000): how many strips with as many
points are expected among as many random values? CHANCE of one at most. Points that share a source port count once, for
Linux draws an offset for addresses and ports where it draws one for each connection (secure_tcp_ts_off()): two
connections from one port have one offset.

Clocks that were started at about the same time have values near each other, which are not random. So of each arc of
near values the first strip is judged among all values, each further one among those of the arc as well. Clocks that
count microseconds are sought among what is left, and always judged by their arc as well: their strips are so broad that
what some crowd of slower ones left over would be in one.
"""

import itertools
import math
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

# Ticks a second: HZ of Linux before 4.13, 1000 since then and of others, slower ones of other systems. A route with
# tcp_usec_ts (Linux 6.7) has MICROSECONDS.
RATES = (1000.0, 300.0, 250.0, 100.0, 500.0, 200.0, 10.0, 2.0)
MICROSECONDS = (1000000.0,)
SLOWEST, FASTEST = 1.0, 1100.0
ALIKE = 0.01  # rates that differ by less are taken for one
MODULUS = 1 << 32
WIDEST = 1.0  # seconds: many times the jitter of a path that TCP can use
DRIFT = 0.0005  # by which the clocks of two machines may differ: what adjtimex(2) allows
CHANCE = 1e-6
CROWDED = 1e-3  # random values are so near each other no more often
LEAST = 4  # fewer points are no line
POINTS_MAX = 1024
GOLDEN = 2654435769  # 2^32 divided by the golden ratio: multiples of it are spread evenly

#: (seconds, TSval, source port) of a connection's first SYN.
Stamp: TypeAlias = tuple[float, int, int]


class Point(NamedTuple):
    """at: seconds since the first; reached: the latest `at` of this and all that were captured before it."""

    at: float
    value: int
    port: int
    reached: float


@dataclass(frozen=True)
class Line:
    """rate: ticks a second; low, high: the edges of its strip, TSval at the time 0; reached: ascending, see Point."""

    rate: float
    low: float
    high: float
    reached: tuple[float, ...]

    @property
    def spread(self) -> float:
        """How far apart in time its points are from one another, at most."""
        return (self.high - self.low) / self.rate


@dataclass(frozen=True)
class Found:
    """left: points on no line; span: seconds between the first and the last point."""

    lines: list[Line]
    left: list[Point]
    span: float


def find(stamps: Sequence[Stamp]) -> Found:
    """The lines of one address to one server, as few as there can be. Stamps stand in the order of their capture."""
    points = _points(_sample(stamps))
    if not points:
        return Found([], [], 0.0)
    times = [point.at for point in points]
    span = max(times) - min(times)
    slow, left = _in_arcs(points, RATES, FASTEST, span)
    fast, left = _in_arcs(left, MICROSECONDS, MICROSECONDS[0], span)
    return Found(slow + fast, left, span)


def _in_arcs(
    points: Sequence[Point], rates: Sequence[float], fastest: float, span: float
) -> tuple[list[Line], list[Point]]:
    """Lines of the rates, and what is on none of them. No clock is faster than `fastest`, which bounds its arc."""
    lines: list[Line] = []
    left: list[Point] = []
    everything = _ports(points)
    for arc in _arcs(points, _width(fastest, span) + fastest * span):
        tried = [*rates, *_own_rate(arc)] if fastest == FASTEST else rates
        room = _Room(span, everything, _ports(arc), _length(arc), fastest == FASTEST)
        found, rest = _strips(arc, tried, room) if len(arc) >= LEAST else ([], arc)
        lines += found
        left += rest
    return lines, left


def drawn(points: Sequence[Point], span: float) -> bool:
    """Whether the values may be drawn at random: they are all over the circle, and no more of different ports lie on
    common lines, two and two, than then would."""
    ports = _ports(points)
    values = sorted(point.value for point in points)
    gaps = [(after - before) % MODULUS for before, after in zip(values, values[1:] + values[:1], strict=True)]
    if ports * (1 - max(gaps) / MODULUS) ** (ports - 1) < CROWDED:
        return False
    expected = len(points) ** 2 * _width(max(RATES), span) / MODULUS
    return all(_neighbours(points, rate, span) <= 3 + 3 * expected for rate in RATES[:4])


def _sample(stamps: Sequence[Stamp]) -> Sequence[Stamp]:
    """About POINTS_MAX of them, of any that take turns the same share."""
    if len(stamps) <= POINTS_MAX:
        return stamps
    limit = POINTS_MAX * MODULUS // len(stamps)
    return [stamp for index, stamp in enumerate(stamps) if index * GOLDEN % MODULUS < limit]


def _points(stamps: Sequence[Stamp]) -> list[Point]:
    start = stamps[0][0] if stamps else 0.0
    times = [stamp[0] - start for stamp in stamps]
    latest = itertools.accumulate(times, max)
    return [Point(at, stamp[1], stamp[2], reached) for at, stamp, reached in zip(times, stamps, latest, strict=True)]


def _ports(points: Iterable[Point]) -> int:
    return len({point.port for point in points})


def _arcs(points: Sequence[Point], reach: float) -> list[list[Point]]:
    """Points whose values are next to each other, no further than `reach`, in the order of their values."""
    ordered = sorted(points, key=lambda point: point.value)
    before = ordered[-1:] + ordered[:-1]
    starts = [
        index
        for index, (point, last) in enumerate(zip(ordered, before, strict=True))
        if (point.value - last.value) % MODULUS > reach
    ]
    if not starts:
        return [ordered] if ordered else []
    ordered = ordered[starts[0] :] + ordered[: starts[0]]
    ends = [start - starts[0] for start in starts[1:]] + [len(ordered)]
    return [ordered[low:high] for low, high in zip([0, *ends], ends, strict=False)]


def _own_rate(arc: Sequence[Point]) -> list[float]:
    """The slope of an arc by least squares, where it is a clock's and no common one."""
    first, count = arc[0].value, len(arc)
    middle = sum(point.at for point in arc) / count
    spread = sum((point.at - middle) ** 2 for point in arc)
    slope = sum((point.at - middle) * ((point.value - first) % MODULUS) for point in arc) / (spread or math.inf)
    common = any(abs(slope - rate) < ALIKE * rate for rate in RATES)
    return [slope] if SLOWEST <= slope <= FASTEST and not common else []


@dataclass(frozen=True)
class _Room:
    """What a strip is judged by: seconds between the first and the last of all points, how many ports these have; the
    same of its arc, and the arc's length; whether the arc's first strip is judged among all points alone."""

    span: float
    ports: int
    near: int
    length: float
    first_among_all: bool

    def has_by_chance(self, size: int, width: float, first: bool, rates: int) -> bool:
        """Whether strips with points of so many ports are to be expected."""
        if size < LEAST or _by_chance(size, self.ports, width / MODULUS, rates):
            return True
        return not (first and self.first_among_all) and _by_chance(size, self.near, width / self.length, rates)


def _strips(points: Sequence[Point], rates: Sequence[float], room: _Room) -> tuple[list[Line], list[Point]]:
    """The fullest strip, the fullest of what is left, and so on until one is as full by chance; and what is left.

    A strip of which nothing was taken is still the fullest of its rate: strips only lose points.
    """
    strips = [_Strip(points, rate, _width(rate, room.span)) for rate in rates]
    lines: list[Line] = []
    taken: set[int] = set()
    while True:
        strip = max(strips, key=lambda strip: (len(strip.members), -strip.spread()))
        if not taken.isdisjoint(strip.members):
            strip.find(taken)
            continue
        members = [points[index] for index in strip.members]
        if room.has_by_chance(_ports(members), strip.width, not lines, len(rates)):
            return lines, [point for index, point in enumerate(points) if index not in taken]
        lines.append(Line(strip.rate, strip.low, strip.high, tuple(sorted(point.reached for point in members))))
        taken.update(strip.members)


class _Strip:
    """The fullest strip of a rate, the narrowest of those: low, high: its edges at the time 0; members: indices."""

    def __init__(self, points: Sequence[Point], rate: float, width: float) -> None:
        self.rate, self.width = rate, width
        offsets = ((point.value - rate * point.at) % MODULUS for point in points)
        self._ordered = sorted((offset, index) for index, offset in enumerate(offsets))
        self.find(frozenset())

    def spread(self) -> float:
        """In seconds."""
        return (self.high - self.low) / self.rate

    def find(self, taken: Set[int]) -> None:
        """Among the points that are not taken."""
        ordered = self._ordered = [each for each in self._ordered if each[1] not in taken]
        count = len(ordered)
        edges = [offset for offset, _index in ordered]
        edges += [offset + MODULUS for offset in edges]
        low, best = 0, (0, 0.0, 0)
        for high, edge in enumerate(edges):
            while edge - edges[low] > self.width:
                low += 1
            if low >= count:
                break
            best = max(best, (min(high - low + 1, count), edges[low] - edge, low))
        size, _negative, low = best
        self.members = [ordered[index % count][1] for index in range(low, low + size)]
        self.low, self.high = (edges[low], edges[low + size - 1]) if size else (0.0, 0.0)


def _length(arc: Sequence[Point]) -> float:
    return (arc[-1].value - arc[0].value) % MODULUS + 1.0


def _width(rate: float, span: float) -> float:
    return rate * (WIDEST + DRIFT * span) + 2


def _by_chance(size: int, total: int, share: float, rates: int) -> bool:
    """Whether strips with that many of `total` points are to be expected where each has its share of all values."""
    if share >= 1:
        return True
    ways = math.lgamma(total) - math.lgamma(size) - math.lgamma(total - size + 1)
    return math.log(rates * total) + ways + (size - 1) * math.log(share) > math.log(CHANCE)


def _neighbours(points: Sequence[Point], rate: float, span: float) -> int:
    offsets = sorted(((point.value - rate * point.at) % MODULUS, point.port) for point in points)
    width = _width(rate, span)
    return sum(after - before <= width and one != two for (before, one), (after, two) in itertools.pairwise(offsets))
