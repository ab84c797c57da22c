# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people read: the table and the page, whatever the nodes put into them."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import pyte
import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages import catalogue, language
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import entries
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.formats import html, table, terminal
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text import columns, escape
from tests import synthetic
from tests.unit.plugins.plugin_utils._report.builders import make_document, make_finding, make_host
from tests.unit.plugins.plugin_utils._report.formats import page_reader

HOSTILE = '\x1b]0;owned\x07\x1b[2J\u202eevil\u2066 <script>alert(1)</script> "\' & \x9b31m \u200b\r\nnext \ud800'
FORBIDDEN = re.compile('[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]')


def test_rows_come_worst_first_with_the_line_that_matters() -> None:
    lost = entries.unobserved('db2', [], 'unreachable', 'Connection refused')
    text = table.render(make_document(make_host('web1'), make_host('web2', 'dropping'), lost), 100, False)
    assert [' '.join(line.split()) for line in text.splitlines()] == [
        'web2 dropping this host is dropping',
        'db2 unreachable Connection refused',
        'web1 clean this host is clean',
        '3 hosts: 1 dropping, 1 unknown, 1 clean (1 unreachable)',
    ]


def test_lines_keep_to_the_width() -> None:
    text = table.render(make_document(make_host('web1', 'exposed', summary='word ' * 60)), 60, False)
    assert max(len(line) for line in text.splitlines()) <= 60
    assert text.count('word') > 40, 'a long line goes on below'


def test_a_large_fleet_is_summed_up() -> None:
    hosts = [make_host('c%03d' % number) for number in range(400)]
    hosts += [make_host('e%03d' % number, 'exposed') for number in range(60)]
    lines = table.render(make_document(*hosts), 80, False).splitlines()
    assert len(lines) == table.MAX_ROWS + 2
    assert lines[-2:] == ['and 10 exposed, 400 clean', '460 hosts: 60 exposed, 400 clean']


def test_hostile_text_cannot_steer_the_terminal() -> None:
    host = make_host(HOSTILE, 'exposed', summary=HOSTILE)
    text = table.render(make_document(host), 200, False)
    assert not FORBIDDEN.search(text)
    assert '\\x1b]0;owned' in text


def test_colour_only_where_asked() -> None:
    document = make_document(make_host('web1', 'dropping'))
    assert '\x1b[' in table.render(document, 80, True)
    assert '\x1b[' not in table.render(document, 80, False)


def test_no_hosts_is_said() -> None:
    assert table.render(make_document(), 80, False) == 'no hosts'


@pytest.mark.parametrize(('callback', 'machine'), [('json', True), ('ansible.posix.jsonl', True), ('default', False)])
def test_which_callbacks_own_standard_output(callback: str, machine: bool) -> None:
    assert terminal.for_programs(callback) is machine


def test_printed_text_names_the_files(tmp_path: object) -> None:
    text = terminal.text(make_document(make_host('web1')), ['%s/audit.json' % tmp_path], 79, False)
    assert text.rstrip().endswith('audit.json')


def ending(width: int, number: int = 2000, lines: int | None = 38) -> list[str]:
    """What stands after the recap of an audit of that many hosts, as a terminal of that width shows it."""
    text = terminal.text(
        synthetic.fleet(number), ['paws-report/audit.json', 'paws-report/audit.html'], width, False, lines
    )
    screen = pyte.HistoryScreen(width, 500, history=1)
    pyte.Stream(screen).feed(text.replace('\n', '\r\n'))
    return [line.rstrip() for line in screen.display[: screen.cursor.y]]


@pytest.mark.parametrize('width', [60, 80, 140])
def test_after_an_audit_of_two_thousand_hosts_all_that_matters_is_on_one_screen(width: int) -> None:
    lines = ending(width)
    assert len(lines) <= 38
    start = lines.index('Do this now')
    assert lines[start + 1].startswith('1. dropping, 100 hosts, worst host00000.example.org:')
    shown = ' '.join(' '.join(lines).split())
    assert 'worst host00000.example.org: tcp_tw_recycle is dropping SYNs now' in shown
    assert '2. exposed, 200 hosts, worst host00001.example.org: tcp_tw_recycle is on and timestamps are on' in shown
    assert '7. advisory, 200 hosts, worst host00007.example.org:' in shown
    assert '2000 hosts: 100 dropping, 200 exposed' in shown
    assert 'paws-report/audit.html' in lines
    assert any(line.startswith('host00000.example.org  dropping') for line in lines), 'the worst host has its line'
    check = 'ansible-playbook -b nodetcp.paws.remediate -e remediate_rules=tw-recycle-dropping --check --diff'
    assert ''.join(lines).replace(' ', '').endswith(('Next:%s' % check).replace(' ', ''))


@pytest.mark.parametrize('width', [60, 80, 140])
def test_a_table_is_readable_and_cuts_no_name_whatever_the_width(width: int) -> None:
    long = 'database-primary-%s.region.example.org' % ('x' * 40)
    hosts = [make_host(long, 'exposed', summary='word ' * 30), make_host('web1', 'dropping', summary='word ' * 30)]
    lines = table.render(make_document(*hosts), width, False).splitlines()
    assert max(map(len, lines)) <= width
    assert long in ''.join(line.strip() for line in lines)
    words = [line for line in lines if 'word' in line]
    assert all(line.count('word') >= 4 for line in words[:-1] if len(line.rstrip()) > 30), 'no narrow column of words'
    assert ' '.join(lines).count('word') == 60


def test_where_there_is_nothing_to_do_that_is_said() -> None:
    text = terminal.text(make_document(make_host('a')), [], 80, False)
    assert text.split('\n')[1] == 'Nothing to do now'
    assert 'Next:' not in text


