# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that sets a sysctl on the way of a real boot of Debian, and what an audit says of the next one."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.machine.node import Node

SCRIPT = '#!/bin/sh\n/sbin/sysctl -q -w %s\n'
UNIT = '[Service]\nType=oneshot\nExecStart=/sbin/sysctl -q -w %s\n'
WANTED = '[Install]\nWantedBy=multi-user.target\n'
EARLY = '[Unit]\nDefaultDependencies=no\nBefore=systemd-sysctl.service\n'
INITRAMFS = '#!/bin/sh\n[ "$1" = prereqs ] && exit 0\necho 20481 > /proc/sys/net/core/optmem_max\n'
INIT_SCRIPT = """#!/bin/sh
### BEGIN INIT INFO
# Provides: oldtune
# Required-Start: $remote_fs
# Required-Stop:
# Default-Start: 2 3 4 5
# Default-Stop:
### END INIT INFO
[ "$1" = start ] && sysctl -q -w net.ipv4.tcp_orphan_retries=3
exit 0
"""
# Of cloud-init only what is asked for here: the rest would change keys and names of the machine.
CLOUD = """datasource_list: [None]
network: {config: disabled}
cloud_init_modules: [bootcmd]
cloud_config_modules: []
cloud_final_modules: []
bootcmd:
- sysctl -q -w net.ipv4.tcp_retries1=4
"""
CONNECTION = """[connection]
id=dummy0
type=dummy
interface-name=dummy0
[ipv4]
method=manual
address1=192.0.2.9/24
[ipv6]
method=disabled
"""
RULES = """ACTION=="add", SUBSYSTEM=="net", KERNEL=="eth0", RUN+="/sbin/sysctl -q -w net.ipv4.tcp_abort_on_overflow=1"
ACTION=="add", SUBSYSTEM=="net", KERNEL=="eth0", SYSCTL{net/ipv4/tcp_reordering}="5"
"""
FILES = {
    '/etc/systemd/system/tune.service': UNIT % 'net.ipv4.tcp_fin_timeout=21' + WANTED,
    '/etc/systemd/system/early.service': EARLY + UNIT % 'net.ipv4.tcp_retries2=13' + WANTED,
    '/etc/systemd/system/later.service': UNIT % 'net.core.netdev_max_backlog=2026',
    '/etc/systemd/system/later.timer': '[Timer]\nOnBootSec=5\n[Install]\nWantedBy=timers.target\n',
    '/etc/rc.local': SCRIPT % 'net.core.somaxconn=2022' + '/sbin/sysctl -q -p /etc/tuning.conf\n',
    '/etc/tuning.conf': 'net.ipv4.tcp_max_syn_backlog = 2023\n',
    '/etc/cron.d/tune': '@reboot root /sbin/sysctl -q -w net.ipv4.tcp_max_tw_buckets=2024\n',
    '/var/spool/cron/crontabs/root': '@reboot /sbin/sysctl -q -w net.ipv4.tcp_max_orphans=2025\n',
    '/etc/tmpfiles.d/tune.conf': 'w /proc/sys/net/ipv4/tcp_ecn - - - - 1\n'
    'w /proc/sys/net/ipv4/tcp_syncookies - - - - 2\n',
    '/etc/udev/rules.d/80-tune.rules': RULES,
    '/etc/modules-load.d/tune.conf': 'nf_conntrack\ndummy\n',
    '/etc/modprobe.d/tune.conf': 'install dummy /sbin/modprobe --ignore-install dummy numdummies=0; '
    '/sbin/sysctl -q -w net.ipv4.tcp_max_reordering=301\n',
    '/etc/credstore/sysctl.extra': 'net.ipv4.tcp_syn_retries = 4\n',
    '/etc/initramfs-tools/scripts/init-bottom/tune': INITRAMFS,
    '/etc/init.d/oldtune': INIT_SCRIPT,
    '/etc/cloud/cloud.cfg.d/99-tune.cfg': CLOUD,
    '/etc/tuned/active_profile': 'tune\n',
    '/etc/tuned/profile_mode': 'manual\n',
    '/etc/tuned/tune/tuned.conf': '[sysctl]\nnet.ipv4.tcp_keepalive_intvl=31\nnet.ipv4.tcp_keepalive_time=3000\n',
    '/etc/ufw/sysctl.conf': 'net/ipv4/tcp_keepalive_probes=7\n',
    '/etc/network/interfaces': 'auto lo\niface lo inet loopback\n  up sysctl -q -w net.ipv4.tcp_synack_retries=4\n',
    '/etc/network/if-up.d/tune': SCRIPT % 'net.ipv4.tcp_challenge_ack_limit=2027',
    '/etc/systemd/network/eth0.network.d/forward.conf': '[Network]\nIPForward=ipv4\n',
    '/etc/networkd-dispatcher/routable.d/tune': SCRIPT % 'net.core.netdev_budget=301',
    '/etc/NetworkManager/conf.d/tune.conf': '[keyfile]\nunmanaged-devices=interface-name:eth0\n',
    '/etc/NetworkManager/system-connections/dummy0.nmconnection': CONNECTION,
    '/etc/NetworkManager/dispatcher.d/90-tune': SCRIPT % 'net.core.dev_weight=65',
    '/etc/profile.d/tune.sh': 'sysctl -q -w net.ipv4.tcp_limit_output_bytes=2000000\n',
}
COMMAND_LINE = 'sysctl.net.ipv4.tcp_tw_reuse=1 sysctl.net.ipv4.tcp_rfc1337=1'
# {key: (what sysctl files say or None, what a boot leaves, who it is by)}
AT_BOOT = {
    'net.core.optmem_max': (None, 20481, 'initramfs'),
    'net.ipv4.tcp_rfc1337': (None, 1, 'kernel-command-line'),
    'net.ipv4.tcp_tw_reuse': (0, 0, 'sysctl'),  # over the kernel's command line
    'net.ipv4.tcp_retries2': (14, 14, 'sysctl'),  # over a unit that is ordered before systemd-sysctl
    'net.netfilter.nf_conntrack_tcp_timeout_time_wait': (33, 33, 'sysctl'),
    'net.ipv4.tcp_syn_retries': (5, 4, 'credential'),
    'net.ipv4.tcp_ecn': (None, 1, 'tmpfiles'),
    'net.ipv4.tcp_keepalive_probes': (8, 7, 'ufw'),
    'net.ipv4.tcp_synack_retries': (6, 4, 'ifupdown'),
    'net.ipv4.ip_forward': (0, 1, 'networkd'),
    'net.ipv4.tcp_retries1': (5, 4, 'cloud-init'),
    'net.ipv4.tcp_orphan_retries': (4, 3, 'init-script'),
    'net.ipv4.tcp_fin_timeout': (31, 21, 'systemd-unit'),
    'net.core.netdev_max_backlog': (3026, 2026, 'systemd-unit'),
    'net.ipv4.tcp_keepalive_intvl': (32, 31, 'tuned'),
    'net.ipv4.tcp_keepalive_time': (3001, 3001, 'sysctl'),  # which tuned puts back
    'net.core.somaxconn': (3022, 2022, 'rc.local'),
    'net.ipv4.tcp_max_syn_backlog': (3023, 2023, 'rc.local'),
    'net.ipv4.tcp_max_tw_buckets': (3024, 2024, 'cron'),
    'net.ipv4.tcp_max_orphans': (3025, 2025, 'crontab'),
}
# {key: (what it leaves, who it is by)}
ON_EVENT = {
    'net.ipv4.tcp_challenge_ack_limit': (2027, 'ifupdown-script'),
    'net.ipv4.tcp_abort_on_overflow': (1, 'udev'),
    'net.ipv4.tcp_reordering': (5, 'udev'),
    'net.ipv4.tcp_max_reordering': (301, 'modprobe'),
    'net.core.dev_weight': (65, 'networkmanager'),
    'net.core.netdev_budget': (301, 'networkd-dispatcher'),
    'net.ipv4.tcp_limit_output_bytes': (2000000, 'login'),
}
# Nothing orders systemd-tmpfiles against systemd-sysctl: whichever of the two is the later one.
EITHER, FILES_SAY, ELSE = 'net.ipv4.tcp_syncookies', 1, 2
PROGRAMS = (
    *('/etc/rc.local', '/etc/init.d/oldtune', '/etc/network/if-up.d/tune', '/etc/networkd-dispatcher/routable.d/tune'),
    *('/etc/NetworkManager/dispatcher.d/90-tune', '/etc/initramfs-tools/scripts/init-bottom/tune'),
)
# ufw is not to shut the machine off, and cloud-init may run.
ENABLE = """chmod 755 %s
chmod 600 /etc/NetworkManager/system-connections/* /var/spool/cron/crontabs/root
sed -i 's/^DEFAULT_INPUT_POLICY=.*/DEFAULT_INPUT_POLICY="ACCEPT"/' /etc/default/ufw
sed -i 's/^ENABLED=.*/ENABLED=yes/' /etc/ufw/ufw.conf
rm /etc/cloud/cloud-init.disabled
update-rc.d oldtune defaults
systemctl -q enable tune early later.timer tuned ufw networking networkd-dispatcher
systemctl -q enable NetworkManager NetworkManager-dispatcher
mkinitramfs -o /root/initramfs
""" % ' '.join(PROGRAMS)
# The audit watches the keys of rules: one for each that no rule of the collection has.
WATCH = [
    {'id': 'watch-%d' % number, 'title': key, 'severity': 'info', 'class': 'clean', 'when': "sysctl('%s') < `0`" % key}
    for number, key in enumerate((*AT_BOOT, *ON_EVENT, EITHER))
]
ALL = {key: left for key, (*_file, left, _by) in (*AT_BOOT.items(), *ON_EVENT.items())}


