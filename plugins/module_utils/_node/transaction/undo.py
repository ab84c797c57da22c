# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way back: a part's items in reverse order.

Undoing compares before it writes: what is already as it should be is not touched, so an undo can be repeated after any
interruption.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import stat

from ..errors import Failed, Refused, shown
from ..keys import of_interfaces
from . import files
from .carry_out import KEEP, named, place_of, put, temp_of
from .namespace_identity import same_boot
from .places import Places
from .state_dir import there

STAY_MAX = 20


def unlike(item):
    """[a sentence] on what an undo of the file does not bring back, [] where it is exact."""
    return ['%s: not exactly as before: its attributes %s could not be read when it was changed' % (
        item['path'], ', '.join(item['unread']))] if item.get('unread') else []


class Undo(object):
    """The stored reverse of one part.

    targets {index: what to restore instead of `before`}: for a file (bytes, meta), for a value its text, or KEEP.
    Values that were read in another boot stay as they are, whatever the targets.
    ours: texts in its files that other undos left, so nobody's to keep. stays: whether the part keeps its state.
    After run(): restored [{what, ...}], failed [sentence], gone [sentence], saved [sentence]; unwritten [sentence] on
    the part's state.
    """

    def __init__(self, tree, part, targets=None, step=lambda name: None, ours=()):
        self.tree, self.part, self.targets, self.step = tree, part, targets or {}, step
        self.ours, self.stays = list(ours), False
        self.places, self.this_boot = Places(tree), same_boot(tree, part.record)
        self.restored, self.failed, self.gone, self.saved, self.unwritten = [], [], [], [], []

    def run(self, only=None):
        """Restores in reverse order all that can be, or `only` items of this kind or mark; whether that is all."""
        items = self.part.record['items']
        for index in range(len(items) - 1, -1, -1):
            if only and items[index]['kind'] != only and not items[index].get(only):
                continue
            try:
                getattr(self, '_undo_' + items[index]['kind'])(index, items[index])
            except (Failed, Refused) as exc:
                self.failed.append('%s' % exc)
            self.step('undo of %s' % named(items[index]))
        if not (only or self.failed):
            self._settle(items)
        if not only:
            self.gone += self.stay()
        return not self.failed

    def _settle(self, items):
        """Writes once more what the kernel changed when a value above it was undone: all of it is known as restored."""
        if not any(item['kind'] == 'value' and of_interfaces(item['key']) for item in items):
            return
        known = (len(self.restored), len(self.gone))
        for index, item in enumerate(items):
            if item['kind'] == 'value':
                try:
                    self._undo_value(index, item)
                except Failed as exc:
                    self.failed.append('%s' % exc)
        del self.restored[known[0]:], self.gone[known[1]:]

    def target(self, index, item):
        """What is to be there after the undo: for a file (bytes or None, meta or None), for a value its text.

        KEEP where it is to stay as it is.
        """
        if item['kind'] == 'value' and not self.this_boot:
            return KEEP
        if index in self.targets:
            if isinstance(self.targets[index], Failed):
                raise self.targets[index]
            return self.targets[index]
        return (self.part.blob('before', index), item['before']) if item['kind'] == 'file' else item['before']

    def present(self, item):
        """The state of a thing now: of a file (bytes, meta), of a value its text; None where the value is gone."""
        if item['kind'] == 'file':
            return files.present(self.tree, item['path'])
        if item['namespace'] is not None and self.places.others.ns_path(item['namespace']) is None:
            return None
        return self.places.read(item['namespace'], [item['key']])[item['key']]

    @staticmethod
    def acts(target, now):
        """Whether the undo writes the target (of target(), not KEEP) over what there is now (of present())."""
        return now not in (None, target)

    @staticmethod
    def entry(item, target):
        """A restored thing as a result lists it."""
        if item['kind'] == 'value':
            return {'what': 'running', 'file': None, 'key': item['key'], 'namespace': place_of(item), 'value': target}
        return {'what': 'file', 'file': item['path'], 'key': None, 'namespace': None,
                'value': None if target[0] is not None else 'removed'}

    def stay(self):
        """[a sentence] on the running values that stay because they were read in another boot, [] without such."""
        found = []
        for item in () if self.this_boot else self.part.record['items']:
            if item['kind'] == 'value' and item['namespace'] is None:
                try:
                    now = self.places.read(None, [item['key']])[item['key']]
                except Failed:
                    continue
                if now not in (None, item['before']):
                    found.append('%s (%s now, %s before)' % (item['key'], now, item['before']))
        more = ' and %d more' % (len(found) - STAY_MAX) if len(found) > STAY_MAX else ''
        return ['the node has booted since, so running values stay: %s%s. The files decide at the next boot; '
                'sysctl --system loads them now' % (', '.join(found[:STAY_MAX]), more)] if found else []

    def _undo_file(self, index, item):
        try:
            target = self.target(index, item)
        except Failed as exc:
            raise Failed(item['path'], exc)
        try:
            above = there(os.path.dirname(temp_of(self.tree, item)))
            if above and stat.S_ISDIR(above.st_mode):
                files.drop(temp_of(self.tree, item))
            if target is KEEP:
                return
            current = self.present(item)
            if not self.acts(target, current):
                return
            self._keep_newer(index, item, current, target[0])
            if target[0] is None:
                files.drop(self.tree.real(item['path'], False))
                self.step('%s removed' % item['path'])
            else:
                put(self.tree, item, target[0], target[1], self.step)
                self.saved += unlike(item)
        except OSError as exc:
            raise Failed(item['path'], exc)
        if not item.get('hook'):
            self.restored.append(self.entry(item, target))

    def _keep_newer(self, index, item, current, target):
        """What somebody else wrote since is restored over, but kept beside the part's record."""
        data, meta = current
        if data is None and meta is not None:
            self.saved.append('%s: somebody replaced it by %s since; that is taken away' % (item['path'], meta['kind']))
        sides = [self.part.readable(side, index) for side in ('after', 'before', 'held')]
        if data in [None, target] + sides + self.ours:
            return
        try:
            self.part.write('found-%d' % index, data)
            self.saved.append('%s: somebody changed it since; that text is kept in %s' % (
                item['path'], shown(self.part.path('found-%d' % index))))
        except OSError:
            self.saved.append('%s: somebody changed it since; that text could not be kept' % item['path'])

    def _undo_value(self, index, item):
        target = self.target(index, item)
        if target is KEEP:
            return
        identity, now = item['namespace'], self.present(item)
        if now is None:
            lost = identity is not None and self.places.others.ns_path(identity) is None
            self.gone.append('%s: %s' % (item['key'], 'the namespace %s is gone' % identity['key'] if lost
                                         else 'this kernel no longer has it'))
        elif self.acts(target, now):
            now = self.places.write(identity, item['key'], target)
            if now != target:
                raise Failed(item['key'], 'the kernel prints %s after %s was written' % (now, target))
            self.restored.append(self.entry(item, target))

    def _undo_directory(self, _index, item):
        real = self.tree.real(item['path'], False)
        try:
            if os.path.isdir(real) and not os.path.islink(real) and not os.listdir(real):
                os.rmdir(real)
                files.sync_directory(os.path.dirname(real))
        except OSError as exc:
            raise Failed(item['path'], exc)
