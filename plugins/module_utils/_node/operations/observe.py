# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation `observe`: one look at a node, live or captured, as a record of schema 1.

What cannot be seen is said in the record's `unavailable`; an error is only what makes the whole look impossible.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import time

from ..errors import Unreadable
from ..keys import module_of
from ..readers import counters, entries, observation, quick_look
from ..readers.capture import formed, lacking, open_capture

# state_dir.STATE_DIR: naming it here saves nodes without change sets the import.
CHANGE_SETS = '/var/lib/nodetcp-paws/change-sets'


def run(arguments, now=time.time, sleep=time.sleep, tree=None):
    """{'record', 'earlier', 'sample', 'further'}: the record, an earlier look at its counters or None, its own
    counters, and {operation: arguments} of what has to be asked besides: this one travels without all that parses.

    arguments: root, gather (parts), namespaces ('all' or 'host'), sysctls and counters (more names than keys.py has),
    window (seconds between two looks), since (the sample of an earlier look), collection_version. tree: a capture
    that is held in memory. Raises Refused.
    """
    unavailable = {}
    tree = formed(tree) if tree else open_capture(arguments.get('root') or '/')
    request = observation.Request(arguments, live=tree.root == '/')
    record, looked, earlier = observation.take(tree, request, arguments, unavailable, (now, sleep))
    record['namespaces'] = entries.grouped(looked)
    further = _add_files(tree, request, record, looked[0]['sysctls'], unavailable)
    if 'translation' in request.parts and _translates(looked[0]):
        further['translation'] = {'root': tree.root}
    record['unavailable'] = observation.bounded(unavailable)
    sample = counters.sample_of(looked, record['source'], request.counters)
    return {'record': record, 'earlier': earlier, 'sample': sample, 'further': further}


def _translates(own):
    """Whether this node may translate what it forwards: it forwards, and connections are tracked."""
    forwards = (own['sysctls'].get('net.ipv4.ip_forward') or {}).get('value')
    return forwards not in (None, '0') and own['conntrack'] is not None


def _add_files(tree, request, record, own, unavailable):
    """Settings in files and other things that write them, for the keys that are looked at; gives `further` of run()."""
    wanted, further = list(request.node_keys), {}
    if not request.live and request.parts.intersection(('persisted', 'writers')):
        unavailable.update(lacking(tree))

    def in_files():
        release = record['kernel']['release']
        if not quick_look.may_set(tree, wanted, release):
            return {}
        from ..readers import persisted
        existing = set(key for key in own if own[key]['scope'] != 'absent')
        found = persisted.observe(tree, wanted, existing, release, unavailable)
        for key in found:
            if module_of(key)[1]:
                from ..readers import modules
                found[key].update(modules.late(tree, key))
        return found

    if 'persisted' in request.parts:
        record['persisted'] = in_files()
    if 'writers' in request.parts:
        from ..readers import writers
        version = record['kernel']['version']
        settings = (lambda: record['persisted']) if 'persisted' in request.parts else in_files
        record['writers'] = writers.observe(tree, wanted, unavailable, version, settings)
        if record['writers'] is None:
            record['writers'] = []
            further['writers'] = {'root': tree.root, 'keys': wanted, 'version': version, 'persisted': settings()}
    if _has_change_sets(tree, unavailable):
        from . import change_set_info
        record['change_sets'] = change_set_info.observe(tree, unavailable)
    return further


def _has_change_sets(tree, unavailable):
    try:
        return bool(tree.listdir(CHANGE_SETS))
    except Unreadable as exc:  # root alone may look
        unavailable[exc.path] = exc.reason
        return False
