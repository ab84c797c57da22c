# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports in Chinese: every format, the table, the sentence a run ends with, and what stays as it is."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue, verdict
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.catalogue import told
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import message
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import retold, spoken
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import compare, entries, outcome, stored, writing
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.document import told_finding
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.formats import html, table
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text import columns
from tests import synthetic
from tests.unit.plugins.plugin_utils._forecast import test_planned
from tests.unit.plugins.plugin_utils._judge import records
from tests.unit.plugins.plugin_utils._judge.rule_cases import CASES
from tests.unit.plugins.plugin_utils._report.builders import make_document, make_forecast, make_host, problems
from tests.unit.plugins.plugin_utils._report.formats import page_reader
from tests.unit.plugins.plugin_utils._report.formats.test_display import HOSTILE

Json = dict[str, Any]
HAN = re.compile('[\u4e00-\u9fff]')
SENTENCE = re.compile(r'[a-z]{2,} [a-z]{2,} [a-z]{2,} [a-z]{2,}')
#: Not ours, or for programs: commands, names of metrics, references of rules.
FOREIGN = ('ansible-playbook', 'no route from here to there')
RECYCLE = 'net.ipv4.tcp_tw_recycle'


def judged(record: Json, earlier: Json | None = None, rules: Any = None) -> Json:
    """The entry of a host with that record, as the audit registers it and JSON keeps it."""
    known = catalogue.builtin().extended(rules)
    result = spoken(verdict.judge(record, earlier, known, 'server', [], records.TODAY))
    about = {'profile': 'server', **{part: record[part] for part in ('kernel', 'source', 'unavailable')}}
    entry: Json = json.loads(json.dumps(entries.observed('web1', ['web'], {**result, **about})))
    return entry


def chinese(*hosts: Json) -> Json:
    document = make_document(*hosts)
    document['run']['language'] = 'zh'
    return document


def rich() -> Json:
    """A fleet in every state, compared with what it was, with hosts that were lost in every way."""
    fleet = synthetic.fleet(synthetic.PERIOD)['hosts']
    first = {'verdict': 'exposed', 'summary': 's', 'findings': []}
    others = [
        entries.unobserved('a', [], *entries.missing(True)),
        entries.unobserved('b', [], *entries.missing(False)),
        entries.from_results('c', [], {'skipped': True}, None),
        entries.from_results('d', [], {'changed': False}, None),
        entries.from_results('e', [], {'failed': True}, None),
        entries.from_results('f', [], first, {'unreachable': True, 'msg': FOREIGN[1]}),
        entries.from_results('g', [], first, {'failed': True, **spoken({'msg': message('verb/no-counts')})}),
        {**make_host('h', 'exposed', findings=[], summary=''), 'forecast': make_forecast('server')},
    ]
    now = chinese(*fleet, *(each for each in others if each))
    return compare.compare(
        now, make_document(*(make_host(host['name']) for host in now['hosts'][3:]), make_host('gone'))
    )


def english(text: str) -> list[str]:
    """The sentences of ours in it that are English."""
    text = re.sub(r'https?://\S+|"references": \[[^]]*\]|"(?:description|name)":"[^"]*"', '', text)
    lines = [line for line in re.split(r'[\n",<>]', text) if not any(part in line for part in FOREIGN)]
    return [line for line in lines if SENTENCE.search(line)]


@pytest.mark.parametrize('name', ['csv', 'markdown', 'junit'])
def test_a_format_shows_no_english_sentence_of_ours(name: str) -> None:
    text = writing.FORMATS[name][1](rich())
    assert HAN.search(text)
    assert english(text) == []


