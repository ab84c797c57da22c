# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rollback gave, host by host, as text. Pure."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import typing as t
from collections.abc import Mapping

from ansible_collections.nodetcp.paws.plugins.plugin_utils._remediate.outcome import message
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text.escape import terminal

Json = dict[str, t.Any]

#: Where roles/rollback registers what its task gave.
RESULT = '__rollback_result'
_ROWS = 200


def text(results: Mapping[str, Json | None], check_mode: bool = False) -> str:
    """A few lines for each host, those with something to say first; results: by host, None for one without."""
    told = sorted((_host(name, found, check_mode) for name, found in results.items()), key=lambda each: each[0])
    lines = [line for _rank, some in told[:_ROWS] for line in some]
    more = ['and %d more hosts' % (len(told) - _ROWS)] if len(told) > _ROWS else []
    return '\n%s\n' % '\n'.join([*lines, *more])


def _host(name: str, found: Json | None, check_mode: bool) -> tuple[int, list[str]]:
    host = terminal(name, 80)
    if found is None or found.get('unreachable') or found.get('failed'):
        label = 'unreachable' if found and found.get('unreachable') else 'failed'
        return 0, ['%s  %s  %s' % (host, label, terminal(message(found) if found else 'no result', 1000))]
    if not found.get('changed'):
        there = found.get('change_set')
        why = 'change set %s needs no undo' % terminal(str(there), 80) if there else 'it has no such change set'
        return 3, ['%s  untouched  %s' % (host, why), *_held(found), *_notes(found)]
    label = 'would be rolled back' if check_mode else 'rolled back'
    number = len(found.get('restored') or ())
    told = terminal(str(found.get('change_set')), 80)
    lines = ['%s  %s  change set %s: %d restored' % (host, label, told, number), *_held(found)]
    return (1 if found.get('held') else 2), [*lines, *_notes(found)]


def _notes(found: Json) -> list[str]:
    return ['  note: %s' % terminal(note) for note in found.get('notes') or ()]


def _held(found: Json) -> list[str]:
    lines = []
    for entry in found.get('held') or ():
        place = _place(entry) if entry['file'] else 'running in %s' % entry['namespace']
        value = terminal('%s = %s' % (entry['key'], entry['value']))
        lines.append('  held back  %s (%s); rollback_restore_unsafe=true restores it' % (value, terminal(place)))
    return lines


def _place(entry: Json) -> str:
    """A file that could not be read has no line."""
    return str(entry['file']) if entry['line'] is None else '%s:%s' % (entry['file'], entry['line'])
