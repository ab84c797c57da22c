# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two fixtures of pytest-ansible on the test fleet. Nothing else here knows that package.

Its end is planned for December 2026. Then ``ansible_adhoc`` here starts ``ansible HOST -m MODULE -a ARGUMENTS`` of
ansible-core itself, and ``ansible_module`` is ``ansible_adhoc()[HOST]``; the tests stay as they are.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest

from tests.fleet import Fleet
from tests.fleet.conftest import fleet_possible, standard_fleet

__all__ = ['fleet_possible', 'standard_fleet']


@pytest.fixture
def ansible_adhoc(ansible_adhoc: Callable[..., Any], standard_fleet: Fleet) -> Callable[..., Any]:
    """ansible_adhoc(host_pattern=...) on the fleet; ``ansible_module`` of the package builds on it."""
    return functools.partial(ansible_adhoc, inventory=standard_fleet.inventory)
