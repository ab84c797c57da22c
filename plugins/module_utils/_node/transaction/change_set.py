# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The store of change sets on a node: STATE_DIR/change-sets/ID/.

A change set is one or more parts (ID, ID+2, ...), one for each task of a run that changed something under its id. A
part is written under another name, made to last and renamed before anything is touched. Its state is the name of an
empty file in it, so a change of state is one rename(2), which a full disk does not prevent:

    applying -> pending -> applied -> undoing -> undone        (pending only with commit-confirm)

applying and undoing are unfinished: whoever meets them completes the undo.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import os
import stat

from ..errors import Failed, Refused, shown
from . import files
from .record import checked, checked_note, digest, name_of, opened, sealed
from .state_dir import FINAL, StateDir, is_part, state_of, there

SCHEMA = 1
MAX_MIB = 64


class Part(object):
    """One part of a change set.

    record: {schema, id, part, seq, time, who, root, boot_id, items, changes, confirm, digests {blob: digest}}.
    items, in the order of applying, with their index as the name of their blobs:
      {kind: directory, path} | {kind: file, path, temp, before: meta or None, after: meta, hook: bool,
         unread: names of attributes that could not be read before}
      | {kind: value, key, namespace: identity or None, before, after}
    """

    def __init__(self, home, name, record, state):
        self.home, self.name, self.record, self.state = home, name, record, state

    @property
    def id(self):
        return self.record['id']

    def path(self, name):
        return self.home + b'/' + name.encode('ascii')

    def blob(self, side, index, digests=None):
        """The bytes of a file before or after (or held back), None where there was none.

        digests: of the blobs, if not those of the record. Raises Failed where they cannot be read, are lost or damaged.
        """
        name = '%s-%d' % (side, index)
        data, item = _content(self.path(name)), self.record['items'][index]
        if data is None and item.get(side) is not None:
            raise Failed(self.path(name), 'it is lost')
        known = (self.record['digests'] if digests is None else digests).get(name)
        if data is not None and (known not in (None, digest(data)) or item.get(side, data) is None):
            raise Failed(self.path(name), 'it is not what was recorded')
        return data

    def readable(self, side, index):
        """blob(), None too where it cannot be read."""
        try:
            return self.blob(side, index)
        except Failed:
            return None

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

    def read_note(self, name):
        """What note() wrote, or None. Raises Failed where it cannot be read; of an undone part that is {}."""
        try:
            data = _content(self.path(name))
            return None if data is None else checked_note(name, opened(data), self.record['items'])
        except (Failed, ValueError) as exc:
            if self.state == 'undone':
                return {}
            raise Failed(self.path(name), exc)


class Store(object):
    """The change sets under `state_dir` of the tree; nothing is made before prepare()."""

    def __init__(self, tree, state_dir):
        self.tree, self._place = tree, StateDir(tree, state_dir)
        self.state_dir, self.base, self.sets = self._place.path, self._place.base, self._place.sets

    def exists(self):
        """Whether there is a store. Raises Refused where others than root could have written it."""
        return self._place.exists()

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

    def parts(self, identifier=None):
        """All parts, or those of one set alone, oldest first. An undone one whose record is broken is left out.

        Raises Refused for another record that cannot be used, Failed without permission.
        """
        if not self.exists():
            return []
        found = []
        for name in self._names():
            text = name.decode('ascii', 'replace')
            wanted = is_part(text) and identifier in (None, text.partition('+')[0])
            part = self._load(text) if wanted else None
            if part:
                found.append(part)
        return sorted(found, key=lambda part: part.record['seq'])

    def _names(self):
        try:
            return sorted(os.listdir(self.sets))
        except OSError as exc:
            if exc.errno == errno.ENOENT:
                return []
            raise Failed('%s/change-sets' % self.state_dir, exc)

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
        if len(text) > MAX_MIB << 20:
            raise Refused('change set %s: the record of its %d changes would be larger than %d MiB: change less at '
                          'once, as in fewer namespaces. Nothing was touched' % (
                              name, len(record['changes']), MAX_MIB))
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

    def _load(self, name):
        """The part, or None where a run that holds the lock removed it meanwhile. Raises Refused."""
        home = self.sets + b'/' + name.encode('ascii')
        place = '%s/change-sets/%s' % (self.state_dir, name)
        for path in (self.sets, home, home + b'/record.json'):
            found = there(path)
            if found is None:
                return None
            if stat.S_ISLNK(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
                raise Refused('%s: others than root can write it: it is not obeyed' % shown(path))
        try:
            record = opened(_content(home + b'/record.json') or b'')
            if record.get('schema') == SCHEMA:
                return Part(home, name, checked(record, name, shown(home)), state_of(home))
            why = 'its schema is %s and not %d: a newer version of the collection wrote it' % (
                record.get('schema'), SCHEMA)
        except (Failed, OSError, ValueError) as exc:
            why = 'its record cannot be read: %s' % exc
        if self._undone(home):
            return None
        raise Refused('%s: %s' % (place, why))

    @staticmethod
    def _undone(home):
        try:
            return state_of(home) == 'undone'
        except (OSError, ValueError):
            return False

    def remove_broken(self, step):
        """Takes away what parts() leaves out."""
        known = [part.name for part in self.parts()]
        for name in self._names():
            text, home = name.decode('ascii', 'replace'), self.sets + b'/' + name
            if is_part(text) and text not in known and self._undone(home):
                self.remove(Part(home, text, {}, 'undone'), step)


def _content(real):
    try:
        descriptor = os.open(real, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError as exc:
        if exc.errno == errno.ENOENT:
            return None
        raise Failed(real, exc)
    try:
        with os.fdopen(descriptor, 'rb') as handle:
            if os.fstat(descriptor).st_size > MAX_MIB << 20:
                raise Failed(real, 'it is larger than %d MiB' % MAX_MIB)
            return handle.read()
    except (IOError, OSError) as exc:
        raise Failed(real, exc)


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
