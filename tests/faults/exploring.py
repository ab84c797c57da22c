# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many random cases of one check: always the same few in every run, others each time in the long one."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SHARES = pytest.mark.parametrize('share', ['sample', pytest.param('long', marks=pytest.mark.long)])


def explore(what: str, check: Callable[[random.Random], None], share: str, few: int, many: int) -> None:
    """check(chance) for `few` cases, or `many` in the long run; hypothesis shows the smallest case that fails.

    Prints how many cases there were.
    """
    count = 0

    @settings(
        max_examples=many if share == 'long' else few,
        derandomize=share != 'long',
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.randoms(use_true_random=False))
    def case(chance: random.Random) -> None:
        nonlocal count
        count += 1
        check(chance)

    case()
    print('%s: %d cases' % (what, count))
