# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attempts whose SYN met a TIME_WAIT socket with an older timestamp: which they are, and what became of them. Pure.

The old connection answers such a SYN by an ACK, the client answers that by a reset, and the reset ends TIME_WAIT. Since
Linux 5.9 the client sends its SYN again 10 ms later (KERNEL: 6.18 tcp_input.c tcp_rcv_synsent_state_process()), where a
SYN without any answer waits for a second (RFC 6298, 2.1). So the SYNs and resets that arrive tell how far it came.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

from ...module_utils._node.parsers.nat_rules import chooses_ports
from .._messages.message import Argument, Message, message
from .._packets import clocks
from .._packets.lines import MODULUS, Stamp
from .._shapes.attempts import CollisionTold, Connection, Held, TracedAttempt
from .._shapes.record import Cause
from .facts import RFC1337, Facts
from .finding import (
    FOUND,
    HIGH,
    LOW,
    MEDIUM,
    Finding,
    dropped,
    found,
    ping_works,
    ruled_out,
    silence,
    undecided,
    unmeasured,
)

CAUSE = 'time_wait_collision'
#: Seconds: a SYN that is sent again sooner had an answer, although no SYN-ACK.
SOONER = 0.5
#: Of the SNAT's rules so many are shown, those first that choose ports.
RULES_MAX = 3
#: Seconds: more than attempts may last (operations/probe.py).
LASTS_MAX = 3600
PORT = re.compile('[0-9]{1,5}')


def time_wait_collision(facts: Facts) -> Finding:
    """The SYN meets TIME_WAIT with an older timestamp (KERNEL: EL7.9 tcp_minisocks.c:258, 6.18 tcp_minisocks.c:269)."""
    collisions = facts.entry['collisions'] if facts.entry else None
    over = [] if _strict(facts) else [message('causes/gets-over', key=RFC1337)]
    if collisions is None or collisions['certainty'] == 'possible':
        return _untold(facts, over)
    names, count = _together(collisions['counters']), collisions['count']
    if not count:
        return ruled_out(message('causes/stood-still', counters=names))
    why = [message('causes/rose', counters=names, rise=count)]
    if not facts.ended('timeout') and not facts.slow:
        return ruled_out(*why, message('causes/at-once'))
    why += _met(facts)
    if not facts.ended('timeout'):
        sure = HIGH if collisions['exact'] and _themselves(facts.slow) else MEDIUM
        return Finding(FOUND, sure, [*why, *over, *_ports(facts)])
    met = dropped(facts, count)
    why += [*_holds(facts), *silence(facts), *ping_works(facts), *_ports(facts)]
    return found(facts, met, _sure(facts, met, count, collisions['exact']), why)


def told(facts: Facts) -> CollisionTold:
    """What became of the attempts, for the document of a diagnosis that ends with this cause."""
    met = _themselves(facts.attempts)
    return {
        'met': len(met),
        'slow': sum(attempt['result'] == 'ok' for attempt in met),
        'hang': len(facts.ended('timeout')),
        'held_by': _held(facts),
        'address': _address(facts),
        'cause': _cause(facts),
        'ports': _ports_given(facts),
        'snat': facts.translator,
    }


def _strict(facts: Facts) -> bool:
    """Whether a reset does not end TIME_WAIT there."""
    return facts.sysctls.get(RFC1337) not in (None, '0')


def _themselves(attempts: Sequence[TracedAttempt]) -> list[TracedAttempt]:
    """Those whose own segments show that the old connection answered them."""
    return [each for each in attempts if (arrival := each['arrival']) and (arrival['resets'] or _soon(arrival))]


def _soon(arrival: Connection) -> bool:
    return arrival['again_s'] is not None and arrival['again_s'] < SOONER


def _unanswered(facts: Facts) -> list[Connection]:
    """What was seen of the attempts that hang, where no SYN-ACK answered them."""
    return [arrival for each in facts.ended('timeout') if (arrival := each['arrival']) and not arrival['answered']]


def _held(facts: Facts) -> Held | None:
    """What keeps those that hang from getting over it; None where none hang, or nobody watched them."""
    hung = _unanswered(facts)
    if _strict(facts) and facts.ended('timeout'):
        return 'rfc1337'
    if not hung:
        return None
    if _most(arrival['resets'] for arrival in hung):
        return 'ports' if _most(arrival['ports'] > 1 for arrival in hung) else 'reset_dropped'
    return 'reset_lost' if _most(_soon(arrival) for arrival in hung) else 'ack_lost'


def _most(marks: Iterable[object]) -> bool:
    each = [bool(mark) for mark in marks]
    return sum(each) * 2 > len(each)


def _sure(facts: Facts, met: Sequence[TracedAttempt], count: int, exact: bool) -> str:
    """Sure of what the setting explains, or the attempts show; else only if the counter counted every SYN of theirs."""
    if (_strict(facts) or 2 * len(_themselves(met)) > len(met)) and exact:
        return HIGH
    syns = sum(arrival['syns'] for each in met if (arrival := each['arrival']))
    return MEDIUM if _strict(facts) or facts.slow or 0 < syns <= count else LOW


