# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much the scan finds of what it should, and how little else: a labelled corpus for each format.

A file of corpus/ is a list of inputs {path, text}. In a text with @v, names stand for a key (@key whole, @slash with
slashes, @leaf its last part, @short without tcp_) and @v for a value: it becomes four inputs, tcp_tw_recycle 1 and 0,
tcp_timestamps 0 and 1. The line with the first name, or the one with @here, is where the finding belongs. A text
without @v says itself in `finds` {line: leaf} what is to be found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue
from ansible_collections.nodetcp.paws.plugins.plugin_utils._scan.scan import Scanner

CORPUS = sorted((Path(__file__).parent / 'corpus').glob('*.yml'))
PRECISION, RECALL = 0.98, 0.95
VARIANTS = (('net.ipv4.tcp_tw_recycle', '1', '0'), ('net.ipv4.tcp_timestamps', '0', '1'))
NAME = re.compile(r'@(key|slash|leaf|short|here)\b')


class Input(NamedTuple):
    path: str
    text: str
    finds: frozenset[tuple[int, str]]


def _inputs(path: Path) -> Iterator[Input]:
    for entry in yaml.safe_load(path.read_text(encoding='utf-8')):
        if '@v' not in entry['text']:
            wanted = frozenset((line, leaf) for line, leaf in (entry.get('finds') or {}).items())
            yield Input(entry['path'], entry['text'], wanted)
            continue
        for key, bad, good in VARIANTS:
            for value in (bad, good):
                yield _variant(entry, key, value, value == bad)


def _variant(entry: dict[str, Any], key: str, value: str, is_bad: bool) -> Input:
    leaf = key.rpartition('.')[2]
    words = {'key': key, 'slash': key.replace('.', '/'), 'leaf': leaf, 'short': leaf.removeprefix('tcp_'), 'here': ''}
    rows = entry['text'].split('\n')
    marked = [number for number, row in enumerate(rows, 1) if '@here' in row]
    named = [number for number, row in enumerate(rows, 1) if NAME.search(row)]
    text = NAME.sub(lambda name: words[name[1]], entry['text']).replace('@v', value)
    return Input(entry['path'], text, frozenset({((marked or named)[0], leaf)} if is_bad else ()))


SCANNER = Scanner(catalogue.builtin())


def _found(each: Input) -> frozenset[tuple[int, str]]:
    if not SCANNER.prefilter.finds(each.text.encode()):
        return frozenset()
    results = SCANNER.scan([(each.path, each.text)])
    return frozenset((finding['line'], finding['key'].rpartition('.')[2]) for finding in results.findings)


@pytest.mark.parametrize('path', CORPUS, ids=lambda path: path.stem)
def test_a_format_is_found_and_nothing_else(
    path: Path, record_property: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    inputs = list(_inputs(path))
    innocent = [each for each in inputs if not each.finds]
    right = found = wanted = 0
    mistakes = []
    for each in inputs:
        there = _found(each)
        right += len(there & each.finds)
        found += len(there)
        wanted += len(each.finds)
        if there != each.finds:
            mistakes.append('%s: wanted %s, found %s\n%s' % (each.path, sorted(each.finds), sorted(there), each.text))
    precision, recall = right / max(found, 1), right / max(wanted, 1)
    with capsys.disabled():
        print('\n%s: %d inputs, precision %.3f, recall %.3f' % (path.stem, len(inputs), precision, recall))
    assert len(inputs) >= 25
    assert len(innocent) * 2 >= len(inputs)
    assert precision >= PRECISION, '\n'.join(mistakes)
    assert recall >= RECALL, '\n'.join(mistakes)
