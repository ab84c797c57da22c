# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What follows from a text, what cannot be told, and which command would tell it: pure, one Message for each.

The ids are those of the catalogue explain (_messages/en/explain.yml). Each statement must follow from what was read;
what is only likely is said to be possible. Sources: net/ipv4/tcp_input.c, tcp_minisocks.c, inet_timewait_sock.c and
proc.c of 2.6.32 to 6.18, as the rules of _judge cite them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ...module_utils._node.keys import RECYCLE, TIMESTAMPS
from ...module_utils._node.parsers.sysctl_value import PORT_RANGE, taken
from .._messages.message import Message, message
from . import captures
from .namespaces import GONE, SEEN, UNSEEN, ZERO, Namespace, is_delta, namespaces
from .reading import CONTAINER, Reading

#: The first kernel without the rule; EL6's is the one whose ListenDrops leaves its drops out.
WITHOUT, COUNTED = [4, 12], [3, 10]
#: Segments refused by PAWS that are nothing special: so many at all, or so many of those that came in.
USUAL, USUAL_SHARE = 10000, 0.001
MANY_HALF_OPEN, PORTS, NEAR, WAITING = 100, 28232, 0.95, 50
NSTAT = 'nstat -az TcpExtPAWSPassive TcpExtListenDrops TcpExtListenOverflows TcpExtTWKilled'
TWICE = NSTAT + '; sleep 10; ' + NSTAT
SYSCTL = 'sysctl net.ipv4.tcp_tw_recycle net.ipv4.tcp_timestamps'
ENGLISH, UNAME, SOCKETS = 'LC_ALL=C netstat -s', 'uname -r', 'ss -lnt'


@dataclass
class Conclusion:
    """says and gaps: messages; ask: commands, the best first."""

    says: list[Message] = field(default_factory=list)
    gaps: list[Message] = field(default_factory=list)
    ask: list[str] = field(default_factory=list)

    def has(self, *names: str) -> bool:
        """Whether one of these statements was made."""
        return any(statement_of(each) in names for each in self.says)

    def wants(self, *commands: str) -> None:
        """Ask for these, in this order, once each."""
        self.ask += [command for command in commands if command not in self.ask]


def statement_of(said: Message) -> str:
    """The statement's name without the catalogue's."""
    return str(said['id']).partition('/')[2]


def conclude(found: Reading) -> Conclusion:
    """What one text says."""
    result = Conclusion()
    if found.problem or found.signs.get('not_linux'):
        return _unusable(found, result)
    spaces = namespaces(found)
    old = _has_rule(found, spaces)
    for space in spaces:
        result.says += _distinct(result, _of_recycling(found, space, old))
        result.says += _distinct(result, _of_queues(found, space))
        result.says += _distinct(result, _of_counters(space))
    result.says += _distinct(result, _of_settings(found, spaces))
    result.says += _distinct(result, _of_sockets(found))
    result.says += _distinct(result, _of_signs(found))
    result.says += _distinct(result, captures.statements(found.capture) if found.capture else iter(()))
    result.says += _distinct(result, _contradictions(found, spaces))
    if old is False and found.version is not None and not result.has('contradiction', 'recycle_gone'):
        result.says.append(message('explain/recycle_gone'))
    _possible(result, found, spaces, old)
    _close(result, found, spaces, old)
    return result


def _unusable(found: Reading, result: Conclusion) -> Conclusion:
    if found.problem == 'translated':
        result.gaps.append(message('explain/translated'))
        result.wants(ENGLISH, NSTAT)
    elif found.problem in ('table', 'json'):
        result.says.append(message('explain/contradiction', what=message('explain/torn_table')))
        result.wants(NSTAT)
    elif found.problem:
        result.gaps.append(message('explain/unreadable', why=found.problem))
        result.wants(NSTAT, SYSCTL, UNAME)
    else:
        result.says.append(message('explain/not_linux'))
        result.gaps.append(message('explain/recycling_of_a_peer'))
    return result


def _distinct(result: Conclusion, new: Iterator[Message]) -> list[Message]:
    known = {str(each['id']) for each in result.says}
    fresh: list[Message] = []
    for each in new:
        if str(each['id']) not in known:
            known.add(str(each['id']))
            fresh.append(each)
    return fresh


def _has_rule(found: Reading, spaces: list[Namespace]) -> bool | None:
    """Whether this kernel has the per-host rule; None where the text does not tell."""
    if found.version is not None:
        return found.version[:2] < WITHOUT
    states = [space.state('PAWSPassive') for space in spaces]
    if any(state == SEEN for state, _number in states) or found.value(RECYCLE) is not None:
        return True
    if any(state == GONE for state, _number in states):
        return False
    absent = [key for key, values in found.sysctls.items() if RECYCLE in values and key[0] != CONTAINER]
    return False if absent else None


