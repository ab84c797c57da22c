# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why connections fail: each cause by itself, held against the facts. Pure.

Each cause is found (with a confidence), ruled out, or open, and says by what. They do not know of each other; which of
those found is the conclusion is conclusion.py's.

A counter counts everybody's SYNs: it is held against what the watch saw of these attempts, for a SYN that was dropped
had arrived and was not answered.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ansible_collections.nodetcp.paws.plugins.plugin_utils._diagnose.facts import GONE, RECYCLE, RFC1337, Facts
from ansible_collections.nodetcp.paws.plugins.plugin_utils._diagnose.steps import inner
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import Argument, Message, Said, message
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import all_said, said
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.attempts import TracedAttempt

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


def per_host_paws(facts: Facts) -> Finding:
    """tcp_tw_recycle drops the SYN: PAWSPassive, up to 4.11 (KERNEL: 4.4 tcp_input.c:6348)."""
    rise = facts.rise('PAWSPassive')
    met = _dropped(facts, rise or 0)
    if not _most(facts, met):
        elsewhere = _passed_on(facts)
        if elsewhere:
            return elsewhere
    if rise:
        why = [message('causes/rose-alone', rise=rise)]
        if facts.sysctls.get(RECYCLE) not in (None, '0'):
            why.append(message('causes/in-force', key=RECYCLE, value=facts.sysctls[RECYCLE]))
        if facts.failed:
            return _found(facts, met, HIGH, [*why, *_silence(facts), *_ping_works(facts)])
        return Finding(FOUND, MEDIUM, [*why, OTHERS])
    if facts.recycle_possible is False:
        return _ruled_out(message('causes/no-rule'))
    if rise == 0:
        return _ruled_out(message('causes/stood-still', counters='PAWSPassive'))
    return _open(message('causes/not-measured', counter='PAWSPassive', reason=_unmeasured(facts)))


def _passed_on(facts: Facts) -> Finding | None:
    """Another namespace of the host that drops by the rule: a published port has its listener there.

    What was seen at the destination and not answered may have been dropped behind it; what did not come cannot.
    """
    for other in facts.elsewhere:
        rise = other['deltas'].get('TcpExt.PAWSPassive') or 0
        met = _dropped(facts, rise)
        if _most(facts, met):
            where = message('causes/rose-elsewhere', rise=rise, where=inner(other))
            why = [where, *_silence(facts), message('causes/passed-on')]
            return _found(facts, met, MEDIUM, why)
    return None


def time_wait_collision(facts: Facts) -> Finding:
    """The SYN meets TIME_WAIT with an older timestamp (KERNEL: EL7.9 tcp_minisocks.c:258, 6.18 tcp_minisocks.c:269)."""
    collisions = facts.entry['collisions'] if facts.entry else None
    strict = facts.sysctls.get(RFC1337) not in (None, '0')
    over = [] if strict else [message('causes/gets-over', key=RFC1337)]
    if collisions is None or collisions['certainty'] == 'possible':
        return _untold_collisions(facts, over)
    names = _together(collisions['counters'])
    if not collisions['count']:
        return _ruled_out(message('causes/stood-still', counters=names))
    why = [message('causes/rose', counters=names, rise=collisions['count'])]
    hung, met = facts.ended('timeout'), _dropped(facts, collisions['count'])
    if strict:
        why.append(message('causes/renewed', key=RFC1337, value=facts.sysctls[RFC1337]))
    if hung and strict:
        sure = HIGH if collisions['exact'] else MEDIUM
        return _found(facts, met, sure, [*why, *_silence(facts), *_ping_works(facts)])
    if hung:
        return _found(facts, met, MEDIUM if facts.slow else LOW, [*why, *over, *_silence(facts)])
    if facts.slow:
        return Finding(FOUND, MEDIUM, [*why, *over])
    return _ruled_out(*why, message('causes/at-once'))


def _together(counters: Sequence[str]) -> Argument:
    """One counter, or two that rise together."""
    return message('causes/both', first=counters[0], second=counters[1]) if len(counters) > 1 else counters[0]


def _untold_collisions(facts: Facts, over: Sequence[Message]) -> Finding:
    """Before 6.18, where TCPACKSkippedTimeWait is not there or stood still: PAWSEstab holds collisions among others."""
    rise = facts.rise('PAWSEstab')
    if rise is None:
        return _open(message('causes/collisions-not-measured', reason=_unmeasured(facts)))
    if not rise:
        return _ruled_out(message('causes/stood-still', counters='PAWSEstab'))
    why = message('causes/rose-among-others', rise=rise)
    return _ruled_out(why, *over) if over else _open(why)


def accept_queue(facts: Facts) -> Finding:
    """The application does not accept: ListenOverflows."""
    return _queue(facts, 'ListenOverflows', message('causes/accept-queue-full'))


def syn_queue(facts: Facts) -> Finding:
    """Too many half-open connections: TCPReqQFullDrop."""
    return _queue(facts, 'TCPReqQFullDrop', message('causes/syn-queue-full'))


