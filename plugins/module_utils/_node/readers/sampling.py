# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples: the counters of one look, compact, so that a later look can say what rose in between."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from . import entries as namespace_entries
from . import procfs
from .counters import read_counters
from .tree import Tree


def sample_of(entries, source, names):
    """{'boot_id', 'uptime_s', 'collected_at', 'groups'}; namespaces whose counters are equal share one group.

    names = {group: (counter, ...)} that the sample carries.
    """
    groups = {}
    for entry in entries:
        counters = namespace_entries.narrowed(entry['counters'], names)
        mark = namespace_entries.mark([counters, entry['conntrack']]) if len(entries) > 1 else ''
        group = groups.setdefault(mark, {'members': [], 'counters': counters, 'conntrack': entry['conntrack']})
        group['members'].append(entry['key'])
    return {'boot_id': source['boot_id'], 'uptime_s': source['uptime_s'], 'collected_at': source['collected_at'],
            'groups': [groups[mark] for mark in sorted(groups)]}


def second_look(tree, entries, record, names, unavailable):
    """The sample of a capture's first look where it has a second under sample2/; None where it has none.

    The entries then carry the second look's counters and the record its uptime.
    """
    if not tree.listdir('/sample2'):
        return None
    first = sample_of(entries, record['source'], names)
    root = '' if tree.root == '/' else tree.root
    later = Tree(root + '/sample2')
    version, reasons = record['kernel']['version'], {}
    for entry in entries:
        if entry['net'] is None or not later.exists(entry['net']):
            continue
        counters = read_counters(later, entry['net'], version, reasons)
        entry['counters'] = counters if entry['kind'] == 'host' else namespace_entries.narrowed(counters, names)
    record['source']['uptime_s'] = procfs.read_uptime(later, reasons) or record['source']['uptime_s']
    unavailable.update(('/sample2' + path, reason) for path, reason in reasons.items())
    return first
