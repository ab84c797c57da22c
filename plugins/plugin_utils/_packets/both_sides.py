# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The captures of a client and of its server held against each other: where did each attempt end? Pure.

The two clocks need not agree, and addresses may be translated between them (alignment.py).
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from .._messages.message import Message, message
from .._shapes.packets import Compared
from .alignment import Arrived, Clocks, Pair, clocks, meet
from .handshakes import Attempt, Ends, Rejection, attempts_of, side_of
from .kernels import Rule
from .replay import replay
from .segment import TWIN, Event, Span, once, survey

#: Seconds around a capture in which what it does not hold is told as missing: it begins and ends at its packets.
EDGE = 1.0
#: Seconds within which an answer is in a capture that goes on.
ANSWER = 0.3
#: Of the SYNs that the rule drops such a share may have been answered where it is in force: captures have their order.
ANSWERED_MAX = 0.1

#: Where an attempt without a SYN-ACK ended: the specific ones first.
CULPRITS = ('rule', 'reset_ignored', 'met_again', 'reset_lost', 'ack_lost', 'answer_lost', 'refused_before', 'server',
            'not_arrived')  # fmt: skip
#: Those that are told by what does not come to the client.
UNHEARD = ('server', 'ack_lost')
#: What made an attempt slow that came up.
SLOW = ('met_time_wait', 'answer_lost', 'server', 'not_arrived')
#: outside: the captures do not cover it, or end too soon after it.
FATES = ('answered', 'refused', *CULPRITS, 'outside')


def study(
    client: Sequence[Event],
    rejections: Iterable[Rejection],
    server: Sequence[Event],
    rule: Rule,
    spans: tuple[Span, Span] | None = None,
    port: int | None = None,
) -> Compared:
    """Where the client's attempts ended, by the segments of both captures, each in its order.

    rule: the server's, replayed; spans: the client's and the server's, by their segments if None; port: those to this
    one alone, as the client calls it.
    """
    kept = once(server)
    sent = attempts_of(side_of(client, once(client)), rejections).attempts
    came = attempts_of(side_of(server, kept)).attempts
    pairs = _concerned(sent, came)
    known = clocks(pairs, client, server)
    pairs = [pair for pair in pairs if port in (None, pair[0].ends[3])]
    drops = {((drop[1], drop[2], drop[3], drop[4]), drop[6]) for drop in replay(kept, survey(kept), rule).drops}
    judge = _Judge(known, *(spans or (_span(client), _span(server))), _in_force(drops, came))
    judge.narrow(pairs)
    fates = Counter(judge.fate(here, there) for here, there in pairs)
    slow = Counter(filter(None, (judge.slowness(here, there) for here, there in pairs)))
    queue = any(each.again_after for each in came)
    return {
        'offset_s': None if known is None else round(known.offset, 4),
        'drift_ppm': None if known is None or known.drift is None else round(known.drift, 1),
        'fates': {name: fates[name] for name in FATES},
        'slow': {name: slow[name] for name in SLOW},
        'summary': _summary(fates, slow, known is not None, queue),
        'problems': judge.problems(pairs),
    }


def _span(events: Sequence[Event]) -> Span:
    times = [event[0] for event in events]
    return Span(min(times, default=0.0), max(times, default=0.0))


def _concerned(client: Sequence[Attempt], server: Sequence[Attempt]) -> list[Pair]:
    """The attempts to addresses that are the server's, by its capture or by an attempt that came there; all if none is.

    A client's capture may hold attempts to other servers.
    """
    pairs = list(zip(client, meet(client, server), strict=True))
    own = {here.ends[2] for here, there in pairs if there} | {there.ends[2] for there in server}
    return [pair for pair in pairs if pair[0].ends[2] in own] or pairs


def _in_force(drops: set[tuple[Ends, int]], server: Sequence[Attempt]) -> set[tuple[Ends, int]]:
    """What the rule drops, if the server does: none where it answered what the rule would have dropped."""
    answered = sum(bool(each.answers) for each in server if (each.ends, each.isn) in drops)
    return drops if answered <= ANSWERED_MAX * len(drops) else set()


