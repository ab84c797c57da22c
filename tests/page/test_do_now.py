# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first screen of audit.html: what to do now."""

from __future__ import annotations

from typing import Any

import pytest
from selenium.webdriver.common.by import By

from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import diagnosis
from tests import synthetic
from tests.page import browser
from tests.page.reader import Show, barriers, steps
from tests.unit.plugins.plugin_utils._report import test_diagnosis
from tests.unit.plugins.plugin_utils._report.builders import make_document, make_host

Json = dict[str, Any]


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
    page.follow('.step a[data-filter=host]')
    assert 'tcp_tw_recycle is dropping SYNs now' in page.one('td.detail').text
    assert steps(page) == '#host=%s' % document['do_now'][0]['named'][0]
    page.follow('.step a[data-filter=rule]')
    assert page.shown() == '%d of 2000 hosts' % document['do_now'][0]['hosts']
    assert steps(page) == '#rule=tw-recycle-dropping'


def test_a_fleet_without_any_fault_says_so(show: Show) -> None:
    page = show(make_document(make_host('a'), make_host('b')))
    assert page.one('main section').text == 'Do this now\nNothing to do.'


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
