# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was persisted is in force after a boot, and after a rollback and another boot nothing is left of it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.machine.node import Node

# Four files that set what is to be changed, in all of the ways that some reader obeys.
FILES = {
    '/etc/sysctl.conf': '# by hand\nnet.ipv4.tcp_tw_recycle = 1\nnet.core.somaxconn=300\n',
    '/etc/sysctl.d/10-first.conf': 'net.ipv4.tcp_tw_recycle=1\nnet.ipv4.tcp_fin_timeout = 20\n',
    '/etc/sysctl.d/50-tuning.conf': '-net/ipv4/tcp_tw_recycle = 1\nnet.ipv4.tcp_syncookies = 0\n',
    '/etc/sysctl.d/99-zzz.conf': 'net.ipv4.tcp_keepalive_time = 7100\nnet.ipv4.tcp_tw_recycle = 1',
}
WANTED = {
    'net.core.netdev_max_backlog': '5000',
    'net.core.somaxconn': '8192',
    'net.ipv4.ip_local_port_range': '16384 60999',
    'net.ipv4.tcp_fin_timeout': '60',
    'net.ipv4.tcp_keepalive_intvl': '30',
    'net.ipv4.tcp_keepalive_probes': '5',
    'net.ipv4.tcp_keepalive_time': '600',
    'net.ipv4.tcp_max_syn_backlog': '8192',
    'net.ipv4.tcp_rmem': '4096 131072 8388608',
    'net.ipv4.tcp_syn_retries': '5',
    'net.ipv4.tcp_synack_retries': '4',
    'net.ipv4.tcp_syncookies': '1',
}


def test_remediate_reboot_rollback_reboot(on: Node, tmp_path: Path) -> None:
    for path, text in FILES.items():
        on.write(path, text)
    on.vm.serial('sysctl --ignore --system > /dev/null')
    values, etc = on.sysctls(), on.etc()
    assert len(values) > 600
    wanted = tmp_path / 'wanted.json'
    wanted.write_text(json.dumps({'safe_sysctl_settings': WANTED, 'audit_window': 1, 'remediate_window': 1}))

    on.playbook('remediate', '-e', '@%s' % wanted)
    changed = on.etc()
    assert all(line not in changed for line in etc.splitlines() if len(line.split()[0]) == 64 and of_ours(line))
    on.vm.reboot()
    assert in_force(on.sysctls()) == WANTED
    assert on.etc() == changed
    audited = on.verb('paws_audit', window=1)
    assert audited['verdict'] == 'clean', audited

    on.playbook('rollback')
    assert on.etc() == etc
    on.vm.reboot()
    assert on.sysctls() == values
    assert on.etc() == etc


def of_ours(line: str) -> bool:
    return '/' + line.split()[-1] in FILES


def in_force(values: dict[str, str]) -> dict[str, str]:
    return {key: ' '.join(values[key.replace('.', '/')].split()) for key in WANTED}
