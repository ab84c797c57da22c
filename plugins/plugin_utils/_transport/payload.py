# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The node program as it travels: the part of it that one operation needs, without comments, compressed, as text."""

import ast
import base64
import functools
import io
import json
import pathlib
import tokenize
import zlib
from collections.abc import Iterator, Sequence

from ...module_utils import _node

PACKAGE = 'nodetcp_node'
OPERATIONS = 'operations'
INDENT = 4
LIMIT = 48 * 1024


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
    tree = ast.parse(text)
    return package, bare(text, tree), _imports(root, parts if package else parts[:-1], tree)


def bare(text: str, tree: ast.Module) -> str:
    """The source `text`, whose syntax is `tree`, without comments and docstrings, indented by one space, not four.

    Each line keeps its number, so that an error on a node names the line of the file. The coding line stays: Python 2
    needs it.
    """
    lines = text.encode().split(b'\n')  # columns of the syntax tree are bytes
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    inside = {line for token in tokens if token.type == tokenize.STRING for line in range(token.start[0], token.end[0])}
    for first, start, last, end, rest in sorted(_prose(tokens, tree), reverse=True):
        lines[first] = (lines[first][:start] + rest + lines[last][end:]).rstrip()
        lines[first + 1 : last + 1] = [b''] * (last - first)
    # Lines, counted from 0, that begin within a string stay as they are.
    shallow = (line if number in inside else _shallow(line) for number, line in enumerate(lines))
    return b'\n'.join(shallow).decode()


def _shallow(line: bytes) -> bytes:
    """A step of indentation is four spaces in the source; what is left over belongs to a continued line."""
    rest = line.lstrip(b' ')
    return b' ' * ((len(line) - len(rest)) // INDENT) + rest


def _prose(tokens: Sequence[tokenize.TokenInfo], tree: ast.Module) -> Iterator[tuple[int, int, int, int, bytes]]:
    """(first line, column, last line, column, what stands there instead) of each docstring and comment."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node, False):
            place = node.body[0]
            yield place.lineno - 1, place.col_offset, (place.end_lineno or 0) - 1, place.end_col_offset or 0, b"''"
    for token in tokens:
        if token.type == tokenize.COMMENT and 'coding:' not in token.string:
            line = token.start[0] - 1
            yield line, len(token.line[: token.start[1]].encode()), line, len(token.line[: token.end[1]].encode()), b''


def _imports(root: pathlib.Path, package: tuple[str, ...], tree: ast.Module) -> list[tuple[str, ...]]:
    """The modules of the node program that a syntax tree names in relative imports, as paths below the package."""
    found: list[tuple[str, ...]] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        base = package[: len(package) - node.level + 1] + tuple((node.module or '').split('.') if node.module else ())
        for alias in node.names:
            candidate = (*base, alias.name)
            place = root.joinpath(*candidate)
            found.append(candidate if place.with_suffix('.py').exists() or place.is_dir() else base)
    return found
