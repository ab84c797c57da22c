# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a diagnosis has to do, from its variables, the inventory and where the destination was found. Pure."""

import fnmatch
import ipaddress
import math
from collections.abc import Mapping, Sequence

from .._messages.message import Message, MessageError, message
from .._messages.telling import said
from .._shapes.attempts import DestinationAsked, Goal, LocatedIn, Match, SourceAsked, Task, Work

COUNT_MAX, SOURCES_MAX = 1000, 50
RATE, TIMEOUT, LEAD, TRAIL = 5.0, 4.0, 3.0, 2.0
LEAD_MAX = 60.0
WATCH_MAX = 600
PLACES_MAX = 6
HOST = 'host'  # the node's own network namespace


class PlanError(MessageError):
    """The diagnosis cannot be made; the message says why and what to do."""


class Inventory:
    """Names of hosts and groups, and each host's address for Ansible."""

    def __init__(self, groups: Mapping[str, Sequence[str]], addresses: Mapping[str, str]) -> None:
        self.groups = groups
        self.addresses = addresses
        self.hosts = list(dict.fromkeys(groups.get('all', ())))

    def matching(self, pattern: str) -> list[str]:
        """Hosts that a name, a group or a pattern with * means; PlanError if there are none."""
        found = [name for name in self.hosts if fnmatch.fnmatchcase(name, pattern)]
        for group in self.groups:
            if fnmatch.fnmatchcase(group, pattern):
                found.extend(self.groups[group])
        if not found:
            raise PlanError(message('question/no-host', name=pattern))
        return list(dict.fromkeys(found))


def sources(asked: str | Sequence[str], inventory: Inventory) -> list[SourceAsked]:
    """[{'host', 'namespace'}] of diagnose_from: hosts, groups, patterns, each perhaps with /CONTAINER behind it."""
    words = asked.split(',') if isinstance(asked, str) else [str(word) for word in asked]
    found: list[SourceAsked] = []
    for word in filter(None, (word.strip() for word in words)):
        pattern, _slash, namespace = word.partition('/')
        found.extend({'host': host, 'namespace': namespace or None} for host in inventory.matching(pattern))
    unique = [source for index, source in enumerate(found) if source not in found[:index]]
    if not unique:
        raise PlanError(message('question/no-sources'))
    if len(unique) > SOURCES_MAX:
        raise PlanError(message('question/many-sources', number=len(unique), most=SOURCES_MAX))
    return unique


def question(asked: str, inventory: Inventory) -> DestinationAsked:
    """{'hosts', 'what'} of diagnose_to: where to look for the destination, and for what.

    A host of the inventory is its own namespace, HOST/WORD something on it, any other word is looked for everywhere.
    """
    word = asked.strip()
    if not word:
        raise PlanError(message('question/no-destination'))
    host, slash, inner = word.partition('/')
    if host in inventory.hosts:
        return {'hosts': [host], 'what': inner or HOST}
    if slash:
        raise PlanError(message('question/not-a-host', name=host))
    return {'hosts': inventory.hosts, 'what': word}


def number(name: str, value: object, least: int, most: int) -> int:
    if value is None or str(value).strip() == '':
        raise PlanError(message('question/no-number', variable=name, least=least, most=most))
    try:
        found = int(str(value))
    except (TypeError, ValueError):
        raise PlanError(message('question/not-a-number', variable=name, value=str(value))) from None
    if not least <= found <= most:
        raise PlanError(message('question/not-between', variable=name, value=found, least=least, most=most))
    return found


