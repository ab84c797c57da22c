# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a host may lose its recycling, and how that is told."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import spoken
from ansible_collections.nodetcp.paws.plugins.plugin_utils._remediate import (
    decisions,
    exhaustion,
    needs,
    outcome,
    plan,
    plan_text,
)
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import remediation, stored
from tests.unit.plugins.plugin_utils._forecast import test_planned
from tests.unit.plugins.plugin_utils._judge import records
from tests.unit.plugins.plugin_utils._remediate.test_decisions import OPTIONS, host, planned
from tests.unit.plugins.plugin_utils._report import builders

RECYCLE, REUSE = 'net.ipv4.tcp_tw_recycle', 'net.ipv4.tcp_tw_reuse'


def settled(
    accept: bool = False, profile: str = 'server', sockets: int = 180, **more: Any
) -> tuple[dict[str, Any], str | None]:
    forecast = spoken(test_planned.ahead(test_planned.node(sockets), profile, **more).forecast)
    return exhaustion.settle(forecast, accept)


def a_host(name: str = 'db', **more: Any) -> dict[str, Any]:
    """The variables of a host with such a plan."""
    forecast, refused = settled(**more)
    changes = () if refused else planned()['changes']
    return host(planned(changes=tuple(changes), refused=refused, forecast=forecast))


def test_a_host_that_would_exhaust_is_stopped_with_the_numbers_and_the_ways_out() -> None:
    forecast, refused = settled()
    assert forecast['decision'] == 'stopped'
    assert refused is not None
    for words in (
        'needs 180 of 200 local ports at 3 connects/s',
        '3.33 connects/s are sustainable',
        'tcp-tw-reuse would help, profile server: it is for client, proxy',
        'remediate_accept_exhaustion=true',
    ):
        assert words in str(refused)


@pytest.mark.parametrize(
    ('more', 'decision'),
    [
        ({'accept': True}, 'accepted'),
        ({'profile': 'client'}, 'go'),
        ({'sockets': 120}, 'go'),
        ({'sockets': 120, 'accept': True}, 'go'),
    ],
)
def test_accepted_remedied_or_merely_tight_it_goes_on(more: dict[str, Any], decision: str) -> None:
    forecast, refused = settled(**more)
    assert (forecast['decision'], refused) == (decision, None)


def test_remedies_become_part_of_what_the_host_needs_with_their_reason() -> None:
    found = needs.Needs()
    found.settings[RECYCLE] = '0'
    looked = test_planned.node()
    looked['earlier'] = test_planned.a_minute_ago(looked)
    forecast, remedies = exhaustion.weigh(found, looked, 'client', frozenset(), {})
    assert (forecast['planned']['verdict'], remedies) == ('safe', {'tcp-tw-reuse': {REUSE: '1'}})
    assert found.settings == {RECYCLE: '0', REUSE: '1'}
    assert found.reasons == {REUSE: 'forecast of TIME_WAIT: tcp-tw-reuse'}


@pytest.mark.parametrize(
    ('release', 'value', 'collector', 'expected'),
    [
        ('3.10.0-1160.el7', 1, 'live', True),
        ('3.10.0-1160.el7', 0, 'live', False),
        ('3.10.0-1160.el7', 1, 'capture', False),
        ('6.1.0', None, 'live', False),
    ],
)
def test_only_running_recycling_of_a_live_node_is_a_question(
    release: str, value: int | None, collector: str, expected: bool
) -> None:
    record = records.record(release, {} if value is None else {RECYCLE: value})
    record['source']['collector'] = collector
    assert exhaustion.recycles(record) is expected


def test_approved_remedies_stand_although_the_load_is_gone(tmp_path: Path) -> None:
    path = str(tmp_path / 'plan.json')
    plan.write(path, plan.document({'db': planned(remedies={'tcp-tw-reuse': {REUSE: '1'}}), 'other': planned()}))
    approved = plan.remedies(path, 'db')
    found = needs.Needs()
    idle = {**test_planned.node(sockets=1), 'earlier': None}
    assert exhaustion.weigh(found, idle, 'client', frozenset(), approved)[1] == approved
    assert found.settings == {REUSE: '1'}
    assert plan.remedies(path, 'other') == plan.remedies(path, 'new') == {}


