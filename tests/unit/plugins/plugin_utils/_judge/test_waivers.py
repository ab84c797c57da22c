# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waivers: a reason, a date, a namespace, a host; what is waived stays in the report and does not count."""

from __future__ import annotations

import datetime

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue, verdict, waivers
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.catalogue import CatalogueError
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._judge.records import (
    CONTAINER,
    TODAY,
    both,
    container,
    record,
    writer,
)

RFC1337 = 'net.ipv4.tcp_rfc1337'
RECYCLE = 'net.ipv4.tcp_tw_recycle'
W = {'rule': 'rfc1337', 'reason': 'hardening guide, no clients through NAT'}


def judged(of, *raw, today=TODAY):
    parsed = waivers.parse(list(raw), 'audit_waivers', catalogue.builtin(), today)
    return verdict.judge(of, None, catalogue.builtin(), 'server', parsed, today)


def test_a_waived_finding_stays_and_does_not_count():
    found = judged(record('6.18.44', {RFC1337: 1}), W)
    assert found['verdict'] == 'clean'
    assert [finding['rule'] for finding in found['findings']] == ['rfc1337']
    assert found['findings'][0]['waived'] == {'reason': W['reason'], 'expires': None}
    assert found['findings'][0]['class'] == 'advisory'


def test_other_findings_still_count():
    found = judged(record('6.18.44', {RFC1337: 1, 'net.ipv4.tcp_syncookies': 0}), W)
    assert found['verdict'] == 'advisory'
    assert [(finding['rule'], bool(finding['waived'])) for finding in found['findings']] == [
        ('syncookies-off', False),
        ('rfc1337', True),
    ]


@pytest.mark.parametrize('expires', ['2026-11-22', '2026-11-23', datetime.date(2026, 11, 22), '', None])
def test_holds_through_its_day(expires):
    assert judged(record('6.18.44', {RFC1337: 1}), {**W, 'expires': expires})['verdict'] == 'clean'


def test_an_expired_one_counts_again_and_says_so():
    found = judged(record('6.18.44', {RFC1337: 1}), {**W, 'expires': '2026-11-21'})
    assert found['verdict'] == 'advisory'
    assert found['findings'][0]['waived'] is None
    assert found['findings'][0]['evidence']['waiver_expired'] == {'reason': W['reason'], 'expires': '2026-11-21'}


def test_a_valid_one_beside_an_expired_one_holds():
    found = judged(record('6.18.44', {RFC1337: 1}), {**W, 'expires': '2026-11-21'}, {**W, 'expires': '2027-01-01'})
    assert found['verdict'] == 'clean'


@pytest.mark.parametrize(
    'where',
    [
        *('net:[4026532281]', 'net:[4026532281]@4/' + CONTAINER, 'container', '3f2a*'),
        *(CONTAINER, CONTAINER[:12], CONTAINER[:30]),
    ],
)
def test_one_namespace(where):
    of = record('6.18.44', {RFC1337: 1}, others=[container('6.18.44', {RFC1337: 1})])
    found = judged(of, {**W, 'namespace': where})
    assert found['verdict'] == 'advisory'
    assert {finding['namespace']: bool(finding['waived']) for finding in found['findings']} == {
        'net:[4026531840]': False,
        'net:[4026532281]': True,
    }


def test_a_namespace_that_is_not_there_waives_nothing():
    assert judged(record('6.18.44', {RFC1337: 1}), {**W, 'namespace': '3f2b*'})['verdict'] == 'advisory'


def test_one_host():
    of = record('6.18.44', {RFC1337: 1})
    for host, wanted in (('web1', 'clean'), ('web*', 'clean'), ('db1', 'advisory')):
        assert judged(of, {**W, 'host': host})['verdict'] == wanted


def test_one_host_by_its_inventory_name():
    parsed = waivers.parse([{**W, 'host': 'rack7-*'}, {**W, 'host': 'other'}], 'w', catalogue.builtin(), TODAY)
    mine = waivers.for_host(parsed, ['rack7-03', '10.0.0.3'])
    assert len(mine) == 1
    found = verdict.judge(record('6.18.44', {RFC1337: 1}), None, catalogue.builtin(), 'server', mine, TODAY)
    assert found['verdict'] == 'clean'


