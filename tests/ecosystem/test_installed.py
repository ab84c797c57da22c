# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet audited, remediated and rolled back by what is installed: meta, playbooks, plugins and roles are enough."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.ecosystem import packed
from tests.fleet import Fleet
from tests.scenarios import states
from tests.scenarios.conftest import Run


def report(place: Path) -> dict[str, dict[str, Any]]:
    document = json.loads((place / 'paws-report' / 'audit.json').read_text(encoding='utf-8'))
    return {host['name']: host for host in document['hosts']}


def test_nothing_else_of_the_tarball_is_there(installed: Path) -> None:
    collection = installed / 'ansible_collections' / 'nodetcp' / 'paws'
    assert {entry.name for entry in collection.iterdir()} == packed.RUN_TIME
    assert not [entry for entry in collection.rglob('*') if entry.is_symlink()]


@pytest.mark.long
def test_audit_remediate_and_roll_back(
    edge_core: Path, play: Run, installed: Path, small_fleet: Fleet, tmp_path: Path
) -> None:
    expected = {name: host.expect for name, host in small_fleet.hosts.items()}
    before = states.of_fleet(small_fleet)
    settings = tmp_path / 'ansible.cfg'
    settings.write_text('[defaults]\ncollections_path = %s\n' % installed)

    def run(playbook: str, *arguments: str) -> None:
        words = ('nodetcp.paws.' + playbook, '-i', small_fleet.inventory, *arguments)
        ended = play(edge_core, *words, ANSIBLE_CONFIG=str(settings))
        assert ended.returncode == 0, ended.stdout

    run('audit', '-e', 'audit_window=0')
    assert {name: host['verdict'] for name, host in report(tmp_path).items()} == expected
    assert (tmp_path / 'paws-report' / 'audit.html').stat().st_size > 10000

    run('remediate', '-e', 'remediate_window=0')
    changed = {name for name, verdict in expected.items() if verdict != 'clean'}
    assert {name for name, host in report(tmp_path).items() if host['remediation']['state'] == 'changed'} == changed
    assert {host['verdict'] for host in report(tmp_path).values()} <= {'clean', 'advisory'}

    run('rollback', '-e', 'rollback_restore_unsafe=true')
    assert states.of_fleet(small_fleet) == before