@pytest.mark.parametrize(
    'hosts',
    [
        {'db': []},
        {'db': {'remedies': [1]}},
        {'db': {'remedies': {'x': 1}}},
        {'db': {'remedies': {'x': {RECYCLE: '1'}}}},
    ],
)
def test_a_plan_file_with_other_remedies_is_no_plan(hosts: dict[str, Any], tmp_path: Path) -> None:
    path = str(tmp_path / 'plan.json')
    plan.write(path, {'schema': plan.SCHEMA, 'hosts': hosts})
    with pytest.raises(plan.PlanFileError, match='is not a plan'):
        plan.remedies(path, 'db')


def test_the_others_go_on_and_the_plan_names_each() -> None:
    hosts = {
        'db': a_host(),
        'tight': a_host(sockets=120),
        'safe': a_host(sockets=10),
        'unmeasured': a_host(sockets=10, earlier=None),
        'reusing': a_host(profile='client'),
        'other': host(),
    }
    decision = decisions.decide(hosts, OPTIONS, '20260101T000000Z-00000000', False)
    assert decision['planned'] == ['tight', 'safe', 'unmeasured', 'reusing', 'other']
    assert list(decision['stopped']) == ['db']
    text = plan_text.text(hosts, decision, 'en')
    shown = text.partition('Forecast of TIME_WAIT without recycling:')[2].splitlines()
    assert [line.split(':')[0].strip() for line in shown[1:6]] == ['db', 'reusing', 'tight', 'unmeasured', 'safe']
    assert 'with this plan (tcp-tw-reuse) safe' in shown[2]
    assert 'stopped by the forecast of TIME_WAIT' in text.partition('In scope, and not changed:')[2]
    assert 'how many more is not known: no earlier sample' in shown[4]
    assert str(plan_text.scarce(hosts)).endswith('(stopped: db; exhausted: reusing; tight: tight; unknown: unmeasured)')
    assert plan_text.scarce({'other': host(), 'safe': a_host(sockets=10)}) is None


def test_a_host_without_a_forecast_says_why_and_goes_on() -> None:
    forecast, remedies = exhaustion.weigh(needs.Needs(), 'the node program refused', 'client', frozenset(), {})
    assert remedies == {}
    forecast, why_not = exhaustion.settle(forecast, False)
    assert why_not is None
    assert str(exhaustion.line(forecast)) == 'unknown: no forecast: the node program refused'


@pytest.mark.parametrize('more', [{}, {'profile': 'client'}, {'accept': True}])
def test_the_report_has_the_forecast_as_its_schema_says(more: dict[str, Any]) -> None:
    values = a_host(**more)
    entry = remediation.told(
        builders.make_host('db', 'exposed'),
        values,
        outcome.Course('run', False, '', False),
        remediation.WayBack(['ansible-playbook'], []),
    )
    assert entry['forecast']['decision'] == settled(**more)[0]['decision']
    document = builders.make_document(entry)
    assert builders.problems(document) == []
    if not more:
        assert entry['remediation']['state'] == outcome.UNTOUCHED
        assert entry['remediation']['failed'] is True
        assert '180 of 200 local ports' in entry['remediation']['reason']


def test_a_stored_forecast_that_cannot_be_drawn_is_refused(tmp_path: Path) -> None:
    values = a_host(profile='client')
    entry = remediation.told(
        builders.make_host('db', 'exposed'),
        values,
        outcome.Course('run', False, '', False),
        remediation.WayBack(['ansible-playbook'], []),
    )
    document = builders.make_document(entry)
    place = tmp_path / 'audit.json'
    place.write_text(json.dumps(document))
    assert stored.read(str(place))['hosts'][0]['forecast'] == entry['forecast']
    for path, wrong in (
        (('verdict',), 'fine'),
        (('planned',), []),
        (('planned', 'loads'), None),
        (('capacity', 'usable_ports'), '200'),
        (('loads', 'highest', 'destinations', 0, 'share'), '<script>'),
        (('loads', 'highest', 'destinations', 0), None),
    ):
        broken = copy.deepcopy(document)
        part = broken['hosts'][0]['forecast']
        for step in path[:-1]:
            part = part[step]
        part[path[-1]] = wrong
        place.write_text(json.dumps(broken))
        with pytest.raises(stored.StoredError, match=r'hosts\[0\]\.forecast'):
            stored.read(str(place))
