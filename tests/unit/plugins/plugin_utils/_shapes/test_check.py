# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine that holds JSON against types: what passes, what is refused with its place, and jsonschema's opinion."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypedDict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import Said
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes import check
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.check import ShapeError, fits
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.marks import ADDED, Length, Natural, Range, Time
from tools.audit_schema import Schema


class Inner(TypedDict, total=False):
    rate: float
    maybe: Natural | None


class Whole(Inner):
    name: Annotated[str, Length(5, 1)]
    kind: Literal['a', 'b']
    flags: dict[Literal['x', 'y'], bool]
    rows: list[tuple[str, Natural]]
    inner: Inner | None
    value: int | str | list[str] | None
    said: Said
    when: Time
    later: Annotated[Annotated[int, Range(1, 9)], ADDED]
    counts: dict[str, int]


GOOD: dict[str, Any] = {
    'name': 'web',
    'kind': 'a',
    'flags': {'x': True, 'y': False},
    'rows': [['a', 1], ['b', 0]],
    'inner': {'rate': 1, 'maybe': None},
    'value': ['x'],
    'said': 'text',
    'when': '2026-11-30T05:00:00Z',
    'later': 3,
    'counts': {'TcpExt': -1},
    'of a newer version': object,
}

REFUSED = [
    ({'name': 5}, 'it.name: must be text, is a whole number'),
    ({'name': ''}, 'it.name: text of less than 1 characters'),
    ({'name': 'longer'}, 'it.name: text of 6 characters, at most 5'),
    ({'kind': 'c'}, "it.kind: is 'c', must be one of a, b"),
    ({'kind': 1}, 'it.kind: is 1, must be one of a, b'),
    ({'kind': []}, 'it.kind: must be text, is a list'),
    ({'flags': {'x': True}}, 'it.flags.y: is missing'),
    ({'flags': {'x': True, 'y': 0}}, 'it.flags.y: must be true or false, is a whole number'),
    ({'flags': {'x': True, 'y': True, 'z\x1b': True}}, 'it.flags.z\\x1b: is not known to this version'),
    ({'rows': [['a', 1], ['b']]}, 'it.rows[1]: must be a list of 2'),
    ({'rows': [['a', -1]]}, 'it.rows[0][1]: must be at least 0'),
    ({'rows': [['a', True]]}, 'it.rows[0][1]: must be a whole number, is true or false'),
    ({'inner': {'rate': '1'}}, 'it.inner.rate: must be a number, is text'),
    ({'inner': {'rate': float('nan')}}, 'it.inner.rate: not a finite number'),
    ({'inner': []}, 'it.inner: must be an object, is a list'),
    ({'value': 1.5}, 'it.value: must be a whole number, is a number'),
    ({'value': [None]}, 'it.value[0]: must be text, is null'),
    ({'said': {'id': 'x/y', 'arguments': {}}}, 'it.said: must be text, is an object'),
    ({'when': 'today'}, 'it.when: must have the form of 2026-11-30T05:00:00Z'),
    ({'later': 0}, 'it.later: must be at least 1'),
    ({'later': 10}, 'it.later: must be at most 9'),
    ({'counts': {'a' * 200: 1.5}}, 'it.counts.%s...: must be a whole number, is a number' % ('a' * 77)),
    ({'counts': None}, 'it.counts: must be an object, is null'),
]  # fmt: skip


def test_what_fits_is_given_back() -> None:
    assert fits(GOOD, Whole, 'it') is GOOD


@pytest.mark.parametrize('name', ['rate', 'later', 'of a newer version'])
def test_a_field_of_later_or_earlier_versions_may_lack(name: str) -> None:
    fits({key: value for key, value in GOOD.items() if key != name}, Whole, 'it')


@pytest.mark.parametrize('name', [name for name in GOOD if name not in ('later', 'of a newer version')])
def test_any_other_field_must_be_there(name: str) -> None:
    with pytest.raises(ShapeError) as raised:
        fits({key: value for key, value in GOOD.items() if key != name}, Whole, 'it')
    assert str(raised.value) == 'it.%s: is missing' % name


@pytest.mark.parametrize(('change', 'said'), REFUSED, ids=[said for _change, said in REFUSED])
def test_what_does_not_fit_is_refused_with_its_place(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ShapeError) as raised:
        fits({**GOOD, **change}, Whole, 'it')
    assert str(raised.value) == said


def test_what_is_said_of_it_can_be_told_in_chinese() -> None:
    from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import tell

    with pytest.raises(ShapeError) as raised:
        fits({**GOOD, 'name': 5}, Whole, 'it')
    assert tell('zh', raised.value.message) == 'it.name：必须是文本，实际是整数'


def test_a_type_that_the_engine_does_not_know_is_refused_when_it_is_compiled() -> None:
    class Odd(TypedDict):
        many: set[str]

    class Alike(TypedDict):
        either: Inner | dict[str, int] | bytes

    for odd in (Odd, Alike):
        with pytest.raises(TypeError):
            fits({}, odd)


PLAIN = st.none() | st.booleans() | st.integers(-2, 12) | st.floats(-2, 2) | st.text('abxy\n', max_size=6)
JSON = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from('xyz'), inner))
FIELDS = {name: value for name, value in GOOD.items() if name not in ('of a newer version', 'rows')}


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(FIELDS)), JSON, max_size=3))
def test_schema_and_engine_agree(change: dict[str, Any]) -> None:
    """jsonschema, which knows nothing of the engine, refuses with the schema of the types what the engine refuses."""

    class Described(TypedDict):
        name: Annotated[str, Length(5, 1)]
        kind: Literal['a', 'b']
        flags: dict[Literal['x', 'y'], bool]
        inner: Inner | None
        value: int | str | list[str] | None
        said: Said
        when: Time
        later: Annotated[int, Range(1, 9)]
        counts: dict[str, int]

    schema = Schema()
    whole = {**schema.object(Described, more=True), '$defs': schema.definitions}
    document = {**FIELDS, **change}
    for number in _numbers(document):  # to jsonschema 1.0 is a whole number
        if isinstance(number, float) and number.is_integer():
            return
    try:
        fits(document, Described, 'it')
        accepted = True
    except ShapeError:
        accepted = False
    problems = [error.message for error in Draft202012Validator(whole).iter_errors(document)]
    inner_names = isinstance(document['inner'], dict) and document['inner'].keys() - {'rate', 'maybe'}
    assert accepted == (not problems) or (accepted and inner_names), problems


def _numbers(value: Any) -> list[Any]:
    if isinstance(value, (dict, list)):
        return [each for child in (value.values() if isinstance(value, dict) else value) for each in _numbers(child)]
    return [value]


def test_places_are_named_from_the_outside_in() -> None:
    assert check.place('', ['hosts', 0, 'name']) == 'hosts[0].name'
    assert check.place('record', ['a\nb', 2]) == 'record.a b[2]'
