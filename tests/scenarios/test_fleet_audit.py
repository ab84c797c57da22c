# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One audit of a fleet in known states, by each supported ansible-core: every verdict is right, and the same."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema

from tests.fleet import Fleet
from tests.scenarios.conftest import CHECKOUT, Run, failed

AUDIT = str(CHECKOUT / 'playbooks' / 'audit.yml')
SCHEMA = json.loads((CHECKOUT / 'docs' / 'audit.schema.json').read_text(encoding='utf-8'))


def report(place: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((place / 'paws-report' / 'audit.json').read_text(encoding='utf-8'))
    jsonschema.validate(document, SCHEMA)
    return document


def by_name(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {host['name']: host for host in document['hosts']}


ROLE = """
- hosts: impaired-accept-queue,clean-defaults
  gather_facts: false
  tasks:
    - ansible.builtin.import_role:
        name: nodetcp.paws.audit
      vars:
        audit_window: 3
"""


def test_the_role_looks_twice_in_one_task(core: Path, play: Run, standard_fleet: Fleet, tmp_path: Path) -> None:
    (tmp_path / 'own.yml').write_text(ROLE)
    ended = play(core, str(tmp_path / 'own.yml'), '-i', standard_fleet.inventory)
    verdicts = {name: host['verdict'] for name, host in by_name(report(tmp_path)).items()}
    assert verdicts == {'impaired-accept-queue': 'impaired', 'clean-defaults': 'clean'}, ended.stdout
    assert ended.stdout.count('Observe and judge') == 1


def test_every_verdict(core: Path, play: Run, standard_fleet: Fleet, tmp_path: Path) -> None:
    expected = {name: host.expect for name, host in standard_fleet.hosts.items()}
    assert len(expected) >= 20
    ended = play(core, AUDIT, '-i', standard_fleet.inventory, '-v')  # every host in the table
    document = report(tmp_path)
    hosts = by_name(document)
    assert {name: host['verdict'] for name, host in hosts.items()} == expected, ended.stdout
    blind = {name for name, host in standard_fleet.hosts.items() if {'no_root', 'captures'}.intersection(host.groups)}
    assert {name for name, host in hosts.items() if host['unseen']} == blind
    assert document['summary']['partly_seen'] == len(blind)
    assert re.search(r'no-root +clean \(\d+ of \d+ processes[^()]* not seen: run with -b\)', ended.stdout)
    assert ' 9 clean (2 unreachable, %d partly seen)' % len(blind) in ended.stdout
    assert ended.stdout.partition('PLAY RECAP')[0].count(' refuses connections now: ') == 1, 'said while it goes on'
    lost = {name for name, host in standard_fleet.hosts.items() if host.ssh != 'open'}
    assert {name for name, host in hosts.items() if host['status'] == 'unreachable'} == lost
    assert all(host['status'] == 'ok' for name, host in hosts.items() if name not in lost), ended.stdout
    assert ended.returncode != 0  # two hosts could not be reached
    for name in expected:
        assert name in ended.stdout


def test_impact_names_the_container_that_loses_connections(
    edge_core: Path, play: Run, standard_fleet: Fleet, tmp_path: Path
) -> None:
    play(edge_core, AUDIT, '-i', standard_fleet.inventory, '--limit', 'dropping-container:exposed-containers')
    hosts = by_name(report(tmp_path))
    assert hosts['dropping-container']['evidence'] == 'active'
    (container,) = hosts['dropping-container']['impact']['containers']
    assert container['id'][:12] in hosts['dropping-container']['summary']
    assert all('host' in json.dumps(finding['fix']) for finding in hosts['dropping-container']['findings'][:1])
    assert len(hosts['exposed-containers']['impact']['containers']) >= 1


def test_without_the_hosts_that_cannot_be_reached_the_run_ends_well(
    edge_core: Path, play: Run, standard_fleet: Fleet, tmp_path: Path
) -> None:
    ended = play(edge_core, AUDIT, '-i', standard_fleet.inventory, '--limit', 'all:!refused:!unreachable')
    assert ended.returncode == 0, ended.stdout
    assert 'changed=0' in ended.stdout
    assert not {'changed=1', 'changed=2'} & set(ended.stdout.split())


def test_all_hosts_lost(edge_core: Path, play: Run, standard_fleet: Fleet, tmp_path: Path) -> None:
    ended = play(edge_core, AUDIT, '-i', standard_fleet.inventory, '--limit', 'refused:unreachable')
    assert ended.returncode != 0
    hosts = by_name(report(tmp_path))
    assert {name: host['status'] for name, host in hosts.items()} == {
        'refused': 'unreachable',
        'unreachable': 'unreachable',
    }


def test_one_host_lost_of_twenty(edge_core: Path, play: Run, standard_fleet: Fleet, tmp_path: Path) -> None:
    reached = [name for name, host in standard_fleet.hosts.items() if host.ssh == 'open'][:19]
    ended = play(edge_core, AUDIT, '-i', standard_fleet.inventory, '--limit', ':'.join([*reached, 'refused']))
    assert ended.returncode != 0
    document = report(tmp_path)
    assert document['summary']['statuses'] == {'ok': 19, 'failed': 0, 'unreachable': 1, 'skipped': 0}
    assert failed(ended.stdout) == {'refused'}


def test_fail_on(edge_core: Path, play: Run, standard_fleet: Fleet, tmp_path: Path) -> None:
    limited = ('--limit', 'latent-sysctl-d:clean-defaults')
    assert (
        play(edge_core, AUDIT, '-i', standard_fleet.inventory, *limited, '-e', 'audit_fail_on=exposed').returncode == 0
    )
    ended = play(edge_core, AUDIT, '-i', standard_fleet.inventory, *limited, '-e', 'audit_fail_on=latent')
    assert ended.returncode != 0
    assert failed(ended.stdout) == {'latent-sysctl-d'}
    assert by_name(report(tmp_path))['clean-defaults']['verdict'] == 'clean'
