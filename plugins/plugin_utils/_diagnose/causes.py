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
from typing import Any, NamedTuple

from ansible_collections.nodetcp.paws.plugins.plugin_utils._diagnose.facts import GONE, RECYCLE, RFC1337, Facts

Json = dict[str, Any]

FOUND, RULED_OUT, OPEN = 'found', 'ruled out', 'open'
HIGH, MEDIUM, LOW = 'high', 'medium', 'low'
OTHERS = 'none of these attempts was hit, others were'


@dataclass(frozen=True)
class Cause:
    """What the facts say of one cause: state, confidence (of what is found) and the sentences that say why.

    explained: how many of the attempts that failed it explains.
    """

    id: str
    title: str
    state: str
    confidence: str | None
    why: tuple[str, ...]
    explained: int


class Finding(NamedTuple):
    """A Cause but for its name."""

    state: str
    confidence: str | None
    why: Sequence[str]
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
        why = ["PAWSPassive rose by %d in the destination's namespace: it counts nothing else" % rise]
        if facts.sysctls.get(RECYCLE) not in (None, '0'):
            why.append('%s=%s counts there' % (RECYCLE, facts.sysctls[RECYCLE]))
        if facts.failed:
            return _found(facts, met, HIGH, [*why, *_silence(facts), *_ping_works(facts)])
        return Finding(FOUND, MEDIUM, [*why, OTHERS])
    if facts.recycle_possible is False:
        return _ruled_out('kernels from 4.12 on do not have the rule')
    if rise == 0:
        return _ruled_out('PAWSPassive stood still')
    return _open('PAWSPassive was not measured%s' % _unmeasured(facts))


def _passed_on(facts: Facts) -> Finding | None:
    """Another namespace of the host that drops by the rule: a published port has its listener there.

    What was seen at the destination and not answered may have been dropped behind it; what did not come cannot.
    """
    for other in facts.elsewhere:
        rise = (other.get('deltas') or {}).get('TcpExt.PAWSPassive') or 0
        met = _dropped(facts, rise)
        if _most(facts, met):
            where = 'PAWSPassive rose by %d in %s of the same host' % (rise, _called(other))
            why = [where, *_silence(facts), 'connections to the address may be passed on there']
            return _found(facts, met, MEDIUM, why)
    return None


def time_wait_collision(facts: Facts) -> Finding:
    """The SYN meets TIME_WAIT with an older timestamp (KERNEL: EL7.9 tcp_minisocks.c:258, 6.18 tcp_minisocks.c:269)."""
    collisions = facts.entry.get('collisions')
    strict = facts.sysctls.get(RFC1337) not in (None, '0')
    over = [] if strict else ['with %s=0 a client gets over it by itself' % RFC1337]
    if collisions is None:
        return _untold_collisions(facts, over)
    names = ' and '.join(collisions['counters'])
    if not collisions['count']:
        return _ruled_out(('%s stood still' if collisions['exact'] else '%s did not both rise') % names)
    why = ["%s rose by %d in the destination's namespace" % (names, collisions['count'])]
    hung, met = facts.ended('timeout'), _dropped(facts, collisions['count'])
    if strict:
        why.append(
            "%s=%s there: the client's reset does not end TIME_WAIT, each SYN renews it"
            % (RFC1337, facts.sysctls[RFC1337])
        )
    if hung and strict:
        sure = HIGH if collisions['exact'] else MEDIUM
        return _found(facts, met, sure, [*why, *_silence(facts), *_ping_works(facts)])
    if hung:
        return _found(facts, met, MEDIUM if facts.slow else LOW, [*why, *over, *_silence(facts)])
    if facts.slow:
        return Finding(FOUND, MEDIUM, [*why, *over])
    return _ruled_out(*why, 'and yet every attempt came up at once')


