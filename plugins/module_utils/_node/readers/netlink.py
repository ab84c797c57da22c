# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dumps over netlink(7), with the standard library alone."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import _socket as socket  # the C half is all that is needed; the other one costs 3 ms to import
import errno
import os

from ..errors import Unreadable
from ..parsers.nlmsg import HEADER, NLMSG_DONE, NLMSG_ERROR, failure, messages

NLM_F_REQUEST, NLM_F_DUMP = 0x0001, 0x0300  # include/uapi/linux/netlink.h
BUFFER = 65536
TIMEOUT = 5.0


class Netlink(object):
    """A netlink socket of the caller's network namespace; a context. `protocol` as in include/uapi/linux/netlink.h."""

    def __init__(self, protocol, name):
        self._name, self._sequence = name, 0
        try:
            self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol)
            self._socket.settimeout(TIMEOUT)
        except (IOError, OSError, AttributeError) as exc:  # no AF_NETLINK in this Python
            raise Unreadable(name, str(exc))

    def __enter__(self):
        return self

    def __exit__(self, *_exc):
        self._socket.close()

    def ask(self, kind, body, flags=0):
        """The payload, as bytes, of each message of the answer to one request. Raises Unreadable."""
        self._sequence += 1
        request = HEADER.pack(HEADER.size + len(body), kind, NLM_F_REQUEST | flags, self._sequence, 0) + body
        try:
            self._socket.send(request)
            while True:
                for answer, payload in messages(self._socket.recv(BUFFER), self._sequence):
                    if answer in (NLMSG_DONE, NLMSG_ERROR):
                        check(self._name, failure(answer, payload))
                        return
                    yield payload
                if not flags & NLM_F_DUMP:
                    return
        except (IOError, OSError, ValueError) as exc:  # socket.error and socket.timeout among them
            raise Unreadable(self._name, str(exc))

    def dump(self, kind, body):
        """ask() for everything there is."""
        return self.ask(kind, body, NLM_F_DUMP)


def check(name, number):
    """Raises Unreadable for an errno that the kernel answered, nothing for 0."""
    if number:
        raise Unreadable(name, 'the kernel has no such part, or its module is not loaded' if number == errno.ENOENT
                         else os.strerror(number).lower())
