# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""For `ansible-test units`, which reads no pyproject.toml: what that file tells pytest."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
for place in (CHECKOUT, CHECKOUT / 'tests' / 'unit' / 'plugins' / 'module_utils' / '_node'):
    if str(place) not in sys.path:
        sys.path.insert(0, str(place))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line('markers', 'long: takes minutes')
