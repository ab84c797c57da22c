# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The power goes: what the disk keeps of a change is all of it or none of it."""

from __future__ import annotations

import json

from tests.machine.node import Node

FILE = '/etc/sysctl.d/50-mine.conf'
SETTINGS = {'net.ipv4.tcp_keepalive_time': '600', 'net.core.somaxconn': '9000'}


def test_power_loss_while_pending(on: Node) -> None:
    """The boot is as if the change had never been made: the undo comes before the network and systemd-sysctl."""
    on.vm.serial("echo net.core.somaxconn = 5000 > %s && sysctl -q -p %s && sync" % (FILE, FILE))
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
