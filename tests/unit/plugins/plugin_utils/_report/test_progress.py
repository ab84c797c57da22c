# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the callback tells from what it sees."""

from __future__ import annotations

import re

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import progress
from tests.unit.plugins.plugin_utils._report.builders import make_result

HOUR = 3600.0


def remediation() -> progress.Progress:
    """A canary, a batch in which a host failed, and its undoing."""
    found = progress.Progress()
    found.play('Change', 1, HOUR)
    found.result('a', 'sysctl_policy', 'ok', {'changed': True}, HOUR + 2)
    found.play('Change', 3, HOUR + 10)
    found.result('b', 'sysctl_policy', 'ok', {'changed': True}, HOUR + 11)
    found.result('c', 'sysctl_policy', 'ok', {'changed': True}, HOUR + 12)
    found.result('d', 'sysctl_policy', 'skipped', {}, HOUR + 12)
    found.result('c', 'paws_verify', 'failed', {'msg': 'no'}, HOUR + 15)
    found.play('Undo', 2, HOUR + 20)
    found.result('b', 'sysctl_rollback', 'ok', {'changed': True}, HOUR + 21.5)
    found.play('Report', 4, HOUR + 30)
    return found


def test_the_time_line_has_each_batch_and_its_undoing() -> None:
    assert remediation().timeline(False) == [
        'time line of the changes (UTC)',
        '  batch 1   01:00:00    2.0 s  1 changed',
        '  batch 2   01:00:10    5.0 s  1 changed, 1 failed',
        '  undo      01:00:20    1.5 s  1 undone',
    ]
    assert '    c: failed' in remediation().timeline(True)


def test_a_run_that_changes_nothing_has_no_time_line() -> None:
    found = progress.Progress()
    found.play('Observe', 2, HOUR)
    found.result('a', 'paws_audit', 'ok', make_result('exposed'), HOUR)
    assert found.timeline(True) == []


def test_a_refusal_is_no_verdict_on_a_host() -> None:
    found = progress.Progress()
    found.play('Check the variables', 1, HOUR)
    found.result('a', 'paws_check_variables', 'failed', {'msg': 'nothing was contacted'}, HOUR)
    assert found.hosts == {}


def test_a_plan_has_no_time_line() -> None:
    found = progress.Progress()
    found.play('Change', 1, HOUR)
    found.result('a', 'sysctl_policy', 'ok', {'changed': True}, HOUR, check_mode=True)
    assert found.timeline(True) == []


def test_the_line_counts_hosts_and_verdicts_worst_first() -> None:
    found = progress.Progress()
    found.play('Observe', 4, HOUR)
    found.task('Observe')
    found.result('a', 'paws_audit', 'ok', make_result('clean'), HOUR)
    found.result('b', 'paws_audit', 'ok', make_result('dropping'), HOUR)
    found.result('c', 'paws_audit', 'unreachable', {'msg': 'Connection refused'}, HOUR)
    shown = '[##################------] 3/4  b dropping: tw-recycle-enabled  1 dropping  1 unknown  1 clean  Observe'
    assert found.line(120) == shown
    assert found.hosts['c']['reason'] == 'Connection refused'
    found.result('c', 'paws_audit', 'ok', make_result('clean'), HOUR)
    assert '1 dropping  2 clean' in found.line(120), 'a later look counts'


def test_the_line_counts_on_through_the_batches_of_one_task() -> None:
    found = progress.Progress()
    for hosts in ('ab', 'c'):
        found.play('Observe', 3, HOUR)
        found.task('Observe')
        for host in hosts:
            found.result(host, 'paws_audit', 'ok', make_result('clean'), HOUR)
    assert found.line(120).startswith('[########################] 3/3 ')
    found.play('Look again', 1, HOUR)
    found.task('Observe')
    assert '] 0/1 ' in found.line(120)


def test_the_line_begins_anew_with_each_batch_of_several_tasks() -> None:
    found = progress.Progress()
    for host in 'ab':
        found.play('Change', 1, HOUR)
        for task in ('Plan', 'Change'):
            found.task(task)
            assert '] 0/1 ' in found.line(120)
            found.result(host, 'sysctl_policy', 'ok', {'changed': True}, HOUR)


def test_the_line_names_the_worst_host_of_an_audit_whose_journal_has_the_rest() -> None:
    found = progress.Progress()
    found.play('Observe', 3, HOUR)
    found.task('Observe')
    clean = {'verdict': 'clean', 'worst': [], 'partly_seen': True, 'journaled': True}
    found.result('a', 'paws_audit', 'ok', clean, HOUR)
    assert found.line(120).endswith('1 clean (1 partly seen)  Observe'), 'nothing is wrong so far'
    found.result('\x1b[31mb', 'paws_audit', 'ok', {**clean, 'verdict': 'dropping', 'worst': ['paws-drops']}, HOUR)
    found.result('c', 'paws_audit', 'ok', {**clean, 'verdict': 'exposed'}, HOUR)
    assert '\\x1b[31mb dropping: paws-drops' in found.line(80)
    assert found.hosts == {}, 'a few bytes of each host are held'


@pytest.mark.parametrize('width', [0, 1, 20, 40, 59, 60, 200])
def test_the_line_keeps_to_any_width_and_is_harmless(width: int) -> None:
    found = progress.Progress()
    found.play('\x1b[31m', 2000, HOUR)
    found.task('\x1b]0;x\x07 \u202e 审计')
    line = found.line(width)
    assert len(line) <= max(width - 1, 0)
    assert line.isascii()
    assert '\x1b' not in line


def test_a_report_that_was_printed_is_known() -> None:
    found = progress.Progress()
    found.play('Report', 1, HOUR)
    found.result('a', 'paws_report', 'failed', {}, HOUR)
    assert not found.reported
    found.result('a', 'paws_report', 'ok', {}, HOUR)
    assert found.reported


def test_the_time_line_is_in_the_language_that_the_tasks_were_given() -> None:
    found = remediation()
    found.speak('zh')
    found.speak(None)
    lines = found.timeline(True)
    assert lines[0] == '更改的时间线（UTC）'
    assert lines[1].startswith('  第 1 批')
    assert not re.search('changed|failed|batch|undo', ' '.join(lines))
