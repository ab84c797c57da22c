# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The node program as it travels: the part of it that one operation needs, without comments, compressed, as text."""

import ast
import base64
import functools
import json
import pathlib
import re
import zlib
from collections.abc import Iterator, Sequence

from ...module_utils import _node

PACKAGE = 'nodetcp_node'
OPERATIONS = 'operations'
INDENT = 4
LIMIT = 48 * 1024
_STRING_OR_COMMENT = re.compile(
    rb'''("""|\'\'\')(?:[^\\]|\\.)*?\1|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\#[^\n]*''', re.DOTALL
)


@functools.cache
def payload(operation: str) -> str:
    """Base64 of zlib of JSON {module: [is a package, source]}: `operation` and all it imports, also inside functions.

    zlib and JSON rather than a zip file: reading one costs the node the import of zipfile. At most LIMIT bytes before
    base64, or ValueError.
    """
    root = pathlib.Path(_node.__path__[0])
    sources: dict[str, tuple[bool, str]] = {}
    _collect(root, (OPERATIONS, operation), sources)
    packed = zlib.compress(json.dumps(sources, sort_keys=True).encode(), 9)
    if len(packed) > LIMIT:
        raise ValueError(
            'the node program for %s has %s bytes compressed, more than %s' % (operation, len(packed), LIMIT)
        )
    return base64.b64encode(packed).decode()


def _collect(root: pathlib.Path, parts: tuple[str, ...], sources: dict[str, tuple[bool, str]]) -> None:
    """Adds the module at `parts` (a path below the package), the packages around it and what they import."""
    name = '.'.join((PACKAGE, *parts))
    if name in sources:
        return
    package, source, imports = _module(root, parts)
    sources[name] = (package, source)
    if parts:
        _collect(root, parts[:-1], sources)
    for imported in imports:
        _collect(root, imported, sources)


@functools.cache
def _module(root: pathlib.Path, parts: tuple[str, ...]) -> tuple[bool, str, list[tuple[str, ...]]]:
    """(is a package, what travels of it, what it imports) of one module: most operations share most of them."""
    place = root.joinpath(*parts)
    package = place.is_dir()
    text = (place / '__init__.py' if package else place.with_suffix('.py')).read_text(encoding='utf-8')
    nodes = list(ast.walk(ast.parse(text)))
    return package, bare(text, nodes), _imports(root, parts if package else parts[:-1], nodes)


def bare(text: str, nodes: Sequence[ast.AST]) -> str:
    """The source `text`, whose syntax tree has these nodes, without comments and docstrings, indented by one space, not
    four.

    Each line keeps its number, so that an error on a node names the line of the file. The coding line stays: Python 2
    needs it.
    """
    data = text.encode()  # columns of the syntax tree are bytes
    lines, cuts, inside = data.split(b'\n'), list(_docstrings(nodes)), set[int]()
    for line, column, token in _strings_and_comments(data):
        if not token.startswith(b'#'):
            inside.update(range(line + 1, line + 1 + token.count(b'\n')))
        elif b'coding:' not in token:
            cuts.append((line, column, line, column + len(token), b''))
    for first, start, last, end, rest in sorted(cuts, reverse=True):
        lines[first] = (lines[first][:start] + rest + lines[last][end:]).rstrip()
        lines[first + 1 : last + 1] = [b''] * (last - first)
    # Lines, counted from 0, that begin within a string stay as they are.
    shallow = (line if number in inside else _shallow(line) for number, line in enumerate(lines))
    return b'\n'.join(shallow).decode()


def _shallow(line: bytes) -> bytes:
    """A step of indentation is four spaces in the source; what is left over belongs to a continued line."""
    rest = line.lstrip(b' ')
    return b' ' * ((len(line) - len(rest)) // INDENT) + rest


def _strings_and_comments(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(line, column, text) of each in a source that compiles. The tokenize module takes ten times as long for it."""
    line, since = 0, 0
    for found in _STRING_OR_COMMENT.finditer(data):
        line += data.count(b'\n', since, found.start())
        since = found.start()
        yield line, since - data.rfind(b'\n', 0, since) - 1, found[0]


def _docstrings(nodes: Sequence[ast.AST]) -> Iterator[tuple[int, int, int, int, bytes]]:
    """(first line, column, last line, column, what stands there instead) of each."""
    for node in nodes:
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node, False):
            place = node.body[0]
            yield place.lineno - 1, place.col_offset, (place.end_lineno or 0) - 1, place.end_col_offset or 0, b"''"


def _imports(root: pathlib.Path, package: tuple[str, ...], nodes: Sequence[ast.AST]) -> list[tuple[str, ...]]:
    """The modules of the node program that relative imports name, as paths below the package."""
    found: list[tuple[str, ...]] = []
    for node in nodes:
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        base = package[: len(package) - node.level + 1] + tuple((node.module or '').split('.') if node.module else ())
        for alias in node.names:
            candidate = (*base, alias.name)
            place = root.joinpath(*candidate)
            found.append(candidate if place.with_suffix('.py').exists() or place.is_dir() else base)
    return found
