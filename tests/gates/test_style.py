# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text is filled with `%` on both sides: the node's oldest Pythons have no f-strings, and one way is enough."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.gates.gates import CHECKOUT

FILES = sorted(path for part in ('plugins', 'tests', 'tools') for path in (CHECKOUT / part).rglob('*.py'))


def _f_strings(path: Path) -> list[int]:
    tree = ast.parse(path.read_text(encoding='utf-8'))
    return [node.lineno for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]


def test_text_is_filled_in_one_way() -> None:
    found = ['%s:%d' % (path.relative_to(CHECKOUT), line) for path in FILES for line in _f_strings(path)]
    assert not found, 'f-strings: %s' % ', '.join(found)


@pytest.mark.parametrize('source', ["f'{name}'", 'f"{name!r} x"'])
def test_an_f_string_is_found(tmp_path: Path, source: str) -> None:
    path = tmp_path / 'file.py'
    path.write_text(source, encoding='utf-8')
    assert _f_strings(path) == [1]
