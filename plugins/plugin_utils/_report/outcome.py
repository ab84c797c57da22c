# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a run ends: the sentence it fails with, if any."""

from collections.abc import Sequence

from .._messages.catalogue import told
from .._messages.language import word
from .._messages.message import Argument, Message, Said, message
from .._messages.telling import words
from .._shapes.report import FailOn, Gate, GateWord, Host, Report
from .._shapes.verdict import Finding
from .._text import escape
from . import compare, remediation
from . import document as document_of
from .document import rank

_NAMED = 10


def audit_gate(fail_on: FailOn, ignore_unreachable: bool) -> Gate:
    """What ends an audit as failed, as the document of its run keeps it: the variables that ask for it."""
    return {'audit_fail_on': fail_on, 'audit_ignore_unreachable': ignore_unreachable}


def report_gate(fail_on: FailOn, changes: GateWord, wanted: int = 0) -> Gate:
    """The same of a report that is made of stored ones: lost hosts count by their verdict, unknown.

    wanted: how many hosts it must have, 0 where nobody has said.
    """
    gate: Gate = {'audit_fail_on': fail_on, 'report_gate': changes}
    return {**gate, 'report_hosts': wanted} if wanted else gate


def gate_of(document: Report) -> Gate:
    """The gate of the run; one that no verdict fails where the document names none."""
    return document['run'].get('gate') or audit_gate('none', False)


def reaches(verdict: str, gate: Gate) -> bool:
    """Whether a class, of a host or of a finding, is one that the gate is for."""
    return gate['audit_fail_on'] != 'none' and rank(verdict) <= rank(gate['audit_fail_on'])


def ends_run(host: Host, gate: Gate) -> str | None:
    """Why the run ends as failed for this host: its remediation failed, a look is lost, its verdict, its change.

    None where it does not. A report that is made of stored ones does not fail for what their runs did.
    """
    if 'report_gate' not in gate:
        if 'remediation' in host and host['remediation']['failed']:
            return 'remediation'
        if _is_lost(host, gate['audit_ignore_unreachable']):
            return 'lost'
        return 'verdict' if host['status'] == 'ok' and reaches(host['verdict'], gate) else None
    if _is_unreported(host, gate):
        return 'lost'
    if host['status'] != 'skipped' and reaches(host['verdict'], gate):
        return 'verdict' if host['status'] == 'ok' else 'lost'
    return 'change' if _changed(host) in compare.GATES[gate['report_gate']] else None


def finding_ends_run(host: Host, finding: Finding, gate: Gate) -> bool:
    """Whether the run ends as failed for this finding: for its class, or since the baseline did not have it."""
    if finding['waived'] or finding['class'] == 'clean':
        return False
    came = ends_run(host, gate) == 'change' and finding['rule'] in host['change']['rules']
    return came or reaches(finding['class'], gate)


def failure(document: Report, fail_on: str, ignore_unreachable: bool) -> str:
    """Why the run must end non-zero, naming hosts and reasons; empty when it ends well.

    fail_on is a class (that one and worse ones fail the run) or "none". Hosts count for it only with a verdict of
    their own: one that could not be audited fails the run by itself, one that was skipped never does.
    """
    hosts, tongue = document['hosts'], document_of.tongue(document)
    lost = [_lost(host, tongue) for host in hosts if _is_lost(host, ignore_unreachable)]
    said = [message('outcome/lost', **_some(lost))] if lost else []
    said += _nobody(document, 'audit_fail_on', fail_on)
    said += _verdicts([host for host in hosts if host['status'] == 'ok'], fail_on)
    return ' '.join(text for text in (remediation.failure(document), *_told(document, said)) if text)


def failures(document: Report, fail_on: str, ignore_unreachable: bool) -> dict[str, str]:
    """By name, the hosts for which the run must end non-zero, each with its reason; arguments as above."""
    tongue = document_of.tongue(document)
    found = {host['name']: _reason(host, tongue, fail_on, ignore_unreachable) for host in document['hosts']}
    return {name: reason for name, reason in found.items() if reason}


