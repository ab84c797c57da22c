# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The standard fleet."""

from __future__ import annotations

from .spec import Host


def plain(number: int) -> list[Host]:
    """``number`` hosts alike with this kernel's defaults: for benchmarks."""
    return [Host("host%03d" % index, expect="clean") for index in range(1, number + 1)]
