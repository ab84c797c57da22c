# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a run ends: the sentence it fails with, if any."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from collections.abc import Sequence

from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import compare, remediation
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.document import Json, rank
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text import escape

_NAMED = 10


def failure(document: Json, fail_on: str, ignore_unreachable: bool) -> str:
    """Why the run must end non-zero, naming hosts and reasons; empty when it ends well.

    fail_on is a class (that one and worse ones fail the run) or "none". Hosts count for it only with a verdict of
    their own: one that could not be audited fails the run by itself, one that was skipped never does.
    """
    hosts = document['hosts']
    lost = [host for host in hosts if _is_lost(host, ignore_unreachable)]
    sentences = [text for text in [remediation.failure(document)] if text]
    if lost:
        named = ['%s %s (%s)' % (_name(host), _state(host), escape.terminal(host['reason'], 200)) for host in lost]
        sentences.append('%s not audited in full: %s.' % (_count(len(lost)), _some(named)))
    sentences += _nobody(document, 'audit_fail_on', fail_on)
    return ' '.join([*sentences, *_verdicts([host for host in hosts if host['status'] == 'ok'], fail_on)])


def failures(document: Json, fail_on: str, ignore_unreachable: bool) -> dict[str, str]:
    """By name, the hosts for which the run must end non-zero, each with its reason; arguments as above."""
    found = {host['name']: _reason(host, fail_on, ignore_unreachable) for host in document['hosts']}
    return {name: reason for name, reason in found.items() if reason}


def _reason(host: Json, fail_on: str, ignore_unreachable: bool) -> str:
    if (host.get('remediation') or {}).get('failed'):
        return remediation.reason(host)
    if _is_lost(host, ignore_unreachable):
        return '%s: %s' % (_state(host), escape.terminal(host['reason'], 1000))
    if fail_on != 'none' and host['status'] == 'ok' and rank(host['verdict']) <= rank(fail_on):
        return '%s (audit_fail_on): %s' % (host['verdict'], escape.terminal(host['summary'], 1000))
    return ''


def stored(document: Json, fail_on: str) -> list[str]:
    """The sentence on the hosts of a stored document that fail_on is for, if any.

    Its run has ended, and may have forgiven lost hosts: here they are what the document calls them, unknown.
    """
    return _nobody(document, 'audit_fail_on', fail_on) + _verdicts(
        [host for host in document['hosts'] if host['status'] != 'skipped'], fail_on
    )


def _nobody(document: Json, name: str, gate: str) -> list[str]:
    """The sentence on a document without hosts, which no gate may let pass, if it is one."""
    if document['hosts'] or gate == 'none':
        return []
    return ['No host was audited: %s=%s has nothing to judge.' % (name, gate)]


def _verdicts(hosts: Sequence[Json], fail_on: str) -> list[str]:
    """The sentence on the hosts whose verdict is of the class fail_on or worse, if any."""
    if fail_on == 'none':
        return []
    bad = [host for host in hosts if rank(host['verdict']) <= rank(fail_on)]
    named = ['%s %s' % (_name(host), host['verdict'] if host['status'] == 'ok' else host['status']) for host in bad]
    return ['%s %s or worse (audit_fail_on): %s.' % (_count(len(bad)), fail_on, _some(named))] if bad else []


def changes(document: Json, gate: str) -> list[str]:
    """The sentence on the hosts that changed for the worse since the baseline, if any and if the gate is for them.

    A host that was audited then and is not in the document is no longer audited, and one of them.
    """
    failing = compare.GATES[gate]
    bad = [host for host in document['hosts'] if host.get('change', {}).get('change') in failing]
    gone = document['comparison']['gone_audited'] if failing and 'comparison' in document else []
    named = ['%s %s' % (_name(host), compare.said(host)) for host in bad]
    named += ['%s gone (audited then, not in this report)' % escape.terminal(name, 80) for name in gone]
    worse = ['%s worse than in the baseline (report_gate): %s.' % (_count(len(named)), _some(named))] if named else []
    return _nobody(document, 'report_gate', gate) + worse


def _is_lost(host: Json, ignore_unreachable: bool) -> bool:
    """Whether a look at the host is missing that nobody left out or forgives."""
    ended = host.get('second_look') if host['status'] == 'ok' else host['status']
    return ended == 'failed' or (ended == 'unreachable' and not ignore_unreachable)


def _state(host: Json) -> str:
    return 'incomplete' if host['status'] == 'ok' else str(host['status'])


def _name(host: Json) -> str:
    return escape.terminal(host['name'], 80)


def _count(number: int) -> str:
    return '1 host is' if number == 1 else '%d hosts are' % number


def _some(named: list[str]) -> str:
    more = len(named) - _NAMED
    return ', '.join(named[:_NAMED]) + (', and %d more (see audit.json)' % more if more > 0 else '')
