# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What audit.html shows of one host: findings, forecast, remediation, and commands to paste."""

from __future__ import annotations

import re
import shlex

import pytest
from ansible.inventory.manager import split_host_pattern
from selenium.webdriver.common.by import By

from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import entries
from tests import synthetic
from tests.page.reader import Show, commands, on_paper
from tests.unit.plugins.plugin_utils._report.builders import make_document, make_finding, make_host
from tests.unit.plugins.plugin_utils._report.formats import test_formats

RECYCLE = 'net.ipv4.tcp_tw_recycle'
APPLIED = {'id': '20261122T050000Z-0123abcd', 'time': 5, 'state': 'applied', 'changes': 2}


def test_the_part_of_a_host_says_what_how_and_where(show: Show) -> None:
    page = show(synthetic.fleet(1))
    page.one('button.open').click()
    text = page.one('td.detail').text
    for expected in (
        'tcp_tw_recycle is dropping SYNs now',
        '/etc/sysctl.d/50-tuning.conf:3',
        'TcpExt.PAWSPassive +37 (3.70 per second)',
        'sysctl -w net.ipv4.tcp_tw_recycle=0',
        'ansible-playbook -b nodetcp.paws.remediate --check --diff --limit host00000.example.org',
        'ansible-playbook -b nodetcp.paws.remediate --limit host00000.example.org',
        'container net:[4026532281]',
    ):
        assert expected in text
    assert 'nodetcp.paws.rollback' not in text, 'nothing was changed that could be undone'
    widths = [rect.get_attribute('width') for rect in page.driver.find_elements(By.CSS_SELECTOR, '.rises rect')]
    assert widths == ['200.0', '200.0']


def test_before_and_after_of_a_remediation(show: Show) -> None:
    change = {'what': 'running', 'key': 'net.ipv4.tcp_tw_recycle', 'before': '1', 'after': '0', 'namespace': 'host'}
    done = {
        'state': 'changed',
        'reason': None,
        'failed': False,
        'changes': [{**change, 'file': None, 'line': None, 'reason': 'rule tw-recycle-enabled'}],
        'left': [{'rule': 'somaxconn', 'reason': 'below the severity asked for'}],
        'undo': 'ansible-playbook nodetcp.paws.rollback -e rollback_change_set=20261122T050000Z-0123abcd --limit a',
    }
    host = {**make_host('a', 'advisory'), 'remediation': done}
    states = {'changed': 1, 'rolled back': 0, 'state unknown': 0, 'planned': 0, 'untouched': 0}
    part = {'change_set': '20261122T050000Z-0123abcd', 'check_mode': False, 'refused': None, 'undo': 'undo all'}
    page = show({**make_document(host), 'remediation': {**part, 'states': states}})
    assert 'Change set 20261122T050000Z-0123abcd: 1 changed' in page.text()
    page.one('button.open').click()
    text = page.one('td.detail').text
    assert 'running net.ipv4.tcp_tw_recycle this host 1 0 rule tw-recycle-enabled' in ' '.join(text.split())
    assert 'somaxconn: below the severity asked for' in text
    assert done['undo'] in text


def test_the_forecast_draws_ports_against_capacity(show: Show) -> None:
    planned, stopped = ({**make_host(name), 'forecast': found} for name, found in test_formats.FORECASTS.items())
    page = show(make_document(planned, stopped))
    page.chromium.run('for (const button of document.querySelectorAll("button.open")) button.click()')
    told = page.one('td.detail').text
    for expected in (
        'Forecast: local ports once tcp_tw_recycle is off used up',
        '10.0.0.1 \u2192 10.0.0.5:3306',
        '180 / 200 (90 %)',
        'with what this run sets: 6 / 200 (3 %)',
        'net.ipv4.tcp_tw_reuse = 1',
        'net.ipv4.tcp_timestamps=0: ',
    ):
        assert expected in told
    bars = page.driver.find_elements(By.CSS_SELECTOR, '.ports rect:not(.frame)')
    assert [drawn.get_attribute('class') for drawn in bars] == ['f-exposed', 'f-clean', 'f-exposed']
    assert [float(drawn.get_attribute('width') or 0) for drawn in bars] == [216.0, 7.2, 216.0]


@pytest.mark.parametrize('name', ["a'; rm -rf $(x) `y`", 'web server 1', 'fe80::1%eth0'])
def test_commands_are_safe_to_paste_and_mean_that_host(show: Show, name: str) -> None:
    page = show(make_document(make_host(name, 'exposed', findings=[make_finding()], change_sets=[APPLIED])))
    page.one('button.open').click()
    start = ['ansible-playbook', '-b']
    for said, expected in zip(
        commands(page),
        (
            [*start, 'nodetcp.paws.remediate', '--check', '--diff', '--limit'],
            [*start, 'nodetcp.paws.remediate', '--limit'],
            ['sysctl', '-w'],
            [*start, 'nodetcp.paws.rollback', '-e', 'rollback_change_set=%s' % APPLIED['id'], '--limit'],
        ),
        strict=True,
    ):
        words = shlex.split(said)
        assert words[:-1] == expected
        if expected[-1] == '--limit':
            assert re.match(words[-1].removeprefix('~'), name)
            assert split_host_pattern(words[-1]) == [words[-1]]


