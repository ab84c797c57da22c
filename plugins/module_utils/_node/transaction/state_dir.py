# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory of the change sets: who may own it, what lies in it by name, and whether all of it is at rest.

What opens a change set is in change_set.py; a run that finds nothing to change does without.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import os
import stat

from ..errors import Failed, Refused, shown

STATE_DIR = '/var/lib/nodetcp-paws'
# Of a part of a change set; what most needs attention comes first.
STATES = ('applying', 'undoing', 'pending', 'applied', 'undone')
FINAL = ('applied', 'undone')
IN_FORCE = ('applied', 'pending')
_FIRST = frozenset('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789')
_OTHERS = _FIRST | frozenset('._-')


def is_id(text):
    return 0 < len(text) <= 64 and text[0] in _FIRST and all(char in _OTHERS for char in text)


def checked_id(text):
    if not is_id(text or ''):
        raise Refused('change_set: %s is not a valid id: 1 to 64 letters, digits, dots, underscores and dashes' % text)
    return text


def needs_root():
    """Raises Refused for anybody else: nobody else can write sysctls, or may read what was recorded."""
    if os.geteuid():
        raise Refused('root is needed: run with -b')


def is_part(name):
    """Whether a directory of this name holds a part of a change set: ID, or ID+2 and so on."""
    identifier, plus, number = name.partition('+')
    return is_id(identifier) and (not plus or (number.isdigit() and len(number) <= 4))


class StateDir(object):
    """`path` as people see it, `base` and `sets` as the file system's bytes. Nothing is made here."""

    def __init__(self, tree, path):
        if not path.startswith('/') or '/..' in path:
            raise Refused('state_dir: %s is not an absolute path' % path)
        self.path = shown(tree.resolve(path))
        self.base = tree.real(self.path)
        self.sets = self.base + b'/change-sets'

    def exists(self):
        """Whether it is there. Raises Refused where others than root could have written it."""
        if not there(self.base):
            return False
        self.check_owner()
        return True

    def at_rest(self):
        """Whether each part is applied or undone. False too where that cannot be seen: opening the store says why."""
        if not self.exists():
            return True
        try:
            parts = [name for name in os.listdir(self.sets) if is_part(name.decode('ascii', 'replace'))]
            return all(state_of(self.sets + b'/' + name) in FINAL for name in parts)
        except (OSError, ValueError):
            return not os.path.lexists(self.sets)

    def check_owner(self):
        """Nothing in a store that others than root could have written is obeyed. Raises Refused, Failed."""
        try:
            self._check_owner(self.base)
        except OSError as exc:
            raise Failed(self.path, exc)

    def _check_owner(self, path):
        found = os.lstat(path)
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
            raise Refused('%s is not a directory that root owns and nobody else can write (uid %d, mode %04o): '
                          'nothing in it is obeyed' % (self.path, found.st_uid, stat.S_IMODE(found.st_mode)))
        while path not in (b'/', b''):
            path = os.path.dirname(path) or b'/'
            found = os.stat(path)
            writable = found.st_mode & (0o002 if found.st_gid == 0 else 0o022) and not found.st_mode & stat.S_ISVTX
            if found.st_uid != 0 or writable:
                about = (shown(path), self.path, found.st_uid, stat.S_IMODE(found.st_mode))
                raise Refused('%s, above the state directory %s, belongs to uid %d with mode %04o: others could '
                              'replace it, so nothing in it is obeyed' % about)


def there(path):
    """os.lstat() of what has this name, None where nothing has. Raises Failed where nobody can tell."""
    try:
        return os.lstat(path)
    except OSError as exc:
        if exc.errno in (errno.ENOENT, errno.ENOTDIR):
            return None
        raise Failed(path, exc)


def state_of(home):
    """The state of the part at home; a change of state between two looks is no reason to find none."""
    for _try in range(3):
        for name in os.listdir(home):
            state = name.decode('ascii', 'replace').partition('state.')[2]
            if state in STATES:
                return state
    raise ValueError('it has no state')
