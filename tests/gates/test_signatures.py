# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No Any in the signatures of the controller side, Ansible's own interfaces aside.

What Ansible hands over has the names Given and Values (_text/values.py), which say so. Any hides behind other aliases
too, so these are followed to where they are made.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gates.gates import CHECKOUT
from tests.gates.imports import NAME, home

PLUGINS = CHECKOUT / 'plugins'
ALLOWED = 'plugin_utils._text.values'
#: Rooms that speak with Ansible, and modules elsewhere that take what it hands over.
WITH_ANSIBLE = ('action', 'callback', 'lookup', 'plugin_utils._transport', 'plugin_utils._variables', ALLOWED)
ALONE = frozenset(
    'plugin_utils.%s' % name
    for name in ('_report.fleet', '_report.remediation', '_run.run', '_capture.look', '_capture.remote')
)

Functions = Iterator[tuple[str, list[ast.expr | None]]]


class Module:
    """A module: what its names stand for, its own assignments and those that it imports."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.tree = name, ast.parse(text)
        self.made: dict[str, ast.expr] = {}
        self.imported: dict[str, tuple[str, str]] = {}
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                self.made[node.targets[0].id] = node.value
            taken = home(name, node)
            for alias in node.names if taken is not None and isinstance(node, ast.ImportFrom) else ():
                self.imported[alias.asname or alias.name] = (taken or '', alias.name)

    def signatures(self) -> Functions:
        """Every public function, method and field of a class, with its annotations."""
        yield from _signatures(self.tree.body)


def _signatures(body: list[ast.stmt], within: str = '') -> Functions:
    for node in body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith('_'):
            taken = node.args
            each = [*taken.posonlyargs, *taken.args, *taken.kwonlyargs, taken.vararg, taken.kwarg]
            yield within + node.name, [*(one.annotation for one in each if one), node.returns]
        elif isinstance(node, ast.ClassDef) and not node.name.startswith('_'):
            yield from _signatures(node.body, '%s.' % node.name)
        elif within and isinstance(node, ast.AnnAssign) and not ast.unparse(node.target).startswith('_'):
            yield within + ast.unparse(node.target), [node.annotation]


def _names(node: ast.expr | None) -> Iterator[str]:
    """The names in an annotation, also in a quoted one; of typing.Any and t.Any the last part."""
    for part in ast.walk(node) if node else ():
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield from re.findall(r'\w+', part.value)
        elif isinstance(part, ast.Attribute):
            yield part.attr
        elif isinstance(part, ast.Name):
            yield part.id


class Search:
    """Looks for Any behind names. with_ansible: whether what Ansible hands over may be named."""

    def __init__(self, modules: dict[str, Module], with_ansible: bool) -> None:
        self._modules, self._with_ansible = modules, with_ansible
        self._seen: set[tuple[str, str]] = set()

    def hides(self, module: Module, node: ast.expr | None) -> bool:
        """Whether an annotation is Any, or an alias of something with Any in it."""
        return any(self._is_any(*module.imported.get(name, (module.name, name))) for name in _names(node))

    def _is_any(self, home: str, name: str) -> bool:
        if name == 'Any':
            return True
        made = self._modules[home].made.get(name) if home in self._modules else None
        if made is None or (home, name) in self._seen or (home == ALLOWED and self._with_ansible):
            return False
        self._seen.add((home, name))
        return self.hides(self._modules[home], made)


def offenders(modules: dict[str, Module]) -> list[str]:
    """MODULE:FUNCTION of each public signature with Any."""
    found = []
    for module in modules.values():
        with_ansible = module.name.startswith(WITH_ANSIBLE) or module.name in ALONE
        for name, types in module.signatures():
            if any(Search(modules, with_ansible).hides(module, each) for each in types):
                found.append('%s:%s' % (module.name, name))
    return found


def _read(path: Path) -> Module:
    return Module('.'.join(path.relative_to(PLUGINS).with_suffix('').parts), path.read_text(encoding='utf-8'))


def test_no_signature_of_the_controller_hides_what_it_takes_or_gives() -> None:
    rooms = ('action', 'callback', 'lookup', 'plugin_utils')
    modules = [_read(path) for room in rooms for path in sorted((PLUGINS / room).rglob('*.py'))]
    assert offenders({module.name: module for module in modules}) == []


VALUES = Module(ALLOWED, 'import typing as t\nGiven = t.Any\nValues = dict[str, t.Any]\n')
FAR = Module('plugin_utils._far', 'from typing import Any\nJson = dict[str, Any]\nPlain = dict[str, int]\n')


@pytest.mark.parametrize(
    ('text', 'found'),
    [
        ('def f(x: int) -> str: ...', False),
        ('def f(x: t.Any) -> str: ...', True),
        ('def f(x: int) -> list[Any]: ...', True),
        ('def _f(x: Any) -> Any: ...', False),
        ('Json = dict[str, Any]\ndef f(x: Json) -> None: ...', True),
        ('from %splugin_utils._far import Json\ndef f() -> Json | None: ...' % NAME, True),
        ('from %splugin_utils._far import Json as J\ndef f(x: list[J]) -> None: ...' % NAME, True),
        ('from %splugin_utils._far import Plain\ndef f(x: Plain) -> None: ...' % NAME, False),
        ("def f(x: 'Any') -> None: ...", True),
        ('class C:\n    x: dict[str, Any]', True),
        ('class C:\n    def m(self, *, x: Any = 1) -> None: ...', True),
        ('class _C:\n    x: Any', False),
        ('from %s%s import Values\ndef f(x: Values) -> None: ...' % (NAME, ALLOWED), True),
    ],
)
def test_the_gate_sees_it_wherever_it_hides(text: str, found: bool) -> None:
    modules = {module.name: module for module in (VALUES, FAR, Module('plugin_utils._judge.x', text))}
    assert bool(offenders(modules)) == found


def test_what_ansible_hands_over_may_be_named_by_those_who_speak_with_it() -> None:
    taking = Module('action.x', 'from %s%s import Values\ndef run(x: Values) -> Values: ...' % (NAME, ALLOWED))
    hiding = Module('action.y', 'def run(x: Any) -> None: ...')
    assert offenders({module.name: module for module in (VALUES, taking, hiding)}) == ['action.y:run']
