# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients, a router that translates, a firewall if wanted, and a server: a network namespace each, built from data."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence

from ansible_collections.nodetcp.paws.plugins.module_utils._node.readers import counters
from ansible_collections.nodetcp.paws.plugins.module_utils._node.readers.tree import Tree
from tests.time_wait.namespace import Loopback, Task
from tests.time_wait.namespace import missing as no_namespaces

from . import rules
from .load import Load, offer, serve
from .scenario import Scenario

SERVER, PORT = '10.9.2.2', 80
#: The router's address towards the server.
OUTSIDE = '10.9.2.1'
COUNTERS = {'TcpExt': ('PAWSTimewait', 'PAWSEstab', 'TCPSynRetrans'), 'Tcp': ('PassiveOpens',)}


def missing(tool: str = 'nft') -> str:
    """What keeps this machine from it, or ''."""
    for program, package in (('ip', 'iproute2'), ('nsenter', 'util-linux'), ('nft', 'nftables'), (tool, tool)):
        if not shutil.which(program):
            return 'needs %s, of %s' % (program, package)
    return no_namespaces()


class Node(Loopback):
    """A network namespace, and programs that run inside."""

    def run(self, *command: str, stdin: str = '') -> None:
        """RuntimeError with what it said, where the program does not succeed."""
        inside = ['nsenter', '--target', str(self.pid), '--net', *command]
        done = subprocess.run(
            inside, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError('%s: %.2000s\n%.2000s' % (' '.join(command), done.stdout, stdin))

    def wait_for_watch(self, patience_s: float = 30.0) -> None:
        """Until somebody looks at packets here."""
        until = time.monotonic() + patience_s
        while time.monotonic() < until:
            with open('/proc/%d/net/packet' % self.pid, encoding='ascii') as table:
                if len(table.readlines()) > 1:  # below its head
                    return
            time.sleep(0.01)
        raise RuntimeError('nobody looks at packets')

    def write(self, settings: Mapping[str, object]) -> None:
        """Sysctls by name below net."""
        self.call(_write, dict(settings))

    def counted(self) -> dict[str, int]:
        """The counters of this namespace as the product reads them, by name, and the sockets in `time_wait`."""
        unavailable: dict[str, str] = {}
        tree, net = Tree('/'), '/proc/%d/net' % self.pid
        groups = counters.Counters(tree, None, COUNTERS).read(net, unavailable)
        sockets = counters.read_sockets(tree, net, unavailable)
        if unavailable:
            raise RuntimeError('counters cannot be read: %s' % unavailable)
        return {**groups['TcpExt'], **groups['Tcp'], 'time_wait': sockets['tw']}


def _write(settings: Mapping[str, object]) -> None:
    for key, value in settings.items():
        with open('/proc/sys/net/' + key, 'w', encoding='ascii') as handle:
            handle.write(str(value))


@dataclasses.dataclass(frozen=True)
class Offered:
    """Connections of all clients together; latencies: sorted seconds that each connect() took that succeeded;
    peak_per_s: how many succeeded in a second, at best."""

    failed: int
    took_s: float
    latencies: list[float]
    peak_per_s: int


def gathered(tasks: Sequence[Task]) -> Offered:
    found = [task.result() for task in tasks]
    return Offered(
        sum(each['failed'] for each in found),
        max(each['took_s'] for each in found),
        sorted(latency for each in found for latency in each['latencies']),
        sum(each['peak_per_s'] for each in found),
    )


class Lab:
    """A scenario that was built: offer() makes the connections; a context."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def __enter__(self) -> Lab:
        with contextlib.ExitStack() as stack:
            self.server, self.router = (stack.enter_context(Node()) for _each in range(2))
            self.clients = [stack.enter_context(Node()) for _each in range(self.scenario.clients)]
            self.firewall = stack.enter_context(Node()) if self.scenario.firewall else None
            self._connect()
            self._translate()
            self._serving = self.server.start(serve, SERVER, PORT, self.scenario.client_first)
            stack.callback(_end, self._serving)
            _wait_for_listener(self.server)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._stack.close()

    def start(self, seconds: float | None = None) -> list[Task]:
        """The clients at work, each with an even share of the rate; gathered() has what they come to."""
        scenario = self.scenario
        load = Load(
            SERVER,
            PORT,
            scenario.per_s and scenario.per_s / len(self.clients),
            scenario.seconds if seconds is None else seconds,
            scenario.client_first,
            scenario.timeout_s,
        )
        return [client.start(offer, load) for client in self.clients]

    def offer(self, seconds: float | None = None) -> Offered:
        return gathered(self.start(seconds))

    def _connect(self) -> None:
        self.router.write({'ipv4/ip_forward': 1})
        for number, client in enumerate(self.clients):
            self._connect_client(number, client)
        if self.firewall is None:
            _link((self.router, 'out', OUTSIDE), (self.server, 'in', SERVER))
            self.server.run('ip', 'route', 'add', 'default', 'via', OUTSIDE)
        else:
            self._connect_firewall(self.firewall)
        for address in rules.FURTHER[: self.scenario.addresses]:
            self.router.run('ip', 'addr', 'add', address + '/24', 'dev', 'out')
        self.server.write({'ipv4/tcp_rfc1337': self.scenario.rfc1337})

    def _connect_client(self, number: int, client: Node) -> None:
        inside, outside = '10.9.%d.2' % (number + 10), '10.9.%d.1' % (number + 10)
        _link((client, 'wire', inside), (self.router, 'client%d' % number, outside))
        client.run('ip', 'route', 'add', 'default', 'via', outside)
        span = '%d %d' % self.scenario.local_ports
        client.write({'ipv4/tcp_timestamps': self.scenario.timestamps, 'ipv4/ip_local_port_range': span})

    def _connect_firewall(self, firewall: Node) -> None:
        firewall.write({'ipv4/ip_forward': 1})
        _link((self.router, 'out', '10.9.3.2'), (firewall, 'near', '10.9.3.1'))
        _link((firewall, 'far', '10.9.2.3'), (self.server, 'in', SERVER))
        self.router.run('ip', 'route', 'add', '10.9.2.0/24', 'via', '10.9.3.1')
        self.server.run('ip', 'route', 'add', 'default', 'via', '10.9.2.3')
        firewall.run('nft', '-f', '-', stdin=rules.firewall(self.scenario.firewall))

    def _translate(self) -> None:
        scenario = self.scenario
        if scenario.clocks > 1:
            self.router.run('nft', '-f', '-', stdin=rules.clocks(scenario.clients, scenario.clocks))
        if scenario.choice == 'none':
            return
        if scenario.tool != 'nft':
            self.router.run(scenario.tool, *rules.iptables(scenario))
        else:
            self.router.run('nft', '-f', '-', stdin=rules.nft(scenario))
        self.router.write({'netfilter/nf_conntrack_tcp_timeout_time_wait': scenario.nat_time_wait})


def _link(one: tuple[Node, str, str], other: tuple[Node, str, str]) -> None:
    """A cable between two namespaces: (namespace, name of the interface, address) at each end."""
    words = 'ip link add %s netns %d type veth peer name %s netns %d'
    subprocess.run((words % (one[1], one[0].pid, other[1], other[0].pid)).split(), check=True)
    for node, name, address in (one, other):
        node.run('ip', '-batch', '-', stdin='addr add %s/24 dev %s\nlink set %s up\n' % (address, name, name))


def _end(task: Task) -> None:
    os.kill(task.pid, signal.SIGKILL)
    os.waitpid(task.pid, 0)


def _wait_for_listener(server: Node, patience_s: float = 10.0) -> None:
    until = time.monotonic() + patience_s
    wanted = ':%04X 00000000:0000 0A' % PORT
    while time.monotonic() < until:
        with open('/proc/%d/net/tcp' % server.pid, encoding='ascii') as table:
            if wanted in table.read():
                return
        time.sleep(0.01)
    raise RuntimeError('the server does not listen')
