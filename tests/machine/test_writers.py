# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that sets a sysctl on the way of a real boot, and what an audit says of the next one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.machine.node import Node

UNIT = """[Service]
Type=oneshot
ExecStart=/sbin/sysctl -q -w net.ipv4.tcp_fin_timeout=21
[Install]
WantedBy=multi-user.target
"""
RC_LOCAL = '#!/bin/sh\n/sbin/sysctl -q -w net.core.somaxconn=2022\n/sbin/sysctl -q -p /etc/tuning.conf\n'
RULE = 'ACTION=="add", SUBSYSTEM=="net", KERNEL=="eth0", RUN+="/sbin/sysctl -q -w net.ipv4.tcp_abort_on_overflow=1"\n'
FILES = {
    # What each of the others wins against, but for the kernel's command line.
    '/etc/sysctl.d/50-all.conf': """net.ipv4.tcp_fin_timeout = 31
net.core.somaxconn = 3022
net.ipv4.tcp_max_syn_backlog = 3023
net.ipv4.tcp_max_tw_buckets = 3024
net.ipv4.tcp_syncookies = 1
net.ipv4.tcp_tw_reuse = 0
net.netfilter.nf_conntrack_tcp_timeout_time_wait = 33
""",
    '/etc/systemd/system/tune.service': UNIT,
    '/etc/rc.local': RC_LOCAL,
    '/etc/tuning.conf': 'net.ipv4.tcp_max_syn_backlog = 2023\n',
    '/etc/cron.d/tune': '@reboot root /sbin/sysctl -q -w net.ipv4.tcp_max_tw_buckets=2024\n',
    '/etc/tmpfiles.d/tune.conf': 'w /proc/sys/net/ipv4/tcp_syncookies - - - - 2\n',
    '/etc/udev/rules.d/80-tune.rules': RULE,
    '/etc/modules-load.d/tune.conf': 'nf_conntrack\n',
}
COMMAND_LINE = 'sysctl.net.ipv4.tcp_tw_reuse=1 sysctl.net.ipv4.tcp_rfc1337=1'
# {key: (what a boot leaves, who it is by)}
AT_BOOT = {
    'net.ipv4.tcp_fin_timeout': (21, 'systemd-unit'),
    'net.core.somaxconn': (2022, 'rc.local'),
    'net.ipv4.tcp_max_syn_backlog': (2023, 'rc.local'),
    'net.ipv4.tcp_max_tw_buckets': (2024, 'cron'),
    'net.ipv4.tcp_syncookies': (2, 'tmpfiles'),
    'net.ipv4.tcp_tw_reuse': (0, 'sysctl'),
    'net.ipv4.tcp_rfc1337': (1, 'kernel-command-line'),
    'net.netfilter.nf_conntrack_tcp_timeout_time_wait': (33, 'sysctl'),
}
ON_EVENT = {'net.ipv4.tcp_abort_on_overflow': (1, 'udev')}


@pytest.mark.long
def test_what_a_boot_leaves_is_what_the_audit_says(on: Node) -> None:
    for path, text in FILES.items():
        on.write(path, text)
    on.vm.serial('chmod 755 /etc/rc.local && systemctl -q enable tune.service && sync')
    on.vm.reboot(kernel=COMMAND_LINE)
    on.vm.run('systemctl is-system-running --wait')
    on.vm.run('until journalctl -b -u cron | grep -q "session closed"; do sleep 1; done')
    left = {key: int(on.value(key)) for key in (*AT_BOOT, *ON_EVENT)}
    assert left == {key: value for key, (value, _by) in (*AT_BOOT.items(), *ON_EVENT.items())}

    audited = on.verb('paws_audit', window=0, return_record=True)
    assert {key: said(audited['next_boot'].get(key, [])) for key in AT_BOOT} == {
        key: [answer] for key, answer in AT_BOOT.items()
    }
    events = [writer for writer in audited['record']['writers'] if writer.get('when') == 'event']
    assert {writer['key']: (int(writer['value']), writer['kind']) for writer in events} == ON_EVENT


def said(answers: list[dict[str, Any]]) -> list[tuple[int, str]]:
    return [(answer['value'], answer['by']) for answer in answers]
