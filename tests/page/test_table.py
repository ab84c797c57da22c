# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of hosts in audit.html: sorted, filtered, searched and counted, by mouse and by keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import entries
from tests import synthetic
from tests.page import browser
from tests.page.reader import Show, barriers
from tests.unit.plugins.plugin_utils._report.builders import make_document, make_host

Json = dict[str, Any]


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
    page.follow('a.card.v-dropping')
    assert len(page.names()) == document['summary']['verdicts']['dropping']
    page.one('#clear').click()
    page.follow('a[data-filter=group][data-value=db]')
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
    page.follow('a.card.part')
    assert page.names() == ['bad', 'part']
    page.one('#filter-seen option[value=full]').click()
    assert page.names() == ['whole']
    page.one('#clear').click()
    page.one('#search').send_keys('289 processes')
    assert page.names() == ['bad', 'part']
    assert barriers(page) == []
    assert not show(make_document(make_host('whole'))).driver.find_elements(By.ID, 'filter-seen')


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


def test_two_thousand_hosts_keep_the_page_small(show: Show, two_thousand: Json) -> None:
    page = show(two_thousand)
    assert page.chromium.run('return document.getElementsByTagName("*").length') < 5000
    page.one('#search').send_keys('host01')
    assert page.shown() == '1 to 100 of 1000 hosts'
    page.one('#sort-host').click()
    assert page.names()[0] == 'host01000.example.org'


def test_what_is_counted_is_what_is_listed(show: Show) -> None:
    lost = [entries.unobserved(name, [], name, 'no route') for name in ('unreachable', 'failed', 'skipped')]
    page = show(make_document(make_host('a'), make_host('b', 'unknown'), *lost))
    numbers = [link.text for link in page.driver.find_elements(By.CSS_SELECTOR, '.total a, a.card')]
    assert numbers == ['1 failed', '1 unreachable', '1 skipped', '3 unknown', '1 clean']
    for place, number in enumerate(numbers):
        page.follow(page.driver.find_elements(By.CSS_SELECTOR, '.total a, a.card')[place])
        assert len(page.names()) == int(number.split()[0]), number
