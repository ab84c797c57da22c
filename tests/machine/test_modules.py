# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys of kernel modules that load long after the boot has read the sysctl files."""

from __future__ import annotations

import pytest

from tests.machine.node import Node

CONNTRACK, BRIDGE = 'net.netfilter.nf_conntrack_tcp_timeout_time_wait', 'net.bridge.bridge-nf-call-iptables'
LOAD = 'modprobe nf_conntrack && modprobe br_netfilter && udevadm settle'


@pytest.mark.long
def test_a_rule_of_udev_sets_them_and_without_one_the_note_is_right(on: Node) -> None:
    etc = on.etc()
    ruled = on.verb('sysctl_policy', settings={CONNTRACK: 30}, module_rules=True, change_set='A')
    noted = on.verb('sysctl_policy', settings={BRIDGE: 0}, change_set='B')
    assert any('a udev rule has it set when the module loads' in note for note in ruled['notes']), ruled
    assert any('no list of modules-load.d(5) loads it' in note for note in noted['notes']), noted
    on.vm.serial(LOAD)  # without a boot too
    assert values(on) == ['30', '1']

    on.vm.reboot()
    assert on.vm.serial('lsmod | grep -cE "^(nf_conntrack|br_netfilter) " || true') == '0\n'
    on.vm.serial(LOAD)
    assert values(on) == ['30', '1']

    for change_set in 'BA':
        undone = on.verb('sysctl_rollback', change_set=change_set)
        assert undone['changed'], undone
    assert on.etc() == etc
    on.vm.reboot()
    on.vm.serial(LOAD)
    assert values(on) == ['120', '1']


@pytest.mark.long
@pytest.mark.parametrize('listed', [False, True])
def test_an_audit_knows_whether_a_line_comes_before_its_module(on: Node, listed: bool) -> None:
    """The module is loaded when the audit looks; the boot loads it first, or somebody does later."""
    on.write('/etc/sysctl.d/50-conntrack.conf', CONNTRACK + ' = 33\n')
    if listed:
        on.write('/etc/modules-load.d/conntrack.conf', 'nf_conntrack\n')
    on.vm.serial(LOAD)
    audited = on.verb('paws_audit', window=0)
    (answer,) = audited['next_boot'][CONNTRACK]
    assert answer['value'] == (33 if listed else None), answer
    assert answer.get('module') == (None if listed else 'nf_conntrack')
    assert [finding['rule'] for finding in audited['findings']] == ([] if listed else ['line-before-module'])
    on.vm.reboot()
    on.vm.serial(LOAD)
    assert on.value(CONNTRACK) == ('33' if listed else '120')


def values(on: Node) -> list[str]:
    return [on.value(CONNTRACK), on.value(BRIDGE)]
