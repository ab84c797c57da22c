# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who closed first: the replay against this machine's own kernel, by the TIME_WAIT sockets of real connections."""

from __future__ import annotations

import ipaddress
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets import kernels, live
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.replay import replay
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.segment import SYN, Event, is_request, once, survey

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which('unshare'), reason='needs root and unshare: it makes a network namespace'
)
CONNECTIONS = 600


@pytest.fixture(scope='module', params=[1, 2])
def closed(request: pytest.FixtureRequest) -> dict[str, Any]:
    program = Path(__file__).with_name('closings.py')
    command = ['unshare', '--net', sys.executable, str(program), str(CONNECTIONS), str(request.param)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 0, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def remembered(events: list[Event]) -> set[str]:
    """The addresses of which a SYN with an older timestamp is dropped after all that."""
    after = events[-1][0] + 0.1
    probes = [
        (after, event[1], 1, event[3], event[4], SYN, 1, 0, ((event[8] or 0) - 10**6) % (1 << 32), 0, 0, 0)
        for event in events
        if is_request(event)
    ]
    drops = replay(events + probes, survey(events), kernels.rule_of('4.4.178')).drops
    return {str(ipaddress.ip_address(drop[1])) for drop in drops}


@pytest.mark.parametrize('look', [0, 1], ids=['all segments', 'SYN, FIN and RST'])
def test_a_stamp_is_written_exactly_where_the_server_holds_time_wait(closed: dict[str, Any], look: int) -> None:
    answer = closed['looks'][look]
    assert answer['lost'] == 0
    held = set(closed['held'])
    assert held
    assert len(held) < CONNECTIONS
    wrong = remembered(once(live.unpack(answer))) ^ held
    assert {address: closed['ends'][address] for address in wrong} == {}
