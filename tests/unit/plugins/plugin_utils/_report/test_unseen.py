# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host of which a part could not be seen is not plainly what its class says, in any format."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import sight
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages import catalogue
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import compare, entries, outcome, progress, unseen
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.formats import (
    csv,
    html,
    junit,
    markdown,
    prometheus,
    sarif,
    table,
)
from tests.unit.plugins.plugin_utils._report.builders import make_document, make_host, make_result, problems
from tests.unit.plugins.plugin_utils._report.formats.test_display import Page
from tests.unit.plugins.plugin_utils._report.formats.test_formats import (
    check_metrics,
    needs_promtool,
    read_csv,
    read_junit,
    read_markdown,
    read_sarif,
)

Json = dict[str, Any]
GAP = {'part': 'processes', 'number': 282, 'of': 289, 'cure': 'root'}
TOLD = '282 of 289 processes not seen: run with -b'
CLEAN = 'clean (%s)' % TOLD


def gap(part: str, number: int | None = None, of: int | None = None, cure: str | None = None) -> Json:
    return {'part': part, 'number': number, 'of': of, 'cure': cure}


@pytest.fixture
def document() -> Json:
    """A host that was seen in part, one that was seen in full, and one that was not reached."""
    hosts = (make_host('a', unseen=[GAP]), make_host('b'), entries.unobserved('c', [], 'unreachable', 'no route'))
    return make_document(*hosts)


def of(document: Json, name: str) -> Json:
    return next(host for host in document['hosts'] if host['name'] == name)


def test_the_class_stays_and_the_words_and_the_count_say_it(document: Json) -> None:
    assert problems(document) == []
    assert of(document, 'a')['verdict'] == 'clean'
    assert unseen.verdict(of(document, 'a')) == CLEAN
    assert unseen.verdict(of(document, 'b')) == 'clean'
    assert unseen.verdict(of(document, 'c')) == 'unreachable'
    assert document['summary']['verdicts']['clean'] == 2
    assert document['summary']['partly_seen'] == 1
    assert outcome.failure(document, 'stale', True) == '', 'nobody asked for a gate'


@pytest.mark.parametrize(
    ('gaps', 'english', 'chinese'),
    [
        ([GAP], TOLD, '未看到：282/289 个进程；请用 -b 运行'),
        (
            [gap('processes', cure='root')],
            'processes of other users not seen: run with -b',
            '未看到：其他用户的进程；请用 -b 运行',
        ),
        ([gap('processes', 5)], 'processes of other users not seen', '未看到：其他用户的进程'),
        (
            [gap('namespaces', 3, 5, 'host')],
            '3 of 5 other network namespaces not seen: audit its host',
            '未看到：3/5 个其他网络命名空间；请审计其宿主机',
        ),
        (
            [gap('sysctl_files', 1, cure='root'), gap('writers', 2, cure='root')],
            '1 sysctl file, 2 files that may set sysctls not seen: run with -b',
            '未看到：1 个 sysctl 文件、2 个可能设置 sysctl 的文件；请用 -b 运行',
        ),
        (
            [
                *(gap(part, cure='capture') for part in ('settings', 'counters')),
                *(gap(part) for part in ('conntrack', 'peers')),
                gap('other', 7),
            ],
            'running settings, TCP counters, connection tracking, and 2 more not seen: '
            'take a larger capture or audit the machine',
            '未看到：运行中的设置、TCP 计数器、连接跟踪、另有 2 项；请采集更完整的内容或审计该机器',
        ),
        ([gap('second_look')], 'second look not seen', '未看到：第二次观测'),
    ],
)  # fmt: skip
def test_the_words(gaps: list[Json], english: str, chinese: str) -> None:
    host = make_host('a', unseen=gaps)
    assert unseen.phrase(host) == english
    assert unseen.phrase(host, 'zh') == chinese
    assert unseen.verdict(host, 'zh') == '正常（%s）' % chinese


@pytest.mark.parametrize('tongue', catalogue.LANGUAGES)
@pytest.mark.parametrize('part', sight.PARTS)
def test_every_part_has_its_words_with_numbers_and_without(part: str, tongue: str) -> None:
    for numbers in ((None, None), (1, None), (2, None), (2, 3)):
        for cure in (None, *sight.CURES):
            told = unseen.phrase(make_host('a', unseen=[gap(part, *numbers, cure)]), tongue)
            assert told
            assert '{' not in told
            assert 'None' not in told


def test_the_table(document: Json) -> None:
    lines = [' '.join(line.split()) for line in table.render(document, 120, False).splitlines()]
    assert lines == [
        'c unreachable no route',
        'a %s this host is clean' % CLEAN,
        'b clean this host is clean',
        '3 hosts: 1 unknown, 2 clean (1 unreachable, 1 partly seen)',
    ]
    shown = table.render(document, 120, False)
    assert CLEAN in shown, 'as one text, not as two columns'


def test_the_table_keeps_to_its_width() -> None:
    hosts = (make_host('web1', 'exposed', summary='word ' * 60), make_host('web2', unseen=[GAP], summary='word ' * 60))
    text = table.render(make_document(*hosts), 60, False)
    assert max(len(line) for line in text.splitlines() if 'hosts:' not in line) <= 60
    assert text.count('word') > 90


