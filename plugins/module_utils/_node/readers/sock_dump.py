# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All TIME_WAIT sockets of the caller's network namespace by sock_diag(7), at the least cost.

Asked in the form that inet_diag had before Linux 3.3 (TCPDIAG_GETSOCK), which every kernel still answers: that answer
has both families, so the kernel walks its hash table once, where a dump for each family walks it twice.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import _socket as socket  # as in netlink.py
import os
import struct
import sys

from ..errors import Malformed, Unreadable
from ..parsers.inet_diag import Reader
from ..parsers.nlmsg import HEADER
from .netlink import NLM_F_DUMP, NLM_F_REQUEST, Netlink, check
from .sock_diag import NETLINK_SOCK_DIAG, SOURCE

TCPDIAG_GETSOCK = 18  # include/uapi/linux/inet_diag.h
REQUEST = struct.Struct('=52xII')  # struct inet_diag_req with nothing but states; the last word is dbs
TIME_WAIT = REQUEST.pack(1 << 6, 0)  # TCPF_TIME_WAIT of include/net/tcp_states.h
NOBODY = 65534  # the user that every kernel has for those it does not know (overflowuid)
BUFFER = 262144
ATTEMPTS = 2
# Python 2.6 has no memoryview and receives into no bytearray; struct reads from neither before 2.7.4
# (bugs.python.org/issue10212).
COPIED = sys.version_info < (2, 7, 4)


class Dump(Netlink):
    """A netlink socket whose answers are read into one buffer."""

    def datagrams(self, kind, body):
        """Each datagram of the answer to a dump, as a view that holds until the next one. Never ends by itself."""
        self._sequence += 1
        flags = NLM_F_REQUEST | NLM_F_DUMP
        receive = self._copied if COPIED else self._viewed
        buffer = bytearray(0 if COPIED else BUFFER)
        try:
            self._socket.send(HEADER.pack(HEADER.size + len(body), kind, flags, self._sequence, 0) + body)
            while True:
                size, datagram = receive(buffer)
                if size > BUFFER:
                    raise Unreadable(self._name, 'a datagram of %d bytes was cut off' % size)
                yield datagram
        except (IOError, OSError) as exc:  # socket.error and socket.timeout among them
            raise Unreadable(self._name, str(exc))

    def _viewed(self, buffer):
        size = self._socket.recv_into(buffer, BUFFER, socket.MSG_TRUNC)
        return size, memoryview(buffer)[:size]

    def _copied(self, _buffer):
        datagram = self._socket.recv(BUFFER, socket.MSG_TRUNC)
        return len(datagram), datagram


def opened():
    """A Dump that was opened with no privilege. Raises Unreadable.

    For one opened with CAP_NET_ADMIN newer kernels add INET_DIAG_MARK to each message (net/ipv4/inet_diag.c), which
    takes more than a quarter of the dump. Where root cannot be another user for a moment, it is opened as root.
    """
    if os.geteuid():
        return Dump(NETLINK_SOCK_DIAG, SOURCE)
    try:
        os.seteuid(NOBODY)
    except (IOError, OSError):  # no CAP_SETUID, or a user namespace without that user
        return Dump(NETLINK_SOCK_DIAG, SOURCE)
    try:
        return Dump(NETLINK_SOCK_DIAG, SOURCE)
    finally:
        os.seteuid(0)


def time_wait(new_tally):
    """(tally, whether the sockets changed under the dump so that some may be missing or counted twice).

    new_tally() makes an empty TimeWaitCount; an interrupted dump is made once more. Raises Unreadable.
    """
    for _attempt in range(ATTEMPTS):
        tally = new_tally()
        with opened() as link:
            interrupted = counted(link.datagrams(TCPDIAG_GETSOCK, TIME_WAIT), tally)
        if not interrupted:
            break
    return tally, interrupted


def counted(datagrams, tally):
    """Adds what the datagrams hold to the tally; whether the kernel says that they do not fit together."""
    interrupted = False
    for part in parts(datagrams):
        tally.add(part)
        interrupted |= part.interrupted
    return interrupted


def parts(datagrams):
    """What each of the datagrams of one answer holds. Raises Unreadable."""
    reader = Reader()
    for datagram in datagrams:
        try:
            part = reader.read(datagram)
        except Malformed as exc:
            raise Unreadable(SOURCE, str(exc))
        check(SOURCE, part.error)
        yield part
        if part.ended:
            return
    raise Unreadable(SOURCE, 'the answer has no end')
