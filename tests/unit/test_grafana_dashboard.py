# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The dashboard, read by Grafana's own types for 10.4 (grafana-foundation-sdk, made from Grafana's schemas)."""

from __future__ import annotations

import copy
import enum
import json
import typing
from pathlib import Path
from typing import Any

import pytest

DASHBOARD = Path(__file__).resolve().parents[2] / 'extensions' / 'grafana' / 'nodetcp-paws.json'
models = pytest.importorskip(
    'grafana_foundation_sdk.models.dashboard', reason='grafana-foundation-sdk needs Python 3.11'
)
encoder = pytest.importorskip('grafana_foundation_sdk.cog.encoder')
pytest.importorskip('grafana_foundation_sdk.cog.plugins').register_default_plugins()

Json = dict[str, Any]
NOTHING = type(None)


@pytest.fixture
def dashboard() -> Json:
    found: Json = json.loads(DASHBOARD.read_text(encoding='utf-8'))
    return found


def complaints(dashboard: Json) -> list[str]:
    """What Grafana's types do not know of it, and what they know otherwise."""
    read = models.Dashboard.from_json(dashboard)
    return unknown(dashboard, json.loads(json.dumps(read, cls=encoder.JSONEncoder)), '') + other(
        read, models.Dashboard, ''
    )


def unknown(written: Any, read: Any, place: str) -> list[str]:
    """Places of what a reader dropped or changed."""
    if isinstance(written, dict) and isinstance(read, dict):
        return [
            found
            for key, value in written.items()
            for found in (
                unknown(value, read[key], '%s/%s' % (place, key)) if key in read else ['%s/%s' % (place, key)]
            )
        ]
    if isinstance(written, list) and isinstance(read, list) and len(written) == len(read):
        return [
            found
            for number, (one, another) in enumerate(zip(written, read, strict=True))
            for found in unknown(one, another, '%s/%d' % (place, number))
        ]
    return [] if written == read else [place]


def other(value: Any, kind: Any, place: str) -> list[str]:
    """Places of values that are not of the annotated type."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Union:
        tried = [other(value, each, place) for each in inner if value is None or each is not NOTHING]
        return [] if [] in tried else max(tried, key=lambda found: len(found[0]))  # the one that came furthest
    if origin is list and isinstance(value, list):
        return [
            found for number, each in enumerate(value) for found in other(each, inner[0], '%s/%d' % (place, number))
        ]
    if origin is dict and isinstance(value, dict):
        return [found for key, each in value.items() for found in other(each, inner[1], '%s/%s' % (place, key))]
    if origin is typing.Literal or (isinstance(kind, type) and issubclass(kind, enum.Enum)):
        return [] if value in (inner or [member.value for member in kind]) else [place]
    if kind in (Any, object):
        return []
    if isinstance(value, dict) and hasattr(kind, 'from_json'):
        value = kind.from_json(value)
    plain = (int, float) if kind is float else origin or kind
    if not isinstance(value, plain) or (isinstance(value, bool) and kind in (int, float)):
        return [place]
    hints = typing.get_type_hints(type(value)) if hasattr(value, 'to_json') else {}
    return [
        found for name, hint in hints.items() for found in other(getattr(value, name), hint, '%s/%s' % (place, name))
    ]


def test_grafana_knows_everything_in_the_dashboard(dashboard: Json) -> None:
    assert complaints(dashboard) == []


def test_panels_and_queries_are_of_kinds_that_grafana_has(dashboard: Json) -> None:
    panels = models.Dashboard.from_json(dashboard).panels
    kinds = {type(panel.options).__module__.rpartition('.')[2] for panel in panels}
    assert kinds == {panel['type'] for panel in dashboard['panels']}, 'options read by the types of each plugin'
    queries = {type(target).__module__.rpartition('.')[2] for panel in panels for target in panel.targets}
    assert queries == {'prometheus'}


@pytest.mark.parametrize(
    ('way', 'value', 'complaint'),
    [
        (('panels', 0, 'gridPos', 'w'), '12', '/panels/0/grid_pos/w'),
        (('panels', 0, 'optionz'), {}, '/panels/0/optionz'),
        (('panels', 0, 'options', 'reduceOption'), {}, '/panels/0/options/reduceOption'),
        (('graphTooltip',), 7, '/graph_tooltip'),
        (('templating', 'list', 0, 'type'), 'data source', '/templating/list_val/0/type_val'),
    ],
)
def test_a_mistake_is_seen(dashboard: Json, way: tuple[Any, ...], value: Any, complaint: str) -> None:
    wrong = copy.deepcopy(dashboard)
    inner = wrong
    for key in way[:-1]:
        inner = inner[key]
    inner[way[-1]] = value
    assert complaint in complaints(wrong)
