# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a verdict means to a person: the one line, and who is hit."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import sight
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.findings import Found
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.rule import PLACEHOLDER
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.vocabulary import RECYCLE, SEVERITIES, Json

#: Classes of faults that have an impact; a stale or weak line has none yet.
HITTING = ('dropping', 'exposed', 'impaired', 'latent')
LISTENERS_MAX = 64
PEERS_MAX = 64


def impact(record: Json, hit: Sequence[int]) -> Json:
    """Ids of the namespaces `hit` (indexes), their containers and listeners, and the addresses armed in them."""
    namespaces = [record['namespaces'][index] for index in hit]
    containers: dict[tuple[Any, ...], Json] = {}
    listeners: list[str] = []
    peers: list[str] = []
    for namespace in namespaces:
        for container in [namespace.get('container'), *(namespace.get('also') or [])]:
            if container:
                shown = {name: container.get(name) for name in ('id', 'runtime', 'pod_uid')}
                containers.setdefault(tuple(shown.values()), shown)
        listeners.extend((namespace.get('addresses') or {}).get('listening') or [])
        peers.extend(peer['address'] for peer in namespace.get('peers') or [])
    return {
        'namespaces': [named(namespace) for namespace in namespaces],
        'containers': list(containers.values()),
        'listeners': list(dict.fromkeys(listeners))[:LISTENERS_MAX],
        'peers': list(dict.fromkeys(peers))[:PEERS_MAX],
    }


def named(namespace: Json) -> str:
    """The id of a namespace; its key where the id is not known."""
    name: str = namespace.get('id') or namespace['key']
    return name


def line(record: Json, verdict: str, counting: Sequence[Found]) -> str:
    """The one line a person needs; `counting` are the findings that were not waived."""
    causes = sorted((entry for entry in counting if entry.finding['class'] == verdict), key=_weight)
    if not causes or verdict == 'clean':
        return _without_finding(record, verdict, counting)
    first = causes[0]
    text = _told(first, record)
    fix = first.finding['fix']
    if fix.get('where') == 'host':
        text += '; fix on the host'
    others = len({(entry.rule.id, entry.index) for entry in counting if entry.finding['class'] != 'clean'}) - 1
    return '%s (and %d more)' % (text, others) if others > 0 else text


def _weight(entry: Found) -> tuple[int, int, int, int]:
    """Severest first; then what happens now, the most drops, the node before its containers."""
    finding = entry.finding
    dropped = finding['evidence'].get('dropped')
    drops = dropped if isinstance(dropped, int) else 0
    return SEVERITIES.index(finding['severity']), not finding['active'], -drops, entry.index


def _told(entry: Found, record: Json) -> str:
    finding = entry.finding
    words = {**finding['evidence'], 'where': where(record['namespaces'][entry.index])}
    text = told(entry.rule.summary, words) if entry.rule.summary else '%s (%s)' % (finding['title'], words['where'])
    boot = finding['evidence'].get('next_boot')
    return '%s (from the next boot, by %s)' % (text, _files(boot)) if boot else text


def told(template: str, words: Mapping[str, Any]) -> str:
    """A template with {names} filled in; what is not known is "?"."""

    def word(name: str) -> str:
        value = words.get(name)
        if value is None:
            return '?'
        return '%g' % value if isinstance(value, float) else str(value)

    return PLACEHOLDER.sub(lambda match: word(match[1]), template)


def where(namespace: Json) -> str:
    """What a person calls a namespace."""
    more = ' (and %d alike)' % (namespace['count'] - 1) if namespace['count'] > 1 else ''
    container = namespace.get('container')
    if container:
        runtime = container.get('runtime')
        return 'container %s%s%s' % (container['id'][:12], ' (%s)' % runtime if runtime else '', more)
    if namespace['kind'] == 'host':
        return 'this host'
    if namespace.get('name'):
        return 'namespace %s%s' % (namespace['name'], more)
    return 'namespace %s%s' % (named(namespace), more)


def _files(boot: Json) -> str:
    return ', '.join('%s:%s' % (found['file'], found['line']) for found in boot['lines'].values())


def _without_finding(record: Json, verdict: str, counting: Sequence[Found]) -> str:
    notes = ['; noted: %s' % title for title in dict.fromkeys(entry.finding['title'] for entry in counting)]
    if verdict != 'clean':
        return '%s, although no rule that is enabled says why' % verdict
    entry = record['namespaces'][0]['sysctls'].get(RECYCLE)
    known = entry and entry['value'] is not None
    seen = 'seen ' if any(gap['part'] in sight.SETTING for gap in sight.gaps(record)) else ''
    safe = (
        '%s=%s and nothing %ssets it' % (RECYCLE, entry['value'], seen) if known else 'this kernel has no %s' % RECYCLE
    )
    return 'nothing to do: %s%s' % (safe, ''.join(notes[:1]))
