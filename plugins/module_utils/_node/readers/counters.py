# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counters of a network namespace from /proc/PID/net, without entering it; in captures also from `netstat -s`.

`net` is that directory; `unavailable` collects {path: reason} as in procfs.py. Samples are the counters of one look,
compact, so that a later look can say what rose in between.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..parsers import counters as parser
from .procfs import parsed
from .tree import Tree

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


def sample_of(entries, source, names):
    """{'boot_id', 'uptime_s', 'collected_at', 'groups'}; namespaces whose counters are equal share one group.

    names = {group: (counter, ...)} that the sample carries.
    """
    groups, order = {}, []
    for entry in entries:
        # Of the node's own namespace alone an entry has more counters than are asked for.
        counters = narrowed(entry['counters'], names) if entry['kind'] == 'host' else entry['counters']
        mark = tuple(_mark(part) for part in (counters['TcpExt'], counters['Tcp'], entry['conntrack']))
        group = groups.get(mark)
        if group is None:
            group = groups[mark] = {'members': [], 'counters': counters, 'conntrack': entry['conntrack']}
            order.append(group)
        group['members'].append(entry['key'])
    return {'boot_id': source['boot_id'], 'uptime_s': source['uptime_s'], 'collected_at': source['collected_at'],
            'groups': order}


def _mark(values):
    """The same for equal {name: value}, or None."""
    return None if values is None else tuple(sorted(values.items()))


def second_look(tree, entries, record, names, unavailable):
    """The sample of a capture's first look where it has a second under sample2/; None where it has none.

    The entries then carry the second look's counters and the record its uptime.
    """
    if not tree.listdir('/sample2'):
        return None
    from . import said  # captures alone
    first = sample_of(entries, record['source'], names)
    root = '' if tree.root == '/' else tree.root
    later = Tree(root + '/sample2', tree.system)
    version, reasons = record['kernel']['version'], {}
    own, others = Counters(later, version), Counters(later, version, names)
    for entry in entries:
        net = entry['net'] if entry['net'] and later.exists(entry['net']) else None
        if net or later.exists('%s/%s' % (entry['files'], SAID)):
            counters = own if entry['kind'] == 'host' else others
            entry['counters'] = counters.read(net, reasons, entry['files'])
    record['source']['uptime_s'] = said.read_uptime(later, reasons) or record['source']['uptime_s']
    unavailable.update(('/sample2' + path, reason) for path, reason in reasons.items())
    return first
