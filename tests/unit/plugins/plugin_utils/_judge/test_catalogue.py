# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue: complete, and strict with what users add to it."""

from __future__ import annotations

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue, verdict
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.catalogue import CatalogueError
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._judge.records import TODAY, container, record

#: The policy table, row by row.
POLICY = {
    'recycle-running', 'recycle-line', 'recycle-4.11', 'recycle-container', 'recycle-stale-line', 'timestamps',
    'timestamps-2', 'tw-reuse-old', 'tw-reuse-new', 'tw-reuse-delay', 'rfc1337', 'max-tw-buckets', 'fin-timeout',
    'port-range', 'syncookies', 'somaxconn', 'abort-on-overflow', 'conntrack-time-wait', 'conntrack-fill', 'ipvs-old',
    'ipvs-new',
}  # fmt: skip
DANGEROUS = {'D%d' % number for number in range(1, 11)}
#: R2 (impossible on this kernel) is the word of the evidence itself.
COUNTERS = {'R1', 'R3', 'R4', 'R5', 'R6', 'R7'}
OTHERS = {'evidence-past', 'line-refused', 'line-late', 'ports-used-up'}

RULE = {'id': 'mine', 'title': 't', 'severity': 'high', 'class': 'advisory', 'when': "sysctl('vm.swappiness') > `10`"}


def test_every_policy_row_dangerous_combination_and_counter_rule_is_covered():
    covered = {name for rule in catalogue.builtin().rules.values() for name in rule.covers}
    assert covered == POLICY | DANGEROUS | COUNTERS | OTHERS


def test_every_rule_explains_itself():
    for rule in catalogue.builtin().rules.values():
        assert rule.why, rule.id
        assert rule.fix['text'] or 'sysctl' in rule.fix, rule.id
        assert rule.references, rule.id
        assert rule.evidence, rule.id
        assert rule.covers, rule.id


def test_collisions_are_blamed_on_ports_given_again_not_on_another_client():
    rule = catalogue.builtin().rules['time-wait-collision']
    assert 'one client with one clock is enough' in rule.why
    advice = [sentence.strip() for sentence in rule.fix['text'].split('. ')]
    assert advice[0].startswith('On the box that does SNAT: no random ports')
    assert [sentence for sentence in advice if 'conntrack TIME_WAIT' in sentence] == [
        'With random ports a longer conntrack TIME_WAIT does not help.'
    ]


def test_no_rule_advises_random_ports_which_make_syns_meet_time_wait():
    for rule in catalogue.builtin().rules.values():
        for sentence in rule.fix['text'].split('. '):
            if '--random-fully' in sentence:
                assert 'time-wait-collision' in sentence, rule.id


def test_nothing_that_others_own_is_ever_set():
    for rule in catalogue.builtin().rules.values():
        key = rule.fix.get('sysctl', '')
        if key.startswith(('net.ipv4.vs.', 'net.netfilter.nf_conntrack_m')) or 'rp_filter' in key:
            assert rule.fix['report_only'] is True, rule.id


def test_what_the_node_must_read():
    keys = catalogue.builtin().sysctl_keys
    assert {'net.ipv4.tcp_tw_recycle', 'net.ipv4.tcp_timestamps', 'net.ipv4.tcp_rfc1337'} <= set(keys)
    assert keys == sorted(set(keys))
    names = catalogue.builtin().counter_names
    assert {'PAWSPassive', 'TWKilled', 'PAWSTimewait', 'ListenDrops'} <= set(names['TcpExt'])
    assert set(names) == {'TcpExt', 'Tcp'}
    more = catalogue.builtin().extended([{**RULE, 'evidence': {'out': "counter('Tcp.OutRsts')"}}])
    assert 'vm.swappiness' in more.sysctl_keys
    assert more.counter_names['Tcp'] == ['OutRsts', 'PassiveOpens']


@pytest.mark.parametrize('nothing', [None, [], {}, ''])
def test_no_user_rules_change_nothing(nothing):
    assert catalogue.builtin().extended(nothing) is catalogue.builtin()


@pytest.mark.parametrize('raw', [[RULE], RULE, {'mine': {k: v for k, v in RULE.items() if k != 'id'}}])
def test_a_new_rule_as_list_as_itself_or_by_id(raw):
    more = catalogue.builtin().extended(raw)
    found = verdict.judge(record('6.18.44', {'vm.swappiness': 60}), None, more, 'server', [], TODAY)
    assert found['verdict'] == 'advisory'
    assert [finding['rule'] for finding in found['findings']] == ['mine']
    assert 'mine' not in catalogue.builtin().rules


