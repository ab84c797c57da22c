# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who dropped the SYNs: kernels that count alike, kernels that do not, published incidents."""

from __future__ import annotations

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import info
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import record as checks
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.attribution import CAUSES
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._judge.records import container, record, sample
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._judge.situations import colliding

EL6, EL7, V4_4 = '2.6.32-642.el6.x86_64', '3.10.0-1160.el7.x86_64', '4.4.178'
V4_11, V4_12, V6_12, V6_18 = '4.11.8', '4.12.14', '6.12.41', '6.18.44'


def told(release, seconds=10.0, **rises):
    """The one namespace of a node of that kernel whose TcpExt counters rose by these; None: it has no such counter."""
    of = record(release, counts={name: value if value is None else value + 1000 for name, value in rises.items()})
    return info.measured(of, sample(of, seconds, **rises))[0]


def shared(release, **rises):
    found = told(release, **rises)['listen_drops']
    return {name: found[name] for name in ('total', *CAUSES, 'paws_outside')}


# rises -> total, per_host_paws, accept_queue, syn_queue, other, paws_outside
TABLE = [
    ('nothing', EL7, {}, (0, 0, 0, 0, 0, None)),
    ('all of it is PAWS', EL7, {'PAWSPassive': 12, 'ListenDrops': 12}, (12, 12, 0, 0, 0, None)),
    ('incident A, EL7', EL7, {'PAWSPassive': 826164, 'ListenDrops': 826963}, (826963, 826164, 0, 0, 799, None)),
    ('measured on 4.4.178', V4_4, {'PAWSPassive': 15, 'ListenDrops': 15}, (15, 15, 0, 0, 0, None)),
    (
        'four causes',
        EL7,
        {'PAWSPassive': 5, 'ListenOverflows': 20, 'TCPReqQFullDrop': 3, 'ListenDrops': 30},
        (30, 5, 20, 3, 2, None),
    ),
    (
        'incident D, EL6: not in ListenDrops',
        EL6,
        {'PAWSPassive': 1123035, 'ListenOverflows': 438798, 'ListenDrops': 438798},
        (438798, None, 438798, None, 0, 1123035),
    ),
    ('EL6 without any drop counted', EL6, {'PAWSPassive': 9}, (0, None, 0, None, 0, 9)),
    ('cookies are no drops', V6_12, {'TCPReqQFullDoCookies': 50}, (0, None, 0, 0, 0, None)),
    ('4.12: no such drop', V4_12, {'ListenDrops': 7, 'ListenOverflows': 7}, (7, None, 7, 0, 0, None)),
    ('other', V6_18, {'ListenDrops': 7}, (7, None, 0, 0, 7, None)),
    ('parts read later than the whole', EL7, {'PAWSPassive': 12, 'ListenDrops': 10}, (10, 12, 0, 0, 0, None)),
]


