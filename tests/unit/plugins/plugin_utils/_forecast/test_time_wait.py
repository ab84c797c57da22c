# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rates and loads as they are told from what a node answered."""

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._forecast import time_wait
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import spoken
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._judge import records


def answer(release='3.10.0-1160.el7', outgoing=(), incoming=(), clients=(), **sysctls):
    """What a node with these TIME_WAIT sockets answers; keys of sysctls are below net.ipv4."""
    found = records.record(release, {'net.ipv4.' + key: value for key, value in sysctls.items()})
    out, came = sum(row[3] for row in outgoing), sum(row[1] for row in incoming)
    found['namespaces'][0]['time_wait'] = {
        'source': 'netlink',
        'sockets': out + came,
        'listening': [80],
        'outgoing': {
            'sockets': out,
            'destinations': len(outgoing),
            'exact': True,
            'top': [list(row) for row in outgoing],
        },
        'incoming': {
            'sockets': came,
            'ports': len(incoming),
            'top': [list(row) for row in incoming],
            'clients': [list(row) for row in clients],
        },
    }
    return {'record': found, 'slab': None, 'idle': 0}


def shaped(*arguments, **keywords):
    return spoken(time_wait.shaped(answer(*arguments, **keywords), None, 'client'))


DATABASE = ('10.0.0.1', '10.0.0.5', 3306, 6000)


def test_without_recycling_the_population_is_the_rate_of_the_last_minute():
    rate = shaped(outgoing=[DATABASE])['namespaces'][0]['rate']
    assert (rate['per_s'], rate['from']) == (100.0, 'population')


def test_recycling_cuts_the_population_short_so_it_is_only_the_least_that_was():
    rate = shaped(outgoing=[DATABASE], tcp_tw_recycle=1)['namespaces'][0]['rate']
    assert rate['per_s'] is None
    assert rate['highest_per_s'] == 100.0


SOCKETS_OF_1000_A_SECOND = 720  # recycling keeps each for 3.5 x RTO, here 0.72 s


def test_the_least_that_was_is_never_called_safe():
    found = shaped(outgoing=[(*DATABASE[:3], SOCKETS_OF_1000_A_SECOND)], tcp_tw_recycle=1)['forecast']
    assert (found['verdict'], found['loads']['present']) == ('unknown', None)
    assert found['summary'] == (
        'once tcp_tw_recycle is off, at least 720 TIME_WAIT sockets at 12 closes/s; '
        'how many more is not known: no earlier sample'
    )
    much = shaped(outgoing=[(*DATABASE[:3], 25000)], tcp_tw_recycle=1)['forecast']
    assert much['verdict'] == 'exhausted'


def test_a_window_without_counters_is_none():
    looked = answer(outgoing=[(*DATABASE[:3], SOCKETS_OF_1000_A_SECOND)], tcp_tw_recycle=1)
    looked['record']['namespaces'][0]['counters']['TcpExt'] = None
    found = spoken(time_wait.shaped(looked, records.sample(looked['record']), 'client'))['forecast']
    assert found['verdict'] == 'unknown'
    assert found['summary'].endswith('not known: the counter TW could not be read')


def test_a_window_tells_the_load_that_recycling_hides():
    looked = answer(outgoing=[(*DATABASE[:3], SOCKETS_OF_1000_A_SECOND)], tcp_tw_recycle=1)
    found = over_ten_seconds(looked, TW=0, TWKilled=10000)['forecast']
    assert (found['verdict'], found['loads']['present']['per_s']) == ('exhausted', 1000.0)


def over_ten_seconds(looked, **fell):
    """The answer, shaped, after a window in which counters rose by so much."""
    counters = looked['record']['namespaces'][0]['counters']['TcpExt']
    counters.update({name: 5 * rise for name, rise in fell.items()})
    return time_wait.shaped(looked, records.sample(looked['record'], **fell), 'client')


@pytest.mark.parametrize(
    ('release', 'entered'), [('5.10.0', 0), ('5.17.9', 0), ('5.18.0', 250000), ('6.18.44', 250000)]
)
def test_what_reuse_took_over_is_load_too(release, entered):
    looked = answer(release, outgoing=[(*DATABASE[:3], 20000)], tcp_tw_reuse=1)
    found = over_ten_seconds(looked, TW=entered, TWRecycled=250000)
    rate = found['namespaces'][0]['rate']
    assert (rate['per_s'], rate['outgoing_per_s'], rate['reused_per_s']) == (25000.0, 25000.0, 25000.0)
    assert found['forecast']['verdict'] == 'exhausted'  # 28232 ports, each free again after a second
    assert found['forecast']['loads']['present']['destinations'][0]['share'] == 0.8855


