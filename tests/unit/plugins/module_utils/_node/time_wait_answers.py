# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TIME_WAIT sockets as the kernel answers for them by netlink, and what is counted of them."""

from __future__ import absolute_import, division, print_function

import binascii
import io
import os
import socket
import struct

import nodepath
from _node.errors import Malformed
from _node.parsers import time_wait_count
from _node.readers import sock_dump

__metaclass__ = type

LAB = os.path.join(nodepath.CHECKOUT, 'tests', 'fixtures', '4.4.178-lab')
HEADER = struct.Struct('=IHHII')
RANGE = (32768, 60999)
DONE = HEADER.pack(20, 3, 2, 1, 0) + b'\0' * 4


def message(local, port, remote, remote_port, stride=96, flags=2, rest_ms=0):
    """One TIME_WAIT socket as the kernel answers it: struct nlmsghdr, struct inet_diag_msg, attributes."""
    family = socket.AF_INET6 if ':' in local else socket.AF_INET
    ends = [socket.inet_pton(family, address).ljust(16, b'\0') for address in (local, remote)]
    body = struct.pack('=BBBB', family, 6, 3, 0) + struct.pack('>HH', port, remote_port) + ends[0] + ends[1]
    body += struct.pack('=12xI', rest_ms)
    return (HEADER.pack(stride, 18, flags, 1, 0) + body).ljust(stride, b'\0')


def counted(datagrams, listening=(), bounds=RANGE):
    found = time_wait_count.TimeWaitCount(listening, bounds)
    return found, sock_dump.counted(iter(datagrams), found)


def shown(datagrams, listening=(), bounds=RANGE, top=10):
    return counted(datagrams, listening, bounds)[0].shown(top)


def read_or_refused(read, what):
    """Anything but Malformed fails the test."""
    try:
        read(what)
    except Malformed as exc:
        return str(exc)
    return None


def recorded(look, family):
    with io.open(os.path.join(LAB, 'netlink', look, 'inet_diag_timewait_%s.hex' % family), encoding='ascii') as lines:
        return [binascii.unhexlify(line.strip()) for line in lines]
