# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A page in the browser, in the words of its reader."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import axe_core_python
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.page import browser

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

    def follow(self, link: str | WebElement) -> None:
        """Click a link into the page itself, and wait until the page has answered to its new address."""
        self._moved((self.one(link) if isinstance(link, str) else link).click)

    def back(self) -> None:
        self._moved(self.driver.back)

    def forward(self) -> None:
        self._moved(self.driver.forward)

    def _moved(self, go: Callable[[], None]) -> None:
        """A page hears of its new address after the click has returned, so the listener of the page is waited for."""
        self.chromium.run(
            'window.moved = new Promise((done) => addEventListener("hashchange", () => done(), { once: true }))'
        )
        go()
        self.driver.execute_async_script('window.moved.then(arguments[0])')
        self.settled()

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


def barriers(page: Opened) -> list[str]:
    """What axe finds wrong with the page as it stands there, with every rule that it has but the experimental ones."""
    page.chromium.run(AXE.read_text(encoding='utf-8'))
    found = page.driver.execute_async_script('axe.run(document).then(arguments[arguments.length - 1])')
    return ['%s: %s' % (violation['id'], violation['nodes'][0]['html'][:200]) for violation in found['violations']]


def commands(page: Opened) -> list[str]:
    """Those that the open part of a host shows, from the top."""
    return [command.text for command in page.driver.find_elements(By.CSS_SELECTOR, 'td.detail pre')]


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


#: show(document) opens its page.
Show = Callable[[dict[str, Any]], Opened]
