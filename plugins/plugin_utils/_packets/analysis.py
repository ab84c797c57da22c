# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a capture tells, as the result of a verb."""

from collections.abc import Iterable

from .._messages.message import Message, message
from .._shapes.packets import Studied
from . import sources
from .handshakes import SERVER, Capture, Rejection, attempts_of, described, side_of
from .kernels import Rule
from .replay import Replay, replay
from .segment import Event, address, once, survey


def study(
    events: list[Event], rule: Rule, port: int | None, max_drops: int, rejections: Iterable[Rejection] = ()
) -> Studied:
    """{'sources', 'sources_total', 'attempts', 'replay', 'summary', 'problems'} of segments in the order of a capture.

    port: look at connections to or from this port alone; max_drops: at most so many in replay.drops, 0 is all.
    In replay stands what the per-host PAWS rule of a kernel makes of the SYNs: answered are those of the dropped
    that were answered, met_time_wait counts those that met TIME_WAIT and were answered by an old ACK. Times are
    seconds of the capture's clock.
    """
    if port is not None:
        events = [event for event in events if port in (event[2], event[4])]
    every, events = events, once(events)
    seen = survey(events)
    replayed = replay(events, seen, rule)
    tallied = sources.tally(events, seen, replayed.drops)
    answered = sum(map(seen.answered, replayed.drops))
    attempts = attempts_of(side_of(every, events), rejections)
    blind = _is_blind(attempts, replayed)
    return {
        'sources': sources.described(tallied),
        'sources_total': len(tallied),
        'attempts': described(attempts),
        'replay': {
            'kernel': rule.release,
            'possible': rule.possible,
            'syns': replayed.syns,
            'dropped': len(replayed.drops),
            'answered': answered,
            'conclusive': not blind,
            'drops': _listed(replayed.drops, max_drops),
            'met_time_wait': len(replayed.met),
            'met': _listed(replayed.met, max_drops),
        },
        'summary': (_unexplained(attempts) if blind and rule.possible else _summary(rule, replayed, answered)),
        'problems': _limits(rule, replayed, seen.whole),
    }


def _listed(syns: list[Event], most: int) -> list[dict[str, object]]:
    shown = syns[:most] if most else syns
    return [{'time': syn[0], 'source': address(syn[1]), 'source_port': syn[2]} for syn in shown]


def _limits(rule: Rule, replayed: Replay, whole: bool) -> list[Message]:
    """What speaks against the result."""
    said = []
    if replayed.steps:
        said.append(message('packets/clock-set-back', times=replayed.steps))
    if not whole and replayed.syns and rule.possible:
        said.append(message('packets/no-acks'))
    if rule.possible and not rule.verified:
        said.append(message('packets/not-verified', kernel=rule.release))
    return said


def _summary(rule: Rule, replayed: Replay, answered: int) -> Message:
    kernel, syns, dropped = rule.release, replayed.syns, len(replayed.drops)
    if not syns:
        return message('packets/no-syn')
    if replayed.met:
        return message('packets/met-time-wait', kernel=kernel, syns=syns, met=len(replayed.met))
    if not rule.possible:
        return message('packets/no-rule', kernel=kernel, syns=syns)
    if not dropped:
        return message('packets/drops-none', kernel=kernel, syns=syns)
    if answered == dropped:
        return message('packets/drops-answered', kernel=kernel, syns=syns, dropped=dropped)
    return message('packets/drops', kernel=kernel, syns=syns, dropped=dropped, silent=dropped - answered)


def _is_blind(found: Capture, replayed: Replay) -> bool:
    """Whether the rule cannot be asked: the capture is not the server's, so what it remembers is not in there."""
    if replayed.drops or found.side == SERVER:
        return False
    return any(each.unanswered for each in found.attempts) or (bool(found.attempts) and not replayed.syns)


def _unexplained(found: Capture) -> Message:
    """What is seen of the client's side, without a word on the rule."""
    silent = sum(each.unanswered for each in found.attempts)
    syns, attempts = sum(len(each.syns) for each in found.attempts), len(found.attempts)
    if not silent:
        return message('packets/outgoing', syns=syns)
    if silent == attempts:
        return message('packets/none-answered', syns=syns)
    return message('packets/some-unanswered', syns=syns, silent=silent, attempts=attempts)
