# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which names are known, and what is said of the others."""

from __future__ import annotations

import re
from pathlib import Path

from ansible_collections.nodetcp.paws.plugins.plugin_utils._variables import names

CHECKOUT = Path(__file__).resolve().parents[5]


def test_what_playbooks_take_is_known() -> None:
    pattern = re.compile(r'(?<![\w.])(?:%s)[a-z_]+' % '|'.join(names.PREFIXES))
    taken = set()
    for playbook in (CHECKOUT / 'playbooks').glob('*.yml'):
        values = re.findall(r'\{\{.*?\}\}', playbook.read_text(encoding='utf-8'), re.DOTALL)
        taken.update(name for value in values for name in pattern.findall(value))
    assert taken <= names.known()
    assert set(names.OF_PLAYBOOKS) <= taken


def test_every_name_that_is_known_passes() -> None:
    settings = ['safe_sysctl_settings_web', 'safe_sysctl_settings_']
    assert names.problems(dict.fromkeys([*names.known(), *settings], ''), []) == []


def test_others_are_told_with_their_place_and_the_nearest_name() -> None:
    given = {'remediate_canarys': 'on web1', 'report_mail': '', 'audit_zzzzzzzzzzzz': ''}
    assert [str(each) for each in names.problems(given, ['report_*'])] == [
        'audit_zzzzzzzzzzzz is not a variable of this collection. A name of your own goes into audit_own_names',
        'remediate_canarys (on web1) is not a variable of this collection: did you mean remediate_canary? '
        'A name of your own goes into audit_own_names',
    ]


def test_a_name_cannot_write_to_the_terminal() -> None:
    [said] = names.problems({'audit_\x1b[2J': ''}, [])
    assert '\x1b' not in str(said)