def destination(what: str, looked: Mapping[str, LocatedIn], inventory: Inventory) -> Goal:
    """{'host', 'address', 'match', 'what', 'kernel', 'answered_s'}: the one place that `what` means.

    looked: paws_locate's results by host; answered_s: how long that took. `what` means it to a second look.

    Raises PlanError where there is none, or more than one.
    """
    found = [(host, match) for host, result in looked.items() for match in result.get('matches') or []]
    if not found:
        raise PlanError(_nowhere(what, looked))
    if len(found) > 1:
        places = ['%s/%s' % (host, match['key']) for host, match in found]
        more = len(places) > PLACES_MAX
        raise PlanError(message('question/several', what=what, places=places[:PLACES_MAX], more=more))
    host, match = found[0]
    return {
        'host': host,
        'address': _address(what, host, match, inventory),
        'match': match,
        'what': HOST if match['kind'] == HOST else match['id'] or match['key'],
        'kernel': looked[host]['kernel'],
        'answered_s': looked[host].get('seconds') or 0.0,
    }


def _nowhere(what: str, looked: Mapping[str, LocatedIn]) -> Message:
    unseen = [(host, said(result, 'msg')) for host, result in looked.items() if 'matches' not in result]
    lost = [
        message('question/lost', host=host, reason=reason or message('question/no-answer'))
        for host, reason in unseen[:PLACES_MAX]
    ]
    answered = len(looked) - len(unseen)
    if not answered:
        return message('question/nobody', lost=lost)
    return message('question/nowhere', what=what, number=answered, lost=lost)


def _address(what: str, host: str, match: Match, inventory: Inventory) -> str:
    """The address to connect to: the one asked for, Ansible's own for a host, else the first of the namespace."""
    local: list[str] = match['addresses']
    for wanted in (what, inventory.addresses.get(host, '')):
        if wanted in local:
            return wanted
    if is_address(what):
        return what
    if not local:
        raise PlanError(message('question/no-address', what=what, host=host))
    return local[0]


def is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def neutral(asked: str, found: Sequence[SourceAsked], goal: Goal, inventory: Inventory) -> SourceAsked | None:
    """The host that is tried for comparison: the one asked for, else the first that is neither source nor destination.

    'none' asks for no comparison; without any other host the destination's own host serves, if it is another namespace.
    """
    if asked == 'none':
        return None
    if asked:
        return {'host': inventory.matching(asked)[0], 'namespace': None}
    taken = {source['host'] for source in found} | {goal['host']}
    free = [host for host in inventory.hosts if host not in taken]
    if free:
        return {'host': free[0], 'namespace': None}
    return None if goal['match']['kind'] == HOST else {'host': goal['host'], 'namespace': None}


def work(
    found: Sequence[SourceAsked], compared: SourceAsked | None, goal: Goal, port: int, count: int, forks: int
) -> Work:
    """The tasks that run at the same time, the watch first: {'tasks', 'watch_s', 'watched', 'reason'}.

    forks bounds how many do: the watch takes one for its whole time, so it must last as long as the others take turns.
    """
    probes = [(source, 'source') for source in found] + ([(compared, 'neutral')] if compared else [])
    lead = round(min(max(LEAD, 2 * goal['answered_s'] + 1), LEAD_MAX), 1)  # until the watch is up, on a slow node too
    each = lead + count / RATE + TIMEOUT + TRAIL
    turns = math.ceil(len(probes) / max(forks - 1, 1))
    lasts = turns * each + TRAIL
    reason = None
    if forks < 2:
        reason = message('steps/one-fork')
    elif lasts > WATCH_MAX:
        reason = message('steps/too-long', probes=len(probes), forks=forks)
    tasks: list[Task] = []
    if reason is None:
        tasks.append({'name': 'diagnose-watch', 'role': 'watch', 'host': goal['host'], 'namespace': _inner(goal)})
    for index, (source, role) in enumerate(probes, 1):
        tasks.append({**source, 'role': role, 'name': 'diagnose-probe-%d' % index})
    return {'tasks': tasks, 'watch_s': round(lasts, 1), 'watched': reason is None, 'reason': reason,
            'probe': {'host': goal['address'], 'port': port, 'count': count, 'rate': RATE, 'timeout': TIMEOUT,
                      'delay': lead if reason is None else 0.0}}  # fmt: skip


def _inner(goal: Goal) -> str | None:
    """How the destination's namespace is called on its node; None for the node's own."""
    return None if goal['match']['kind'] == HOST else str(goal['match']['key'])
