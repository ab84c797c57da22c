# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of captures share: what commands print, and a look at the capture in self.root."""

from __future__ import absolute_import, division, print_function

import nodepath
from _node import keys
from _node.operations import observe

__metaclass__ = type

RECYCLE, TIMESTAMPS = keys.RECYCLE, keys.TIMESTAMPS
REUSE, SOMAXCONN, RANGE = 'net.ipv4.tcp_tw_reuse', 'net.core.somaxconn', 'net.ipv4.ip_local_port_range'
EL7 = '3.10.0-1160.119.1.el7.x86_64'
# One key of each part of the list, in the order in which procps prints it.
WHOLE = u"""fs.file-max = 9223372036854775807
kernel.hostname = web1
kernel.osrelease = %s
net.core.somaxconn = 128
net.ipv4.ip_local_port_range = 32768\t60999
net.ipv4.tcp_timestamps = 1
net.ipv4.tcp_tw_recycle = 1
vm.swappiness = 60
""" % EL7
NETSTAT = u"""Ip:
    100 total packets received
Tcp:
    4000 active connection openings
    9000 passive connection openings
    10 failed connection attempts
    20 connection resets received
    30 connections established
    2000000 segments received
    2100000 segments sent out
    500 segments retransmitted
    0 bad segments received
    60 resets sent
TcpExt:
    77 passive connections rejected because of time stamp
    5 packetes rejected in established connections because of timestamp
    9 TCP sockets finished time wait in fast timer
    Quick ack mode was activated 12 times
    Detected reordering 3 times using time stamp
    3 times the listen queue of a socket overflowed
    80 SYNs to LISTEN sockets dropped
    TWKilled: 400
    TCPSpuriousRtxHostQueues: -5
IpExt:
    InOctets: 12345
"""


class Capture(nodepath.TreeCase):
    def record(self, **arguments):
        return observe.run(dict(arguments, root=self.root))['record']

    def own(self):
        return self.record()['namespaces'][0]['sysctls']
