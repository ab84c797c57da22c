# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The document of a run: what audit.json holds (docs/audit.schema.json describes it)."""

import typing as t
from typing import Literal

from .._judge import sight
from .._judge.vocabulary import CLASSES
from .._messages import catalogue
from .._messages.telling import words
from .._remediate import proposal
from .._shapes.marks import MOMENT_MAX
from .._shapes.report import Host, Report, Run, Status, Summary
from .._shapes.verdict import Class, Finding
from . import do_now

Json = dict[str, t.Any]

SCHEMA: Literal[1] = 1
STATUSES: tuple[Status, ...] = t.get_args(Status)
_RANK: dict[str, int] = {name: rank for rank, name in enumerate(CLASSES)}


def observed_at(host: Host) -> float | None:
    """When the host was looked at, in Unix seconds; None where its entry says no time that a calendar has."""
    when = host['source'].get('collected_at') if host['source'] else None
    fits = when is not None and not isinstance(when, bool) and 0 <= when < MOMENT_MAX
    return when if fits else None


def rank(verdict: str) -> int:
    """Place of a class in the order of severity, 0 = worst; a class nobody knows counts as unknown."""
    return _RANK.get(verdict, _RANK['unknown'])


def build(run: Run, hosts: list[Host]) -> Report:
    """The whole document from the facts of the run and one entry per host (entries.py); hosts sorted worst first."""
    ordered = sorted(map(complete, hosts), key=lambda host: (rank(host['verdict']), host['name']))
    todo = do_now.of(run, ordered)
    return {'schema': SCHEMA, 'run': run, 'summary': summarize(ordered), 'do_now': todo, 'hosts': ordered}


def complete(host: Host) -> Host:
    """The entry with what versions before 0.3.0 did not write, and what a plan would do where nobody has said it."""
    if {'unseen', 'change_set', 'proposal'} <= host.keys():
        return host
    found = host.copy()
    found.setdefault('unseen', sight.gaps(host))
    found.setdefault('change_set', None)
    if 'proposal' not in host:
        found['proposal'] = proposal.of(found, proposal.scope_of({}), {})
    return found


def counted(host: Host) -> Class | None:
    """The class that a host counts in, whatever counts: unknown where it was lost, none where it was left out."""
    return None if host['status'] == 'skipped' else host['verdict']


def state(host: Host) -> str:
    """The class of a host that was audited, the status of another."""
    return host['verdict'] if host['status'] == 'ok' else host['status']


def summarize(hosts: list[Host]) -> Summary:
    """Numbers of hosts by verdict, by status and partly seen, the worst verdict (null if no host was to be audited).

    A skipped host has verdict unknown in its entry, and counts under its status only: nobody asked for its verdict.
    """
    audited: list[Class] = [name for name in map(counted, hosts) if name]
    return {
        'hosts': len(hosts),
        'verdicts': {name: audited.count(name) for name in CLASSES},
        'statuses': {name: sum(host['status'] == name for host in hosts) for name in STATUSES},
        'partly_seen': sum(bool(host['unseen']) for host in hosts),
        'worst': min(audited, key=CLASSES.index) if audited else None,
    }


def with_waived(hosts: list[Host]) -> int:
    """How many hosts have a finding that was waived."""
    return sum(any(finding['waived'] for finding in host['findings']) for host in hosts)


def tongue(document: Report) -> str:
    """The language that a person reads the report in."""
    return str(document['run'].get('language') or 'en')


def told_finding(language: str, found: Finding) -> Finding:
    """A finding with title, why and the text of its fix in that language, where its rule is one of the catalogue."""
    if language == 'en':
        return found
    known, rule = catalogue.sentences(language), found['rule']
    told: Finding = {
        **found,
        'title': known.get('rules/%s/title' % rule, found['title']),
        'why': known.get('rules/%s/why' % rule, found['why']),
    }
    if found['fix']:
        told['fix'] = {**found['fix'], 'text': words(language, found['fix'], 'text')}
    return told
