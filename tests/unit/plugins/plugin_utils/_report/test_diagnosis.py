# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A diagnosis as a part of the report: in the page, beside it, stored and merged, whatever the nodes put into it."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import diagnosis, json_file, stored, writing
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.formats import html, markdown, table
from tests.unit.plugins.plugin_utils._diagnose import cases
from tests.unit.plugins.plugin_utils._report.builders import make_document, make_host, problems
from tests.unit.plugins.plugin_utils._report.formats.test_display import FORBIDDEN, HOSTILE, Page
from tests.unit.plugins.plugin_utils._report.formats.test_formats import read_markdown

Json = dict[str, Any]
COMMAND = 'ansible db1 -b -m nodetcp.paws.sysctl_policy -a '
TITLE = 'SYNs meet a TIME_WAIT socket with an older timestamp'


def made(port: int = cases.PORT, day: int = 22) -> Json:
    """The incident with tcp_rfc1337: all of one source's attempts hang, those of the host for comparison come up."""
    hung, compared = cases.attempts('timeout', retransmits=3), cases.attempts(first=10)
    counted = cases.counters(PAWSTimewait=25, TCPACKSkippedTimeWait=1)
    where = cases.goal(tcp_rfc1337='1')
    found = cases.concluded(where, hung, cases.seen(hung, answered=False), counted, compared)
    found['question']['port'] = port
    return {**found, 'finished': '2026-11-%02dT05:00:00Z' % day}


def hostile(value: Any) -> Any:
    """The same with other text wherever a node may have put it."""
    if isinstance(value, dict):
        return {key: item if key in ('finished', 'schema') else hostile(item) for key, item in value.items()}
    if isinstance(value, list):
        return [hostile(item) for item in value]
    return HOSTILE if isinstance(value, str) else value


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything that the formats rely on."""
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield (*path, key)
        yield from places(value[key], (*path, key))


def test_the_page_tells_everything_step_by_step() -> None:
    found = made()
    for text in (html.render_diagnosis(found, 'en'), html.render(diagnosis.added(make_document(), [found]))):
        page = Page(text)
        for said in (TITLE, 'confidence: high', 'PAWSTimewait', COMMAND, '5 without an answer, 15 SYNs sent again'):
            assert said in page.text
        assert page.text.count('ruled out') >= len(found['causes']) - 1
        assert all(step in page.text for step in found['steps'])
        bars = [attributes['width'] for tag, attributes in page.tags if tag == 'rect']
        assert bars == ['200.0', '200.0'], 'each source ended in one way'


def test_hostile_text_stays_text() -> None:
    for make in (lambda each: html.render_diagnosis(each, 'zh'), lambda each: html.render(
        diagnosis.added(make_document(), [each])
    )):  # fmt: skip
        text = make(hostile(made()))
        tags = [tag for tag, _attributes in Page(text).tags]
        assert not FORBIDDEN.search(text)
        assert sorted({*tags} - {tag for tag, _attributes in Page(make(made())).tags}) == []
        assert tags.count('script') <= 2
        text.encode()
    document = diagnosis.added(make_document(), [hostile(made())])
    shown, _cells = read_markdown(markdown.render(document))
    assert '<script>' not in shown
    for text in (markdown.render(document), table.render(document, 80, False)):
        assert not FORBIDDEN.search(text)


def test_it_goes_into_the_page_of_the_audit_that_lies_there(tmp_path: Path) -> None:
    target = str(tmp_path / 'report')
    assert [Path(path).name for path in writing.show_diagnosis(made(), target, 'en', 'told\n')] == [
        *('diagnose.json', 'diagnose.txt', 'diagnose.html')
    ]
    writing.write_all(make_document(make_host('web1', 'exposed')), target, ['html'], str(tmp_path / 'lock'))
    before = (tmp_path / 'report' / 'audit.json').read_text()
    assert [Path(path).name for path in writing.show_diagnosis(made(), target, 'en', 'told\n')][3:] == ['audit.html']
    page = Page((tmp_path / 'report' / 'audit.html').read_text())
    assert TITLE in page.text
    assert 'web1' in page.text
    assert (tmp_path / 'report' / 'audit.json').read_text() == before, 'the audit stays what it was'


def test_reports_made_again_keep_the_newest_answer_to_each_question(tmp_path: Path) -> None:
    lock = str(tmp_path / 'lock')
    for place, each in (('a', made(day=20)), ('b', made(day=22)), ('c', made(port=80, day=21))):
        writing.show_diagnosis(each, str(tmp_path / place), 'en', '')
        [path] = writing.write_all(make_document(make_host(place)), str(tmp_path / place), [], lock)
    paths = stored.paths([str(tmp_path / '[abc]')])
    merged = diagnosis.added(stored.merge([stored.read(path) for path in paths]), stored.diagnoses(paths))
    assert [each['finished'][:10] for each in merged['diagnoses']] == ['2026-11-22', '2026-11-21']
    assert problems(merged) == []
    path, _page = writing.write_all(merged, str(tmp_path / 'whole'), ['html'], lock)
    assert stored.merge([stored.read(path)]) == merged
    page = Page((tmp_path / 'whole' / 'audit.html').read_text())
    opened = ['open' in attributes for tag, attributes in page.tags if tag == 'details']
    assert opened == [True, False]


def test_markdown_and_table_tell_it_shortly() -> None:
    document = diagnosis.added(make_document(make_host('web1')), [made()])
    shown, _cells = read_markdown(markdown.render(document))
    assert '<strong>%s (confidence: high)</strong>' % TITLE in shown
    assert '<code>%s' % COMMAND in shown
    told = table.render(document, 80, False).splitlines()
    assert told[-1].startswith('diagnosis of 2026-11-22T05:00:00Z, 192.0.2.7:%d: %s' % (cases.PORT, TITLE))


@pytest.mark.parametrize('instead', [None, 'text', -1, [1], {'a': 1}, True])
def test_what_is_no_diagnosis_is_refused_or_shown(tmp_path: Path, instead: Any) -> None:
    """Whatever stands in a stored file: a clear refusal, or a page."""
    refused = 0
    for way in places(made()):
        found = copy.deepcopy(made())
        inner = found
        for key in way[:-1]:
            inner = inner[key]
        inner[way[-1]] = instead
        (tmp_path / diagnosis.FILE).write_text(json.dumps(found))
        try:
            [read] = diagnosis.beside(str(tmp_path))
        except json_file.UnusableFile:
            refused += 1
        else:
            html.render_diagnosis(read, 'zh')
            markdown.render(diagnosis.added(make_document(), [read]))
    assert refused > 20