def _queue(facts: Facts, counter: str, meaning: Message) -> Finding:
    rise = facts.rise(counter)
    if rise is None:
        return _open(message('causes/not-measured', counter=counter, reason=_unmeasured(facts)))
    if not rise:
        return _ruled_out(message('causes/stood-still', counters=counter))
    why = [message('causes/rose', counters=counter, rise=rise), meaning]
    if facts.failed:
        # 2.6.32 counts the last ACKs that a full queue drops, not the SYNs (tcp_ipv4.c:1316-1362).
        counted = rise if facts.version is None or facts.version >= (3, 10) else len(facts.failed)
        return _found(facts, _dropped(facts, counted, 'timeout', 'reset'), HIGH, [*why, *_silence(facts)])
    return Finding(FOUND, MEDIUM, why) if facts.slow else Finding(FOUND, LOW, [*why, OTHERS])


def service_down(facts: Facts) -> Finding:
    """Nothing listens: the kernel answers with RST. Where the namespace is gone, perhaps nobody answers any more."""
    refused = facts.ended('refused')
    hung = facts.ended('timeout', 'unreachable')
    lost = [each for each in hung if each['arrival'] is None or not each['arrival']['answered']]
    if not refused and not (facts.gone and lost):
        return _ruled_out(message('causes/no-reset', listening=_listens(facts)))
    why = [message('causes/refused', number=len(refused), attempts=len(facts.attempts))] if refused else []
    if facts.gone:
        return _found(facts, [*refused, *lost], HIGH, [*why, GONE])
    there = sum(attempt['arrival'] is not None for attempt in refused)
    if False in (facts.listening, facts.listens):
        why.append(facts.since or message('causes/nothing-listens'))
        return _found(facts, refused, HIGH if there or not facts.watched else MEDIUM, why)
    if facts.watched and not there:
        return _ruled_out(*why, message('causes/refused-before'))
    if facts.listening and facts.listens:
        return _ruled_out(*why, message('causes/refused-although-there'))
    if facts.listening or facts.listens:
        return _ruled_out(*why, message('causes/refused-although'))
    return _found(facts, refused, MEDIUM, why)


def lost_before(facts: Facts) -> Finding:
    """The SYN does not come to the destination's namespace."""
    silent = facts.ended('timeout', 'unreachable')
    refused = facts.ended('refused')
    if any(attempt['arrival'] for attempt in refused):
        refused = []
    if not silent:
        if facts.watched and refused:
            return _found(facts, refused, MEDIUM, [message('causes/refused-on-the-way')])
        return _ruled_out(message('causes/all-answered'))
    unreachable = facts.ended('unreachable')
    if not facts.watched:
        if unreachable:
            return _found(facts, unreachable, MEDIUM, [_unreachable(facts)])
        return _open(message('causes/unwatched', reason=facts.unwatched))
    missing = [attempt for attempt in silent if attempt['arrival'] is None]
    there = len(silent) - len(missing)
    why = [message('causes/seen', seen=there, silent=len(silent))]
    if there * 2 > len(silent):
        return _ruled_out(*why)
    if unreachable:
        why.append(_unreachable(facts))
    works = any(attempt['arrival'] is not None for attempt in (*facts.neutral, *facts.attempts))
    if works:
        why.append(message('causes/watch-works'))
    sure = HIGH if not there and (works or unreachable or not facts.neutral) else MEDIUM
    return _found(facts, [*missing, *refused], sure, why)


def dropped_unseen(facts: Facts) -> Finding:
    """The SYN arrives, no answer leaves, no counter of TCP moves: netfilter, conntrack, reverse path filter."""
    hung = facts.ended('timeout')
    if not hung:
        return _ruled_out(message('causes/none-hung'))
    if not facts.watched:
        return _open(message('causes/unwatched', reason=facts.unwatched))
    there = [attempt['arrival'] for attempt in hung if attempt['arrival'] is not None]
    silent = [arrival for arrival in there if not arrival['answered']]
    if len(there) * 2 <= len(hung):
        return _ruled_out(message('causes/not-there'))
    if not silent:
        return _ruled_out(message('causes/each-answered'))
    says, counted = all_said(facts.entry or {}, 'says'), _counted(facts)
    if says and counted >= len(silent):
        return _ruled_out(message('causes/counters-moved', says=says))
    why = [message('causes/seen-unanswered', seen=len(there), silent=len(silent))]
    if not facts.measured:
        return _found(facts, silent, LOW, [*why, message('causes/counters-not-measured', reason=_unmeasured(facts))])
    if says:
        why.append(message('causes/counters-explain', number=counted))
    else:
        why.append(message('causes/no-counter-moved'))
    why += [message('causes/suspect-rose', counter=name, rise=rise) for name, rise in _suspects(facts)]
    return _found(facts, silent[counted:], HIGH if _suspects(facts) else MEDIUM, why)