@pytest.mark.long
def test_what_a_boot_leaves_is_what_the_audit_says(large: Node) -> None:
    for path, text in {**FILES, **base()}.items():
        large.vm.serial('mkdir -p %s' % Path(path).parent)
        large.write(path, text)
    large.vm.run(ENABLE, timeout=900)
    foretold = large.verb('paws_audit', window=0, return_record=True, rules=WATCH)
    large.vm.initramfs = fetched(large, '/root/initramfs')
    large.vm.reboot(kernel=COMMAND_LINE)
    large.vm.ssh('systemctl is-system-running --wait; bash -lc true', timeout=900)
    left = settled(large)
    audited = large.verb('paws_audit', window=0, return_record=True, rules=WATCH)
    said = {key: answers(audited, key) for key in AT_BOOT}
    events = of_events(audited)
    assert int(large.value(EITHER)) in (FILES_SAY, ELSE)
    assert (answers(audited, EITHER), events.pop(EITHER)) == ([(FILES_SAY, 'sysctl')], (ELSE, 'tmpfiles'))
    print('\n%-50s %-22s %10s %10s  audit' % ('key', 'writer', 'files', 'boot'))
    for key, (file, _left, by) in AT_BOOT.items():
        print('%-50s %-22s %10s %10s  %s' % (key, by, file, left[key], said[key]))
    for key, (_left, by) in ON_EVENT.items():
        print('%-50s %-22s %10s %10s  event %s' % (key, by, '', left[key], events.get(key)))
    assert left == ALL
    assert said == {key: [(value, by)] for key, (_file, value, by) in AT_BOOT.items()}
    assert events == ON_EVENT
    # Said before it came true, but for the command line that only this boot had.
    assert {key: answers(foretold, key) for key in AT_BOOT if by_of(key) != 'kernel-command-line'} == {
        key: answer for key, answer in said.items() if by_of(key) != 'kernel-command-line'
    }