def test_sarif_and_the_page_show_no_english_sentence_of_ours() -> None:
    log = json.loads(writing.FORMATS['sarif'][1](rich()))['runs'][0]
    rules = [each for rule in log['tool']['driver']['rules'] for each in rule.values() if isinstance(each, dict)]
    texts = [each['text'] for each in rules if 'text' in each]
    texts += [each['message']['text'] for each in log['results']]
    texts += [each['message']['text'] for each in log['invocations'][0]['toolExecutionNotifications']]
    assert len(texts) > 20
    assert [text for text in texts if english(text)] == []
    page = html.render(rich())
    data = json.loads(page_reader.embedded(page))
    for kind in data['kinds']:
        kind.pop('references', None)
    shown = {'kinds': data['kinds'], 'texts': data['texts'], 'hosts': page_reader.hosts(page)}
    for host in shown['hosts']:
        for found in host['findings']:
            found.pop('references', None)
    assert english(json.dumps(shown, ensure_ascii=False)) == []
    assert english(re.sub(r'<script.*|<style.*?</style>', '', page, flags=re.S)) == []


def test_the_table_and_the_end_of_a_run_are_chinese() -> None:
    document = rich()
    shown = table.render(document, 100, False)
    assert english(shown) == []
    assert '正在丢弃' in shown
    assert '台主机：1 台正在丢弃、' in shown
    assert max(map(columns.width, shown.splitlines()[:-2])) <= 100
    failed = outcome.failure(document, 'exposed', False)
    assert english(failed) == []
    assert '5 台主机未完整审计：' in failed
    assert '为「已暴露」或更差（audit_fail_on）：' in failed
    assert english(' '.join(outcome.changes(document, 'new'))) == []


def test_a_wide_line_goes_on_below_itself_in_its_column() -> None:
    host = judged(records.record(synthetic.EL7, {RECYCLE: 1}, {'PAWSPassive': 5}))
    lines = table.render(chinese(host), 60, False).splitlines()
    assert all(columns.width(line) <= 60 for line in lines)
    assert lines[0].startswith('web1  已暴露  net.ipv4.tcp_tw_recycle=1 ')
    assert lines[1].startswith(' ' * len('web1  已暴露..  '))


def test_a_finding_says_what_to_set_and_where() -> None:
    record = records.record(
        synthetic.EL7,
        {RECYCLE: 1},
        others=[records.container(synthetic.EL7, {RECYCLE: None})],
        writers=[records.writer(key='net.ipv4.tcp_timestamps', value='0')],
    )
    told_in = [told_finding('zh', each) for each in judged(record)['findings']]
    found = {(each['rule'], each['fix']['where']): each for each in told_in}
    exposed = found['tw-recycle-exposed', 'node']
    assert exposed['title'] == 'tcp_tw_recycle 与时间戳同时开启'
    assert exposed['fix']['text'].startswith('将 net.ipv4.tcp_tw_recycle 设为 0。运行值和配置文件都要改。')
    assert '请从 /etc/rc.local:3 中去掉它' in found['tw-recycle-timestamps-trap', 'node']['fix']['text']
    inside = found['tw-recycle-exposed', 'host']['fix']['text']
    assert inside.startswith('在宿主机上（整个节点只有一个值，容器无法设置）将 net.ipv4.tcp_tw_recycle 设为 0。')


@pytest.mark.parametrize('rule', CASES)
def test_what_a_rule_alone_says_of_a_host(rule: str) -> None:
    known = catalogue.Catalogue({rule: catalogue.builtin().rules[rule]})
    for case in (each for cases in CASES[rule][0].values() for each in cases):
        judge = (case['of'], case.get('earlier'), known, case.get('profile', 'server'), [], records.TODAY)
        host = entries.observed('a', [], spoken(verdict.judge(*judge)))
        found = [told_finding('zh', each) for each in host['findings']]
        said = [retold('zh', host)['summary'], *(each[part] for each in found for part in ('title', 'why'))]
        said += [each['fix']['text'] for each in found if each['fix']['text']]
        assert [text for text in said if SENTENCE.search(text) or not HAN.search(text)] == []


