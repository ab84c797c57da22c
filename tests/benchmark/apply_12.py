# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twelve settings on 20 hosts, running and in a file: one sysctl_policy against a loop of ansible.posix.sysctl.

Whole processes with warm connections, in pairs: a run that changes all twelve, then one that finds them all changed.
Each side has hosts of its own, alike, so that neither meets what the other has left.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.fleet import Fleet, hosts
from tests.fleet.fleet import missing as fleet_missing

from . import peer
from .results import Benchmark, BenchmarkError, Row, Samples, ratios
from .running import program, run

HOSTS = 20
ROUNDS = 3  # a process is counted in steps of 10 ms: two are too few
OURS, PEER = 'ours', 'peer'
CHANGING, UNCHANGED = 'changing', 'unchanged'
# Two values of each key, neither of them a default: each round sets the ones that the round before did not.
KEYS = {
    'net.core.somaxconn': ('5001', '5002'),
    'net.ipv4.ip_local_port_range': ('20000 61000', '21000 61000'),
    'net.ipv4.tcp_fin_timeout': ('30', '31'),
    'net.ipv4.tcp_keepalive_intvl': ('30', '31'),
    'net.ipv4.tcp_keepalive_probes': ('5', '6'),
    'net.ipv4.tcp_keepalive_time': ('600', '601'),
    'net.ipv4.tcp_max_syn_backlog': ('4097', '4098'),
    'net.ipv4.tcp_orphan_retries': ('3', '4'),
    'net.ipv4.tcp_reordering': ('4', '5'),
    'net.ipv4.tcp_retries2': ('8', '9'),
    'net.ipv4.tcp_syn_retries': ('4', '5'),
    'net.ipv4.tcp_synack_retries': ('3', '4'),
}
TASKS: dict[str, dict[str, Any]] = {
    OURS: {'nodetcp.paws.sysctl_policy': {'settings': '{{ settings }}'}},
    PEER: {
        'ansible.posix.sysctl': {
            'name': '{{ item.key }}',
            'value': '{{ item.value }}',
            'sysctl_file': '/etc/sysctl.d/90-tuning.conf',
        },
        'loop': '{{ settings | dict2items }}',
    },
}


@dataclass(frozen=True)
class Run:
    """Seconds: wall, CPU of the controller, CPU on behalf of the hosts."""

    wall: float
    controller: float
    hosts: float


def missing() -> str:
    """What keeps this machine from it."""
    return fleet_missing() or ('' if shutil.which('sysctl') else 'needs sysctl of procps, which ansible.posix runs')


def _playbooks(directory: Path) -> dict[str, str]:
    """A playbook of one task for each side, with the peer's collection beside them."""
    beside = directory / 'collections' / 'ansible_collections' / 'ansible'
    beside.mkdir(parents=True)
    (beside / 'posix').symlink_to(peer.collection(), target_is_directory=True)
    for side, task in TASKS.items():
        play = {'hosts': side, 'gather_facts': False, 'tasks': [{'name': 'Set', **task}]}
        (directory / ('%s.yml' % side)).write_text(json.dumps([play]), encoding='utf-8')
    return {side: str(directory / ('%s.yml' % side)) for side in TASKS}


class Sides:
    """Hosts of both sides that are up, and what is run on them."""

    def __init__(self, fleet: Fleet, playbooks: dict[str, str]) -> None:
        self.fleet, self.playbooks = fleet, playbooks

    def timed(self, side: str, which: int, kind: str) -> Run:
        """One run that sets the values `which`. Raises BenchmarkError if it did not do what its kind says."""
        settings = {key: values[which] for key, values in KEYS.items()}
        command = [program('ansible-playbook'), '-i', self.fleet.inventory, self.playbooks[side]]
        self.connect(side)
        before = self.fleet.cpu_seconds()
        cost = run([*command, '-e', json.dumps({'settings': settings})])
        seconds = self.fleet.cpu_seconds() - before
        self._check(side, settings, kind, cost.output.decode(errors='replace'))
        return Run(cost.wall, cost.cpu, seconds)

    def connect(self, side: str) -> None:
        """Open the connections, which close by themselves while the other side takes its time."""
        run([program('ansible'), '-i', self.fleet.inventory, side, '-m', 'ansible.builtin.ping'])

    def _check(self, side: str, settings: dict[str, str], kind: str, output: str) -> None:
        changed = re.findall(r'^\S+ +: ok=1 +changed=(\d)', output, re.MULTILINE)
        if changed != ['1' if kind == CHANGING else '0'] * HOSTS:
            raise BenchmarkError('%s, %s: not every host did as it should:\n%s' % (side, kind, output[-2000:]))
        last = [name for name, host in self.fleet.hosts.items() if side in host.groups][-1]
        found = self.fleet.ssh(last, 'sysctl -n %s' % ' '.join(settings)).stdout.splitlines()
        if [' '.join(line.split()) for line in found] != list(settings.values()):
            raise BenchmarkError('%s, %s: %s has %s' % (side, kind, last, found))


def _runs() -> dict[tuple[str, str], list[Run]]:
    """By (side, kind), the sides taken in turn."""
    runs: dict[tuple[str, str], list[Run]] = {(side, kind): [] for side in TASKS for kind in (CHANGING, UNCHANGED)}
    plain = hosts.plain(2 * HOSTS)
    sided = [replace(host, groups=(OURS if index < HOSTS else PEER,)) for index, host in enumerate(plain)]
    with tempfile.TemporaryDirectory() as directory, Fleet(sided) as fleet:
        sides = Sides(fleet, _playbooks(Path(directory)))
        for number in range(ROUNDS):
            for kind in (CHANGING, UNCHANGED):
                for side in TASKS:
                    runs[side, kind].append(sides.timed(side, number % 2, kind))
    return runs


def _compare(runs: dict[tuple[str, str], list[Run]], what: str) -> tuple[float, tuple[Samples, ...]]:
    """The worse ratio of both kinds of runs, and what it was made from."""
    samples, worst = [], 0.0
    for kind in (CHANGING, UNCHANGED):
        ours, peers = (tuple(getattr(one, what) for one in runs[side, kind]) for side in (OURS, PEER))
        ratio = ratios('%s, %s, sysctl_policy by loop' % (kind, what), ours, peers)
        label = '%s, %%s, %s s' % (kind, 'wall' if what == 'wall' else 'CPU of the %s' % what)
        samples += [Samples(label % 'sysctl_policy', ours), Samples(label % 'ansible.posix.sysctl', peers), ratio]
        worst = max(worst, ratio.median)
    return worst, tuple(samples)


def measure() -> list[Row]:
    runs = _runs()
    (wall, of_wall), (cpu, of_cpu), (_controller, of_controller) = (
        _compare(runs, what) for what in ('wall', 'hosts', 'controller')
    )
    against = 'loop of ansible.posix.sysctl, %d settings, %d hosts; changing or unchanged, the worse' % (
        len(KEYS),
        HOSTS,
    )
    return [
        Row('apply_12_wall_vs_posix', wall, 'ratio', 0.125, against, (*of_wall, *of_controller)),
        Row('apply_12_hostcpu_vs_posix', cpu, 'ratio', 0.02, against, of_cpu),
    ]


BENCHMARK = Benchmark(('apply_12_wall_vs_posix', 'apply_12_hostcpu_vs_posix'), measure, missing)