@pytest.mark.parametrize(('release', 'rises', 'wanted'), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_shares_of_listen_drops(release, rises, wanted):
    assert tuple(shared(release, **rises).values()) == wanted


def test_shares_add_up_to_the_whole():
    found = told(EL7, PAWSPassive=826164, ListenDrops=826963, ListenOverflows=99)['listen_drops']
    assert found['shares']['per_host_paws'] == 0.999
    assert sum(found['shares'].values()) == pytest.approx(1, abs=0.001)


def test_an_unknown_kernel_with_paws_drops_is_not_guessed():
    of = record(None, counts={'PAWSPassive': 30, 'ListenDrops': 30})
    found = info.measured(of, sample(of, PAWSPassive=3, ListenDrops=3))[0]['listen_drops']
    assert (found['total'], found['per_host_paws'], found['other']) == (3, None, None)
    assert 'release is not known' in str(found['reason'])


def test_a_reboot_in_between_is_told_and_nothing_is_shared_out():
    of = record(EL7, counts={'PAWSPassive': 30, 'ListenDrops': 30})
    found = info.measured(of, {**sample(of, PAWSPassive=3, ListenDrops=3), 'boot_id': 'another'})[0]
    assert (found['seconds'], found['deltas'], found['rates'], found['says']) == (None, {}, {}, [])
    assert 'booted' in str(found['reason'])
    assert found['listen_drops']['total'] is None
    assert 'booted' in str(found['listen_drops']['reason'])
    assert found['evidence'] == 'past'


def test_without_an_earlier_look_the_traces_are_still_told():
    found = info.measured(record(EL7, counts={'TWKilled': 110}), None)[0]
    assert found['recycling'] == {'ran': True, 'killed': 110, 'killed_delta': None}
    assert str(found['reason']) == 'no earlier sample'


def test_rates_are_per_second():
    found = told(EL7, seconds=4.0, PAWSPassive=10, ListenDrops=10)
    assert (found['seconds'], found['rates']['TcpExt.PAWSPassive']) == (4.0, 2.5)
    assert found['rates']['TcpExt.ListenOverflows'] == 0.0


@pytest.mark.parametrize(
    ('release', 'counts', 'ran'),
    [(V4_11, {'TWKilled': 1}, True), (EL7, {'TWKilled': 0}, False), (V4_12, {'TWKilled': 9}, False), (None, {}, None)],
)
def test_recycling_leaves_a_trace_up_to_4_11(release, counts, ran):
    assert info.measured(record(release, counts=counts), None)[0]['recycling']['ran'] is ran


SKIPPED = ['PAWSEstab', 'TCPACKSkippedTimeWait']
COLLISIONS = [
    (V6_18, {'PAWSTimewait': 10, 'PAWSEstab': 99}, (10, ['PAWSTimewait'], 'exact')),
    (V6_18, {'PAWSEstab': 99, 'TCPACKSkippedTimeWait': 5}, (0, ['PAWSTimewait'], 'exact')),
    (V6_12, {'PAWSEstab': 8, 'TCPACKSkippedTimeWait': 5}, (8, SKIPPED, 'likely')),
    (V6_12, {'PAWSEstab': 8}, (8, ['PAWSEstab'], 'possible')),
    (V6_12, {'TCPACKSkippedTimeWait': 8}, (0, SKIPPED, 'likely')),
    (V4_11, {'PAWSEstab': 8, 'TCPACKSkippedTimeWait': 5}, (8, SKIPPED, 'likely')),
    (EL7, {'PAWSEstab': 8, 'TCPACKSkippedTimeWait': 5}, (8, SKIPPED, 'likely')),
    (EL6, {'PAWSEstab': 8, 'TCPACKSkippedTimeWait': None}, (8, ['PAWSEstab'], 'possible')),
]


@pytest.mark.parametrize(('release', 'rises', 'wanted'), COLLISIONS)
def test_collisions_with_time_wait(release, rises, wanted):
    found = told(release, **rises)['collisions']
    assert (found['count'], found['counters'], found['certainty']) == wanted
    assert found['exact'] is (wanted[2] == 'exact')
    assert found['share'] is None


def test_the_share_of_syns_that_met_time_wait_is_taken_of_those_made_and_those_turned_away():
    case = colliding(V6_18, 30, 70)
    [entry] = info.measured(case['of'], case['earlier'])
    assert entry['collisions']['share'] == 0.3
    still = colliding(V6_18, 0, 0)
    assert info.measured(still['of'], still['earlier'])[0]['collisions']['share'] is None


SAID = [
    (EL7, {'PAWSPassive': 12, 'ListenDrops': 12}, ['per-host PAWS dropped 12']),
    (EL6, {'PAWSPassive': 12}, ['per-host PAWS dropped 12']),
    (V6_18, {'ListenOverflows': 3, 'ListenDrops': 3}, ['accept queue was full 3 times']),
    (V6_18, {'TCPReqQFullDrop': 3, 'ListenDrops': 3}, ['SYN queue was full 3 times']),
    (V6_18, {'ListenDrops': 3}, ['3 SYNs were dropped for another reason']),
    (V6_18, {'PAWSTimewait': 3}, ['3 segments met TIME_WAIT']),
    (V6_12, {'PAWSEstab': 3, 'TCPACKSkippedTimeWait': 1}, ['up to 3 segments met TIME_WAIT']),
    (EL7, {'PAWSEstab': 3, 'TCPACKSkippedTimeWait': 1}, ['up to 3 segments met TIME_WAIT']),
    (V6_18, {'PAWSEstab': 3}, []),
    (V6_12, {'PAWSEstab': 3}, []),
]


@pytest.mark.parametrize(('release', 'rises', 'wanted'), SAID)
def test_what_it_says(release, rises, wanted):
    found = [str(said) for said in told(release, **rises)['says']]
    assert len(found) == len(wanted)
    for sentence, part in zip(found, wanted, strict=True):
        assert part in sentence


def test_each_namespace_is_measured_by_itself():
    of = record(EL7, others=[container(EL7, counts={'PAWSPassive': 51, 'ListenDrops': 51})])
    host, behind = info.measured(of, sample(of, PAWSPassive=[0, 42], ListenDrops=[0, 42]))
    assert (host['listen_drops']['total'], behind['listen_drops']['per_host_paws']) == (0, 42)
    assert (host['evidence'], behind['evidence']) == ('none', 'active')
    assert behind['container']['runtime'] == 'docker'


def test_armed_peers_are_part_of_a_record():
    peer = {'address': '198.51.100.1', 'tsval': 1252268077, 'age_s': 4, 'remaining_s': 56}
    of = record(V4_4)
    of['namespaces'][0].update(peers=[peer], peers_total=70)
    checks.check(of)
    found = info.measured(of, None)[0]
    assert (found['peers'], found['peers_total']) == ([peer], 70)


@pytest.mark.parametrize(
    'wrong',
    [
        {'peers': [{'address': 5, 'remaining_s': 1}]},
        {'peers': [{'address': 'x', 'remaining_s': -1}]},
        {'peers': [{'address': 'x', 'remaining_s': 1}] * 65},
        {'peers_total': 'many'},
    ],
)
def test_peers_that_are_none_are_refused(wrong):
    of = record(V4_4)
    of['namespaces'][0].update(wrong)
    with pytest.raises(checks.RecordError, match='peers'):
        checks.check(of)