def test_what_reuse_took_over_was_made_here_and_counts_since_boot():
    looked = answer('5.10.0', outgoing=[(*DATABASE[:3], 6000)], incoming=[(80, 6000)], tcp_tw_reuse=1)
    found = over_ten_seconds(looked, TW=1000, TWKilled=1000, TWRecycled=8000)
    rate = found['namespaces'][0]['rate']
    assert (rate['per_s'], rate['outgoing_per_s'], rate['incoming_per_s']) == (1000.0, 900.0, 100.0)
    assert found['forecast']['loads']['present']['destinations'][0]['per_s'] == 900.0
    looked['record']['source']['uptime_s'] = 25  # 50000 in all
    assert time_wait.shaped(looked, None, 'client')['namespaces'][0]['rate']['highest_per_s'] == 2000.0


@pytest.mark.parametrize('timestamps', [0, 1])
@pytest.mark.parametrize('reuse', [0, 1, 2])
@pytest.mark.parametrize('release', ['3.10.0-1160.el7', '4.18.0-240.el8', '5.10.0'])
def test_reuse_gives_what_its_remedy_says(release, reuse, timestamps):
    busy = [(*DATABASE[:3], 28000)]
    settings = {'tcp_tw_reuse': reuse, 'tcp_timestamps': timestamps}
    looked = answer(release, outgoing=busy, **settings)
    looked['record']['namespaces'][0]['counters']['TcpExt']['TW'] = 5000
    earlier = records.sample(looked['record'], TW=5000)
    proposed = time_wait.shaped(looked, earlier, 'client')['forecast']['remedies']
    remedy = next((entry for entry in proposed if entry['id'] == 'tcp-tw-reuse'), None)
    if remedy is None:
        assert (reuse, timestamps) == (1, 1) or (release, reuse, timestamps) == ('3.10.0-1160.el7', 2, 1)
        return
    settings.update({key.removeprefix('net.ipv4.'): value for key, value in remedy['settings'].items()})
    capacity = shaped(release, outgoing=busy, **settings)['forecast']['capacity']
    assert (capacity['reuse'], capacity['sustainable_per_s']) == ('on', remedy['sustainable_per_s'])


@pytest.mark.parametrize(
    ('timeout', 'hold_s', 'named'),
    [(15, 15, True), (1, 1, True), (60, 60, False), (0, 60, False), (600, 600, True), (601, 60, False)],
)
def test_a_vendor_s_timeout_counts_where_it_is_one(timeout, hold_s, named):
    capacity = shaped(outgoing=[DATABASE], tcp_tw_timeout=timeout)['forecast']['capacity']
    assert (capacity['time_wait_s'], capacity['vendor_timeout']) == (hold_s, named)


def test_the_highest_of_earlier_looks_is_not_forgotten():
    looked = answer(outgoing=[DATABASE])
    key = looked['record']['namespaces'][0]['key']
    found = time_wait.shaped(looked, {'groups': [], 'peaks': {key: 900.0}}, 'client')
    assert found['forecast']['verdict'] == 'exhausted'
    assert found['peaks'] == {key: 900.0}


@pytest.mark.parametrize('peaks', [None, [], 'x', {'k': '1'}, {'k': -1}, {'k': True}, {1: None}])
def test_peaks_that_are_none_are_left_out(peaks):
    found = time_wait.shaped(answer(outgoing=[DATABASE]), {'groups': [], 'peaks': peaks}, 'client')
    assert found['forecast']['verdict'] == 'safe'


def test_sockets_that_could_not_be_listed_give_no_forecast():
    looked = answer()
    looked['record']['namespaces'][0]['time_wait'] = None
    looked['record']['namespaces'][0]['counters']['TcpExt'] = None
    found = time_wait.shaped(looked, None, 'client')
    assert (found['forecast']['verdict'], found['totals']['not_counted']) == ('unknown', 1)


def test_an_estimate_of_memory_says_so():
    totals = shaped(outgoing=[DATABASE])['totals']
    assert totals['memory_bytes'] == 6000 * 256
    assert totals['memory_from'].startswith('estimate')


@pytest.mark.parametrize(('of_one', 'named'), [(60, True), (40, False)])
def test_one_address_before_most_connections_is_taken_for_a_balancer(of_one, named):
    clients = [('10.0.0.9', of_one), ('10.0.0.10', 100 - of_one)]
    clients.sort(key=lambda row: -row[1])
    found = shaped(incoming=[(80, 100)], clients=clients if named else [('10.0.0.9', 40)], tcp_tw_recycle=1)
    assert ('no-snat-at-the-balancer' in [entry['id'] for entry in found['forecast']['remedies']]) is named
