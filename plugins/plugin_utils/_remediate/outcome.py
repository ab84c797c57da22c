# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of each host of a remediation, told from the results that its tasks registered on it."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import typing as t
from collections.abc import Mapping

from ansible_collections.nodetcp.paws.plugins.plugin_utils._remediate import exhaustion
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text.values import plain

Json = dict[str, t.Any]
Values = Mapping[str, t.Any]

# Where roles/safe_sysctl registers what its tasks gave.
LOOKED, AGAIN = '__safe_sysctl_looked', '__safe_sysctl_looked_again'
APPLIED, VERIFIED, SETTLED = '__safe_sysctl_applied', '__safe_sysctl_verified', '__safe_sysctl_settled'
UNDONE, DECISION, CONCLUSION = '__safe_sysctl_undone', '__safe_sysctl_decision', '__safe_sysctl_conclusion'

CHANGED, ROLLED_BACK, UNKNOWN, PLANNED, UNTOUCHED = STATES = (
    'changed',
    'rolled back',
    'state unknown',
    'planned',
    'untouched',
)

STOPPED = 'the run stopped before its turn'
NOT_REACHED = 'its change was planned and the run never came to it: run it again, with --limit for this host'


class Course(t.NamedTuple):
    """How a remediation went as a whole.

    refused: why the playbook's plan was not carried out, or ""; stopped: whether a batch of the playbook that failed
    has ended the run early. The role in a play of one's own neither refuses nor stops: it treats each host by itself.
    """

    change_set: str
    check_mode: bool
    refused: str
    stopped: bool


def result(values: Values, name: str) -> Json | None:
    """A registered result, None where the task did not run on the host."""
    found = values.get(name)
    return plain(found) if isinstance(found, Mapping) and not found.get('skipped') else None


def plan_of(values: Values) -> Json | None:
    """The plan that the last look at the host made; None where there is none (not audited, not in full)."""
    looked, again = result(values, LOOKED), result(values, AGAIN)
    last = looked if again is None else again
    if not last or last.get('failed') or last.get('unreachable'):
        return None
    found: Json | None = last.get('plan')
    return found


def trouble(values: Values) -> str | None:
    """What went wrong while the host was changed or verified, None where nothing did."""
    applied = result(values, APPLIED)
    if applied is None:
        return NOT_REACHED
    if applied.get('unreachable'):
        return 'unreachable during the change: %s' % message(applied)
    if applied.get('failed'):
        return message(applied)
    planned = (plan_of(values) or {}).get('changes')
    if applied.get('changed') and applied.get('changes') != planned:
        return 'the node made other changes than planned: something else changed it in between'
    for name, when in ((VERIFIED, 'after the change'), (SETTLED, 'while it was watched after the change')):
        found = result(values, name)
        if found and found.get('unreachable'):
            return 'unreachable %s, over a new connection: %s' % (when, message(found))
        if found and found.get('failed'):
            return message(found)
    return None


def touched(values: Values) -> bool:
    """Whether something on the host may differ from before the run."""
    applied = result(values, APPLIED)
    return bool(applied and (applied.get('unreachable') or applied.get('not_restored') or applied.get('changed')))


def to_change(values: Values) -> Json | None:
    """The plan of a host on which something is to change; None for all others."""
    plan = plan_of(values)
    return plan if plan and plan['changes'] and not plan['refused'] else None


def state(values: Values, course: Course) -> Json:
    """{state, reason: str|None} of a host."""
    if to_change(values) is None:
        return _said(UNTOUCHED, nothing_planned(values))
    if course.refused:
        return _said(UNTOUCHED, 'the plan was refused')
    if course.check_mode:
        return _said(PLANNED, None)
    applied = result(values, APPLIED)
    if applied is None:
        return _said(UNTOUCHED, STOPPED if course.stopped else NOT_REACHED)
    if not touched(values):
        if applied.get('failed'):
            return _said(ROLLED_BACK if applied.get('change_set') else UNTOUCHED, message(applied))
        return _said(UNTOUCHED, 'it was so already when its turn came')
    return _after_change(values, trouble(values))


def _after_change(values: Values, wrong: str | None) -> Json:
    undone = result(values, UNDONE)
    lost = any((result(values, name) or {}).get('unreachable') for name in (APPLIED, VERIFIED, SETTLED))
    if undone is None:
        return _said(UNKNOWN if lost else CHANGED, wrong)
    if undone.get('unreachable'):
        return _said(UNKNOWN, wrong or 'unreachable when it was to be rolled back: %s' % message(undone))
    if undone.get('failed'):
        return _said(UNKNOWN if lost else CHANGED, '%s; rolling back failed: %s' % (wrong or '', message(undone)))
    if undone.get('change_set') is None:
        return _said(UNTOUCHED, '%s; nothing had been changed on it' % wrong)
    return _said(ROLLED_BACK, '; '.join([wrong or 'another host of its batch failed', *(undone.get('notes') or ())]))


def nothing_planned(values: Values) -> str | None:
    """Why nothing is planned for a host; None where it needs nothing."""
    looked = result(values, LOOKED)
    if looked is None:
        return 'not audited'
    plan = plan_of(values)
    if plan is None:
        return 'not audited in full, so nothing is known to be right for it'
    return refusal(plan)


def refusal(plan: Json) -> str | None:
    """Why nothing is planned for a host that needs something; None where nothing stands against it."""
    if not plan['refused']:
        return None
    if (plan.get('forecast') or {}).get('decision') == exhaustion.STOPPED:
        return str(plan['refused'])
    return 'its change cannot be planned: %s' % plan['refused']


def message(found: Json) -> str:
    """The reason a failed result gives, on one line."""
    text = found.get('msg') or found.get('module_stderr') or 'the task failed without a message'
    return ' '.join(str(text).split()).removeprefix('Task failed: ')


def _said(what: str, reason: str | None) -> Json:
    return {'state': what, 'reason': reason}
