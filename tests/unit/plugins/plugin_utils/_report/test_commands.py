# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands that a report gives, also for undoing a change: somebody will paste them at night."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import commands, entries
from tests.unit.plugins.plugin_utils._report.builders import make_document, make_finding, make_host

WEAK = make_finding(severity='medium', **{'class': 'advisory'})
APPLIED = {'id': '20261122T050000Z-0123abcd', 'time': 5, 'state': 'applied', 'changes': 2}
Json = dict[str, Any]


def offered(**changes: Any) -> Json:
    """The commands for a host, by what they are for, as they are typed."""
    [host] = make_document({**make_host('web1', 'exposed'), **changes})['hosts']
    starts = commands.starts({})
    return {name: ['%s %s' % (starts[book], rest) for book, rest in each] for name, each in commands.of(host).items()}


def test_the_check_comes_first() -> None:
    start = 'ansible-playbook -b nodetcp.paws.remediate'
    assert offered() == {'fix': ['%s --check --diff --limit web1' % start, '%s --limit web1' % start]}
    lower = '%s -e remediate_min_severity=medium' % start
    assert offered(findings=[WEAK]) == {'lower': ['%s --check --diff --limit web1' % lower, '%s --limit web1' % lower]}
    assert offered(findings=[make_finding(), WEAK]).keys() == {'fix', 'lower'}


def test_nothing_is_offered_that_would_do_nothing() -> None:
    assert offered(findings=[], change_set=None) == {}
    assert offered(findings=[make_finding(fix={'text': 'accept faster'})]) == {}
    assert offered(findings=[make_finding(evidence={'writers': [{'file': '/etc/rc.local', 'line': 2}]})]) == {}
    inside = {'sysctl': 'net.ipv4.tcp_rfc1337', 'value': 0, 'where': 'namespace', 'text': 'x'}
    assert offered(findings=[make_finding(fix=inside)]) == {}
    assert offered(source={'collector': 'capture'}, change_set=APPLIED['id']) == {}
    assert offered(source={'collector': 'live', 'file': '/records/web1.json'}, change_set=APPLIED['id']) == {}
    [lost] = make_document(entries.unobserved('web1', [], 'unreachable', 'no route'))['hosts']
    assert commands.of(lost) == {}


@pytest.mark.parametrize(
    ('states', 'expected'),
    [
        ([], None),
        (['undone'], None),
        (['applying', 'undoing'], None),
        (['undone', 'applied', 'applied'], 1),
        (['pending', 'applied'], 0),
    ],
)
def test_an_undo_is_offered_for_the_newest_change_set_that_is_in_force(states: list[str], expected: int | None) -> None:
    sets = [{**APPLIED, 'id': 'set-%d' % number, 'state': state} for number, state in enumerate(states)]
    found = offered(findings=[], change_set=make_host('web1', change_sets=sets)['change_set'])
    undo = 'ansible-playbook -b nodetcp.paws.rollback -e rollback_change_set=set-%s --limit web1' % expected
    assert found == ({} if expected is None else {'undo': [undo]})


@pytest.mark.parametrize('name', ['x ansible_connection=local', '', '../x', 'a' * 65, '$(reboot)'])
def test_an_id_that_a_node_makes_up_is_no_part_of_a_command(name: str) -> None:
    assert offered(findings=[], change_set=name) == {}


@pytest.mark.parametrize(
    ('fix', 'expected'),
    [
        ({'value': 0, 'where': 'node', 'running': '1'}, 'sysctl -w net.ipv4.tcp_tw_recycle=0'),
        ({'value': 0, 'where': 'host', 'running': '1'}, 'sysctl -w net.ipv4.tcp_tw_recycle=0'),
        ({'value': '1 $(x)', 'where': 'node', 'running': None}, "sysctl -w 'net.ipv4.tcp_tw_recycle=1 $(x)'"),
        ({'value': 0, 'where': 'node', 'running': '0'}, None),
        ({'value': 0, 'where': 'namespace', 'running': '1'}, None),
        ({'value': 0, 'where': 'node', 'running': '1', 'report_only': True}, None),
        ({'absent': True, 'where': 'node'}, None),
    ],
)
def test_what_is_set_at_once_differs_from_what_runs(fix: Json, expected: str | None) -> None:
    assert commands.at_once(make_finding(fix={'sysctl': 'net.ipv4.tcp_tw_recycle', **fix})) == expected