def test_the_exposure_of_a_namespace_can_be_waived_too():
    of = record('4.4.178', {RECYCLE: 1, 'net.core.somaxconn': 4096})
    found = judged(of, {'rule': 'tw-recycle-exposed', 'reason': 'isolated network'})
    assert (found['verdict'], found['exposure']) == ('clean', 'exposed')


def test_latent_counts_until_each_of_its_causes_is_waived():
    of = record(
        '4.4.178', {'net.core.somaxconn': 4096}, persisted={RECYCLE: both(1)}, writers=[writer()],
        others=[container('4.4.178', {'net.core.somaxconn': 4096})],
    )  # fmt: skip
    a, b = ({'rule': rule, 'reason': 'x'} for rule in ('tw-recycle-line', 'tw-recycle-writer'))
    assert [judged(of, *some)['verdict'] for some in ((), (a,), (b,), (a, b))] == [
        'latent',
        'latent',
        'latent',
        'clean',
    ]
    assert judged(of, a)['impact']['namespaces'] == ['net:[4026531840]', 'net:[4026532281]']


def test_a_waiver_of_one_container_leaves_the_host_exposed():
    of = record('4.4.178', {RECYCLE: 1}, others=[container('4.4.178', {RECYCLE: 1})])
    raw = {'rule': 'tw-recycle-exposed', 'reason': 'x', 'namespace': 'container'}
    assert judged(of, raw)['verdict'] == 'exposed'


A, B, C = CONTAINER, '7b1c' + '1' * 60, '9d4e' + '2' * 60
EXPOSED = {'rule': 'tw-recycle-exposed', 'reason': 'SEC-7'}


def group(*names, count=None, kind='container'):
    """A node whose namespaces of these names are alike, as the node groups them."""
    others = [container('4.11.8', {RECYCLE: 1}, inode=4026532281 + at, name=name) for at, name in enumerate(names)]
    fields = {'members': [entry['key'] for entry in others], 'count': count or len(names), 'kind': kind}
    also = [{**entry['container'], 'pod_uid': 'pod-%d' % at} for at, entry in enumerate(others[1:9], 1)]
    entry = {**others[0], **fields, 'also': also}
    return record('4.11.8', {RECYCLE: 0, 'net.core.somaxconn': 4096}, others=[entry])


def exposed(of, *raw):
    found = judged(of, {'rule': 'somaxconn', 'reason': 'x'}, *raw)
    return found['verdict'], next(each for each in found['findings'] if each['rule'] == 'tw-recycle-exposed')


@pytest.mark.parametrize(
    'named', [A, A[:12], '3f2a*', 'net:[4026532281]', B, B[:12], '7b1c*', 'net:[4026532282]', '*@4/7b1c*', 'pod-1']
)
def test_a_waiver_of_one_of_several_alike_leaves_the_others(named):
    verdict_, finding = exposed(group(A, B), {**EXPOSED, 'namespace': named})
    assert (verdict_, finding['waived']) == ('exposed', None)
    assert finding['evidence']['waived_in'] == {'reason': 'SEC-7', 'expires': None, 'namespaces': 1, 'of': 2}


def test_a_waiver_names_a_pod_as_kubectl_does():
    of = group(A)
    pod = {'namespace': 'shop', 'name': 'web-5d9f-x2k4z', 'containers': ['app']}
    of['namespaces'][1]['container'] = {**of['namespaces'][1]['container'], 'pod': pod}
    assert exposed(of, {**EXPOSED, 'namespace': 'shop/web-*'})[1]['waived']['reason'] == 'SEC-7'
    assert exposed(of, {**EXPOSED, 'namespace': 'other/web-*'})[1]['waived'] is None


def test_several_alike_are_waived_once_each_is_named():
    first = {**EXPOSED, 'namespace': A, 'expires': '2027-06-30'}
    second = {**EXPOSED, 'namespace': B[:12], 'reason': 'SEC-8', 'expires': '2027-01-31'}
    verdict_, finding = exposed(group(A, B), first, second)
    assert (verdict_, finding['waived']) == ('clean', {'reason': 'SEC-7; SEC-8', 'expires': '2027-01-31'})
    assert 'waived_in' not in finding['evidence']


@pytest.mark.parametrize('named', ['container', '*', '*@4/*', None])
def test_a_waiver_that_names_all_of_several_alike(named):
    assert exposed(group(A, B, C), {**EXPOSED, 'namespace': named})[0] == 'clean'


