# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests/unit imports is what `ansible-test units` installs for it: those suites take minutes, this does not."""

from __future__ import annotations

import ast
import importlib.metadata
import sys
from pathlib import Path

from tests.gates.gates import CHECKOUT

UNIT = CHECKOUT / 'tests' / 'unit'
# ansible-test brings these itself; the last three are of this repository.
GIVEN = {'ansible', 'ansible_collections', 'jinja2', 'pytest', 'yaml', '_node', 'tests', 'tools'}


def _imported(path: Path) -> set[str]:
    """The first names of all modules that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return {name.partition('.')[0] for name in found}


def test_what_unit_tests_import_is_in_their_requirements() -> None:
    files = list(UNIT.rglob('*.py'))
    own = {path.stem for path in files} | GIVEN | sys.stdlib_module_names
    lines = (UNIT / 'requirements.txt').read_text(encoding='utf-8').splitlines()
    required = {line for line in lines if not line.startswith('#')}
    belongs = importlib.metadata.packages_distributions()
    for path in files:
        for name in _imported(path) - own:
            assert set(belongs.get(name, [name])) & required, '%s imports %s' % (path.relative_to(CHECKOUT), name)
