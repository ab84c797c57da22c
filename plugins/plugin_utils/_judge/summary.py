# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a verdict means to a person: the one line, and who is hit."""

import re
from collections.abc import Sequence
from typing import cast

from .._messages import catalogue
from .._messages.language import word
from .._messages.message import Argument, Message, Said, message
from .._shapes.record import Container, Namespace, Record
from .._shapes.verdict import Finding, Impact, NextBoot
from . import sight
from .findings import Found
from .rule import PLACEHOLDER, Rule
from .view import pod_name
from .vocabulary import RECYCLE, SEVERITIES

#: Classes of faults that have an impact; a stale or weak line has none yet.
HITTING = ('dropping', 'exposed', 'impaired', 'latent')
LISTENERS_MAX = 64
PEERS_MAX = 64


def impact(record: Record, hit: Sequence[int]) -> Impact:
    """Ids of the namespaces `hit` (indexes), their containers and listeners, and the addresses armed in them."""
    namespaces = [record['namespaces'][index] for index in hit]
    containers: dict[tuple[str | None, ...], Container] = {}
    listeners: list[str] = []
    peers: list[str] = []
    for namespace in namespaces:
        for container in [namespace.get('container'), *(namespace.get('also') or [])]:
            if container:
                known = container['id'], container.get('runtime'), container.get('pod_uid')
                told: Container = {'id': known[0], 'runtime': known[1], 'pod_uid': known[2]}
                containers.setdefault(known, {**told, 'pod': container['pod']} if container.get('pod') else told)
        listeners.extend((namespace.get('addresses') or {}).get('listening') or [])
        peers.extend(peer['address'] for peer in namespace.get('peers') or [])
    return {
        'namespaces': [named(namespace) for namespace in namespaces],
        'containers': list(containers.values()),
        'listeners': list(dict.fromkeys(listeners))[:LISTENERS_MAX],
        'peers': list(dict.fromkeys(peers))[:PEERS_MAX],
    }


def named(namespace: Namespace) -> str:
    """The id of a namespace; its key where the id is not known."""
    name: str = namespace.get('id') or namespace['key']
    return name


def line(record: Record, verdict: str, counting: Sequence[Found]) -> Said:
    """The one line a person needs; `counting` are the findings that were not waived."""
    said = _line(record, verdict, counting)
    waiting = [each['id'] for each in record.get('change_sets') or () if each.get('state') == 'pending']
    return message('summary/waits', said=said, change_set=waiting[0]) if waiting else said


def _line(record: Record, verdict: str, counting: Sequence[Found]) -> Said:
    causes = sorted((entry for entry in counting if entry.finding['class'] == verdict), key=_weight)
    if not causes or verdict == 'clean':
        return _without_finding(record, verdict, counting)
    first = causes[0]
    said = _told(first, record)
    if (first.finding['fix'] or {}).get('where') == 'host':
        said = message('summary/on-host', said=said)
    others = len({(entry.rule.id, entry.index) for entry in counting if entry.finding['class'] != 'clean'}) - 1
    return message('summary/with-more', said=said, more=others) if others > 0 else said


def _weight(entry: Found) -> tuple[int, int, int, int]:
    """Severest first; then what happens now, the most drops, the node before its containers."""
    finding = entry.finding
    dropped = finding['evidence'].get('dropped')
    drops = dropped if isinstance(dropped, int) else 0
    return SEVERITIES.index(finding['severity']), not finding['active'], -drops, entry.index


def _told(entry: Found, record: Record) -> Said:
    said = _of_rule(entry.rule, entry.finding, where(record['namespaces'][entry.index]))
    boot = entry.finding['evidence'].get('next_boot')
    return message('summary/next-boot', said=said, by=_files(cast(NextBoot, boot))) if boot else said


def _of_rule(rule: Rule, finding: Finding, place: Message) -> Said:
    """Its summary with the evidence that this names."""
    if not rule.summary:
        return message('summary/of-title', title=rule.says('title'), where=place)
    names = dict.fromkeys(PLACEHOLDER.findall(rule.summary))
    words = {name: place if name == 'where' else finding['evidence'].get(name) for name in names}
    said = rule.says('summary')
    if isinstance(said, Message):
        return Message(said, arguments=words)
    return catalogue.filled('en', said, {name: _word(value) for name, value in words.items()})


def _word(value: object) -> Argument:
    """Rules of users may name evidence that is an object or a list."""
    return value if value is None or isinstance(value, (int, float, Message)) else str(value)


def where(namespace: Namespace) -> Message:
    """What a person calls a namespace."""
    alike = namespace['count'] - 1
    container = namespace.get('container')
    pod = container and container.get('pod')
    if pod:
        inside = ', '.join(pod['containers'])
        return message('where/pod', pod=pod_name(pod), owner=pod.get('owner'), containers=inside, alike=alike)
    if container:
        return message('where/container', id=container['id'][:12], runtime=container.get('runtime'), alike=alike)
    if namespace['kind'] == 'host':
        return message('where/host')
    return message('where/namespace', name=namespace.get('name') or named(namespace), alike=alike)


def where_of(key: str) -> Message:
    """The same of a namespace of which the key alone is known: INODE@DEVICE/OWNER (readers/namespaces.py)."""
    name, _at, rest = key.partition('@')
    owner = rest.partition('/')[2]
    if 'host' in (key, owner):
        return message('where/host')
    if re.fullmatch('[0-9a-f]{12,64}', owner):
        return message('where/container', id=owner[:12], runtime=None, alike=0)
    return message(
        'where/namespace', name=owner.removeprefix('named:') if owner.startswith('named:') else name, alike=0
    )


def _files(boot: NextBoot) -> list[str]:
    return ['%s:%s' % (found['file'], found['line']) for found in boot['lines'].values()]


def _without_finding(record: Record, verdict: str, counting: Sequence[Found]) -> Message:
    if verdict != 'clean':
        return message('summary/unexplained', verdict=word(verdict))
    noted = counting[0].rule.says('title') if counting else ''
    entry = record['namespaces'][0]['sysctls'].get(RECYCLE)
    if not entry or entry['value'] is None:
        return message('summary/no-key', key=RECYCLE, noted=noted)
    if any(gap['part'] in sight.SETTING for gap in sight.gaps(record)):
        return message('summary/nothing-seen', key=RECYCLE, value=entry['value'], noted=noted)
    return message('summary/nothing-sets', key=RECYCLE, value=entry['value'], noted=noted)
