# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of each attempt to connect in a capture: answered, sent again, refused, or nothing at all.

It says what is on the wire, from whichever side it was captured, and nothing of what a server remembers.
"""

import collections
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from .connection import WORD, after
from .segment import ACK, FIN, INWARD, KIND, OUTWARD, RST, SYN, Event, is_request

CLIENT, SERVER = 'client', 'server'
#: Seconds that an application may take before it is called slow.
SLOW = 1.0
Ends = tuple[bytes, int, bytes, int]


class Rejection(NamedTuple):
    """An ICMP error about a segment from client to server; port None where it names the addresses alone."""

    time: float
    client: bytes
    server: bytes
    port: int | None


@dataclass(slots=True)
class Attempt:
    """One attempt: SYNs with the same ends and the same sequence number. Times are those of the capture.

    stamps: the timestamp of each SYN; stray: acknowledgements of an older connection; resets: of the client, before it
    had an answer: it does not know that connection; again_after: SYN-ACKs sent after the client had acknowledged one.
    """

    ends: Ends
    isn: int
    syns: list[float]
    stamps: list[int | None]
    answers: list[float] = field(default_factory=list)
    acknowledged: float | None = None
    again_after: int = 0
    stray: int = 0
    resets: int = 0
    refused: bool = False
    rejected: bool = False
    elsewhere: bool = False
    asked: float | None = None
    replied: float | None = None

    @property
    def timestamp(self) -> int | None:
        """Of its first SYN."""
        return self.stamps[0]

    @property
    def unanswered(self) -> bool:
        """Nothing came back at all."""
        return not (self.answers or self.stray or self.refused or self.rejected or self.elsewhere)


@dataclass
class Capture:
    """All attempts, in the order of their first SYN. side: client, server, or '' where it cannot be told."""

    attempts: list[Attempt] = field(default_factory=list)
    side: str = ''
    packets: int = 0
    older_closed: int = 0
    older_seen: int = 0


def attempts_of(events: Sequence[Event], rejections: Iterable[Rejection] = ()) -> Capture:
    """The attempts of a capture in its order."""
    follower = _Follower()
    for event in events:
        follower.take(event)
    follower.reject(rejections)
    found = Capture(follower.attempts, _side(events), len(events))
    found.older_seen = _older_seen(found.attempts)
    return found


def side_of(events: Sequence[Event], kept: Sequence[Event]) -> Sequence[Event]:
    """The segments to follow: those that were `kept` for a server, or all of a client whose SYNs only went out."""
    return kept if any(map(is_request, kept)) else events


def described(found: Capture) -> dict[str, object]:
    """The figures of a capture: attempts, SYNs, and what became of them; seconds after which SYNs were sent again."""
    attempts = found.attempts
    waits = sorted({round(time - each.syns[0], 1) for each in attempts for time in each.syns[1:]})
    return {
        'total': len(attempts),
        'syns': sum(len(each.syns) for each in attempts),
        'answered': sum(bool(each.answers) for each in attempts),
        'sent_again': sum(len(each.syns) - 1 for each in attempts),
        'sent_again_after_s': waits[:20],
        'unanswered': sum(each.unanswered for each in attempts),
        'refused': sum(each.refused for each in attempts),
        'icmp': sum(each.rejected for each in attempts),
        'side': found.side or None,
    }


class _Follower:
    """Segments in their order; the last attempt of each pair of ends is the one that they belong to."""

    def __init__(self) -> None:
        self.attempts: list[Attempt] = []
        self.latest: dict[Ends, Attempt] = {}
        self.by_client: dict[tuple[bytes, int], Attempt] = {}

    def take(self, event: Event) -> None:
        kind = event[5] & KIND
        if kind == SYN:
            self._asked(event)
        elif kind == SYN | ACK:
            self._answered(event)
        else:
            self._followed(event, kind)

    def reject(self, rejections: Iterable[Rejection]) -> None:
        """Mark the attempts that an ICMP error is about: the last error of each pair of addresses, or port, decides."""
        last: dict[tuple[bytes, bytes, int | None], float] = {}
        for each in rejections:
            key = each.client, each.server, each.port
            last[key] = max(each.time, last.get(key, each.time))
        for attempt in self.attempts:
            client, port, server, _service = attempt.ends
            times = [last[key] for key in ((client, server, port), (client, server, None)) if key in last]
            attempt.rejected = not attempt.answers and any(time >= attempt.syns[0] for time in times)

    def _asked(self, event: Event) -> None:
        ends = event[1], event[2], event[3], event[4]
        known = self.latest.get(ends)
        if known is not None and known.isn == event[6]:
            known.syns.append(event[0])
            known.stamps.append(event[8])
            return
        attempt = Attempt(ends, event[6], [event[0]], [event[8]])
        self.attempts.append(attempt)
        self.latest[ends] = self.by_client[event[1], event[2]] = attempt

    def _answered(self, event: Event) -> None:
        attempt = self.latest.get((event[3], event[4], event[1], event[2]))
        if attempt is None:
            other = self.by_client.get((event[3], event[4]))
            if other is not None and event[7] == (other.isn + 1) & WORD:
                other.elsewhere = True
            return
        if event[7] in ((attempt.isn + 1) & WORD, 1):
            attempt.answers.append(event[0])
            attempt.again_after += attempt.acknowledged is not None

    def _followed(self, event: Event, kind: int) -> None:
        attempt = self.latest.get((event[1], event[2], event[3], event[4]))
        if attempt is not None:
            self._of_client(attempt, event, kind)
            return
        attempt = self.latest.get((event[3], event[4], event[1], event[2]))
        if attempt is not None:
            self._of_server(attempt, event, kind)

    @staticmethod
    def _of_client(attempt: Attempt, event: Event, kind: int) -> None:
        if not attempt.answers:
            attempt.resets += bool(kind & RST)
            return
        if kind & RST:
            return
        if attempt.acknowledged is None:
            attempt.acknowledged = event[0]
        if event[10] and attempt.asked is None and not attempt.replied:
            attempt.asked = event[0]

    @staticmethod
    def _of_server(attempt: Attempt, event: Event, kind: int) -> None:
        if kind & RST:
            attempt.refused = attempt.refused or not attempt.answers
        elif not attempt.answers:
            attempt.stray += kind == ACK
        elif attempt.asked is not None and attempt.replied is None and (event[10] or kind & FIN):
            attempt.replied = event[0]


def _side(events: Iterable[Event]) -> str:
    """Where a capture says which way a segment went, SYNs that went out are a client's."""
    ways = collections.Counter(event[11] for event in events if event[5] & KIND == SYN)
    if ways[INWARD] and not ways[OUTWARD]:
        return SERVER
    return CLIENT if ways[OUTWARD] and not ways[INWARD] else ''


def _older_seen(attempts: Iterable[Attempt]) -> int:
    """Unanswered attempts with a timestamp older than one that the same address had used and got an answer to."""
    newest: dict[tuple[bytes, bytes], int] = {}
    count = 0
    for attempt in attempts:
        peer = attempt.ends[0], attempt.ends[2]
        seen = newest.get(peer)
        if attempt.timestamp is None:
            continue
        if attempt.answers and (seen is None or after(attempt.timestamp, seen)):
            newest[peer] = attempt.timestamp
        elif attempt.unanswered and seen is not None and after(seen, attempt.timestamp):
            count += 1
    return count
