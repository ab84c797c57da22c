# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why connections fail: each cause by itself, held against the facts. Pure.

Each cause is found (with a confidence), ruled out, or open, and says by what. They do not know of each other; which of
those found is the conclusion is conclusion.py's.

A counter counts everybody's SYNs: it is held against what the watch saw of these attempts, for a SYN that was dropped
had arrived and was not answered.
"""

from collections.abc import Callable

from .._messages.message import Message, message
from .._messages.telling import all_said
from .._shapes.attempts import TracedAttempt
from .collision import time_wait_collision
from .facts import GONE, RECYCLE, Facts
from .finding import (
    FOUND,
    HIGH,
    LOW,
    MEDIUM,
    OTHERS,
    Cause,
    Finding,
    dropped,
    found,
    most,
    ping_works,
    ruled_out,
    silence,
    undecided,
    unmeasured,
)
from .steps import inner


def per_host_paws(facts: Facts) -> Finding:
    """tcp_tw_recycle drops the SYN: PAWSPassive, up to 4.11 (KERNEL: 4.4 tcp_input.c:6348)."""
    rise = facts.rise('PAWSPassive')
    met = dropped(facts, rise or 0)
    if not most(facts, met):
        elsewhere = _passed_on(facts)
        if elsewhere:
            return elsewhere
    if rise:
        why = [message('causes/rose-alone', rise=rise)]
        if facts.sysctls.get(RECYCLE) not in (None, '0'):
            why.append(message('causes/in-force', key=RECYCLE, value=facts.sysctls[RECYCLE]))
        if facts.failed:
            return found(facts, met, HIGH, [*why, *silence(facts), *ping_works(facts)])
        return Finding(FOUND, MEDIUM, [*why, OTHERS])
    if facts.recycle_possible is False:
        return ruled_out(message('causes/no-rule'))
    if rise == 0:
        return ruled_out(message('causes/stood-still', counters='PAWSPassive'))
    return undecided(message('causes/not-measured', counter='PAWSPassive', reason=unmeasured(facts)))


def _passed_on(facts: Facts) -> Finding | None:
    """Another namespace of the host that drops by the rule: a published port has its listener there.

    What was seen at the destination and not answered may have been dropped behind it; what did not come cannot.
    """
    for other in facts.elsewhere:
        rise = other['deltas'].get('TcpExt.PAWSPassive') or 0
        met = dropped(facts, rise)
        if most(facts, met):
            where = message('causes/rose-elsewhere', rise=rise, where=inner(other))
            why = [where, *silence(facts), message('causes/passed-on')]
            return found(facts, met, MEDIUM, why)
    return None


def accept_queue(facts: Facts) -> Finding:
    """The application does not accept: ListenOverflows."""
    return _queue(facts, 'ListenOverflows', message('causes/accept-queue-full'))


def syn_queue(facts: Facts) -> Finding:
    """Too many half-open connections: TCPReqQFullDrop."""
    return _queue(facts, 'TCPReqQFullDrop', message('causes/syn-queue-full'))


def _queue(facts: Facts, counter: str, meaning: Message) -> Finding:
    rise = facts.rise(counter)
    if rise is None:
        return undecided(message('causes/not-measured', counter=counter, reason=unmeasured(facts)))
    if not rise:
        return ruled_out(message('causes/stood-still', counters=counter))
    why = [message('causes/rose', counters=counter, rise=rise), meaning]
    if facts.failed:
        # 2.6.32 counts the last ACKs that a full queue drops, not the SYNs (tcp_ipv4.c:1316-1362).
        counted = rise if facts.version is None or facts.version >= (3, 10) else len(facts.failed)
        return found(facts, dropped(facts, counted, 'timeout', 'reset'), HIGH, [*why, *silence(facts)])
    return Finding(FOUND, MEDIUM, why) if facts.slow else Finding(FOUND, LOW, [*why, OTHERS])


def service_down(facts: Facts) -> Finding:
    """Nothing listens: the kernel answers with RST. Where the namespace is gone, perhaps nobody answers any more."""
    refused = facts.ended('refused')
    hung = facts.ended('timeout', 'unreachable')
    lost = [each for each in hung if each['arrival'] is None or not each['arrival']['answered']]
    if not refused and not (facts.gone and lost):
        return ruled_out(message('causes/no-reset', listening=_listens(facts)))
    why = [message('causes/refused', number=len(refused), attempts=len(facts.attempts))] if refused else []
    if facts.gone:
        return found(facts, [*refused, *lost], HIGH, [*why, GONE])
    there = sum(attempt['arrival'] is not None for attempt in refused)
    if False in (facts.listening, facts.listens):
        why.append(facts.since or message('causes/nothing-listens'))
        return found(facts, refused, HIGH if there or not facts.watched else MEDIUM, why)
    if facts.watched and not there:
        return ruled_out(*why, message('causes/refused-before'))
    if facts.listening and facts.listens:
        return ruled_out(*why, message('causes/refused-although-there'))
    if facts.listening or facts.listens:
        return ruled_out(*why, message('causes/refused-although'))
    return found(facts, refused, MEDIUM, why)


def tracking_drops(facts: Facts) -> Finding:
    """Connection tracking of a host on the way drops the SYN: the SNAT has no port left, or its table is full.

    insert_failed: two connections want one entry (KERNEL: 6.18 nf_conntrack_core.c __nf_conntrack_confirm()). drop:
    those, and what found no room in the table (nf_conntrack_in()).
    """
    hung = facts.ended('timeout')
    missing = [attempt for attempt in hung if attempt['arrival'] is None]
    if not missing:
        return ruled_out(message('causes/all-arrived') if hung else message('causes/all-answered'))
    if not facts.watched:
        return undecided(message('causes/unwatched', reason=facts.unwatched))
    if not facts.tracking:
        return undecided(message('causes/tracking-not-measured'))
    host = max(facts.tracking, key=lambda name: max(facts.tracking[name].values(), default=0))
    rises = {name: rise for name, rise in facts.tracking[host].items() if rise}
    if not rises:
        return ruled_out(message('causes/tracking-stood-still', hosts=sorted(facts.tracking)))
    rise, syns = max(rises.values()), sum(1 + attempt['syn_retransmits'] for attempt in missing)
    ports = rises.get('insert_failed', 0) * 2 > rise
    meaning = message('causes/no-snat-port') if ports else message('causes/table-full')
    why = [message('causes/tracking-rose', host=host, counters=sorted(rises), rise=rise, syns=syns), meaning]
    return found(facts, missing[:rise], HIGH if rise >= syns else MEDIUM, why)


def lost_before(facts: Facts) -> Finding:
    """The SYN does not come to the destination's namespace."""
    silent = facts.ended('timeout', 'unreachable')
    refused = facts.ended('refused')
    if any(attempt['arrival'] for attempt in refused):
        refused = []
    if not silent:
        if facts.watched and refused:
            return found(facts, refused, MEDIUM, [message('causes/refused-on-the-way')])
        lost = _lost_at_first(facts)
        return Finding(FOUND, MEDIUM, lost) if lost else ruled_out(message('causes/all-answered'))
    unreachable = facts.ended('unreachable')
    if not facts.watched:
        if unreachable:
            return found(facts, unreachable, MEDIUM, [_unreachable(facts)])
        return undecided(message('causes/unwatched', reason=facts.unwatched))
    missing = [attempt for attempt in silent if attempt['arrival'] is None or _answered_late(attempt)]
    there = sum(attempt['arrival'] is not None for attempt in silent)
    why = [message('causes/seen', seen=there, silent=len(silent)), *_lost_at_first(facts)]
    if len(missing) * 2 < len(silent):
        return ruled_out(*why)
    if unreachable:
        why.append(_unreachable(facts))
    works = any(attempt['arrival'] is not None for attempt in (*facts.neutral, *facts.attempts))
    if works:
        why.append(message('causes/watch-works'))
    sure = HIGH if len(missing) == len(silent) and (works or unreachable or not facts.neutral) else MEDIUM
    return found(facts, [*missing, *refused], sure, why)


