# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the facts say of one cause, and what the causes share in saying it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .._messages.message import Message, Said, message
from .._messages.telling import said
from .._shapes.attempts import TracedAttempt
from .facts import Facts

FOUND, RULED_OUT, OPEN = 'found', 'ruled out', 'open'
HIGH, MEDIUM, LOW = 'high', 'medium', 'low'
OTHERS = message('causes/others')


@dataclass(frozen=True)
class Cause:
    """What the facts say of one cause: state, confidence (of what is found) and the messages that say why.

    explained: how many of the attempts that failed it explains.
    """

    id: str
    title: Message
    state: str
    confidence: str | None
    why: tuple[Message, ...]
    explained: int


class Finding(NamedTuple):
    """A Cause but for its name."""

    state: str
    confidence: str | None
    why: Sequence[Message]
    explained: int = 0


def found(facts: Facts, met: Sequence[object], sure: str, why: Sequence[Message]) -> Finding:
    """Found, and `met` are the failed attempts that met it: as sure as that if they are most of them, else hardly."""
    if most(facts, met):
        return Finding(FOUND, sure, why, len(met))
    share = message('causes/explained', number=len(met), failed=len(facts.failed))
    return Finding(FOUND, LOW, [*why, share], len(met))


def ruled_out(*why: Message) -> Finding:
    return Finding(RULED_OUT, None, why)


def undecided(*why: Message) -> Finding:
    return Finding(OPEN, None, why)


def most(facts: Facts, some: Sequence[object]) -> bool:
    return len(some) * 2 > len(facts.failed)


def dropped(facts: Facts, rise: int, *results: str) -> list[TracedAttempt]:
    """The failed attempts that met a drop of which `rise` were counted, at most as many: each SYN counts by itself.

    They arrived, and those that hang were not answered; where nobody watched it may be any.
    """
    failed = facts.ended(*results or ('timeout',))
    if facts.watched:
        failed = [each for each in failed if each['arrival'] is not None and not _answered(each)]
    return failed[:rise]


def _answered(attempt: TracedAttempt) -> bool:
    """Whether it hangs although a SYN-ACK was sent."""
    arrival = attempt['arrival']
    return attempt['result'] == 'timeout' and arrival is not None and arrival['answered']


def silence(facts: Facts) -> list[Message]:
    """What the watch saw of the attempts that hang."""
    hung = facts.ended('timeout')
    if not hung or not facts.watched:
        return []
    return [message('causes/unanswered', number=len(dropped(facts, len(hung))), hung=len(hung))]


def ping_works(facts: Facts) -> list[Message]:
    hung = facts.ended('timeout')
    replied = sum(attempt['icmp_ms'] is not None for attempt in hung)
    return [message('causes/ping', number=replied, hung=len(hung))] if replied else []


def unmeasured(facts: Facts) -> Said | None:
    """Why nothing was measured, where that is known."""
    return said(facts.entry, 'reason') if facts.entry else None
