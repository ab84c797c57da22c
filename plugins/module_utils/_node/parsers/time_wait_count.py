# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counting TIME_WAIT sockets by who closed first: whole batches at a time, in bounded memory. Pure.

A connection in TIME_WAIT was closed first by this side. It came in where its local port is one that listens or lies
outside ip_local_port_range, else it went out: what an outgoing one costs is a local port towards its destination.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import _socket as socket  # as in netlink.py
import struct

from .inet_diag import IPV4, IPV4_KEY, IPV4_REMOTE

try:
    from _collections import _count_elements as count_in  # the C half of collections.Counter, as with _socket
except ImportError:  # Python 2, or another than CPython
    def count_in(counts, things):
        """Adds one to counts[thing] for each of the things."""
        for thing in things:
            counts[thing] = counts.get(thing, 0) + 1

PORT = struct.Struct('>H')
MAPPED = b'\0' * 10 + b'\xff\xff'  # RFC 4291 2.5.5.2
LOCAL, REMOTE = slice(2, 18), slice(18, 34)  # of a key: remote port, local address, remote address
# Different destinations, or clients, that are told apart at one time: 150 bytes each.
DISTINCT_MAX = 32768
REST_S = 0.256  # the unit of the rests of inet_diag.Part


def ports_of(ends):
    """The ports in ["ADDRESS:PORT", ...], ascending, each once."""
    return sorted(set(int(end.rpartition(':')[2]) for end in ends))


class TimeWaitCount(object):
    """TIME_WAIT sockets of one namespace. listening: ports; bounds: (low, high) of ip_local_port_range or None.

    rests: (low, end), those (inet_diag.Part) of the sockets that are counted once more, as `within`: {'outgoing',
    'incoming'}, or None where none are asked for, or the rests are not known.
    """

    def __init__(self, listening, bounds, rests=None):
        self._low, self._high = bounds or (32768, 60999)
        self._listening = frozenset(listening)
        # High bytes of ports all of which are outgoing: for nearly every socket its high byte alone decides.
        heard = frozenset(port >> 8 for port in listening)
        self._sure = bytes(bytearray(high for high in range(256) if high not in heard
                                     and self._low <= high << 8 and (high << 8) + 255 <= self._high))
        self.outgoing, self.incoming = 0, 0
        self.within = {'outgoing': 0, 'incoming': 0} if rests else None
        low, end = rests or (0, 0)
        self._without = bytes(bytearray(rest for rest in range(256) if not low <= rest < end))
        self._ports = {}
        self._destinations = {socket.AF_INET: Most(), socket.AF_INET6: Most()}
        self._clients = {socket.AF_INET: Most(), socket.AF_INET6: Most()}

    def add(self, part):
        """The sockets of an inet_diag.Part."""
        if part.rests is None:
            self.within = None
        if self._all_outgoing(part.ports):
            few = part.few(IPV4_KEY)
            self._went_out(part.families, part.keys if few is None else (), few)
            self._count_within('outgoing', part.rests)
            return
        numbers = struct.unpack('>%dH' % len(part.families), bytes(part.ports))
        incoming = frozenset(port for port in set(numbers) if self._is_incoming(port))
        if incoming.issuperset(numbers):
            few = part.few(IPV4_REMOTE)
            self._came_in(part.families, numbers, part.keys if few is None else (), few)
            self._count_within('incoming', part.rests)
            return
        came_in = [port in incoming for port in numbers]
        went_out = [not came for came in came_in]
        self._came_in(*_those(came_in, part.families, numbers, part.keys))
        self._went_out(*_those(went_out, part.families, part.keys))
        if self.within:
            self._count_within('incoming', bytearray(*_those(came_in, part.rests)))
            self._count_within('outgoing', bytearray(*_those(went_out, part.rests)))

    def _count_within(self, way, rests):
        if self.within:
            self.within[way] += len(bytes(rests).translate(None, self._without))

    def _is_incoming(self, port):
        return port < self._low or port > self._high or port in self._listening

    def _all_outgoing(self, ports):
        highs, lows = ports[0::2], ports[1::2]
        for high in set(bytearray(bytes(highs).translate(None, self._sure))):
            octet, at = bytes(bytearray((high,))), -1
            while True:
                at = highs.find(octet, at + 1)
                if at < 0:
                    break
                if self._is_incoming(high << 8 | lows[at]):
                    return False
        return True

    def _came_in(self, families, ports, keys, few=None):
        self.incoming += len(ports)
        count_in(self._ports, ports)
        if few is None:
            _count(self._clients, families, [key[REMOTE] for key in keys])
        else:
            self._clients[socket.AF_INET].add((key[REMOTE], number) for key, number in few.items())

    def _went_out(self, families, keys, few=None):
        self.outgoing += len(families)
        if few is None:
            _count(self._destinations, families, keys)
        else:
            self._destinations[socket.AF_INET].add(few.items())

    def shown(self, top):
        """{'sockets', 'outgoing', 'incoming'}: the sums, and the `top` largest of each kind.

        outgoing: {'sockets', 'destinations', 'exact', 'top': [[local address, remote address, remote port, sockets]]};
        incoming: {'sockets', 'ports', 'top': [[port, sockets]], 'clients': [[address, sockets]]}; exact is False where
        there were more destinations than are told apart.
        """
        destinations = _merged(self._destinations, _destination)
        clients = _merged(self._clients, address_text)
        return {'sockets': self.outgoing + self.incoming,
                'outgoing': {'sockets': self.outgoing, 'destinations': len(destinations),
                             'exact': not any(most.lost for most in self._destinations.values()),
                             'top': [list(end) + [count] for end, count in _largest(destinations, top)]},
                'incoming': {'sockets': self.incoming, 'ports': len(self._ports),
                             'top': [[port, count] for port, count in _largest(self._ports, top)],
                             'clients': [[address, count] for address, count in _largest(clients, top)]}}


