# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A health URL never shows its password, whatever is in it and whatever a library says of it."""

from __future__ import annotations

import pytest

from ansible_collections.nodetcp.paws.plugins.action import paws_verify
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import message
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import tell
from ansible_collections.nodetcp.paws.plugins.plugin_utils._variables import health_url


@pytest.mark.parametrize(
    'password', ['s3cret', 's3/cret', '/s3cret', 's3?cret', 's3#cret', 's3@cret', 's3:cret', '[s3cret']
)
def test_a_password_never_appears(password: str) -> None:
    url = 'http://probe:%s@127.0.0.1:9/up?key=t0ken#fr4g' % password
    assert health_url.shown(url) == 'http://127.0.0.1:9/up'
    (found,) = paws_verify._url(url)
    text = tell('en', found)
    assert text.startswith('remediate_health_url http://127.0.0.1:9/up: ')
    for secret in ('s3', 'cret', 't0ken', 'fr4g', 'probe'):
        assert secret not in text


@pytest.mark.parametrize('url', ['file:///etc/shadow', 'FILE:/etc/shadow', 'ftp://127.0.0.1/x', '/etc/shadow', ''])
def test_only_web_servers_are_asked(url: str) -> None:
    assert paws_verify._url(url) == [message('verification/url-refused')]
