# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A headless Chromium with nothing in its profile, and what it says of a page."""

from __future__ import annotations

import base64
import contextlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

PROGRAMS = ('chromium', 'chromedriver')
FLAGS = (
    *('--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'),
    *('--disable-background-networking', '--disable-component-update', '--window-size=1400,1000'),
)


def missing() -> str:
    """What this machine lacks for it; empty if nothing."""
    absent = [program for program in PROGRAMS if shutil.which(program) is None]
    return 'needs %s (Debian: chromium, chromium-driver)' % ' and '.join(absent) if absent else ''


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """A browser that ends, with its profile, at the end."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which(PROGRAMS[0]) or ''
        options.set_capability('goog:loggingPrefs', {'browser': 'ALL', 'performance': 'ALL'})
        for flag in (*FLAGS, '--user-data-dir=%s' % profile):
            options.add_argument(flag)
        driver = webdriver.Chrome(options=options, service=Service(shutil.which(PROGRAMS[1])))
        try:
            driver.get('about:blank')  # or the page that Chromium begins with goes on asking for its parts
            yield Browser(driver)
        finally:
            driver.quit()


class Browser:
    """Opens pages from disk; `driver` is Selenium's."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def open(self, page: Path) -> None:
        self.console(), self.requests()  # what the page before had to say
        self.driver.get(page.as_uri())

    def run(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def console(self) -> list[str]:
        """Every message of the console since the last call: errors, refusals by the content policy."""
        return [entry['message'] for entry in self.driver.get_log('browser')]

    def requests(self) -> list[str]:
        """Every address that was asked for since the last call."""
        messages = [json.loads(entry['message'])['message'] for entry in self.driver.get_log('performance')]
        return [
            message['params']['request']['url']
            for message in messages
            if message['method'] == 'Network.requestWillBeSent'
        ]

    def size(self, width: int, height: int) -> None:
        """Give pages that much room, which a window itself may not be small enough for."""
        metrics = {'width': width, 'height': height, 'deviceScaleFactor': 1, 'mobile': False}
        self.driver.execute_cdp_cmd('Emulation.setDeviceMetricsOverride', metrics)

    def picture(self, kind: str, quality: int) -> bytes:
        """What is to be seen now, without scrollbars; kind is png, jpeg or webp."""
        self.driver.execute_cdp_cmd('Emulation.setScrollbarsHidden', {'hidden': True})
        wanted = {'format': kind, 'quality': quality}
        return base64.b64decode(self.driver.execute_cdp_cmd('Page.captureScreenshot', wanted)['data'])

    @contextlib.contextmanager
    def window(self, width: int, height: int) -> Iterator[None]:
        """Show pages in a window of that size meanwhile, in CSS pixels."""
        self.size(width, height)
        try:
            yield
        finally:
            self.driver.execute_cdp_cmd('Emulation.clearDeviceMetricsOverride', {})

    def media(self, **features: str) -> None:
        """Emulate media features, for example prefers-color-scheme (with underscores)."""
        wanted = [{'name': name.replace('_', '-'), 'value': value} for name, value in features.items()]
        self.driver.execute_cdp_cmd('Emulation.setEmulatedMedia', {'features': wanted})