def test_a_container_that_is_far_down_in_its_group_can_be_named():
    names = ['%04x' % number + '3' * 60 for number in range(40)]
    each = [{**EXPOSED, 'namespace': name[:12]} for name in names]
    assert exposed(group(*names), *each)[0] == 'clean'
    verdict_, finding = exposed(group(*names), *each[:39])
    assert (verdict_, finding['evidence']['waived_in']['namespaces']) == ('exposed', 39)


def test_an_expired_waiver_of_one_of_several_alike():
    valid, expired = {**EXPOSED, 'namespace': A}, {**EXPOSED, 'namespace': B, 'expires': '2026-11-21'}
    verdict_, finding = exposed(group(A, B), valid, expired)
    assert verdict_ == 'exposed'
    assert finding['evidence']['waived_in']['namespaces'] == 1
    assert finding['evidence']['waiver_expired'] == {'reason': 'SEC-7', 'expires': '2026-11-21'}


def test_who_is_counted_and_not_listed_is_waived_by_kind_alone():
    of = group(A, B, count=3)
    assert exposed(of, {**EXPOSED, 'namespace': '*@4/*'})[0] == 'exposed'
    assert exposed(of, {**EXPOSED, 'namespace': 'container'})[0] == 'clean'


def test_named_namespaces_that_are_alike():
    of = group('named:blue', 'named:green', kind='named')
    of['namespaces'][1].update(name='blue', container=None, also=[])
    blue, green = ({**EXPOSED, 'namespace': name} for name in ('blue', 'green'))
    assert [exposed(of, *some)[0] for some in ((blue,), (green,), (blue, green))] == ['exposed', 'exposed', 'clean']


BROKEN = [
    ('text', 'rfc1337', 'audit_waivers: must be a list of waivers, is str'),
    ('no mapping', ['rfc1337'], 'waiver in audit_waivers[0]: must be a mapping'),
    ('no rule', [{'reason': 'x'}], 'waiver in audit_waivers[0]: missing: rule'),
    ('rule that is no text', {**W, 'rule': {'x': 1}}, 'no rule has this id'),
    (
        'unknown rule',
        [{'rule': 'nope', 'reason': 'x'}],
        "waiver of rule 'nope' in audit_waivers[0]: no rule has this id",
    ),
    ('no reason', [W, {'rule': 'rfc1337'}], "waiver of rule 'rfc1337' in audit_waivers[1]: a waiver needs a reason"),
    ('blank reason', [{**W, 'reason': '  '}], 'a waiver needs a reason'),
    ('reason no text', [{**W, 'reason': 5}], 'a waiver needs a reason'),
    ('date', [{**W, 'expires': 'soon'}], "expires 'soon' is not a date like 2026-12-31"),
    ('no such day', [{**W, 'expires': '2026-02-30'}], 'is not a date'),
    ('number', [{**W, 'expires': 20261231}], 'is not a date'),
    ('far', [{**W, 'expires': '9999-01-01'}], 'a century away'),
    ('field', [{**W, 'until': '2026-12-31'}], "unknown field 'until'"),
    ('namespace', [{**W, 'namespace': ['x']}], 'namespace must be a text'),
    ('host', [{**W, 'host': ''}], 'host must be a text'),
]


@pytest.mark.parametrize(('raw', 'message'), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_a_broken_waiver_is_named_with_its_place(raw, message):
    with pytest.raises(CatalogueError) as raised:
        waivers.parse(raw, 'audit_waivers', catalogue.builtin(), TODAY)
    assert message in str(raised.value)


def test_none_and_a_single_one():
    for nothing in (None, '', [], {}):
        assert waivers.parse(nothing, 'w', catalogue.builtin(), TODAY) == []
    assert [waiver.rule for waiver in waivers.parse(W, 'w', catalogue.builtin(), TODAY)] == ['rfc1337']


def test_a_rule_of_the_user_can_be_waived():
    rule = {'id': 'mine', 'title': 't', 'severity': 'high', 'class': 'advisory', 'when': '`true`'}
    more = catalogue.builtin().extended([rule])
    parsed = waivers.parse([{'rule': 'mine', 'reason': 'x'}], 'w', more, TODAY)
    assert verdict.judge(record('6.18.44'), None, more, 'server', parsed, TODAY)['verdict'] == 'clean'
