# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents with real TCP: clients behind a router that masquerades, and a server whose containers are each in trouble.

    client, low, high, neutral (hosts of the fleet) -- router (SNAT) -- containers of the host `server`

Each container has one service with one fault. Everything is in network namespaces and goes with them.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.fleet import Container, Fleet, Host
from tests.fleet.hosts import container_id, docker_v2
from tests.scenarios.capturing import captured

NFT = Path(__file__).with_name('nft.py')
CLIENTS = ('client', 'low', 'high', 'neutral')
#: container -> port of its service; each is one incident
PORTS = {
    'collision': 9001,
    'queue': 9002,
    'down': 9003,
    'firewall': 9004,
    'lost': 9005,
    'healthy': 9006,
    'dying': 9007,
}
EXPECTED = {
    'collision': 'time_wait_collision',
    'queue': 'accept_queue',
    'down': 'service_down',
    'firewall': 'dropped_unseen',
    'lost': 'lost_before',
    'healthy': 'healthy',
    'dying': 'service_down',
}
FIRST_PORT, PORTS_TRIED, PORTS_WANTED = 40000, 200, 12

# accept; close first where the client says so, else after it.
SERVE = """
import socket, sys, threading
def one(connection):
    with connection:
        connection.recv(3)
server = socket.create_server(('0.0.0.0', int(sys.argv[1])), backlog=64)
print('up', flush=True)
while True:
    threading.Thread(target=one, args=(server.accept()[0],), daemon=True).start()
"""
# a queue of one, filled, and nobody who accepts
STUCK = """
import socket, sys, time
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(('0.0.0.0', int(sys.argv[1])))
server.listen(0)
clients = []
for _ in range(2):
    clients.append(socket.socket())
    clients[-1].setblocking(False)
    clients[-1].connect_ex(('127.0.0.1', int(sys.argv[1])))
time.sleep(0.2)
print('up', flush=True)
time.sleep(3600)
"""
# The watch for SYNs begins after the first look, some seconds before the first attempt. Its socket is a SOCK_DGRAM.
WATCHED = """
def watched(path):
    with open(path) as table:
        return any(line.split()[2] == '2' for line in table)
"""
# serves until then
DYING = """
import socket, sys, threading, time
server = socket.create_server(('0.0.0.0', int(sys.argv[1])))
print('up', flush=True)
while not watched('/proc/thread-self/net/packet'):
    time.sleep(0.05)
"""
# Connects from one port after the other, keeps the connections where its clock is newer than LOW's, and prints those
# ports. When the watch begins it has the server close them first, so that TIME_WAIT is fresh however slow all this is.
HIGH = """
import json, socket, struct, sys, time
watch, address, port, first, tried, wanted, low = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
kept = {}
for number in range(first, first + tried):
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    client.bind(('', number))
    client.connect((address, port))
    clock = struct.unpack('=I', client.getsockopt(socket.IPPROTO_TCP, 24, 4))[0]
    if 10000000 < (clock - low) % 2 ** 32 < 2 ** 31:
        kept[number] = client
    else:
        client.close()
    if len(kept) == wanted:
        break
print(json.dumps(list(kept)), flush=True)
while not watched(watch):
    time.sleep(0.02)
for client in kept.values():
    client.sendall(b'bye')
    client.recv(1)
    client.close()
"""


# A connection beside those that are tried, to a port where nothing listens.
KNOCK = """
import socket, sys
try:
    socket.create_connection((sys.argv[1], 9), timeout=1.5)
except OSError:
    pass
"""


