# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of a report that tells what a remediation did: per host, as a whole, and how to undo it."""

import shlex
import typing as t
from collections.abc import Mapping, Sequence

from .._messages import catalogue
from .._messages.message import Argument, Message, Said, message
from .._messages.telling import said, spoken
from .._messages.telling import words as translated
from .._remediate import outcome
from .._shapes.remediation import Done, Plan, RemediationPart
from .._shapes.report import Host, Report
from .._text.escape import host as host_name
from .._text.escape import shorten, terminal
from .._text.values import Given, plain
from .._variables import host_pattern, settings
from . import entries
from .document import tongue

_NAMED = 10
COMMAND_LIMIT = 8000
_REASON_LIMIT, _NAMED_LIMIT = 1000, 600
_STATES: dict[str, Message] = {
    outcome.CHANGED: message('remediation/changed'),
    outcome.ROLLED_BACK: message('remediation/rolled-back'),
    outcome.UNKNOWN: message('remediation/unknown'),
    outcome.PLANNED: message('remediation/planned'),
    outcome.UNTOUCHED: message('remediation/untouched'),
}


class WayBack(t.NamedTuple):
    """The words of the command that undoes a change set; scope: those that keep it to the hosts of this run."""

    rollback: Sequence[str]
    scope: Sequence[str]

    def command(self, change_set: str, more: Sequence[str]) -> str:
        """The whole command, for a shell."""
        return shlex.join([*self.rollback, '-e', 'rollback_change_set=%s' % change_set, *more])

    def told(self, change_set: str) -> Message:
        """What a person needs to undo the run, whatever becomes of it."""
        command = terminal(self.command(change_set, self.scope), COMMAND_LIMIT)
        return message('remediation/undo', change_set=change_set, command=command)


def course(hostvars: Given, hosts: Sequence[str], change_set: str, check_mode: bool) -> outcome.Course | None:
    """How this run's remediation went, None in a run that only audits; hosts: of the whole play."""
    if not any(outcome.LOOKED in settings.registered(hostvars, host) for host in hosts):
        return None
    known = [hostvars.raw_get(host) for host in hosts]
    # Only the playbook decides for all hosts, and all of them share that decision.
    decision = next((values[outcome.DECISION] for values in known if outcome.DECISION in values), None)
    if decision is None:
        return outcome.Course(change_set, check_mode, '', False)
    stopped = any((values.get(outcome.CONCLUSION) or {}).get('stop') for values in known)
    return outcome.Course(change_set, check_mode, said(plain(decision), 'refused') or '', bool(stopped))


def looks(values: Mapping[str, object]) -> tuple[object, object]:
    """The first look and the second one, as the plan of a remediation registered them."""
    return values.get(outcome.LOOKED), values.get(outcome.AGAIN)


def told(entry: Host, values: Mapping[str, object], run: outcome.Course, back: WayBack) -> Host:
    """The entry of a host as it is after the remediation, with what was done: state, changes, and how to undo them."""
    name = entry['name']
    state = outcome.state(values, run)
    if state['state'] == outcome.UNKNOWN:
        reason = message('remediation/unknown-with', change_set=run.change_set, reason=state['reason'])
        entry = entries.unobserved(name, entry['groups'], 'unreachable', reason)
    elif state['state'] == outcome.CHANGED:
        entry = _after(entry, values)
    plan = outcome.plan_of(values)
    forecast = plan.get('forecast') if plan else None
    if forecast:
        entry['forecast'] = forecast
    shown = state['state'] in (outcome.CHANGED, outcome.ROLLED_BACK, outcome.UNKNOWN, outcome.PLANNED)
    undo = state['state'] in (outcome.CHANGED, outcome.UNKNOWN)
    done: Done = {
        'state': state['state'],
        'reason': state['reason'],
        'failed': _failure(values, run, plan),
        'changes': plan['changes'] if plan and shown else [],
        'left': plan['left'] if plan else [],
        'undo': back.command(run.change_set, ['--limit', host_pattern.of(name)]) if undo else None,
    }
    done = spoken(done)
    if done['reason']:
        done['reason'] = shorten(str(done['reason']), _REASON_LIMIT)
    return {**entry, 'remediation': done}