def rules_found(of, rules):
    found = verdict.judge(of, None, catalogue.builtin().extended(rules), 'server', [], TODAY)
    return {finding['rule']: finding for finding in found['findings']}, found['verdict']


def test_change_of_severity():
    of = record('6.18.44', {'net.ipv4.tcp_rfc1337': 1})
    assert rules_found(of, [])[0]['rfc1337']['severity'] == 'medium'
    assert rules_found(of, [{'id': 'rfc1337', 'severity': 'critical'}])[0]['rfc1337']['severity'] == 'critical'
    findings, word = rules_found(of, [{'id': 'rfc1337', 'severity': 'info'}])
    assert (findings['rfc1337']['class'], word) == ('clean', 'clean')


def test_disable_and_enable():
    of = record('6.18.44', {'net.ipv4.tcp_rfc1337': 1})
    off = {'id': 'rfc1337', 'enabled': False}
    assert rules_found(of, [off]) == ({}, 'clean')
    assert 'rfc1337' in rules_found(of, [off, {'id': 'rfc1337', 'enabled': True}])[0]
    assert rules_found(of, {'rfc1337': {'enabled': False}}) == ({}, 'clean')
    assert 'rfc1337' not in rules_found(of, [off, {'id': 'rfc1337', 'severity': 'low'}])[0]
    assert rules_found(record('6.18.44', {'vm.swappiness': 60}), [{**RULE, 'enabled': False}]) == ({}, 'clean')


def test_a_host_stays_exposed_also_where_the_rule_is_disabled():
    of = record('4.4.178', {'net.ipv4.tcp_tw_recycle': 1})
    rules = [{'id': 'tw-recycle-exposed', 'enabled': False}, {'id': 'somaxconn', 'severity': 'info'}]
    findings, word = rules_found(of, rules)
    assert 'tw-recycle-exposed' not in findings
    assert word == 'exposed'
    findings, word = rules_found(of, [{'id': 'tw-recycle-exposed', 'severity': 'info'}])
    assert (findings['tw-recycle-exposed']['class'], word) == ('exposed', 'exposed')


def test_a_changed_severity_holds_whatever_else_would_decide():
    of = record('6.18.44', {'net.ipv4.tcp_tw_reuse': 1, 'net.ipv4.tcp_timestamps': 0})
    assert rules_found(of, [])[0]['timestamps-off']['severity'] == 'high'
    assert rules_found(of, [{'id': 'timestamps-off', 'severity': 'low'}])[0]['timestamps-off']['severity'] == 'low'


def test_a_condition_on_kernel_or_namespace_is_asked_everywhere():
    rule = {**RULE, 'when': "kernel_at_least('9.0') || namespace.kind == 'container'"}
    of = record('6.18.44', others=[container('6.18.44')])
    found = verdict.judge(of, None, catalogue.builtin().extended(rule), 'server', [], TODAY)
    assert [finding['namespace'] for finding in found['findings']] == ['net:[4026532281]']


def broken(**changes):
    return {name: value for name, value in {**RULE, **changes}.items() if value is not ...}