def test_in_a_large_fleet_those_seen_in_part_are_told_apart() -> None:
    hosts = [make_host('c%03d' % number) for number in range(400)]
    hosts += [make_host('p%03d' % number, unseen=[GAP]) for number in range(60)]
    lines = table.render(make_document(*hosts), 120, False).splitlines()
    assert sum(CLEAN in line for line in lines) == table.MAX_ROWS
    assert lines[-2:] == ['and 400 clean, 10 clean (partly seen)', '460 hosts: 460 clean (60 partly seen)']


def test_the_first_screen_of_the_page_without_scripts(document: Json) -> None:
    text = html.render(document)
    page = Page(text)
    [card] = [attributes for tag, attributes in page.tags if (attributes.get('class') or '').startswith('card part')]
    assert (card['data-filter'], card['data-value']) == ('seen', 'part')
    assert '1 partly seen' in page.text
    assert page.text.count('2 clean, 1 partly seen') == 2, 'beside the bars of their group and kernel'
    assert CLEAN in page.text
    badges = [attributes['class'] for tag, attributes in page.tags if tag == 'span' and 'class' in attributes]
    assert badges[-3:] == ['badge v-unknown', 'badge v-clean part', 'badge v-clean'], 'those of the hosts'
    assert 'card part' not in html.render(make_document(make_host('b')))


def test_markdown(document: Json) -> None:
    shown, rows = read_markdown(markdown.render(document))
    assert 'unknown, partly seen 1' in shown.split('</h2>')[0]
    assert [row[:2] for row in rows[1:]] == [
        ['c', '<strong>unreachable</strong>'],
        ['a', '<strong>clean</strong> (%s)' % TOLD],
    ]


def test_junit_says_of_no_such_host_that_it_passed() -> None:
    hosts = (make_host('a', unseen=[GAP]), make_host('b'), make_host('c', 'exposed', unseen=[GAP]))
    root = read_junit(junit.render(make_document(*hosts)))
    verdicts = {suite.get('name'): next(iter(suite)) for suite in root}
    assert [(child.tag, child.get('message')) for child in verdicts['a']] == [('skipped', CLEAN)]
    assert list(verdicts['b']) == []
    [failure] = verdicts['c']
    assert (failure.get('type'), failure.get('message')) == ('exposed', 'this host is exposed (%s)' % TOLD)


def test_sarif_has_a_warning_for_each(document: Json) -> None:
    [run] = read_sarif(sarif.render(document))['runs']
    notifications = run['invocations'][0]['toolExecutionNotifications']
    assert [each['message']['text'] for each in notifications if each['level'] == 'warning'] == ['a: %s' % CLEAN]


def test_csv_has_a_column_for_it(document: Json) -> None:
    rows = {row['host']: row for row in read_csv(csv.render(document))}
    assert rows['a']['verdict'] == 'clean'
    assert {name: row['not_seen'] for name, row in rows.items()} == {'a': TOLD, 'b': '', 'c': ''}


@needs_promtool
def test_prometheus(document: Json) -> None:
    text = prometheus.render(document)
    check_metrics(text)
    assert 'nodetcp_paws_audit_partly_seen_hosts 1\n' in text
    assert 'nodetcp_paws_host_unseen_parts{host="a"} 1\n' in text
    assert 'nodetcp_paws_host_unseen_parts{host="b"} 0\n' in text
    assert 'nodetcp_paws_host_unseen_parts{host="c"}' not in text


def test_the_line_of_progress() -> None:
    found = progress.Progress()
    found.play('Observe', 3, 0.0)
    found.task('Observe')
    for name, gaps in (('a', [GAP]), ('b', []), ('c', [GAP])):
        found.result(name, 'paws_audit', 'ok', make_result('clean', unseen=gaps), 0.0)
    assert '3/3  3 clean (2 partly seen)  Observe' in found.line(120)


def test_a_second_look_that_is_missing_is_a_part_that_was_not_seen() -> None:
    entry = entries.from_results('a', [], make_result('clean', unseen=[GAP]), {'failed': True, 'msg': 'gone'})
    assert entry is not None
    assert unseen.phrase(entry) == '282 of 289 processes, second look not seen: run with -b'
    assert problems(make_document(entry)) == []


def test_what_is_not_seen_any_more_is_not_fixed() -> None:
    before = make_document(
        make_host('a', 'exposed'), make_host('b', 'exposed'), make_host('c', 'exposed', unseen=[GAP])
    )
    after = make_document(make_host('a', unseen=[GAP]), make_host('b'), make_host('c', unseen=[GAP]))
    changes = {host['name']: host['change']['change'] for host in compare.compare(after, before)['hosts']}
    assert changes == {'a': 'unchanged', 'b': 'fixed', 'c': 'fixed'}


def test_a_report_of_an_earlier_version_is_told_alike(tmp_path: Any) -> None:
    from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import stored

    host = make_host('a', unavailable={'namespaces': 'no permission to see 282 of 289'}, source={'collector': 'live'})
    older = make_document(host)
    for name in ('unseen', 'proposal', 'change_set'):
        del older['hosts'][0][name]
    del older['summary']['partly_seen']
    (tmp_path / 'audit.json').write_text(json.dumps(older))
    found = stored.read(str(tmp_path / 'audit.json'))
    assert problems(found) == []
    assert found['summary']['partly_seen'] == 1
    assert 'processes of other users not seen' in table.render(found, 100, False)
