# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit of 100 hosts against `ansible -m ping` of the same hosts: whole processes, warm connections, in pairs."""

from __future__ import annotations

import json
import pathlib
import tempfile
from dataclasses import dataclass, replace

from tests.fleet import Fleet, hosts
from tests.fleet.fleet import missing

from .results import Benchmark, BenchmarkError, Row, Samples, ratios
from .running import CHECKOUT, program, run

HOSTS = 100
PAIRS = 3
STATE_DIR = 'var/lib/nodetcp-paws'
AUDIT = CHECKOUT / 'playbooks' / 'audit.yml'


@dataclass(frozen=True)
class Run:
    """Seconds: wall, CPU of the controller, CPU on behalf of the hosts."""

    wall: float
    controller: float
    hosts: float


def _timed(fleet: Fleet, command: list[str]) -> Run:
    before = fleet.cpu_seconds()
    cost = run(command)
    return Run(cost.wall, cost.cpu, fleet.cpu_seconds() - before)


def _audited(report: str) -> None:
    """A run that did not see every host would be fast for nothing."""
    document = json.loads((pathlib.Path(report) / 'audit.json').read_text(encoding='utf-8'))
    seen = sum(host['status'] == 'ok' for host in document['hosts'])
    if seen != HOSTS:
        raise BenchmarkError('the audit saw %d of %d hosts' % (seen, HOSTS))


def _pairs() -> tuple[list[Run], list[Run]]:
    """(audits, pings), taken in turn."""
    audits, pings = [], []
    never_changed = [replace(host, hide=(STATE_DIR,)) for host in hosts.plain(HOSTS)]
    with Fleet(never_changed) as fleet, tempfile.TemporaryDirectory() as report:
        ping = [program('ansible'), '-i', fleet.inventory, 'all', '-m', 'ansible.builtin.ping']
        audit = [program('ansible-playbook'), '-i', fleet.inventory, str(AUDIT), '-e', 'audit_report_dir=%s' % report]
        run(ping)  # opens the connections, which then stay open
        run([*audit, '--limit', next(iter(fleet.hosts))])  # leaves bytecode, as earlier runs have
        for _pair in range(PAIRS):
            pings.append(_timed(fleet, ping))
            audits.append(_timed(fleet, audit))
            _audited(report)
    return audits, pings


def measure() -> list[Row]:
    audits, pings = _pairs()
    samples, medians = [], []
    for what in ('wall', 'hosts', 'controller'):
        ours, peers = (tuple(getattr(one, what) for one in runs) for runs in (audits, pings))
        quantity = 'wall s' if what == 'wall' else 'CPU s, %s' % what
        ratio = ratios('audit by ping, %s' % quantity.replace(' s', '', 1), ours, peers)
        samples.append((Samples('audit, %s' % quantity, ours), Samples('ping, %s' % quantity, peers), ratio))
        medians.append(ratio.median)
    against = 'ansible -m ping, %d hosts, median of %d pairs' % (HOSTS, PAIRS)
    wall, cpu, controller = samples
    return [
        Row('audit_100_wall_vs_ping', medians[0], 'ratio', 0.6, against, (*wall, *controller)),
        Row('audit_100_hostcpu_vs_ping', medians[1], 'ratio', 0.2, against, cpu),
    ]


BENCHMARK = Benchmark(('audit_100_wall_vs_ping', 'audit_100_hostcpu_vs_ping'), measure, missing)
