# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a machine needs for these tests; where it lacks something, that is said in one line."""

from __future__ import annotations

import dataclasses
import functools

import pytest

from . import figures, lab, variants


@pytest.fixture
def tools() -> None:
    reason = lab.missing('iptables')
    if reason:
        pytest.skip(reason)


@pytest.fixture
def kernel(tools: None) -> None:
    if not _offset_per_connection():
        pytest.skip('the kernel of this machine gives a client one clock for all connections (before 6.12.94, 6.18.17)')


@functools.cache
def _offset_per_connection() -> bool:
    """Whether the kernel has commit 165573e41f2f: seen by what happens, for vendors take it over as they like."""
    few = dataclasses.replace(variants.FAULT, ports=(40000, 40019), per_s=60.0, seconds=1.0, nat_time_wait=1)
    return figures.run(few).turned_away > 0
