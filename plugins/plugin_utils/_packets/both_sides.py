# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The captures of a client and of its server held against each other: where did each attempt end?

The two clocks need not agree. Attempts meet by what translation of addresses leaves alone: the sequence number of the
SYN, and its timestamp, which only grows when it is sent again. From SYNs that both captures have, the offset of the
clocks and their drift follow.
"""

import collections
import statistics
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import Message, message
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.handshakes import (
    Attempt,
    Ends,
    Rejection,
    attempts_of,
    side_of,
)
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.kernels import Rule
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.replay import replay
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.segment import Event, once, survey
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.packets import Compared

#: Seconds at the edges of a capture in which what the other one has may be missing.
EDGE = 1.0
#: Pairs that a drift is estimated from, and the seconds that they must span.
PAIRS_MIN, SPAN_MIN = 10, 10.0
#: Ticks by which the timestamp of a SYN that was sent again may be newer: two minutes of a clock of 1 kHz.
AGAIN = 120000
WORD = 1 << 32


class Clocks(NamedTuple):
    """offset: seconds that the server's clock is ahead at `start`; drift: parts in a million, None if unknown."""

    offset: float
    drift: float | None
    start: float

    def at_server(self, time: float) -> float:
        """A time of the client's clock on the server's."""
        return time + self.offset + (self.drift or 0.0) * 1e-6 * (time - self.start)


class Fates(NamedTuple):
    """Numbers of attempts of the client, by where they ended."""

    answered: int
    refused: int
    not_arrived: int
    rule: int  # the server dropped them, and the per-host rule drops them
    server: int  # the server dropped them for another reason
    answer_lost: int
    outside: int  # the server's capture does not cover them


def study(client: Sequence[Event], rejections: Iterable[Rejection], server: Sequence[Event], rule: Rule) -> Compared:
    """What compare() says of the segments of both captures, each in its order; the server's rule is replayed."""
    kept = once(server)
    drops = replay(kept, survey(kept), rule).drops
    times = [event[0] for event in server]
    return compare(
        attempts_of(side_of(client, once(client)), rejections).attempts,
        attempts_of(side_of(server, kept)).attempts,
        (min(times, default=0.0), max(times, default=0.0)),
        {((drop[1], drop[2], drop[3], drop[4]), drop[6]) for drop in drops},
    )


def compare(
    client: Sequence[Attempt], server: Sequence[Attempt], span: tuple[float, float], dropped: set[tuple[Ends, int]]
) -> Compared:
    """{'offset_s', 'drift_ppm', 'fates', 'summary'} of the attempts that the client made.

    span: when the server's capture begins and ends; dropped: (ends, sequence number) of SYNs that its rule drops.
    """
    met = _meet(client, server)
    pairs = [(here, there) for here, there in zip(client, met, strict=True) if there is not None]
    clocks = _clocks(pairs)
    found = [_fate(here, there, clocks, span, dropped) for here, there in zip(client, met, strict=True)]
    fates = Fates(*(found.count(name) for name in Fates._fields))
    return {
        'offset_s': None if clocks is None else round(clocks.offset, 4),
        'drift_ppm': None if clocks is None or clocks.drift is None else round(clocks.drift, 1),
        'fates': fates._asdict(),
        'summary': _summary(fates, bool(pairs)),
    }


def _meet(client: Sequence[Attempt], server: Sequence[Attempt]) -> list[Attempt | None]:
    """For each attempt of the client the same one in the server's capture."""
    there: dict[int, list[Attempt]] = collections.defaultdict(list)
    for each in server:
        there[each.isn].append(each)
    return [next((each for each in there.get(here.isn, ()) if _is_same(here, each)), None) for here in client]


def _is_same(here: Attempt, there: Attempt) -> bool:
    """Timestamps decide where both have one; what strips the option on the way leaves the sequence number alone."""
    if here.timestamp is None or there.timestamp is None:
        return True
    return (there.timestamp - here.timestamp) % WORD <= AGAIN


def _clocks(pairs: Sequence[tuple[Attempt, Attempt]]) -> Clocks | None:
    """The median offset, and the drift by the slope through medians of the first and the last third (robust)."""
    points = sorted((here.syns[0], there.syns[0] - here.syns[0]) for here, there in pairs)
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


def _fate(
    here: Attempt,
    there: Attempt | None,
    clocks: Clocks | None,
    span: tuple[float, float],
    dropped: set[tuple[Ends, int]],
) -> str:
    """The field of Fates of one attempt."""
    if here.answers:
        return 'answered'
    if here.refused or here.rejected:
        return 'refused'
    if there is None:
        at = None if clocks is None else clocks.at_server(here.syns[0])
        covered = at is None or span[0] - EDGE <= at <= span[1] + EDGE
        return 'not_arrived' if covered else 'outside'
    if there.answers or there.refused:
        return 'answer_lost'
    return 'rule' if (there.ends, there.isn) in dropped else 'server'


def _summary(fates: Fates, met: bool) -> Message:
    """The sentence on what most of the unanswered attempts met."""
    total = sum(fates)
    silent = {name: getattr(fates, name) for name in ('rule', 'server', 'not_arrived', 'answer_lost')}
    worst = max(silent, key=lambda name: silent[name])
    count = silent[worst]
    if not total:
        return message('packets/no-syn')
    if not met:
        return message('packets/no-pair', attempts=total)
    if not count:
        return message('packets/both-fine', attempts=total)
    return {
        'rule': message('packets/server-rule', count=count, attempts=total),
        'server': message('packets/server-other', count=count, attempts=total),
        'not_arrived': message('packets/not-arrived', count=count, attempts=total),
        'answer_lost': message('packets/answer-lost', count=count, attempts=total),
    }[worst]
