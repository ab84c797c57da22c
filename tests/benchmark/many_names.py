# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`python3 -m tests.benchmark.many_names NAMES`: what the audit of a large fleet costs its controller, and the growth.

The hosts of a fleet on this machine stand in the inventory under NAMES names; the growth is against a tenth of them.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fleet.fleet import missing

from . import auditing
from .memory import Memory
from .results import BenchmarkError
from .running import Cost, program, run

NODES = 200
MIB = 1024 * 1024


@dataclass(frozen=True)
class Measured:
    """One run over so many names: its cost, its memory, the MiB of the page it wrote."""

    what: str
    names: int
    cost: Cost
    memory: Memory
    page: float = 0.0

    def row(self) -> tuple[str, ...]:
        cost, memory = self.cost, self.memory
        figures = (cost.wall, cost.user, cost.system, memory.own, memory.together)
        page = '%.2f' % self.page if self.page else '-'
        return (self.what, str(self.names), *('%.1f' % figure for figure in figures), page)


COLUMNS = ('run', 'names', 'wall s', 'user s', 'system s', 'main MiB', 'with forks MiB', 'audit.html MiB')


def _measure(what: str, names: int, command: Sequence[str]) -> Measured:
    memory = Memory()
    return Measured(what, names, run(command, memory=memory), memory)


def _audit(inventory: str, names: int, place: Path) -> Measured:
    report = place / ('report-%d' % names)
    found = _measure('audit', names, auditing.audit(inventory, report))
    auditing.check(report, names)
    page = (report / 'audit.html').stat().st_size / MIB
    return Measured(found.what, names, found.cost, found.memory, page)


def _growth(small: Measured, large: Measured) -> str:
    """Cost of a name in the large run by that in the small one, and what a name adds to the memory."""
    factor = large.names / small.names
    parts = [
        '%s %.2f' % (name, getattr(large.cost, name) / getattr(small.cost, name) / factor)
        for name in ('wall', 'cpu', 'user', 'system')
    ]
    added = (large.memory.own - small.memory.own) * 1024 / (large.names - small.names)
    return 'growth of a name, %d by %d: %s; main process +%.1f KiB a name' % (
        large.names,
        small.names,
        ', '.join(parts),
        added,
    )


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    return '\n'.join('  '.join(map(str.rjust, row, widths)) for row in rows)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog='python3 -m tests.benchmark.many_names', description=__doc__)
    parser.add_argument('names', type=int, metavar='NAMES', help='names in the inventory')
    parser.add_argument('--nodes', type=int, default=NODES, help='hosts behind them (%(default)s)')
    parser.add_argument('--peer', action='store_true', help='ansible -m ping of the same names, too')
    options = parser.parse_args(arguments)
    if options.names < 10:
        parser.error('NAMES must be at least 10')
    return options


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    reason = missing()
    if reason:
        sys.exit(reason)
    version = run([program('ansible'), '--version']).output.decode().split('\n', 1)[0]
    nodes = min(options.nodes, options.names)
    print('%d hosts under %d names, %s, %s CPUs' % (nodes, options.names, version, os.cpu_count()), flush=True)
    with auditing.fleet(nodes) as fleet, tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        run(auditing.audit(fleet.inventory, place / 'warm'))  # opens the connections, leaves bytecode
        sizes = (options.names // 10, options.names)
        inventories = {names: auditing.inventory(fleet, names, place) for names in sizes}
        found = [_audit(path, names, place) for names, path in inventories.items()]
        if options.peer:
            found.append(_measure('ping', options.names, auditing.ping(inventories[options.names])))
    print(_table([COLUMNS, *(each.row() for each in found)]))
    print(_growth(*found[:2]))
    for each in found[2:]:
        audit, peer = found[1].cost, each.cost
        print('audit by %s: wall %.2f, controller CPU %.2f' % (each.what, audit.wall / peer.wall, audit.cpu / peer.cpu))
    return 0


if __name__ == '__main__':
    try:
        sys.exit(main(sys.argv[1:]))
    except BenchmarkError as error:
        sys.exit(str(error))
