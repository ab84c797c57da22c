# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a node reports of its attempts: summed up, or refused when it is something else."""

from __future__ import annotations

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._diagnose import attempts
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.attempts import Attempt, Tried
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.check import ShapeError, taken

ICMP = {'available': True, 'reason': None}


def attempt(result='ok', ms=1.0, **more):
    return {
        'port': 80,
        'at_s': 0.0,
        'result': result,
        'ms': ms,
        'syn_retransmits': 0,
        'from': '192.0.2.1:40000',
        'tsval': 5,
        'error': None,
        'icmp_ms': 0.2,
        **more,
    }


def answer(*made, **more):
    return {'address': '192.0.2.7', 'attempts': list(made), 'icmp': ICMP, 'elapsed_s': 1.0, 'cut': None, **more}


def test_how_many_ended_how_and_how_long_they_took():
    made = [attempt(ms=float(number)) for number in range(1, 101)]
    made += [attempt('timeout', 3000.0, syn_retransmits=2, icmp_ms=None), attempt('refused', 0.5)]
    made.append(attempt(ms=1000.0, syn_retransmits=1))
    found = attempts.summary(made, 80, ICMP)
    assert (found['attempts'], found['ok'], found['timeout'], found['refused'], found['reset']) == (103, 101, 1, 1, 0)
    assert found['milliseconds'] == {'min': 1.0, 'p50': 51.0, 'p90': 91.0, 'p99': 100.0, 'max': 1000.0}
    assert (found['syn_retransmits'], found['ok_after_retransmit']) == (3, 1)
    assert (found['icmp']['sent'], found['icmp']['received']) == (103, 102)


def test_nothing_came_up_has_no_percentiles():
    found = attempts.summary([attempt('error', error='EADDRNOTAVAIL')], 80, {'available': False, 'reason': 'x'})
    assert (found['milliseconds'], found['errors'], found['icmp']['sent']) == (None, ['EADDRNOTAVAIL'], 0)


def test_ports_are_summed_up_apart():
    assert attempts.summary([attempt(), attempt('refused', port=81)], 81, ICMP)['refused'] == 1


def test_a_report_is_taken_and_what_it_should_not_have_left_out():
    found = taken(answer({**attempt(), 'more': 1}, more=2), Tried, 'answer')
    assert set(found) == {'address', 'attempts', 'icmp', 'elapsed_s', 'cut'}
    assert set(found['attempts'][0]) == set(Attempt.__annotations__)


WRONG = [
    None,
    {'attempts': 5},
    answer(*[attempt()] * 2001),
    answer(None),
    answer(attempt('fine')),
    answer(attempt(ms=float('nan'))),
    answer(attempt(ms='1')),
    answer(attempt(port=True)),
    answer(attempt(error='x' * 300)),
    answer(attempt(), icmp=None),
    answer(attempt(), address=5),
]


@pytest.mark.parametrize('report', WRONG)
def test_what_is_no_report_is_refused(report):
    with pytest.raises(ShapeError):
        taken(report, Tried, 'answer')