@pytest.mark.long
def test_what_docker_leaves_is_what_the_audit_says(large: Node) -> None:
    large.write('/etc/sysctl.d/50-forward.conf', 'net.ipv4.ip_forward = 0\n')
    large.vm.serial('systemctl -q enable docker.service')
    foretold = large.verb('paws_audit', window=0)
    large.vm.reboot()
    large.vm.run('systemctl start docker.service', timeout=600)  # waits until it has started
    assert large.value('net.ipv4.ip_forward') == '1'
    for audited in (foretold, large.verb('paws_audit', window=0)):
        assert answers(audited, 'net.ipv4.ip_forward') == [(1, 'docker')]


def base() -> dict[str, str]:
    """The sysctl files, which others win against. TuneD puts back what those in /etc set, and these alone."""
    lines = {key: '%s = %d\n' % (key, file) for key, (file, _left, _by) in AT_BOOT.items() if file is not None}
    lines[EITHER] = '%s = %d\n' % (EITHER, FILES_SAY)
    again = lines.pop('net.ipv4.tcp_keepalive_time')
    return {'/usr/lib/sysctl.d/50-all.conf': ''.join(lines.values()), '/etc/sysctl.d/50-again.conf': again}


def fetched(on: Node, path: str) -> Path:
    """A file of the machine, on this computer."""
    here = on.vm.home / Path(path).name
    with open(here, 'wb') as file:
        subprocess.run(on.vm.ssh_command('cat ' + path), stdout=file, check=True)
    return here


def settled(on: Node) -> dict[str, int]:
    """What is in force once all have run, or after a minute."""
    for _look in range(30):
        left = {key: int(on.value(key)) for key in ALL}
        if left == ALL:
            break
        on.vm.serial('sleep 2')
    return left


def by_of(key: str) -> str:
    return AT_BOOT[key][2]


def answers(audited: dict[str, Any], key: str) -> list[tuple[int, str]]:
    return [(answer['value'], answer['by']) for answer in audited['next_boot'].get(key, [])]


def of_events(audited: dict[str, Any]) -> dict[str, tuple[int, str]]:
    events = [writer for writer in audited['record']['writers'] if writer['when'] == 'event']
    return {writer['key']: (int(writer['value']), writer['kind']) for writer in events}