def _untold_collisions(facts: Facts, over: Sequence[str]) -> Finding:
    """Of a kernel without TCPACKSkippedTimeWait, before 4.1 and not EL7: PAWSEstab holds collisions among others."""
    rise = facts.rise('PAWSEstab')
    if rise is None:
        return _open('collisions with TIME_WAIT were not measured%s' % _unmeasured(facts))
    if not rise:
        return _ruled_out('PAWSEstab stood still')
    why = "PAWSEstab rose by %d in the destination's namespace: it counts collisions with TIME_WAIT among others" % rise
    return _ruled_out(why, *over) if over else _open(why)


def accept_queue(facts: Facts) -> Finding:
    """The application does not accept: ListenOverflows."""
    return _queue(facts, 'ListenOverflows', 'the accept queue of a socket was full')


def syn_queue(facts: Facts) -> Finding:
    """Too many half-open connections: TCPReqQFullDrop."""
    return _queue(facts, 'TCPReqQFullDrop', 'the SYN queue of a socket was full')


def _queue(facts: Facts, counter: str, meaning: str) -> Finding:
    rise = facts.rise(counter)
    if rise is None:
        return _open('%s was not measured%s' % (counter, _unmeasured(facts)))
    if not rise:
        return _ruled_out('%s stood still' % counter)
    why = ["%s rose by %d in the destination's namespace: %s" % (counter, rise, meaning)]
    if facts.failed:
        # 2.6.32 counts the last ACKs that a full queue drops, not the SYNs (tcp_ipv4.c:1316-1362).
        counted = rise if facts.version is None or facts.version >= (3, 10) else len(facts.failed)
        return _found(facts, _dropped(facts, counted, 'timeout', 'reset'), HIGH, [*why, *_silence(facts)])
    return Finding(FOUND, MEDIUM, why) if facts.slow else Finding(FOUND, LOW, [*why, OTHERS])


def service_down(facts: Facts) -> Finding:
    """Nothing listens: the kernel answers with RST. Where the namespace is gone, perhaps nobody answers any more."""
    refused = facts.ended('refused')
    lost = [each for each in facts.ended('timeout', 'unreachable') if not (each['arrival'] or {}).get('answered')]
    if not refused and not (facts.gone and lost):
        return _ruled_out('no attempt was answered by a reset%s' % _listens(facts))
    why = ['%d of %d attempts were refused by a reset' % (len(refused), len(facts.attempts))] if refused else []
    if facts.gone:
        return _found(facts, [*refused, *lost], HIGH, [*why, GONE])
    there = sum(attempt['arrival'] is not None for attempt in refused)
    if False in (facts.listening, facts.listens):
        why.append(facts.since or "nothing listens on the port in the destination's namespace")
        return _found(facts, refused, HIGH if there or not facts.watched else MEDIUM, why)
    if facts.watched and not there:
        return _ruled_out(*why, 'their SYNs never came to the destination: something before it refuses')
    if facts.listening and facts.listens:
        return _ruled_out(
            *why,
            'although something listens there before and after them: a firewall refuses, tcp_abort_on_overflow, '
            'or the service was started again',
        )
    if facts.listening or facts.listens:
        return _ruled_out(*why, 'although something listens there: a firewall refuses, or tcp_abort_on_overflow')
    return _found(facts, refused, MEDIUM, why)


def lost_before(facts: Facts) -> Finding:
    """The SYN does not come to the destination's namespace."""
    silent = facts.ended('timeout', 'unreachable')
    refused = facts.ended('refused')
    if any(attempt['arrival'] for attempt in refused):
        refused = []
    if not silent:
        if facts.watched and refused:
            why = ['attempts were refused by a reset, and their SYNs never came to the destination']
            return _found(facts, refused, MEDIUM, why)
        return _ruled_out('every SYN of these attempts was answered')
    unreachable = facts.ended('unreachable')
    if not facts.watched:
        if unreachable:
            why = [_share(unreachable, facts, 'was told that the destination cannot be reached')]
            return _found(facts, unreachable, MEDIUM, why)
        return _open('SYNs were not watched at the destination: %s' % facts.unwatched)
    missing = [attempt for attempt in silent if attempt['arrival'] is None]
    there = len(silent) - len(missing)
    why = ['%d of %d SYNs without success were seen at the destination' % (there, len(silent))]
    if there * 2 > len(silent):
        return _ruled_out(*why)
    if unreachable:
        why.append(_share(unreachable, facts, 'was told that the destination cannot be reached'))
    works = any(attempt['arrival'] is not None for attempt in (*facts.neutral, *facts.attempts))
    if works:
        why.append('the watch works: it saw other SYNs of this diagnosis')
    sure = HIGH if not there and (works or unreachable or not facts.neutral) else MEDIUM
    return _found(facts, [*missing, *refused], sure, why)


