# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIGKILL at random instants of whole remediations, on the controller and on nodes: one rollback brings all back."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.faults.exploring import SHARES
from tests.fleet import Fleet, Host, hosts
from tests.scenarios import states
from tests.scenarios.conftest import CHECKOUT, Run
from tests.scenarios.test_remediate import REMEDIATE, ROLLBACK, stale

KILLS = {'sample': 1, 'long': 40}
SETTINGS = {'net.ipv4.tcp_fin_timeout': '30', 'net.core.somaxconn': '4000', 'net.ipv4.tcp_rfc1337': '0'}
QUICK = ('-e', 'audit_window=0', '-e', 'remediate_window=0', '-e', 'remediate_batches=1,100%')
PATIENCE_S = 300


def nodes() -> list[Host]:
    """Values and files are to be changed on one, files alone on the others."""
    files = {'etc/sysctl.d/90-old.conf': '# old\n%s = 1\n' % hosts.RECYCLE}
    return [Host('old', kernel='3.10.0-1160.el7.x86_64', tw_recycle='1', files=files), stale('new'), stale('other')]


def programs(fleet: Fleet) -> Iterator[int]:
    """The Python processes of all hosts: the node program, of each verb."""
    own = {os.readlink('/proc/%d/ns/net' % pid) for pid in fleet.pids().values()}
    for each in filter(str.isdigit, os.listdir('/proc')):
        with contextlib.suppress(OSError):
            named = Path('/proc/%s/comm' % each).read_text(encoding='ascii').startswith('python')
            if named and os.readlink('/proc/%s/ns/net' % each) in own:
                yield int(each)


def kill_controller(run: subprocess.Popen[bytes], lasts_s: float, chance: random.Random) -> int:
    """With all its workers, at any instant. How many were killed."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        run.wait(chance.uniform(0.2, 1) * lasts_s)
        return 0
    os.killpg(run.pid, signal.SIGKILL)
    return 1


def kill_programs(run: subprocess.Popen[bytes], fleet: Fleet, chance: random.Random) -> int:
    """One of the node programs that come and go, somewhere in its short life. How many were killed."""
    skipped: set[int] = set()
    limit = time.monotonic() + PATIENCE_S
    while run.poll() is None and time.monotonic() < limit:
        for pid in programs(fleet):
            if pid in skipped:
                continue
            skipped.add(pid)
            if len(skipped) > 3 and chance.randrange(3) == 0:  # the first ones only look
                time.sleep(chance.uniform(0, 0.1))
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    return 1
        time.sleep(0.005)
    return 0


def remediation(core: Path, fleet: Fleet, place: Path) -> subprocess.Popen[bytes]:
    settings = json.dumps({'safe_sysctl_settings': SETTINGS})
    environment = {'PATH': os.environ['PATH'], 'HOME': str(place), 'LC_ALL': 'C.UTF-8'}
    return subprocess.Popen(
        [str(core / 'ansible-playbook'), REMEDIATE, '-i', fleet.inventory, '-e', settings, *QUICK],
        cwd=place,
        env={**environment, 'ANSIBLE_CONFIG': str(CHECKOUT / 'ansible.cfg')},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def settle(run: subprocess.Popen[bytes], fleet: Fleet) -> None:
    """Nothing of the run goes on, on the controller or on a node."""
    run.wait(PATIENCE_S)
    limit = time.monotonic() + PATIENCE_S
    while list(programs(fleet)):
        assert time.monotonic() < limit, 'a node program does not end'
        time.sleep(0.05)


@SHARES
def test_one_rollback_brings_all_back(
    newest_core: Path, play: Run, fleet_possible: None, tmp_path: Path, share: str
) -> None:
    chance, kills, between, tries, untouched = random.Random(share), 0, 0, 0, 0
    with Fleet(nodes()) as fleet:
        before = states.of_fleet(fleet)
        lasts_s = unharmed(play, newest_core, fleet, tmp_path) if share == 'long' else 0
        while kills < KILLS[share]:
            tries += 1
            assert tries < 4 * KILLS[share] + 16, 'hardly anything can be killed'
            run = remediation(newest_core, fleet, tmp_path)
            if tries % 2 or not lasts_s:
                kills += kill_programs(run, fleet, chance)
            else:
                kills += kill_controller(run, lasts_s, chance)
            settle(run, fleet)
            untouched += states.of_fleet(fleet) == before
            between += brought_back(play, newest_core, fleet, before)
    print(
        '%d remediations killed, %d of %d before a change, states in between: %d' % (kills, untouched, tries, between)
    )
    assert between == 0
    assert untouched < tries or share == 'sample', 'no kill came after the first change'


def unharmed(play: Run, core: Path, fleet: Fleet, place: Path) -> float:
    """How many seconds a remediation takes that changes all hosts."""
    before, began = states.of_fleet(fleet), time.monotonic()
    run = remediation(core, fleet, place)
    settle(run, fleet)
    lasts_s, after = time.monotonic() - began, states.of_fleet(fleet)
    assert run.returncode == 0
    assert all(after[name] != before[name] for name in fleet.hosts)
    assert brought_back(play, core, fleet, before) == 0
    return lasts_s


def brought_back(play: Run, core: Path, fleet: Fleet, before: dict[str, list[str]]) -> int:
    """How many hosts a rollback of the newest change set does not bring back."""
    ended = play(core, ROLLBACK, '-i', fleet.inventory, '-e', 'rollback_restore_unsafe=true')
    assert ended.returncode == 0, ended.stdout
    now = states.of_fleet(fleet)
    return sum(now[name] != before[name] for name in fleet.hosts)