def _of_recycling(found: Reading, space: Namespace, old: bool | None) -> Iterator[Message]:
    """PAWSPassive and what hangs together with it, in one namespace."""
    state, number = space.state('PAWSPassive')
    rise = space.rise('PAWSPassive')
    where = _where(space)
    if state == SEEN and number and old:
        yield message('explain/recycle_was_on', count=number, where=where)
    if rise and old:
        yield message('explain/recycle_drops_now', count=rise, where=where)
    if state == GONE and old is not True:
        yield message('explain/recycle_gone')
    elif state in (SEEN, ZERO) and not number and old is not False and not _only_since(space):
        yield message('explain/recycle_clean', where=where)
    killed = space.state('TWKilled')[1]
    if killed and old:
        yield message('explain/recycle_ran_hint', count=killed)
    reused = space.state('TWRecycled')[1]
    if reused:
        yield message('explain/tw_reuse_used', count=reused)


def _only_since(space: Namespace) -> bool:
    """Whether the counter is there as what it rose since another look alone: 0 then says nothing of the time before."""
    holding = [sample for sample in space.last() if 'PAWSPassive' in sample.counters]
    return bool(holding) and all(is_delta(sample) for sample in holding)


def _where(space: Namespace) -> Message | str:
    if space.kind == CONTAINER:
        return message('explain/in_container')
    return ''


def _of_queues(found: Reading, space: Namespace) -> Iterator[Message]:
    """ListenDrops, and what it is made of."""
    overflows, rising = space.state('ListenOverflows'), space.rise('ListenOverflows')
    if overflows[1]:
        yield message('explain/listen_overflow', count=overflows[1])
    if rising:
        yield message('explain/listen_overflow_now', count=rising)
    drops, paws = space.state('ListenDrops'), space.state('PAWSPassive')
    if drops[0] != SEEN or overflows[0] == UNSEEN or paws[0] == UNSEEN:
        return
    counted = found.version is None or found.version[:2] >= COUNTED
    other = drops[1] - overflows[1] - (paws[1] if counted else 0)
    if other > 0:
        yield message('explain/listen_drops_other', count=other, drops=drops[1])


def _of_counters(space: Namespace) -> Iterator[Message]:
    """Counters that speak for themselves."""
    received = space.state('InSegs')[1]
    refused = space.state('PAWSEstab')[1]
    if refused and (refused <= USUAL or (received and refused <= USUAL_SHARE * received)):
        yield message('explain/paws_estab_normal', count=refused)
    counted = (
        message('explain/paws_timewait', count=_count(space, 'PAWSTimewait')),
        message('explain/synflood', count=_count(space, 'TCPReqQFullDoCookies', 'SyncookiesSent')),
        message('explain/synqueue_drop', count=_count(space, 'TCPReqQFullDrop')),
        message('explain/tw_overflow', count=_count(space, 'TCPTimeWaitOverflow')),
        message('explain/memory_pressure', count=_count(space, 'TCPMemoryPressures', 'TCPAbortOnMemory')),
        message('explain/rp_filter_drops', count=_count(space, 'IPReversePathFilter')),
    )
    yield from (said for said in counted if said['arguments'] != {'count': 0})


def _count(space: Namespace, *names: str) -> int:
    """The first of these counters that is not 0."""
    return next((number for number in (space.state(name)[1] for name in names) if number), 0)


def _of_settings(found: Reading, spaces: list[Namespace]) -> Iterator[Message]:
    """Running values and files."""
    for (kind, _name), values in found.by_scope():
        if RECYCLE in values:
            yield from _of_running(found, kind, values)
    line = found.files.get(RECYCLE)
    number = taken(RECYCLE, line) if line is not None else None
    if isinstance(number, int):
        yield message('explain/recycle_in_file', value=number) if number else message('explain/recycle_off_in_file')
    for key in sorted(found.advice):
        yield message('explain/advice_is_harmful', key=key)


def _of_running(found: Reading, kind: str, values: dict[str, str | None]) -> Iterator[Message]:
    value = values[RECYCLE]
    if value is None:
        hidden = kind == CONTAINER and (found.version is None or found.version[:2] < WITHOUT)
        if not hidden and (found.version is None or found.version[:2] >= WITHOUT):
            yield message('explain/recycle_gone')
        return
    number = taken(RECYCLE, value)
    if isinstance(number, int):
        yield message('explain/recycle_is_on', value=number) if number else message('explain/recycle_off_now')


def _of_sockets(found: Reading) -> Iterator[Message]:
    """Lists of sockets and their numbers."""
    full = [
        (port, each) for port, each in sorted(found.listen.items()) if each[1] is not None and each[0] > each[1] > 0
    ]
    if full:
        port, (waiting, limit) = full[0]
        yield message('explain/accept_queue_full', port=port, waiting=waiting, limit=limit)
    maybe = [(port, each[0]) for port, each in sorted(found.listen.items()) if not each[1] and each[0] > WAITING]
    if maybe:
        yield message('explain/accept_queue_maybe_full', port=maybe[0][0], waiting=maybe[0][1])
    half = found.states.get('SYN-RECV', 0)
    if half >= MANY_HALF_OPEN:
        yield message('explain/halfopen_many', count=half)
    waiting = found.to_one or found.states.get('TIME-WAIT', 0)
    ports = _ports(found)
    if waiting >= NEAR * ports:
        yield message('explain/ports_maybe_exhausted', count=waiting, ports=ports)
    count, most = found.conntrack.get('count'), found.conntrack.get('max')
    if (count is not None and most and count >= most) or found.conntrack.get('early_drop'):
        yield message('explain/conntrack_full', count=count or found.conntrack.get('early_drop'))
    if found.conntrack.get('insert_failed'):
        yield message('explain/conntrack_insert_failed', count=found.conntrack['insert_failed'])


