# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation `locate`: which network namespaces of this node a word means, and what decides about SYNs in them."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Refused, Unreadable, shown
from ..keys import RECYCLE, TIMESTAMPS
from ..parsers.counters import parse_conntrack_stat
from ..readers import namespace_lookup, procfs, sysctls
from ..readers.tree import Tree

SYSCTLS = (RECYCLE, TIMESTAMPS, 'net.ipv4.tcp_rfc1337', 'net.ipv4.tcp_syncookies', 'net.ipv4.tcp_abort_on_overflow',
           'net.core.somaxconn')
TRACKING = ('drop', 'insert_failed')
ADDRESSES_MAX, LISTENING_MAX, MATCHES_MAX = 64, 64, 16


def run(arguments):
    """{'matches', 'hostname', 'kernel', 'tracking', 'unavailable'} of the live node.

    arguments: what (whereabouts.find(); 'host' is the node's own namespace), port. A match: {'id', 'key', 'kind',
    'name', 'names', 'container', 'addresses', 'listening' (on the port, None unknown), 'sysctls' (as in a record)}.
    tracking: {'drop', 'insert_failed'} of connection tracking in the node's own namespace, None without it.
    """
    tree, unavailable = Tree('/'), {}
    if not arguments['what']:
        raise Refused('what: name a container, a network namespace or an address')
    kernel = procfs.read_kernel(tree, unavailable)
    found = namespace_lookup.find(tree, arguments['what'], unavailable)[:MATCHES_MAX]
    own = sysctls.read_own(sysctls.source_of(tree, True, {}), SYSCTLS, kernel['version'], {})
    seen = _inside(tree, [place.ns_path for place in found], unavailable)
    matches = [_match(tree, place, look, own, kernel['version'], arguments.get('port'), unavailable)
               for place, look in zip(found, seen)]
    tracking = procfs.parsed(tree, '/proc/net/stat/nf_conntrack', lambda text: parse_conntrack_stat(text, TRACKING), {})
    return {'matches': matches, 'hostname': procfs.read_text(tree, '/proc/sys/kernel/hostname', {}),
            'kernel': kernel, 'tracking': tracking, 'unavailable': unavailable}


def _match(tree, place, look, own, version, port, unavailable):
    values, listening = look
    entry = dict((name, place.entry[name]) for name in ('id', 'key', 'kind', 'name', 'container'))
    entry['pid'] = place.entry['pids'][0]['pid'] if place.entry['pids'] else None
    local = procfs.read_local(tree, place.net, unavailable) if place.net else None
    if listening is not None and port:
        listening = [end for end in listening if end.rpartition(':')[2] == str(port)]
    entry.update(names=place.names[:8], addresses=(local or [])[:ADDRESSES_MAX],
                 listening=None if listening is None else listening[:LISTENING_MAX],
                 sysctls=own if place.ns_path is None else sysctls.projected(values, SYSCTLS, own, version))
    return entry


def _inside(tree, ns_paths, unavailable):
    """(sysctls.read_values(), what listens) of each ns_path; None is the caller's own namespace."""
    source = sysctls.Directory(tree)

    def ask(_index):
        return sysctls.read_values(source, SYSCTLS), _listening()
    others = [ns_path for ns_path in ns_paths if ns_path is not None]
    answers = {}
    if others:
        from ..readers import enter
        for ns_path, (answer, reason) in zip(others, enter.visit(others, ask)):
            answers[ns_path] = answer or (None, None)
            if answer is None:
                unavailable[shown(ns_path[0])] = reason
    return [ask(None) if ns_path is None else answers[ns_path] for ns_path in ns_paths]


def _listening():
    from ..readers import sock_diag
    try:
        return sock_diag.listening()
    except Unreadable:
        return None
