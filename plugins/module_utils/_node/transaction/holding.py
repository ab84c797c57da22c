# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What in a rollback needs a decision: drift, newer change sets, and settings that are held back as unsafe."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..keys import RECYCLE
from ..parsers import sysctl_conf, sysctl_edit
from ..parsers.release import parse_release
from ..parsers.sysctl_value import same
from ..readers import persisted
from ..readers.procfs import read_kernel
from . import files, plan
from .carry import Undo, place_of
from .overlay import Overlay
from .places import read, same_boot

REASON = u'held back by a rollback: with it on, SYNs are dropped'


def thing(item):
    return ('value', place_of(item), item['key']) if item['kind'] == 'value' else (item['kind'], item['path'])


class Decision(object):
    """What the rollback of one part restores: targets for Undo, held and drifted as the result lists them."""

    def __init__(self, part):
        self.part = part
        self.targets, self.held, self.drifted = {}, [], []

    def note(self):
        """(note, blobs) from which recovery.targets_of() makes the targets again."""
        keep = [index for index, target in self.targets.items() if target is Undo.KEEP]
        instead = [(index, target) for index, target in self.targets.items() if target is not Undo.KEEP]
        return ({'keep': sorted(keep), 'instead': sorted([index, target[1]] for index, target in instead),
                 'held': self.held}, dict(('held-%d' % index, target[0]) for index, target in instead))


def decide(tree, live, part, newer, over, unsafe):
    """The Decision for a part. newer: parts of later time that are in force; over {path: bytes}: what will be there.

    `over` is brought up to date with what this part's undo leaves.
    """
    decision = Decision(part)
    this_boot = same_boot(tree, part.record)
    has_key, release = _has_recycle(tree, live)
    for index, item in enumerate(part.record['items']):
        if item['kind'] == 'value':
            if this_boot and has_key and not unsafe and item['key'] == RECYCLE and _on(item['before']):
                decision.targets[index] = Undo.KEEP
                decision.held.append({'what': 'running', 'key': RECYCLE, 'namespace': place_of(item), 'file': None,
                                      'line': None, 'value': item['before']})
        elif item['kind'] == 'file' and not item.get('hook'):
            before = part.blob('before', index)
            over[item['path']] = before
            if has_key and not unsafe and before:
                _hold_lines(decision, index, item, before, over)
    if has_key and not unsafe:
        _hold_winner(tree, decision, over, release)
    work = Undo(tree, part, decision.targets)
    for index, item in enumerate(part.record['items']):
        drift = _drift(work, index, item)
        decision.drifted += [drift] if drift else []
    decision.drifted += _touched(part, newer, this_boot)
    return decision


def _has_recycle(tree, live):
    """(whether a kernel here has tcp_tw_recycle, its release)."""
    if live:
        return read(tree, RECYCLE) is not None, read_kernel(tree, {})['release']
    return not plan.lost(RECYCLE, plan.image_versions(tree)), parse_release(None)['release']


def _on(value):
    return sysctl_conf.first_int(value) not in (0, None)


def _hold_lines(decision, index, item, before, over):
    """The lines of a file that would set tcp_tw_recycle again stay comments."""
    lines = [entry for entry in sysctl_conf.parse(before.decode('utf-8', 'replace'))
             if entry['key'] == RECYCLE and entry['value'] is not None and _on(entry['value'])]
    if not lines:
        return
    after = sysctl_edit.disable(before, set((entry['line'], RECYCLE) for entry in lines))
    decision.targets[index] = (after, item['before'])
    over[item['path']] = after
    for entry in lines:
        decision.held.append({'what': 'file', 'key': RECYCLE, 'namespace': None, 'file': item['path'],
                              'line': entry['line'], 'value': entry['value']})


def _hold_winner(tree, decision, over, release):
    """Where another line (a glob, a file of a package) would win again, the file that overrides it keeps doing so."""
    found = persisted.observe(Overlay(tree.root, over), [RECYCLE], set([RECYCLE]), release, {}).get(RECYCLE)
    winners = [entry for entry in (found or {'effective': {}})['effective'].values() if entry and _on(entry['value'])]
    file = [change['file'] for change in decision.part.record['changes']
            if change['what'] == 'persisted' and change['key'] == RECYCLE]
    if not winners or not file:
        return
    for index, item in enumerate(decision.part.record['items']):
        if item['kind'] == 'file' and item['path'] == file[0]:
            after = sysctl_edit.persist(over[file[0]], RECYCLE, '0', REASON)
            decision.targets[index] = (after, item['before'] or item['after'])
            over[file[0]] = after
            decision.held.append({'what': 'file', 'key': RECYCLE, 'namespace': None, 'file': winners[0]['file'],
                                  'line': winners[0]['line'], 'value': winners[0]['value']})


def _drift(work, index, item):
    """How a thing differs from what the part made of it and from what it is to become, or None."""
    part, places = work.part, work.places
    if item['kind'] == 'directory' or (item['kind'] == 'value' and not work.this_boot):
        return None
    target = work.target(index, item)
    if item['kind'] == 'file' and not item.get('hook'):
        data, meta = files.present(work.tree, item['path'])
        states = [(part.blob('after', index), item['after']), (part.blob('before', index), item['before'])]
        held = part.blob('held', index)  # an earlier rollback of the same part left this
        if held is not None:
            states.append((held, item['before'] or item['after']))
        if target is not Undo.KEEP:
            states.append(target)
        if not any(data == state[0] and _alike(meta, state[1]) for state in states):
            found = 'changed' if data is not None else 'replaced by %s' % meta['kind'] if meta else 'gone'
            return {'what': 'file', 'file': item['path'], 'key': None, 'namespace': None, 'expected': None,
                    'found': found, 'newer': None}
    elif item['kind'] == 'value':
        if item['namespace'] is not None and places.door(item['namespace']) is None:
            return None  # gone, which the undo reports
        now = places.read(item['namespace'], [item['key']])[item['key']]
        if now is not None and not any(same(now, value) for value in (item['after'], item['before'])):
            return {'what': 'running', 'file': None, 'key': item['key'], 'namespace': place_of(item),
                    'expected': item['after'], 'found': now, 'newer': None}
    return None


def _alike(one, two):
    """Whether owner and mode are the same; labels are the policy's business and may be given anew."""
    if one is None or two is None:
        return one is two
    return all(one[name] == two[name] for name in ('mode', 'uid', 'gid'))


def _touched(part, newer, this_boot):
    """A drift entry for each thing that a newer change set in force has changed too."""
    mine = dict((thing(item), item) for item in part.record['items']
                if not item.get('hook') and (this_boot or item['kind'] != 'value'))
    found = []
    for other in newer:
        for item in other.record['items']:
            if thing(item) in mine and item['kind'] != 'directory':
                value = item['kind'] == 'value'
                found.append({'what': 'running' if value else 'file', 'file': None if value else item['path'],
                              'key': item.get('key'), 'namespace': place_of(item) if value else None,
                              'expected': None, 'found': None, 'newer': other.id})
    return found
