# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""kubectl, where the machine has it."""

from __future__ import annotations

import shutil

import pytest


@pytest.fixture(scope='session')
def kubectl() -> str:
    found = shutil.which('kubectl')
    if not found:
        pytest.skip('no kubectl here (Debian: kubernetes-client)')
    return found
