# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tcp_metrics cache of the caller's network namespace, by generic netlink (net/ipv4/tcp_metrics.c)."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import struct

from ..errors import Malformed, Unreadable
from ..parsers.nlmsg import ATTRIBUTE, attributes
from ..parsers.tcp_metrics import GENERIC_HEADER, parse_message
from .netlink import Netlink

NETLINK_GENERIC = 16  # include/uapi/linux/netlink.h
GENL_ID_CTRL, CTRL_CMD_GETFAMILY = 16, 3  # include/uapi/linux/genetlink.h
CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME = 1, 2
TCP_METRICS_CMD_GET = 1  # include/uapi/linux/tcp_metrics.h
GENERIC = struct.Struct('=BBxx')  # struct genlmsghdr: command, version
FAMILY = b'tcp_metrics\0'
SOURCE = 'generic netlink tcp_metrics'
ENTRIES_MAX = 65536


def entries():
    """parse_message() of each entry. Raises Unreadable, also where the kernel (before 3.6) has no such family."""
    with Netlink(NETLINK_GENERIC, SOURCE) as link:
        found = []
        for message in link.dump(_family(link), GENERIC.pack(TCP_METRICS_CMD_GET, 1)):
            try:
                found.append(parse_message(message))
            except Malformed as exc:
                raise Unreadable(SOURCE, str(exc))
            if len(found) == ENTRIES_MAX:
                break
        return found


def _family(link):
    """The number under which the kernel registered the family."""
    name = ATTRIBUTE.pack(ATTRIBUTE.size + len(FAMILY), CTRL_ATTR_FAMILY_NAME) + FAMILY
    for message in link.ask(GENL_ID_CTRL, GENERIC.pack(CTRL_CMD_GETFAMILY, 1) + name):
        raw = attributes(message, GENERIC_HEADER).get(CTRL_ATTR_FAMILY_ID)
        if raw is not None and len(raw) == 2:
            return struct.unpack('=H', raw)[0]
    raise Unreadable(SOURCE, 'the kernel told no number for it')
