# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ICMP echoes from the caller's network namespace: by a ping socket (icmp(7)) else a raw one."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import socket

from ..errors import Unreadable
from ..parsers import icmp

FAMILIES = {socket.AF_INET: (4, socket.IPPROTO_ICMP), socket.AF_INET6: (6, socket.IPPROTO_ICMPV6)}


class Echo(object):
    """Echoes to one address. `socket` is for poll(2). Raises Unreadable where neither kind of socket is to be had."""

    def __init__(self, family, address):
        self._version, protocol = FAMILIES[family]
        self._address = address
        self._identifier = os.getpid() & 0xFFFF
        self._raw = False
        try:
            self.socket = socket.socket(family, socket.SOCK_DGRAM, protocol)
        except (IOError, OSError):  # net.ipv4.ping_group_range does not have this group
            try:
                self.socket = socket.socket(family, socket.SOCK_RAW, protocol)
                self._raw = True
            except (IOError, OSError) as exc:
                raise Unreadable('icmp', (exc.strerror or str(exc)).lower())
        self.socket.setblocking(False)

    def send(self, number):
        """Sends the echo of this number; an error is as good as no reply."""
        try:
            packet = icmp.request(self._version, self._identifier, number)
            self.socket.sendto(packet, (self._address[0], 0) + self._address[2:])
        except (IOError, OSError):
            pass

    def receive(self):
        """The numbers of the replies that have come."""
        found = []
        while True:
            try:
                packet, sender = self.socket.recvfrom(2048)
            except (IOError, OSError):
                return found
            reply = icmp.reply_of(self._version, packet, self._raw and self._version == 4)
            # A ping socket's identifier is the kernel's, which delivers its replies alone.
            if reply and sender[0] == self._address[0] and (not self._raw or reply[0] == self._identifier):
                found.append(reply[1])

    def close(self):
        self.socket.close()
