# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What rules say, in Chinese: every rule, nothing left over, and the lines that the judge makes of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.summary import told
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages import sentences, translation
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.formats import html, markdown
from tests import synthetic
from tests.unit.plugins.plugin_utils._forecast import test_planned
from tests.unit.plugins.plugin_utils._report.builders import make_document, make_finding, make_forecast, make_host
from tests.unit.plugins.plugin_utils._report.formats.test_display import HOSTILE

Json = dict[str, Any]
RULES = {rule['id']: rule for rule in yaml.safe_load(Path(catalogue.RULES_FILE).read_text(encoding='utf-8'))['rules']}
CHINESE = yaml.safe_load(Path(translation.__file__).with_name('rules.zh.yml').read_text(encoding='utf-8'))
HAN = re.compile('[\u4e00-\u9fff]')
SENTENCE = re.compile(r'[a-z]{2,} [a-z]{2,} [a-z]{2,} [a-z]{2,}')
#: Names that mean the same in every language: a translation has those of the original.
NAMES = re.compile(
    r'tcp_\w+|nf_\w+|ip_\w+|net\.[\w.*]*[\w*]|TIME_WAIT|EADDRNOTAVAIL|PAWS\w+|TWKilled|ListenDrops|NOTRACK|\b(?:4|5|6)\.\d+\b',
    re.ASCII,
)


def test_every_rule_is_translated_and_nothing_is_left_over() -> None:
    assert CHINESE.keys() == RULES.keys()
    for name, rule in RULES.items():
        wanted = {'title': rule['title'], 'why': rule['why'], 'summary': rule.get('summary')}
        wanted['fix'] = rule.get('fix', {}).get('text')
        assert {key for key, text in wanted.items() if text} == CHINESE[name].keys(), name
        for key, text in CHINESE[name].items():
            assert HAN.search(text), (name, key)
            assert not SENTENCE.search(text), (name, key)
            assert set(NAMES.findall(wanted[key])) <= set(NAMES.findall(text)), (name, key)
            assert set(re.findall(r'{\w+}', wanted[key])) == set(re.findall(r'{\w+}', text)), (name, key)


@pytest.mark.parametrize(
    ('after', 'chinese'),
    [
        ('', ''),
        ('; fix on the host (and 4 more)', '；在宿主机上修复（另有 4 项）'),
        (' (from the next boot, by /etc/x.conf:3)', '（自下次启动起，由 /etc/x.conf:3）'),
    ],
)
@pytest.mark.parametrize(
    ('where', 'place'),
    [
        ('this host', '本机'),
        ('container 3f2a (docker) (and 2 alike)', '容器 3f2a（docker）（另有 2 个相同）'),
        ('namespace red', '命名空间 red'),
    ],
)
def test_the_line_of_every_rule_is_told_in_chinese(where: str, place: str, after: str, chinese: str) -> None:
    for name, rule in RULES.items():
        words = {key: str(number) for number, key in enumerate(re.findall(r'{(\w+)}', rule.get('summary', '')), 5)}
        words['where'] = where
        english = told(rule.get('summary') or rule['title'] + ' ({where})', words)
        host = make_host('a', 'exposed', summary=english + after, findings=[make_finding(rule=name)])
        line = translation.summary('zh', host)
        template = CHINESE[name].get('summary') or CHINESE[name]['title'] + '（{where}）'
        assert line == told(template, {**words, 'where': place}).replace('） ', '）') + chinese
        assert translation.summary('en', host) == english + after


def test_what_the_judge_says_of_a_fleet_is_told_in_chinese() -> None:
    document = synthetic.fleet(synthetic.PERIOD)
    document['run']['language'] = 'zh'
    for host in document['hosts']:
        assert HAN.search(translation.summary('zh', host)), host['summary']
        for finding in host['findings']:
            said = translation.finding('zh', finding)
            assert not SENTENCE.search(said['title'] + said['why'] + said['fix']['text'])
    fixes = [
        translation.finding('zh', found)['fix']['text'] for host in document['hosts'] for found in host['findings']
    ]
    assert any(
        fix.startswith('在宿主机上（整个节点只有一个值，容器无法设置）将 net.ipv4.tcp_tw_recycle 设为 0。')
        for fix in fixes
    )
    text = markdown.render(document)
    assert 'tcp\\_tw\\_recycle 正在丢弃 SYN' in text
    assert '## TCP 审计: 正在丢弃' in text


def test_every_sentence_of_a_forecast_is_told_in_chinese() -> None:
    found = [make_forecast(), make_forecast('server')]
    found += [test_planned.ahead(test_planned.node(sockets=sockets)).forecast for sockets in (0, 90, 120)]
    found += [test_planned.ahead(test_planned.node(ip_local_reserved_ports=''), 'server').forecast]
    found += [test_planned.ahead(test_planned.node(sockets=90), earlier=None).forecast]
    for each in found:
        for part in filter(None, (each, each['planned'])):
            assert HAN.search(sentences.told('zh', part['summary'])), part['summary']
        chinese = translation.forecast('zh', each)
        assert chinese is not None
        texts = [text for entry in chinese['remedies'] for text in (entry['text'], entry['why_not'] or '中')]
        assert all(HAN.search(text) for text in texts), texts
        for entry in chinese['never']:
            assert HAN.search(entry['why']), entry


@pytest.mark.parametrize(
    'text', [HOSTILE, 'x' * 700, '; ' * 300, 'a to b port ' * 50, '{n1} ok', '5 of 5 attempts of ' * 30]
)
def test_what_is_no_sentence_of_ours_stays(text: str) -> None:
    assert not HAN.search(sentences.told('zh', text)[:5])


def test_rules_of_a_user_and_hostile_text_stay_as_they_are() -> None:
    own = make_finding(rule='mine')
    assert translation.finding('zh', own) == own
    known = make_finding(rule='rfc1337')
    assert translation.finding('en', known) == known
    for text in (HOSTILE, 'container ' * 50, '{0}', 'nothing to do: x; noted: {1}'):
        host = make_host('a', 'exposed', summary=text, findings=[own, make_finding(rule='tw-recycle-dropping')])
        assert translation.summary('zh', host) in (text, '无需处理：x；另注意到：{1}')
        html.render({**make_document(host), 'run': {**make_document()['run'], 'language': 'zh'}})
