# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan and a rollback call a network namespace what the audit calls it."""

from __future__ import annotations

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import summary
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import tell
from ansible_collections.nodetcp.paws.plugins.plugin_utils._remediate import plan_text, rollback_text
from tests.unit.plugins.plugin_utils._judge import records

RECYCLE = 'net.ipv4.tcp_tw_recycle'


@pytest.mark.parametrize(
    ('key', 'name'),
    [
        ('net:[4026532281]@4/3f2a9c1b7d55%052d' % 0, 'container 3f2a9c1b7d55'),
        ('net:[4026532281]@4/named:blue', 'namespace blue'),
        ('net:[4026532281]@4/named:3f2a9c1b7d55', 'namespace 3f2a9c1b7d55'),
        ('net:[4026532281]@4/812.4711', 'namespace net:[4026532281]'),
        ('net:[4026531840]@4/host', 'this host'),
    ],
)
def test_a_place_has_the_name_that_the_audit_gives_it(key: str, name: str) -> None:
    assert str(summary.where_of(key)) == name
    running = {'what': 'running', 'key': RECYCLE, 'namespace': key, 'before': '1', 'after': '0', 'reason': None}
    assert plan_text.change(running, lambda said: tell('en', said)).endswith('%s: 1 -> 0 in %s' % (RECYCLE, name))
    held = {'key': RECYCLE, 'value': '1', 'file': None, 'line': None, 'namespace': key}
    result = {'changed': True, 'change_set': 'c1', 'restored': [], 'held': [held], 'notes': []}
    assert '%s = 1 (running in %s)' % (RECYCLE, name) in rollback_text.text({'web1': result}, 'en')


def test_an_audited_container_has_the_same_name() -> None:
    own = records.container('4.11.0', {RECYCLE: 1})
    told = str(summary.where({**own, 'count': 1}))
    assert told.startswith(str(summary.where_of('net:[4026532281]@4/%s' % own['container']['id'])))
