# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in the machine: a Debian of that suite with these packages, files and units. image.py builds it.

Whatever changes here makes another image, for its name is a hash of all of it.
"""

from __future__ import annotations

from dataclasses import dataclass

SUITE = 'bookworm'
# Beside mmdebstrap's minbase. cron, as a writer of sysctls (@reboot) and for nodes without systemd's timers.
PACKAGES = (
    *('systemd', 'systemd-sysv', 'udev', 'dbus', 'openssh-server', 'python3', 'procps', 'iproute2', 'kmod', 'cron'),
    *('initramfs-tools', 'lz4', 'linux-image-cloud-amd64'),
)
LEFT_OUT = ('/usr/share/doc/*', '/usr/share/locale/*', '/usr/share/man/*', '/usr/share/info/*')
DISK = '1G'

# What the large machine has besides, for tests of hours: all that sets sysctls at a boot of Debian, and containers.
WRITERS = ('cloud-init', 'ifupdown', 'network-manager', 'networkd-dispatcher', 'tuned', 'ufw')
CONTAINERS = ('busybox-static', 'docker.io', 'netavark', 'podman')
# They start where a test says so.
DISABLED = (
    *('NetworkManager.service', 'containerd.service', 'docker.service', 'docker.socket', 'networking.service'),
    *('networkd-dispatcher.service', 'podman.service', 'podman.socket', 'podman-restart.service', 'tuned.service'),
    *('podman-auto-update.service', 'podman-auto-update.timer', 'ufw.service', 'NetworkManager-dispatcher.service'),
    *('NetworkManager-wait-online.service',),
)

# They have to be there before the package of the kernel makes its initramfs.
INITRAMFS = {
    'etc/initramfs-tools/conf.d/machine': 'MODULES=list\nCOMPRESS=lz4\n',
    'etc/initramfs-tools/modules': 'virtio_pci\nvirtio_blk\next4\n',
}

# A shell on the second serial line, for tests that take the network away and for whoever looks for a fault. In: a line
# of a number and the base64 of a script. Out: a line of "answer", the number, the base64 of the output and the status.
SHELL = """#!/bin/sh
stty raw -echo
echo ready
while read -r number script; do
    said=$({ echo "$script" | base64 -d 2>/dev/null | sh 2>&1; printf '\\n%s' "$?"; } | base64 -w 0)
    echo "answer $number $said"
done
"""
SHELL_UNIT = """[Unit]
Description=A shell on the second serial line, also in the rescue mode
DefaultDependencies=no
IgnoreOnIsolate=yes
After=dev-ttyS1.device
[Service]
ExecStart=/usr/local/sbin/serial-shell
StandardInput=tty-force
StandardOutput=tty
TTYPath=/dev/ttyS1
Restart=always
[Install]
WantedBy=sysinit.target
"""

NETWORK = """[Match]
Name=eth0
[Network]
Address=10.0.2.15/24
LinkLocalAddressing=no
IPv6AcceptRA=no
"""
# Key exchange by curve25519: the larger default costs an emulated processor a second.
SSHD = """HostKey /etc/ssh/ssh_host_ed25519_key
KexAlgorithms curve25519-sha256
PermitRootLogin prohibit-password
UseDNS no
PrintMotd no
"""
FILES = {
    'etc/hostname': 'machine\n',
    'etc/hosts': '127.0.0.1 localhost machine\n',
    'etc/fstab': '/dev/vda / ext4 errors=remount-ro 0 1\n',
    'etc/systemd/network/eth0.network': NETWORK,
    'etc/ssh/sshd_config.d/machine.conf': SSHD,
    'etc/systemd/system/serial-shell.service': SHELL_UNIT,
    'usr/local/sbin/serial-shell': SHELL,
}
PROGRAMS = ('usr/local/sbin/serial-shell',)
ENABLED = ('serial-shell.service', 'systemd-networkd.service')
# What would work at times of its own, or wait for what this machine does not have.
MASKED = (
    *('apt-daily.timer', 'apt-daily-upgrade.timer', 'dpkg-db-backup.timer', 'e2scrub_all.timer', 'fstrim.timer'),
    *('e2scrub_reap.service', 'systemd-pstore.service', 'modprobe@efi_pstore.service', 'modprobe@drm.service'),
    *('systemd-networkd-wait-online.service', 'getty@tty1.service', 'serial-getty@ttyS0.service'),
)
TARGET = 'multi-user.target'


@dataclass(frozen=True)
class Kind:
    """One machine of several: what it has besides, what of that a boot is not to start, its disk and memory (MiB)."""

    packages: tuple[str, ...] = ()
    disabled: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    disk: str = DISK
    memory: int = 320


USUAL = Kind()
LARGE = Kind(WRITERS + CONTAINERS, DISABLED, (('etc/cloud/cloud-init.disabled', ''),), '3G', 768)
KINDS = (USUAL, LARGE)
