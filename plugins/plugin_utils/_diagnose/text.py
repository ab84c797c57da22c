# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A diagnosis as people read it, on a terminal or in a file: the conclusion first, then the evidence step by step."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from typing import Any

from ansible_collections.nodetcp.paws.plugins.plugin_utils._text.escape import terminal

Json = dict[str, Any]


def render(document: Json) -> str:
    """Lines of plain text; what comes from nodes is made harmless."""
    lines = [*_conclusion(document), '', *_evidence(document), '', *_ruled_out(document), *_next(document)]
    return '\n'.join(terminal_line(line) for line in lines).rstrip() + '\n'


def terminal_line(line: str) -> str:
    """The line without anything that moves the cursor; its indentation stays."""
    inner = line.lstrip(' ')
    return line[: len(line) - len(inner)] + terminal(inner, 1000)


def _conclusion(document: Json) -> list[str]:
    found, goal = document['conclusion'], document['destination']
    sure = ' (confidence: %s)' % found['confidence'] if found['confidence'] else ''
    return [
        '%s:%d, %s' % (goal['address'], goal['port'], goal['place']),
        'CONCLUSION: %s%s' % (found['title'], sure),
        *('  - %s' % reason for reason in found['why']),
    ]


def place(host: str, namespace: Json) -> str:
    """Where a destination is, in words."""
    container = namespace['container']
    if container:
        names = ''.join(' (%s)' % name for name in namespace['names'][:1])
        return 'container %s%s on %s' % (container['id'][:12], names, host)
    if namespace['kind'] == 'host':
        return host
    return 'network namespace %s on %s' % (namespace['name'] or namespace['id'], host)


def _evidence(document: Json) -> list[str]:
    lines = ['EVIDENCE']
    lines += ['  %d. %s' % (number, step) for number, step in enumerate(document['steps'], 1)]
    return lines


def steps(document: Json) -> list[str]:
    """One sentence for each thing that was done, with what it showed."""
    goal, counters = document['destination'], document['counters']
    said = [
        '%s is the address of %s, kernel %s; %s' % (goal['address'], goal['place'], goal['kernel'], _listening(goal))
    ]
    said += [_tried(source) for source in document['sources']]
    if document['watch']['done']:
        said += [
            'SYNs were watched there: %s' % _arrivals(source) for source in document['sources'] if source['summary']
        ]
    else:
        said.append('SYNs were not watched there: %s' % document['watch']['reason'])
    if counters['seconds'] is None:
        said.append('counters there were not measured: %s' % (counters['reason'] or 'no result'))
    else:
        what = '; '.join(counters['says']) or 'none that says a SYN was dropped moved'
        said.append('counters there over %g s: %s' % (counters['seconds'], what))
    said += _after(goal)
    said += [
        'in %s of the same host: %s' % (_other(entry), '; '.join(entry['says'])) for entry in document['elsewhere']
    ]
    return said


def _listening(goal: Json) -> str:
    if goal['listening'] is None:
        return 'whether anything listens on the port could not be seen'
    return (
        '%s listens' % ', '.join(goal['listening'])
        if goal['listening']
        else 'nothing listens on port %d' % goal['port']
    )


def _after(goal: Json) -> list[str]:
    """What differs from the first look after the attempts."""
    after = goal['after']
    if after['gone']:
        return ['after the attempts its network namespace is gone']
    if None in (goal['listening'], after['listening']) or bool(goal['listening']) == bool(after['listening']):
        return []
    return ['after the attempts %s' % _listening({**goal, 'listening': after['listening']})]


def _tried(source: Json) -> str:
    who = '%s (for comparison)' % source['source'] if source['role'] == 'neutral' else source['source']
    if source['summary'] is None:
        return '%s could not be tried: %s' % (who, source['reason'])
    found = source['summary']
    ended = ', '.join(
        '%d %s' % (found[name], name)
        for name in ('ok', 'refused', 'timeout', 'reset', 'unreachable', 'error')
        if found[name]
    )
    more = []
    if found['syn_retransmits']:
        more.append('%d SYNs sent again' % found['syn_retransmits'])
    if found['milliseconds']:
        more.append('median %g ms' % found['milliseconds']['p50'])
    echo = found['icmp']
    more.append('ping %d of %d' % (echo['received'], echo['sent']) if echo['sent'] else 'ping not available')
    return '%s tried %d times: %s; %s' % (who, found['attempts'], ended, ', '.join(more))


def _arrivals(source: Json) -> str:
    seen = ' as %s' % ', '.join(source['seen_as']) if source['seen_as'] else ''
    return '%d of %d attempts of %s arrived%s' % (
        source['arrived'],
        source['summary']['attempts'],
        source['source'],
        seen,
    )


def _other(entry: Json) -> str:
    container = entry['container']
    return 'container %s' % container['id'][:12] if container else 'network namespace %s' % entry['id']


def _ruled_out(document: Json) -> list[str]:
    lines = []
    for state, title in (('ruled out', 'RULED OUT'), ('open', 'NOT DECIDED')):
        some = [cause for cause in document['causes'] if cause['state'] == state]
        if some:
            lines += [title, *('  - %s: %s' % (cause['title'], '; '.join(cause['why'])) for cause in some), '']
    return lines


def _next(document: Json) -> list[str]:
    lines = []
    for number, step in enumerate(document['next']):
        lines.append('%s%s' % ('NEXT: ' if not number else '  or: ', step['text']))
        if step['command']:
            lines.append('    %s' % step['command'])
    return lines