def answer_lost(facts: Facts) -> Finding:
    """The SYN-ACK leaves the destination and does not come to the client."""
    hung = facts.ended('timeout')
    answered = [attempt for attempt in hung if attempt['arrival'] and attempt['arrival']['answered']]
    if not hung:
        return _ruled_out(message('causes/all-answered'))
    if not facts.watched:
        return _open(message('causes/unwatched', reason=facts.unwatched))
    if len(answered) * 2 <= len(hung):
        return _ruled_out(message('causes/answered-there', answered=len(answered), hung=len(hung)))
    why = message('causes/answered-by-syn-ack', answered=len(answered), hung=len(hung))
    return _found(facts, answered, HIGH, [why])


def client_side(facts: Facts) -> Finding:
    """The client cannot even send a SYN: no free port, a local firewall, no route."""
    failed = facts.ended('error')
    if not failed:
        return _ruled_out(message('causes/all-sent'))
    names = sorted({attempt['error'] for attempt in failed if attempt['error']})
    why = [message('causes/unsent', number=len(failed), attempts=len(facts.attempts), errors=names)]
    if 'EADDRNOTAVAIL' in names:
        why.append(message('causes/no-port-left'))
    return _found(facts, failed, HIGH, why)


#: In the order in which one of several that are found alike is the conclusion: the specific ones first.
CAUSES: tuple[tuple[str, Message, Callable[[Facts], Finding]], ...] = (
    ('per_host_paws', message('causes/per-host-paws'), per_host_paws),
    ('time_wait_collision', message('causes/time-wait-collision'), time_wait_collision),
    ('accept_queue', message('causes/accept-queue'), accept_queue),
    ('syn_queue', message('causes/syn-queue'), syn_queue),
    ('service_down', message('causes/service-down'), service_down),
    ('answer_lost', message('causes/answer-lost'), answer_lost),
    ('dropped_unseen', message('causes/dropped-unseen'), dropped_unseen),
    ('client_side', message('causes/client-side'), client_side),
    ('lost_before', message('causes/lost-before'), lost_before),
)


def examine(facts: Facts) -> list[Cause]:
    """Every cause held against the facts, in the order of CAUSES."""
    found = []
    for name, title, check in CAUSES:
        state, confidence, why, explained = check(facts)
        found.append(Cause(name, title, state, confidence, tuple(why), explained))
    return found


def _found(facts: Facts, met: Sequence[object], sure: str, why: Sequence[Message]) -> Finding:
    """Found, and `met` are the failed attempts that met it: as sure as that if they are most of them, else hardly."""
    if _most(facts, met):
        return Finding(FOUND, sure, why, len(met))
    share = message('causes/explained', number=len(met), failed=len(facts.failed))
    return Finding(FOUND, LOW, [*why, share], len(met))


def _ruled_out(*why: Message) -> Finding:
    return Finding(RULED_OUT, None, why)


def _open(*why: Message) -> Finding:
    return Finding(OPEN, None, why)


def _most(facts: Facts, some: Sequence[object]) -> bool:
    return len(some) * 2 > len(facts.failed)


def _dropped(facts: Facts, rise: int, *results: str) -> list[TracedAttempt]:
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


def _silence(facts: Facts) -> list[Message]:
    """What the watch saw of the attempts that hang."""
    hung = facts.ended('timeout')
    if not hung or not facts.watched:
        return []
    return [message('causes/unanswered', number=len(_dropped(facts, len(hung))), hung=len(hung))]


def _counted(facts: Facts) -> int:
    """SYNs whose drop TCP counted in the destination's namespace, and those that met TIME_WAIT there."""
    if not facts.entry:
        return 0
    drops, collisions = facts.entry['listen_drops'], facts.entry['collisions']
    met = collisions['count'] if collisions and collisions['certainty'] != 'possible' else 0
    return sum(found or 0 for found in (drops['total'], drops['paws_outside'], met))


def _suspects(facts: Facts) -> list[tuple[str, int]]:
    """Counters outside TCP's accept path that rose in the destination's namespace."""
    deltas = facts.entry['deltas'] if facts.entry else {}
    names = ('TcpExt.IPReversePathFilter', 'conntrack.drop', 'conntrack.early_drop', 'conntrack.insert_failed')
    return [
        (name.partition('.')[2] if name.startswith('TcpExt') else name, deltas[name])
        for name in names
        if deltas.get(name)
    ]


def _ping_works(facts: Facts) -> list[Message]:
    hung = facts.ended('timeout')
    replied = sum(attempt['icmp_ms'] is not None for attempt in hung)
    return [message('causes/ping', number=replied, hung=len(hung))] if replied else []


def _listens(facts: Facts) -> bool:
    return bool(facts.listening) and facts.listens is not False


def _unreachable(facts: Facts) -> Message:
    number = len(facts.ended('unreachable'))
    return message('causes/unreachable', number=number, attempts=len(facts.attempts))


def _unmeasured(facts: Facts) -> Said | None:
    """Why nothing was measured, where that is known."""
    return said(facts.entry, 'reason') if facts.entry else None
