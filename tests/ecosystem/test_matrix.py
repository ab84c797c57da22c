# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table that `make matrix` writes: in both READMEs, of the cores that the tests use, without a hole."""

from __future__ import annotations

import pytest

from tests.ecosystem.matrix import (
    BY_HAND,
    CORES,
    NEWEST_AT_LEAST,
    NODES,
    OK,
    PLACE,
    WORDS,
    Matrix,
    pinned,
    read,
    table,
    version,
)
from tests.gates.gates import CHECKOUT

STALE = 'run `make matrix`'


def written(name: str) -> str:
    found = PLACE.search((CHECKOUT / name).read_text(encoding='utf-8'))
    assert found is not None, '%s has no place for the table' % name
    return found[0].split('-->\n', 1)[1].removesuffix('<!-- matrix:end -->')


def table_of(name: str) -> Matrix:
    return read((CHECKOUT / name).read_text(encoding='utf-8'))


@pytest.mark.parametrize('name', WORDS)
def test_table_is_of_the_supported_versions(name: str) -> None:
    matrix = table_of(name)
    assert matrix.cores == [pinned(core) for core in CORES], STALE
    assert matrix.version == version(), STALE
    minors = [tuple(int(part) for part in python.split('.')[:2]) for python in matrix.pythons]
    assert minors[:-1] == [tuple(int(part) for part in minor.split('.')) for minor in (BY_HAND, *NODES)], STALE
    assert minors[-1] >= NEWEST_AT_LEAST, STALE
    assert {cell for row in matrix.cells.values() for cell in row.values()} == {OK}


@pytest.mark.parametrize('name', WORDS)
def test_table_is_as_the_script_writes_it(name: str) -> None:
    assert written(name) == table(table_of('README.md'), WORDS[name])
