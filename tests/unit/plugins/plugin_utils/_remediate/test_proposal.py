# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report proposes for a host is what a plan would do there."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue, findings, verdict, waivers
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.vocabulary import SEVERITIES
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import spoken
from ansible_collections.nodetcp.paws.plugins.plugin_utils._remediate import needs, proposal
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import entries
from tests.unit.plugins.plugin_utils._judge import records
from tests.unit.plugins.plugin_utils._judge.rule_cases import CASES
from tests.unit.plugins.plugin_utils._report.builders import make_document, make_finding, make_host, problems

Json = dict[str, Any]
EL7, MODERN, V4_11 = '3.10.0-1160.el7.x86_64', '6.1.0-10-amd64', '4.11.12-generic'
RECYCLE, TIMESTAMPS, RFC1337 = 'net.ipv4.tcp_tw_recycle', 'net.ipv4.tcp_timestamps', 'net.ipv4.tcp_rfc1337'
TIDY = {'net.core.somaxconn': 4096}
NOTHING = {'why_not': None, 'changes': False, 'ends': [], 'severity': None, 'by_hand': []}
WRITER = {
    'kind': 'rc.local',
    'file': '/etc/rc.local',
    'line': 2,
    'key': RECYCLE,
    'value': '1',
    'when': 'boot',
    'moment': 'after',
    'via': {'file': '/etc/rc.d/rc.local', 'line': 7},
}


def entry_of(record: Json, earlier: Json | None = None, profile: str = 'server', waived: Any = ()) -> Json:
    known = catalogue.builtin()
    accepted = waivers.parse(list(waived), 'waivers', known, records.TODAY)
    judged = spoken(verdict.judge(record, earlier, known, profile, accepted, records.TODAY))
    judged['findings'] = findings.listed(judged['findings'])
    more = {part: record[part] for part in ('kernel', 'source', 'unavailable')}
    return entries.observed('web1', [], {**judged, 'profile': profile, **more})


def proposed(host: Json, asked: dict[str, str] | None = None, **scope: Any) -> Json:
    found = proposal.of(host, needs.Scope(**scope), asked or {})
    assert problems(make_document({**host, 'proposal': found})) == []
    return found


@pytest.mark.parametrize(
    ('rule', 'case'),
    [
        pytest.param(rule, case, id='%s-%s-%d' % (rule, severity, number))
        for rule, (fires, _quiet) in CASES.items()
        for severity, cases in fires.items()
        for number, case in enumerate(cases)
    ],
)
def test_for_every_finding_of_every_rule_it_says_what_the_plan_says(rule: str, case: Json) -> None:
    """A change is proposed where the needs are not empty, and the severity that is named brings all of them."""
    profile = case.get('profile', 'server')
    host = {**entry_of(case['of'], case.get('earlier'), profile), 'source': {'collector': 'live'}}
    known = catalogue.builtin()
    planned = {
        severity: needs.needs(case['of'], host['findings'], {}, needs.Scope(severity), known, profile)
        for severity in SEVERITIES
    }
    for least in SEVERITIES:
        found = proposal.of(host, needs.Scope(least), {})
        assert found['changes'] == (not planned[least].empty)
        more = [severity for severity in SEVERITIES if len(planned[severity].fixes) > len(planned[least].fixes)]
        assert (found['severity'] in more) if more else found['severity'] is None
        if more:
            assert planned[found['severity']].fixes == planned['info'].fixes


def test_what_a_plan_changes_by_itself() -> None:
    assert proposed(entry_of(records.record(EL7, {RECYCLE: 1, **TIDY}))) == {
        **NOTHING,
        'changes': True,
        'ends': ['tw-recycle-exposed'],
    }
    stale = records.record(MODERN, persisted={RECYCLE: records.both(1)})
    assert proposed(entry_of(stale)) == {**NOTHING, 'changes': True, 'ends': ['tw-recycle-stale-line']}
    assert proposed(entry_of(records.record(MODERN))) == NOTHING


