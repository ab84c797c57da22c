# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JUnit and SARIF are red exactly where the run fails: for what its gate asks, and for hosts that were lost."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.vocabulary import CLASSES
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import compare, entries, outcome
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.formats import junit, sarif
from tests.unit.plugins.plugin_utils._report.builders import make_document, make_finding, make_host, problems
from tests.unit.plugins.plugin_utils._report.formats.test_formats import gated, read_junit, read_sarif

Json = dict[str, Any]
#: The classes that a finding can have and a host that was audited has for it.
SINNERS = [name for name in CLASSES if name not in ('clean', 'unknown')]


def fleet() -> Json:
    hosts = [make_host(name, name, findings=[make_finding(rule='r-%s' % name, **{'class': name})]) for name in SINNERS]
    lost = [entries.unobserved(name, [], name, 'no route') for name in ('failed', 'unreachable', 'skipped')]
    return make_document(*hosts, *lost)


def red(document: Json) -> set[tuple[str | None, str | None, str]]:
    """(host, test, failure or error) of each test that is red; every other one that says something is skipped."""
    root = read_junit(junit.render(document))
    found = {(suite.get('name'), case.get('name'), child.tag) for suite in root for case in suite for child in case}
    return {each for each in found if each[2] != 'skipped'}


def errors(document: Json) -> set[str]:
    """The rules whose results are errors; every other result is a note."""
    results = read_sarif(sarif.render(document))['runs'][0]['results']
    assert {result['level'] for result in results} <= {'error', 'note'}
    return {result['ruleId'] for result in results if result['level'] == 'error'}


@pytest.mark.parametrize(
    ('fail_on', 'ignore'), [*itertools.product(('none', *CLASSES), (False,)), ('none', True), ('unknown', True)]
)
def test_red_is_what_the_run_fails_for(fail_on: str, ignore: bool) -> None:
    document = gated(fleet(), fail_on, ignore)
    assert problems(document) == []
    blamed = outcome.failures(document, fail_on, ignore)
    tests = red(document)
    assert {host for host, test, _tag in tests if test == 'verdict'} == set(blamed)
    lost = {'failed'} if ignore else {'failed', 'unreachable'}
    assert {host for host, _test, tag in tests if tag == 'error'} == lost
    asked = {name for name in SINNERS if fail_on != 'none' and CLASSES.index(name) <= CLASSES.index(fail_on)}
    assert {test for _host, test, _tag in tests if test != 'verdict'} == {'r-%s' % name for name in asked}
    assert errors(document) == {'r-%s' % name for name in asked}
    told = read_sarif(sarif.render(document))['runs'][0]['invocations'][0]
    levels = {each['message']['text'].split()[0]: each['level'] for each in told['toolExecutionNotifications']}
    assert levels == {'failed': 'error', 'unreachable': 'warning' if ignore else 'error'}
    assert told['executionSuccessful'] is False


@pytest.mark.parametrize('fail_on', ['none', 'latent', 'unknown', 'clean'])
def test_in_a_report_of_stored_ones_lost_hosts_count_as_unknown(fail_on: str) -> None:
    document = fleet()
    document['run']['gate'] = outcome.report_gate(fail_on, 'none')
    assert problems(document) == []
    counts = fail_on in ('unknown', 'clean')
    assert {host for host, _test, tag in red(document) if tag == 'error'} == (
        {'failed', 'unreachable'} if counts else set()
    )
    said = ' '.join(outcome.stored(document, fail_on))
    assert ('unreachable' in said) == counts
    told = read_sarif(sarif.render(document))['runs'][0]['invocations'][0]
    assert told['executionSuccessful'] is not counts


@pytest.mark.parametrize(('gate', 'failing'), [('none', set()), ('worse', {'w'}), ('new', {'w', 'n'})])
def test_red_is_what_has_become_worse(gate: str, failing: set[str]) -> None:
    fresh = make_finding(rule='fresh', **{'class': 'advisory'})
    old = make_finding(rule='old', **{'class': 'advisory'})
    before = make_document(make_host('w'), make_host('n', 'advisory', findings=[old]), make_host('same', 'advisory'))
    now = make_document(
        make_host('w', 'advisory', findings=[fresh]),
        make_host('n', 'advisory', findings=[old, fresh]),
        make_host('same', 'advisory'),
    )
    document = compare.compare(now, before)
    document['run']['gate'] = outcome.report_gate('none', gate)
    tests = red(document)
    assert {host for host, test, _tag in tests if test == 'verdict'} == failing
    assert {(host, test) for host, test, _tag in tests if test != 'verdict'} == {(host, 'fresh') for host in failing}
    assert errors(document) == ({'fresh'} if failing else set())


