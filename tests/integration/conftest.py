# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests below modules/ are for a process of their own (test_pytest_ansible.py)."""

from __future__ import annotations

from tests.fleet.conftest import fleet_possible

__all__ = ['fleet_possible']

collect_ignore = ['modules']
