# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The power goes: of a change, what the disk keeps is all of it or none of it."""

from __future__ import annotations

import collections
import contextlib
import json
import random
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.machine.image import CHECKOUT
from tests.machine.node import ETC, STATES, Node, states_in

FILE = '/etc/sysctl.d/50-mine.conf'
SETTINGS = {'net.ipv4.tcp_keepalive_time': '600', 'net.core.somaxconn': '9000'}
CUTS = 20
STEPS = 34  # of the change, about
# What the store may say of the change where it is not in force, and where it is.
WORDS = {False: ([], ['undone']), True: (['applied'],)}

# The node program itself, without Ansible: each of its steps is a line, so the power can go at any of them. It may be
# told to wait after each.
APPLY = """import json, sys, time
sys.path.insert(0, '/root/lab')
from _node.operations import apply
def step(name):
    print(name, flush=True)
    time.sleep(float(sys.argv[2]))
print('begin', flush=True)
said = apply.run(json.loads(sys.argv[1]), step)
assert said['changed'] and not said.get('failed'), said
print('end', flush=True)
"""
RECOVER = """import sys
sys.path.insert(0, '/root/lab')
from _node.operations import rollback
rollback.run({'change_set': 'no-such-set'})
"""


@pytest.fixture
def lab(on: Node, tmp_path: Path) -> Node:
    """A machine with a file that sets one of the keys, and with the node program; in the saved state `lab`."""
    on.vm.serial('echo net.core.somaxconn = 5000 > %s && sysctl -q -p %s' % (FILE, FILE))
    on.vm.send(CHECKOUT / 'plugins' / 'module_utils', '/root/lab')
    on.write('/root/lab/apply.py', APPLY)
    on.write('/root/lab/recover.py', RECOVER)
    on.vm.serial('sync')
    on.vm.save('lab')
    return on


def test_power_loss_while_pending(on: Node) -> None:
    """The boot is as if the change had never been made: the undo comes before the network and systemd-sysctl."""
    on.vm.serial('echo net.core.somaxconn = 5000 > %s && sysctl -q -p %s && sync' % (FILE, FILE))
    values, etc = on.sysctls(), on.etc()
    said = on.verb('sysctl_policy', settings=SETTINGS, confirm_timeout=600, change_set='A')
    assert said['changed'], said
    assert on.etc() != etc
    on.vm.cut_power()
    on.vm.start()
    assert on.states() == ['undone']
    assert on.etc() == etc
    assert on.sysctls() == values
    assert on.vm.run('systemctl is-system-running --wait').strip() == 'running'
    undone, configured = moments(on, 'not confirmed in time'), moments(on, 'systemd-networkd.service')
    assert undone[-1] < configured[0]


def moments(on: Node, text: str) -> list[float]:
    """When lines with such a text were written since the boot, in microseconds."""
    lines = on.vm.serial('journalctl -b -o json --output-fields=MESSAGE,UNIT').splitlines()
    found = [entry for entry in map(json.loads, lines) if text in '%s %s' % (entry.get('MESSAGE'), entry.get('UNIT'))]
    assert found, text
    return [float(entry['__MONOTONIC_TIMESTAMP']) for entry in found]


@pytest.mark.long
def test_power_loss_in_the_middle_of_a_change(lab: Node) -> None:
    """At CUTS steps of it, every second time with a time for its confirmation, for which no boot waits."""
    before, after, steps = states(lab)
    found: collections.Counter[str] = collections.Counter()
    for number in range(CUTS):
        lab.vm.cut_power()
        lab.vm.start('lab')
        confirm = number % 2 * 600
        chosen = number * (steps[confirm] - 1) // CUTS
        apply(lab, confirm, chosen)
        lab.vm.start()
        if confirm:  # by the boot alone; what is left of its hook does nothing
            assert settings(lab) == before[1:], 'step %d of %d: %s' % (chosen, steps[confirm], lab.states())
        lab.vm.serial('python3 /root/lab/recover.py')
        # Values that the boot took from files of the change stay: nothing of another boot is written.
        etc, in_force, word = lab.etc(), settings(lab)[1:], lab.states()
        old, new = etc == before[0], etc == after[0] and not confirm
        at = 'step %d of %d, confirm_timeout %d: %s' % (chosen, steps[confirm], confirm, word)
        assert old or new, at
        assert in_force in (before[2:], after[2:]), at
        assert word in WORDS[new], at
        found['old' if old else 'new'] += 1
    print('%d losses of power in the middle of a change, the record agrees: %s' % (CUTS, dict(found)))


