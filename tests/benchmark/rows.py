# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every row of benchmark.json, with its bar. A new measurement is a module beside this one and a line here."""

from __future__ import annotations

from . import (
    apply_12,
    audit_100,
    kubernetes_100,
    namespaces_500,
    nat_rules_5000,
    page_5000,
    payload,
    replay_1m,
    report_10000,
    sample_500,
    scan_20000,
    syn_100k,
    timewait_200k,
)
from .results import Benchmark

BENCHMARKS: tuple[Benchmark, ...] = (
    payload.BENCHMARK,
    namespaces_500.BENCHMARK,
    sample_500.BENCHMARK,
    nat_rules_5000.BENCHMARK,
    audit_100.BENCHMARK,
    apply_12.BENCHMARK,
    kubernetes_100.BENCHMARK,
    replay_1m.BENCHMARK,
    syn_100k.BENCHMARK,
    report_10000.BENCHMARK,
    page_5000.BENCHMARK,
    timewait_200k.BENCHMARK,
    scan_20000.BENCHMARK,
)