class Network:
    """The fleet of the incidents, wired. Use as a context."""

    def __init__(self) -> None:
        containers = tuple(Container(name, docker_v2(name)) for name in PORTS)
        self.fleet = Fleet([Host('server', containers=containers), *(Host(name) for name in CLIENTS)])
        self._stack = contextlib.ExitStack()
        self._first_port = FIRST_PORT
        self.pids: dict[str, int] = {}
        self.interfaces: dict[str, str] = {}  # of the router, to each

    def __enter__(self) -> Network:
        with contextlib.ExitStack() as stack:
            stack.enter_context(self.fleet)
            router = stack.enter_context(running(['unshare', '-n', 'sleep', 'infinity']))
            self._stack = stack.pop_all()
        try:
            self.pids = {**self.fleet.pids(), 'router': router.pid, **_containers(self.fleet.pids()['server'])}
            self._wire()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def address(self, container: str) -> str:
        return '10.72.%d.2' % (list(PORTS).index(container) + 1)

    def id(self, container: str) -> str:
        return container_id(container)

    def enter(self, where: str) -> list[str]:
        """The command that runs another one in the network namespace of a host, a container or the router."""
        return ['nsenter', '-t', str(self.pids[where]), '-n']

    def inside(self, where: str, *command: str) -> str:
        """Standard output of a command in the network namespace of a host, a container or the router."""
        done = subprocess.run(
            [*self.enter(where), *command],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, '%s: %s%s' % (command, done.stdout, done.stderr)
        return done.stdout

    @contextlib.contextmanager
    def both_sides(self, client: str, server: str, address: str, place: Path) -> Iterator[None]:
        """client.pcap and server.pcap of what passes meanwhile. Other connections are made too, before and after."""
        place.mkdir(parents=True, exist_ok=True)
        with contextlib.ExitStack() as stack:
            for name, file in ((client, 'client.pcap'), (server, 'server.pcap')):
                stack.enter_context(captured(self.pids[name], 'up' + self.interfaces[name], place / file))
            for knock in (True, False):
                self.inside(client, sys.executable, '-c', KNOCK, address)
                if knock:
                    yield

    def sysctl(self, where: str, key: str, value: str) -> None:
        path = '/proc/sys/' + key.replace('.', '/')
        # A descriptor of /proc/sys belongs to the namespace of whoever opens it.
        self.inside(where, 'unshare', '-m', 'sh', '-c', 'mount -t proc proc /proc && echo "$0" > "$1"', value, path)

    def _wire(self) -> None:
        time.sleep(0.1)  # until unshare has made the router's namespace
        for number, name in enumerate(CLIENTS, 1):
            self._link(name, 'c%d' % number, '10.71.%d' % number)
            self.inside(name, 'ip', 'route', 'add', '10.72.0.0/16', 'via', '10.71.%d.1' % number)
        for number, name in enumerate(PORTS, 1):
            self._link(name, 's%d' % number, '10.72.%d' % number)
            self.inside(name, 'ip', 'route', 'add', 'default', 'via', '10.72.%d.1' % number)
            self.inside('router', sys.executable, str(NFT), 'masquerade', 's%d' % number)
        self.sysctl('router', 'net.ipv4.ip_forward', '1')
        # The router forgets a connection before the server does: what makes it give a port again too early.
        for state in ('time_wait', 'close', 'last_ack', 'fin_wait', 'close_wait', 'syn_sent'):
            self.sysctl('router', 'net.netfilter.nf_conntrack_tcp_timeout_' + state, '1')

    def _link(self, name: str, interface: str, network: str) -> None:
        self.interfaces[name], end = interface, 'up' + interface
        self.inside('router', 'ip', 'link', 'add', interface, 'type', 'veth', 'peer', 'name', end)
        self.inside('router', 'ip', 'link', 'set', end, 'netns', str(self.pids[name]))
        for where, link, last in (('router', interface, 1), (name, end, 2)):
            self.inside(where, 'ip', 'address', 'add', '%s.%d/24' % (network, last), 'dev', link)
            self.inside(where, 'ip', 'link', 'set', link, 'up')

    @contextlib.contextmanager
    def trouble(self, name: str) -> Iterator[None]:
        """The incident of this container, for as long as the context lasts."""
        port = str(PORTS[name])
        with contextlib.ExitStack() as stack:
            if name != 'down':
                program = {'queue': STUCK, 'dying': WATCHED + DYING}.get(name, SERVE)
                stack.enter_context(self._service(name, program, port))
            if name == 'collision':
                stack.callback(self.sysctl, name, 'net.ipv4.tcp_rfc1337', '0')
                stack.enter_context(self._collide(name))
            for place, hook in {'firewall': [(name, 'input')], 'lost': [('router', 'forward')]}.get(name, []):
                self.inside(place, sys.executable, str(NFT), 'drop', hook, port)
                if place != 'router':
                    stack.callback(self.inside, place, sys.executable, str(NFT), 'clear')
            yield

    @contextlib.contextmanager
    def _service(self, name: str, program: str, port: str) -> Iterator[None]:
        command = [*self.enter(name), sys.executable, '-c', program, port]
        with running(command, stdout=subprocess.PIPE) as service:
            assert service.stdout
            assert service.stdout.readline() == b'up\n'
            yield

    @contextlib.contextmanager
    def _collide(self, name: str) -> Iterator[None]:
        """TIME_WAIT of `high` on ports that the router will give to `low`, whose clock is older on each of them."""
        self.sysctl(name, 'net.ipv4.tcp_rfc1337', '1')
        self.sysctl('low', 'net.ipv4.tcp_timestamps', '2')
        first, last = self._first_port, self._first_port + PORTS_TRIED
        self._first_port = last  # those that have been used are in TIME_WAIT
        words = [self.watch_of(name), self.address(name), PORTS[name], first, PORTS_TRIED, PORTS_WANTED]
        command = [*self.enter('high'), sys.executable, '-c', WATCHED + HIGH, *map(str, words), str(self._low_clock())]
        with running(command, stdout=subprocess.PIPE) as high:
            assert high.stdout
            ports = json.loads(high.stdout.readline())
            assert len(ports) == PORTS_WANTED, ports
            others = sorted(set(range(first, last)) - set(ports))
            self.sysctl('low', 'net.ipv4.ip_local_port_range', '%d %d' % (first, last - 1))
            self.sysctl('low', 'net.ipv4.ip_local_reserved_ports', ','.join(map(str, others)))
            yield

    def watch_of(self, name: str) -> str:
        """Where a program on this machine sees whether SYNs are watched there."""
        return '/proc/%d/net/packet' % self.pids[name]

    def _low_clock(self) -> int:
        """Timestamps without an offset (tcp_timestamps=2) are milliseconds since this machine booted."""
        return int(time.clock_gettime(time.CLOCK_MONOTONIC) * 1000) % 2**32


@contextlib.contextmanager
def running(command: list[str], **more: Any) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, **more)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def _containers(host: int) -> dict[str, int]:
    """{name: pid} of the containers of the host whose first process this is."""
    found = {}
    for entry in filter(str.isdigit, os.listdir('/proc')):
        with contextlib.suppress(OSError):
            stat = Path('/proc', entry, 'stat').read_text(encoding='utf-8', errors='replace')
            name = (
                Path('/proc', entry, 'cmdline')
                .read_text(encoding='utf-8', errors='replace')
                .strip('\0')
                .split('\0')[-1]
            )
            if int(stat.rpartition(')')[2].split()[1]) == host and name in PORTS:
                found[name] = int(entry)
    return found
