# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the node program must not use because Python 2.6 lacks it, and vermin does not tell (What's New in Python 2.7).

There is rarely a Python 2.6 at hand, so the sources themselves are looked through. python-2.6-names.txt has the names
in the modules of a real 2.6.6 on Linux, a module a line, as dir() there gives them: errno.ENOTSUP, say, is not there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gates.gates import CHECKOUT, NODE_PROGRAM

FILES = [
    path
    for place in map(CHECKOUT.joinpath, NODE_PROGRAM)
    for path in (sorted(place.rglob('*.py')) if place.is_dir() else [place])
]
SINCE_2_7 = {'check_output', 'total_seconds', 'bit_length', 'viewkeys', 'viewvalues', 'viewitems'}
FILE_CLASSES = {'GzipFile', 'ZipFile', 'BZ2File', 'closing'}  # no contexts of their own before 2.7
ASKED_FIRST = 'readers/sock_dump.py'  # takes memoryview only from 2.7.4 on
NAMES = {
    line.split()[0]: set(line.split()[1:])
    for line in (CHECKOUT / 'tests' / 'gates' / 'python-2.6-names.txt').read_text(encoding='ascii').splitlines()
}
#: Each is used only where the Python at hand has it.
LOOKED_FOR = {
    ('_collections', '_count_elements'),
    ('_json', 'make_scanner'),
    ('_json', 'make_encoder'),
    ('sys', '__spec__'),
}


def _missing(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, what) of each construct that Python 2.6 does not have."""
    for node in ast.walk(tree):
        for what in filter(None, (look(node) for look in (_syntax, _name, _call))):
            yield getattr(node, 'lineno', 0), what


def _syntax(node: ast.AST) -> str | None:
    if isinstance(node, (ast.Set, ast.SetComp, ast.DictComp)):
        return type(node).__name__
    if isinstance(node, ast.With):
        return 'several contexts' if len(node.items) > 1 else _opened(node.items[0].context_expr)
    return None


def _opened(context: ast.expr) -> str | None:
    function = context.func if isinstance(context, ast.Call) else None
    name = getattr(function, 'attr', None) or getattr(function, 'id', None)
    return 'with %s' % name if name in FILE_CLASSES else None


def _name(node: ast.AST) -> str | None:
    name = getattr(node, 'attr', None) or getattr(node, 'id', None)
    return name if name in SINCE_2_7 or name == 'memoryview' else None


def _call(node: ast.AST) -> str | None:
    """Calls of methods that take no keywords yet, or not yet None or bytearrays."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    method, owner = node.func.attr, node.func.value
    if method in ('encode', 'decode') and node.keywords:
        return '%s with keywords' % method
    if method == 'format' and isinstance(owner, ast.Constant) and re.search(r'\{[:!}]', str(owner.value)):
        return 'fields without numbers'
    if method == 'translate' and isinstance(node.args[0], ast.Constant) and not isinstance(owner, ast.Call):
        return 'translate(None) of what may be a bytearray'
    if method in ('unpack', 'unpack_from') and any(_makes_bytearray(argument) for argument in node.args):
        return 'struct reads no bytearray'
    return None


def _unknown(tree: ast.AST) -> set[tuple[str, str]]:
    """(module, name) of all that is taken from a module of the library and is not in it."""
    taken, modules = set(), {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules.update({each.asname or each.name: each.name for each in node.names})
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module != '__future__':
            taken |= {(str(node.module), each.name) for each in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            taken.add((modules[node.value.id], node.attr))
    return {(module, name) for module, name in taken if name not in NAMES.get(module, ())}


def _makes_bytearray(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, 'id', None) == 'bytearray'


@pytest.mark.parametrize('path', FILES, ids=lambda path: path.stem)
def test_python_2_6_has_all_that_the_node_program_uses(path: Path) -> None:
    found = list(_missing(ast.parse(path.read_text(encoding='utf-8'))))
    if path.as_posix().endswith(ASKED_FIRST):
        found = [(line, what) for line, what in found if what != 'memoryview']
    assert not found


@pytest.mark.parametrize('path', FILES, ids=lambda path: path.stem)
def test_python_2_6_has_all_names_that_are_taken_from_its_library(path: Path) -> None:
    assert not _unknown(ast.parse(path.read_text(encoding='utf-8'))) - LOOKED_FOR


def test_a_name_that_python_2_6_lacks_is_found() -> None:
    source = 'import errno as e\nfrom collections import Counter\nimport os\n(e.ENOTSUP, e.ENOENT, os.path)'
    assert _unknown(ast.parse(source)) == {('errno', 'ENOTSUP'), ('collections', 'Counter')}


@pytest.mark.parametrize(
    'source',
    [
        '{1, 2}',
        '{n for n in a}',
        '{n: 1 for n in a}',
        'with a, b: pass',
        'with gzip.GzipFile(a) as b: pass',
        'subprocess.check_output(a)',
        'a.viewkeys()',
        'memoryview(a)',
        "a.decode('utf-8', errors='replace')",
        "'{}'.format(a)",
        "'{:>3}'.format(a)",
        'a.translate(None, b)',
        "struct.unpack('=I', bytearray(a))",
    ],
)
def test_what_python_2_6_lacks_is_found(source: str) -> None:
    assert list(_missing(ast.parse(source)))


@pytest.mark.parametrize(
    'source', ["'{0}'.format(a)", 'bytes(a).translate(None, b)', 'with open(a) as b: pass', '{1: 2}']
)
def test_what_python_2_6_has_is_let_pass(source: str) -> None:
    assert not list(_missing(ast.parse(source)))
