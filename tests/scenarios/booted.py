# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node whose first process is this machine's real systemd, in namespaces of its own: it boots in a second or two.

Files below /etc and /var last from boot to boot, /run does not, and each boot begins with a new network namespace, so
with the kernel's own values. What runs at the end of a boot is a Python program.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
SYSTEMD = '/lib/systemd/systemd'
PATIENCE_S = 90
# Nothing but what boots a node: no devices, no journal, no modules of this machine.
MASKED = """
dev-hugepages.mount dev-mqueue.mount kmod-static-nodes.service proc-sys-fs-binfmt_misc.automount
sys-fs-fuse-connections.mount sys-kernel-config.mount sys-kernel-debug.mount sys-kernel-tracing.mount
systemd-binfmt.service systemd-firstboot.service systemd-journal-flush.service systemd-journald.service
systemd-machine-id-commit.service systemd-modules-load.service systemd-random-seed.service
systemd-repart.service systemd-sysusers.service systemd-tmpfiles-setup-dev.service
systemd-tmpfiles-setup.service systemd-udevd.service systemd-udev-trigger.service systemd-update-utmp.service
systemd-update-utmp-runlevel.service systemd-logind.service systemd-user-sessions.service dbus.service
dbus.socket getty.target systemd-journald.socket systemd-journald-dev-log.socket systemd-journald-audit.socket
systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-initctl.socket
"""
LAST = """[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/usr/bin/python3 -B /lab/last.py
StandardOutput=file:/lab/output
StandardError=file:/lab/output
"""
PREAMBLE = """import json, os, subprocess, sys
sys.path.insert(0, '/lab/module_utils')
def value(key):
    with open('/proc/sys/' + key.replace('.', '/')) as handle:
        return ' '.join(handle.read().split())
def answer(found):
    with open('/lab/answer.new', 'w') as handle:
        json.dump(found, handle)
    os.rename('/lab/answer.new', '/lab/answer')
"""
# What the machine lends: programs and libraries; of its sysctl files nothing, for some keys are the whole machine's.
SCRIPT = """set -e
R=$1
mount --make-rprivate /
mount --bind "$R" "$R"
mount --rbind -o ro /usr "$R/usr"
mount -t tmpfs -o ro none "$R/usr/lib/sysctl.d"
mount --bind -o ro "$2" "$R/lab/module_utils"
mount -t proc proc "$R/proc"
mount -t sysfs -o ro sysfs "$R/sys"
mount -t tmpfs none "$R/sys/fs/cgroup"
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    mount -t cgroup2 none "$R/sys/fs/cgroup"
else
    mkdir "$R/sys/fs/cgroup/systemd"
    mount -t cgroup -o name=systemd none "$R/sys/fs/cgroup/systemd"
fi
mount -t tmpfs none "$R/run"
mount -t tmpfs none "$R/tmp"
mount -t tmpfs none "$R/dev"
for name in null zero full random urandom tty; do
    touch "$R/dev/$name"
    mount --bind "/dev/$name" "$R/dev/$name"
done
ln -s /proc/self/fd "$R/dev/fd"
mkdir "$R/dev/shm" "$R/dev/pts"
cd "$R"
mkdir -p old
pivot_root . old
umount -l /old
exec env -i container=lab PATH=/usr/bin:/usr/sbin /lib/systemd/systemd --system --unit=lab.target \
    --log-target=null --show-status=no
"""


class Booted:
    """The node; boot() as often as wanted."""

    def __init__(self, home: Path) -> None:
        self.root = home / 'booted'
        for name in ('etc/systemd/system', 'var/lib', 'lab/module_utils', 'usr', 'proc', 'sys', 'run', 'dev', 'tmp'):
            (self.root / name).mkdir(parents=True)
        for name in ('bin', 'sbin', 'lib', 'lib64'):
            if os.path.islink('/' + name):
                (self.root / name).symlink_to('usr/' + name)
        self.write('etc/machine-id', '0123456789abcdef0123456789abcdef\n')
        self.write('etc/passwd', 'root:x:0:0:root:/:/bin/sh\n')
        self.write('etc/group', 'root:x:0:\n')
        for name in MASKED.split():
            (self.root / 'etc/systemd/system' / name).symlink_to('/dev/null')
        units = 'etc/systemd/system/lab.target'
        self.write(units, '[Unit]\nRequires=multi-user.target\nWants=last.service\nAfter=multi-user.target\n')
        self.write('etc/systemd/system/last.service', LAST)

    def write(self, path: str, text: str) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding='utf-8')

    def boot(self, program: str) -> Any:
        """What the program gives to answer(), run once the boot is over; the power is cut as soon as it has."""
        answer, output = self.root / 'lab/answer', self.root / 'lab/output'
        for old in (answer, output):
            old.unlink(missing_ok=True)
        self.write('lab/last.py', PREAMBLE + program)
        group = cgroup() / ('booted-%d' % os.getpid())
        group.mkdir()
        try:
            self._until(answer, group)
        finally:
            _remove(group)
        assert answer.exists(), output.read_text(encoding='utf-8') if output.exists() else 'the boot did not end'
        return json.loads(answer.read_text(encoding='utf-8'))

    def _until(self, answer: Path, group: Path) -> None:
        kinds = '--mount --pid --net --uts --ipc --cgroup --fork --kill-child'
        inside = 'echo $$ > "$0/cgroup.procs" && exec unshare %s bash -c "$1" boot "$2" "$3"' % kinds
        arguments = (str(group), SCRIPT, str(self.root), str(CHECKOUT / 'plugins' / 'module_utils'))
        node = subprocess.Popen(['bash', '-c', inside, *arguments], stdin=subprocess.DEVNULL)
        limit = time.time() + PATIENCE_S
        while not answer.exists() and node.poll() is None and time.time() < limit:
            time.sleep(0.05)
        node.kill()
        node.wait()


def cgroup() -> Path:
    """This process's control group in the hierarchy that systemd needs, as a directory; skips the test without one."""
    lines = Path('/proc/self/cgroup').read_text(encoding='ascii').splitlines()
    for prefix, place in (('0::', '/sys/fs/cgroup'), ('name=systemd:', '/sys/fs/cgroup/systemd')):
        for line in lines:
            found = Path(place + line.partition(prefix)[2])
            if prefix in line and os.access(found / 'cgroup.procs', os.W_OK):
                return found
    pytest.skip('no control group in which a systemd could run')


def _remove(group: Path) -> None:
    """The control group with those that systemd made in it, once the kernel has let go of its processes."""
    limit = time.time() + PATIENCE_S
    while group.exists() and time.time() < limit:
        for place, _names, _files in os.walk(group, topdown=False):
            with contextlib.suppress(OSError):
                os.rmdir(place)
