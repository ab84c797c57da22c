# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers that people plan with: rates over a window, averages since boot, shares, memory, and what they add up to."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._forecast import capacity, forecast, time_wait
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue, summary
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import record as checked
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes import bounds
from tests.unit.plugins.plugin_utils._forecast import test_forecast, test_time_wait
from tests.unit.plugins.plugin_utils._judge import records

DATABASE = ('10.0.0.1', '10.0.0.5', 3306, 6000)
EL7 = '3.10.0-1160.el7'


def looked(uptime: float | None = 100000.0, slab: dict[str, int] | None = None, **counts: int) -> dict[str, Any]:
    """6000 sockets to a database and 2000 of clients, with these counters."""
    found = test_time_wait.answer(outgoing=[DATABASE], incoming=[(80, 1500), (81, 500)], clients=[('10.0.0.9', 2000)])
    found['record']['namespaces'][0]['counters']['TcpExt'].update(counts)
    found['record']['source']['uptime_s'] = uptime
    return {**found, 'slab': slab}


def rate(answer: dict[str, Any], earlier: dict[str, Any] | None = None) -> dict[str, Any]:
    found: dict[str, Any] = time_wait.shaped(answer, earlier, 'client')['namespaces'][0]['rate']
    return found


def test_over_a_window_counters_tell_the_rate_and_the_sockets_how_it_splits() -> None:
    answer = looked(TW=50000, TWKilled=4000, TWRecycled=700)
    earlier = records.sample(answer['record'], 20.0, TW=4000, TWKilled=400, TWRecycled=50)
    found = rate(answer, earlier)
    assert (found['per_s'], found['from'], found['seconds']) == (222.5, 'counters', 20.0)  # 2.5 of them left by reuse
    assert (found['outgoing_per_s'], found['incoming_per_s']) == (167.5, 55.0)
    assert found['reused_per_s'] == 2.5
    assert found['highest_per_s'] == 222.5


def test_a_window_in_which_nothing_was_killed_or_reused() -> None:
    answer = looked(TW=50000)
    found = rate(answer, records.sample(answer['record'], 20.0, TW=4000))
    assert (found['per_s'], found['reused_per_s']) == (200.0, 0.0)


@pytest.mark.parametrize(
    ('uptime', 'counts', 'highest'),
    [
        (100.0, {'TW': 90000, 'TWKilled': 10000}, 1000.0),
        (100.0, {'TW': 90000}, 900.0),
        (1.0, {'TW': 9000}, 9000.0),
        (0.5, {'TW': 9000}, 133.33),
        (None, {'TW': 9000}, 133.33),
        (100000.0, {'TW': 9000}, 133.33),
    ],
)
def test_the_highest_load_may_be_the_average_since_boot(
    uptime: float | None, counts: dict[str, int], highest: float
) -> None:
    assert rate(looked(uptime, **counts))['highest_per_s'] == highest


def test_shares_of_ports_and_buckets_and_what_listens() -> None:
    found = time_wait.shaped(looked(TCPTimeWaitOverflow=7), None, 'client')
    entry = found['namespaces'][0]
    assert entry['outgoing']['top'][0]['share'] == round(6000 / 28232, 4)
    assert entry['buckets'] == {
        'max': 65536,
        'share': round(8000 / 65536, 4),
        'overflowed': 7,
        'overflowed_delta': None,
    }
    assert [(row['port'], row['listens']) for row in entry['incoming']['top']] == [(80, True), (81, False)]
    assert {
        name: found['totals'][name] for name in ('sockets', 'outgoing', 'incoming', 'namespaces', 'overflowed')
    } == {
        'sockets': 8000,
        'outgoing': 6000,
        'incoming': 2000,
        'namespaces': 1,
        'overflowed': 7,
    }


def test_memory_as_the_kernel_counts_it() -> None:
    slab = {'bytes': 2304000, 'object_bytes': 248}
    totals = time_wait.shaped(looked(slab=slab), None, 'client')['totals']
    assert (totals['memory_bytes'], totals['memory_from']) == (2304000, 'slab')


@pytest.mark.parametrize(
    ('clients', 'named'),
    [
        ([('10.0.0.9', 1000), ('10.0.0.8', 1000)], True),
        ([('10.0.0.9', 999), ('10.0.0.8', 998)], False),
        ([('127.0.0.2', 2000)], False),
        ([('::1', 2000)], False),
        ([], False),
    ],
)
def test_a_balancer_has_half_of_the_connections_and_is_another_machine(
    clients: list[tuple[str, int]], named: bool
) -> None:
    answer = test_time_wait.answer(incoming=[(80, 2000)], clients=clients, tcp_tw_recycle=1)
    found = [remedy['id'] for remedy in time_wait.shaped(answer, None, 'server')['forecast']['remedies']]
    assert ('no-snat-at-the-balancer' in found) is named