def test_below_the_severity_the_one_that_takes_all_of_it_is_named() -> None:
    host = entry_of(records.record(MODERN, {RFC1337: 1, 'net.ipv4.tcp_tw_reuse': 1}))
    assert proposed(host) == {**NOTHING, 'severity': 'low'}
    assert proposed(host, min_severity='medium') == {**NOTHING, 'changes': True, 'ends': ['rfc1337'], 'severity': 'low'}
    assert proposed(host, min_severity='low') == {**NOTHING, 'changes': True, 'ends': ['rfc1337', 'tw-reuse-1']}
    assert proposed(host, skip_rules=('rfc1337', 'tw-reuse-1')) == NOTHING
    assert proposed(host, rules=('rfc1337',)) == {**NOTHING, 'severity': 'medium'}


def test_a_writer_is_taken_out_where_it_stands() -> None:
    found = proposed(entry_of(records.record(EL7, TIDY, writers=[WRITER])))
    assert found['changes'] is False
    [entry] = found['by_hand']
    assert (entry['kind'], entry['file'], entry['line']) == ('writer', '/etc/rc.local', 2)
    assert (entry['key'], entry['value'], entry['by']) == (RECYCLE, '1', 'rc.local')
    assert (entry['when'], entry['via']) == ('boot', '/etc/rc.d/rc.local:7')


def test_of_one_place_that_findings_know_differently_all_is_told() -> None:
    poor = make_finding(
        fix={**make_finding()['fix'], 'take_out_of': [{'kind': 'cron', 'file': '/etc/cron.d/x', 'line': 4}]}
    )
    rich = make_finding(evidence={'writers': [{**WRITER, 'kind': 'cron', 'file': '/etc/cron.d/x', 'line': 4}]})
    [entry] = proposed(make_host('a', 'exposed', findings=[poor, rich]))['by_hand']
    assert (entry['value'], entry['when']) == ('1', 'boot')


def test_a_writer_of_a_key_that_is_gone_is_no_line_that_a_plan_could_remove() -> None:
    found = proposed(entry_of(records.record(MODERN, writers=[WRITER])))
    assert found['changes'] is False
    assert [(entry['file'], entry['line']) for entry in found['by_hand']] == [('/etc/rc.local', 2)]
    both = records.record(MODERN, persisted={RECYCLE: records.both(1)}, writers=[WRITER])
    found = proposed(entry_of(both))
    assert found['changes'] is True, 'the line of sysctl.d goes'
    assert [entry['file'] for entry in found['by_hand']] == ['/etc/rc.local'], 'and this one stays'
    left = needs.needs(both, entry_of(both)['findings'], {}, needs.Scope(), catalogue.builtin(), 'server').left
    assert '/etc/rc.local:2' in str(left[0]['reason'])


def test_a_sysctl_file_wins_against_what_runs_before_it() -> None:
    early = make_finding(evidence={'writers': [{**WRITER, 'moment': 'before'}]}, **{'class': 'latent'})
    assert proposed(make_host('a', 'latent', findings=[early]))['changes'] is True
    late = make_finding(evidence={'writers': [WRITER]}, **{'class': 'latent'})
    assert proposed(make_host('a', 'latent', findings=[late]))['changes'] is False


def test_a_value_that_a_program_brings_at_the_next_boot_is_no_matter_of_files() -> None:
    again = records.writer(TIMESTAMPS, '0')
    comes = proposed(entry_of(records.record(MODERN, writers=[again])), min_severity='medium')
    assert comes['changes'] is False
    assert [(entry['file'], entry['key'], entry['by']) for entry in comes['by_hand']] == [
        ('/etc/rc.local', TIMESTAMPS, 'rc.local')
    ]
    runs = proposed(entry_of(records.record(MODERN, {TIMESTAMPS: 0}, writers=[again])), min_severity='medium')
    assert runs['changes'] is True, 'what runs now is set'
    assert runs['by_hand'] == comes['by_hand'], 'and would be undone by the next boot'


def test_containers_that_need_the_same_are_told_together() -> None:
    weak = [records.container(MODERN, {RFC1337: 1}, inode=4026532281 + each, name='%064x' % each) for each in range(5)]
    weak[0] = {**weak[0], 'count': 7, 'container': {**weak[0]['container'], 'pod_uid': '1-2'}}
    found = proposed(entry_of(records.record(MODERN, others=weak)))
    assert (found['changes'], found['severity']) == (False, None)
    [entry] = found['by_hand']
    assert (entry['kind'], entry['key'], entry['value'], entry['minimum']) == ('container', RFC1337, '0', False)
    assert (entry['number'], len(entry['where'])) == (11, 3)
    assert entry['where'][0] == '000000000000 (pod 1-2)'
    weak[0]['container']['pod'] = {'namespace': 'shop', 'name': 'web-1', 'containers': ['app']}
    [entry] = proposed(entry_of(records.record(MODERN, others=weak)))['by_hand']
    assert entry['where'][0] == '000000000000 (pod shop/web-1)'


