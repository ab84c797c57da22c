# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One virtual machine under qemu, without hardware virtualisation: boots, saved states, loss of power, time that stops.

The machine reaches nobody, and only programs of this computer reach it, on one port of 127.0.0.1.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from tests.fleet.inventory import ssh_options
from tests.machine.image import Image, locked
from tests.machine.monitor import PATIENCE_S, Monitor, Shell

NAME = 'machine'
BOOTED = 'booted'
BOOT_S = 900
QEMU = 'qemu-system-x86_64'
MACHINE = (
    *('-no-user-config', '-nodefaults', '-display', 'none', '-no-reboot'),
    *('-machine', 'q35', '-accel', 'tcg', '-cpu', 'Westmere', '-smp', '2'),
)
KERNEL = 'root=/dev/vda rw console=ttyS0 quiet mitigations=off net.ifnames=0 panic=-1'


class Machine:
    """The machine in `home`: disk.qcow2, console.log (what it said on its first serial line), inventory.json.

    It is off at first. start() is to boot, or to go on from a saved state.
    """

    def __init__(self, image: Image, home: Path) -> None:
        self.image, self.home = image, home
        self.initramfs = image.initramfs
        self.disk, self.console = home / 'disk.qcow2', home / 'console.log'
        self.inventory = str(home / 'inventory.json')
        self.port = 0
        self._qemu: subprocess.Popen[bytes] | None = None
        self._monitor: Monitor | None = None
        self._shell: Shell | None = None
        (home / 'cp').mkdir(exist_ok=True)

    # Power

    def start(self, state: str = '', kernel: str = '') -> None:
        """Switches it on and waits until ssh answers.

        state: the saved state to go on from instead of booting. kernel: more of the kernel's command line.
        """
        assert self._qemu is None, 'it is on already'
        if not self.disk.exists():
            self._make_disk()
        self.port = _free_port()
        self._write_inventory()
        with open(self.home / 'qemu.log', 'ab') as log:
            self._qemu = subprocess.Popen(
                [*self._command(kernel), *(('-loadvm', state) if state else ())],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.wait()

    def _make_disk(self) -> None:
        """A copy of the disk with saved states, else one on top of the image; both know the image by its name."""
        if self.image.first_disk:
            shutil.copyfile(self.image.first_disk, self.disk)
        else:
            layer = ('-f', 'qcow2', '-F', 'raw', '-b', str(self.image.disk), str(self.disk))
            subprocess.run(['qemu-img', 'create', '-q', *layer], check=True)

    def _command(self, kernel: str) -> list[str]:
        network = 'user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:%d-:22' % self.port
        return [
            *(QEMU, *MACHINE, '-kernel', str(self.image.kernel), '-initrd', str(self.initramfs)),
            *('-m', str(self.image.kind.memory)),
            *('-append', ' '.join([KERNEL, kernel]).strip()),
            *('-drive', 'file=%s,if=virtio,format=qcow2' % self.disk),
            *('-netdev', network, '-device', 'virtio-net-pci,netdev=net,romfile='),
            *('-chardev', 'file,id=console,path=%s,append=on' % self.console, '-serial', 'chardev:console'),
            *('-serial', 'unix:%s,server=on,wait=off' % (self.home / 'shell')),
            *('-qmp', 'unix:%s,server=on,wait=off' % (self.home / 'monitor')),
        ]

    def wait(self) -> None:
        """Until its ssh server has said who it is: the port is open before the machine is."""
        limit = time.monotonic() + BOOT_S
        while not self.answers():
            assert self.on, 'qemu has ended: %s' % self._end_of('qemu.log')
            assert time.monotonic() < limit, 'no ssh after %d s: %s' % (BOOT_S, self._end_of('console.log'))
            time.sleep(0.2)

    def answers(self, patience_s: float = 10) -> bool:
        try:
            with socket.create_connection(('127.0.0.1', self.port), timeout=patience_s) as connection:
                return connection.recv(4) == b'SSH-'
        except OSError:
            return False

    @property
    def on(self) -> bool:
        return self._qemu is not None and self._qemu.poll() is None

    def cut_power(self) -> None:
        """What the machine has not told its disk to keep is lost."""
        if self._qemu:
            self._qemu.kill()
        self._ended()

    def wait_until_off(self) -> None:
        """The machine switches itself off, or boots again, which -no-reboot makes the same."""
        assert self._qemu is not None
        self._qemu.wait(BOOT_S)
        self._ended()

    def reboot(self, kernel: str = '') -> None:
        """An orderly shutdown and a boot."""
        self.ssh('systemctl reboot')
        self.wait_until_off()
        self.start(kernel=kernel)

    def _ended(self) -> None:
        if self._qemu:
            self._qemu.wait()
        self._qemu = None
        for line in (self._monitor, self._shell):
            if line:
                line.close()
        self._monitor = self._shell = None
        for path in (self.home / 'cp').iterdir():
            subprocess.run(
                ['ssh', '-F', '/dev/null', '-O', 'exit', '-S', str(path), 'x'], capture_output=True, check=False
            )
            path.unlink(missing_ok=True)

    # Time

    def freeze(self) -> None:
        """The machine does nothing and knows nothing of it, as where a hypervisor is suspended: its clocks jump."""
        assert self._qemu
        self._qemu.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._qemu
        self._qemu.send_signal(signal.SIGCONT)

    def freeze_disk(self, layer: Path) -> None:
        """Leaves the disk as it is while the machine stands still for a moment; it then writes into a new layer."""
        self.monitor.ask('stop')
        self.monitor.ask('blockdev-snapshot-sync', device='virtio0', **{'snapshot-file': str(layer), 'format': 'qcow2'})
        self.monitor.ask('cont')

    # Talking to it

    @property
    def monitor(self) -> Monitor:
        if self._monitor is None:
            self._monitor = Monitor(self.home / 'monitor')
        return self._monitor

    def save(self, name: str) -> None:
        self.monitor.human('savevm ' + name)

    def ssh_command(self, command: str) -> list[str]:
        """One command, run by root, over the connection that Ansible uses too."""
        return [
            *('ssh', *ssh_options(), '-o', 'ControlMaster=auto', '-o', 'ControlPersist=60s'),
            *('-o', 'ControlPath=%s/cp/%%C' % self.home, '-o', 'ConnectTimeout=30', '-i', str(self.image.key)),
            *('-p', str(self.port), 'root@127.0.0.1', command),
        ]

    def ssh(self, command: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.ssh_command(command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def run(self, command: str, timeout: float = 120) -> str:
        """What a command says that must succeed."""
        ended = self.ssh(command, timeout)
        assert ended.returncode == 0, ended
        return ended.stdout

    def serial(self, script: str) -> str:
        """The same without the network."""
        if self._shell is None:
            self._shell = Shell(self.home / 'shell')
        status, said = self._shell.run(script)
        assert status == 0, (status, said)
        return said

    def wake(self) -> None:
        """Ends a sleep of the machine. What is written to a serial line before its driver is awake, too, is lost."""
        self.monitor.human('system_wakeup')
        limit = time.monotonic() + PATIENCE_S
        while True:
            if self._shell:
                self._shell.close()
            self._shell = Shell(self.home / 'shell', patience=5)
            try:
                self._shell.run('true')
            except TimeoutError:
                assert time.monotonic() < limit, 'it sleeps on: %s' % self._end_of('console.log')
            else:
                self._shell.close()
                self._shell = None
                return

    def send(self, directory: Path, target: str) -> None:
        """A directory with all that is in it, to a directory of the machine that is made for it."""
        pack = ['tar', '-C', str(directory), '--exclude=__pycache__', '-c', '.']
        packed = subprocess.run(pack, stdout=subprocess.PIPE, check=True)
        unpack = 'mkdir -p %s && tar -C %s --no-same-owner --touch -x' % (target, target)
        subprocess.run(self.ssh_command(unpack), input=packed.stdout, check=True)

    def _write_inventory(self) -> None:
        options = ['-o', 'ControlMaster=auto', '-o', 'ControlPersist=60s', *ssh_options()]
        host = {
            'ansible_host': '127.0.0.1',
            'ansible_port': self.port,
            'ansible_user': 'root',
            'ansible_ssh_private_key_file': str(self.image.key),
            'ansible_ssh_args': ' '.join(options),
            'ansible_control_path': '%s/cp/%%%%C' % self.home,
        }
        Path(self.inventory).write_text(json.dumps({'all': {'hosts': {NAME: host}}}), encoding='utf-8')

    def _end_of(self, name: str) -> str:
        path = self.home / name
        return '%s: %s' % (path, path.read_text(errors='replace')[-1500:] if path.exists() else 'nothing')


def with_booted_state(image: Image) -> Image:
    """The image, with a disk that has the state BOOTED: it is booted once for each image, qemu and machine."""
    version = subprocess.run([QEMU, '--version'], capture_output=True, check=True).stdout
    # The disk names the image below it by its path: a checkout that was moved needs another.
    known = hashlib.sha256(version + Path(__file__).read_bytes() + bytes(image.disk)).hexdigest()[:16]
    kept = image.home / ('booted-%s.qcow2' % known)
    with locked(image.home):
        if not kept.exists():
            for old in image.home.glob('booted-*'):
                old.unlink()
            _boot(image, kept)
    return replace(image, first_disk=kept)


def _boot(image: Image, kept: Path) -> None:
    with tempfile.TemporaryDirectory(prefix='paws-vm-') as home:
        machine = Machine(image, Path(home))
        try:
            machine.start()
            assert machine.run('systemctl is-system-running --wait; sync').strip() == 'running'
            machine.save(BOOTED)
        finally:
            machine.cut_power()
        new = kept.with_suffix('.new')
        shutil.copyfile(machine.disk, new)
        new.rename(kept)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        port: int = probe.getsockname()[1]
        return port
