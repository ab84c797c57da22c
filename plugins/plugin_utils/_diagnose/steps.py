# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a diagnosis did and what each step showed, as messages. Pure."""

from .._judge.view import pod_name
from .._messages.message import Argument, Message, Said, message
from .._shapes.attempts import (
    CountersTold,
    ElsewhereTold,
    EndedInAll,
    GoalTold,
    PlaceInside,
    SourceConcluded,
    Unstepped,
)
from .._shapes.info import NamespaceInfo


def place(host: str, namespace: PlaceInside) -> Said:
    """Where a destination is: a host by its name, all else as a place on it."""
    container = namespace['container']
    if container:
        pod = container.get('pod')
        name = pod_name(pod) if pod else next(iter(namespace['names']), None)
        return message('steps/at', host=host, place=message('steps/container', id=container['id'][:12], name=name))
    if namespace['kind'] == 'host':
        return host
    inside = message('steps/namespace', name=namespace['name'] or namespace['id'])
    return message('steps/at', host=host, place=inside)


def inner(entry: NamespaceInfo | ElsewhereTold) -> Message:
    """An entry of paws_info that is not the node's own namespace."""
    container = entry['container']
    if container:
        pod = container.get('pod')
        return message('steps/container', id=container['id'][:12], name=pod_name(pod) if pod else None)
    return message('steps/namespace', name=entry['id'])


def steps(document: Unstepped) -> list[Message]:
    """One message for each thing that was done, with what it showed. document: as conclusion.py makes it."""
    goal = document['destination']
    where = {'address': goal['address'], 'place': goal['place'], 'kernel': goal['kernel']}
    return [
        message('steps/destination', listening=_listening(goal['listening'], goal['port']), **where),
        *map(_tried, document['sources']),
        *_watched(document),
        _counted(document['counters']),
        *_after(goal),
        *(message('steps/elsewhere', where=inner(entry), says=entry['says']) for entry in document['elsewhere']),
    ]


def _listening(sockets: list[str] | None, port: int) -> Message:
    if sockets is None:
        return message('steps/listening-unseen')
    return message('steps/listens', sockets=sockets) if sockets else message('steps/nothing-listens', port=port)


def _tried(source: SourceConcluded) -> Message:
    name, found = source['source'], source['summary']
    who = message('steps/compared', source=name) if source['role'] == 'neutral' else name
    if found is None:
        return message('steps/untried', who=who, reason=source['reason'])
    return message('steps/tried', who=who, attempts=found['attempts'], ended=_ended(found), more=_more(found))


def _ended(found: EndedInAll) -> list[Argument]:
    kinds = (
        (found['ok'], message('steps/ok', number=found['ok'])),
        (found['refused'], message('steps/refused', number=found['refused'])),
        (found['timeout'], message('steps/timeout', number=found['timeout'])),
        (found['reset'], message('steps/reset', number=found['reset'])),
        (found['unreachable'], message('steps/unreachable', number=found['unreachable'])),
        (found['error'], message('steps/error', number=found['error'])),
    )
    return [said for number, said in kinds if number]


def _more(found: EndedInAll) -> list[Argument]:
    said: list[Argument] = []
    if found['syn_retransmits']:
        said.append(message('steps/sent-again', number=found['syn_retransmits']))
    if found['milliseconds']:
        said.append(message('steps/median', milliseconds=found['milliseconds']['p50']))
    echo = found['icmp']
    ping = message('steps/ping', received=echo['received'], sent=echo['sent'])
    return [*said, ping if echo['sent'] else message('steps/no-ping')]


def _watched(document: Unstepped) -> list[Message]:
    if not document['watch']['done']:
        return [message('steps/unwatched', reason=document['watch']['reason'])]
    return [_arrivals(source, found) for source in document['sources'] if (found := source['summary'])]


def _arrivals(source: SourceConcluded, summary: EndedInAll) -> Message:
    numbers = {'number': source['arrived'], 'attempts': summary['attempts']}
    return message('steps/watched', source=source['source'], seen_as=source['seen_as'], **numbers)


def _counted(counters: CountersTold) -> Message:
    if counters['seconds'] is None:
        return message('steps/unmeasured', reason=counters['reason'] or message('steps/no-result'))
    return message('steps/measured', seconds=counters['seconds'], says=counters['says'] or message('steps/none-moved'))


def _after(goal: GoalTold) -> list[Message]:
    """What differs from the first look after the attempts."""
    before, after = goal['listening'], goal['after']
    if after['gone']:
        return [message('steps/gone')]
    if None in (before, after['listening']) or bool(before) == bool(after['listening']):
        return []
    return [message('steps/after', listening=_listening(after['listening'], goal['port']))]