def test_on_4_11_recycling_in_a_container_is_a_matter_of_the_plan() -> None:
    inside = records.container(V4_11, {RECYCLE: 1, **TIDY})
    host = entry_of(records.record(V4_11, TIDY, others=[inside]))
    assert proposed(host) == {**NOTHING, 'changes': True, 'ends': ['tw-recycle-exposed']}


def test_what_no_setting_ends_and_what_is_waived() -> None:
    full = records.record(MODERN)
    full['namespaces'][0]['conntrack'] = {'count': 100, 'max': 100, 'drop': 0, 'early_drop': 0, 'insert_failed': 0}
    assert proposed(entry_of(full))['by_hand'] == [{'kind': 'other', 'rule': 'conntrack-full'}]
    waived = [{'rule': 'rfc1337', 'reason': 'no client comes through NAT'}]
    assert proposed(entry_of(records.record(MODERN, {RFC1337: 1}), waived=waived)) == NOTHING


def test_a_setting_that_the_user_asks_for_wins() -> None:
    host = entry_of(records.record(MODERN, {RFC1337: 1}))
    assert proposed(host, {RFC1337: '1'}) == {**NOTHING, 'by_hand': [{'kind': 'wish', 'rule': 'rfc1337'}]}
    assert proposed(host, {RFC1337: '0'}) == {**NOTHING, 'severity': 'medium'}


@pytest.mark.parametrize(
    ('changes', 'why_not'),
    [
        ({'status': 'unreachable', 'verdict': 'unknown', 'reason': 'x', 'findings': []}, 'lost'),
        ({'source': {'collector': 'capture', 'root': '/capture'}}, 'capture'),
        ({'source': {'collector': 'capture'}, 'unavailable': {'/proc/sys': 'the capture has neither'}}, 'image'),
        ({'source': {'collector': 'live', 'file': '/records/a.json'}}, 'offline'),
    ],
)
def test_where_there_is_nothing_to_change_nothing_is_proposed(changes: Json, why_not: str) -> None:
    host = {**make_host('a', 'exposed'), **changes}
    assert proposed(host) == {**NOTHING, 'why_not': why_not}


def test_a_host_that_a_forecast_stopped_would_be_stopped_again() -> None:
    host = {**make_host('a', 'exposed'), 'forecast': {'decision': 'stopped'}}
    assert proposal.of(host, needs.Scope(), {}) == {**NOTHING, 'why_not': 'forecast'}
    host['forecast']['decision'] = 'accepted'
    assert proposal.of(host, needs.Scope(), {}) == {**NOTHING, 'changes': True, 'ends': ['tw-recycle-enabled']}


def test_the_scope_is_that_of_the_inventory() -> None:
    assert proposal.scope_of({}) == needs.Scope()
    given = {'remediate_min_severity': 'low', 'remediate_rules': 'a, b', 'remediate_skip_rules': ['c']}
    assert proposal.scope_of(given) == needs.Scope('low', ('a', 'b'), ('c',))
    assert proposal.scope_of({'remediate_min_severity': '{{ x }}', 'remediate_rules': 5}) == needs.Scope()
    assert proposal.asked_by({'safe_sysctl_settings_web': {RFC1337: 1}, 'other': 2}) == {RFC1337: '1'}
    assert proposal.asked_by({'safe_sysctl_settings': '{{ x }}'}) == {}


def test_evidence_of_any_shape_is_borne() -> None:
    for evidence in ({'writers': 5}, {'writers': [1, {'file': 3}]}, {'lines': {'a': None}}, {'next_boot': [1]}):
        found = proposed(make_host('a', 'latent', findings=[make_finding(evidence=evidence)]))
        assert found['changes'] is True
    odd = {'file': '/x', 'line': ['y'], 'key': ['k'], 'value': {'v': 1}, 'when': 3, 'via': 'z', 'kind': None}
    [entry] = proposed(make_host('a', 'latent', findings=[make_finding(evidence={'writers': [odd]})]))['by_hand']
    assert (entry['file'], entry['line'], entry['via']) == ('/x', None, None)
