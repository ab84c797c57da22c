# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet as its users see it: up, down, inventory, ssh, CPU seconds.

with Fleet(hosts.standard()) as fleet:
    subprocess.run(["ansible", "-i", fleet.inventory, "all", "-m", "ping"])
"""

from __future__ import annotations

import json
import os
import pathlib
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from typing import Any

from . import inventory, pythons, spec
from .netlink import Netlink
from .spec import FleetError, Host
from .supervisor import start_time

_OWN = (
    'plan.json',
    'running.json',
    'running.json.new',
    'supervisor.pid',
    'supervisor.log',
    'inventory.json',
    'keys',
    'cp',
    'mnt',
)
# Only in a directory that has it does down remove anything.
_MARK = 'fleet.mark'
_END_SECONDS = 20
_MOST_HOSTS = 1000


class Fleet:
    """Hosts that are up between ``up`` and ``down``.

    ``state``: directory for everything the fleet writes (made if missing, removed by down if nothing else is in it;
    default: a new temporary one).
    """

    def __init__(self, hosts: Sequence[Host] = (), state: str | os.PathLike[str] | None = None) -> None:
        named = state or pathlib.Path(tempfile.gettempdir()) / ('paws-fleet-' + secrets.token_hex(6))
        self.state = pathlib.Path(named).absolute()
        self.hosts: dict[str, Host] = {host.name: host for host in hosts}
        self.left_out: dict[str, str] = {}
        self.addresses: dict[str, str] = {}

    @classmethod
    def attach(cls, state: str | os.PathLike[str]) -> Fleet:
        """The fleet that is up in that directory, whoever started it; FleetError if none is."""
        fleet = cls(state=state)
        if not fleet.running():
            raise FleetError('no fleet is up in %s' % fleet.state)
        plan = fleet._read('plan.json')
        fleet.hosts = {data['name']: spec.from_json(data) for data in plan['hosts']}
        fleet.left_out = plan['left_out']
        fleet.addresses = {host['name']: host['address'] for host in fleet._read('running.json')['hosts']}
        return fleet

    def __enter__(self) -> Fleet:
        try:
            return self.up()
        except BaseException:
            self.down()
            raise

    def __exit__(self, *_: object) -> None:
        self.down()

    @property
    def inventory(self) -> str:
        return str(self.state / 'inventory.json')

    def up(self) -> Fleet:
        """Boot all hosts; returns when each can be reached. Those whose interpreter is missing are in ``left_out``."""
        _check(self.state, len(self.hosts))
        if self.running():
            raise FleetError('a fleet is already up in %s' % self.state)
        self.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.state.stat().st_uid != 0:
            raise FleetError('state directory %s belongs to somebody else' % self.state)
        if not (self.state / _MARK).exists() and any(self.state.iterdir()):
            raise FleetError('state directory %s holds other things: give an empty or a new one' % self.state)
        (self.state / _MARK).touch()
        (self.state / 'cp').mkdir(exist_ok=True)
        found = self._leave_out()
        self._make_keys()
        plan = {
            'sshd': _sshd(),
            'pythons': found,
            'hosts': [spec.to_json(host) for host in self.hosts.values()],
            'left_out': self.left_out,
        }
        (self.state / 'plan.json').write_text(json.dumps(plan), encoding='utf-8')
        self._start_supervisor()
        self.addresses = {host['name']: host['address'] for host in self._read('running.json')['hosts']}
        inventory.write(pathlib.Path(self.inventory), list(self.hosts.values()), self.addresses, self.state)
        return self

    def _leave_out(self) -> dict[str, tuple[str, str]]:
        found = {}
        for version in sorted({host.python for host in self.hosts.values()} - {'system', spec.NO_PYTHON}):
            interpreter = pythons.find(version)
            if interpreter:
                found[version] = interpreter
        for host in list(self.hosts.values()):
            if host.python not in ('system', spec.NO_PYTHON) and host.python not in found:
                self.left_out[host.name] = 'no Python %s on this machine' % host.python
        for name in self.left_out:
            self.hosts.pop(name, None)
        return found

    def _make_keys(self) -> None:
        keys = self.state / 'keys'
        keys.mkdir(mode=0o700, exist_ok=True)
        missing = [name for name in ('host', 'client') if not (keys / name).exists()]
        commands = [
            ['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'fleet', '-f', str(keys / name)] for name in missing
        ]
        started = [subprocess.Popen(command, stdin=subprocess.DEVNULL) for command in commands]
        ended = [process.wait() for process in started]
        if any(ended):
            raise FleetError('ssh-keygen failed')

    def _start_supervisor(self) -> None:
        checkout = pathlib.Path(__file__).resolve().parents[2]
        code = 'import sys; sys.path.insert(0, sys.argv[1]); from tests.fleet import supervisor; supervisor.main()'
        read_end, write_end = os.pipe()
        command = [sys.executable, '-I', '-S', '-c', code, str(checkout), str(self.state), str(write_end)]
        with open(self.state / 'supervisor.log', 'ab') as log:
            started = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[write_end],
                cwd='/',
                start_new_session=True,
            )
        os.close(write_end)
        started.wait()
        with open(read_end, 'rb') as answer:
            text = answer.read().decode(errors='replace')
        if text != 'ok':
            raise FleetError(
                'the fleet did not come up: %s' % (text.strip() or 'see %s' % (self.state / 'supervisor.log'))
            )

    def _read(self, name: str) -> Any:
        return json.loads((self.state / name).read_text(encoding='utf-8'))

    def running(self) -> int:
        """The supervisor's pid; 0 when no fleet is up here."""
        try:
            pid, started = (self.state / 'supervisor.pid').read_text(encoding='ascii').split()
        except (OSError, ValueError):
            return 0
        return int(pid) if start_time(int(pid)) == started else 0

    def down(self) -> None:
        """End the fleet and remove what it wrote; fine when it is down already or has crashed."""
        if not (self.state / _MARK).exists() and not self.running():
            return
        self._end_ssh_masters()
        pid = self.running()
        for number in (signal.SIGTERM, signal.SIGKILL):
            if pid and not _end(pid, number):
                continue
            break
        self._remove_uplink()
        for name in _OWN:
            path = self.state / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        (self.state / _MARK).unlink(missing_ok=True)
        if not any(self.state.iterdir()):
            self.state.rmdir()

    def _end_ssh_masters(self) -> None:
        sockets = (self.state / 'cp').iterdir() if (self.state / 'cp').is_dir() else ()
        for path in sockets:
            subprocess.run(
                ['ssh', '-F', '/dev/null', '-O', 'exit', '-S', str(path), 'host'], capture_output=True, check=False
            )

    def _remove_uplink(self) -> None:
        """After a crash the kernel takes it down a moment later; only a link with this fleet's alias is touched."""
        for alias in pathlib.Path('/sys/class/net').glob('pawsfleet*/ifalias'):
            try:
                if alias.read_text(encoding='utf-8').strip() == 'nodetcp.paws fleet %s' % self.state:
                    Netlink().delete(alias.parent.name)
            except FileNotFoundError:
                continue

    def ssh_command(self, name: str, *command: str) -> list[str]:
        host = self.hosts[name]
        login = '%s@%s' % (host.user, self.addresses[name])
        return [
            'ssh',
            *inventory.ssh_options(),
            '-o',
            'ConnectTimeout=10',
            '-i',
            str(self.state / 'keys/client'),
            login,
            *command,
        ]

    def ssh(self, name: str, command: str) -> subprocess.CompletedProcess[str]:
        """One command by a new connection, without a terminal."""
        return subprocess.run(
            self.ssh_command(name, command),
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=60,
            check=False,
        )

    def pids(self) -> dict[str, int]:
        """Process 1 of each host, as this machine numbers it."""
        return {host['name']: host['pid'] for host in self._read('running.json')['hosts'] if host['pid']}

    def cpu_seconds(self) -> float:
        """CPU seconds spent so far on behalf of the hosts: by the supervisor and all its descendants ever.

        Exact while the hosts are at rest: what ends during the call may be missed or counted twice. Resolution: 10 ms a
        process.
        """
        parents, ticks = {}, {}
        for entry in os.listdir('/proc'):
            fields = _stat(entry) if entry.isdigit() else []
            if fields:
                parents[int(entry)] = int(fields[1])
                ticks[int(entry)] = sum(int(field) for field in fields[11:15])
        ours = {self.running()}
        more = ours
        while more:
            more = {pid for pid, parent in parents.items() if parent in more}
            ours = ours | more
        return sum(ticks.get(pid, 0) for pid in ours) / float(os.sysconf('SC_CLK_TCK'))


