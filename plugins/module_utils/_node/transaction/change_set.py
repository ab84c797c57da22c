# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The change sets of a node as they are read: STATE_DIR/change-sets/ID/. store.py makes and changes them.

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
from .record import checked, checked_note, digest, opened
from .state_dir import StateDir, is_part, state_of, there

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
        data, item = content(self.path(name)), self.record['items'][index]
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

    def read_note(self, name):
        """What note() wrote, or None. Raises Failed where it cannot be read; of an undone part that is {}."""
        try:
            data = content(self.path(name))
            return None if data is None else checked_note(name, opened(data), self.record['items'])
        except (Failed, ValueError) as exc:
            if self.state == 'undone':
                return {}
            raise Failed(self.path(name), exc)


class ChangeSets(object):
    """Those under `state_dir` of the tree."""

    part = Part  # what parts() is made of

    def __init__(self, tree, state_dir):
        self.tree, self._place = tree, StateDir(tree, state_dir)
        self.state_dir, self.base, self.sets = self._place.path, self._place.base, self._place.sets

    def exists(self):
        """Whether there is a store. Raises Refused where others than root could have written it."""
        return self._place.exists()

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
            record = opened(content(home + b'/record.json') or b'')
            if record.get('schema') == SCHEMA:
                return self.part(home, name, checked(record, name, shown(home)), state_of(home))
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


def content(real):
    """The bytes of a file of the store, None where it is not there. Raises Failed."""
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
