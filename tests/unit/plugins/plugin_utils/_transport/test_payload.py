# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The node program travels without its comments, and an error on a node still names the line of the file."""

import ast
import base64
import json
import pathlib
import zlib

import pytest

from ansible_collections.nodetcp.paws.plugins.module_utils import _node
from ansible_collections.nodetcp.paws.plugins.plugin_utils._transport import payload

ROOT = pathlib.Path(_node.__path__[0])
OPERATIONS = sorted(path.stem for path in (ROOT / 'operations').glob('[a-z]*.py'))

TEXT = '''# -*- coding: utf-8 -*-
# A licence.
"""What it is for:
two lines."""
LIST = [1,  # one
        2]
URL = "http://x/#part"  # «kept»


class Empty(Exception):
    """Nothing else."""


def work(one):
    """Adds é."""  # of course
    return one + "# no comment"
'''


def bare(text: str) -> str:
    return payload.bare(text, list(ast.walk(ast.parse(text))))


def test_comments_and_docstrings_stay_on_the_controller() -> None:
    assert bare(TEXT).split('\n') == [
        '# -*- coding: utf-8 -*-',
        '',
        "''",
        '',
        'LIST = [1,',
        '  2]',
        'URL = "http://x/#part"',
        '',
        '',
        'class Empty(Exception):',
        " ''",
        '',
        '',
        'def work(one):',
        " ''",
        ' return one + "# no comment"',
        '',
    ]


def test_what_is_inside_a_string_is_not_indented_anew() -> None:
    text = """def work():\n    return '''first\n        second'''\n"""
    assert bare(text) == """def work():\n return '''first\n        second'''\n"""


class _WithoutDocstrings(ast.NodeTransformer):
    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node, False) is not None:
            node.body[0] = ast.Expr(ast.Constant(''), lineno=node.body[0].lineno)
        return node


def _program(text: str) -> list[tuple[str, int | None]]:
    """Each statement with the line that a traceback would name."""
    tree = _WithoutDocstrings().visit(ast.parse(text))
    return [(ast.dump(node), node.lineno) for node in ast.walk(tree) if isinstance(node, ast.stmt)]


@pytest.mark.parametrize('operation', OPERATIONS)
def test_what_travels_is_the_program_line_by_line(operation: str) -> None:
    sources = json.loads(zlib.decompress(base64.b64decode(payload.payload(operation))))
    assert sources
    for name, (package, text) in sources.items():
        place = ROOT.joinpath(*name.split('.')[1:])
        original = (place / '__init__.py' if package else place.with_suffix('.py')).read_text(encoding='utf-8')
        assert _program(text) == _program(original), name
