# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Differences between a sample and a record: only between the same namespace of the same boot."""

from __future__ import annotations

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.window import measure
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._judge.records import container, record, sample

EL7 = '3.10.0-1160.el7.x86_64'


def test_a_rise_over_the_seconds_of_uptime():
    of = record(EL7, counts={'PAWSPassive': 30})
    earlier = sample(of, 12.5, PAWSPassive=10)
    earlier['collected_at'] += 5000  # the wall clock was set meanwhile: uptime is what counts
    found = measure(of, earlier)[0]
    assert (found.seconds, found.reason, found.deltas['TcpExt.PAWSPassive']) == (12.5, None, 10)
    assert found.deltas['Tcp.RetransSegs'] == 0


def test_without_a_sample_there_is_no_window():
    found = measure(record(EL7), None)[0]
    assert (found.seconds, found.deltas, str(found.reason)) == (None, {}, 'no earlier sample')


REFUSED = [
    ('another boot id', {'boot_id': 'boot-0'}, 'booted'),
    ('uptime went back', {'boot_id': None, 'uptime_s': 9999.0}, 'booted'),
    ('same moment', {'uptime_s': 697.14}, 'no time passed'),
    ('no clock', {'uptime_s': None, 'collected_at': None}, 'no clock'),
    ('no uptime, wall clock the same', {'uptime_s': None, 'collected_at': 1790000000.5}, 'no time passed'),
]


@pytest.mark.parametrize(('change', 'why'), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_no_difference_where_it_would_mean_nothing(change, why):
    of = record(EL7, counts={'PAWSPassive': 30})
    found = measure(of, {**sample(of, PAWSPassive=10), **change})[0]
    assert not found.deltas
    assert found.seconds is None
    assert why in str(found.reason)


def test_the_wall_clock_serves_where_uptime_is_unknown():
    of = record(EL7, counts={'PAWSPassive': 30})
    earlier = {**sample(of, 10.0, PAWSPassive=10), 'uptime_s': None, 'boot_id': None}
    assert measure(of, earlier)[0].seconds == 10.0


def test_a_counter_that_fell_means_a_restart():
    of = record(EL7, counts={'PAWSPassive': 3})
    found = measure(of, sample(of, PAWSPassive=-5))[0]
    assert not found.deltas
    assert 'TcpExt.PAWSPassive fell' in str(found.reason)


def test_a_gauge_may_fall():
    of = record(EL7, counts={'PAWSPassive': 3})
    of['namespaces'][0]['counters']['Tcp']['CurrEstab'] = 3
    earlier = sample(of, PAWSPassive=3)
    earlier['groups'][0]['counters']['Tcp']['CurrEstab'] = 9
    assert measure(of, earlier)[0].deltas['TcpExt.PAWSPassive'] == 3


def test_a_reused_inode_number_is_another_namespace():
    of = record(EL7, others=[container(EL7, counts={'PAWSPassive': 9})])
    earlier = sample(of, PAWSPassive=9)
    earlier['groups'][1]['members'] = ['net:[4026532281]@4/' + 'b' * 64]
    found = measure(of, earlier)
    assert str(found[1].reason) == 'this namespace is not in the earlier sample'
    assert found[0].seconds == 10.0


def test_a_reset_in_one_namespace_leaves_the_others():
    of = record(EL7, counts={'PAWSPassive': 9}, others=[container(EL7, counts={'PAWSPassive': 9})])
    found = measure(of, sample(of, PAWSPassive=[4, -4]))
    assert found[0].deltas['TcpExt.PAWSPassive'] == 4
    assert not found[1].deltas


def test_a_group_of_namespaces_sums_its_members():
    group = container(EL7, counts={'PAWSPassive': 9}, count=3, members=['k1', 'k2', 'k3'])
    of = record(EL7, others=[group])
    earlier = sample(of)
    low = {'counters': {'TcpExt': {'PAWSPassive': 5}, 'Tcp': {}}, 'conntrack': None}
    high = {'counters': {'TcpExt': {'PAWSPassive': 8}, 'Tcp': None}, 'conntrack': None}
    earlier['groups'] = [{'members': ['k1', 'k9'], **low}, {'members': ['k3'], **high}]
    assert measure(of, earlier)[1].deltas == {'TcpExt.PAWSPassive': 5}


def test_conntrack_counters_but_not_its_level():
    of = record(EL7)
    of['namespaces'][0]['conntrack'] = {'count': 5, 'max': 10, 'drop': 4, 'early_drop': None, 'insert_failed': 1}
    earlier = sample(of)
    earlier['groups'][0]['conntrack'] = {'count': 9, 'max': 10, 'drop': 1, 'early_drop': 0, 'insert_failed': 1}
    deltas = measure(of, earlier)[0].deltas
    assert {name: by for name, by in deltas.items() if name.startswith('conntrack')} == {
        'conntrack.drop': 3,
        'conntrack.insert_failed': 0,
    }