def _lost_at_first(facts: Facts) -> list[Message]:
    """What says of attempts that were slow that SYNs of theirs did not come, while those sent after them did."""
    missing = sum(map(_unseen, facts.slow))
    return [message('causes/lost-at-first', missing=missing, slow=len(facts.slow))] if missing else []


def _answered_late(attempt: TracedAttempt) -> bool:
    """Whether it hangs since most SYNs were lost: one came and was answered, when the client had given up."""
    arrival = attempt['arrival']
    return arrival is not None and arrival['answered'] and _unseen(attempt) > 0


def _unseen(attempt: TracedAttempt) -> int:
    """SYNs of an attempt that the watch should have seen, and did not."""
    arrival = attempt['arrival']
    return max(0, 1 + attempt['syn_retransmits'] - arrival['syns']) if arrival and attempt['whole'] else 0


def dropped_unseen(facts: Facts) -> Finding:
    """The SYN arrives, no answer leaves, no counter of TCP moves: netfilter, conntrack, reverse path filter."""
    hung = facts.ended('timeout')
    if not hung:
        return ruled_out(message('causes/none-hung'))
    if not facts.watched:
        return undecided(message('causes/unwatched', reason=facts.unwatched))
    there = [attempt['arrival'] for attempt in hung if attempt['arrival'] is not None]
    silent = [arrival for arrival in there if not arrival['answered']]
    if len(there) * 2 <= len(hung):
        return ruled_out(message('causes/not-there'))
    if not silent:
        return ruled_out(message('causes/each-answered'))
    says, counted = all_said(facts.entry or {}, 'says'), _counted(facts)
    if says and counted >= len(silent):
        return ruled_out(message('causes/counters-moved', says=says))
    why = [message('causes/seen-unanswered', seen=len(there), silent=len(silent))]
    if not facts.measured:
        return found(facts, silent, LOW, [*why, message('causes/counters-not-measured', reason=unmeasured(facts))])
    if says:
        why.append(message('causes/counters-explain', number=counted))
    else:
        why.append(message('causes/no-counter-moved'))
    why += [message('causes/suspect-rose', counter=name, rise=rise) for name, rise in _suspects(facts)]
    return found(facts, silent[counted:], HIGH if _suspects(facts) else MEDIUM, why)


