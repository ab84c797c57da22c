# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What TIME_WAIT sockets take of the kernel's memory: /proc/slabinfo (slabinfo(5))."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Malformed
from .natural import natural

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
            one = parse_cache(''.join(words[3:4]), ''.join(words[2:3]), words[0] + ': ')
            found = found or {'bytes': 0, 'object_bytes': one['object_bytes']}
            found['bytes'] += one['bytes']
    return found


def parse_cache(size, objects, name=''):
    """As parse_slabinfo(), from slab_size and total_objects below /sys/kernel/slab: "300 N0=200 N1=100"."""
    size, allocated = natural(size.strip()), natural(''.join(objects.split()[:1]))
    if size is None or allocated is None or size * allocated >> 63:
        raise Malformed(name + 'no counts')
    return {'bytes': allocated * size, 'object_bytes': size}