BROKEN = [
    ('text', 'rules.yml', 'audit_rules: must be a list of rules, is str'),
    ('no mapping', ['x'], 'rule in audit_rules[0]: must be a mapping, is str'),
    ('by id, no mapping', {'mine': 5}, "rule 'mine' in audit_rules: must be a mapping, is int"),
    ('no id', [broken(id=...)], 'rule in audit_rules[0]: missing: id'),
    ('no title', [broken(title=...)], "rule 'mine' in audit_rules[0]: missing: title"),
    ('second', [RULE, broken(id='other', when=...)], "rule 'other' in audit_rules[1]: missing: when"),
    ('nothing but a severity', [{'id': 'mine', 'severity': 'low'}], 'no rule has this id'),
    ('bad id', [broken(id='a b')], 'id: letters'),
    ('id no text', [broken(id=5)], 'id: must be text, is int'),
    ('severity', [broken(severity='bad')], "unknown severity 'bad'; known are: critical"),
    ('severity list', [broken(severity=['high'])], "unknown severity ['high']"),
    ('class', [broken(**{'class': 'awful'})], "unknown class 'awful'; known are: dropping"),
    ('profile', [broken(profiles=['desktop'])], "unknown profile 'desktop'"),
    ('profiles no list', [broken(profiles='server')], 'profiles: must be a list'),
    ('scope', [broken(scope='world')], "unknown scope 'world'"),
    ('field', [broken(wen='x')], "unknown field 'wen'"),
    ('when no text', [broken(when=True)], 'when: must be a JMESPath text, is bool'),
    ('syntax', [broken(when='a ==')], 'when: not JMESPath'),
    ('function', [broken(when="nope('x')")], 'when: unknown function nope()'),
    ('arity', [broken(when="sysctl('a.b', 'c.d')")], 'when: sysctl() takes 1 argument(s), got 2'),
    ('type', [broken(when="contains(`5`, 'x')")], 'when: '),
    ('type behind a guard', [broken(when="exposure == 'x' && starts_with(schema, 'x')")], 'when: '),
    ('not a condition', [broken(when="sysctl('a.b')")], 'when: gives int, must give true or false'),
    ('no such field', [broken(when="exposre == 'exposed'")], "no field 'exposre' here"),
    ('no such field below', [broken(when='kernel.versoin == `1`')], "no field 'versoin' here"),
    ('null without backticks', [broken(when="counter('TW') == null")], "'null' is a field here"),
    ('fails where empty', [broken(when="contains(kernel.release, 'el7')")], 'when: '),
    ('evidence', [broken(evidence={'x': 'nope()'})], 'evidence.x: unknown function nope()'),
    ('evidence no mapping', [broken(evidence=['x'])], 'evidence: must be a mapping'),
    ('severity_when', [broken(severity_when=[{'severity': 'low'}])], 'severity_when[0]: must be {severity, when}'),
    (
        'severity_when expr',
        [broken(severity_when=[{'severity': 'low', 'when': 'x('}])],
        'severity_when[0]: not JMESPath',
    ),
    ('watch', [broken(watch="counter('TW')")], 'watch: gives int'),
    ('impaired not active', [broken(**{'class': 'impaired'})], 'it needs active: true'),
    ('fix', [broken(fix=5)], 'fix: must be a text or a mapping'),
    ('fix field', [broken(fix={'sysctl': 'a.b', 'val': 1})], "unknown field of fix 'val'"),
    ('fix without a value', [broken(fix={'sysctl': 'a.b'})], 'needs one of value, minimum, absent'),
    ('fix with two', [broken(fix={'sysctl': 'a.b', 'value': 1, 'absent': True})], 'needs one of'),
    ('fix without sysctl', [broken(fix={'value': 1})], 'fix: value without sysctl'),
    ('fix boolean', [broken(fix={'sysctl': 'a.b', 'value': True})], 'quote it'),
    ('fix minimum', [broken(fix={'sysctl': 'a.b', 'minimum': 'x'})], 'fix.minimum: a number'),
    ('fix key', [broken(fix={'sysctl': '../x', 'value': 1})], 'fix.sysctl: sysctl(): '),
    ('fix evidence', [broken(fix={'sysctl': 'a.b', 'minimum': '{x}'})], 'fix.minimum: {x} is not in its evidence'),
    ('summary', [broken(summary='{x}')], 'summary: {x} is not in its evidence'),
    ('enabled', [broken(enabled='no')], "enabled: true or false, not 'no'"),
    ('references', [broken(references=[1])], 'references: must be a list of texts'),
    ('duplicate', [RULE, RULE], "rule 'mine' in audit_rules[1]: duplicate id"),
    ('duplicate of a built-in', [broken(id='rfc1337')], 'duplicate id: is a built-in rule'),
    ('change of severity', [{'id': 'rfc1337', 'severity': 'bad'}], "unknown severity 'bad'"),
    ('change of enabled', [{'id': 'rfc1337', 'enabled': 'false'}], 'enabled: true or false'),
    ('no change', [{'id': 'rfc1337'}], 'changes nothing'),
    ('id that is no text', [broken(id={'x': 1})], 'id: '),
]


@pytest.mark.parametrize(('raw', 'message'), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_a_broken_rule_is_named_with_its_place(raw, message):
    with pytest.raises(CatalogueError) as raised:
        catalogue.builtin().extended(raw)
    assert message in str(raised.value)
    assert 'audit_rules' in str(raised.value)


def test_the_place_is_the_callers():
    with pytest.raises(CatalogueError, match=r"^rule 'mine' in group_vars/web\[0\]: "):
        catalogue.builtin().extended([broken(when='(')], 'group_vars/web')