def dropped_unseen(facts: Facts) -> Finding:
    """The SYN arrives, no answer leaves, no counter of TCP moves: netfilter, conntrack, reverse path filter."""
    hung = facts.ended('timeout')
    if not hung:
        return _ruled_out('no attempt went without an answer')
    if not facts.watched:
        return _open('SYNs were not watched at the destination: %s' % facts.unwatched)
    there = [attempt['arrival'] for attempt in hung if attempt['arrival'] is not None]
    silent = [arrival for arrival in there if not arrival['answered']]
    if len(there) * 2 <= len(hung):
        return _ruled_out('the SYNs did not even come to the destination')
    if not silent:
        return _ruled_out('the destination answered each of these SYNs')
    says, counted = facts.entry.get('says'), _counted(facts)
    if says and counted >= len(silent):
        return _ruled_out('counters of TCP moved: %s' % '; '.join(says))
    why = [
        '%d SYNs without success were seen at the destination, %d of them were not answered' % (len(there), len(silent))
    ]
    if not facts.measured:
        return _found(facts, silent, LOW, [*why, 'counters were not measured%s' % _unmeasured(facts)])
    if says:
        why.append('counters of TCP that moved there explain at most %d of them' % counted)
    else:
        why.append('no counter of TCP that explains it moved there')
    why += ['%s rose by %d' % (name, rise) for name, rise in _suspects(facts)]
    return _found(facts, silent[counted:], HIGH if _suspects(facts) else MEDIUM, why)


def answer_lost(facts: Facts) -> Finding:
    """The SYN-ACK leaves the destination and does not come to the client."""
    hung = facts.ended('timeout')
    answered = [attempt for attempt in hung if attempt['arrival'] and attempt['arrival']['answered']]
    if not hung:
        return _ruled_out('every SYN of these attempts was answered')
    if not facts.watched:
        return _open('SYNs were not watched at the destination: %s' % facts.unwatched)
    if len(answered) * 2 <= len(hung):
        return _ruled_out('%d of %d SYNs without success were answered there' % (len(answered), len(hung)))
    why = ['%d of %d SYNs without success were answered at the destination by a SYN-ACK' % (len(answered), len(hung))]
    return _found(facts, answered, HIGH, why)


def client_side(facts: Facts) -> Finding:
    """The client cannot even send a SYN: no free port, a local firewall, no route."""
    failed = facts.ended('error')
    if not failed:
        return _ruled_out('every attempt sent its SYN')
    names = sorted({attempt['error'] for attempt in failed if attempt['error']})
    why = [_share(failed, facts, 'got %s' % ', '.join(names))]
    if 'EADDRNOTAVAIL' in names:
        why.append('its local ports to this destination are used up')
    return _found(facts, failed, HIGH, why)


#: In the order in which one of several that are found alike is the conclusion: the specific ones first.
CAUSES: tuple[tuple[str, str, Callable[[Facts], Finding]], ...] = (
    ('per_host_paws', 'tcp_tw_recycle drops SYNs of clients behind one address (per-host PAWS)', per_host_paws),
    ('time_wait_collision', 'SYNs meet a TIME_WAIT socket with an older timestamp', time_wait_collision),
    ('accept_queue', 'the accept queue is full: the application accepts too slowly', accept_queue),
    ('syn_queue', 'the SYN queue is full', syn_queue),
    ('service_down', 'nothing listens on the port', service_down),
    ('answer_lost', 'the answer is lost on its way back', answer_lost),
    (
        'dropped_unseen',
        'a firewall, connection tracking or the reverse path filter of the destination drops SYNs',
        dropped_unseen,
    ),
    ('client_side', 'the client cannot send: ports used up, or forbidden on the client itself', client_side),
    ('lost_before', 'SYNs are lost before they come to the destination', lost_before),
)


