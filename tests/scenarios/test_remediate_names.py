# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""remediate.yml with hosts whose names mean something else to Ansible: 127.0.0.1, those of IPv6, names with blanks."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path

from tests.fleet import Fleet
from tests.scenarios import states
from tests.scenarios.conftest import Run
from tests.scenarios.test_remediate import REMEDIATE, done, report, stale

NAMES = {
    'h1': '127.0.0.1',
    'h2': 'web server 1',
    'h3': '2001:db8::12',
    'h4': 'fe80::1%eth0',
    'h5': 'plain',
    'h6': '::1',
}


def renamed(fleet: Fleet, place: Path, names: Mapping[str, str]) -> str:
    """The fleet's inventory with these names for its hosts."""
    inventory = json.loads(Path(fleet.inventory).read_text(encoding='utf-8'))
    hosts = inventory['all']['hosts']
    inventory['all']['hosts'] = {name: hosts[host] for host, name in names.items()}
    (place / 'renamed.json').write_text(json.dumps(inventory))
    return 'renamed.json'


def test_every_host_has_its_turn_whatever_it_is_called(
    edge_core: Path, play: Run, fleet_possible: None, tmp_path: Path
) -> None:
    """In the batches that were planned; where the last one fails, all that was changed is undone."""
    canary = {'remediate_canary': ['web server 1'], 'remediate_batches': ['1', '4', '100%']}
    with Fleet([stale(host) for host in NAMES]) as fleet:
        before = states.of_fleet(fleet)
        brief = ('-i', renamed(fleet, tmp_path, NAMES), '-e', json.dumps(canary))
        down = {'remediate_health_command': "test '{{ inventory_hostname }}' != ::1", 'remediate_on_failure': 'all'}
        failed = play(edge_core, REMEDIATE, *brief, '-e', json.dumps(down))
        assert failed.returncode != 0, failed.stdout
        assert done(tmp_path) == dict.fromkeys(NAMES.values(), 'rolled back'), failed.stdout
        assert states.of_fleet(fleet) == before

        ended = play(edge_core, REMEDIATE, *brief)
        assert ended.returncode == 0, ended.stdout
        assert 'batch 1 (canary): web server 1\n' in ended.stdout
        assert done(tmp_path) == dict.fromkeys(NAMES.values(), 'changed'), ended.stdout
        assert all(host['groups'] in ([], ['ungrouped']) for host in report(tmp_path)['hosts'])

        changed = states.of_fleet(fleet)
        undo = next(host for host in report(tmp_path)['hosts'] if host['name'] == 'web server 1')['remediation']['undo']
        undone = play(edge_core, *shlex.split(undo)[1:])
        assert undone.returncode == 0, undone.stdout
        now = states.of_fleet(fleet)
        assert [NAMES[host] for host in NAMES if now[host] != changed[host]] == ['web server 1']
