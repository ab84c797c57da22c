# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where connections go whose source address this node translates, from the head of its table of connections."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Unreadable
from ..parsers import conntrack_listing
from ..parsers.natural import natural

LISTING = '/proc/net/nf_conntrack'  # absent without CONFIG_NF_CONNTRACK_PROCFS
TIMEOUT = '/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_time_wait'
COUNT = '/proc/sys/net/netfilter/nf_conntrack_count'
DEFAULT_S = 120
MOST_BYTES = 8388608  # some 40,000 entries, which a node reads in a fifth of a second
TOP = 5


def observe(tree, unavailable):
    """{'time_wait_s', 'entries', 'of', 'destinations'}, or None with the reason in `unavailable`; raises nothing.

    destinations: of conntrack_listing.parse(); entries: how many of the table's `of` were read. The table has no order
    (nf_conntrack_hash), so that its head stands for all of it.
    """
    try:
        text = tree.read_head(LISTING, MOST_BYTES)
        timeout = natural((tree.read(TIMEOUT) or '').strip())
        count = natural((tree.read(COUNT) or '').strip())
    except Unreadable as exc:
        unavailable[exc.path] = exc.reason
        return None
    if text is None:
        unavailable[LISTING] = 'this kernel does not list its connections there'
        return None
    timeout, entries = DEFAULT_S if timeout is None else timeout, text.count('\n')
    destinations = conntrack_listing.parse(text, timeout, TOP)
    return {'time_wait_s': timeout, 'entries': entries, 'of': max(entries, count or 0), 'destinations': destinations}
