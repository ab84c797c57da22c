# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The change sets of a node as they are made, changed and taken away; change_set.py says what they are."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import os

from ..errors import Failed, Refused, shown
from . import change_set, files
from .record import checked, digest, name_of, sealed
from .state_dir import FINAL, is_part


class Part(change_set.Part):
    """One that may be changed."""

    def move_to(self, state):
        """The change of state, made to last, or not made. Raises OSError."""
        if state != self.state:
            _rename(self.path('state.' + self.state), self.path('state.' + state))
            self.state = state

    def write(self, name, data):
        """A small file of the part, replaced in one step. Raises OSError."""
        temp = self.path(name + '.new')
        try:
            _write_new(temp, data)
            os.rename(temp, self.path(name))
        except OSError:
            try:
                files.drop(temp)  # a full disk has better use for it
            except Failed:
                pass
            raise
        files.sync_directory(self.home)

    def note(self, name, value):
        self.write(name, sealed(value))


class Store(change_set.ChangeSets):
    """Those that may be changed; nothing is made before prepare()."""

    part = Part

    def prepare(self, step):
        """Makes the directories of the store."""
        missing, path = [], self.sets
        while not os.path.lexists(path):
            missing.insert(0, path)
            path = os.path.dirname(path)
        for each in missing:
            try:
                os.mkdir(each, 0o700 if each in (self.base, self.sets) else 0o755)
                files.sync_directory(os.path.dirname(each))
            except OSError as exc:
                if exc.errno != errno.EEXIST:  # another run was faster
                    raise Failed(self.state_dir, exc)
            step('store directory made')
        self._place.check_owner()

    def next_name(self, identifier, parts):
        """The name of the part that create() would make beside `parts`, all that are there."""
        return name_of(identifier, self._next(identifier, parts))

    def _next(self, identifier, parts):
        number = max([part.record['part'] for part in parts if part.id == identifier] or [0]) + 1
        while os.path.lexists(self.sets + b'/' + name_of(identifier, number).encode('ascii')):
            number += 1  # a broken one has that name
        return number

    def create(self, record, blobs, parts, step):
        """A new part in state `applying`. blobs {file name: bytes}; parts: all that are there.

        Raises Refused where it could not be read again, Failed; nothing is then left of it.
        """
        record['seq'] = max([part.record['seq'] for part in parts] or [0]) + 1
        record['part'] = self._next(record['id'], parts)
        record['digests'] = dict((blob, digest(blobs[blob])) for blob in blobs)
        name = name_of(record['id'], record['part'])
        text = sealed(record)
        if len(text) > change_set.MAX_MIB << 20:
            raise Refused('change set %s: the record of its %d changes would be larger than %d MiB: change less at '
                          'once, as in fewer namespaces. Nothing was touched' % (
                              name, len(record['changes']), change_set.MAX_MIB))
        home, new = self.sets + b'/' + name.encode('ascii'), self.sets + b'/.new-' + name.encode('ascii')
        try:
            checked(record, name, shown(home))
        except ValueError as exc:
            raise Refused('change set %s: its record could not be read again: %s. Nothing was touched' % (name, exc))
        try:
            _remove_tree(new)
            os.mkdir(new, 0o700)
            step('change set directory made')
            for blob in sorted(blobs):
                _write_new(new + b'/' + blob.encode('ascii'), blobs[blob])
                step('%s recorded' % blob)
            _write_new(new + b'/record.json', text)
            _write_new(new + b'/state.applying', b'')
            files.sync_directory(new)
            step('record written')
            _rename(new, home)
            step('change set recorded')
        except (IOError, OSError) as exc:
            self._forget(new)
            raise Failed('%s/change-sets/%s' % (self.state_dir, name), exc)
        return Part(home, name, record, 'applying')

    def sweep(self):
        """Removes what an interrupted recording or pruning left."""
        for name in self._names():
            if name.startswith((b'.new-', b'.old-')):
                self._forget(self.sets + b'/' + name)

    def prune(self, parts, keep, step):
        """Removes the oldest finished change sets until `keep` are left; 0 keeps all. parts: all that are there."""
        ids = []
        for part in parts:
            if part.id not in ids:
                ids.append(part.id)
        for each in ids[:-keep] if keep else []:
            mine = [part for part in parts if part.id == each]
            if all(part.state in FINAL for part in mine):
                for part in mine:
                    self.remove(part, step)

    def remove(self, part, step):
        """Takes one part out of the store, first its name, then its files."""
        old = self.sets + b'/.old-' + part.name.encode('ascii')
        try:
            os.rename(part.home, old)
            step('%s pruned' % part.name)
            files.sync_directory(self.sets)
        except OSError as exc:
            raise Failed('%s/change-sets/%s' % (self.state_dir, part.name), exc)
        self._forget(old)

    @staticmethod
    def _forget(home):
        try:
            _remove_tree(home)
        except OSError:
            pass  # swept by the next run

    def remove_broken(self, step):
        """Takes away what parts() leaves out."""
        known = [part.name for part in self.parts()]
        for name in self._names():
            text, home = name.decode('ascii', 'replace'), self.sets + b'/' + name
            if is_part(text) and text not in known and self._undone(home):
                self.remove(Part(home, text, {}, 'undone'), step)


def _rename(old, new):
    """rename(2) in one directory, made to last, or taken back. Raises OSError."""
    os.rename(old, new)
    try:
        files.sync_directory(os.path.dirname(new))
    except OSError:
        os.rename(new, old)
        raise


def _write_new(real, data):
    descriptor = os.open(real, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        files.write_all(descriptor, data)
    finally:
        os.close(descriptor)


def _remove_tree(real):
    """A directory of this store with its files; nothing in it is a directory."""
    if not os.path.lexists(real):
        return
    for name in os.listdir(real):
        os.unlink(real + b'/' + name)
    os.rmdir(real)
