# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A record within bounds is judged in time and space in proportion to it, and nothing that decides is lost."""

from __future__ import annotations

import datetime
import json

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue, findings, verdict, waivers
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import record as checked
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.record import RecordError
from ansible_collections.nodetcp.paws.plugins.plugin_utils._remediate import needs
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import offline
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.formats import prometheus
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._judge.records import (
    CONTAINER,
    TODAY,
    both,
    container,
    definition,
    line,
    persisted,
    record,
    writer,
)

RECYCLE, RFC1337 = 'net.ipv4.tcp_tw_recycle', 'net.ipv4.tcp_rfc1337'
MANY = findings.LISTED_MAX + 44


def judged(of, *waived):
    checked.check(of)
    accepted = waivers.parse(list(waived), 'waivers', catalogue.builtin(), TODAY)
    return verdict.judge(of, None, catalogue.builtin(), 'server', accepted, TODAY)


def minimal(number):
    """Namespaces of which next to nothing is known."""
    bare = {'kind': 'named', 'count': 1, 'sysctls': {}, 'counters': {}, 'conntrack': None}
    return [{'key': 'k%d' % index, **bare} for index in range(number)]


def offline_judged(of):
    return offline.judge_with([], [], 'server', datetime.date(2026, 11, 22))('web1', of)


def counted(shown, **wanted):
    """How many findings with these fields the shown ones stand for."""
    alike = [each for each in shown if all(each[name] == value for name, value in wanted.items())]
    return sum(1 + each['evidence'].get('more_findings', 0) for each in alike)


def test_a_container_is_hit_once_however_often_and_with_whatever_it_is_listed():
    also = [{'id': 'c%d' % (index % 5000), 'runtime': 'docker', 'seen': index} for index in range(20_000)]
    found = judged(record('4.4.178', {RECYCLE: 1}, others=[container('4.4.178', {RECYCLE: 1}, also=also)]))
    names = [entry['id'] for entry in found['impact']['containers']]
    assert names == [CONTAINER, *('c%d' % index for index in range(5000))]
    assert found['impact']['containers'][1] == {'id': 'c0', 'runtime': 'docker', 'pod_uid': None}


@pytest.mark.parametrize('number', [64, 65])
def test_what_every_namespace_is_held_against_is_bounded(number):
    lines = persisted(None, None, [definition(1)] * number)
    for place, of in (
        ('record.writers', record('6.1.0', writers=[writer()] * number)),
        ('record.persisted.k.definitions', record('6.1.0', persisted={'k': lines})),
    ):
        if number == 64:
            checked.check(of)
        else:
            with pytest.raises(RecordError) as raised:
                checked.check(of)
            assert str(raised.value) == '%s: 65 entries, at most 64' % place


def test_a_writer_whose_line_is_not_said_is_found_all_the_same():
    nameless = {name: value for name, value in writer().items() if name != 'line'}
    (found,) = judged(record('6.1.0', writers=[nameless]))['findings']
    assert found['evidence']['lines'] == [{'by': 'rc.local', 'file': '/etc/rc.local', 'line': None, 'value': 1}]


def test_a_long_text_of_the_node_is_evidence_in_short():
    lines = persisted(line('1 ' + '1' * 4094, '/etc/' + 'a' * 4000), line('2 ' + '2' * 4094))
    of = record('4.4.178', {RECYCLE: None}, others=minimal(1), persisted={RECYCLE: lines}, unavailable={})
    found = [each for each in judged(of)['findings'] if each['rule'] == 'tw-recycle-undecided']
    assert len(found) == 2
    for finding in found:
        texts = [text for each in finding['evidence']['lines'].values() for text in (each['value'], each['file'])]
        assert texts[0] == '1 ' + '1' * (findings.TEXT_MAX - 5) + '...'
        assert max(map(len, texts)) == findings.TEXT_MAX


def test_a_small_record_does_not_become_a_huge_verdict():
    lines = persisted(line('1 ' + '1' * 4094, '/etc/' + 'a' * 4000), line('2 ' + '2' * 4094, '/etc/' + 'b' * 4000))
    of = record('4.4.178', {RECYCLE: None}, others=minimal(4000), persisted={RECYCLE: lines})
    found = offline_judged(of)
    assert counted(found['findings'], rule='tw-recycle-undecided') == 4001
    assert len(found['namespaces']) == 4001
    assert len(json.dumps(found['findings'])) < findings.LISTED_MAX * 4096


def test_what_is_not_listed_is_counted_by_rule_severity_and_state():
    others = [container('6.18.44', {RFC1337: 1}, inode=index + 1, name='%064d' % index) for index in range(MANY)]
    of = record('6.18.44', {RFC1337: 1, 'net.ipv4.tcp_syncookies': 0}, others=others)
    waived = {'rule': 'rfc1337', 'reason': 'x', 'namespace': '%064d' % 7}
    everything = judged(of, waived)
    shown = findings.listed(everything['findings'])
    assert everything['verdict'] == 'advisory'
    counting = [each for each in shown if each['rule'] == 'rfc1337' and not each['waived']]
    assert len(counting) == findings.LISTED_MAX
    assert counting[0]['namespace'] == 'net:[4026531840]'
    assert [each['evidence'].get('more_findings') for each in counting[-2:]] == [None, MANY - findings.LISTED_MAX]
    assert [each['rule'] for each in shown if each['waived']] == ['rfc1337']
    assert counted(shown, rule='rfc1337') == counted(everything['findings'], rule='rfc1337') == MANY + 1
    assert {each['rule'] for each in shown} == {each['rule'] for each in everything['findings']}
    assert findings.listed(shown[:10]) == shown[:10]


def test_metrics_count_what_is_not_listed():
    others = [container('6.18.44', {RFC1337: 1}, inode=index + 1) for index in range(MANY)]
    found = offline_judged(record('6.18.44', others=others))
    host = {'name': 'web1', 'findings': found['findings']}
    [(labels, number)] = [row for row in prometheus._findings({}, [('web1', host)]) if row[0]['rule'] == 'rfc1337']
    assert (labels['waived'], number) == ('false', MANY)


def test_enforcement_sees_the_findings_of_all_namespaces():
    others = [container('4.11.8', {RECYCLE: 1}, inode=index + 1) for index in range(MANY)]
    of = record('4.11.8', {RECYCLE: 1}, others=others, persisted={RECYCLE: both(1)})
    known, scope = catalogue.builtin(), needs.Scope()
    found = needs.needs(of, judged(of)['findings'], {}, scope, known, 'server')
    assert found.settings == {RECYCLE: '0'}
    assert {namespace for rule, namespace in found.fixes if rule == 'tw-recycle-exposed'} == {
        entry['id'] for entry in of['namespaces']
    }
