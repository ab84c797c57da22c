# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogues: the same sentences in each language, all of them used, and no prose where messages are made."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue as rules
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages import catalogue, language

UTILS = Path(catalogue.__file__).resolve().parents[1]
PLUGINS = UTILS.parent
SOURCES = [*UTILS.rglob('*.py'), *PLUGINS.glob('action/*.py'), *PLUGINS.glob('callback/*.py')]
ASSETS = list((UTILS / '_report' / 'formats' / 'assets').glob('*.js'))
#: Rooms that make messages, and no sentences.
SILENT = ('_judge', '_forecast', '_packets', '_diagnose', '_remediate')
SENTENCE = re.compile(r'[a-z]{2,} [a-z]{2,} [a-z]{2,} [a-z]{2,}')
HAN = re.compile('[\u4e00-\u9fff]')
#: Of these a language has one sentence for each rule, and one for each word of reports: their ids are put together.
MADE = ('rules', 'page')
#: What nodes call a part that they could not read (_judge/sight.py).
NAMES = ('script that loads sysctl files',)
#: Words of a kind: the code puts its end after the beginning.
KINDS = re.compile(
    r'(?:is|done|hit|when|hand|no_command|outlook|decision|result|state|unseen|cure)_.*|.*_(?:means|command|number|one)'
)


def sentences(tongue: str) -> dict[str, str]:
    return catalogue.sentences(tongue)


def test_every_sentence_is_there_in_each_language_with_the_same_arguments() -> None:
    arguments = {name: catalogue.arguments_of(text) for name, text in sentences('en').items()}
    for tongue in catalogue.LANGUAGES:
        assert {name: catalogue.arguments_of(text) for name, text in sentences(tongue).items()} == arguments, tongue


def test_the_chinese_is_chinese() -> None:
    for name, text in sentences('zh').items():
        assert not SENTENCE.search(text), name
        words = re.sub(r'\{[^{}]*\}', '', sentences('en')[name])
        assert HAN.search(text) or not SENTENCE.search(words), name


def test_names_stay_as_the_kernel_writes_them() -> None:
    names = re.compile(
        r'tcp_\w+|nf_\w+|ip_\w+|net\.[\w.*]*[\w*]|TIME_WAIT|EADDRNOTAVAIL|PAWS\w+|TWKilled|ListenDrops|NOTRACK'
        r'|\b(?:4|5|6)\.\d+\b',
        re.ASCII,
    )
    for name, text in sentences('en').items():
        assert set(names.findall(text)) <= set(names.findall(sentences('zh')[name])), name


def calls() -> Iterator[tuple[str, str]]:
    """The place and the id of each message that is made."""
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding='utf-8'))
        imported = [(node.module or '') for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        for node in ast.walk(tree) if any(name.rpartition('.')[2] == 'message' for name in imported) else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == 'message':
                first = node.args[0]
                assert isinstance(first, ast.Constant), '%s:%d: an id is a literal' % (path, node.lineno)
                yield '%s:%d' % (path, node.lineno), str(first.value)


def test_every_message_that_is_made_has_a_sentence() -> None:
    assert [place for place, name in calls() if name not in sentences('en')] == []


def test_every_sentence_is_used() -> None:
    used = {name for _place, name in calls()}
    others = {name for name in sentences('en') if name.partition('/')[0] not in MADE}
    assert others - used == set()


def test_rules_have_what_they_say_and_nothing_is_left_over() -> None:
    said = {name for name in sentences('zh') if name.startswith('rules/')}
    known = rules.builtin().rules
    parts = ('title', 'why', 'fix', 'summary')
    assert said == {'rules/%s/%s' % (name, part) for name in known for part in parts if known[name].says(part)}
    for name, rule in known.items():
        assert sentences('en')['rules/%s/title' % name] == rule.title
        assert sentences('en').get('rules/%s/fix' % name, '') == rule.fix['text']


def test_words_of_reports_are_used() -> None:
    text = '\n'.join(path.read_text(encoding='utf-8') for path in (*SOURCES, *ASSETS))
    unused = [name for name in language.words('en') if not KINDS.fullmatch(name) and not _named(name, text)]
    # Classes, statuses and severities are words of the judge, which has them as lists.
    assert unused == []


def _named(name: str, text: str) -> bool:
    return re.search(r'[\'"]%s[\'"]|words\.%s\b' % (re.escape(name), re.escape(name)), text) is not None


@pytest.mark.parametrize('room', SILENT)
def test_no_sentence_stands_where_messages_are_made(room: str) -> None:
    found = []
    for path in (UTILS / room).glob('*.py'):
        tree = ast.parse(path.read_text(encoding='utf-8'))
        docs = {id(doc) for node in ast.walk(tree) for doc in _docstring(node)}
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ''
            if SENTENCE.search(text) and text not in NAMES and id(node) not in docs:
                found.append('%s: %s' % (path.name, text))
    assert found == []


def _docstring(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and node.body:
        first = node.body[0]
        if isinstance(first, ast.Expr):
            yield first.value
