# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table that `make matrix` writes: in both READMEs, of the cores that the tests use, without a hole."""

from __future__ import annotations

import re

import pytest

from tests.ecosystem.matrix import CORES, NEWEST_AT_LEAST, NODES, OK, PLACE, WORDS, Matrix, pinned, table, version
from tests.gates.gates import CHECKOUT

STALE = 'run `make matrix`'


def written(name: str) -> str:
    found = PLACE.search((CHECKOUT / name).read_text(encoding='utf-8'))
    assert found is not None, '%s has no place for the table' % name
    return found[0].split('-->\n', 1)[1].removesuffix('<!-- matrix:end -->')


def read(name: str) -> Matrix:
    """The table as it is written; AssertionError where it is not well-formed."""
    lines = written(name).splitlines()
    rows = [[cell.strip() for cell in line.strip('|').split('|')] for line in lines if line.startswith('|')]
    assert len(rows) > 2, STALE
    cores = rows[0][1:]
    cells = {row[0]: dict(zip(cores, row[1:], strict=True)) for row in rows[2:]}
    date = re.search(r'\d{4}-\d\d-\d\d', lines[-1])
    named = re.search(r' (\d+\.\d+\.\d+)\b', lines[-1])
    assert date is not None
    assert named is not None
    return Matrix(named[1], date[0], cores, list(cells), cells)


@pytest.mark.parametrize('name', WORDS)
def test_table_is_of_the_supported_versions(name: str) -> None:
    matrix = read(name)
    assert matrix.cores == [pinned(core) for core in CORES], STALE
    assert matrix.version == version(), STALE
    minors = [tuple(int(part) for part in python.split('.')[:2]) for python in matrix.pythons]
    assert minors[:-1] == [tuple(int(part) for part in minor.split('.')) for minor in NODES], STALE
    assert minors[-1] >= NEWEST_AT_LEAST, STALE
    assert {cell for row in matrix.cells.values() for cell in row.values()} == {OK}


@pytest.mark.parametrize('name', WORDS)
def test_table_is_as_the_script_writes_it(name: str) -> None:
    assert written(name) == table(read('README.md'), WORDS[name])