def states(lab: Node) -> tuple[list[str], list[str], dict[int, int]]:
    """What the machine is like without and with the change, and the number of steps of it by confirm_timeout."""
    before, steps = [lab.etc(), *settings(lab)], {}
    for confirm in (600, 0):
        lab.vm.cut_power()
        lab.vm.start('lab')
        steps[confirm] = apply(lab, confirm)
    after = [lab.etc(), *settings(lab)]
    assert before != after
    return before, after, steps


def apply(lab: Node, confirm: int, last: int | None = None) -> int:
    """Makes the change, or begins it and cuts the power a moment after the step `last`. The number of steps."""
    with begun(lab, confirm) as (running, lines):
        steps = ['begin\n']
        for line in lines:
            if last is not None and len(steps) > last:
                time.sleep(random.random() * 0.05)
                lab.vm.cut_power()
                running.kill()
                return len(steps)
            steps.append(line)
    assert steps[-1] == 'end\n', steps[-1]
    return len(steps)


@contextlib.contextmanager
def begun(lab: Node, confirm: int, pause: float = 0) -> Iterator[tuple[subprocess.Popen[str], Iterator[str]]]:
    """The change, begun: the program that makes it, and its next lines. pause: seconds that it waits after each."""
    wanted = json.dumps({'settings': SETTINGS, 'change_set': 'A', 'confirm_timeout': confirm})
    command = lab.vm.ssh_command("python3 /root/lab/apply.py '%s' %s" % (wanted, pause))
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        assert running.stdout.readline() == 'begin\n'
        yield running, running.stdout


def settings(lab: Node) -> list[str]:
    """The files that set sysctls, and what is in force."""
    files = lab.vm.serial('cd /etc && tail -n +1 sysctl.conf sysctl.d/*')
    return [files, *(lab.value(key) for key in SETTINGS)]


@pytest.mark.skipif(
    subprocess.run(['losetup', '--find'], capture_output=True, check=False).returncode != 0,
    reason='no loop device, on which the disks of a paused machine could be looked at',
)
# Two long runs for 200 disks: qemu does not live with as many layers at once.
@pytest.mark.parametrize(
    ('least', 'change_s', 'pause_s'),
    [(2, 4, 0.6), *(pytest.param(100, 30, pause, marks=pytest.mark.long) for pause in (0.12, 0.13))],
)
def test_every_state_of_the_disk_on_the_way(
    lab: Node, tmp_path: Path, least: int, change_s: float, pause_s: float
) -> None:
    """The machine is paused again and again while it makes a change; each disk is what a loss of power would leave."""
    before, images = lab.etc(), [lab.vm.disk]

    def freeze() -> None:
        images.append(lab.vm.home / ('layer-%d.qcow2' % len(images)))
        lab.vm.freeze_disk(images[-1])

    with begun(lab, 0, change_s / STEPS) as (_running, lines), on_the_side(freeze, pause_s):
        assert [*lines][-1] == 'end\n'
    after = lab.etc()
    lab.vm.cut_power()
    found: collections.Counter[str] = collections.Counter()
    for image in images[:-1]:  # the last one was written on
        etc, word = after_a_loss(image, tmp_path)
        assert etc in (before, after), image
        assert word in WORDS[etc == after], (image, word)
        found[' '.join(word) or 'not begun'] += 1
    print('%d disks of a paused machine, old or new, and the record agrees: %s' % (len(images) - 1, dict(found)))
    assert len(images) > least
    assert found['undone'] > 0


@contextlib.contextmanager
def on_the_side(act: Callable[[], object], pause: float) -> Iterator[None]:
    """Does it again and again, with such a pause (s) before each time."""
    done = threading.Event()

    def run() -> None:
        while not done.wait(pause):
            act()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def after_a_loss(image: Path, scratch: Path) -> tuple[str, list[str]]:
    """What is below /etc once the file system has recovered and the collection has, and the states of change sets."""
    raw, root = scratch / 'disk.raw', scratch / 'root'
    root.mkdir(exist_ok=True)

    def inside(script: str) -> str:
        command = ['chroot', str(root), 'sh', '-c', script]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    quiet = {'stdout': subprocess.DEVNULL, 'stderr': subprocess.DEVNULL}
    subprocess.run(['qemu-img', 'convert', '-O', 'raw', str(image), str(raw)], check=True)
    assert subprocess.run(['e2fsck', '-fy', str(raw)], check=False, **quiet).returncode in (0, 1)
    subprocess.run(['mount', '-o', 'loop', str(raw), str(root)], check=True)
    try:
        inside('python3 /root/lab/recover.py')
        return inside(ETC), states_in(inside(STATES))
    finally:
        subprocess.run(['umount', str(root)], check=True)
