# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counters of a network namespace from /proc/PID/net, without entering it.

`net` is that directory; `unavailable` collects {path: reason} as in procfs.py.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..parsers import counters as parser
from .procfs import parsed


def read_counters(tree, net, version, unavailable):
    """{'TcpExt': {name: int} or None, 'Tcp': {...} or None} of the namespace whose /proc directory is `net`.

    Implausible values make their file unreadable: they are never used.
    """
    groups = {}
    for name, group in (('netstat', 'TcpExt'), ('snmp', 'Tcp')):
        path = '%s/%s' % (net, name)
        found = parsed(tree, path, lambda text, group=group: parser.parse_groups(text, group), unavailable)
        if found is None:
            unavailable.setdefault(path, 'not there')
        elif group not in found:
            unavailable[path] = 'no %s counters in it' % group
        else:
            groups[group] = found[group]
    odd = parser.implausible(groups, version)
    if odd:
        del groups[odd[0]]
        unavailable['%s/%s' % (net, 'netstat' if odd[0] == 'TcpExt' else 'snmp')] = odd[1]
    return {'TcpExt': groups.get('TcpExt'), 'Tcp': groups.get('Tcp')}


def read_sockets(tree, net, unavailable):
    """{'tw', 'inuse', 'orphan', 'alloc'} of the namespace's sockstat, or None."""
    return parsed(tree, net + '/sockstat', parser.parse_sockstat, unavailable)


def read_conntrack(tree, net, limits, unavailable):
    """{'count', 'max', 'drop', 'early_drop', 'insert_failed'} of the namespace's connection tracking, None without it.

    `limits` = (count, max) as read from its sysctls, None where unknown.
    """
    stat = parsed(tree, net + '/stat/nf_conntrack', parser.parse_conntrack_stat, unavailable)
    count, maximum = limits
    if stat is None and count is None:
        return None
    stat = stat or {}
    return {'count': stat.get('entries') if count is None else count, 'max': maximum, 'drop': stat.get('drop'),
            'early_drop': stat.get('early_drop'), 'insert_failed': stat.get('insert_failed')}
