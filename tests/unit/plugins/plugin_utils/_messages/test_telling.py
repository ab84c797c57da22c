# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


import json

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages import catalogue
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import MessageError, message, told_by
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import (
    all_said,
    all_words,
    said,
    spoken,
    words,
)

RESET = message('window/reset', counter='Tcp.InSegs')


def test_a_document_is_english_and_keeps_what_other_languages_need() -> None:
    document = json.loads(json.dumps(spoken({'window': {'reason': RESET, 'seconds': None}})))
    window = document['window']
    assert window['reason'] == 'counters were reset since the earlier sample (Tcp.InSegs fell)'
    assert window['messages'] == {'reason': {'id': 'window/reset', 'arguments': {'counter': 'Tcp.InSegs'}}}
    assert words('en', window, 'reason') == window['reason']
    assert words('zh', window, 'reason') == '自上次采样以来计数器被重置（Tcp.InSegs 变小了）'


def test_lists_are_told_item_by_item() -> None:
    document = spoken({'why': [RESET, 'as a rule of mine says']})
    chinese = '自上次采样以来计数器被重置（Tcp.InSegs 变小了）'
    assert all_words('zh', document, 'why') == [chinese, 'as a rule of mine says']


@pytest.mark.parametrize(
    'stored',
    [
        {'reason': 'as it stood'},
        {'reason': 'as it stood', 'messages': 'none'},
        {'reason': 'as it stood', 'messages': {'reason': {'id': 'window/never-heard-of', 'arguments': {}}}},
        {'reason': 'as it stood', 'messages': {'reason': {'id': 'window/reset', 'arguments': []}}},
        {'reason': 'as it stood', 'messages': {'reason': {'id': ['x'], 'arguments': {}}}},
    ],
)
def test_what_no_catalogue_knows_stays_as_it_is(stored: dict[str, object]) -> None:
    assert words('zh', stored, 'reason') == 'as it stood'


def test_stored_arguments_are_bounded_and_never_filled_twice() -> None:
    within: object = 'x' * 10**6
    for _level in range(100):
        within = {'id': 'window/reset', 'arguments': {'counter': within}}
    assert len(words('en', {'reason': '', 'messages': {'reason': within}}, 'reason')) < 10**4
    assert str(message('window/reset', counter='{counter} %s')).count('{counter}') == 1


def test_an_error_tells_its_sentence() -> None:
    with pytest.raises(MessageError, match='counters were reset') as caught:
        raise MessageError(RESET)
    assert caught.value.message == told_by(caught.value) == RESET
    assert told_by(ValueError('of another kind')) == 'of another kind'


def test_what_was_told_is_said_on() -> None:
    document = {'reason': RESET, 'why': [RESET, 'as a rule of mine says'], 'text': 'as it stood', 'none': None}
    for each in (document, json.loads(json.dumps(spoken(document)))):
        again = {name: (all_said if name == 'why' else said)(each, name) for name in document}
        assert spoken(again) == spoken(document)
    assert said({'reason': 'x', 'messages': {'reason': {'id': 'never/heard-of', 'arguments': {}}}}, 'reason') == 'x'


def test_words_follow_numbers_and_parts_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    sentences = {'t/t': '{n} {n:socket|sockets}{why? ({why})}: {all}', 't/all': 'at {place}: {all;}'}
    monkeypatch.setattr(catalogue, 'sentences', lambda language: sentences)
    assert str(message('t/t', n=1, why=None, all=['a', 2, 0.25])) == '1 socket: a, 2, 0.25'
    assert str(message('t/t', n=2, why='late', all=[])) == '2 sockets (late): '
    assert (
        str(message('t/all', place='x', all=['a', message('t/all', place='y', all=['b', 'c'])]))
        == 'at x: a; at y: b; c'
    )
    assert catalogue.arguments_of(sentences['t/all']) == {'place', 'all'}
    assert catalogue.arguments_of(sentences['t/t']) == {'n', 'why', 'all'}
