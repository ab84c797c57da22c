# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counters of a network namespace from /proc/PID/net, without entering it; in captures also from `netstat -s`.

`net` is that directory; `unavailable` collects {path: reason} as in procfs.py.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..parsers import counters as parser
from .procfs import parsed

FILES = (('netstat', 'TcpExt'), ('snmp', 'Tcp'))
SAID = 'netstat_-s'  # the output of `netstat -s` in a captured tree
OF_CONNTRACK = ('entries', 'drop', 'early_drop', 'insert_failed')


class Counters(object):
    """Reads the counters of one namespace after another: names {group: (name, ...)}, where not all are wanted."""

    def __init__(self, tree, version, names=None):
        self._tree, self._version, self._names = tree, version, names
        self._layouts = dict((group, {}) for _file, group in FILES)
        self._chosen = dict((group, names and parser.COMPARED.union(names[group])) for _file, group in FILES)

    def read(self, net, unavailable, files=None):
        """{'TcpExt': {name: int} or None, 'Tcp': {...} or None} of the namespace whose /proc directory is `net`.

        Implausible values make their file unreadable: they are never used. files: where a capture keeps the output of
        commands in this namespace, which stands in for a file of `net` that is not there.
        """
        groups, missing = {}, []
        for name, group in FILES:
            path = '%s/%s' % (net or files, name)
            found = self._groups(path, group, unavailable) if net else None
            if found is None:
                if path not in unavailable:
                    missing.append((group, path))
            elif group not in found:
                unavailable[path] = 'no %s counters in it' % group
            else:
                groups[group] = found[group]
        odd = parser.implausible(groups, self._version)
        if odd:
            del groups[odd[0]]
            unavailable['%s/%s' % (net, 'netstat' if odd[0] == 'TcpExt' else 'snmp')] = odd[1]
        said = self._said(files, unavailable) if missing and files is not None else {}
        for group, path in missing:
            if group in said:
                groups[group] = said[group]
            else:
                unavailable[path] = 'not there'
        counters = {'TcpExt': groups.get('TcpExt'), 'Tcp': groups.get('Tcp')}
        return counters if self._names is None else narrowed(counters, self._names)

    def _said(self, files, unavailable):
        from ..parsers import netstat_text  # captures alone
        return parsed(self._tree, '%s/%s' % (files, SAID),
                      lambda text: netstat_text.parse_netstat(text, self._version), unavailable) or {}

    def _groups(self, path, group, unavailable):
        how = (group, self._chosen[group], self._layouts[group])
        return parsed(self._tree, path, lambda text: parser.parse_groups(text, *how), unavailable)


def narrowed(counters, names):
    """Those of {group: {name: int} or None} that names = {group: (name, ...)} lists."""
    return dict((group, None if counters[group] is None else
                 dict((name, counters[group][name]) for name in names[group] if name in counters[group]))
                for group in counters)


def read_sockets(tree, net, unavailable):
    """{'tw', 'inuse', 'orphan', 'alloc'} of the namespace's sockstat, or None."""
    return parsed(tree, net + '/sockstat', parser.parse_sockstat, unavailable)


def read_conntrack(tree, net, limits, unavailable):
    """{'count', 'max', 'drop', 'early_drop', 'insert_failed'} of the namespace's connection tracking, None without it.

    `limits` = (count, max) as read from its sysctls, None where unknown.
    """
    stat = parsed(tree, net + '/stat/nf_conntrack',
                  lambda text: parser.parse_conntrack_stat(text, OF_CONNTRACK), unavailable)
    count, maximum = limits
    if stat is None and count is None:
        return None
    stat = stat or {}
    return {'count': stat.get('entries') if count is None else count, 'max': maximum, 'drop': stat.get('drop'),
            'early_drop': stat.get('early_drop'), 'insert_failed': stat.get('insert_failed')}
