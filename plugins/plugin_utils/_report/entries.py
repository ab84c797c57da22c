# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Host entries of the document, from what the observing tasks left behind on each host."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import typing as t
from collections.abc import Mapping

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.vocabulary import CLASSES
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.document import Json
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text.escape import shorten
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text.values import plain

_REASON_LIMIT = 1000
PENDING = 'not audited: no result of this host was there when the report was written'
SKIPPED = 'the audit task was skipped on this host (a condition or tag of the play)'
LOST = 'the play went on without this host before it was audited (an earlier task failed on it, or it was unreachable)'


def observed(name: str, groups: list[str], result: Mapping[str, t.Any]) -> Json:
    """Entry of a host with a verdict; result is what paws_audit returned or verdict.judge with parts of the record."""
    return {
        'name': name,
        'groups': groups,
        'status': 'ok',
        'reason': None,
        'verdict': plain(result['verdict']),
        'summary': plain(result.get('summary')) or '',
        'exposure': plain(result.get('exposure')) or 'unknown',
        'evidence': plain(result.get('evidence')) or 'unknown',
        'impact': _impact(plain(result.get('impact')) or {}),
        'findings': plain(result.get('findings')) or [],
        'namespaces': plain(result.get('namespaces')) or [],
        'next_boot': plain(result.get('next_boot')) or {},
        'kernel': plain(result.get('kernel')),
        'source': plain(result.get('source')),
        'unavailable': plain(result.get('unavailable')) or {},
        'unseen': plain(result.get('unseen')) or [],
        'profile': plain(result.get('profile')),
        'change_set': _in_force(plain(result.get('change_sets')) or []),
    }


def unobserved(name: str, groups: list[str], status: str, reason: str) -> Json:
    """Entry of a host without a verdict: failed, unreachable or skipped, and why."""
    reason = shorten(' '.join(reason.split()) or 'no reason was given', _REASON_LIMIT)
    entry = observed(name, groups, {'verdict': 'unknown', 'summary': '%s: %s' % (status, reason)})
    entry.update(status=status, reason=reason)
    return entry


def from_results(name: str, groups: list[str], first: t.Any, window: t.Any) -> Json | None:
    """Entry from the registered results of the first look and of the window; None when there is no result at all.

    The window's verdict wins. When the second look failed, the first one's verdict stands, and the reason says so:
    what was seen must not be lost. second_look keeps the status of that look, for whom unreachable hosts do not count.
    """
    if not isinstance(first, Mapping):
        return None
    for status in ('unreachable', 'failed'):
        if first.get(status):
            return lost(name, groups, status, first)
    if first.get('skipped'):
        return unobserved(name, groups, 'skipped', SKIPPED)
    if first.get('verdict') not in CLASSES:
        return unobserved(name, groups, 'failed', 'the audit task returned no verdict that this collection knows')
    window = first.get('second_look') if window is None else window
    if not isinstance(window, Mapping) or window.get('skipped'):
        return observed(name, groups, first)
    if window.get('verdict') in CLASSES and not (window.get('failed') or window.get('unreachable')):
        return observed(name, groups, window)
    return _half_seen(observed(name, groups, first), window)


def _half_seen(entry: Json, window: Mapping[str, t.Any]) -> Json:
    """The entry of the first look, with what became of the second one."""
    ended, said = ('unreachable', 'found the host unreachable') if window.get('unreachable') else ('failed', 'failed')
    reason = shorten('the second look, after audit_window seconds, %s: %s' % (said, _message(window)), _REASON_LIMIT)
    unseen = [*entry['unseen'], {'part': 'second_look', **dict.fromkeys(('number', 'of', 'cure'))}]
    told = {'unavailable': {**entry['unavailable'], 'window': reason}, 'unseen': unseen}
    return {**entry, 'reason': reason, 'second_look': ended, **told}


def lost(name: str, groups: list[str], status: str, result: Mapping[str, t.Any]) -> Json:
    """Entry of a host whose look failed, or that was unreachable, with the reason that the result gives."""
    return unobserved(name, groups, status, _message(result))


def missing(alive: bool) -> tuple[str, str]:
    """Status and reason of a host without any result; alive: the play still has it."""
    return ('skipped', PENDING) if alive else ('failed', LOST)


def _message(result: Mapping[str, t.Any]) -> str:
    """The reason a failed result gives: its msg (without what core 2.19 puts before it), else its standard error."""
    for key in ('msg', 'module_stderr', 'stderr'):
        text = plain(result.get(key))
        if isinstance(text, str) and text.strip():
            return ' '.join(text.split()).removeprefix('Task failed: ')
    return 'the task failed without a message'


def _in_force(change_sets: list[Json]) -> str | None:
    """The newest change set that can be undone; change_sets: of a record, the newest first."""
    return next((each['id'] for each in change_sets if each.get('state') in ('applied', 'pending')), None)


def _impact(impact: Json) -> Json:
    return {key: impact.get(key) or [] for key in ('namespaces', 'containers', 'listeners', 'peers')}
