# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.nodetcp.paws.plugins.plugin_utils._explain import document, text
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.catalogue import sentences
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import spoken

INPUTS: dict[str, dict[str, Any]] = yaml.safe_load((Path(__file__).parent / 'inputs.yml').read_text(encoding='utf-8'))
#: Fields that must hold what is given, and may hold more.
PARTS = ('counters', 'sysctls', 'conntrack', 'listen')


@pytest.mark.parametrize('name', INPUTS)
def test_exactly_what_follows_is_said(name: str) -> None:
    given = INPUTS[name]
    entry = document.entry(text.read(given['text'], name))
    assert sorted(entry['says']) == sorted(given['says'])
    for field, wanted in given.items():
        if field in PARTS and wanted:
            assert {key: entry[field].get(key, 'missing') for key in wanted} == wanted
        elif field not in ('text', 'says'):
            assert entry[field] == wanted, field


def test_there_are_sixty_inputs() -> None:
    assert len(INPUTS) >= 60


@pytest.mark.parametrize('name', INPUTS)
def test_nothing_is_met_with_silence(name: str) -> None:
    told = spoken(document.document([document.entry(text.read(INPUTS[name]['text'], name))], []))
    shown = document.render(told, 'en')
    assert told['texts'][0]['says'] or told['texts'][0]['cannot_tell']
    assert '?' not in shown.replace('  ? ', '').replace('PAWSPassive?', '')
    assert len(shown.splitlines()) > 1


def test_both_languages_say_the_same_things() -> None:
    english = {name for name in sentences('en') if name.startswith('explain/')}
    assert english == {name for name in sentences('zh') if name.startswith('explain/')}


def test_lines_of_blanks_and_points_are_passed_over() -> None:
    blanks = ' ' * 100000
    points = 'TcpExt:\n 5 passive connections rejected because of time stamp\n' + '%sx\n' % ('.' * 799) * 100
    found = text.read('<%s\n>%s\n-%s\n%snet.ipv4.tcp_tw_recycle = 1\n' % (blanks, blanks, blanks, points), 'x')
    assert found.value('net.ipv4.tcp_tw_recycle') == '1'
