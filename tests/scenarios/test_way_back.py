# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way back is on the screen before the first change and at the end, whatever becomes of the run."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests import processes
from tests.fleet import Fleet
from tests.scenarios import states
from tests.scenarios.conftest import Run
from tests.scenarios.test_remediate import REMEDIATE, stale

UNDO = re.compile(r'^change set (\S+), to undo it: (.*)$', re.MULTILINE)


def undone(play: Run, core: Path, fleet: Fleet, command: str, before: dict[str, list[str]]) -> None:
    """The command, typed as it is shown, brings everything back."""
    program, *words = shlex.split(command)
    assert program == 'ansible-playbook'
    ended = play(core, *words)
    assert ended.returncode == 0, ended.stdout
    assert states.of_fleet(fleet) == before


def test_it_is_said_with_the_plan_and_again_at_the_end(
    edge_core: Path, play: Run, fleet_possible: None, tmp_path: Path
) -> None:
    """become and the hosts stand in the play, the limit on the command line."""
    role = {'name': 'nodetcp.paws.safe_sysctl', 'rolespec_validate': False}
    tasks = [{'name': 'Safe settings', 'ansible.builtin.import_role': role}]
    mine = {'name': 'Web', 'hosts': 'h1,h2', 'gather_facts': False, 'become': True, 'tasks': tasks}
    (tmp_path / 'play.yml').write_text(json.dumps([mine]))
    with Fleet([stale('h1'), stale('h2'), stale('other')]) as fleet:
        before = states.of_fleet(fleet)
        ended = play(edge_core, 'play.yml', '-i', fleet.inventory, '--limit', 'h1')
        assert ended.returncode == 0, ended.stdout
        shown, _task, end = ended.stdout.partition('TASK [nodetcp.paws.safe_sysctl : Apply the plan]')
        assert UNDO.findall(shown) == UNDO.findall(end)
        [(change_set, command)] = UNDO.findall(shown)
        inventory = os.path.relpath(fleet.inventory, tmp_path)
        start = 'ansible-playbook -i %s -b nodetcp.paws.rollback' % inventory
        hosts = '-e rollback_hosts=h1,h2 --limit h1'
        assert command == '%s -e rollback_change_set=%s %s' % (start, change_set, hosts)
        assert states.of_fleet(fleet) != before
        undone(play, edge_core, fleet, command, before)


@pytest.mark.parametrize('check', [True, False])
def test_nothing_is_said_where_nothing_changes(check: bool, newest_core: Path, play: Run, fleet_possible: None) -> None:
    with Fleet([stale('h1')]) as fleet:
        more = ['--check'] if check else ['-e', 'remediate_plan_file=none.json']
        ended = play(newest_core, REMEDIATE, '-i', fleet.inventory, *more)
        assert (ended.returncode == 0) == check
        assert not UNDO.search(ended.stdout)


def test_ctrl_c_in_the_middle_of_a_change(edge_core: Path, play: Run, fleet_possible: None, tmp_path: Path) -> None:
    with Fleet([stale('h1'), stale('h2')]) as fleet:
        before = states.of_fleet(fleet)
        slow = ['-e', 'remediate_health_command="sleep 123"', '-e', 'remediate_batches=100%']
        command = [edge_core / 'ansible-playbook', REMEDIATE, '-i', fleet.inventory, *slow]
        run = processes.begin(command, tmp_path, processes.environment(tmp_path))
        assert run.stdout
        lines: list[str] = []
        for line in run.stdout:
            lines.append(line)
            if 'Verify over a new connection' in line:
                break
        until = time.monotonic() + 60
        while processes.running('sleep', '123') < 2 and time.monotonic() < until:
            time.sleep(0.1)  # a signal that comes while ansible-core forks is lost in it
        os.killpg(run.pid, signal.SIGINT)
        rest = run.communicate(timeout=120)[0]
        assert run.returncode == 99, rest
        [(change_set, command)] = UNDO.findall(rest)
        assert 'The run ended without its report.' in rest
        assert UNDO.findall(''.join(lines)) == [(change_set, command)]
        assert not (tmp_path / 'paws-report').exists()
        undone(play, edge_core, fleet, command, before)


def test_a_disk_that_is_full_costs_the_report_and_nothing_else(
    newest_core: Path, play: Run, fleet_possible: None, tmp_path: Path
) -> None:
    """The disk holds a part of the report."""
    place = tmp_path / 'full'
    place.mkdir()
    subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', str(place)], check=True)
    try:
        with Fleet([stale('h1')]) as fleet:
            before = states.of_fleet(fleet)
            ended = play(newest_core, REMEDIATE, '-i', fleet.inventory, '-e', 'audit_report_dir=full')
            assert ended.returncode != 0, ended.stdout
            end = ended.stdout.partition('TASK [nodetcp.paws.audit : Write the report]')[2]
            assert re.search('^h1  .*changed', end, re.MULTILINE)
            assert 'the report cannot be written to full: ' in end
            assert 'No space left on device' in end
            [(_change_set, command)] = UNDO.findall(end)
            undone(play, newest_core, fleet, command, before)
    finally:
        subprocess.run(['umount', str(place)], check=True)
