# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SYNs that meet TIME_WAIT, with real TCP: what an SNAT, a setting or a packet filter makes of them.

    client, other -- router (SNAT, packet filter) -- server, which closes first

Each incident has a port of the server for itself, where nothing is in TIME_WAIT yet.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import subprocess
import sys
import time
from collections.abc import Iterator

from tests.collisions import rules
from tests.fleet import Fleet, Host
from tests.scenarios.incident import SERVE, WATCHED, Network, running

HOSTS = ('client', 'other', 'router', 'server')
FIRST, PORTS = 40000, 60
SERVER = '10.74.9.2'
RANGE = 'masquerade to :%d-%d' % (FIRST, FIRST + PORTS - 1)
#: The clock of `other` is ahead of the client's by one of these, in milliseconds.
AHEAD = (1 << 28, 1 << 29, 1 << 30)


@dataclasses.dataclass(frozen=True)
class Incident:
    """snat: the router's verdict; timestamps: tcp_timestamps of the client; filled_by: who leaves TIME_WAIT on all
    ports ('' for nobody); held: they are all in use instead; drops: of DROPS; count: attempts.

    cause, held_by: what a diagnosis must say; sayings: words that a person must find in it; captured: in what captures
    of both sides come to.
    """

    cause: str
    captured: str
    held_by: str | None = None
    snat: str = 'masquerade'
    timestamps: int = 2
    filled_by: str = 'other'
    held: bool = False
    drops: str = 'nothing'
    rfc1337: int = 0
    count: int = 5
    sayings: tuple[str, ...] = ()


COLLISION = 'time_wait_collision'
IGNORED = 'net.ipv4.tcp_rfc1337=1 there, or its own packet filter drops the reset'
INCIDENTS = {
    'offsets': Incident(
        COLLISION,
        'met TIME_WAIT at the server',
        snat=RANGE + ' fully-random',
        timestamps=1,
        filled_by='client',
        count=15,
        sayings=('slow, not lost',),
    ),
    'clocks': Incident(COLLISION, 'were slow: they met TIME_WAIT at the server', sayings=('slow, not lost',)),
    'rfc1337': Incident(COLLISION, IGNORED, 'rfc1337', rfc1337=1, sayings=('net.ipv4.tcp_rfc1337=1',)),
    'ACK dropped': Incident(
        COLLISION,
        'something on the way drops the ACK of the old connection',
        'ack_lost',
        drops='ack',
        sayings=('drops the ACK of the old connection',),
    ),
    'reset dropped': Incident(
        COLLISION,
        'something on the way drops the reset',
        'reset_lost',
        drops='rst',
        sayings=('their resets did not come',),
    ),
    'reset dropped there': Incident(
        COLLISION, IGNORED, 'reset_dropped', drops='rst there', sayings=('its own packet filter',)
    ),
    'no port left': Incident(
        'tracking_drops',
        'did not reach the server',
        snat=RANGE,
        held=True,
        sayings=('of connection tracking on router rose by', 'SNAT had no free port'),
    ),
    'loss': Incident(
        'lost_before',
        'did not reach the server',
        filled_by='',
        drops='loss',
        count=10,
        sayings=('never came to the destination',),
    ),
}
RST_THERE = 'table ip guard {\nchain input {\ntype filter hook input priority 0;\n%s\n}\n}\n' % (
    'iifname "upfar" tcp flags & (rst | ack) == rst drop'
)
LOSS = 'table ip guard {\nchain forward {\ntype filter hook forward priority 0;\n%s\n}\n}\n' % (
    'iifname "near" tcp flags & (syn | ack) == syn numgen inc mod 2 == 0 drop'
)
#: What drops, by name: where it stands, and its rules.
DROPS = {
    'ack': ('router', rules.firewall('ack')),
    'rst': ('router', rules.firewall('rst')),
    'rst there': ('server', RST_THERE),
    'loss': ('router', LOSS),
}
# Holds a connection of each port at the same time. With `own` the ports are its own. They end when SYNs are watched at
# the server, the server first, so that TIME_WAIT is fresh however slow all this is; with `held` they do not.
FILL = """
import socket, sys, time
watch, address, port, first, many, own, held = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
kept = []
for number in range(first, first + many):
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if own:
        client.bind(('', number))
    client.settimeout(5)
    client.connect((address, port))
    kept.append(client)
print('up', flush=True)
while held or not watched(watch):
    time.sleep(0.02)
for client in kept:
    client.sendall(b'bye')
    client.recv(1)
    client.close()
"""


