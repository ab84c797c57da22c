# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`python3 -m tests.benchmark [ROW...]`: measure, print a table, write benchmark.json; status 1 if a bar was missed."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from . import node
from .results import Benchmark, BenchmarkError, Row
from .rows import BENCHMARKS
from .running import CHECKOUT, run

OUTPUT = CHECKOUT / 'benchmark.json'


def _chosen(names: Sequence[str]) -> list[Benchmark]:
    known = [name for benchmark in BENCHMARKS for name in benchmark.names]
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit('no row is called %s; the rows are: %s' % (unknown[0], ', '.join(known)))
    return [benchmark for benchmark in BENCHMARKS if not names or set(names) & set(benchmark.names)]


def _runnable(benchmarks: Sequence[Benchmark]) -> list[Benchmark]:
    """Those that can run here; the others are named in one line with the reasons."""
    left_out: dict[str, list[str]] = {}
    runnable = []
    for benchmark in benchmarks:
        reason = benchmark.missing()
        if reason:
            left_out.setdefault(reason, []).extend(benchmark.names)
        else:
            runnable.append(benchmark)
    if left_out:
        print('left out: %s' % '; '.join('%s (%s)' % (', '.join(names), why) for why, names in left_out.items()))
    return runnable


def _measure(benchmark: Benchmark) -> list[Row]:
    print('measuring %s' % ', '.join(benchmark.names), flush=True)
    rows = benchmark.measure()
    for samples in dict.fromkeys(samples for row in rows for samples in row.samples):
        print('  %s' % samples, flush=True)
    return rows


def _table(rows: Sequence[Row]) -> str:
    cells = [('row', 'value', 'bar', 'unit', '', 'against')]
    cells += [
        (row.name, '%.3f' % row.value, '%g' % row.bar, row.unit, 'ok' if row.ok else 'MISSED', row.against)
        for row in rows
    ]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    return '\n'.join('  '.join(map(str.ljust, line, widths)).rstrip() for line in cells)


def main(names: Sequence[str]) -> int:
    rows, failed = [], False
    version = run([node.python(), '-V']).output.decode().strip()
    print('node programs measured alone run on %s: %s' % (node.python(), version), flush=True)
    for benchmark in _runnable(_chosen(names)):
        try:
            rows += _measure(benchmark)
        except BenchmarkError as error:
            print('%s: %s' % (', '.join(benchmark.names), error), file=sys.stderr)
            failed = True
    OUTPUT.write_text(json.dumps([row.as_json() for row in rows], indent=1) + '\n', encoding='utf-8')
    print('\n%s\n\n%s' % (_table(rows), OUTPUT))
    return int(failed or not all(row.ok for row in rows))


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
