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
    """{'bytes', 'object_bytes'} of the caches of TIME_WAIT sockets in /proc/slabinfo, both families together, or None.

    bytes is the memory of all that is allocated, in use or not; where slabs of one size are merged, the kernel does not
    name these caches. Raises Malformed.
    """
    found = None
    for line in text.split('\n'):
        words = line.split()
        if words[:1] and words[0] in CACHES:
            try:
                allocated, size = int(words[2]), int(words[3])
            except (ValueError, IndexError):
                raise Malformed('%s: no counts' % words[0])
            found = found or {'bytes': 0, 'object_bytes': size}
            found['bytes'] += allocated * size
    return found


def parse_cache(size, objects):
    """As parse_slabinfo(), from slab_size and total_objects below /sys/kernel/slab: "300 N0=200 N1=100"."""
    try:
        size, allocated = int(size), int(objects.split()[0])
    except (ValueError, IndexError):
        raise Malformed('no counts')
    return {'bytes': allocated * size, 'object_bytes': size}
