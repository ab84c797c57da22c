# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an audit says of both sides while the fault goes on: the server's counters, and the rules of the SNAT node."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.module_utils._node.operations import observe, translation
from ansible_collections.nodetcp.paws.plugins.plugin_utils._forecast import translated
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue, record, verdict

from . import evidence, variants
from .lab import OUTSIDE, PORT, SERVER, Lab, Node
from .scenario import Scenario

pytestmark = pytest.mark.usefixtures('kernel')
SERVER_SIDE, SNAT_SIDE = 'time-wait-collision', 'snat-random-fully'
Json = dict[str, Any]


def look(node: Node) -> Json:
    """What observe answers in the namespace, with what it asks for besides."""

    def inside() -> Json:
        counters = catalogue.builtin().counter_names
        looked: Json = observe.run({'namespaces': 'host', 'gather': GATHER, 'counters': counters})
        for asked in (looked['further'].get('translation'),):
            if asked:
                answer = translation.run(asked)
                looked['record'].update((part, answer[part]) for part in ('translation', 'translated'))
        return looked

    looked: Json = node.call(inside)
    record.check(looked['record'])
    translated.ahead(looked['record'])
    return looked


GATHER = ['sysctls', 'counters', 'sockets', 'conntrack', 'translation']


def findings(looked: Json, earlier: Json | None) -> dict[str, Json]:
    judged = verdict.judge(looked['record'], earlier, catalogue.builtin(), 'server', [], datetime.date.today())
    return {finding['rule']: finding for finding in judged['findings'] if finding['rule'] in (SERVER_SIDE, SNAT_SIDE)}


def audited(scenario: Scenario, warm_up: float = 0.0) -> tuple[dict[str, Json], dict[str, Json]]:
    """The findings at the server, over the scenario's time, and at the router."""
    with Lab(scenario) as lab:
        if warm_up:
            lab.offer(warm_up)
        before, seen = look(lab.server)['sample'], evidence.seen(lab, scenario.seconds)
        router = look(lab.router)  # which tells of the last ten seconds
        after = look(lab.server)
        after['record']['namespaces'][0]['collided'] = seen
        return findings(after, before), findings(router, None)


@pytest.mark.parametrize('changed', [{}, {'tool': 'iptables'}, {'choice': 'plain'}], ids=str)
def test_both_sides_are_named(changed: Json) -> None:
    # A colliding client makes some ten connections a second; of fewer than eight nothing is said of their ports.
    server, router = audited(dataclasses.replace(variants.FAULT, seconds=7.0, **changed), 5.0)
    assert set(server) == {SERVER_SIDE}
    seen = server[SERVER_SIDE]['evidence']
    assert (seen['certainty'], seen['cause'], seen['address']) == ('exact', 'offset_per_connection', OUTSIDE)
    assert 0.05 < seen['share'] < 0.5
    assert 0.05 < seen['forecast']['share'] < 0.5
    (client,) = seen['clients']
    assert (client['behind_snat'], client['timestamps']) == (True, 'offset_per_connection')
    assert client['ports_estimate'] == pytest.approx(200, abs=20)
    assert set(router) == {SNAT_SIDE}
    assert router[SNAT_SIDE]['evidence']['ports'] == '40000-40199'
    (end,) = router[SNAT_SIDE]['evidence']['destinations']
    assert (end['address'], end['port'], end['clients'], end['addresses']) == (SERVER, PORT, 1, 1)
    assert 0.05 < end['share'] < 0.5


@pytest.mark.parametrize('changed', [{'choice': 'plain', 'ports': None}, {'choice': 'none'}], ids=str)
def test_plain_masquerade_and_no_translation_have_no_finding(changed: Json) -> None:
    assert audited(dataclasses.replace(variants.FAULT, seconds=3.0, **changed)) == ({}, {})


def test_where_the_client_closes_first_the_server_has_no_finding() -> None:
    server, router = audited(dataclasses.replace(variants.FAULT, seconds=3.0, client_first=True))
    assert (set(server), set(router)) == (set(), {SNAT_SIDE})


@pytest.mark.long
@pytest.mark.parametrize(('what', 'scenario'), variants.SLOW_ONES + variants.FAST_ONES, ids=str)
def test_a_window_of_ten_seconds_names_both_sides_in_each_variant(what: str, scenario: Scenario) -> None:
    server, router = audited(dataclasses.replace(scenario, seconds=10.0), 5.0)
    collides = scenario.choice != 'none' and not scenario.client_first and scenario.timestamps == 1
    random = scenario.ports is not None or 'random' in scenario.choice
    assert bool(server) is (collides and random), what
    if server:
        assert server[SERVER_SIDE]['evidence']['cause'] == 'offset_per_connection', what
    assert bool(router) is (random and scenario.choice != 'none'), what


def suspected(scenario: Scenario) -> Json | None:
    """What a short look at the server says of where the SYNs come from."""
    with Lab(scenario) as lab:
        return evidence.seen(lab, scenario.seconds)


@pytest.mark.parametrize(
    ('scenario', 'cause'),
    [
        (dataclasses.replace(variants.FAULT, seconds=3.0, per_s=60.0), 'offset_per_connection'),
        (variants.SEVERAL_ONES[2][1], 'different_clocks'),
        (dataclasses.replace(variants.FAULT, timestamps=2, per_s=60.0), 'port_reuse'),
    ],
    ids=['offsets', 'clocks', 'one clock'],
)
def test_a_short_look_at_syns_names_the_cause_and_the_address(scenario: Scenario, cause: str) -> None:
    found = suspected(dataclasses.replace(scenario, seconds=3.0))
    assert found is not None
    assert (found['cause'], found['address']) == (cause, OUTSIDE)
    if scenario.ports:
        assert scenario.ports[0] <= found['ports'][0] <= found['ports'][1] <= scenario.ports[1]
