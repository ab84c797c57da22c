# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that no audit could work with are refused before any host is contacted, with a sentence each."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import MessageError
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import tell
from ansible_collections.nodetcp.paws.plugins.plugin_utils._variables.checks import Checker
from ansible_collections.nodetcp.paws.plugins.plugin_utils._variables.settings import Setting

TODAY = datetime.date(2026, 11, 22)
OWN = [{'id': 'own-rule', 'title': 't', 'severity': 'low', 'class': 'advisory', 'when': "sysctl('a.b') == `1`"}]


def checker() -> Checker:
    return Checker(['web1', 'web2'], TODAY)


def setting(name: str, value: Any, *hosts: str) -> Setting:
    return Setting(name, value, list(hosts), '')


REFUSED = [
    ('audit_root', 'captures/web1', "audit_root 'captures/web1' is not an absolute path on the node"),
    ('audit_window', -1.0, 'audit_window is a number of seconds from 0 to 3600, not -1.0'),
    ('audit_window', 1e9, 'audit_window is a number of seconds from 0 to 3600, not 1000000000.0'),
    ('remediate_window', float('nan'), 'remediate_window is a number of seconds from 0 to 3600, not nan'),
    ('remediate_health_url', 'foo', 'remediate_health_url is not a URL such as https://'),
    ('remediate_health_url', 'file:///etc/passwd', 'remediate_health_url is not a URL such as https://'),
    ('safe_sysctl_settings', {'net.core.somaxconn': '4k'}, "the value '4k' is not a number for the kernel"),
    ('remediate_max_hosts', -5, 'remediate_max_hosts is a number from 0 on, not -5'),
    ('audit_records', '/no/such/place', "audit_records '/no/such/place' is not a directory on the controller"),
    ('audit_rules', [{'id': 'rfc1337', 'severity': 'worst'}], 'worst'),
    ('audit_waivers', [{'rule': 'nobody-knows-it', 'reason': 'r'}], 'nobody-knows-it'),
    ('safe_sysctl_waivers', [{'rule': 'rfc1337'}], 'reason'),
    ('remediate_rules', ['rfc1337', 'nobody-knows-it'], "remediate_rules: no rule has the id 'nobody-knows-it'"),
    ('remediate_batches', ['many'], 'many'),
]


@pytest.mark.parametrize(('name', 'value', 'said'), REFUSED)
def test_refused(name: str, value: Any, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        checker().check(setting(name, value))


@pytest.mark.parametrize(('name', 'value'), [row[:2] for row in REFUSED])
def test_what_is_wrong_is_said_in_chinese_too(name: str, value: Any) -> None:
    with pytest.raises(MessageError) as caught:
        checker().check(setting(name, value))
    told = tell('zh', caught.value.message)
    assert re.search('[\u4e00-\u9fff]', told)
    assert not re.search(' (is|are|has|have|must|names|not) ', told)


def test_a_report_directory_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / 'file').write_text('', encoding='utf-8')
    with pytest.raises(ValueError, match='cannot be written') as caught:
        checker().check(setting('audit_report_dir', str(tmp_path / 'file' / 'below' / 'it')))
    assert str(caught.value).endswith('see %s' % (tmp_path / 'file'))


def test_sound_values_say_nothing(tmp_path: Path) -> None:
    found = checker()
    for name, value in (
        ('audit_root', '/srv/captures/web1'),
        ('audit_window', 0.0),
        ('audit_records', str(tmp_path)),
        ('audit_records', ''),
        ('audit_report_dir', str(tmp_path / 'new' / 'one')),
        ('audit_root', None),
        ('remediate_batches', [1, '10%', '100%']),
        ('audit_formats', ['json']),
        ('remediate_health_url', 'http://user:secret@[::1]:8080/up'),
        ('remediate_health_url', ''),
    ):
        found.check(setting(name, value))
    assert [str(warning) for warning in found.warnings] == []


def test_a_waiver_may_name_a_rule_of_the_same_host_and_of_no_other() -> None:
    found = checker()
    builtin = found.rules
    found.check(setting('audit_rules', OWN, 'web1'))
    waiver = [{'rule': 'own-rule', 'reason': 'r'}]
    found.check(setting('audit_waivers', waiver, 'web1'))
    found.check(setting('remediate_skip_rules', ['own-rule'], 'web1'))
    assert found.rules == builtin + 1
    for name, value in (('audit_waivers', waiver), ('remediate_skip_rules', ['own-rule'])):
        with pytest.raises(ValueError, match='own-rule'):
            found.check(setting(name, value, 'web1', 'web2'))
    found.check(setting('audit_rules', OWN))  # for all that have none of their own
    found.check(setting('audit_waivers', waiver, 'web2'))


def test_hosts_that_nobody_knows_are_a_warning() -> None:
    found = checker()
    found.check(setting('audit_skip', {'web1': 'r', 'web9': 'r', 'web8': 'r'}))
    found.check(setting('remediate_canary', ['web2', 'db7']))
    assert [str(warning) for warning in found.warnings] == [
        'audit_skip names hosts that the inventory does not have: web8, web9',
        'remediate_canary names hosts that the inventory does not have: db7',
    ]
