# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One look at a node, live or captured: what observe and time_wait have in common.

A look gives a record of schema 1 whose namespaces and files are yet to be filled in, and an entry for each namespace.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import sys

from .. import keys
from ..errors import Refused
from . import counters, entries, namespaces, procfs

SCHEMA = 1
PARTS = ('namespaces', 'sysctls', 'counters', 'sockets', 'conntrack', 'addresses', 'peers', 'persisted', 'writers',
         'translation')
UNAVAILABLE_MAX = 40
OF_ONE = ('namespace ', 'counters of ', 'TIME_WAIT sockets of ')  # namespaces that ended during the look
WINDOW_MAX = 3600


def take(tree, request, arguments, unavailable, clock):
    """(record without namespaces, an entry for each namespace, earlier look or None); clock = (now, sleep)."""
    containers = namespaces.Containers()
    earlier = _wait(tree, request, arguments, containers, clock) if request.live else None
    record = _record(tree, request, arguments, unavailable, clock[0])
    hidden = {}
    looked = entries.look(tree, request, record['kernel']['version'], containers, unavailable, hidden)
    if hidden:
        record['hidden'] = hidden
    if not request.live:
        earlier = counters.second_look(tree, looked, record, request.counters, unavailable)
    return record, looked, earlier


class Request(object):
    """What to look at: live, parts (asked: those that the caller named), other namespaces or not, keys, counters."""

    def __init__(self, arguments, live):
        self.live = live
        self.asked = frozenset(arguments.get('gather') or ())
        self.parts = self.asked or frozenset(PARTS)
        unknown = self.parts - frozenset(PARTS)
        if unknown:
            raise Refused('gather: %s is not a part of a record; the parts are %s' % (
                ', '.join(sorted(unknown)), ', '.join(PARTS)))
        self.others = arguments.get('namespaces', 'all') == 'all'
        more = _further(arguments.get('sysctls') or ())
        self.node_keys = keys.NODE_SYSCTLS + tuple(more)
        self.namespace_keys = keys.NAMESPACE_SYSCTLS + tuple(more)
        extra = arguments.get('counters') or {}
        self.counters = dict((group, names + tuple(name for name in extra.get(group, ()) if name not in names))
                             for group, names in keys.COUNTERS.items())


def _further(wanted):
    """The keys that are not looked at anyway, in the form in which files and kernel are asked for them."""
    more = [key for key in wanted if key not in keys.NODE_SYSCTLS]
    if more:
        from ..parsers.sysctl_conf import canonical
        more = sorted(set(map(canonical, more)).difference(keys.NODE_SYSCTLS))
    return more


def _record(tree, request, arguments, unavailable, now):
    facts = _facts(request.live)
    source = {
        'collector': 'live' if request.live else 'capture', 'root': tree.root,
        'collected_at': round(now(), 3), 'uptime_s': facts.read_uptime(tree, unavailable),
        'boot_id': procfs.read_text(tree, '/proc/sys/kernel/random/boot_id', unavailable),
        'python': '%d.%d.%d' % sys.version_info[:3], 'euid': os.geteuid() if request.live else None,
        'collection_version': arguments.get('collection_version'),
        'hostname': facts.read_hostname(tree, unavailable),
    }
    return {'schema': SCHEMA, 'source': source, 'kernel': facts.read_kernel(tree, unavailable), 'namespaces': [],
            'persisted': {}, 'writers': [], 'change_sets': [], 'unavailable': {}}


def _facts(live):
    """Who reads kernel, uptime and name."""
    if live:
        return procfs
    from . import said
    return said


def _wait(tree, request, arguments, containers, clock):
    """The earlier look of a window, taken here unless the caller brings one; returns when the window has passed."""
    now, sleep = clock
    window = min(float(arguments.get('window') or 0), WINDOW_MAX)
    if window <= 0:
        return None
    since = arguments.get('since')
    unavailable = {}
    uptime = procfs.read_uptime(tree, unavailable)
    boot_id = procfs.read_text(tree, '/proc/sys/kernel/random/boot_id', unavailable)
    if since:
        passed = (uptime or 0) - (since.get('uptime_s') or 0) if since.get('boot_id') == boot_id else window
        sleep(max(0.0, window - passed) if passed >= 0 else 0.0)
        return since
    version = procfs.read_kernel(tree, unavailable)['version']
    parts = ['counters', 'conntrack'] + ['namespaces'] * ('namespaces' in request.parts)
    counting = Request({'gather': parts, 'namespaces': arguments.get('namespaces', 'all'),
                        'counters': arguments.get('counters')}, live=True)
    first = counters.sample_of(entries.look(tree, counting, version, containers, unavailable),
                               {'boot_id': boot_id, 'uptime_s': uptime, 'collected_at': round(now(), 3)},
                               counting.counters)
    sleep(window)
    return first


def bounded(unavailable):
    """The reasons, at most UNAVAILABLE_MAX: those of the node before those of single processes and namespaces."""
    names = sorted(unavailable, key=lambda name: (_of_one(name), name))
    kept = dict((name, unavailable[name]) for name in names[:UNAVAILABLE_MAX])
    if len(names) > UNAVAILABLE_MAX:
        kept['and more'] = '%d further parts' % (len(names) - UNAVAILABLE_MAX)
    return kept


def _of_one(name):
    return name.startswith(OF_ONE) or (name.startswith('/proc/') and name[6:7].isdigit())