def test_a_small_fleet_is_told_in_full_also_where_room_is_short() -> None:
    lines = ending(80, number=8)
    assert sum(line.startswith('host0000') for line in lines) >= 8
    assert [line for line in lines if line.startswith('and ')] == []


def test_a_waived_finding_is_shown_as_waived() -> None:
    waived = make_finding(waived={'reason': 'a change is booked', 'expires': '2027-01-01'})
    text = table.render(make_document(make_host('a', 'clean', findings=[waived]), make_host('b')), 120, False)
    assert 'this host is clean; waived: tw-recycle-enabled (a change is booked)' in text
    assert text.endswith('2 hosts: 2 clean (1 with waived findings)')


def test_the_width_is_that_of_columns_and_never_less_than_a_table_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    for given, width in (('60', 60), ('7', 40)):
        monkeypatch.setenv('COLUMNS', given)
        assert terminal.columns() == width


def test_long_lines_of_a_plan_are_broken_at_blanks() -> None:
    lines = columns.folded('short\n  running    %s' % ('word ' * 30), 60).split('\n')
    assert lines[0] == 'short'
    assert max(map(len, lines)) <= 60
    assert lines[1].startswith('  running    word')
    assert all(line.startswith('    word') for line in lines[2:])


def test_a_command_is_never_broken_by_the_table() -> None:
    document = make_document(*(make_host('host%02d.example.org' % number, 'exposed') for number in range(7)))
    for command in document['do_now'][0]['commands']:
        assert command in terminal.text(document, [], 60, False)


class Page(HTMLParser):
    """Tags and attributes of a page, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ''
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_shows_hosts_findings_and_fixes() -> None:
    waived = make_finding(rule='other', waived={'reason': 'accepted', 'expires': '2027-01-01'})
    gaps = {'peers': 'no permission'}
    host = make_host('web1', 'exposed', findings=[make_finding(), waived], unavailable=gaps)
    text = html.render(make_document(host, entries.unobserved('db2', [], 'failed', 'no Python')))
    page = Page(text)
    for shown in ('web1', 'this host is exposed', 'db2', 'no Python', '1 failed'):
        assert shown in page.text
    first = page_reader.hosts(text)[0]
    assert first['unavailable'] == gaps
    assert [finding['rule'] for finding in first['findings']] == ['tw-recycle-enabled', 'other']
    assert first['findings'][1]['waived'] == {'reason': 'accepted', 'expires': '2027-01-01'}


def test_the_page_loads_nothing_and_runs_what_its_policy_names() -> None:
    text = html.render(make_document(make_host('web1', 'exposed')))
    page = Page(text)
    names = [tag for tag, _attributes in page.tags]
    assert not set(names) & {'img', 'link', 'iframe', 'object', 'form'}
    assert names.count('script') == 2
    [policy] = [attributes['content'] or '' for tag, attributes in page.tags if attributes.get('http-equiv')]
    for element in ('style', 'script'):
        [content] = re.findall('<%s>(.*?)</%s>' % (element, element), text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert "%s-src 'sha256-%s'" % (element, digest) in policy
    assert policy.startswith("default-src 'none'; ")
    assert 'unsafe' not in policy
    assert ('html', {'lang': 'en'}) in page.tags


def test_hostile_text_stays_text_in_the_page() -> None:
    finding = make_finding(title=HOSTILE, evidence={HOSTILE: HOSTILE}, why=HOSTILE, namespace=HOSTILE)
    host = make_host(HOSTILE, 'exposed', summary=HOSTILE, findings=[finding], unavailable={HOSTILE: HOSTILE})
    lost = entries.unobserved('b', [], 'failed', HOSTILE)
    harmless = Page(html.render(make_document(make_host('a', 'exposed', unavailable={'x': 'y'}), lost)))
    text = html.render(make_document(host, lost))
    assert not FORBIDDEN.search(text)
    assert [tag for tag, _attributes in Page(text).tags] == [tag for tag, _attributes in harmless.tags]
    assert not set(page_reader.embedded(text)) & set('<>&')
    text.encode('utf-8')


def test_both_languages_have_every_word() -> None:
    english, chinese = (language.words(tongue) for tongue in catalogue.LANGUAGES)
    assert english.keys() == chinese.keys()
    for name, text in english.items():
        assert re.findall(r'{\w+}', text) == re.findall(r'{\w+}', chinese[name])


def test_escaped_text_shows_what_it_hides() -> None:
    assert escape.terminal('a\x1b[31mb\n c') == 'a\\x1b[31mb c'
    assert escape.html('<b title="x">\u202e') == '&lt;b title=&quot;x&quot;&gt;\\u202e'
    assert escape.terminal('x' * 500) == 'x' * 397 + '...'


@pytest.mark.parametrize(
    ('hosts', 'containers', 'most'),
    [
        (1000, 0, 300_000),
        (500, 10, 500_000),
        pytest.param(10_000, 0, 1_500_000, marks=pytest.mark.long),
        pytest.param(10_000, 10, 5_000_000, marks=pytest.mark.long),
    ],
)
def test_the_page_of_a_large_fleet_is_small(hosts: int, containers: int, most: int) -> None:
    document = synthetic.busy_fleet(hosts, containers) if containers else synthetic.fleet(hosts)
    page = html.render(document)
    assert len(page.encode()) <= most
    shown = page_reader.hosts(page)
    assert [host['name'] for host in shown] == [host['name'] for host in document['hosts']]
    assert max(len(host.get('namespaces', ())) for host in shown) == (containers + 1 if containers else 2)
