# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The standard fleet as a fixture; where it cannot be had, the reason in one line."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from . import Fleet, hosts
from .fleet import missing


@pytest.fixture(scope='session')
def fleet_possible() -> None:
    reason = missing()
    if reason:
        pytest.skip(reason)


@pytest.fixture(scope='session')
def standard_fleet(fleet_possible: None) -> Iterator[Fleet]:
    with Fleet(hosts.standard()) as fleet:
        yield fleet
