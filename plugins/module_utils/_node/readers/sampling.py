# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples: the counters of one look, compact, so that a later look can say what rose in between."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .counters import SAID, Counters, narrowed
from .tree import Tree


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