def answer_lost(facts: Facts) -> Finding:
    """The SYN-ACK leaves the destination and does not come to the client."""
    hung = facts.ended('timeout')
    answered = [each for each in hung if (seen := each['arrival']) and seen['answered'] and not _answered_late(each)]
    if not hung:
        return ruled_out(message('causes/all-answered'))
    if not facts.watched:
        return undecided(message('causes/unwatched', reason=facts.unwatched))
    if len(answered) * 2 <= len(hung):
        return ruled_out(message('causes/answered-there', answered=len(answered), hung=len(hung)))
    why = message('causes/answered-by-syn-ack', answered=len(answered), hung=len(hung))
    return found(facts, answered, HIGH, [why])


def client_side(facts: Facts) -> Finding:
    """The client cannot even send a SYN: no free port, a local firewall, no route."""
    failed = facts.ended('error')
    if not failed:
        return ruled_out(message('causes/all-sent'))
    names = sorted({attempt['error'] for attempt in failed if attempt['error']})
    why = [message('causes/unsent', number=len(failed), attempts=len(facts.attempts), errors=names)]
    if 'EADDRNOTAVAIL' in names:
        why.append(message('causes/no-port-left'))
    return found(facts, failed, HIGH, why)


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
    ('tracking_drops', message('causes/tracking-drops'), tracking_drops),
    ('lost_before', message('causes/lost-before'), lost_before),
)


def examine(facts: Facts) -> list[Cause]:
    """Every cause held against the facts, in the order of CAUSES."""
    examined = []
    for name, title, check in CAUSES:
        state, confidence, why, explained = check(facts)
        examined.append(Cause(name, title, state, confidence, tuple(why), explained))
    return examined


def _counted(facts: Facts) -> int:
    """SYNs whose drop TCP counted in the destination's namespace, and those that met TIME_WAIT there."""
    if not facts.entry:
        return 0
    drops, collisions = facts.entry['listen_drops'], facts.entry['collisions']
    met = collisions['count'] if collisions and collisions['certainty'] != 'possible' else 0
    return sum(rise or 0 for rise in (drops['total'], drops['paws_outside'], met))


def _suspects(facts: Facts) -> list[tuple[str, int]]:
    """Counters outside TCP's accept path that rose in the destination's namespace."""
    deltas = facts.entry['deltas'] if facts.entry else {}
    names = ('TcpExt.IPReversePathFilter', 'conntrack.drop', 'conntrack.early_drop', 'conntrack.insert_failed')
    return [
        (name.partition('.')[2] if name.startswith('TcpExt') else name, deltas[name])
        for name in names
        if deltas.get(name)
    ]


def _listens(facts: Facts) -> bool:
    return bool(facts.listening) and facts.listens is not False


def _unreachable(facts: Facts) -> Message:
    number = len(facts.ended('unreachable'))
    return message('causes/unreachable', number=number, attempts=len(facts.attempts))
