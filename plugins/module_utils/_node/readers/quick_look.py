# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A quick look that tells whether a sysctl file may set a key.

Most nodes set none of the keys that are looked at; these are spared the models of the readers, a tenth of a look.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Unreadable
from .sysctl_places import DIRECTORIES, LAST, MAX_FILES, OF_KERNEL, SIGNS_OF_SYSTEMD


def may_set(tree, keys, release):
    """False where every sysctl file could be read and no line can name one of the keys (canonical): nothing to observe.

    True also where anything about the files would have to be said: a link that leads nowhere, a mask, a script that
    loads them in the place of systemd.
    """
    leaves = set(key.rpartition('.')[2].rpartition('/')[2].encode('utf-8') for key in keys)
    try:
        paths = [directory + '/' + name for directory in DIRECTORIES for name in _names(tree, directory)]
        if not any(tree.exists(path) for path in SIGNS_OF_SYSTEMD) or '/' in (release or ''):
            return True
        if any(_names_one(tree.read_bytes(path), leaves) for path in paths):
            return True
        single = [LAST] + [OF_KERNEL % release] * bool(release)
        return any(_names_one(tree.read_bytes(path), leaves, tree.is_link(path)) for path in single)
    except Unreadable:
        return True


def _names(tree, directory):
    names = [name for name in tree.listdir(directory) if name.endswith('.conf')]
    if len(names) > MAX_FILES:
        raise Unreadable(directory, 'too many names')
    return names


def _names_one(data, leaves, listed=True):
    """Whether a line may name a key; data: None of a name that leads nowhere."""
    if data is None:
        return listed
    if b'\r' in data or b'\0' in data:  # the readers see different lines
        return True
    for line in data.split(b'\n'):
        name, equals, _value = line.lstrip(b' \t').partition(b'=')
        if equals and name[:1] not in (b'#', b';') and _may_be_one(name, leaves):
            return True
    return False


def _may_be_one(name, leaves):
    last = name.rstrip(b'./ \t').replace(b'/', b'.').rpartition(b'.')[2]
    return any(leaf in name for leaf in leaves) or b'*' in last or b'?' in last or b'[' in last or b']' in last
