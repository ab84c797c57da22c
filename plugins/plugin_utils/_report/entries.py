# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Host entries of the document, from what the observing tasks left behind on each host."""

from collections.abc import Mapping, Sequence
from typing import Literal, cast

from ...module_utils._node.transaction.state_dir import IN_FORCE
from .._judge.vocabulary import CLASSES
from .._messages.message import Message, Said, message
from .._messages.telling import spoken
from .._remediate import outcome
from .._shapes.record import RecordedSet
from .._shapes.report import Host, Observed, Status
from .._shapes.verdict import Impact, Unseen
from .._text.escape import shorten
from .._text.values import plain

_REASON_LIMIT = 1000
_PENDING = message('entry/pending')


def observed(name: str, groups: list[str], result: Mapping[str, object]) -> Host:
    """Entry of a host with a verdict; result is what paws_audit returned or verdict.judge with parts of the record."""
    told = cast(Observed, plain({part: result[part] for part in Observed.__annotations__ if part in result}))
    entry: Host = {
        'name': name,
        'groups': groups,
        'status': 'ok',
        'reason': None,
        'verdict': told['verdict'],
        'summary': told.get('summary') or '',
        'exposure': told.get('exposure') or 'unknown',
        'evidence': told.get('evidence') or 'unknown',
        'impact': _impact(told.get('impact')),
        'findings': told.get('findings') or [],
        'namespaces': told.get('namespaces') or [],
        'next_boot': told.get('next_boot') or {},
        'kernel': told.get('kernel'),
        'source': told.get('source'),
        'unavailable': told.get('unavailable') or {},
        'unseen': told.get('unseen') or [],
        'profile': told.get('profile'),
        'change_set': _in_force(told.get('change_sets') or []),
    }
    cluster = told.get('cluster')
    if cluster:
        entry['cluster'] = cluster
    messages = told.get('messages')
    if isinstance(messages, dict) and 'summary' in messages:
        entry['messages'] = {'summary': messages['summary']}
    return entry


def unobserved(name: str, groups: list[str], status: Status, reason: Said) -> Host:
    """Entry of a host without a verdict: failed, unreachable or skipped, and why."""
    if not isinstance(reason, Message):
        reason = shorten(' '.join(reason.split()), _REASON_LIMIT) or message('entry/no-reason')
    entry = observed(name, groups, {'verdict': 'unknown'})
    summary = message('entry/of-status', status=status, reason=reason)
    told: Host = {**entry, 'status': status, 'reason': reason, 'summary': summary}
    return spoken(told)


def from_results(name: str, groups: list[str], first: object, window: object) -> Host | None:
    """Entry from the registered results of the first look and of the window; None when there is no result at all.

    The window's verdict wins. When the second look failed, the first one's verdict stands, and the reason says so:
    what was seen must not be lost. second_look keeps the status of that look, for whom unreachable hosts do not count.
    """
    if not isinstance(first, Mapping):
        return None
    if first.get('unreachable') or first.get('failed'):
        return lost(name, groups, 'unreachable' if first.get('unreachable') else 'failed', first)
    if first.get('skipped'):
        return unobserved(name, groups, 'skipped', message('entry/skipped'))
    if first.get('journaled'):
        return unobserved(name, groups, 'failed', message('entry/unkept'))
    if first.get('verdict') not in CLASSES:
        return unobserved(name, groups, 'failed', message('entry/no-verdict'))
    window = first.get('second_look') if window is None else window
    if not isinstance(window, Mapping) or window.get('skipped'):
        return observed(name, groups, first)
    if window.get('verdict') in CLASSES and not (window.get('failed') or window.get('unreachable')):
        return observed(name, groups, window)
    return half_seen(observed(name, groups, first), window)


def half_seen(entry: Host, window: Mapping[str, object]) -> Host:
    """The entry of the first look, with what became of the second one."""
    why = outcome.message_of(window)
    ended: Literal['failed', 'unreachable']
    if window.get('unreachable'):
        ended, reason = 'unreachable', message('entry/second-look-unreachable', why=why)
    else:
        ended, reason = 'failed', message('entry/second-look-failed', why=why)
    gap: Unseen = {'part': 'second_look', 'number': None, 'of': None, 'cure': None}
    found: Host = {**entry, 'reason': reason, 'second_look': ended, 'unseen': [*entry['unseen'], gap]}
    found['unavailable'] = {**entry['unavailable'], 'window': str(reason)}
    return spoken(found)


def lost(name: str, groups: list[str], status: Status, result: Mapping[str, object]) -> Host:
    """Entry of a host whose look failed, or that was unreachable, with the reason that the result gives."""
    return unobserved(name, groups, status, outcome.message_of(result))


def unreported(name: str) -> Host:
    """Entry of a host that a merged report should have, and that none of the reports has."""
    return {**unobserved(name, [], 'failed', message('entry/unreported')), 'unreported': True}


def missing(alive: bool) -> tuple[Status, Message]:
    """Status and reason of a host without any result; alive: the play still has it."""
    return ('skipped', _PENDING) if alive else ('failed', message('entry/lost'))


def _in_force(change_sets: Sequence[RecordedSet]) -> str | None:
    """The newest change set that can be undone; change_sets: of a record, the newest first."""
    return next((each['id'] for each in change_sets if each.get('state') in IN_FORCE), None)


def _impact(impact: Impact | None) -> Impact:
    return impact or {'namespaces': [], 'containers': [], 'listeners': [], 'peers': []}
