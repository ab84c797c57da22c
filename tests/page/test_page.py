# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""audit.html as people use it, in Chromium: by mouse, by keyboard, with a screen reader, on paper, in the dark."""

from __future__ import annotations

import base64
import itertools
import re
import shlex
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe_core_python
import pytest
from ansible.inventory.manager import split_host_pattern
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import diagnosis, entries
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.formats import html
from tests import synthetic
from tests.page import browser
from tests.unit.plugins.plugin_utils._report import test_diagnosis
from tests.unit.plugins.plugin_utils._report.builders import make_document, make_finding, make_host
from tests.unit.plugins.plugin_utils._report.formats import test_formats

pytestmark = pytest.mark.skipif(bool(browser.missing()), reason='the page in a browser %s' % browser.missing())
Json = dict[str, Any]
RECYCLE = 'net.ipv4.tcp_tw_recycle'
APPLIED = {'id': '20261122T050000Z-0123abcd', 'time': 5, 'state': 'applied', 'changes': 2}
AXE = Path(axe_core_python.__file__).parent / 'axe.min.js'


class Opened:
    """A page in the browser, in the words of its reader."""

    def __init__(self, chromium: browser.Browser) -> None:
        self.chromium = chromium
        self.driver = chromium.driver

    def one(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def names(self) -> list[str]:
        """The hosts in the table, from the top."""
        found: list[str] = self.chromium.run(
            'return [...document.querySelectorAll("button.open")].map(button => button.textContent)'
        )
        return found

    def shown(self) -> str:
        return self.one('#status').text

    def settled(self) -> None:
        """Wait until what the script has asked to unpack is there, and shown."""
        self.driver.execute_async_script('const done = arguments[0]; warm.then(() => setTimeout(done))')

    def text(self) -> str:
        return self.one('main').text

    def keys(self, *keys: str) -> None:
        ActionChains(self.driver).send_keys(*keys).perform()

    def tab_to(self, identity: str) -> None:
        """Go with the tab key alone to the element of that id, within a page's worth of stops."""
        for _stop in range(150):
            self.keys(Keys.TAB)
            if self.chromium.run('return document.activeElement.id') == identity:
                return
        raise AssertionError('the tab key does not come to %s' % identity)


@pytest.fixture(scope='module')
def chromium() -> Iterator[browser.Browser]:
    with browser.browser() as found:
        yield found


@pytest.fixture(scope='module')
def two_thousand() -> Json:
    return synthetic.fleet(2000)


@pytest.fixture
def show(chromium: browser.Browser, tmp_path: Path) -> Iterator[Callable[[Json], Opened]]:
    """show(document) opens its page; at the end neither the console nor the network has anything to tell."""
    number = itertools.count()

    def show(document: Json) -> Opened:
        path = tmp_path / ('%d.html' % next(number))
        path.write_text(html.render(document), encoding='utf-8')
        chromium.open(path)
        page = Opened(chromium)
        page.settled()
        return page

    yield show
    assert chromium.console() == []
    assert [url for url in chromium.requests() if not url.startswith('file://')] == []


Show = Callable[[Json], Opened]


def barriers(page: Opened) -> list[str]:
    """What axe finds wrong with the page as it stands there, with every rule that it has but the experimental ones."""
    page.chromium.run(AXE.read_text(encoding='utf-8'))
    found = page.driver.execute_async_script('axe.run(document).then(arguments[arguments.length - 1])')
    return ['%s: %s' % (violation['id'], violation['nodes'][0]['html'][:200]) for violation in found['violations']]


def test_the_table_sorts_by_click(show: Show) -> None:
    page = show(synthetic.fleet(200))
    assert page.names()[0] == 'host00000.example.org', 'the worst is on top'
    page.one('#sort-host').click()
    assert page.names() == sorted(page.names())
    page.one('#sort-host').click()
    assert page.names()[0] == 'host00199.example.org'
    assert page.one('th.c-host').get_attribute('aria-sort') == 'descending'
    assert page.shown() == '1 to 100 of 200 hosts'
    page.one('#next').click()
    assert page.shown() == '101 to 200 of 200 hosts'
    assert page.names()[-1] == 'host00000.example.org'
    assert not page.one('#next').is_enabled()


def test_the_table_filters_and_searches_by_click(show: Show) -> None:
    document = synthetic.fleet(200)
    page = show(document)
    page.one('a.card.v-dropping').click()
    assert len(page.names()) == document['summary']['verdicts']['dropping']
    page.one('#clear').click()
    page.one('a[data-filter=group][data-value=db]').click()
    assert len(page.names()) == sum('db' in host['groups'] for host in document['hosts'])
    page.one('#filter-rule option[value=tw-recycle-line]').click()
    lines = [host for host in document['hosts'] if any(f['rule'] == 'tw-recycle-line' for f in host['findings'])]
    assert sorted(page.names()) == sorted(host['name'] for host in lines if 'db' in host['groups'])
    page.one('#clear').click()
    page.one('#search').send_keys('50-TUNING.conf host0000')
    assert page.names() == ['host00000.example.org', 'host00004.example.org', 'host00005.example.org']
    page.one('#search').send_keys(' nonsense')
    assert (page.names(), page.shown()) == ([], 'No host matches.')


def test_everything_works_by_keyboard(show: Show) -> None:
    page = show(synthetic.fleet(40))
    page.keys('/', 'host0000')
    assert page.shown() == '10 of 40 hosts'
    page.tab_to('sort-host')
    page.keys(Keys.ENTER)
    assert page.names()[0] == 'host00000.example.org'
    assert page.one('th.c-host').get_attribute('aria-sort') == 'ascending'
    for _stop in range(6):
        page.keys(Keys.TAB)
    page.keys(Keys.ARROW_DOWN, Keys.ENTER)
    assert page.one('button.open[aria-expanded=true]').text.endswith('host00001.example.org')
    assert 'Set net.ipv4.tcp_tw_recycle = 0' in page.one('td.detail').text
    page.keys(Keys.ENTER)
    assert not page.driver.find_elements(By.CSS_SELECTOR, 'td.detail')


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


def test_a_diagnosis_is_part_of_the_page(show: Show) -> None:
    page = show(diagnosis.added(synthetic.fleet(20), [test_diagnosis.made(), test_diagnosis.made(port=80, day=21)]))
    opened, closed = page.driver.find_elements(By.CSS_SELECTOR, 'details.diagnosis')
    assert 'SYNs meet a TIME_WAIT socket with an older timestamp' in opened.text
    assert '5 without an answer, 15 SYNs sent again' in opened.text
    assert '5 without an answer' not in closed.text
    closed.find_element(By.TAG_NAME, 'summary').click()
    assert '5 without an answer' in closed.text
    assert barriers(page) == []
    closed.find_element(By.TAG_NAME, 'summary').click()
    page.chromium.run('window.dispatchEvent(new Event("beforeprint"))')
    assert '5 without an answer' in closed.text, 'paper has all of them'


#: Width, scheme, language: each of them twice, and the other half in the long run.
LOOKS = [(390, 'light', 'en'), (390, 'dark', 'zh'), (1400, 'light', 'zh'), (1400, 'dark', 'en')]
OTHERS = [(390, 'light', 'zh'), (390, 'dark', 'en'), (1400, 'light', 'en'), (1400, 'dark', 'zh')]


@pytest.mark.parametrize(
    ('width', 'scheme', 'language'), [*LOOKS, *(pytest.param(*each, marks=pytest.mark.long) for each in OTHERS)]
)
def test_no_barriers(show: Show, chromium: browser.Browser, width: int, scheme: str, language: str) -> None:
    document = diagnosis.added(synthetic.fleet(60), [test_diagnosis.made()])
    document['run']['language'] = language
    document['hosts'][0]['forecast'] = test_formats.FORECASTS['a']
    document['hosts'][1]['findings'][0]['waived'] = {'reason': 'accepted', 'expires': None}
    chromium.media(prefers_color_scheme=scheme)
    try:
        with chromium.window(width, 900):
            page = show(document)
            page.chromium.run('for (const part of document.querySelectorAll("details")) part.open = true')
            page.chromium.run(
                '[...document.querySelectorAll("button.open")].slice(0, 2).forEach((each) => each.click())'
            )
            assert barriers(page) == []
            wide = page.chromium.run('return document.documentElement.scrollWidth')
        dark = page.chromium.run('return getComputedStyle(document.body).backgroundColor') != 'rgb(255, 255, 255)'
    finally:
        chromium.media()
    assert wide <= width, 'nothing stands out to the side'
    assert dark == (scheme == 'dark')


def test_in_chinese(show: Show) -> None:
    document = synthetic.fleet(20)
    document['run']['language'] = 'zh'
    page = show(document)
    assert page.one('html').get_attribute('lang') == 'zh-Hans'
    page.one('button.open').click()
    assert 'tcp_tw_recycle 正在丢弃 SYN' in page.text()
    assert '在宿主机上修复（另有 4 项）' in page.text()
    assert '从下一个 SYN 起生效，无需重启。' in page.text()
    assert page.shown() == '20 台主机'


def test_two_thousand_hosts_keep_the_page_small(show: Show, two_thousand: Json) -> None:
    page = show(two_thousand)
    assert page.chromium.run('return document.getElementsByTagName("*").length') < 5000
    page.one('#search').send_keys('host01')
    assert page.shown() == '1 to 100 of 1000 hosts'
    page.one('#sort-host').click()
    assert page.names()[0] == 'host01000.example.org'


def pages(page: Opened) -> int:
    """How many pages of A4 the browser prints."""
    size = {'paperWidth': 8.27, 'paperHeight': 11.69, 'printBackground': True}
    printed = base64.b64decode(page.driver.execute_cdp_cmd('Page.printToPDF', size)['data'])
    return len(re.findall(rb'/Type\s*/Page\b', printed))


def on_paper(page: Opened) -> str:
    """What paper says of the hosts."""
    page.chromium.run('window.dispatchEvent(new Event("beforeprint"))')
    page.driver.execute_cdp_cmd('Emulation.setEmulatedMedia', {'media': 'print'})
    try:
        return page.one('#paper').text
    finally:
        page.driver.execute_cdp_cmd('Emulation.setEmulatedMedia', {'media': ''})
        page.chromium.run('window.dispatchEvent(new Event("afterprint"))')


def test_two_thousand_hosts_fit_on_forty_pages(show: Show, two_thousand: Json) -> None:
    document = two_thousand
    page = show(document)
    assert 10 < pages(page) <= 40
    assert len(page.names()) == 100, 'the screen is as before'
    said = on_paper(page)
    assert all(host['name'] in said for host in document['hosts'])
    assert said.startswith('2000 hosts')
    for number in (4, 1984):
        assert re.search(r'host%05d.example.org\b[^:]* /etc/sysctl.d/50-tuning.conf:4 = 1' % number, said)
    assert said.count('Comment the winning lines out') < 10, 'a fix stands once, not for each host'


def test_paper_is_bounded_where_every_host_is_bad_in_its_own_way(show: Show) -> None:
    def own(number: int, rule: str) -> Json:
        return make_finding(rule=rule, title=rule, evidence={'dropped_since_boot': number, 'peers': 'x' * 300})

    bad = [
        make_host('host%05d.example.org' % each, 'exposed', findings=[own(each, rule) for rule in ('a', 'b', 'c')])
        for each in range(2000)
    ]
    page = show(make_document(*bad))
    assert pages(page) <= 40
    assert 'host01999.example.org' in on_paper(page)


def test_paper_has_what_the_reader_has_chosen(show: Show) -> None:
    page = show(synthetic.fleet(120))
    page.one('#search').send_keys('host0000')
    page.driver.find_elements(By.CSS_SELECTOR, 'button.open')[1].click()
    said = on_paper(page)
    assert said.startswith('10 of 120 hosts (host0000)')
    assert 'host00010' not in said
    shown = page.driver.find_elements(By.CSS_SELECTOR, '#paper .whole-host')
    assert shown == [], 'the screen is as before'
    page.chromium.run('window.dispatchEvent(new Event("beforeprint"))')
    [whole] = page.driver.find_elements(By.CSS_SELECTOR, '#paper .whole-host > h3:first-child')
    assert 'host00001' in (whole.get_attribute('textContent') or ''), 'the host that is open stands there in full'


def test_without_scripts_the_worst_hosts_are_there(chromium: browser.Browser, tmp_path: Path) -> None:
    path = tmp_path / 'page.html'
    path.write_text(html.render(synthetic.fleet(200)), encoding='utf-8')
    chromium.driver.execute_cdp_cmd('Emulation.setScriptExecutionDisabled', {'value': True})
    try:
        chromium.open(path)
        text = chromium.driver.find_element(By.TAG_NAME, 'main').text
    finally:
        chromium.driver.execute_cdp_cmd('Emulation.setScriptExecutionDisabled', {'value': False})
    assert 'host00000.example.org dropping net.ipv4.tcp_tw_recycle=1' in text
    assert 'Without scripts this page shows the worst hosts only' in text


@pytest.mark.parametrize('text', [test_formats.HOSTILE, 'x' * 10240, *test_formats.FORMULAS])
def test_hostile_text_is_shown_as_text(show: Show, text: str) -> None:
    page = show(test_formats.hostile_document(text))
    for place in range(3):
        page.chromium.run('document.querySelectorAll("button.open")[arguments[0]].click()', place)
    assert (
        page.chromium.run('return document.querySelectorAll("main script, main img, main :not(.card) > b").length') == 0
    )
    assert page.chromium.run('return window.owned') is None
    assert not test_formats.HIDDEN.search(page.text())
    assert page.shown() == '3 hosts'
    if text == test_formats.HOSTILE:
        assert '</script><script>alert(1)</script>' in page.text()
        assert '\\u202eevil\\u2066' in page.text()


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


def commands(page: Opened) -> list[str]:
    """Those that the open part of a host shows, from the top."""
    return [command.text for command in page.driver.find_elements(By.CSS_SELECTOR, 'td.detail pre')]


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


def test_a_host_that_was_seen_in_part_is_not_plainly_clean(show: Show) -> None:
    gap = {'part': 'processes', 'number': 282, 'of': 289, 'cure': 'root'}
    lost = entries.unobserved('lost', [], 'unreachable', 'no route')
    hosts = [make_host('part', unseen=[gap]), make_host('whole'), make_host('bad', 'exposed', unseen=[gap]), lost]
    page = show(make_document(*hosts))
    rows = [row.text for row in page.driver.find_elements(By.CSS_SELECTOR, 'table.hosts td.c-verdict')]
    told = '(282 of 289 processes not seen: run with -b)'
    assert rows == ['exposed %s' % told, 'unreachable', 'clean %s' % told, 'clean']
    plain, part = (page.one('.badge.v-clean%s' % more) for more in (':not(.part)', '.part'))
    assert plain.value_of_css_property('background-color') != part.value_of_css_property('background-color')
    page.one('a.card.part').click()
    assert page.names() == ['bad', 'part']
    page.one('#filter-seen option[value=full]').click()
    assert page.names() == ['whole']
    page.one('#clear').click()
    page.one('#search').send_keys('289 processes')
    assert page.names() == ['bad', 'part']
    assert barriers(page) == []
    assert not show(make_document(make_host('whole'))).driver.find_elements(By.ID, 'filter-seen')


def test_the_policy_lets_nothing_else_run(show: Show, chromium: browser.Browser) -> None:
    page = show(make_document(make_host('a'), entries.unobserved('b', [], 'failed', 'no')))
    with socket.create_server(('127.0.0.1', 0)) as server:
        server.settimeout(1)
        page.chromium.run(
            'const script = document.createElement("script"); script.textContent = "window.owned = 1";'
            'const image = new Image(); image.src = arguments[0]; document.body.append(script, image);'
            'document.body.setAttribute("onclick", "window.owned = 1"); document.body.click();',
            'http://127.0.0.1:%d/x.png' % server.getsockname()[1],
        )
        with pytest.raises(TimeoutError):
            server.accept()
    assert page.chromium.run('return window.owned') is None
    refused = chromium.console()
    assert sum('violates the following Content Security Policy' in message for message in refused) == 3, refused
    chromium.requests()  # the image was asked for, and went nowhere


def steps(page: Opened) -> str:
    """What of the address says what the reader has chosen."""
    found: str = page.chromium.run('return decodeURIComponent(location.hash)')
    return found


def arrive(page: Opened, fragment: str) -> Opened:
    """The same page, opened anew with that address."""
    page.driver.get('about:blank')
    page.chromium.requests()
    page.driver.get('file://%s' % fragment)
    page.settled()
    return page


def test_the_address_is_what_is_shown(show: Show) -> None:
    page = show(synthetic.fleet(200))
    assert steps(page) == ''
    page.one('#filter-group option[value=db]').click()
    page.one('#search').send_keys('host000')
    page.one('#sort-host').click()
    page.one('#sort-host').click()
    page.driver.find_elements(By.CSS_SELECTOR, 'button.open')[1].click()
    opened = page.names()[1]
    assert steps(page) == '#search=host000&group=db&sort=-host&host=%s' % opened
    seen = (page.names(), page.shown(), page.one('td.detail').text)
    address = page.driver.current_url.removeprefix('file://')
    again = arrive(page, address)
    assert (again.names(), again.shown(), again.one('td.detail').text) == seen
    assert again.one('#search').get_attribute('value') == 'host000'
    assert again.one('#filter-group').get_attribute('value') == 'db'
    assert again.one('th.c-host').get_attribute('aria-sort') == 'descending'


def test_the_back_button_goes_step_by_step(show: Show) -> None:
    page = show(synthetic.fleet(200))
    page.one('#next').click()
    page.one('#search').send_keys('host0000')
    page.one('button.open').click()
    assert page.driver.find_elements(By.CSS_SELECTOR, 'td.detail')
    page.driver.back()
    assert not page.driver.find_elements(By.CSS_SELECTOR, 'td.detail')
    assert page.shown() == '10 of 200 hosts'
    page.driver.back()
    assert page.shown() == '101 to 200 of 200 hosts', 'typing is one step'
    assert page.one('#search').get_attribute('value') == ''
    page.driver.back()
    assert page.shown() == '1 to 100 of 200 hosts'
    page.driver.forward()
    page.driver.forward()
    assert page.shown() == '10 of 200 hosts'


def test_a_link_to_one_host_comes_to_it_wherever_it_stands(show: Show) -> None:
    page = show(synthetic.fleet(300))
    path = page.driver.current_url.removeprefix('file://').partition('#')[0]
    arrive(page, '%s#host=host00131.example.org' % path)
    assert page.shown() == '201 to 300 of 300 hosts'
    link = page.one('td.detail .link a')
    assert (link.get_attribute('href') or '').endswith('#host=host00131.example.org')
    top = page.chromium.run('return document.querySelector("tr.opened").previousSibling.getBoundingClientRect().top')
    assert 0 <= top < 200, 'it is in sight'


@pytest.mark.parametrize(
    'fragment',
    [
        'search=%3Cimg%20src%3Dx%3E&sort=-nonsense',
        'page=99&group=nowhere&host=nobody',
        'page=-1&sort=%00',
        'verdict=x&=&&#',
    ],
)
def test_an_address_that_means_nothing_does_no_harm(show: Show, fragment: str) -> None:
    page = show(synthetic.fleet(8))
    path = page.driver.current_url.removeprefix('file://')
    arrive(page, '%s#%s' % (path, fragment))
    assert page.shown() == ('No host matches.' if 'search' in fragment else '8 hosts')
    assert page.one('th.c-verdict').get_attribute('aria-sort') == 'ascending'
    assert page.chromium.run('return document.querySelectorAll("main img").length') == 0


def test_no_pages_to_turn_and_nothing_to_choose_where_hosts_are_few(show: Show) -> None:
    page = show(make_document(*(make_host('web%d' % number) for number in range(8))))
    assert page.shown() == '8 hosts'
    assert not page.one('#next').is_displayed()
    assert page.driver.find_elements(By.CSS_SELECTOR, '.tools select') == [], 'all of them are alike'


@pytest.mark.parametrize('width', [390, 1400])
def test_the_controls_stand_on_a_line(show: Show, chromium: browser.Browser, width: int) -> None:
    with chromium.window(width, 900):
        page = show(synthetic.fleet(200))
        boxes = [
            (control.rect['y'], control.rect['height'])
            for control in page.driver.find_elements(By.CSS_SELECTOR, '.tools :is(input, select, button)')
        ]
    assert len({height for _top, height in boxes}) == 1
    rows = len({top for top, _height in boxes})
    assert rows == (1 if width == 1400 else 3)


def test_an_older_browser_says_what_it_cannot_do(show: Show, chromium: browser.Browser) -> None:
    done = chromium.driver.execute_cdp_cmd(
        'Page.addScriptToEvaluateOnNewDocument', {'source': 'delete window.DecompressionStream'}
    )
    try:
        page = show(synthetic.fleet(20))
        page.one('#search').send_keys('host00000')
        page.one('button.open').click()
        assert 'This browser cannot unpack what is known of this host' in page.one('td.detail').text
        assert 'tcp_tw_recycle=1 with timestamps on' in page.one('td.c-matters').text
        assert 'host00000.example.org' in on_paper(page)
    finally:
        chromium.driver.execute_cdp_cmd('Page.removeScriptToEvaluateOnNewDocument', done)


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


@pytest.mark.parametrize(('width', 'height'), [(390, 844), (1400, 1000)])
@pytest.mark.parametrize('language', ['en', 'zh'])
def test_the_first_screen_says_what_to_do(
    show: Show, chromium: browser.Browser, two_thousand: Json, width: int, height: int, language: str
) -> None:
    document = {**two_thousand, 'run': {**two_thousand['run'], 'language': language}}
    with chromium.window(width, height):
        page = show(document)
        seen = page.chromium.run("""
            const inside = (element) => element.getBoundingClientRect().bottom <= innerHeight;
            const parts = [...document.querySelector('.step').querySelectorAll('h3, p, pre')];
            return parts.filter(inside).map((each) => each.textContent);
        """)
    step = document['do_now'][0]
    assert step['class'] == 'dropping'
    cause = {'en': 'tcp_tw_recycle is dropping SYNs now', 'zh': 'tcp_tw_recycle 正在丢弃 SYN'}[language]
    assert seen[0].endswith(cause)
    assert '%d ' % step['hosts'] in seen[1]
    assert step['named'][0] in seen[1]
    assert seen[-2:] == step['commands']


def test_what_to_do_has_every_cause_and_links_to_its_hosts(show: Show, two_thousand: Json) -> None:
    document = two_thousand
    page = show(document)
    assert len(page.driver.find_elements(By.CSS_SELECTOR, '.step')) == len(document['do_now'])
    assert page.one('.more summary').text == '%d more causes' % (len(document['do_now']) - 3)
    page.one('.step a[data-filter=host]').click()
    assert 'tcp_tw_recycle is dropping SYNs now' in page.one('td.detail').text
    assert steps(page) == '#host=%s' % document['do_now'][0]['named'][0]
    page.one('.step a[data-filter=rule]').click()
    assert page.shown() == '%d of 2000 hosts' % document['do_now'][0]['hosts']
    assert steps(page) == '#rule=tw-recycle-dropping'


def test_a_fleet_without_any_fault_says_so(show: Show) -> None:
    page = show(make_document(make_host('a'), make_host('b')))
    assert page.one('main section').text == 'Do this now\nNothing to do.'


def test_what_is_counted_is_what_is_listed(show: Show) -> None:
    lost = [entries.unobserved(name, [], name, 'no route') for name in ('unreachable', 'failed', 'skipped')]
    page = show(make_document(make_host('a'), make_host('b', 'unknown'), *lost))
    numbers = [link.text for link in page.driver.find_elements(By.CSS_SELECTOR, '.total a, a.card')]
    assert numbers == ['1 failed', '1 unreachable', '1 skipped', '3 unknown', '1 clean']
    for place, number in enumerate(numbers):
        page.driver.find_elements(By.CSS_SELECTOR, '.total a, a.card')[place].click()
        assert len(page.names()) == int(number.split()[0]), number