class CollisionNetwork(Network):
    """The fleet of these incidents, wired. Use as a context; one incident at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.fleet = Fleet([Host(name) for name in HOSTS])
        self._ports = itertools.count(9100)

    @contextlib.contextmanager
    def incident(self, name: str) -> Iterator[int]:
        """The port of the server where it happens, for as long as the context lasts."""
        made, port = INCIDENTS[name], next(self._ports)
        self._rules('router', 'flush ruleset\n' + _snat(made.snat))
        self.sysctl('server', 'net.ipv4.tcp_rfc1337', str(made.rfc1337))
        self.sysctl('client', 'net.ipv4.tcp_timestamps', str(made.timestamps))
        with contextlib.ExitStack() as stack:
            stack.callback(self._rules, 'router', 'flush ruleset\n')
            stack.enter_context(self._service('server', SERVE, str(port)))
            if made.filled_by:
                stack.enter_context(self._filled(made, port))
            if made.drops != 'nothing':
                where, text = DROPS[made.drops]
                stack.callback(self._rules, where, 'flush ruleset\n')
                self._rules(where, text)
            yield port

    def _wire(self) -> None:
        time.sleep(0.1)  # until unshare has made its namespace
        self.pids['router'] = self.fleet.pids()['router']
        for name, interface, net in (('client', 'near', '10.74.1'), ('other', 'side', '10.74.2')):
            self._link(name, interface, net)
            self.inside(name, 'ip', 'route', 'add', '10.74.9.0/24', 'via', net + '.1')
        self._link('server', 'far', '10.74.9')
        self.inside('server', 'ip', 'route', 'add', '10.74.0.0/16', 'via', '10.74.9.1')  # for what is not translated
        self.sysctl('router', 'net.ipv4.ip_forward', '1')
        self.sysctl('other', 'net.ipv4.tcp_timestamps', '2')
        # what the plain masquerade gives to the client is what `other` had
        self.sysctl('client', 'net.ipv4.ip_local_port_range', '%d %d' % (FIRST, FIRST + PORTS - 1))
        self._rules('router', _snat('masquerade'))  # loads connection tracking, which has the settings below
        for state in ('time_wait', 'close', 'last_ack', 'fin_wait', 'close_wait'):
            self.sysctl('router', 'net.netfilter.nf_conntrack_tcp_timeout_' + state, '1')

    @contextlib.contextmanager
    def _filled(self, made: Incident, port: int) -> Iterator[None]:
        """TIME_WAIT at the server on each of the ports, or a connection on each."""
        if made.filled_by == 'other' and not made.held:
            free = [ahead for ahead in AHEAD if not self._low_clock() & ahead]
            self._rules('router', _ahead(min(free)))
        words = [self.watch_of('server'), SERVER, port, FIRST, PORTS, int(made.snat == 'masquerade'), int(made.held)]
        command = [*self.enter(made.filled_by), sys.executable, '-c', WATCHED + FILL, *map(str, words)]
        with running(command, stdout=subprocess.PIPE) as filler:
            assert filler.stdout
            assert filler.stdout.readline() == b'up\n'
            yield

    def _rules(self, where: str, text: str) -> None:
        self.inside(where, 'sh', '-c', 'printf "%s" "$0" | nft -f -', text)


def _snat(verdict: str) -> str:
    rule = 'oifname "far" ip protocol tcp ' + verdict
    return 'table ip lab {\nchain post {\ntype nat hook postrouting priority 100;\n%s\n}\n}\n' % rule


def _ahead(milliseconds: int) -> str:
    """The timestamps of `other` on their way out, and what the server echoes of them on its way back."""
    text = ['table ip clocks {']
    for hook, end, field in (('prerouting', 'iifname', 'tsval'), ('postrouting', 'oifname', 'tsecr')):
        option = 'tcp option timestamp ' + field
        text.append('chain %s {\ntype filter hook %s priority -300;' % (hook, hook))
        text.append('%s "side" %s set %s ^ 0x%x\n}' % (end, option, option, milliseconds))
    return '\n'.join([*text, '}', ''])