def section(hosts: Sequence[Host], run: outcome.Course, back: WayBack) -> RemediationPart:
    """The document's part on the whole run."""
    found = [host['remediation'] for host in hosts if 'remediation' in host]
    part: RemediationPart = {
        'change_set': run.change_set,
        'check_mode': run.check_mode,
        'refused': run.refused or None,
        'states': {name: sum(entry['state'] == name for entry in found) for name in outcome.STATES},
        'undo': back.command(run.change_set, back.scope) if any(entry['undo'] for entry in found) else None,
    }
    return spoken(part)


def failure(document: Report) -> str:
    """Why a remediation must end as failed, host by host; empty when it ends well, or there was none."""
    part, language = document.get('remediation'), tongue(document)
    if not part:
        return ''
    if part['refused']:
        refused = terminal(translated(language, part, 'refused'), 2000)
        return catalogue.told(language, message('remediation/run-refused', reason=refused))
    failed = [host for host in document['hosts'] if 'remediation' in host and host['remediation']['failed']]
    if not failed:
        return ''
    named = [
        message('remediation/failed-host', host=host_name(host['name']), reason=reason(host, language))
        for host in failed[:_NAMED]
    ]
    more = max(len(failed) - _NAMED, 0)
    return catalogue.told(language, message('remediation/run-failed', hosts=named, more=more, totals=_totals(part)))


def lines(part: RemediationPart, language: str) -> list[str]:
    """What a person needs below the table."""
    told = [message('remediation/totals', totals=_totals(part))]
    if part['refused']:
        told.append(message('remediation/nothing', reason=terminal(translated(language, part, 'refused'), 2000)))
    if part['undo']:
        command = terminal(part['undo'], COMMAND_LIMIT)
        told.append(message('remediation/undo', change_set=part['change_set'], command=command))
    return [catalogue.told(language, each) for each in told]


def label(host: Host, decided: RemediationPart | None, language: str) -> str:
    """What the table says of a host before its summary; empty in a run that only audits."""
    found = host.get('remediation')
    if not found or not decided:
        return ''
    why = translated(language, found, 'reason')
    if found['state'] == outcome.UNKNOWN:
        unknown = message('remediation/unknown-with', change_set=decided['change_set'], reason=why)
        return catalogue.told(language, unknown)
    return catalogue.told(language, message('remediation/of-host', state=_state(found['state']), reason=why))


def reason(host: Host, language: str) -> str:
    """What the remediation did on a host on which it failed, and why."""
    found = host['remediation']
    why = terminal(translated(language, found, 'reason') or '', _NAMED_LIMIT)
    return catalogue.told(language, message('remediation/of-host', state=_state(found['state']), reason=why))


def _totals(part: RemediationPart) -> list[Argument]:
    """3 changed, 1 rolled back"""
    counted = ((number, _state(state)) for state, number in part['states'].items() if number)
    said: list[Argument] = [message('remediation/counted', number=number, state=state) for number, state in counted]
    return said or [message('remediation/no-hosts')]


def _state(name: str) -> Said:
    """A state in words; a stored one that this version does not know as it is."""
    return _STATES.get(name, name)


def _after(entry: Host, values: Mapping[str, object]) -> Host:
    """The host as the last look after the change saw it; as before where there was none."""
    for name in (outcome.SETTLED, outcome.VERIFIED):
        seen = outcome.result(values, name)
        if seen and 'verdict' in seen:
            return entries.observed(entry['name'], entry['groups'], seen)
    return entry


def _failure(values: Mapping[str, object], run: outcome.Course, plan: Plan | None) -> bool:
    """Whether this host is a reason for the run to fail; one is not whose turn did not come because another failed."""
    if plan and plan['refused']:
        return True
    if run.refused or run.check_mode or not plan or not plan['changes']:
        return False
    if run.stopped and outcome.result(values, outcome.APPLIED) is None:
        return False
    return bool(outcome.trouble(values))
