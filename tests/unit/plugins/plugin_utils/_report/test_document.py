# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The document, the sentence a run ends with, and the entries they are made of."""

from __future__ import annotations

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.vocabulary import CLASSES
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import document, entries, outcome
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.formats import (
    charts,
    junit,
    markdown,
    prometheus,
    table,
)
from tests.unit.plugins.plugin_utils._report.builders import make_document, make_host, make_result, problems

LOST = [
    entries.unobserved('db2', ['db'], 'unreachable', 'Connection refused'),
    entries.unobserved('db3', ['db'], 'failed', 'no Python'),
    entries.unobserved('db4', ['db'], 'skipped', 'maintenance'),
]


def test_hosts_come_worst_first_then_by_name() -> None:
    hosts = [make_host('h%d' % number, verdict) for number, verdict in enumerate(reversed(CLASSES))]
    found = make_document(*hosts, make_host('a', 'exposed'))
    assert [host['verdict'] for host in found['hosts'] if host['name'] != 'a'] == list(CLASSES)
    assert [host['name'] for host in found['hosts'] if host['verdict'] == 'exposed'] == ['a', 'h6']


def test_every_kind_of_host_makes_a_valid_document() -> None:
    found = make_document(*(make_host(verdict, verdict) for verdict in CLASSES), *LOST)
    assert problems(found) == []
    assert found['summary']['statuses'] == {'ok': 8, 'failed': 1, 'unreachable': 1, 'skipped': 1}
    assert found['summary']['verdicts']['unknown'] == 3, 'one of its own, the unreachable one and the failed one'
    assert found['summary']['worst'] == 'dropping'


def test_a_document_without_hosts_is_valid() -> None:
    assert problems(make_document()) == []
    assert make_document()['summary']['worst'] is None


def test_the_schema_refuses_what_the_report_never_writes() -> None:
    host = make_host('a', 'exposed')
    assert problems(make_document({**host, 'status': 'failed', 'reason': None}))
    assert problems(make_document({**host, 'surprise': 1}))
    assert problems({**make_document(host), 'schema': 2})


@pytest.mark.parametrize(
    ('first', 'window', 'status', 'verdict'),
    [
        (make_result('exposed'), None, 'ok', 'exposed'),
        (make_result('exposed'), {'skipped': True}, 'ok', 'exposed'),
        (make_result('exposed'), make_result('dropping'), 'ok', 'dropping'),
        (make_result('exposed'), {'unreachable': True, 'msg': 'gone'}, 'ok', 'exposed'),
        ({'unreachable': True, 'msg': 'no route'}, {'skipped': True}, 'unreachable', 'unknown'),
        ({'failed': True, 'msg': 'no Python'}, {'skipped': True}, 'failed', 'unknown'),
        ({'skipped': True}, {'skipped': True}, 'skipped', 'unknown'),
        ({'changed': False}, None, 'failed', 'unknown'),
    ],
)
def test_what_the_tasks_left_behind_becomes_an_entry(first: object, window: object, status: str, verdict: str) -> None:
    entry = entries.from_results('a', ['web'], first, window)
    assert entry is not None
    assert (entry['status'], entry['verdict']) == (status, verdict)
    assert problems(make_document(entry)) == []


def test_a_second_look_that_failed_is_said_and_what_was_seen_stays() -> None:
    entry = entries.from_results('a', [], make_result('exposed'), {'failed': True, 'msg': 'Task failed: gone'})
    assert entry is not None
    assert entry['reason'] == 'the second look, after audit_window seconds, failed: gone'
    assert entry['unavailable']['window'] == entry['reason']
    assert 'a incomplete (the second look' in outcome.failure(make_document(entry), 'none', True)


def test_a_host_that_only_the_second_look_could_not_reach_may_be_ignored_too() -> None:
    entry = entries.from_results('a', [], make_result('exposed'), {'unreachable': True, 'msg': 'no route'})
    assert entry is not None
    assert entry['reason'] == 'the second look, after audit_window seconds, found the host unreachable: no route'
    assert 'a incomplete (the second look' in outcome.failure(make_document(entry), 'none', False)
    assert outcome.failure(make_document(entry), 'none', True) == ''
    assert 'a exposed' in outcome.failure(make_document(entry), 'exposed', True), 'what was seen counts'


def test_a_result_without_a_message_still_has_a_reason() -> None:
    entry = entries.from_results('a', [], {'failed': True, 'msg': '', 'module_stderr': 'Killed\n'}, None)
    assert entry is not None
    assert entry['reason'] == 'Killed'


def test_the_run_fails_for_lost_hosts_and_names_them() -> None:
    text = outcome.failure(make_document(make_host('a', 'exposed'), *LOST), 'none', False)
    assert text == '2 hosts are not audited in full: db2 unreachable (Connection refused), db3 failed (no Python).'


def test_unreachable_hosts_may_be_ignored_failed_ones_not() -> None:
    text = outcome.failure(make_document(*LOST), 'none', True)
    assert text == '1 host is not audited in full: db3 failed (no Python).'


@pytest.mark.parametrize('fail_on', CLASSES)
def test_fail_on_counts_that_class_and_worse_ones(fail_on: str) -> None:
    for verdict in CLASSES:
        fails = bool(outcome.failure(make_document(make_host('a', verdict)), fail_on, False))
        assert fails == (document.rank(verdict) <= document.rank(fail_on))


def test_fail_on_does_not_count_hosts_without_a_verdict() -> None:
    assert outcome.failure(make_document(LOST[0], LOST[2]), 'clean', True) == ''


def test_many_hosts_are_counted_not_listed() -> None:
    hosts = [make_host('host%03d' % number, 'exposed') for number in range(300)]
    text = outcome.failure(make_document(*hosts), 'exposed', False)
    assert text.startswith('300 hosts are exposed or worse (audit_fail_on): host000 exposed, ')
    assert text.endswith('and 290 more (see audit.json).')


def test_hosts_that_were_skipped_or_lost_count_the_same_in_every_format() -> None:
    found = make_document(make_host('web1', 'exposed'), make_host('web2'), *LOST)
    numbers = {'exposed': 1, 'unknown': 2, 'clean': 1}
    assert {name: number for name, number in found['summary']['verdicts'].items() if number} == numbers
    groups = charts.by_group(found['hosts'])
    assert {name: sum(row.get(name, 0) for row in groups.values()) for name in numbers} == numbers
    metrics = prometheus.render(found)
    assert all('nodetcp_paws_audit_verdicts{verdict="%s"} %d\n' % each in metrics for each in numbers.items())
    total = '5 hosts: 1 exposed, 2 unknown, 1 clean (1 failed, 1 unreachable, 1 skipped)'
    assert total in table.render(found, 120, False)
    large = make_document(*found['hosts'], *(make_host('a%02d' % each) for each in range(50)))
    assert 'and 2 unknown, 1 skipped, 51 clean' in table.render(large, 120, False, 1)
    assert 'exposed 1' in markdown.render(found)
    assert 'unknown 2' in markdown.render(found)
    suites = junit.render(found)
    assert [suites.count('type="%s"' % each) for each in ('skipped', 'unreachable', 'failed')] == [1, 1, 1]
