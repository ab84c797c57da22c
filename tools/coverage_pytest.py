# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A pytest plugin: scenarios run the newest ansible-core from the environment that has coverage, and the others not."""

from tools import venv

NEWEST = 'core-2.21'
OTHERS = ('[2.16', '[2.19')

venv.ENVIRONMENTS[NEWEST] = venv.ENVIRONMENTS['quality']


def pytest_collection_modifyitems(config, items):
    left_out = [item for item in items if any(mark in item.nodeid for mark in OTHERS)]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)
