# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""audit.html for everybody: screen readers, paper, the dark, Chinese, no scripts, old browsers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.by import By

from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import diagnosis
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.formats import html
from tests import synthetic
from tests.page import browser
from tests.page.reader import Show, barriers, on_paper, pages
from tests.unit.plugins.plugin_utils._report import test_diagnosis
from tests.unit.plugins.plugin_utils._report.builders import make_document, make_finding, make_host
from tests.unit.plugins.plugin_utils._report.formats import test_formats

Json = dict[str, Any]


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
