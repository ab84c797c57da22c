# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Diagnoses in Chinese: as text, as a page, in Markdown and in the line below a table of hosts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._diagnose import question
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.catalogue import told
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import diagnosis
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.formats import (
    diagnosis_page,
    diagnosis_text,
    markdown,
)
from tests.unit.plugins.plugin_utils._diagnose import cases, test_collision, test_conclusion
from tests.unit.plugins.plugin_utils._report.builders import make_document, make_host
from tests.unit.plugins.plugin_utils._report.formats.test_display import Page

Json = dict[str, Any]
HAN = re.compile('[\u4e00-\u9fff]')
SENTENCE = re.compile(r'[a-z]{2,} [a-z]{2,} [a-z]{2,} [a-z]{2,}')
#: Commands are the same in every language.
COMMAND = re.compile(r'\b(?:ansible|nsenter|nft|ss|iptables)\S* -?\w.*')


def documents() -> Iterator[Json]:
    """Every case of a diagnosis, and some that could not be measured, tried or watched."""
    for case, _expected in test_conclusion.CASES.values():
        yield cases.concluded(*case)
    yield from (make() for make in test_collision.STORIES.values())
    hung = cases.attempts('timeout')
    yield cases.concluded(cases.goal(), hung, None, cases.counters(reason='rebooted'))
    yield cases.concluded(cases.goal(cases.EL7), hung, None, {'namespaces': []})
    yield cases.concluded(cases.goal(), hung, [], cases.counters(), up=110.0)
    yield cases.concluded(cases.goal(), hung, None, cases.counters(), forks=1)
    yield cases.concluded(cases.goal(listening=None), [], [], cases.counters())


def stored(found: Json) -> Json:
    return {**found, 'finished': '2026-11-22T05:00:00Z'}


def texts(found: Json) -> Iterator[str]:
    """What a person is shown of it in Chinese."""
    document = diagnosis.added(make_document(make_host('web1')), [stored(found)])
    document['run']['language'] = 'zh'
    yield diagnosis_text.render(found, 'zh')
    yield Page(diagnosis_page.body(stored(found), 'zh', 2)).text
    yield markdown.render(document).partition('###')[2]
    yield from diagnosis.lines(document)


def test_every_sentence_is_told_in_chinese() -> None:
    number = 0
    for found in documents():
        for text in texts(found):
            assert HAN.search(text)
            assert not SENTENCE.search(COMMAND.sub('', text)), text
            number += 1
    assert number > 200


def test_the_text_keeps_its_form() -> None:
    found = cases.concluded(*test_conclusion.CASES['TIME_WAIT with rfc1337'][0])
    lines = diagnosis_text.render(found, 'zh').splitlines()
    assert lines[0] == '192.0.2.7:5672，db1 上的容器 3f2a00000000（broker）'
    assert lines[1] == '结论：SYN 遇到 TIME_WAIT 套接字，且时间戳更旧（置信度：高）'
    assert lines[2] == '  - PAWSTimewait 在目的端的命名空间中增加了 25'
    assert '证据' in lines
    assert '  2. web2 尝试 5 次：5 次无应答；重传 SYN 15 次、ping 应答 5 / 5' in lines
    assert sum(line.startswith('  或者：') for line in lines) == 5


def test_what_was_stored_without_messages_stays_as_it_is() -> None:
    found = cases.concluded(*test_conclusion.CASES['healthy'][0])
    english = diagnosis_text.render(found, 'en')
    found['steps'] = ['a step of another version']
    found['conclusion'] = {**found['conclusion'], 'messages': {'title': 'none'}}
    shown = diagnosis_text.render(found, 'zh')
    assert found['conclusion']['title'] in english
    assert '1. a step of another version' in shown
    assert found['conclusion']['title'] in shown


@pytest.mark.parametrize(
    ('looked', 'english', 'chinese'),
    [
        (
            {'a': {'matches': []}, 'b': {'msg': 'timed out'}, 'c': {}},
            'diagnose_to: no container, network namespace or address is called x on the 1 host that answered; '
            'not looked at: b (timed out), c (no answer)',
            'diagnose_to：在作出应答的 1 台主机上，没有名为 x 的容器、网络命名空间或地址；'
            '未查看：b（timed out）、c（无应答）',
        ),
        ({}, 'diagnose_to: no host has answered', 'diagnose_to：没有主机作出应答'),
        (
            {'a': {'matches': [cases.match()] * 7}},
            'diagnose_to: x may mean %s and others: name one of them' % ', '.join(['a/' + cases.KEY] * 6),
            'diagnose_to：x 可能指 %s 等：请指定其中之一' % '、'.join(['a/' + cases.KEY] * 6),
        ),
    ],
)
def test_errors_are_told_in_both_languages(looked: Json, english: str, chinese: str) -> None:
    with pytest.raises(question.PlanError) as caught:
        question.destination('x', looked, question.Inventory({}, {}))
    assert str(caught.value) == english
    assert told('zh', caught.value.message) == chinese
