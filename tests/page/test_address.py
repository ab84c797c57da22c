# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The address of audit.html says what its reader has chosen."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.by import By

from tests import synthetic
from tests.page.reader import Show, arrive, steps


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
    page.back()
    assert not page.driver.find_elements(By.CSS_SELECTOR, 'td.detail')
    assert page.shown() == '10 of 200 hosts'
    page.back()
    assert page.shown() == '101 to 200 of 200 hosts', 'typing is one step'
    assert page.one('#search').get_attribute('value') == ''
    page.back()
    assert page.shown() == '1 to 100 of 200 hosts'
    page.forward()
    page.forward()
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
