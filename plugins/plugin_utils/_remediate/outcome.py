# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of each host of a remediation, told from the results that its tasks registered on it."""

import typing as t
from collections.abc import Mapping

from .._messages.message import Message, Said, message
from .._messages.telling import all_said, said
from .._shapes.remediation import Plan, State, StateOf
from .._text.escape import shorten
from .._text.values import plain
from . import exhaustion

#: The variables of a host.
Values = Mapping[str, object]

# Where roles/safe_sysctl registers what its tasks gave.
LOOKED, AGAIN = '__safe_sysctl_looked', '__safe_sysctl_looked_again'
APPLIED, VERIFIED, SETTLED = '__safe_sysctl_applied', '__safe_sysctl_verified', '__safe_sysctl_settled'
UNDONE, DECISION, CONCLUSION = '__safe_sysctl_undone', '__safe_sysctl_decision', '__safe_sysctl_conclusion'

STATES: tuple[State, ...] = t.get_args(State)
CHANGED, ROLLED_BACK, UNKNOWN, PLANNED, UNTOUCHED = STATES

STOPPED, NOT_REACHED = message('remediation/stopped'), message('remediation/not-reached')
#: Characters of what a failed task says.
_REASON_LIMIT = 1000
#: Notes of a rollback that become part of a reason, and the characters of each.
_NOTES, _NOTE_LIMIT = 10, 300


class Course(t.NamedTuple):
    """How a remediation went as a whole.

    refused: why the playbook's plan was not carried out, or ""; stopped: whether a batch of the playbook that failed
    has ended the run early. The role in a play of one's own neither refuses nor stops: it treats each host by itself.
    """

    change_set: str
    check_mode: bool
    refused: Said
    stopped: bool


def result(values: Values, name: str) -> dict[str, object] | None:
    """A registered result, None where the task did not run on the host."""
    found = values.get(name)
    return dict(plain(found)) if isinstance(found, Mapping) and not found.get('skipped') else None


def plan_of(values: Values) -> Plan | None:
    """The plan that the last look at the host made; None where there is none (not audited, not in full)."""
    looked, again = result(values, LOOKED), result(values, AGAIN)
    last = looked if again is None else again
    if not last or last.get('failed') or last.get('unreachable'):
        return None
    return t.cast('Plan | None', last.get('plan'))


def trouble(values: Values) -> Said | None:
    """What went wrong while the host was changed or verified, None where nothing did."""
    applied = result(values, APPLIED)
    if applied is None:
        return NOT_REACHED
    if applied.get('unreachable'):
        return message('remediation/lost-in-change', reason=message_of(applied))
    if applied.get('failed'):
        return message_of(applied)
    plan = plan_of(values)
    if applied.get('changed') and applied.get('changes') != (plan and plan['changes']):
        return message('remediation/other-changes')
    return _unverified(values)


def _unverified(values: Values) -> Said | None:
    for name in (VERIFIED, SETTLED):
        found = result(values, name)
        if found and found.get('unreachable'):
            why = message_of(found)
            after = message('remediation/lost-after', reason=why)
            return after if name == VERIFIED else message('remediation/lost-watching', reason=why)
        if found and found.get('failed'):
            return message_of(found)
    return None


def touched(values: Values) -> bool:
    """Whether something on the host may differ from before the run."""
    applied = result(values, APPLIED)
    return bool(applied and (applied.get('unreachable') or applied.get('not_restored') or applied.get('changed')))


def to_change(values: Values) -> Plan | None:
    """The plan of a host on which something is to change; None for all others."""
    plan = plan_of(values)
    return plan if plan and plan['changes'] and not plan['refused'] else None


def state(values: Values, course: Course) -> StateOf:
    """{state, reason: Said or None} of a host."""
    if to_change(values) is None:
        return _said(UNTOUCHED, nothing_planned(values))
    if course.refused:
        return _said(UNTOUCHED, message('remediation/refused'))
    if course.check_mode:
        return _said(PLANNED, None)
    applied = result(values, APPLIED)
    if applied is None:
        return _said(UNTOUCHED, STOPPED if course.stopped else NOT_REACHED)
    if not touched(values):
        if applied.get('failed'):
            return _said(ROLLED_BACK if applied.get('change_set') else UNTOUCHED, message_of(applied))
        return _said(UNTOUCHED, message('remediation/already'))
    return _after_change(values, trouble(values))


def _after_change(values: Values, wrong: Said | None) -> StateOf:
    undone = result(values, UNDONE)
    lost = any((result(values, name) or {}).get('unreachable') for name in (APPLIED, VERIFIED, SETTLED))
    if undone is None:
        return _unknown(values, wrong) if lost else _said(CHANGED, wrong)
    if undone.get('unreachable'):
        return _unknown(values, wrong or message('remediation/lost-in-undo', reason=message_of(undone)))
    if undone.get('failed'):
        failed = message('remediation/undo-failed', wrong=wrong, reason=message_of(undone))
        return _unknown(values, failed) if lost else _said(CHANGED, failed)
    if undone.get('change_set') is None:
        return _said(UNTOUCHED, message('remediation/nothing-changed', wrong=wrong))
    why = wrong or message('remediation/other-failed')
    return _said(ROLLED_BACK, message('remediation/undone', wrong=why, notes=_notes(undone)))


def _unknown(values: Values, wrong: Said | None) -> StateOf:
    """With a time for the confirmation the node needs nobody: it says so, and when."""
    plan = plan_of(values)
    seconds = plan.get('confirm_timeout') if plan else None
    return _said(UNKNOWN, message('remediation/will-undo', wrong=wrong, seconds=seconds) if seconds else wrong)


def _notes(undone: Mapping[str, object]) -> list[Said]:
    notes = all_said(undone, 'notes')[:_NOTES]
    return [note if isinstance(note, Message) else shorten(note, _NOTE_LIMIT) for note in notes]


def nothing_planned(values: Values) -> Said | None:
    """Why nothing is planned for a host; None where it needs nothing."""
    looked = result(values, LOOKED)
    if looked is None:
        return message('remediation/not-audited')
    plan = plan_of(values)
    if plan is None:
        return message('remediation/not-in-full')
    return refusal(plan)


def refusal(plan: Plan) -> Said | None:
    """Why nothing is planned for a host that needs something; None where nothing stands against it."""
    if not plan['refused']:
        return None
    forecast = plan.get('forecast')
    if forecast and forecast['decision'] == exhaustion.STOPPED:
        return said(plan, 'refused')
    return message('remediation/unplannable', reason=said(plan, 'refused'))


def message_of(found: Mapping[str, object]) -> Said:
    """The reason that a failed result gives: its message, or its text on one line without what core 2.19 puts first."""
    why = said(plain({name: found[name] for name in ('msg', 'messages') if name in found}), 'msg')
    if isinstance(why, Message):
        return why
    for key in ('msg', 'module_stderr', 'stderr'):
        text = plain(found.get(key))
        if isinstance(text, str) and text.strip():
            return shorten(' '.join(text.split()).removeprefix('Task failed: '), _REASON_LIMIT)
    return message('entry/no-message')


def _said(what: State, reason: Said | None) -> StateOf:
    return {'state': what, 'reason': reason}
