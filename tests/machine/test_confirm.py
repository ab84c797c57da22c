# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nobody confirms a change, and something happens meanwhile: the machine undoes it all the same, and in time."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.machine.node import Node

KEY, BEFORE, AFTER = 'net.ipv4.tcp_keepalive_time', '7200', '600'
TIMEOUT_S = 25
LATE_S = 10


def link_cut(on: Node, due: float) -> None:
    on.vm.monitor.human('set_link net off')
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


@pytest.mark.parametrize(
    'happens',
    [
        link_cut,
        clock_off_by_a_year,
        frozen,
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
