# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one process of a fleet: it makes the hosts, listens on port 22 in each and starts `sshd -i` for each connection.

Nothing outlives it: it sits in network and mount namespaces of its own, which hold the bridge and the tmpfs of all
hosts, and the hosts' first processes die with it; what the kernel does not take down with these namespaces is nothing.
So a crash leaves no rest behind.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import gc
import json
import os
import pathlib
import re
import resource
import selectors
import signal
import socket
import sys
import time
import traceback

from . import boot, layers, linux, spec
from .netlink import Netlink

_NETWORK = '198.%d.%d.%d'
_BLOCKS = 128
BRIDGE = 'fleet'
_BOOT_SECONDS = 60


def block_address(block: int, number: int) -> str:
    """Address ``number`` (1..1022; 1: the controller) of the /22 ``block`` of 198.18.0.0/15 (RFC 2544: for tests)."""
    offset = block * 1024 + number
    return _NETWORK % (18 + (offset >> 16), offset >> 8 & 255, offset & 255)


def _blocks_in_use() -> set[int]:
    text = pathlib.Path('/proc/net/fib_trie').read_text(encoding='ascii')
    found = re.findall(r'\|-- 198\.(18|19)\.([0-9]+)\.[0-9]+\n\s+/(?:1[6-9]|[23][0-9])', text)
    return {((int(second) - 18) * 256 + int(third)) // 4 for second, third in found}


@dataclasses.dataclass
class Running:
    host: spec.Host
    address: str
    pid: int = 0
    listener: socket.socket | None = None


class Supervisor:
    def __init__(self, state: pathlib.Path, ready: int) -> None:
        self._state = state
        self._ready = ready
        plan = json.loads((state / 'plan.json').read_text(encoding='utf-8'))
        self._sshd: str = plan['sshd']
        self._pythons: dict[str, list[str]] = plan['pythons']
        self._hosts = [Running(spec.from_json(data), '') for data in plan['hosts']]
        self._outside = Netlink()
        self._pid_namespace = os.open('/proc/self/ns/pid', os.O_RDONLY)
        self._uplink = ''
        self._mount = state / 'mnt'
        self._taken = _blocks_in_use()
        self._selector = selectors.DefaultSelector()
        self._stopping = False
        self._firsts: dict[int, str] = {}
        self._ended: set[int] = set()

    def run(self) -> None:
        linux.set_process_name('fleet-superv')
        linux.prctl(linux.PR_SET_CHILD_SUBREAPER, 1)
        os.umask(0o022)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 8192)), hard))
        self._watch_signals()
        try:
            self._switch()
            self._layers()
            self._boot()
            self._announce()
            self._serve()
        finally:
            self._down()

    def _watch_signals(self) -> None:
        read_end, write_end = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        self._wakeup = read_end
        self._selector.register(read_end, selectors.EVENT_READ, None)

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _switch(self) -> None:
        """The bridge, alone in a namespace, and one veth to it from where the controller runs."""
        linux.unshare(linux.CLONE_NEWNET | linux.CLONE_NEWNS)
        linux.mount('none', '/', flags=linux.MS_REC | linux.MS_PRIVATE)
        for which in ('all', 'default'):
            pathlib.Path('/proc/sys/net/ipv6/conf/%s/disable_ipv6' % which).write_text('1', encoding='ascii')
        self._inside = Netlink()
        self._inside.add_bridge(BRIDGE)
        self._bridge = self._inside.index(BRIDGE)
        block = self._uplink_block()
        self._inside.up('uplink', master=self._bridge)
        self._outside.set_alias(self._uplink, 'nodetcp.paws fleet %s' % self._state)
        self._outside.add_address(self._uplink, block_address(block, 1), boot.PREFIX)
        for number, running in enumerate(self._hosts):
            running.address = block_address(block, number + 2)

    def _uplink_block(self) -> int:
        """Take the first free block of addresses; the name of the veth is the claim on it."""
        here = os.open('/proc/self/ns/net', os.O_RDONLY)
        for block in sorted(set(range(_BLOCKS)) - self._taken):
            try:
                self._outside.add_veth('pawsfleet%d' % block, 'uplink', here)
            except OSError as error:
                if error.errno != errno.EEXIST:
                    raise
                continue
            self._uplink = 'pawsfleet%d' % block
            os.close(here)
            return block
        raise spec.FleetError('no free block of addresses in 198.18.0.0/15')

    def _layers(self) -> None:
        self._mount.mkdir(exist_ok=True)
        linux.mount('fleet', str(self._mount), 'tmpfs', options='mode=755')
        keys = self._state / 'keys'
        layers.base(
            self._mount / 'base',
            (keys / 'host').read_text(encoding='ascii'),
            (keys / 'client.pub').read_text(encoding='ascii'),
        )
        for name in sorted({_layer(running.host) for running in self._hosts} - {''}):
            version, _dash, broken = name.partition('-')
            if version == spec.NO_PYTHON:
                layers.no_python(self._mount / name)
                continue
            executable, prefix = self._pythons[version]
            layers.python(self._mount / name, executable, prefix, version, bool(broken))

    def _place(self, number: int, running: Running) -> boot.Place:
        layer = _layer(running.host)
        lower = [str(self._mount / name) for name in (layer, 'base') if name] + ['/']
        binds = []
        if layer not in ('', spec.NO_PYTHON) and self._pythons[running.host.python][1] != '/usr':
            binds.append((self._pythons[running.host.python][1], '%s/%s' % (layers.PYTHON_HOME, running.host.python)))
        directory = self._mount / str(number)
        directory.mkdir()
        return boot.Place(number, running.address, self._bridge, directory, tuple(lower), tuple(binds))

    def _boot(self) -> None:
        gc.collect()
        gc.freeze()
        waiting = 0
        for number, running in enumerate(self._hosts):
            if not running.host.bare:
                self._start(number, running)
                waiting += 1
        deadline = time.monotonic() + _BOOT_SECONDS
        while waiting:
            if time.monotonic() > deadline:
                raise spec.FleetError('%d hosts did not come up in %d s' % (waiting, _BOOT_SECONDS))
            for key, _events in self._selector.select(1):
                if isinstance(key.data, int):
                    self._booted(key.fileobj, self._hosts[key.data])  # type: ignore[arg-type]
                    waiting -= 1

    def _start(self, number: int, running: Running) -> None:
        place = self._place(number, running)
        ours, theirs = socket.socketpair()
        linux.unshare(linux.CLONE_NEWPID)
        running.pid = os.fork()
        if running.pid == 0:
            _forget(theirs.fileno())
            boot.run(running.host, place, theirs)
        linux.setns(self._pid_namespace)
        self._firsts[running.pid] = running.host.name
        theirs.close()
        self._selector.register(ours, selectors.EVENT_READ, number)

    def _booted(self, channel: socket.socket, running: Running) -> None:
        message, descriptors, _flags, _address = socket.recv_fds(channel, 65536, 1)
        self._selector.unregister(channel)
        channel.close()
        answer = json.loads(message) if message else {'error': 'its first process ended'}
        if answer['error']:
            raise spec.FleetError('host %s: %s' % (running.host.name, answer['error']))
        if descriptors:
            running.listener = socket.socket(fileno=descriptors[0])
            running.listener.setblocking(False)
            self._selector.register(running.listener, selectors.EVENT_READ, running)

    def _announce(self) -> None:
        hosts = [{'name': running.host.name, 'address': running.address, 'pid': running.pid} for running in self._hosts]
        state = {'pid': os.getpid(), 'uplink': self._uplink, 'hosts': hosts}
        temporary = self._state / 'running.json.new'
        temporary.write_text(json.dumps(state), encoding='utf-8')
        temporary.rename(self._state / 'running.json')
        os.write(self._ready, b'ok')
        os.close(self._ready)

    def _serve(self) -> None:
        while not self._stopping:
            for key, _events in self._selector.select():
                if isinstance(key.data, Running):
                    self._accept(key.data)
                else:
                    self._reap()

    def _reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._wakeup, 4096)
        try:
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return
                if pid in self._firsts:
                    self._ended.add(pid)
                    print('host %s: its first process ended with %d' % (self._firsts[pid], status), flush=True)
        except ChildProcessError:
            pass

    def _accept(self, running: Running) -> None:
        assert running.listener
        try:
            connection, _address = running.listener.accept()
        except OSError:
            return
        if os.fork() == 0:
            try:
                _serve_ssh(running.pid, connection.fileno(), self._sshd)
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(1)
        connection.close()

    def _down(self) -> None:
        """Prompt rather than needed: all this goes with the supervisor."""
        if self._uplink:
            self._outside.delete(self._uplink)
        waiting = set(self._firsts) - self._ended
        for pid in waiting:
            os.kill(pid, signal.SIGKILL)
        # Not one by one: a first process ends only when all in its namespace are buried, and sessions are the
        # supervisor's to bury.
        while waiting:
            waiting.discard(os.waitpid(-1, 0)[0])


