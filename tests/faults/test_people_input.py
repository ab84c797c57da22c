# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people paste, scan and configure, damaged at random: an answer or a sentence, which steers no terminal."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from ansible_collections.nodetcp.paws.plugins.plugin_utils._explain import document as explained
from ansible_collections.nodetcp.paws.plugins.plugin_utils._explain import text as pasted
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue, waivers
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import spoken
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import scan_files
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.formats import scan_text
from ansible_collections.nodetcp.paws.plugins.plugin_utils._scan import scan, walk
from tests.faults import damage
from tests.faults.exploring import SHARES, explore
from tests.faults.test_controller_input import STEERING, attempted
from tests.unit.plugins.plugin_utils._explain.test_inputs import INPUTS
from tests.unit.plugins.plugin_utils._judge import records

TESTS = Path(__file__).resolve().parents[1]
PASTED = [each['text'].encode('utf-8', 'surrogateescape') for each in INPUTS.values()]
FILES = [
    (each['path'], each['text'].replace('@key', 'net.ipv4.tcp_tw_recycle').replace('@v', '1').encode('utf-8'))
    for path in sorted((TESTS / 'scan' / 'corpus').glob('*.yml'))
    for each in yaml.safe_load(path.read_text(encoding='utf-8'))
]
FIN = 'net.ipv4.tcp_fin_timeout'
RULE = {
    'id': 'mine', 'title': 'Mine', 'severity': 'high', 'class': 'advisory', 'profiles': ['server'],
    'when': "sysctl('%s') > `30` && kernel_at_least('4.12')" % FIN, 'active': False,
    'severity_when': [{'severity': 'low', 'when': "sysctl('%s') < `60`" % FIN}],
    'evidence': {'value': "sysctl('%s')" % FIN}, 'summary': 'It is {value}.', 'why': 'x',
    'fix': {'sysctl': FIN, 'value': 30}, 'references': ['https://example.org/x'],
}  # fmt: skip
WAIVER = {'rule': 'rfc1337', 'reason': 'x', 'host': 'web*', 'expires': '2026-12-31', 'namespace': 'container'}


def quiet(*texts: str) -> None:
    for text in texts:
        assert not STEERING & set(text.replace('\r\n', '\n'))


def damaged(data: bytes, chance: random.Random) -> str:
    for _each in range(chance.randrange(4)):
        data = damage.text_of(data, chance)
    return data.decode('utf-8', 'replace')


def a_paste(chance: random.Random) -> None:
    entry = explained.entry(pasted.read(damaged(chance.choice(PASTED), chance), 'x'))
    told = spoken(explained.document([entry], []))
    json.dumps(told)
    quiet(explained.render(told, chance.choice(('en', 'zh'))))


SCANNER = scan.Scanner(catalogue.builtin())


def a_scan(chance: random.Random) -> None:
    path, data = chance.choice(FILES)
    text = damaged(data, chance)
    results = SCANNER.scan([(path, text)])
    assert {said['id'] for _path, said in results.notices} <= {'scan/unclear', 'scan/no-reason'}
    document = spoken(scan.document(results, walk.Walk(SCANNER.prefilter), (), (), '0'))
    tongue = chance.choice(('en', 'zh'))
    quiet(scan_text.console(document, tongue), scan_text.page(document, tongue))
    json.loads(scan_files.FORMATS['sarif'][1](document, tongue))
    ElementTree.fromstring(scan_files.FORMATS['junit'][1](document, tongue))


def a_rule(chance: random.Random) -> None:
    rule = damage.value_of(json.loads(json.dumps([RULE])), chance)
    refused, _found = attempted(lambda: catalogue.builtin().extended(rule), catalogue.CatalogueError)
    assert len(refused) < 2000


def a_waiver(chance: random.Random) -> None:
    waiver = damage.value_of(json.loads(json.dumps([WAIVER])), chance)
    attempted(
        lambda: waivers.parse(waiver, 'audit_waivers', catalogue.builtin(), records.TODAY), catalogue.CatalogueError
    )


GIVEN: dict[str, tuple[Callable[[random.Random], Any], int, int]] = {
    'paste': (a_paste, 60, 6000),
    'scan': (a_scan, 60, 6000),
    'rule': (a_rule, 40, 4000),
    'waiver': (a_waiver, 60, 6000),
}


@SHARES
@pytest.mark.parametrize('what', GIVEN)
def test_what_people_give(what: str, share: str) -> None:
    check, few, many = GIVEN[what]
    explore(what, check, share, few, many)


def test_what_is_damaged_is_good_before() -> None:
    assert 'mine' in catalogue.builtin().extended([RULE]).rules
    assert waivers.parse([WAIVER], 'audit_waivers', catalogue.builtin(), records.TODAY)