def test_why_it_cannot_be_decided_is_a_part_of_the_line() -> None:
    host = judged(records.record(synthetic.EL7, {RECYCLE: None}))
    assert 'runs in a container or the release is unknown' in host['summary']
    evidence = next(each for each in host['findings'] if each['rule'] == 'tw-recycle-undecided')['evidence']
    assert evidence['messages']['reason']['id'] == 'exposure/no-file'
    assert '请审计其宿主机' in retold('zh', host)['summary']
    assert '请审计其宿主机' in retold('zh', evidence)['reason']
    assert 'messages' not in retold('en', evidence)


def test_a_class_that_no_rule_explains_is_named() -> None:
    silent = [{'id': 'tw-recycle-exposed', 'enabled': False}]
    record = records.record(synthetic.EL7, {RECYCLE: 1, 'net.core.somaxconn': 4096})
    assert retold('zh', judged(record, rules=silent))['summary'] == '已暴露，但没有启用的规则说明原因'


def test_a_rule_of_a_user_stays_as_it_was_written() -> None:
    own = {
        'id': 'mine', 'title': 'swaps much', 'severity': 'critical', 'class': 'exposed', 'why': 'it does so',
        'when': "sysctl('vm.swappiness') > `10`", 'evidence': {'now': "sysctl('vm.swappiness')", 'all': 'kernel'},
        'summary': '{where} swaps at {now}, {all}',
        'fix': {'sysctl': 'vm.swappiness', 'value': 10, 'text': 'Calm down.'},
    }  # fmt: skip
    record = records.record('6.18.44', {'vm.swappiness': 60, 'net.core.somaxconn': 4096})
    host = judged(record, rules=[own])
    assert host['summary'].startswith("this host swaps at 60, {'release': '6.18.44'")
    found = told_finding('zh', host['findings'][0])
    assert (found['title'], found['why']) == ('swaps much', 'it does so')
    assert found['fix']['text'] == '将 vm.swappiness 设为 10。Calm down.'
    untold = judged(record, rules=[{name: value for name, value in own.items() if name != 'summary'}])
    assert untold['summary'] == 'swaps much (this host)'
    assert retold('zh', untold)['summary'] == 'swaps much（本机）'


def test_every_sentence_of_a_forecast_is_told() -> None:
    found = [make_forecast(), make_forecast('server')]
    found += [spoken(test_planned.ahead(test_planned.node(sockets=sockets)).forecast) for sockets in (0, 90, 120)]
    found += [spoken(test_planned.ahead(test_planned.node(ip_local_reserved_ports=''), 'server').forecast)]
    found += [spoken(test_planned.ahead(test_planned.node(sockets=90), earlier=None).forecast)]
    for each in found:
        assert english(json.dumps(retold('zh', each), ensure_ascii=False)) == []
        assert problems(make_document({**make_host('a', 'exposed'), 'forecast': {**each, 'decision': 'go'}})) == []


@pytest.mark.parametrize('text', [HOSTILE, '{0}', '{where}', 'x' * 9000])
def test_hostile_arguments_are_shown_and_nothing_else(text: str) -> None:
    host = make_host('a', 'exposed', findings=[], summary='as it stood')
    said = message('summary/with-more', said=message('where/namespace', name=text, alike=0), more=2)
    for lie in (said, {'id': text, 'arguments': {}}, {'id': 'summary/with-more', 'arguments': {'said': [[[text]]]}}):
        document = chinese({**host, 'messages': {'summary': lie}})
        for _file, render in writing.FORMATS.values():
            render(document)
        table.render(document, 80, False)
    assert told('zh', said).startswith('命名空间 ' + text[:500])


def test_a_report_of_an_earlier_version_is_read_and_shown(tmp_path: Any) -> None:
    host = judged(records.record(synthetic.EL7, {RECYCLE: 1}))
    del host['messages']
    for each in host['findings']:
        each['fix'].pop('messages', None)
        each['evidence'].pop('messages', None)
    path = tmp_path / 'audit.json'
    path.write_text(json.dumps(chinese(host)))
    read = stored.read(str(path))
    assert html.render(read).count(host['summary']) > 0
    assert told_finding('zh', read['hosts'][0]['findings'][0])['title'] == 'tcp_tw_recycle 与时间戳同时开启'