def missing() -> str:
    """What keeps this machine from having a fleet, one line; "" if nothing does."""
    if os.geteuid() != 0:
        return 'the fleet needs root: it makes network and mount namespaces'
    if not _sshd() or not shutil.which('ssh') or not shutil.which('ssh-keygen'):
        return 'the fleet needs OpenSSH, server and client: packages openssh-server and openssh-client(s)'
    return ''


def _sshd() -> str:
    return shutil.which('sshd', path='/usr/sbin:/usr/local/sbin:/sbin:' + os.environ.get('PATH', '')) or ''


def _check(state: pathlib.Path, number: int) -> None:
    reason = missing()
    if reason:
        raise FleetError(reason)
    if len(str(state)) > 70 or set(str(state)) & set(' ,:\\\n'):
        raise FleetError(
            'state directory %s: at most 70 characters, none of them a blank, comma, colon or backslash' % state
        )
    if not 0 < number <= _MOST_HOSTS:
        raise FleetError('a fleet has 1 to %d hosts, not %d' % (_MOST_HOSTS, number))


def _end(pid: int, number: int) -> bool:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return True
    deadline = time.monotonic() + _END_SECONDS
    while start_time(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


def _stat(pid: str) -> list[str]:
    """Fields of /proc/PID/stat from the state on, proc(5); empty when the process is gone."""
    try:
        with open('/proc/%s/stat' % pid, encoding='utf-8', errors='replace') as stat:
            return stat.read().rpartition(')')[2].split()
    except OSError:
        return []