def remediated(name: str, state: str, failed: bool) -> Json:
    done = {'state': state, 'reason': 'the health check failed', 'failed': failed, 'changes': [], 'left': []}
    return {**make_host(name), 'remediation': {**done, 'undo': None}}


def part(refused: str | None = None) -> Json:
    states = dict.fromkeys(('changed', 'rolled-back', 'unknown', 'planned', 'untouched'), 0)
    return {'change_set': 'x', 'check_mode': False, 'refused': refused, 'states': states, 'undo': None}


def test_a_remediation_that_failed_is_red_without_a_gate() -> None:
    hosts = [remediated('bad', 'rolled-back', True), remediated('well', 'changed', False)]
    document = {**gated(make_document(*hosts), 'none'), 'remediation': part()}
    assert red(document) == {('bad', 'verdict', 'failure')}
    assert set(outcome.failures(document, 'none', False)) == {'bad'}
    case = next(read_junit(junit.render(document)).iter('failure'))
    assert case.get('type') == 'rolled-back'
    assert 'the health check failed' in (case.get('message') or '')
    assert read_sarif(sarif.render(document))['runs'][0]['invocations'][0]['executionSuccessful'] is False
    document['run']['gate'] = outcome.report_gate('none', 'none')
    assert red(document) == set()


def test_a_remediation_that_was_refused_as_a_whole_is_red() -> None:
    document = {**gated(make_document(remediated('a', 'untouched', False)), 'none'), 'remediation': part('no <canary>')}
    assert red(document) == {('remediation', 'plan', 'failure')}
    assert [each.get('message') for each in read_junit(junit.render(document)).iter('failure')] == ['no <canary>']


def test_a_host_that_no_report_has_is_red_where_the_report_must_have_it() -> None:
    document = make_document(make_host('a'), entries.unreported('b'))
    document['run']['gate'] = outcome.report_gate('none', 'none', 2)
    assert red(document) == {('b', 'verdict', 'error')}
    assert read_sarif(sarif.render(document))['runs'][0]['invocations'][0]['executionSuccessful'] is False
    document['run']['gate'] = outcome.report_gate('none', 'none')
    assert red(document) == set()


def test_a_second_look_that_failed_is_an_error_where_the_run_fails_for_it() -> None:
    first = {**make_host('a'), 'second_look': 'unreachable', 'reason': 'the second look was lost'}
    assert red(gated(make_document(first), 'none', False)) == {('a', 'verdict', 'error')}
    assert red(gated(make_document(first), 'none', True)) == set()


def test_what_is_not_asked_for_keeps_its_text() -> None:
    document = gated(make_document(make_host('a', 'latent', findings=[make_finding(**{'class': 'latent'})])), 'exposed')
    root = read_junit(junit.render(document))
    said = {case.get('name'): case.find('skipped') for case in root.iter('testcase')}
    verdict, rule = said['verdict'], said['tw-recycle-enabled']
    assert verdict is not None
    assert (verdict.get('type'), verdict.get('message')) == ('latent', 'this host is latent')
    assert rule is not None
    assert 'Set net.ipv4.tcp_tw_recycle = 0.' in (rule.text or '')
    assert [suite.get('skipped') for suite in root] == ['2']


def test_a_waived_finding_is_never_red() -> None:
    waived = make_finding(waived={'reason': 'accepted', 'expires': None})
    document = gated(make_document(make_host('a', 'clean', findings=[waived])), 'advisory')
    assert red(document) == set()
    assert errors(document) == set()


def test_a_document_that_names_no_gate_is_red_for_lost_hosts_alone() -> None:
    assert red(fleet()) == {('failed', 'verdict', 'error'), ('unreachable', 'verdict', 'error')}
    assert errors(fleet()) == set()
