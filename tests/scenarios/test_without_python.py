# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes without Python: looked at by their shell with the same verdict, and never changed."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fleet import Fleet
from tests.fleet.hosts import standard
from tests.fleet.spec import NO_PYTHON
from tests.scenarios.conftest import CHECKOUT, Run

AUDIT = str(CHECKOUT / 'playbooks' / 'audit.yml')
REMEDIATE = str(CHECKOUT / 'playbooks' / 'remediate.yml')
# What an audit says of a host that rests on what was seen.
SAID = (
    'verdict',
    'exposure',
    'evidence',
    'findings',
    'namespaces',
    'next_boot',
    'impact',
    'summary',
    'kernel',
    'unseen',
)
BARE = ('clean-defaults', 'latent-rc-local', 'latent-sysctl-d', 'exposed-one-container', 'no-root')


@pytest.fixture(scope='module')
def mixed_fleet(fleet_possible: None) -> Iterator[Fleet]:
    """Some hosts of the standard fleet without any Python, and one beside them that has it."""
    known = {host.name: host for host in standard()}
    bare = [dataclasses.replace(known[name], python=NO_PYTHON) for name in BARE]
    with Fleet([*bare, known['exposed-el7']]) as fleet:
        yield fleet


def hosts(place: Path) -> dict[str, dict[str, Any]]:
    document = json.loads((place / 'paws-report' / 'audit.json').read_text(encoding='utf-8'))
    return {host['name']: host for host in document['hosts']}


def test_hosts_without_python_are_audited_beside_others(
    edge_core: Path, play: Run, mixed_fleet: Fleet, tmp_path: Path
) -> None:
    ended = play(edge_core, AUDIT, '-i', mixed_fleet.inventory)
    found = hosts(tmp_path)
    assert {name: host['verdict'] for name, host in found.items()} == {
        name: host.expect for name, host in mixed_fleet.hosts.items()
    }, ended.stdout
    collectors = {name: host['source']['collector'] for name, host in found.items()}
    assert collectors == {**dict.fromkeys(BARE, 'shell'), 'exposed-el7': 'live'}
    assert ended.returncode == 0, ended.stdout


def test_python_alone_is_asked_where_that_is_wanted(
    newest_core: Path, play: Run, mixed_fleet: Fleet, tmp_path: Path
) -> None:
    ended = play(newest_core, AUDIT, '-i', mixed_fleet.inventory, '-e', 'audit_collector=python')
    found = hosts(tmp_path)
    assert {name for name, host in found.items() if host['status'] == 'failed'} == set(BARE), ended.stdout
    assert 'no Python on the node starts' in found['clean-defaults']['reason']


def test_a_host_without_python_is_not_changed_and_says_why(
    newest_core: Path, play: Run, mixed_fleet: Fleet, tmp_path: Path
) -> None:
    ended = play(newest_core, REMEDIATE, '-i', mixed_fleet.inventory, '--limit', 'latent-sysctl-d')
    assert 'no Python starts on the node' in ended.stdout
    said = mixed_fleet.ssh('latent-sysctl-d', 'cat /etc/sysctl.d/*; ls /var/lib/nodetcp-paws')
    assert said.stdout == 'net.ipv4.tcp_tw_recycle = 1\n'


def test_nothing_is_left_on_the_node(newest_core: Path, play: Run, mixed_fleet: Fleet, tmp_path: Path) -> None:
    files = 'find /etc /home /root /run /tmp /var -newer /etc/passwd'
    started = time.time()
    before = set(mixed_fleet.ssh('clean-defaults', files).stdout.splitlines())
    of_machine = set(filter(os.path.lexists, before))
    options = ('--limit', 'clean-defaults', '-e', 'audit_collector=shell')
    play(newest_core, AUDIT, '-i', mixed_fleet.inventory, *options)
    assert hosts(tmp_path)['clean-defaults']['source']['collector'] == 'shell'
    after = set(mixed_fleet.ssh('clean-defaults', files).stdout.splitlines())
    # The root of this machine lies below that of the host, and other tests and programs may write there meanwhile.
    assert [path for path in after - before if not _changed_since(started, path)] == []
    assert [path for path in before - after if path not in of_machine or os.path.lexists(path)] == []


def _changed_since(started: float, path: str) -> bool:
    """Whether it was changed on this machine."""
    try:
        return os.lstat(path).st_mtime >= started
    except FileNotFoundError:
        return False


def test_the_shell_sees_what_the_node_program_sees(
    newest_core: Path, play: Run, standard_fleet: Fleet, tmp_path: Path
) -> None:
    """On every host of the standard fleet, captured trees among them."""
    said = {}
    for collector in ('python', 'shell'):
        play(newest_core, AUDIT, '-i', standard_fleet.inventory, '-e', 'audit_collector=%s' % collector)
        said[collector] = {name: host for name, host in hosts(tmp_path).items() if host['status'] == 'ok'}
    assert {host['source']['collector'] for host in said['shell'].values()} == {'shell'}
    assert said['python'].keys() == said['shell'].keys()
    for name, host in said['python'].items():
        numbers = not standard_fleet.hosts[name].overflow  # its counters rise while two audits look
        assert _shown(said['shell'][name], numbers) == _shown(host, numbers), name


def _shown(host: dict[str, Any], numbers: bool) -> Any:
    """What is said of a host, without the device number of its namespaces, which no shell sees."""
    if not numbers:
        return [host[name] for name in ('verdict', 'exposure', 'evidence')] + [
            each['rule'] for each in host['findings']
        ]
    kept = json.dumps({name: host[name] for name in SAID if name in host})
    return json.loads(re.sub(r'(net:\[\d+\])@(?:\d+|None)/', r'\1@/', kept))