def _met(facts: Facts) -> list[Message]:
    """Which attempts show it, and how long those of them took that came up."""
    met = _themselves(facts.attempts)
    if not met:
        return []
    with_reset = sum(bool(each['arrival'] and each['arrival']['resets']) for each in met)
    said = [message('causes/met', number=len(met), attempts=len(facts.attempts))]
    if with_reset:
        said.append(message('causes/resets-came', number=with_reset))
    slow = [each for each in met if each['result'] == 'ok']
    if slow:
        took = sorted(round(each['ms'], 1) for each in slow)
        said.append(message('causes/slow-not-lost', number=len(slow), least=took[0], most=took[-1]))
    return said


def _holds(facts: Facts) -> list[Message]:
    held = _held(facts)
    if held == 'rfc1337':
        return [message('causes/renewed', key=RFC1337, value=facts.sysctls[RFC1337])]
    if held == 'ports':
        return [message('causes/other-ports', syns=max(arrival['syns'] for arrival in _unanswered(facts)))]
    if held == 'reset_dropped':
        return [message('causes/reset-dropped', key=RFC1337)]
    if held == 'reset_lost':
        return [message('causes/reset-lost')]
    return [message('causes/ack-lost')] if held == 'ack_lost' else [message('causes/gets-over', key=RFC1337)]


def _ports(facts: Facts) -> list[Message]:
    """What the SNAT does to the ports of these attempts, and what the timestamps of its address say."""
    address, given, cause = _address(facts), _ports_given(facts), _cause(facts)
    said = []
    if given == 'chosen':
        said.append(message('causes/ports-chosen', address=address))
    elif given == 'kept':
        said.append(message('causes/ports-kept', address=address))
    said += _box(facts)
    if cause == 'offset_per_connection':
        said.append(message('causes/offsets'))
    elif cause == 'different_clocks':
        said.append(message('causes/clocks'))
    return said


def _box(facts: Facts) -> list[Message]:
    """Where the SNAT is one of the hosts: which, and what its rules do."""
    box = facts.translator
    if box is None:
        return []
    said = [message('causes/snat-host', host=box['host'], address=box['address'])]
    rules = sorted(box['rules'] or [], key=lambda rule: not chooses_ports(rule))
    if not rules:
        return said
    more = len(rules) - RULES_MAX
    shown = [rule['line'] for rule in rules[:RULES_MAX]]
    return [*said, message('causes/snat-rules', rules=shown, more=more if more > 0 else None)]


def _cause(facts: Facts) -> Cause:
    """Why the SYNs of these attempts are older than what is in TIME_WAIT, by the clocks of the sources.

    One clock is never older than itself: where a source has one and met TIME_WAIT, others left it.
    """
    stamps: dict[str, list[Stamp]] = {}
    for each in facts.attempts:
        if (stamp := _stamp(each)) is not None:
            stamps.setdefault(each['source'], []).append(stamp)
    kinds = {clocks.clocks(sorted(of_one)).kind for of_one in stamps.values()}
    if clocks.PER_CONNECTION in kinds:
        return 'offset_per_connection'
    return 'different_clocks' if kinds == {clocks.ONE} and _themselves(facts.attempts) else 'unknown'


def _stamp(attempt: TracedAttempt) -> Stamp | None:
    """Of the clock that an attempt tells, if that is one: a node may say anything."""
    own, value, at = (attempt['from'] or '').rpartition(':')[2], attempt['tsval'], attempt['at_s']
    if value is None or not 0 <= value < MODULUS or not 0 <= at <= LASTS_MAX or not PORT.fullmatch(own):
        return None
    return at, value, int(own)


def _address(facts: Facts) -> str | None:
    """The address that most attempts came from, as the destination saw them."""
    seen = Counter(arrival['source'] for each in facts.attempts if (arrival := each['arrival']))
    return seen.most_common(1)[0][0] if seen else None


def _ports_given(facts: Facts) -> Literal['kept', 'chosen'] | None:
    """kept or chosen by a translation of addresses; None where none was seen."""
    pairs = [(each['from'].rpartition(':'), arrival) for each in facts.attempts
             if each['from'] and (arrival := each['arrival'])]  # fmt: skip
    moved = [(own[2], arrival) for own, arrival in pairs if own[0].strip('[]') != arrival['source']]
    if not moved:
        return None
    return 'chosen' if _most(own != str(arrival['source_port']) for own, arrival in moved) else 'kept'


def _together(counters: Sequence[str]) -> Argument:
    """One counter, or two that rise together."""
    return message('causes/both', first=counters[0], second=counters[1]) if len(counters) > 1 else counters[0]


def _untold(facts: Facts, over: Sequence[Message]) -> Finding:
    """Before 6.18, where TCPACKSkippedTimeWait is not there or stood still: PAWSEstab holds collisions among others."""
    rise = facts.rise('PAWSEstab')
    if rise is None:
        return undecided(message('causes/collisions-not-measured', reason=unmeasured(facts)))
    if not rise:
        return ruled_out(message('causes/stood-still', counters='PAWSEstab'))
    why = message('causes/rose-among-others', rise=rise)
    return ruled_out(why, *over) if over else undecided(why)
