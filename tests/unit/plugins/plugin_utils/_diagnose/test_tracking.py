# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SYNs that a SNAT without a free port drops, or a full table, told apart from those that are lost on the way."""

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._diagnose import translator

from .cases import attempts, concluded, counters, goal, seen

HUNG = attempts('timeout', retransmits=3)
NEUTRAL = attempts(first=10)
ROSE = {'router': {'insert_failed': 20, 'drop': 20}, 'db1': {'insert_failed': 0, 'drop': 0}}


def diagnosed(tracking, made=HUNG, connections=None, **more):
    arrived = seen(NEUTRAL) if connections is None else connections
    return concluded(goal(), made, arrived, counters(), NEUTRAL, tracking=tracking, **more)


@pytest.mark.parametrize(
    ('tracking', 'cause', 'confidence', 'words'),
    [
        (ROSE, 'tracking_drops', 'high', 'SNAT had no free port'),
        ({'router': {'insert_failed': 20, 'drop': 29}}, 'tracking_drops', 'high', 'SNAT had no free port'),
        ({'db1': {'insert_failed': 0, 'drop': 20}}, 'tracking_drops', 'high', 'the table had no room'),
        ({'router': {'insert_failed': 7, 'drop': 7}}, 'lost_before', 'high', 'also found: connection tracking'),
        ({'router': {'insert_failed': 1, 'drop': 1}}, 'lost_before', 'high', 'seen at the destination'),
        ({'router': {'insert_failed': 0, 'drop': 0}}, 'lost_before', 'high', 'seen at the destination'),
        ({}, 'lost_before', 'high', 'seen at the destination'),
    ],
)
def test_who_dropped_what_never_came(tracking, cause, confidence, words):
    found = diagnosed(tracking)
    assert (found['conclusion']['cause'], found['conclusion']['confidence']) == (cause, confidence)
    assert words in ' '.join(found['conclusion']['why'])


def test_the_host_and_its_counters_are_named():
    why = diagnosed(ROSE)['conclusion']['why']
    assert why[0] == (
        'drop, insert_failed of connection tracking on router rose by 20, and 20 SYNs never came to the destination'
    )
    (advice,) = diagnosed(ROSE)['next']
    assert 'net.netfilter.nf_conntrack_max' in advice['text']


def test_counters_that_stood_still_rule_it_out():
    states = {cause['id']: cause for cause in diagnosed({'router': {'insert_failed': 0}, 'db1': {'drop': 0}})['causes']}
    assert states['tracking_drops']['state'] == 'ruled out'
    assert states['tracking_drops']['why'] == ['connection tracking dropped nothing meanwhile on db1, router']


@pytest.mark.parametrize(
    ('made', 'connections', 'state'),
    [
        (attempts(), seen(attempts()), 'ruled out'),
        (HUNG, seen(HUNG, answered=False), 'ruled out'),
        (HUNG, False, 'open'),
    ],
    ids=['all came up', 'all arrived', 'nobody watched'],
)
def test_what_others_lost_is_not_told_of_these(made, connections, state):
    found = concluded(goal(), made, connections or None, counters(), tracking=ROSE)
    assert next(cause['state'] for cause in found['causes'] if cause['id'] == 'tracking_drops') == state


def test_the_rise_is_that_of_hosts_that_were_looked_at_twice():
    before = {'a': {'tracking': {'drop': 5}}, 'b': {'tracking': None}, 'c': {}, 'd': {'tracking': {'drop': 9}}}
    after = {'a': {'tracking': {'drop': 8, 'insert_failed': 2}}, 'b': {'tracking': {'drop': 1}}, 'c': {}, 'e': {},
             'd': {'tracking': {'drop': 1}}}  # fmt: skip
    assert translator.tracking(before, after) == {'a': {'drop': 3, 'insert_failed': 0}, 'd': {'drop': 0}}