def examine(facts: Facts) -> list[Cause]:
    """Every cause held against the facts, in the order of CAUSES."""
    found = []
    for name, title, check in CAUSES:
        state, confidence, why, explained = check(facts)
        found.append(Cause(name, title, state, confidence, tuple(why), explained))
    return found


def _found(facts: Facts, met: Sequence[Json], sure: str, why: Sequence[str]) -> Finding:
    """Found, and `met` are the failed attempts that met it: as sure as that if they are most of them, else hardly."""
    if _most(facts, met):
        return Finding(FOUND, sure, why, len(met))
    share = 'that explains %d of the %d attempts that failed' % (len(met), len(facts.failed))
    return Finding(FOUND, LOW, [*why, share], len(met))


def _ruled_out(*why: str) -> Finding:
    return Finding(RULED_OUT, None, why)


def _open(*why: str) -> Finding:
    return Finding(OPEN, None, why)


def _most(facts: Facts, some: Sequence[Json]) -> bool:
    return len(some) * 2 > len(facts.failed)


def _dropped(facts: Facts, rise: int, *results: str) -> list[Json]:
    """The failed attempts that met a drop of which `rise` were counted, at most as many: each SYN counts by itself.

    They arrived, and those that hang were not answered; where nobody watched it may be any.
    """
    failed = facts.ended(*results or ('timeout',))
    if facts.watched:
        failed = [each for each in failed if each['arrival'] is not None and not _answered(each)]
    return failed[:rise]


def _answered(attempt: Json) -> bool:
    """Whether it hangs although a SYN-ACK was sent."""
    return attempt['result'] == 'timeout' and bool(attempt['arrival']['answered'])


def _silence(facts: Facts) -> list[str]:
    """What the watch saw of the attempts that hang."""
    hung = facts.ended('timeout')
    if not hung or not facts.watched:
        return []
    said = '%d of the %d attempts that hang were seen at the destination and not answered'
    return [said % (len(_dropped(facts, len(hung))), len(hung))]


def _counted(facts: Facts) -> int:
    """SYNs whose drop TCP counted in the destination's namespace, and those that met TIME_WAIT there."""
    drops, collisions = facts.entry.get('listen_drops') or {}, facts.entry.get('collisions') or {}
    return sum(found or 0 for found in (drops.get('total'), drops.get('paws_outside'), collisions.get('count')))


def _suspects(facts: Facts) -> list[tuple[str, int]]:
    """Counters outside TCP's accept path that rose in the destination's namespace."""
    deltas = facts.entry.get('deltas') or {}
    names = ('TcpExt.IPReversePathFilter', 'conntrack.drop', 'conntrack.early_drop', 'conntrack.insert_failed')
    return [
        (name.partition('.')[2] if name.startswith('TcpExt') else name, deltas[name])
        for name in names
        if deltas.get(name)
    ]


def _ping_works(facts: Facts) -> list[str]:
    hung = facts.ended('timeout')
    replied = sum(attempt['icmp_ms'] is not None for attempt in hung)
    return ['ping was answered beside %d of the %d attempts that hang' % (replied, len(hung))] if replied else []


def _listens(facts: Facts) -> str:
    return ', and something listens on the port' if facts.listening and facts.listens is not False else ''


def _share(some: Sequence[Json], facts: Facts, what: str) -> str:
    return '%d of %d attempts: the client %s' % (len(some), len(facts.attempts), what)


def _unmeasured(facts: Facts) -> str:
    reason = facts.entry.get('reason')
    return ': %s' % reason if reason else ''


def _called(entry: Json) -> str:
    container = entry.get('container')
    return 'container %s' % container['id'][:12] if container else 'network namespace %s' % entry['id']
