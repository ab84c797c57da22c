# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Audit and ping of a fleet whose hosts may stand in the inventory under many names: real ssh, on one machine."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from tests.fleet import Fleet, hosts

from .results import BenchmarkError
from .running import CHECKOUT, program

STATE_DIR = 'var/lib/nodetcp-paws'
AUDIT = CHECKOUT / 'playbooks' / 'audit.yml'


def fleet(nodes: int) -> Fleet:
    """Hosts alike, which nobody has changed before."""
    return Fleet([replace(host, hide=(STATE_DIR,)) for host in hosts.plain(nodes)])


def inventory(up: Fleet, names: int, place: Path) -> str:
    """The path of an inventory with so many names: those of one host after the other, and again from the first."""
    document = json.loads(Path(up.inventory).read_text(encoding='utf-8'))
    nodes = list(document['all']['hosts'].values())
    document['all']['hosts'] = {'name%05d' % index: nodes[index % len(nodes)] for index in range(names)}
    path = place / ('names-%d.json' % names)
    path.write_text(json.dumps(document), encoding='utf-8')
    return str(path)


def ping(names: str) -> list[str]:
    return [program('ansible'), '-i', names, 'all', '-m', 'ansible.builtin.ping']


def audit(names: str, report: Path) -> list[str]:
    return [program('ansible-playbook'), '-i', names, str(AUDIT), '-e', 'audit_report_dir=%s' % report]


def check(report: Path, wanted: int) -> None:
    """A run that did not see every host would be fast for nothing."""
    document = json.loads((report / 'audit.json').read_text(encoding='utf-8'))
    seen = sum(host['status'] == 'ok' for host in document['hosts'])
    if seen != wanted:
        raise BenchmarkError('the audit saw %d of %d hosts' % (seen, wanted))
