# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What TIME_WAIT sockets take of the kernel's memory: /proc/slabinfo (slabinfo(5))."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Malformed

CACHES = ('tw_sock_TCP', 'tw_sock_TCPv6')


def parse_slabinfo(text):
    """{'objects', 'bytes', 'object_bytes'} of the caches of TIME_WAIT sockets, both families together, or None.

    objects counts those in use, bytes the memory of all allocated; where slabs of one size are merged, the kernel does
    not name these caches. Raises Malformed.
    """
    found = None
    for line in text.split('\n'):
        words = line.split()
        if words[:1] and words[0] in CACHES:
            try:
                active, allocated, size = [int(word) for word in words[1:4]]
            except ValueError:
                raise Malformed('%s: no counts' % words[0])
            found = found or {'objects': 0, 'bytes': 0, 'object_bytes': size}
            found['objects'] += active
            found['bytes'] += allocated * size
    return found
