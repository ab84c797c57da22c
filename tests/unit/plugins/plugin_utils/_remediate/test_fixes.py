# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is planned for a finding ends it: each fix of the catalogue, carried out on the record that it was found in."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue, ports, verdict
from ansible_collections.nodetcp.paws.plugins.plugin_utils._remediate import needs, verification
from tests.unit.plugins.plugin_utils._judge import records
from tests.unit.plugins.plugin_utils._judge.rule_cases import CASES
from tests.unit.plugins.plugin_utils._judge.situations import NEW, RANGE, RESERVED

NARROW = 'port-range-narrow'
Json = dict[str, Any]


def planned(record: Json, earlier: Json | None, profile: str, *rules: str) -> needs.Needs:
    known = catalogue.builtin()
    findings = verdict.judge(record, earlier, known, profile, [], records.TODAY)['findings']
    return needs.needs(record, findings, {}, needs.Scope('info', rules), known, profile)


def carried_out(record: Json, found: needs.Needs) -> Json:
    """The record afterwards: the settings run, our file wins at the next boot, lines that had to go are gone."""
    after = copy.deepcopy(record)
    for namespace in after['namespaces']:
        for key, value in found.settings.items():
            entry = namespace['sysctls'].get(key, {'scope': 'absent'})
            if entry['scope'] == 'namespace':
                namespace['sysctls'][key] = {**entry, 'value': value}
    for key in found.absent:
        after['persisted'].pop(key, None)
    for key, value in found.settings.items():
        after['persisted'][key] = records.both(value, file='/etc/sysctl.d/99-zz-nodetcp-paws.conf')
    return after


def problems(record: Json, earlier: Json | None, profile: str, *rules: str) -> list[str]:
    """What verification says once the plan is carried out; its look has a window of its own, in which nothing rises."""
    found = planned(record, earlier, profile, *rules)
    after = carried_out(record, found)
    judged = verdict.judge(after, records.sample(after), catalogue.builtin(), profile, [], records.TODAY)
    plan = {'settings': found.settings, 'absent': found.absent, 'fixes': found.fixes}
    return list(map(str, verification.problems(after, judged, plan)))


@pytest.mark.parametrize(
    ('rule', 'case'),
    [
        pytest.param(rule, case, id='%s-%s-%d' % (rule, severity, number))
        for rule, (fires, _quiet) in CASES.items()
        for severity, cases in fires.items()
        for number, case in enumerate(cases)
    ],
)
def test_what_is_planned_ends_the_finding(rule: str, case: Json) -> None:
    asked = (case['of'], case.get('earlier'), case.get('profile', 'server'))
    assert problems(*asked, rule) == []
    assert problems(*asked) == [], 'with the fixes of all other findings'


def client(port_range: str, reserved: str = '', files: Json | None = None) -> Json:
    lines = {key: records.both(value) for key, value in (files or {}).items()}
    return records.record(NEW, {RANGE: port_range, RESERVED: reserved}, persisted=lines)


@pytest.mark.parametrize(
    ('port_range', 'reserved', 'files', 'target'),
    [
        ('40000 60999', '', {}, '32768 60999'),
        ('40000 62000', '', {}, '32768 62000'),  # never narrower at either end
        ('33000 60999', '33100-33200', {}, '32768 60999'),
        ('32768 60999', '35000-36000', {}, None),  # what runs already
        ('20000 60999', '30000-50000', {}, None),  # 20999 ports would become 10999
        ('33000 60999', '35000-36000', {}, None),  # more ports, and still too few
        ('20000 40000', '', {}, '20000 60999'),
        ('20000 40000', '20000-29999,40000-40999', {}, None),  # enough only with NodePorts
        ('1024 20000', '30000-32767', {}, None),  # nobody gave the ports in between
        ('40000 60999', '', {RESERVED: '35000-36000'}, None),  # too few at the next boot
        ('15000 65535', '30000-32767', {RANGE: '40000 60999'}, '15000 65535'),  # the next boot would narrow it
    ],
)
def test_a_narrow_range_is_widened_or_left_to_a_person(
    port_range: str, reserved: str, files: dict[str, str], target: str | None
) -> None:
    found = planned(client(port_range, reserved, files), None, 'client', NARROW)
    assert found.settings == ({} if target is None else {RANGE: target})
    if target is None:
        (left,) = found.left
        assert left['rule'] == NARROW
        assert 'choose the range' in str(left['reason'])
        assert 'None' not in str(left['reason'])


RANGES = st.tuples(st.integers(1, 65535), st.integers(1, 65535)).map(lambda ends: '%d %d' % (min(ends), max(ends)))
LISTS = st.lists(RANGES.map(lambda text: text.replace(' ', '-')), max_size=3).map(','.join)


@given(running=RANGES, reserved=LISTS, file=st.none() | RANGES, file_reserved=st.none() | LISTS)
def test_of_any_range_no_port_is_taken_away_and_the_rule_is_content(
    running: str, reserved: str, file: str | None, file_reserved: str | None
) -> None:
    files = {key: value for key, value in ((RANGE, file), (RESERVED, file_reserved)) if value is not None}
    record = client(running, reserved, files)
    target = planned(record, None, 'client', NARROW).settings.get(RANGE)
    if target is not None:
        ends = [int(end) for end in target.split()]
        for before in filter(None, (running, file)):
            low, high = map(int, before.split())
            assert ends[0] <= low <= high <= ends[1]
        assert (ports.usable(target, reserved) or 0) >= 28000
    assert problems(record, None, 'client', NARROW) == []
    assert problems(record, None, 'client') == []
