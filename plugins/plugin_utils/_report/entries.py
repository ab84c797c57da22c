# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Host entries of the document, from what the observing tasks left behind on each host."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import typing as t
from collections.abc import Mapping

from ansible_collections.nodetcp.paws.plugins.module_utils._node.transaction.state_dir import IN_FORCE
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.vocabulary import CLASSES
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages import telling
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import Message, Said, message
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import spoken
from ansible_collections.nodetcp.paws.plugins.plugin_utils._remediate import outcome
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.document import Json
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text.escape import shorten
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text.values import plain

_REASON_LIMIT = 1000
_PENDING = message('entry/pending')


def observed(name: str, groups: list[str], result: Mapping[str, t.Any]) -> Json:
    """Entry of a host with a verdict; result is what paws_audit returned or verdict.judge with parts of the record."""
    entry = {
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
    messages = result.get('messages')
    if not isinstance(messages, Mapping) or 'summary' not in messages:
        return entry
    return {**entry, 'messages': {'summary': plain(messages['summary'])}}


def unobserved(name: str, groups: list[str], status: str, reason: Said) -> Json:
    """Entry of a host without a verdict: failed, unreachable or skipped, and why."""
    if not isinstance(reason, Message):
        reason = shorten(' '.join(reason.split()), _REASON_LIMIT) or message('entry/no-reason')
    entry = observed(name, groups, {'verdict': 'unknown'})
    said = {'reason': reason, 'summary': message('entry/of-status', status=status, reason=reason)}
    return {**entry, 'status': status, **spoken(said)}


def is_pending(entry: Json) -> bool:
    """Whether it is the entry of a host that is still to be audited."""
    return bool(entry['status'] == 'skipped' and telling.said(entry, 'reason') == _PENDING)


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
        return unobserved(name, groups, 'skipped', message('entry/skipped'))
    if first.get('verdict') not in CLASSES:
        return unobserved(name, groups, 'failed', message('entry/no-verdict'))
    window = first.get('second_look') if window is None else window
    if not isinstance(window, Mapping) or window.get('skipped'):
        return observed(name, groups, first)
    if window.get('verdict') in CLASSES and not (window.get('failed') or window.get('unreachable')):
        return observed(name, groups, window)
    return _half_seen(observed(name, groups, first), window)


def _half_seen(entry: Json, window: Mapping[str, t.Any]) -> Json:
    """The entry of the first look, with what became of the second one."""
    why = outcome.message_of(window)
    if window.get('unreachable'):
        ended, reason = 'unreachable', message('entry/second-look-unreachable', why=why)
    else:
        ended, reason = 'failed', message('entry/second-look-failed', why=why)
    unseen = [*entry['unseen'], {'part': 'second_look', **dict.fromkeys(('number', 'of', 'cure'))}]
    said = spoken({'reason': reason})
    return {
        **entry,
        'reason': said['reason'],
        'messages': {**entry.get('messages', {}), **said['messages']},
        'second_look': ended,
        'unavailable': {**entry['unavailable'], 'window': said['reason']},
        'unseen': unseen,
    }


def lost(name: str, groups: list[str], status: str, result: Mapping[str, t.Any]) -> Json:
    """Entry of a host whose look failed, or that was unreachable, with the reason that the result gives."""
    return unobserved(name, groups, status, outcome.message_of(result))


def missing(alive: bool) -> tuple[str, Message]:
    """Status and reason of a host without any result; alive: the play still has it."""
    return ('skipped', _PENDING) if alive else ('failed', message('entry/lost'))


def _in_force(change_sets: list[Json]) -> str | None:
    """The newest change set that can be undone; change_sets: of a record, the newest first."""
    return next((each['id'] for each in change_sets if each.get('state') in IN_FORCE), None)


def _impact(impact: Json) -> Json:
    return {key: impact.get(key) or [] for key in ('namespaces', 'containers', 'listeners', 'peers')}
