# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many timestamp clocks are behind one address, at least. Pure.

The clocks of different hosts stand at different values at one and the same moment. So the answer is the largest number
of lines (lines.py) that have SYNs before and after one moment and are at different places then. That is a lower bound
whatever the hosts do:

- One that reboots, sleeps or is set goes on with another line, when the old one is over.
- One line that jitter or a rate that is not known cut in two is at one place at any moment. Places count as different
  when they are further apart than twice the tolerance, which is three times the widest spread of a line in this
  capture, 0.2 to 1 second. A line whose points fill its strip is not compared at all.
- Where the capture's own clock is set back, what comes after it counts once that clock is where it was.

A host that begins each connection at another timestamp is on no line: Linux 4.10, stable kernels since 2026 (6.1.192,
6.12.117, 6.18.19 and newer). A host with several addresses behind the translation, such as a node with pods, has a
clock for each of them since Linux 4.11, whose offset is that of the pair of addresses (net/core/secure_seq.c).
"""

import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .._messages.message import Message, message
from . import lines
from .lines import ALIKE, DRIFT, FASTEST, MODULUS, RATES, WIDEST, Found, Line, Stamp

ONE, SEVERAL, PER_CONNECTION, UNKNOWN = 'one_clock', 'several_clocks', 'offset_per_connection', 'unknown'
NARROWEST = 0.2  # seconds: above the jitter of a usual path
LOOSE = 0.4  # seconds: points that are further apart fill the strip, as those of a clock with another rate do
HOLE = 6  # a line is not alive in a pause of so many times its mean
MOMENTS = 32  # at which lines are compared, beside those in which a line begins
FEW = 4  # so many connections on no line, and more than half of all, have offsets of their own


@dataclass(frozen=True)
class Clocks:
    """What the timestamps of one address tell.

    kind: one of the four above, by what most connections show; at_least: so many clocks there are, 1 where they cannot
    be told apart, 0 where no timestamp was seen; rates: ticks a second of those that were told apart; alone: how many
    connections are on no line, of those that were looked at (at most lines.POINTS_MAX).
    """

    kind: str
    at_least: int
    rates: tuple[int, ...]
    alone: int

    def said(self) -> Message:
        """What a person is told of it."""
        if self.kind == UNKNOWN:
            return message('packets/too-little')
        several = self.at_least > 1
        counted = message('packets/clocks', number=self.at_least) if several else message('packets/one-clock')
        if self.kind == PER_CONNECTION:
            return message('packets/no-clock', clocks=counted if self.rates else None)
        return message('packets/clocks-and-alone', clocks=counted, alone=self.alone) if self.alone else counted


def of_servers(stamps: Iterable[Sequence[Stamp]]) -> Clocks:
    """Of one address by its SYNs to each server, since offsets may belong to pairs of addresses."""
    each = [(clocks(of_one), len(of_one)) for of_one in stamps]
    return max(each, key=lambda one: (one[0].at_least, one[1]), default=(Clocks(UNKNOWN, 0, (), 0), 0))[0]


def clocks(stamps: Sequence[Stamp]) -> Clocks:
    """Of one address by the first SYNs of its connections to one server, in the order of their capture."""
    found = lines.find(stamps)
    apart = _apart(found)
    rates = tuple(sorted(_rate(line) for line in apart))
    return Clocks(_kind(found, apart), max(len(apart), min(1, len(stamps))), rates, len(found.left))


def _kind(found: Found, apart: Sequence[Line]) -> str:
    """As many hosts that connect once each look like one that draws an offset for each connection."""
    alone, on_lines = len(found.left), sum(len(line.reached) for line in found.lines)
    if alone >= on_lines:
        return PER_CONNECTION if alone >= FEW and lines.drawn(found.left, found.span) else UNKNOWN
    return SEVERAL if len(apart) > 1 else ONE


def _apart(found: Found) -> list[Line]:
    """The largest set of lines that are at different places at one moment."""
    if not found.lines:
        return []
    tolerance = min(WIDEST, max(NARROWEST, 3 * max(line.spread for line in found.lines)))
    margin = min(tolerance, max(NARROWEST, found.span / 4))
    clear = [line for line in found.lines if line.spread <= LOOSE + DRIFT * found.span]
    moments = [line.reached[1] + margin for line in clear]
    moments += [found.span * part / MOMENTS for part in range(1, MOMENTS)]
    alive = [(moment, [line for line in clear if _alive(line, moment, margin)]) for moment in moments]
    best: list[Line] = [max(found.lines, key=lambda line: len(line.reached))]
    for moment, present in sorted(alive, key=lambda each: -len(each[1])):
        if len(present) <= len(best):
            break
        best = max(best, _different(present, moment, tolerance), key=len)
    return best


def _alive(line: Line, moment: float, margin: float) -> bool:
    """Whether two points at least are well before the moment and two well after it, and no long pause is there.

    Two, since one may be another host's that came by.
    """
    times = line.reached
    if not times[1] + margin <= moment < times[-2] - margin:
        return False
    after = bisect.bisect_right(times, moment)
    return times[after] - times[after - 1] <= HOLE * (times[-1] - times[0]) / (len(times) - 1)


def _different(present: Sequence[Line], moment: float, tolerance: float) -> list[Line]:
    """The lines whose strip at that moment is far from the next one on the circle of values."""
    placed = sorted(((line.low + line.rate * moment) % MODULUS, index) for index, line in enumerate(present))
    found = []
    for (place, index), (beyond, after) in zip(placed, placed[1:] + placed[:1], strict=True):
        line, following = present[index], present[after]
        gap = (beyond - place) % MODULUS - (line.high - line.low)
        if gap > 2 * tolerance * max(FASTEST, line.rate, following.rate):
            found.append(line)
    return found


def _rate(line: Line) -> int:
    return next((round(rate) for rate in RATES if abs(line.rate - rate) < ALIKE * rate), round(line.rate))
