# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`python3 -m tests.benchmark.many_names NAMES`: what the audit of a large fleet costs its controller, and the growth.

The hosts of a fleet on this machine stand in the inventory under NAMES names; the growth is against a tenth of them.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fleet import Fleet
from tests.fleet.fleet import missing
from tests.gates.gates import programs_of

from . import auditing
from .memory import Memory
from .results import BenchmarkError
from .running import CHECKOUT, Cost, program, run

NODES = 200
COLUMNS = ('run', 'names', 'wall s', 'user s', 'system s', 'main MiB', 'with forks MiB', 'audit.html MiB')
MIB = 1024 * 1024
SLICES = CHECKOUT / 'docs' / 'examples' / 'runner' / 'slices.sh'
JOB = {
    'project/audit.yml': '- import_playbook: nodetcp.paws.audit\n',
    'env/extravars': '{"audit_report_dir": "{{ lookup(\'env\', \'AWX_ISOLATED_DATA_DIR\') }}/paws-report"}',
}


@dataclass(frozen=True)
class Measured:
    """One run over so many names: its cost, its memory, the MiB of the page it wrote; 0 for what it has not.

    main: of the main process, which several slices do not have.
    """

    what: str
    names: int
    cost: Cost
    memory: Memory
    main: float = 0.0
    page: float = 0.0

    def __str__(self) -> str:
        cost, memory = self.cost, self.memory
        figures = (cost.wall, cost.user, cost.system, self.main, memory.together, self.page)
        return _line(self.what, str(self.names), *('%.2f' % figure if figure else '-' for figure in figures))


def _line(*cells: str) -> str:
    return ' '.join(cell.rjust(14) for cell in cells)


def _ping(inventory: str, names: int) -> Measured:
    memory = Memory()
    cost = run(auditing.ping(inventory), memory=memory)
    return Measured('ping', names, cost, memory, memory.own)


def _audit(inventory: str, names: int, place: Path) -> Measured:
    report, memory = place / ('report-%d' % names), Memory()
    cost = run(auditing.audit(inventory, report), memory=memory)
    return Measured('audit', names, cost, memory, memory.own, _page(report, names))


def _slices(count: int, inventory: str, names: int, place: Path) -> Measured:
    """By ansible-runner, all at once, with the report of all; the example of the guide does it."""
    job, out, memory = place / ('job-%d' % count), place / ('slices-%d' % count), Memory()
    for name, text in JOB.items():
        (job / name).parent.mkdir(parents=True, exist_ok=True)
        (job / name).write_text(text, encoding='utf-8')
    (job / 'inventory').symlink_to(inventory)
    path = '%s:%s' % (programs_of('ecosystem'), os.environ['PATH'])
    cost = run(['env', 'PATH=%s' % path, str(SLICES), str(count), str(job), str(out)], memory=memory)
    return Measured('%d slices' % count, names, cost, memory, page=_page(out / 'whole', names))


def _page(report: Path, names: int) -> float:
    auditing.check(report, names)
    return (report / 'audit.html').stat().st_size / MIB


def _all(options: argparse.Namespace, fleet: Fleet, place: Path) -> Iterator[Measured]:
    """The audit, between audits of a tenth; slices; then pairs of ping and the audit, in turn."""
    run(auditing.audit(fleet.inventory, place / 'warm'))  # opens the connections, leaves bytecode
    tenth, inventory = (auditing.inventory(fleet, names, place) for names in (options.names // 10, options.names))
    for names, how_many in (
        (tenth, options.names // 10),
        (inventory, options.names),
        *[(tenth, options.names // 10)] * 2,
    ):
        yield _audit(names, how_many, place)
    for count in options.slices:
        yield _slices(count, inventory, options.names, place)
    for _pair in range(options.pairs):
        yield _ping(inventory, options.names)
        yield _audit(inventory, options.names, place)


def _growth(large: Measured, smalls: Sequence[Measured]) -> str:
    """Cost of a name in the large run by the median of that in the small ones, and what a name adds to the memory."""
    small = smalls[0]
    factor = large.names / small.names
    parts = [
        '%s %.2f'
        % (name, getattr(large.cost, name) / statistics.median(getattr(each.cost, name) for each in smalls) / factor)
        for name in ('wall', 'cpu', 'user', 'system')
    ]
    added = (large.main - small.main) * 1024 / (large.names - small.names)
    return 'growth of a name, %d by %d: %s; main process +%.1f KiB a name' % (
        large.names,
        small.names,
        ', '.join(parts),
        added,
    )


def _against_ping(found: Sequence[Measured]) -> str:
    """The audit by ping, the median of the pairs, and the range of them."""
    pairs = [(audit.cost, ping.cost) for ping, audit in itertools.pairwise(found) if ping.what == 'ping']
    parts = []
    for name, part in (('wall', 'wall'), ('controller CPU', 'cpu')):
        ratios = sorted(getattr(audit, part) / getattr(ping, part) for audit, ping in pairs)
        parts.append('%s %.2f (%.2f to %.2f)' % (name, statistics.median(ratios), ratios[0], ratios[-1]))
    return 'audit by ping, median of %d: %s' % (len(pairs), ', '.join(parts))


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog='python3 -m tests.benchmark.many_names', description=__doc__)
    parser.add_argument('names', type=int, metavar='NAMES', help='names in the inventory')
    parser.add_argument('--nodes', type=int, default=NODES, help='hosts behind them (%(default)s)')
    parser.add_argument('--pairs', type=int, default=0, help='so many pairs of ansible -m ping and the audit, too')
    parser.add_argument('--slices', type=int, nargs='+', default=[], help='numbers of slices by ansible-runner, too')
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
    print('%d hosts under %d names, %s, %s CPUs' % (nodes, options.names, version, os.cpu_count()))
    print(_line(*COLUMNS), flush=True)
    found = []
    with auditing.fleet(nodes) as fleet, tempfile.TemporaryDirectory() as directory:
        for each in _all(options, fleet, Path(directory)):
            print(each, flush=True)
            found.append(each)
    print(_growth(found[1], [found[0], *found[2:4]]))
    if options.pairs:
        print(_against_ping(found))
    return 0


if __name__ == '__main__':
    try:
        sys.exit(main(sys.argv[1:]))
    except BenchmarkError as error:
        sys.exit(str(error))
