# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan makes of a node's TIME_WAIT, and what it should set besides."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._forecast import planned
from tests.unit.plugins.plugin_utils._forecast import test_time_wait
from tests.unit.plugins.plugin_utils._judge import records

RECYCLE, TIMESTAMPS = 'net.ipv4.tcp_tw_recycle', 'net.ipv4.tcp_timestamps'
REUSE, RANGE, RESERVED = 'net.ipv4.tcp_tw_reuse', 'net.ipv4.ip_local_port_range', 'net.ipv4.ip_local_reserved_ports'
OFF = {RECYCLE: '0'}
DATABASE = ('10.0.0.1', '10.0.0.5', 3306, 180)
FULL = '1024-19999,20200-65535'


def node(sockets: int = 180, **sysctls: object) -> dict[str, Any]:
    """A node that recycles, with 200 local ports and no way to more, and so many sockets a minute to one database."""
    settings = {'ip_local_port_range': '20000 20199', 'ip_local_reserved_ports': FULL, 'tcp_tw_recycle': 1, **sysctls}
    looked = test_time_wait.answer(outgoing=[(*DATABASE[:3], sockets)], **settings)
    looked['record']['namespaces'][0]['counters']['TcpExt']['TW'] = sockets
    return looked


def a_minute_ago(looked: dict[str, Any]) -> dict[str, Any]:
    """The sample of a node that has closed since what it has in TIME_WAIT."""
    record = looked['record']
    return records.sample(record, 60.0, TW=[entry['time_wait']['sockets'] for entry in record['namespaces']])


def ahead(looked: dict[str, Any], profile: str = 'client', settings: dict[str, str] | None = None, **more: Any) -> Any:
    return planned.ahead(
        looked,
        more.get('earlier', a_minute_ago(looked)),
        profile,
        {**OFF, **(settings or {})},
        frozenset(more.get('wishes', ())),
    )


def test_a_remedy_that_the_profile_allows_is_planned_and_counts() -> None:
    found = ahead(node())
    assert found.remedies == {'tcp-tw-reuse': {REUSE: '1'}}
    assert found.forecast['verdict'] == 'exhausted'
    planned = found.forecast['planned']
    assert (planned['verdict'], planned['remedies'], planned['settings']) == ('safe', ['tcp-tw-reuse'], {REUSE: '1'})
    assert planned['loads']['highest']['destinations'][0]['ports'] == 6


def test_a_server_has_no_reuse_so_it_stays_as_it_is() -> None:
    found = ahead(node(), 'server')
    assert found.remedies == {}
    assert found.forecast['planned'] is None
    assert [remedy['id'] for remedy in found.forecast['remedies'] if not remedy['allowed']][-1] == 'more-addresses'


def test_more_ports_are_for_every_profile() -> None:
    found = ahead(node(ip_local_reserved_ports=''), 'server')
    assert list(found.remedies) == ['wider-port-range']
    assert found.remedies['wider-port-range'] == {RANGE: '10240 65535', RESERVED: '30000-32767'}
    assert found.forecast['planned']['verdict'] == 'safe'


def test_where_there_is_room_nothing_is_set_besides() -> None:
    found = ahead(node(sockets=90))
    assert (found.forecast['verdict'], found.remedies, found.forecast['planned']) == ('safe', {}, None)


def test_without_a_window_it_is_not_known_whether_there_is_room() -> None:
    found = ahead(node(sockets=90), earlier=None)
    assert (found.forecast['verdict'], found.remedies, found.forecast['planned']) == ('unknown', {}, None)
    found = ahead(node(), earlier=None)
    assert (found.forecast['verdict'], found.forecast['planned']['verdict']) == ('exhausted', 'unknown')


@pytest.mark.parametrize(('wish', 'verdict'), [('1', 'safe'), ('0', 'exhausted')])
def test_what_a_person_chose_is_counted_and_stays(wish: str, verdict: str) -> None:
    found = ahead(node(), settings={REUSE: wish}, wishes=[REUSE])
    assert found.remedies == {}
    assert (found.forecast['planned'] or found.forecast)['verdict'] == verdict


def test_reuse_of_a_masked_node_works_once_the_plan_brings_its_timestamps_back() -> None:
    masked = node(tcp_timestamps=0, tcp_tw_reuse=1)
    assert ahead(masked, 'server').forecast['planned'] is None
    found = ahead(masked, 'server', {TIMESTAMPS: '1'})
    assert (found.forecast['verdict'], found.forecast['planned']['verdict']) == ('exhausted', 'safe')
    assert found.remedies == {}


def contained(recycling_in_container: bool, release: str, own_recycle: int) -> dict[str, Any]:
    """An idle node with a container that would exhaust."""
    looked = node()
    record = looked['record']
    inside = copy.deepcopy(record['namespaces'][0])
    inside.update(id='net:[4026532300]', key='net:[4026532300]@4/c', kind='container')
    inside['sysctls'][RECYCLE] = {
        'value': '1' if recycling_in_container else '0',
        'scope': 'namespace',
    }
    record['kernel'] = records.record(release, {})['kernel']
    record['namespaces'].append(inside)
    own = record['namespaces'][0]
    own['sysctls'][RECYCLE]['value'] = str(own_recycle)
    own['time_wait'] = test_time_wait.answer()['record']['namespaces'][0]['time_wait']
    return looked


def test_a_container_that_would_exhaust_decides_and_its_values_are_its_own() -> None:
    found = ahead(contained(True, '4.11.12', 0))
    assert (found.forecast['verdict'], found.forecast['namespace']) == ('exhausted', 'net:[4026532300]')
    assert found.remedies == {}


def test_on_4_11_a_container_without_recycling_changes_in_nothing() -> None:
    found = ahead(contained(False, '4.11.12', 1))
    assert (found.forecast['verdict'], found.forecast['namespace']) == ('safe', 'net:[4026531840]')
