# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SYNs that a capture of the server shows to have met TIME_WAIT, against what the kernel counted."""

from __future__ import annotations

import dataclasses
import os

import pytest

from ansible_collections.nodetcp.paws.plugins.module_utils._node.operations import syn_look
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets import kernels, live
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.analysis import study

from . import figures, variants
from .lab import PORT, Lab
from .scenario import Scenario

pytestmark = pytest.mark.usefixtures('kernel')
START_S = 1.0
LAB = dataclasses.replace(variants.FAULT, nat_time_wait=1, timeout_s=2.0)


def compared(scenario: Scenario) -> tuple[int, int, int]:
    """(connections made, SYNs that met TIME_WAIT by the capture, rise of PAWSTimewait), from the first SYN on."""
    with Lab(scenario) as lab:
        asked = {'duration': scenario.seconds + START_S + scenario.timeout_s, 'max_packets': 500000, 'port': PORT}
        looking, before = lab.server.start(syn_look.run, asked), figures.counted(lab)
        lab.server.wait_for_watch()  # what passes before it looks is not in the capture
        offered = lab.offer()
        after, answer = figures.counted(lab), looking.result()
        assert answer['lost'] == 0
        assert answer['stopped'] == 'duration'
    found = study(live.unpack(answer), kernels.rule_of(os.uname().release), PORT, 0)
    return len(offered.latencies), found['replay']['met_time_wait'], after.turned_away - before.turned_away


def test_a_capture_of_the_server_has_the_syns_that_the_kernel_counts() -> None:
    made, met, counted = compared(dataclasses.replace(LAB, ports=(40000, 40399), per_s=150.0, seconds=4.0))
    assert counted > 50
    assert abs(met - counted) <= 2 + 0.003 * made


def test_one_clock_meets_nothing() -> None:
    made, met, _counted = compared(dataclasses.replace(LAB, timestamps=2, per_s=100.0, seconds=2.0))
    assert made > 150
    assert met == 0


@pytest.mark.long
def test_ten_thousand_connections(capsys: pytest.CaptureFixture[str]) -> None:
    made, met, counted = compared(dataclasses.replace(LAB, ports=(30000, 35999), per_s=250.0, seconds=42.0))
    with capsys.disabled():
        print('\n%d connections: %d SYNs met TIME_WAIT by the capture, PAWSTimewait +%d' % (made, met, counted))
    assert made > 10000
    assert abs(met - counted) <= 0.003 * made
