# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Diagnoses with little to see: listeners that are hidden, SYNs that nobody watched, answers from somewhere before."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._diagnose import question, steps
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.attempts import Located
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.check import ShapeError, taken
from tests.unit.plugins.plugin_utils._diagnose import cases

REFUSED = cases.attempts('refused')


def cause(document: dict[str, Any]) -> tuple[str, str | None]:
    return document['conclusion']['cause'], document['conclusion']['confidence']


def why(document: dict[str, Any]) -> str:
    return ' / '.join(document['conclusion']['why'])


def test_refused_and_nobody_could_see_whether_anything_listens() -> None:
    found = cases.concluded(cases.goal(listening=None), REFUSED, cases.seen(REFUSED), cases.counters())
    assert cause(found) == ('service_down', 'medium')
    assert '5 of 5 attempts were refused by a reset' in why(found)
    assert 'could not be seen' in ' '.join(found['steps'])


def test_refused_although_something_listens_is_a_firewall() -> None:
    found = cases.concluded(cases.goal(), REFUSED, cases.seen(REFUSED), cases.counters())
    assert cause(found)[0] != 'service_down'
    assert 'something listens there' in str(found['causes'])


def test_refused_by_something_before_the_destination() -> None:
    found = cases.concluded(cases.goal(), REFUSED, [], cases.counters())
    assert cause(found) == ('lost_before', 'medium')
    assert 'their SYNs never came to the destination' in why(found)


def test_unreachable_and_nobody_watched() -> None:
    found = cases.concluded(cases.goal(), cases.attempts('unreachable'), None, cases.counters())
    assert cause(found) == ('lost_before', 'medium')
    assert 'cannot be reached' in why(found)


HUNG = cases.attempts('timeout', retransmits=2)
NEUTRAL = cases.attempts(first=10)


@pytest.mark.parametrize(
    ('up', 'made', 'arrived', 'found'),
    [
        # A probe that is asked at 100 makes its five attempts from 103.0 to 103.8, after its delay, at the soonest.
        (103.3, REFUSED, cases.seen(NEUTRAL), ('lost_before', 'medium')),
        (103.5, REFUSED, cases.seen(NEUTRAL), ('unknown', 'low')),
        # What hangs sends its SYN again, one second later at the soonest.
        (105.3, HUNG, cases.seen(NEUTRAL), ('lost_before', 'high')),
        (105.7, HUNG, cases.seen(NEUTRAL), ('unknown', 'low')),
        # What was seen was seen.
        (110.0, HUNG, [*cases.seen(HUNG, False), *cases.seen(NEUTRAL)], ('dropped_unseen', 'medium')),
    ],
)
def test_what_a_watch_that_may_have_begun_late_did_not_see_is_no_evidence(
    up: float, made: Any, arrived: Any, found: tuple[str, str]
) -> None:
    document = cases.concluded(cases.goal(), made, arrived, cases.counters(), NEUTRAL, up=up)
    assert cause(document) == found
    said = 'of 5 that were not seen may have been sent before the watch began, or after its end: run it again'
    assert (said in str(document['watch']['reason'])) is (found[0] == 'unknown')
    assert (said in ' '.join(document['steps'])) is (found[0] == 'unknown')


def test_an_attempt_after_the_watch_had_ended_is_no_evidence() -> None:
    late = [{**attempt, 'at_s': 60 + attempt['at_s']} for attempt in REFUSED]
    document = cases.concluded(cases.goal(), late, [], cases.counters())
    assert cause(document) == ('unknown', 'low')


def test_what_sent_no_syn_need_not_be_seen() -> None:
    unsent = cases.attempts('error', error='EADDRNOTAVAIL')
    document = cases.concluded(cases.goal(), unsent, [], cases.counters(), up=110.0)
    assert document['watch']['done'] is True
    assert cause(document) == ('client_side', 'high')


@pytest.mark.parametrize(
    ('namespace', 'words'),
    [
        ({'kind': 'host', 'container': None}, 'db1'),
        ({'kind': 'named', 'container': None, 'name': 'blue', 'id': 'net:[1]'}, 'network namespace blue on db1'),
        ({'kind': 'process', 'container': None, 'name': None, 'id': 'net:[1]'}, 'network namespace net:[1] on db1'),
        (
            {'kind': 'container', 'container': {'id': '3f2a' * 16}, 'names': ['broker', 'b']},
            'container 3f2a3f2a3f2a (broker) on db1',
        ),
    ],
)
def test_where_a_destination_is_in_words(namespace: dict[str, Any], words: str) -> None:
    assert str(steps.place('db1', namespace)) == words


INVENTORY = question.Inventory({'all': ['h%d' % number for number in range(100)]}, {})


def test_more_sources_than_are_tried_at_once() -> None:
    with pytest.raises(question.PlanError, match='means 100 sources, at most'):
        question.sources('all', INVENTORY)


@pytest.mark.parametrize(
    ('value', 'words'), [('many', 'not a whole number'), ([80], 'not a whole number'), (0, 'not between')]
)
def test_numbers_that_are_none(value: Any, words: str) -> None:
    with pytest.raises(question.PlanError, match=words):
        question.number('diagnose_port', value, 1, 65535)
    assert question.number('diagnose_port', '65535', 1, 65535) == 65535


@pytest.mark.parametrize('value', [None, '', '  '])
def test_a_port_that_was_not_given_is_asked_for(value: object) -> None:
    with pytest.raises(question.PlanError) as caught:
        question.number('diagnose_port', value, 1, 65535)
    assert str(caught.value) == 'diagnose_port: give a number from 1 to 65535'


def test_a_destination_without_an_address() -> None:
    looked = {'h1': {'matches': [{**cases.match(), 'addresses': []}], 'kernel': cases.goal()['kernel']}}
    with pytest.raises(question.PlanError, match='has no address of its own'):
        question.destination('3f2a', looked, INVENTORY)


@pytest.mark.parametrize(
    'change', [{'sysctls': {'net.ipv4.tcp_sack': '1'}}, {'sysctls': None}, {'addresses': [1]}, {'container': 'x'}]
)
def test_places_that_are_none(change: dict[str, Any]) -> None:
    answer = {'matches': [{**cases.match(), **change}], 'kernel': cases.goal()['kernel']}
    with pytest.raises(ShapeError):
        taken(answer, Located, 'answer')