class _Judge:
    """What the captures cover, and what became of an attempt. dropped: (ends, sequence number) of SYNs, by the rule."""

    def __init__(self, known: Clocks | None, client: Span, server: Span, dropped: set[tuple[Ends, int]]) -> None:
        self.known, self.client, self.server, self.dropped = known, client, server, dropped
        self.covered = Span(server.first - EDGE, server.last + EDGE)

    def narrow(self, pairs: Sequence[Pair]) -> None:
        """Attempts that were answered and are not in the server's capture show that it did not run then."""
        missing = [self._at(here.syns[0]) for here, there in pairs if here.answers and there is None]
        first = self.server.first if any(at < self.server.first for at in missing) else self.covered.first
        last = self.server.last if any(at > self.server.last for at in missing) else self.covered.last
        self.covered = Span(first, last)

    def fate(self, here: Attempt, there: Arrived | None) -> str:
        """One of FATES."""
        if here.answers:
            return 'answered'
        if here.refused or here.rejected:
            return self._refused(here, there)
        culprit = self._culprit(here, there)
        return culprit if self._is_covered(here, there, culprit) else 'outside'

    def slowness(self, here: Attempt, there: Arrived | None) -> str | None:
        """One of SLOW, of an attempt that came up after its SYN had been sent again; None of any other."""
        if not here.answers or there is None or not _sent_again(here):
            return None
        if here.stray or there.stray:
            return 'met_time_wait'
        if _missing(here, there):
            return 'not_arrived'
        if not there.answers or there.answers[0] > _second(here, there):
            return 'server'
        return 'answer_lost' if len(there.answers) > len(here.answers) else None

    def problems(self, pairs: Sequence[Pair]) -> list[Message]:
        """What speaks against the result."""
        unseen = sum(bool(here.answers) and there is None and self._at_server(here) for here, there in pairs)
        return [message('packets/unseen', count=unseen)] if unseen else []

    def _refused(self, here: Attempt, there: Arrived | None) -> str:
        """By the server, or on the way: an ICMP error that a SYN met behind the server's capture is the server's."""
        if there is None:
            return 'refused_before' if self._at_server(here) else 'outside'
        return 'refused' if there.refused or here.rejected else 'refused_before'

    def _culprit(self, here: Attempt, there: Arrived | None) -> str:
        if there is None:
            return 'not_arrived'
        if there.answers:
            return 'answer_lost'
        if there.stray:
            return self._held(here, there)
        return 'rule' if any((part.ends, part.isn) in self.dropped for part in there.parts) else 'server'

    @staticmethod
    def _held(here: Attempt, there: Arrived) -> str:
        """What keeps an attempt from getting over the old connection that answered it."""
        if not here.stray:
            return 'ack_lost'
        if not there.resets:
            return 'reset_lost'
        return 'met_again' if len({part.ends for part in there.parts}) > 1 else 'reset_ignored'

    def _is_covered(self, here: Attempt, there: Arrived | None, culprit: str) -> bool:
        """Whether what is missing would be in a capture: the SYN, or something that comes back to the client."""
        if there is None:
            return self._at_server(here)
        if there.answers:
            return not there.acknowledged
        return culprit not in UNHEARD or here.syns[0] <= self.client.last - ANSWER

    def _at_server(self, here: Attempt) -> bool:
        """Whether the server's capture covers one of its SYNs."""
        return self.known is None or any(self.covered.first <= self._at(at) <= self.covered.last for at in here.syns)

    def _at(self, time: float) -> float:
        return time if self.known is None else self.known.at_server(time)


def _sent_again(here: Attempt) -> bool:
    """Whether more than one SYN was sent before the answer; a segment that a capture holds twice is one."""
    return any(here.syns[0] + TWIN < at < here.answers[0] for at in here.syns)


def _missing(here: Attempt, there: Arrived) -> bool:
    """Whether a SYN that was sent before the answer did not arrive."""
    if here.timestamp is None or None in there.stamps:
        return len(here.syns) > len(there.stamps)
    return bool({stamp for at, stamp in zip(here.syns, here.stamps, strict=True) if at < here.answers[0]}
                - set(there.stamps))  # fmt: skip


def _second(here: Attempt, there: Arrived) -> float:
    """When the first SYN that was sent again arrived."""
    times = sorted(at for part in there.parts for at in part.syns)
    return next((at for at in times if at - times[0] > TWIN), times[0])


def _summary(fates: Counter[str], slow: Counter[str], met: bool, queue: bool) -> Message:
    """The sentence on what most of the attempts met that did not come up, else on those that were slow."""
    total = fates.total()
    worst, slowest = max(CULPRITS, key=lambda name: fates[name]), max(SLOW, key=lambda name: slow[name])
    if not total:
        return message('packets/no-syn')
    if fates['not_arrived'] == total and not met:
        return message('packets/no-pair', attempts=total)
    if fates['outside'] * 2 > total:
        return message('packets/outside', count=fates['outside'], attempts=total)
    if fates[worst]:
        return _ended(worst, fates[worst], total, queue)
    if slow[slowest]:
        return _late(slowest, slow[slowest], total)
    refused, outside = fates['refused'] or None, fates['outside'] or None
    return message('packets/both-fine', attempts=total, refused=refused, outside=outside)


def _ended(culprit: str, count: int, attempts: int, queue: bool) -> Message:
    """The sentence of one of CULPRITS; queue: clients had to acknowledge an answer more than once."""
    numbers = {'count': count, 'attempts': attempts}
    if culprit == 'server' and queue:
        return message('packets/server-queue', **numbers)
    return {
        'rule': message('packets/server-rule', **numbers),
        'reset_ignored': message('packets/reset-ignored', **numbers),
        'met_again': message('packets/met-again', **numbers),
        'reset_lost': message('packets/reset-lost', **numbers),
        'ack_lost': message('packets/ack-lost', **numbers),
        'answer_lost': message('packets/answer-lost', **numbers),
        'refused_before': message('packets/refused-before', **numbers),
        'server': message('packets/server-other', **numbers),
        'not_arrived': message('packets/not-arrived', **numbers),
    }[culprit]


def _late(cause: str, count: int, attempts: int) -> Message:
    """The sentence of one of SLOW."""
    numbers = {'count': count, 'attempts': attempts}
    return {
        'met_time_wait': message('packets/slow-time-wait', **numbers),
        'answer_lost': message('packets/slow-answer', **numbers),
        'server': message('packets/slow-server', **numbers),
        'not_arrived': message('packets/slow-not-arrived', **numbers),
    }[cause]
