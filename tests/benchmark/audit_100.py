# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit of 100 hosts against `ansible -m ping` of the same hosts: whole processes, warm connections, in pairs.

Beside it the audit over documented interfaces alone, and the growth where the same hosts have 400 names.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.fleet import Fleet
from tests.fleet.fleet import missing

from . import auditing
from .memory import Memory
from .results import Benchmark, Row, Samples, ratios
from .running import run

HOSTS, NAMES = 100, 400
PAIRS, DOCUMENTED_PAIRS = 5, 2
#: row: (kind of run, field of Run, bar)
AGAINST_PING = {
    'audit_100_wall_vs_ping': ('audit', 'wall', 0.6),
    'audit_100_controllercpu_vs_ping': ('audit', 'controller', 0.9),
    'audit_100_hostcpu_vs_ping': ('audit', 'hosts', 0.2),
    'audit_100_documented_wall_vs_ping': ('documented', 'wall', 0.6),
    'audit_100_documented_controllercpu_vs_ping': ('documented', 'controller', 1.2),
}
GROWTH = ('audit_400_names_controllercpu_growth', 'audit_400_names_main_kib_per_name')


@dataclass(frozen=True)
class Run:
    """Seconds: wall, CPU of the controller, CPU on behalf of the hosts. MiB of the main process at most."""

    wall: float
    controller: float
    hosts: float
    main: float


def _timed(fleet: Fleet, command: list[str]) -> Run:
    before, memory = fleet.cpu_seconds(), Memory()
    cost = run(command, memory=memory)
    return Run(cost.wall, cost.cpu, fleet.cpu_seconds() - before, memory.own)


def _runs() -> dict[str, list[Run]]:
    """The runs of each kind: ping, audit and documented taken in turn, then one over many names."""
    with auditing.fleet(HOSTS) as fleet, tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        ping, report = auditing.ping(fleet.inventory), place / 'report'

        def audit(inventory: str, names: int, *more: str) -> Run:
            found = _timed(fleet, [*auditing.audit(inventory, report), *more])
            auditing.check(report, names)
            return found

        run(ping)  # opens the connections, which then stay open
        run([*auditing.audit(fleet.inventory, report), '--limit', next(iter(fleet.hosts))])  # leaves bytecode
        kinds: dict[str, Callable[[], Run]] = {
            'ping': lambda: _timed(fleet, ping),
            'audit': lambda: audit(fleet.inventory, HOSTS),
            'documented': lambda: audit(fleet.inventory, HOSTS, '-e', 'paws_transport=documented'),
        }
        found: dict[str, list[Run]] = {kind: [] for kind in kinds}
        for pair in range(PAIRS):
            for kind, measured in kinds.items():
                if kind != 'documented' or pair < DOCUMENTED_PAIRS:
                    found[kind].append(measured())
        return {**found, 'many': [audit(auditing.inventory(fleet, NAMES, place), NAMES)]}


def _samples(runs: dict[str, list[Run]], kind: str, field: str) -> Samples:
    unit = {'wall': 'wall s', 'main': 'main process, MiB'}.get(field, 'CPU s, %s' % field)
    return Samples('%s, %s' % (kind, unit), tuple(getattr(one, field) for one in runs[kind]))


def _against_ping(runs: dict[str, list[Run]], name: str) -> Row:
    kind, field, bound = AGAINST_PING[name]
    ours, peers = _samples(runs, kind, field), _samples(runs, 'ping', field)
    ratio = ratios('%s by ping, %s' % (kind, field), ours.values, peers.values[: len(ours.values)])
    against = 'ansible -m ping, %d hosts, median of %d pairs' % (HOSTS, len(ours.values))
    return Row(name, ratio.median, 'ratio', bound, against, (ours, peers, ratio))


def _growth(runs: dict[str, list[Run]]) -> list[Row]:
    few, many = ([_samples(runs, kind, field) for field in ('controller', 'main')] for kind in ('audit', 'many'))
    spent, held = zip(few, many, strict=True)
    growth = spent[1].median / spent[0].median / (NAMES / HOSTS)
    added = (held[1].median - held[0].median) * 1024 / (NAMES - HOSTS)
    against = '%d names by %d' % (NAMES, HOSTS)
    return [
        Row(GROWTH[0], growth, 'ratio', 1.1, against, spent),
        Row(GROWTH[1], added, 'KiB', 20, against, held),
    ]


def measure() -> list[Row]:
    runs = _runs()
    return [*(_against_ping(runs, name) for name in AGAINST_PING), *_growth(runs)]


BENCHMARK = Benchmark((*AGAINST_PING, *GROWTH), measure, missing)
