# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TIME_WAIT sockets of a server by the client they belong to: which ports, and since when. Pure, in bounded memory.

A SYN collides where its address, its port, and the server's address and port are those of a socket in TIME_WAIT. So
sockets belong together that have all but the client's port in common.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import array
import struct

from .time_wait_count import LOCAL, PORT, REMOTE, REST_S, address_text

CLIENTS_MAX, SOCKETS_MAX = 16384, 1000000
LASTS_S = 60.0  # TCP_TIMEWAIT_LEN of include/net/tcp.h
AGES = 12  # of LASTS_S / AGES seconds each


class Clients(object):
    """Collects what inet_diag.Part has of the sockets whose local port is one of `listening`.

    sockets: how many of these there were; left_out: those that found no room.
    """

    def __init__(self, listening):
        self._listening = frozenset(listening)
        self._found = {}  # (family, server address, its port, client address) -> (ports, rests)
        self.sockets = self.left_out = 0

    def add(self, part):
        """The sockets of one datagram."""
        keys = part.keys
        numbers = struct.unpack('>%dH' % len(keys), bytes(part.ports))
        for index, own in enumerate(numbers):
            if own not in self._listening:
                continue
            self.sockets += 1
            key = keys[index]
            mark = part.families[index], key[LOCAL], own, key[REMOTE]
            kept = self._found.get(mark)
            if kept is None and len(self._found) < CLIENTS_MAX:
                kept = self._found[mark] = array.array('H'), bytearray()
            if kept is None or self.sockets > SOCKETS_MAX:
                self.left_out += 1
                continue
            kept[0].append(PORT.unpack_from(key)[0])
            kept[1].append(part.rests[index])

    def shown(self, top):
        """The `top` clients with most sockets: [{'address', 'server', 'port', 'time_wait', 'ports', 'ages'}].

        server, port: the end that they connected to; ports: {'low', 'high', 'count', 'even'}, how many different ones
        and how many of them are even numbers; ages: how many sockets have been in TIME_WAIT for less than 5 s, 5 to
        10 s, and so on, without those that are over and not yet gone.
        """
        largest = sorted(self._found.items(), key=lambda each: (-len(each[1][0]), each[0]))[:top]
        return [{'address': address_text(mark[0], mark[3]), 'server': address_text(mark[0], mark[1]), 'port': mark[2],
                 'time_wait': len(ports), 'ports': _described(set(ports)), 'ages': _ages(rests)}
                for mark, (ports, rests) in largest]


def _described(ports):
    return {'low': min(ports), 'high': max(ports), 'count': len(ports), 'even': sum(port % 2 == 0 for port in ports)}


def _ages(rests):
    found = [0] * AGES
    for rest in rests:
        if rest:  # the kernel's timer is up to 2 s late
            found[max(0, min(AGES - 1, int((LASTS_S - rest * REST_S) * AGES / LASTS_S)))] += 1
    return found
