# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much goes to a node: the largest payload over all operations of the node program, before base64."""

from __future__ import annotations

from .node import operations, packed
from .results import Benchmark, BenchmarkError, Row


def measure() -> list[Row]:
    try:
        sizes = {operation: len(packed(operation)) / 1024 for operation in operations()}
    except ValueError as error:  # over the limit that an action keeps to
        raise BenchmarkError(str(error)) from error
    largest = max(sizes, key=lambda operation: sizes[operation])
    return [Row('payload_kib', sizes[largest], 'KiB', 48, 'largest of %d operations: %s' % (len(sizes), largest))]


BENCHMARK = Benchmark(('payload_kib',), measure)