@pytest.mark.parametrize(
    'slab', [[], {'bytes': 1}, {'bytes': -1, 'object_bytes': 1}, {'bytes': 2**63, 'object_bytes': 1}]
)
def test_slabs_that_no_kernel_has(slab: Any) -> None:
    assert not time_wait.check_slab(slab)


# -- what keeps ports


@pytest.mark.parametrize(
    ('release', 'values', 'reuse', 'seconds'),
    [
        (EL7, {'tcp_tw_reuse': 1}, 'on', 2.0),
        (EL7, {'tcp_tw_reuse': 2}, 'on', 2.0),
        (EL7, {'tcp_tw_reuse': 0}, 'off', 2.0),
        (EL7, {'tcp_tw_reuse': 1, 'tcp_timestamps': 0}, 'inert', 2.0),
        ('4.18.0-553.el8.x86_64', {'tcp_tw_reuse': 2}, 'loopback', 2.0),
        ('4.19.5', {'tcp_tw_reuse': 2}, 'loopback', 1.0),
        ('4.19.5', {'tcp_tw_reuse': 2, 'tcp_timestamps': 0}, 'inert', 1.0),
        ('6.18.44', {'tcp_tw_reuse': 1, 'tcp_tw_reuse_delay': 250}, 'on', 0.25),
        ('6.18.44', {'tcp_tw_reuse': 1, 'tcp_tw_reuse_delay': 0}, 'on', 0.001),
    ],
)
def test_what_reuse_means_on_which_kernel(release: str, values: dict[str, int], reuse: str, seconds: float) -> None:
    found = time_wait.shaped(test_time_wait.answer(release, outgoing=[DATABASE], **values), None, 'client')
    told = found['forecast']['capacity']
    assert told['reuse'] == reuse
    assert told['held_s'] == (seconds if reuse == 'on' else 60)
    here = time_wait.shaped(
        test_time_wait.answer(release, outgoing=[('127.0.0.1', '127.0.0.1', 80, 6000)], **values), None, 'client'
    )
    row = here['forecast']['loads']['highest']['destinations'][0]
    assert row['sustainable_per_s'] == round(28232 / (seconds if reuse in ('on', 'loopback') else 60), 2)


def test_buckets_grow_by_powers_of_two_to_a_limit_and_a_full_table_of_connections_is_tight() -> None:
    for per_s, buckets, raised in (
        (100, 8192, 16384),
        (300, 8192, 65536),
        (10, 8192, None),
        (1e9, 2**22, 2**23),
        (1e9, 2**30, None),
    ):
        found = forecast.forecast(
            capacity.Capacity(**{**vars(test_forecast.STOCK), 'buckets': buckets}),
            forecast.Load(per_s, per_s, 0.0),
            'server',
        )
        assert found['settings'].get('net.ipv4.tcp_max_tw_buckets') == raised, per_s
    for count, verdict in ((7999, 'safe'), (8000, 'tight')):
        table = {'count': count, 'max': 10000}
        found = test_forecast.asked(10, forwards=True, conntrack=table)
        assert (found['verdict'], found['nat']['conntrack_share']) == (verdict, count / 10000)
    assert test_forecast.asked(10, forwards=True, conntrack={'count': 5})['nat']['conntrack_sustainable_per_s'] is None


def test_what_never_helps_depends_on_the_kernel() -> None:
    def told(**changed: Any) -> str:
        return ' '.join(entry['what'] for entry in test_forecast.asked(900, **changed)['never'])

    assert 'tcp_tw_reuse=2' in told(two_is_loopback=False)
    assert 'tcp_tw_reuse=2' not in told(two_is_loopback=True)
    assert 'tcp_tw_timeout' in told(hold_s=15, vendor_timeout=True, recycle=True)
    assert 'tcp_tw_timeout' not in told(recycle=True)
    assert test_forecast.asked(10)['never'] == []
    assert test_forecast.asked(10, recycle=True)['never'] != []


def test_without_a_range_nothing_is_widened() -> None:
    found = test_forecast.asked(900, usable=None, port_range=None)
    assert [remedy['id'] for remedy in found['remedies'] if remedy['id'] == 'wider-port-range'] == []
    assert 'port range is not known' in found['summary']


def test_the_summary_names_what_runs_out() -> None:
    assert 'no local port runs out' in test_forecast.asked(10)['summary']
    few = capacity.Capacity(**{**vars(test_forecast.STOCK), 'buckets': 65536})
    said = str(forecast.forecast(few, forecast.Load(1000, 1000, 0.0))['summary'])
    assert said == '60000 TIME_WAIT sockets at 1000 closes/s: 91 % of tcp_max_tw_buckets'
    words = test_forecast.asked(900, recycle=True)['summary']
    assert words.startswith(
        'once tcp_tw_recycle is off, 10.0.0.1 to 10.0.0.5 port 3306 needs 54000 of 28232 local ports'
    )
    assert words.endswith('EADDRNOTAVAIL after 31.4 s; 470.53 connects/s are sustainable')


