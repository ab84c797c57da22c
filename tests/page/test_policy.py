# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing runs in audit.html but its own script, whatever nodes say."""

from __future__ import annotations

import socket

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import entries
from tests.page import browser
from tests.page.reader import Show
from tests.unit.plugins.plugin_utils._report.builders import make_document, make_host
from tests.unit.plugins.plugin_utils._report.formats import test_formats


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
