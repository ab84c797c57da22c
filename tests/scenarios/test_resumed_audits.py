# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An audit that was ended at any time is gone on with: no host is lost, and none is asked twice."""

from __future__ import annotations

import collections
import contextlib
import os
import random
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.scenarios.test_audit_playbook import AUDIT, CHECKOUT, Site, site, smaller

__all__ = ['site']
HOSTS = ['host%02d' % number for number in range(12)]


#: What stands for the Python of a host: it notes that it was started, and waits from a number of hosts on.
PYTHON = """#!/bin/sh
echo {name} >> {place}/asked
while [ -e {place}/hold ] && [ "$(grep -c . {place}/asked)" -gt "$(cat {place}/hold)" ]; do sleep 0.05; done
exec {python} "$@"
"""


@pytest.fixture
def fleet(site: Site) -> Site:
    lines = []
    for name in HOSTS:
        python = site.place / ('python-%s' % name)
        python.write_text(PYTHON.format(name=name, place=site.place, python=sys.executable))
        python.chmod(0o755)
        lines.append('%s audit_root=%s ansible_python_interpreter=%s' % (name, site.place / 'exposed', python))
    site.inventory(*lines)
    return site


def asked(site: Site) -> collections.Counter[str]:
    path = site.place / 'asked'
    return collections.Counter(path.read_text().split() if path.exists() else [])


def runs(site: Site) -> list[Path]:
    return sorted(site.place.glob('.ansible/nodetcp.paws/runs/*'))


def ended(site: Site, after: int, how: signal.Signals, playbook: str = AUDIT) -> str:
    """What a run has said that gets this signal when more hosts than `after` were asked, some yet to answer."""
    hold = site.place / 'hold'
    hold.write_text(str(after))
    environment = {name: value for name, value in os.environ.items() if not name.startswith('ANSIBLE_')}
    environment.update(ANSIBLE_CONFIG=str(CHECKOUT / 'ansible.cfg'), HOME=str(site.place), ANSIBLE_FORKS='4')
    command = [str(Path(sys.executable).parent / 'ansible-playbook'), '-i', 'hosts', playbook, '-e', 'audit_window=0']
    with (site.place / 'output').open('wb') as output:
        run = subprocess.Popen(
            command, cwd=site.place, env=environment, stdout=output, stderr=output, start_new_session=True
        )
        until = time.monotonic() + 120
        while run.poll() is None and time.monotonic() < until and asked(site).total() <= after:
            time.sleep(0.01)
        while run.poll() is None and time.monotonic() < until:
            run.send_signal(how)
            # A Ctrl-C that comes while ansible-core forks is lost (Python's hooks after a fork): people press it again.
            with contextlib.suppress(subprocess.TimeoutExpired):
                run.wait(10)
        assert run.poll() is not None, 'it goes on'
    hold.unlink()
    return (site.place / 'output').read_text()


@pytest.mark.parametrize('seed', [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 10))])
@pytest.mark.parametrize('parts', [False, True])
def test_after_a_kill_no_host_is_lost_and_none_is_asked_twice(fleet: Site, seed: int, parts: bool) -> None:
    playbook = smaller(fleet.place / 'parts', parts_above=4) if parts else AUDIT
    ended(fleet, random.Random(seed).randrange(len(HOSTS) - 1), signal.SIGKILL, playbook)
    assert len(runs(fleet)) == 1
    name = runs(fleet)[0].name
    arguments = ['-e', 'audit_resume=%s' % name, '-e', 'audit_window=0', '-e', 'audit_fail_on=exposed']
    run = fleet.play(*arguments, playbook=playbook)
    assert fleet.said() == dict.fromkeys(HOSTS, ('ok', 'exposed'))
    assert asked(fleet) == dict.fromkeys(HOSTS, 1)
    assert fleet.report()['run']['id'] == name
    assert 'failed=1' in run.stdout, 'the gate is for hosts of the first part, too'
    assert runs(fleet) == [], 'the report has all that the journal had'


def test_after_ctrl_c_the_run_says_how_to_go_on(fleet: Site) -> None:
    said = ended(fleet, 8, signal.SIGINT)  # of four at once: five have answered
    command = next(line for line in said.splitlines() if 'audit_resume=' in line)
    words = shlex.split(command)
    assert words[0] == 'ansible-playbook'
    assert 'audit_window=0' in ' '.join(words)
    run = fleet.play(*words[words.index(os.path.relpath(AUDIT, fleet.place)) + 1 :])
    assert run.returncode == 0, run.stdout + run.stderr
    assert fleet.said() == dict.fromkeys(HOSTS, ('ok', 'exposed'))


def test_without_room_for_a_journal_the_audit_is_as_without_one(site: Site) -> None:
    site.inventory(*('%s audit_root=%s' % (name, site.place / name) for name in ('exposed', 'safe')))
    (site.place / '.ansible').mkdir()
    (site.place / '.ansible/nodetcp.paws').write_text('in the way')
    run = site.play('-e', 'audit_window=0')
    assert run.returncode == 0, run.stdout + run.stderr
    assert site.said() == {'exposed': ('ok', 'exposed'), 'safe': ('ok', 'clean')}
    assert 'the journal of the run cannot be written' in ' '.join((run.stdout + run.stderr).split())
    assert 'Traceback' not in run.stdout + run.stderr


@pytest.mark.long
def test_a_run_that_is_not_there_stops_before_a_host_is_contacted(fleet: Site) -> None:
    run = fleet.play('-e', 'audit_resume=20261130T050000Z-0123abcd', '-e', 'audit_language=zh')
    assert run.returncode == 2
    assert '没有这样的运行' in run.stdout
    assert asked(fleet) == {}