@pytest.mark.parametrize(
    ('changed', 'words'),
    [
        ({}, 'container 3f2a9c0b1d2e (docker)'),
        ({'count': 3}, 'container 3f2a9c0b1d2e (docker) (and 2 alike)'),
        ({'kind': 'host', 'container': None}, 'this host'),
        ({'kind': 'named', 'container': None, 'name': 'blue', 'count': 2}, 'namespace blue (and 1 alike)'),
        ({'kind': 'process', 'container': None, 'count': 1}, 'namespace net:[4026532281]'),
    ],
)
def test_what_a_person_calls_a_namespace(changed: dict[str, Any], words: str) -> None:
    namespace = {**records.container(EL7, name='3f2a9c0b1d2e' + '0' * 52), **changed}
    assert str(summary.where(namespace)) == words


@pytest.mark.parametrize(
    ('more', 'words'),
    [
        ({}, 'pod shop/web-5d9f-x2k4z (app, proxy)'),
        ({'owner': 'Deployment/web'}, 'pod shop/web-5d9f-x2k4z of Deployment/web (app, proxy)'),
        ({'owner': 'Node/n', 'containers': []}, 'pod shop/web-5d9f-x2k4z of Node/n'),
    ],
)
def test_a_pod_is_called_as_kubernetes_calls_it(more: dict[str, Any], words: str) -> None:
    namespace = records.container(EL7)
    pod = {'namespace': 'shop', 'name': 'web-5d9f-x2k4z', 'containers': ['app', 'proxy'], **more}
    namespace['container'] = {**namespace['container'], 'pod': pod}
    assert str(summary.where(namespace)) == words


def test_sockets_towards_many_destinations_are_those_that_end_in_a_minute() -> None:
    for per_s, sockets in ((100, 6000), (470, 28200), (471, 28232), (900, 28232)):
        assert test_forecast.asked(per_s)['loads']['present']['sockets'] == sockets


# -- rules and records that are refused


def test_a_built_in_rule_can_only_be_changed_in_two_ways() -> None:
    with pytest.raises(catalogue.CatalogueError) as caught:
        catalogue.builtin().extended([{'id': 'rfc1337', 'title': 'X', 'severity': 'low'}], 'audit_rules')
    assert str(caught.value).endswith('only severity and enabled can be changed, not title')
    twice = {'id': 'x', 'title': 'X', 'severity': 'low', 'class': 'advisory', 'why': 'Y.', 'when': '`true`'}
    with pytest.raises(catalogue.CatalogueError) as caught:
        catalogue.builtin().extended([twice, twice], 'audit_rules')
    assert str(caught.value).endswith('this id is there already')


@pytest.mark.parametrize(
    ('field', 'value', 'words'),
    [
        ('fix', 3, 'fix: must be a text or a mapping'),
        ('fix', {'text': 'x', 'sysctl': 'net.ipv4.tcp_sack', 'value': 1, 'report_only': False}, 'fix.report_only'),
        ('severity_when', {'severity': 'low'}, 'must be a list'),
        ('severity_when', ['low'], 'severity_when[0]'),
        ('evidence', [1], 'evidence: must be a mapping'),
        ('fix', {'text': 'x', 'one': 1, 'two': 2}, "field of fix 'one'; known are"),
    ],
)
def test_rules_that_are_none(field: str, value: Any, words: str) -> None:
    good = {'id': 'x', 'title': 'X', 'severity': 'low', 'class': 'advisory', 'why': 'Y.', 'when': '`true`'}
    with pytest.raises(catalogue.CatalogueError) as caught:
        catalogue.builtin().extended([{**good, field: value}], 'audit_rules')
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ('path', 'value', 'words'),
    [
        (('time_wait', 'outgoing', 'top'), [['1' * 500, '10.0.0.5', 3306, 7]], 'text of 500 characters, at most 64'),
        (('time_wait', 'outgoing', 'top'), [['10.0.0.1', '10.0.0.5', 3306]], 'must be a list of 4'),
        (('time_wait', 'outgoing', 'top'), [['10.0.0.1', '10.0.0.5', 3306, '7']], 'top[0][3]'),
    ],
)
def test_records_that_are_refused(path: tuple[str, ...], value: Any, words: str) -> None:
    of = looked()['record']
    *parents, last = path
    place = of['namespaces'][0]
    for parent in parents:
        place = place[parent]
    place[last] = value
    with pytest.raises(checked.RecordError) as caught:
        checked.check(of)
    assert words in str(caught.value)


def test_a_record_is_as_deep_as_allowed_and_no_deeper() -> None:
    of = looked()['record']
    nested: Any = []
    for _level in range(bounds.DEPTH_MAX - 2):
        nested = [nested]
    of['more'] = nested
    checked.check(of)
    of['more'] = [nested]
    with pytest.raises(checked.RecordError, match='nested deeper'):
        checked.check(of)
