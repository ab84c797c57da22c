# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The node program as it travels: the part of it that one operation needs, compressed, as text."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import ast
import base64
import functools
import json
import pathlib
import zlib

from ansible_collections.nodetcp.paws.plugins.module_utils import _node

PACKAGE = 'nodetcp_node'
OPERATIONS = 'operations'
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
        raise ValueError(f'the node program for {operation} has {len(packed)} bytes compressed, more than {LIMIT}')
    return base64.b64encode(packed).decode()


def _collect(root: pathlib.Path, parts: tuple[str, ...], sources: dict[str, tuple[bool, str]]) -> None:
    """Adds the module at `parts` (a path below the package), the packages around it and what they import."""
    name = '.'.join((PACKAGE, *parts))
    if name in sources:
        return
    place = root.joinpath(*parts)
    package = place.is_dir()
    text = (place / '__init__.py' if package else place.with_suffix('.py')).read_text(encoding='utf-8')
    sources[name] = (package, text)
    if parts:
        _collect(root, parts[:-1], sources)
    for imported in _imports(root, parts if package else parts[:-1], text):
        _collect(root, imported, sources)


def _imports(root: pathlib.Path, package: tuple[str, ...], text: str) -> list[tuple[str, ...]]:
    """The modules of the node program that a source text names in relative imports, as paths below the package."""
    found: list[tuple[str, ...]] = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        base = package[: len(package) - node.level + 1] + tuple((node.module or '').split('.') if node.module else ())
        for alias in node.names:
            candidate = (*base, alias.name)
            place = root.joinpath(*candidate)
            found.append(candidate if place.with_suffix('.py').exists() or place.is_dir() else base)
    return found