def test_commands_are_those_of_the_run(show: Show) -> None:
    document = make_document(make_host('a', 'exposed', change_sets=[APPLIED]))
    document['run']['commands'] = {'remediate': 'ansible-playbook -i hosts -b remediate.yml', 'rollback': 'undo it'}
    page = show(document)
    page.one('button.open').click()
    shown = commands(page)
    assert shown[:2] == [
        'ansible-playbook -i hosts -b remediate.yml --check --diff --limit a',
        'ansible-playbook -i hosts -b remediate.yml --limit a',
    ]
    assert shown[-1] == 'undo it -e rollback_change_set=%s --limit a' % APPLIED['id']


@pytest.mark.parametrize('language', ['en', 'zh'])
def test_where_no_command_helps_the_page_says_what_does(show: Show, language: str) -> None:
    writer = {'kind': 'rc.local', 'file': '/etc/rc.local', 'line': 2, 'key': RECYCLE, 'value': '1', 'when': 'boot'}
    off = {'sysctl': RECYCLE, 'value': 0, 'where': 'node', 'running': '0', 'text': 'x'}
    written = make_finding(evidence={'writers': [writer]}, fix=off, **{'class': 'latent'})
    inside = {'sysctl': 'net.ipv4.tcp_rfc1337', 'value': 0, 'where': 'namespace', 'text': 'x'}
    hosts = [
        make_host('a', 'latent', findings=[written]),
        make_host('b', 'latent', findings=[make_finding(namespace='net:[4026531840]', fix=inside)]),
        make_host('c', 'latent', findings=[make_finding(fix={'text': 'accept faster'})]),
        make_host('d', 'latent', source={'collector': 'capture'}),
        make_host('e', 'latent', source={'collector': 'live', 'file': '/records/e.json'}),
        make_host('f', 'advisory', findings=[make_finding(severity='medium', **{'class': 'advisory'})]),
        entries.unobserved('g', [], 'unreachable', 'no route'),
        make_host('h'),
    ]
    document = make_document(*hosts)
    document['run']['language'] = language
    page = show(document)
    expected = {
        'a': (
            'Take %s = 1 out of /etc/rc.local:2 (rc.local, at each boot)' % RECYCLE,
            '把 %s = 1 从 /etc/rc.local:2' % RECYCLE,
        ),
        'b': (
            'In net:[4026531840]: net.ipv4.tcp_rfc1337 = 0, among the sysctls of the pod',
            '中：net.ipv4.tcp_rfc1337 = 0',
        ),
        'c': ('no setting of this collection ends it', '本集合没有能消除它的设置'),
        'd': ('run remediate.yml on the machine that it was taken from', '请在其来源机器上运行'),
        'e': ('This record was collected offline', '此记录为离线采集'),
        'f': ('below remediate_min_severity, from severity medium on', '从严重程度中起'),
        'g': ('then audit it again', '再重新审计'),
        'h': ('', ''),
    }
    for place, name in enumerate(page.names()):
        page.driver.find_elements(By.CSS_SELECTOR, 'button.open')[place].click()
        text = page.one('td.detail').text
        assert expected[name][language == 'zh'] in text, name
        assert 'undefined' not in text
        assert bool(commands(page)) == (name == 'f'), name
        page.driver.find_elements(By.CSS_SELECTOR, 'button.open')[place].click()


def test_equal_findings_of_containers_stand_once(show: Show) -> None:
    boxes = [{'id': '%02d' % number + 'a' * 62, 'runtime': 'docker', 'pod_uid': None} for number in range(20)]
    base = make_host('a')['namespaces'][0]
    inside = [
        {**base, 'id': 'net:[%d]' % number, 'kind': 'container', 'container': box} for number, box in enumerate(boxes)
    ]
    found = [make_finding(namespace=each['id'], title='the queue is short') for each in inside]
    page = show(make_document(make_host('a', 'exposed', namespaces=[base, *inside], findings=found)))
    page.one('button.open').click()
    [finding] = page.driver.find_elements(By.CSS_SELECTOR, '.finding')
    assert finding.text.count('the queue is short') == 1
    assert 'container 00aaaaaaaaaa (docker)'.lower() in finding.text.lower()
    assert page.one('td.c-findings').text == '1'


def test_a_waived_finding_is_shown_as_waived_and_does_not_count(show: Show) -> None:
    waived = make_finding(
        rule='other', title='the other', waived={'reason': 'accepted by ops', 'expires': '2027-01-01'}
    )
    page = show(make_document(make_host('a', 'exposed', findings=[waived, make_finding()])))
    assert page.one('td.c-findings').text == '1 (1 waived)'
    assert page.one('.total').text == '1 host (1 with waived findings)'
    page.one('button.open').click()
    counting, other = page.driver.find_elements(By.CSS_SELECTOR, '.finding')
    assert 'waived' not in counting.text.lower()
    assert other.text.startswith('the other exposed Waived')
    assert 'accepted by ops (until 2027-01-01)' in other.text
    assert 'accepted by ops' in on_paper(page)
