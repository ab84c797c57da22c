# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The document of a run: what audit.json holds (docs/audit.schema.json describes it)."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import typing as t

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import sight
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.vocabulary import CLASSES
from ansible_collections.nodetcp.paws.plugins.plugin_utils._remediate import proposal
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import do_now
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.marks import MOMENT_MAX
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.report import Status

Json = dict[str, t.Any]

SCHEMA = 1
STATUSES: tuple[Status, ...] = t.get_args(Status)
_RANK: dict[str, int] = {name: rank for rank, name in enumerate(CLASSES)}


def observed_at(host: Json) -> float | None:
    """When the host was looked at, in Unix seconds; None where its entry says no time that a calendar has."""
    when: t.Any = (host['source'] or {}).get('collected_at')
    fits = isinstance(when, (int, float)) and not isinstance(when, bool) and 0 <= when < MOMENT_MAX
    return when if fits else None


def rank(verdict: str) -> int:
    """Place of a class in the order of severity, 0 = worst; a class nobody knows counts as unknown."""
    return _RANK.get(verdict, _RANK['unknown'])


def build(run: Json, hosts: list[Json]) -> Json:
    """The whole document from the facts of the run and one entry per host (entries.py); hosts sorted worst first."""
    ordered = sorted(map(complete, hosts), key=lambda host: (rank(host['verdict']), host['name']))
    found = {'schema': SCHEMA, 'run': run, 'summary': summarize(ordered), 'do_now': do_now.of(run, ordered)}
    return {**found, 'hosts': ordered}


def complete(host: Json) -> Json:
    """The entry with what versions before 0.3.0 did not write, and what a plan would do where nobody has said it."""
    known = {'unseen', 'change_set', 'proposal'} & host.keys()
    if len(known) == 3:
        return host
    more = {'unseen': sight.gaps(host), 'change_set': None, 'proposal': proposal.of(host, proposal.scope_of({}), {})}
    return {**more, **host}


def summarize(hosts: list[Json]) -> Json:
    """Numbers of hosts by verdict, by status and partly seen, the worst verdict (null if no host was to be audited).

    A skipped host has verdict unknown in its entry, and counts under its status only: nobody asked for its verdict.
    """
    audited = [host['verdict'] for host in hosts if host['status'] != 'skipped']
    return {
        'hosts': len(hosts),
        'verdicts': {name: audited.count(name) for name in CLASSES},
        'statuses': {name: sum(host['status'] == name for host in hosts) for name in STATUSES},
        'partly_seen': sum(bool(host['unseen']) for host in hosts),
        'worst': min(audited, key=rank) if audited else None,
    }


def tongue(document: Json) -> str:
    """The language that a person reads the report in."""
    return str(document['run'].get('language') or 'en')