def _layer(host: spec.Host) -> str:
    if host.python == 'system':
        return ''
    return host.python + ('-broken3' if host.broken_python3 else '')


def _forget(keep: int) -> None:
    """In a fork: close what the supervisor has open, and take its signal handling away."""
    os.closerange(3, keep)
    os.closerange(keep + 1, 65536)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)


def _serve_ssh(pid: int, connection: int, sshd: str) -> None:
    """Enter the host whose process 1 is ``pid``; the second fork is what brings the PID namespace into force."""
    _forget(connection)
    descriptors = [os.open('/proc/%d/ns/%s' % (pid, name), os.O_RDONLY) for name in ('pid', 'net', 'uts', 'ipc', 'mnt')]
    for descriptor in descriptors:
        linux.setns(descriptor)
    if os.fork():
        os._exit(0)
    os.setsid()
    os.dup2(connection, 0)
    os.dup2(connection, 1)
    os.closerange(3, 65536)
    environment = {'PATH': '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'}
    os.execve(sshd, [sshd, '-i', '-e', '-f', layers.SSHD_CONFIG], environment)


def main() -> None:
    """``supervisor STATE READY``: become a daemon; "ok" or the reason goes to descriptor READY."""
    state, ready = pathlib.Path(sys.argv[-2]), int(sys.argv[-1])
    if os.fork():
        os._exit(0)
    os.setsid()
    pid = os.getpid()
    (state / 'supervisor.pid').write_text('%d %s\n' % (pid, start_time(pid)), encoding='ascii')
    try:
        Supervisor(state, ready).run()
    except spec.FleetError as error:
        os.write(ready, str(error).encode()[:4000])
        sys.exit(1)
    except BaseException:
        traceback.print_exc()
        with contextlib.suppress(OSError):
            os.write(ready, traceback.format_exc().encode()[-4000:])
        sys.exit(1)


def start_time(pid: int) -> str:
    """Field 22 of /proc/PID/stat, in ticks since boot: with the pid it names one process; "" when there is none."""
    try:
        stat = pathlib.Path('/proc/%d/stat' % pid).read_text(encoding='utf-8', errors='replace')
    except OSError:
        return ''
    fields = stat.rpartition(')')[2].split()
    return fields[19] if fields[0] not in ('Z', 'X') else ''
