# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nobody confirms a change, and something happens meanwhile: the machine undoes it all the same, and in time."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable

import pytest

from tests.machine.node import STORE, Node

KEY, BEFORE, AFTER = 'net.ipv4.tcp_keepalive_time', '7200', '600'
TIMEOUT_S = 25
LATE_S = 10
STATE = 'systemctl show -p ActiveState --value nodetcp-paws-undo-A.service'


def link_cut(on: Node, due: float) -> None:
    on.vm.monitor.human('set_link net off')
    assert not on.vm.answers(2)


def isolate(on: Node, due: float) -> None:
    """What an administrator does to bring a node to the state of its target; it stops whatever is not part of it."""
    on.vm.serial('systemctl isolate multi-user.target')


def rescue(on: Node, due: float) -> None:
    on.vm.serial('systemctl isolate rescue.target')
    assert not on.vm.answers(2)


def emergency(on: Node, due: float) -> None:
    on.vm.serial('systemctl isolate emergency.target')
    assert not on.vm.answers(2)


def clock_off_by_a_year(on: Node, due: float) -> None:
    on.vm.serial('date -s "1 year"')
    time.sleep(3)
    assert on.states() == ['pending']
    on.vm.serial('date -s "2 years ago"')


def frozen(on: Node, due: float) -> None:
    on.vm.freeze()
    time.sleep(TIMEOUT_S)
    on.vm.thaw()
    assert on.uptime() >= due  # a clock that went on without the machine


def suspended(on: Node, due: float) -> None:
    """A sleep longer than the time that was left. Timers of systemd stand still in it, the time since boot does not."""
    on.vm.serial('(sleep 1; echo mem > /sys/power/state) > /dev/null 2>&1 &')
    while on.vm.monitor.ask('query-status')['status'] != 'suspended':
        time.sleep(0.2)
    time.sleep(TIMEOUT_S)
    on.vm.wake()


@pytest.mark.parametrize(
    'happens',
    [
        link_cut,
        isolate,
        rescue,
        clock_off_by_a_year,
        frozen,
        pytest.param(emergency, marks=pytest.mark.long),
        pytest.param(suspended, marks=pytest.mark.long),
    ],
)
def test_undone_in_time(on: Node, happens: Callable[[Node, float], None]) -> None:
    etc = on.etc()
    said = on.verb('sysctl_policy', settings={KEY: AFTER}, confirm_timeout=TIMEOUT_S, change_set='A')
    due = on.uptime() + TIMEOUT_S  # the time began to run before the verb returned
    assert said['changed'], said
    assert (on.states(), on.value(KEY)) == (['pending'], AFTER)
    assert on.etc() != etc
    happens(on, due)
    on.wait_until_undone(max(due, on.uptime()) + LATE_S)
    assert on.value(KEY) == BEFORE
    assert on.etc() == etc
    on.vm.serial("timeout 20 sh -c 'until [ $(%s) = inactive ]; do sleep 1; done'" % STATE)


@pytest.mark.long
def test_a_controller_that_is_killed(on: Node) -> None:
    """It dies with the whole run of remediate.yml, between the change and its confirmation."""
    etc, settings = on.etc(), json.dumps({'safe_sysctl_settings': {KEY: AFTER}})
    run = on.begin(
        'remediate', '-e', settings, '-e', 'remediate_confirm_timeout=%d' % TIMEOUT_S, '-e', 'audit_window=1'
    )
    while on.states() != ['pending']:
        assert run.poll() is None, run.communicate()
    due = on.uptime() + TIMEOUT_S
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate()
    on.wait_until_undone(due + LATE_S)
    assert on.value(KEY) == BEFORE
    assert on.etc() == etc


def test_nothing_is_left_of_a_time_that_was_confirmed(on: Node) -> None:
    said = on.verb('sysctl_policy', settings={KEY: AFTER}, confirm_timeout=600, change_set='A')
    assert said['changed'], said
    known = 'systemctl list-units --all --no-legend "nodetcp*"; systemctl list-unit-files --no-legend "nodetcp*"; true'
    assert 'nodetcp-paws-undo-A.timer' in on.vm.serial(known)
    confirmed = on.verb('sysctl_confirm')
    assert confirmed['changed'], confirmed
    assert on.vm.serial(known) == ''
    assert 'undo.pyz' not in on.vm.serial('ls %s/change-sets/A' % STORE)
    assert on.vm.serial('systemctl show -p NeedDaemonReload --value multi-user.target') == 'no\n'
    assert on.value(KEY) == AFTER