def _ports(found: Reading) -> int:
    ends = (found.value(PORT_RANGE) or '').split()
    if len(ends) == 2 and all(end.isdecimal() for end in ends) and int(ends[0]) < int(ends[1]) < 65536:
        return int(ends[1]) - int(ends[0]) + 1
    return PORTS


def _of_signs(found: Reading) -> Iterator[Message]:
    """Lines that name a fault."""
    signs = {
        'tw_overflow': message('explain/tw_overflow', count=None),
        'synflood': message('explain/synflood', count=None),
        'synqueue_drop': message('explain/synqueue_drop', count=None),
        'conntrack_full': message('explain/conntrack_full', count=None),
        'memory_pressure': message('explain/memory_pressure', count=None),
        'neigh_overflow': message('explain/neigh_overflow'),
        'rp_filter_drops': message('explain/rp_filter_drops', count=None),
        'filter_drops': message('explain/filter_drops'),
        'ports_exhausted': message('explain/ports_exhausted'),
        'icmp_reject': message('explain/icmp_reject'),
        'syn_not_arriving': message('explain/syn_not_arriving'),
    }
    yield from (said for name, said in signs.items() if name in found.signs)


def _contradictions(found: Reading, spaces: list[Namespace]) -> Iterator[Message]:
    """What cannot be true at once."""
    new = found.version is not None and found.version[:2] >= WITHOUT
    within = found.version is not None and COUNTED <= found.version[:2] < WITHOUT
    for space in spaces:
        paws, drops = space.state('PAWSPassive'), space.state('ListenDrops')
        if new and paws[1]:
            yield message('explain/contradiction', what=message('explain/rule_on_a_new_kernel', release=found.release))
        if within and drops[0] == SEEN and paws[1] > drops[1] + 16:
            yield message('explain/contradiction', what=message('explain/more_than_drops'))
        overflows = space.state('ListenOverflows')
        if drops[0] == SEEN and overflows[1] > 4 * drops[1] + 16:
            yield message('explain/contradiction', what=message('explain/more_overflows'))
    if new and found.value(RECYCLE) is not None:
        yield message('explain/contradiction', what=message('explain/rule_on_a_new_kernel', release=found.release))
    for key in sorted(found.conflicts & {RECYCLE, TIMESTAMPS}):
        yield message('explain/contradiction', what=message('explain/two_values', key=key))


def _possible(result: Conclusion, found: Reading, spaces: list[Namespace], old: bool | None) -> None:
    """The fault fits what is seen, and its counter is not in the text."""
    if old is False or result.has('recycle_was_on', 'recycle_clean', 'recycle_gone'):
        return
    unexplained = any(
        space.state('PAWSPassive')[0] == UNSEEN
        and space.state('ListenDrops')[1] > space.state('ListenOverflows')[1]
        and space.state('ListenOverflows')[0] != UNSEEN
        for space in spaces
    )
    silent = found.capture is not None and any(each.unanswered for each in found.capture.attempts)
    if unexplained or silent:
        result.says.append(message('explain/recycle_possible'))


def _close(result: Conclusion, found: Reading, spaces: list[Namespace], old: bool | None) -> None:
    """What cannot be told, what to ask, and that a text was read even where nothing follows."""
    if found.capture is not None and not found.capture.side and any(each.unanswered for each in found.capture.attempts):
        result.gaps.append(message('explain/no_side'))
    if found.left_lines:
        result.gaps.append(message('explain/left_lines', count=found.left_lines))
    known = any(space.state('PAWSPassive')[0] != UNSEEN for space in spaces)
    compared = any(space.rise('PAWSPassive') is not None for space in spaces)
    running = any(RECYCLE in values for values in found.sysctls.values())
    settled = old is False or result.has('recycle_gone')
    if not settled and not known:
        result.gaps.append(message('explain/no_counter'))
        result.wants(TWICE)
    elif not settled and result.has('recycle_was_on') and not compared:
        result.gaps.append(message('explain/one_sample'))
        result.wants(TWICE)
    if not settled and not running:
        result.gaps.append(message('explain/no_setting'))
        result.wants(SYSCTL)
    if old is None and not settled:
        result.gaps.append(message('explain/no_kernel'))
        result.wants(UNAME)
    if result.has('listen_overflow', 'listen_overflow_now', 'accept_queue_maybe_full'):
        result.wants(SOCKETS)
    if any(space.kind == CONTAINER for space in spaces) and not running and not settled:
        result.gaps.append(message('explain/host_decides'))
    if not result.says:
        evidence = known or found.listen or found.states or found.conntrack or found.capture
        result.says.append(message('explain/nothing') if evidence else message('explain/undecidable'))
