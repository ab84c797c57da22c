# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A browser for the pages of a report. Where there is none, these tests are left out."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.formats import html
from tests import synthetic
from tests.page import browser
from tests.page.reader import Opened, Show

Json = dict[str, Any]


@pytest.fixture(scope='session')
def chromium() -> Iterator[browser.Browser]:
    if browser.missing():
        pytest.skip('the page in a browser %s' % browser.missing())
    with browser.browser() as found:
        yield found


@pytest.fixture(scope='session')
def two_thousand() -> Json:
    return synthetic.fleet(2000)


@pytest.fixture
def show(chromium: browser.Browser, tmp_path: Path) -> Iterator[Show]:
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
