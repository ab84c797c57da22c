# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every rule fires where it should and stays quiet next to it; untouched kernels stay quiet altogether."""

from __future__ import annotations

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue, verdict
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import record as checked
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._judge.records import (
    TODAY,
    container,
    record,
    sample,
)
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._judge.rule_cases import CASES
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._judge.situations import EL7, EL8, NEW


def severities(case, rule):
    """The severities with which the rule fires."""
    of, earlier = case['of'], case.get('earlier')
    checked.check(of)
    if earlier:
        checked.check_sample(earlier)
    found = verdict.judge(of, earlier, catalogue.builtin(), case.get('profile', 'server'), [], TODAY)
    return {finding['severity'] for finding in found['findings'] if finding['rule'] == rule}


def test_every_rule_has_its_cases():
    assert set(CASES) == set(catalogue.builtin().rules)
    for rule, (fires, quiet) in CASES.items():
        assert fires, rule
        assert quiet, rule
        loaded = catalogue.builtin().rules[rule]
        assert set(fires) == {loaded.severity, *(word for word, _when in loaded.severity_when)}, rule


@pytest.mark.parametrize(
    ('rule', 'severity', 'case'),
    [
        pytest.param(rule, severity, case, id='%s-%s-%d' % (rule, severity, number))
        for rule, (fires, _quiet) in CASES.items()
        for severity, cases in fires.items()
        for number, case in enumerate(cases)
    ],
)
def test_fires(rule, severity, case):
    assert severities(case, rule) == {severity}


@pytest.mark.parametrize(
    ('rule', 'case'),
    [
        pytest.param(rule, case, id='%s-%d' % (rule, number))
        for rule, (_fires, cases) in CASES.items()
        for number, case in enumerate(cases)
    ],
)
def test_stays_quiet(rule, case):
    assert severities(case, rule) == set()


STOCK = ['2.6.32-642.el6.x86_64', EL7, '3.13.0', '4.4.178', '4.10.17', '4.11.12', '4.12.14', '4.14.105-19-tlinux',
         '4.15.0', EL8, '4.19.0', '5.0.1', '5.4.17-2136.uek', '5.14.0-427.el9', '5.15.0', '6.1.192', '6.12.117',
         NEW]  # fmt: skip


@pytest.mark.parametrize('release', STOCK)
@pytest.mark.parametrize('kind', ['server', 'client', 'proxy', 'k8s_node'])
def test_an_untouched_kernel_is_clean_or_has_short_accept_queues(release, kind):
    """The policy asks for somaxconn >= 1024 where the default is 128; all else of a stock kernel is as it should be."""
    of = record(release, others=[container(release)])
    found = verdict.judge(of, sample(of), catalogue.builtin(), kind, [], TODAY)
    weak = [finding for finding in found['findings'] if finding['class'] != 'clean']
    old = tuple(of['kernel']['version']) < (5, 4)
    assert [(finding['rule'], finding['severity']) for finding in weak] == [('somaxconn', 'low')] * 2 * old
    assert found['verdict'] == ('advisory' if old else 'clean')