class Most(object):
    """Counts of the most frequent of any number of things. lost: something rare was forgotten to stay in bounds."""

    def __init__(self):
        self.counts, self.lost = {}, False

    def add(self, counted):
        """(thing, number of them), each thing once."""
        for thing, number in counted:
            self.counts[thing] = self.counts.get(thing, 0) + number
        self._forget()

    def update(self, things):
        """Things, one at a time."""
        count_in(self.counts, things)
        self._forget()

    def _forget(self):
        if len(self.counts) > DISTINCT_MAX:
            self.lost = True
            kept = sorted(self.counts.values())[-DISTINCT_MAX // 2]
            self.counts = dict((key, count) for key, count in self.counts.items() if count > kept)


def _those(chosen, *columns):
    """Each column with the rows that are chosen alone."""
    return [[value for value, yes in zip(column, chosen) if yes] for column in columns]


def _count(by_family, families, things):
    """Adds things to the Most of their family; most batches are of one."""
    if bytearray(families).count(IPV4) == len(things):
        by_family[socket.AF_INET].update(things)
        return
    for wanted, most in by_family.items():
        most.update([thing for family, thing in zip(families, things) if family == wanted])


def _merged(by_family, name):
    """{name(family, thing): sockets} of both families: IPv4 over an IPv6 socket is IPv4."""
    found = {}
    for family, most in by_family.items():
        for thing, count in most.counts.items():
            named = name(family, thing)
            found[named] = found.get(named, 0) + count
    return found


def _destination(family, key):
    return address_text(family, key[LOCAL]), address_text(family, key[REMOTE]), PORT.unpack_from(key)[0]


def address_text(family, address):
    """16 bytes of struct inet_diag_sockid, an IPv4 address first in them, as text."""
    if family == socket.AF_INET:
        return socket.inet_ntoa(address[:4])
    if address[:12] == MAPPED:
        return socket.inet_ntoa(address[12:])
    return socket.inet_ntop(socket.AF_INET6, address)


def _largest(counts, top):
    """The first `top` of [(key, count)] by count, then by key, so that equal looks read equal."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:top]
