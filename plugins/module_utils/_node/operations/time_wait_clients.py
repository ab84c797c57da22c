# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation `time_wait_clients`: whose connections a network namespace holds in TIME_WAIT, and on which ports."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Refused, Unreadable
from ..parsers.time_wait_clients import Clients
from ..parsers.time_wait_count import ports_of
from ..readers import sock_diag, sock_dump

TOP_MAX = 64


def run(arguments):
    """{'clients', 'sockets', 'left_out'} of Clients, by netlink. Raises Refused where the kernel does not answer.

    arguments: namespace (namespace_lookup.find(); the node's own), top (at most TOP_MAX).
    """
    top = max(1, min(TOP_MAX, int(arguments.get('top') or TOP_MAX)))

    def look():
        try:
            return _look(top)
        except Unreadable as exc:  # the visit to a namespace carries answers, no exceptions
            return {'refused': '%s: %s' % (exc.path, exc.reason)}
    if arguments.get('namespace'):
        from ..readers import namespace_lookup  # as in syn_look.py
        answer = namespace_lookup.visit(arguments['namespace'], look)
    else:
        answer = look()
    if 'refused' in answer:
        raise Refused(answer['refused'])
    return answer


def _look(top):
    clients = Clients(ports_of(sock_diag.listening()))
    with sock_dump.opened() as link:
        for part in sock_dump.parts(link.datagrams(sock_dump.TCPDIAG_GETSOCK, sock_dump.TIME_WAIT)):
            clients.add(part)
    return {'clients': clients.shown(top), 'sockets': clients.sockets, 'left_out': clients.left_out}
