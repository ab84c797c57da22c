# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory of the node's TIME_WAIT sockets, as the kernel's slab allocator counts it."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Malformed, Unreadable
from ..parsers import slabinfo
from .procfs import parsed


def read(tree, unavailable):
    """{'bytes', 'object_bytes'}: of all that is allocated, both families together, and of one; None if not told.

    By the files of these two caches in sysfs, else by /proc/slabinfo: for that one the kernel locks and counts every
    cache there is, which takes milliseconds.
    """
    try:
        found = [cache for cache in [_cache(tree, name) for name in slabinfo.CACHES] if cache]
    except (Unreadable, Malformed):
        found = []  # the reason is the same there
    if not found:
        return parsed(tree, '/proc/slabinfo', slabinfo.parse_slabinfo, unavailable)
    return {'bytes': sum(cache['bytes'] for cache in found), 'object_bytes': found[0]['object_bytes']}


def _cache(tree, name):
    """Of one cache; None where there is none, or where it is a link: merged with others of its size."""
    directory = '/sys/kernel/slab/' + name
    if tree.is_link(directory):
        return None
    size, objects = tree.read(directory + '/slab_size'), tree.read(directory + '/total_objects')
    return None if size is None or objects is None else slabinfo.parse_cache(size, objects)
