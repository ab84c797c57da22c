# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arrows go down only: which room may import which (docs/guides/architecture.md)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gates.gates import CHECKOUT
from tests.gates.imports import NAME, home

PLUGINS = CHECKOUT / 'plugins'
# The lower the number, the lower the room; a room imports from itself and from lower ones.
FLOORS = {
    'module_utils._node': 0,
    'module_utils._node.parsers': 1,
    'module_utils._node.readers': 2,
    'module_utils._node.transaction': 3,
    'module_utils._node.operations': 4,
    'plugin_utils': 0,
    'plugin_utils._text': 0,
    'plugin_utils._messages': 1,
    'plugin_utils._shapes': 2,
    'plugin_utils._run': 3,
    'plugin_utils._capture': 5,
    'plugin_utils._judge': 5,
    'plugin_utils._packets': 5,
    'plugin_utils._forecast': 6,
    'plugin_utils._kubernetes': 6,
    'plugin_utils._scan': 6,
    'plugin_utils._variables': 6,
    'plugin_utils._diagnose': 6,
    'plugin_utils._remediate': 7,
    'plugin_utils._report': 8,
    'plugin_utils._report.formats': 8,
    'plugin_utils._explain': 8,
    'plugin_utils._transport': 9,
    'action': 10,
    'callback': 10,
    'lookup': 10,
}


def _room(module: str) -> str:
    """The longest name in FLOORS that the module lies in."""
    fitting = [room for room in FLOORS if module == room or module.startswith(room + '.')]
    return max(fitting, key=len) if fitting else ''


def _module(path: Path) -> str:
    return '.'.join(path.relative_to(PLUGINS).with_suffix('').parts)


def _imports(path: Path) -> Iterator[str]:
    """The modules of the collection that a file imports, also inside functions, as names below plugins."""
    for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
        base = home(_module(path), node) if isinstance(node, ast.ImportFrom) else None
        for alias in node.names if base is not None and isinstance(node, ast.ImportFrom) else ():
            inner = '%s.%s' % (base, alias.name)
            place = PLUGINS.joinpath(*inner.split('.'))
            yield inner if place.is_dir() or place.with_suffix('.py').is_file() else base


FILES = [path for path in sorted(PLUGINS.rglob('*.py')) if _room(_module(path))]


@pytest.mark.parametrize('path', FILES, ids=_module)
def test_a_file_imports_from_its_own_room_or_from_lower_ones(path: Path) -> None:
    here = FLOORS[_room(_module(path))]
    assert [name for name in _imports(path) if FLOORS.get(_room(name), 0) > here] == []


def test_modules_are_named_from_where_they_are_named() -> None:
    """On the node's side and on the controller's: so a reader sees the room and not the address."""
    assert [_module(path) for path in FILES if 'from %s' % NAME in path.read_text(encoding='utf-8')] == []


def _circle(graph: dict[str, set[str]]) -> list[str]:
    """Some modules that import each other in a circle, [] where there are none (depth first)."""
    done: set[str] = set()

    def walk(module: str, path: list[str]) -> list[str]:
        if module in path:
            return [*path[path.index(module) :], module]
        if module in done:
            return []
        for imported in sorted(graph.get(module, ())):
            found = walk(imported, [*path, module])
            if found:
                return found
        done.add(module)
        return []

    return next((found for module in sorted(graph) if (found := walk(module, []))), [])


def test_the_search_for_circles_finds_one() -> None:
    assert _circle({'a': {'b', 'c'}, 'b': {'c'}, 'c': set()}) == []
    assert _circle({'a': {'b'}, 'b': {'c'}, 'c': {'b'}}) == ['b', 'c', 'b']


def test_no_module_imports_itself_by_way_of_others() -> None:
    assert _circle({_module(path): set(_imports(path)) for path in FILES}) == []


def test_every_room_is_known() -> None:
    assert {_room(_module(path)) for path in FILES} == set(FLOORS)
