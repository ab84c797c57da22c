# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine itself: a whole systemd that has booted, reached in two ways, and what the collection says of it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.machine.node import Node


def test_it_has_booted_and_is_audited(on: Node, tmp_path: Path) -> None:
    assert on.vm.run('systemctl is-system-running').strip() == 'running'
    assert on.vm.serial('systemctl list-units --failed --plain --no-legend') == ''
    assert on.vm.serial('readlink /proc/1/exe') == '/usr/lib/systemd/systemd\n'
    release = on.vm.run('uname -r').strip()
    on.playbook('audit', '-e', 'audit_window=1')
    (host,) = json.loads((tmp_path / 'paws-report' / 'audit.json').read_text())['hosts']
    assert (host['name'], host['status'], host['verdict']) == ('machine', 'ok', 'clean'), host
    assert host['kernel']['release'] == release


def test_it_reaches_nobody(on: Node) -> None:
    for address in ('10.0.2.2', '10.0.2.3', '192.0.2.1'):
        reached = on.vm.ssh("timeout 3 bash -c '</dev/tcp/%s/22'" % address)
        assert reached.returncode != 0, reached