def _reason(host: Host, tongue: str, fail_on: str, ignore_unreachable: bool) -> str:
    if 'remediation' in host and host['remediation']['failed']:
        return remediation.reason(host, tongue)
    if _is_lost(host, ignore_unreachable):
        reason = escape.terminal(words(tongue, host, 'reason'), 1000)
        return told(tongue, message('outcome/blamed', state=_state(host), reason=reason))
    if fail_on != 'none' and host['status'] == 'ok' and rank(host['verdict']) <= rank(fail_on):
        summary = escape.terminal(words(tongue, host, 'summary'), 1000)
        return told(tongue, message('outcome/gated', verdict=word(host['verdict']), summary=summary))
    return ''


def stored(document: Report, fail_on: str) -> list[str]:
    """The sentences on the hosts of a stored document that no report has, and on those that fail_on is for, if any.

    Its run has ended, and may have forgiven lost hosts: here they are what the document calls them, unknown. Nobody has
    forgiven those that no report has.
    """
    gate = gate_of(document)
    lost = [host for host in document['hosts'] if _is_unreported(host, gate)]
    said = [message('outcome/unreported', **_some([_name(host) for host in lost]))] if lost else []
    asked = [host for host in document['hosts'] if host['status'] != 'skipped' and not _is_unreported(host, gate)]
    return _told(document, [*said, *_nobody(document, 'audit_fail_on', fail_on), *_verdicts(asked, fail_on)])


def changes(document: Report, gate: str) -> list[str]:
    """The sentence on the hosts that changed for the worse since the baseline, if any and if the gate is for them.

    A host that was audited then and is not in the document is no longer audited, and one of them.
    """
    failing = compare.GATES[gate]
    bad = [host for host in document['hosts'] if _changed(host) in failing]
    gone = document['comparison']['gone_audited'] if failing and 'comparison' in document else []
    named = [message('outcome/changed', name=_name(host), change=compare.said(host)) for host in bad]
    named += [message('outcome/gone', name=escape.host(name)) for name in gone]
    worse = [message('outcome/changes', **_some(named))] if named else []
    return _told(document, [*_nobody(document, 'report_gate', gate), *worse])


def _nobody(document: Report, name: str, gate: str) -> list[Message]:
    """The sentence on a document without hosts, which no gate may let pass, if it is one."""
    return [] if document['hosts'] or gate == 'none' else [message('outcome/nobody', name=name, gate=gate)]


def _verdicts(hosts: Sequence[Host], fail_on: str) -> list[Message]:
    """The sentence on the hosts whose verdict is of the class fail_on or worse, if any."""
    if fail_on == 'none':
        return []
    bad = [message('outcome/host', **_host(host)) for host in hosts if rank(host['verdict']) <= rank(fail_on)]
    return [message('outcome/verdicts', worst=word(fail_on), **_some(bad))] if bad else []


def _told(document: Report, said: Sequence[Message]) -> list[str]:
    return [told(document_of.tongue(document), each) for each in said]


def _changed(host: Host) -> str | None:
    return host['change']['change'] if 'change' in host else None


def _is_unreported(host: Host, gate: Gate) -> bool:
    return host.get('unreported', False) and 'report_hosts' in gate


def _is_lost(host: Host, ignore_unreachable: bool) -> bool:
    """Whether a look at the host is missing that nobody left out or forgives."""
    ended = host.get('second_look') if host['status'] == 'ok' else host['status']
    return ended == 'failed' or (ended == 'unreachable' and not ignore_unreachable)


def _lost(host: Host, tongue: str) -> Message:
    reason = escape.terminal(words(tongue, host, 'reason'), 200)
    return message('outcome/lost-host', name=_name(host), state=_state(host), reason=reason)


def _state(host: Host) -> Said:
    """How the look at a host that is lost ended."""
    return word('incomplete' if host['status'] == 'ok' else host['status'])


def _host(host: Host) -> dict[str, Said]:
    return {'name': _name(host), 'state': word(host['verdict'] if host['status'] == 'ok' else host['status'])}


def _name(host: Host) -> str:
    return escape.host(host['name'])


def _some(named: Sequence[Said]) -> dict[str, Argument]:
    """The arguments of a sentence on hosts: the first of them, and how many more there are."""
    return {'number': len(named), 'named': list(named[:_NAMED]), 'more': max(0, len(named) - _NAMED)}
