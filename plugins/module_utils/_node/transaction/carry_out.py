# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carrying out what was recorded: a part's items, in their order. undo.py is the way back."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import os

from ..errors import Failed
from ..parsers.sysctl_value import same
from . import files
from .namespace_identity import Gone, key_of
from .places import Places

KEEP = object()  # in the place of what an undo restores: it stays as it is
# Of a write, or None where the kernel printed something else afterwards: not a file system that is read-only.
REFUSALS = (None, errno.EINVAL, errno.ERANGE, errno.ENOENT, errno.EPERM, errno.EBUSY, errno.EOPNOTSUPP)


class NotTaken(Failed):
    """A value that could not be brought into force: `key` where the kernel refused the value itself, else None."""

    @classmethod
    def of(cls, key, error):
        made = cls(error.what, error.reason)
        made.errno, made.key = error.errno, key if error.errno in REFUSALS else None
        return made


def place_of(value):
    return key_of(value['namespace'])


def apply_items(tree, part, step, first=0, end=None):
    """Makes each directory, value and file of a part what it is to be. Raises Failed at the first that cannot be."""
    places = Places(tree)
    for index, item in list(enumerate(part.record['items']))[first:end]:
        if item['kind'] == 'directory':
            make_directory(tree, item['path'])
        elif item['kind'] == 'file':
            put(tree, item, part.blob('after', index), item['after'], step)
        else:
            try:
                set_value(places, item, item['after'])
            except Gone:
                pass  # what ended meanwhile needs no setting
            except Failed as exc:
                raise NotTaken.of(item['key'], exc)
        step('%s done' % named(item))


def named(item):
    return '%s in %s' % (item['key'], place_of(item)) if item['kind'] == 'value' else item['path']


def make_directory(tree, path):
    try:
        os.mkdir(tree.real(path), 0o755)
        files.sync_directory(os.path.dirname(tree.real(path)))
    except OSError as exc:
        raise Failed(path, exc)


def set_value(places, item, value):
    """Writes a running value and believes only what the kernel then prints."""
    now = places.write(item['namespace'], item['key'], value)
    if now is None or not same(now, value):
        raise Failed(item['key'], 'the kernel prints %s after %s was written' % (now, value))


def temp_of(tree, item):
    return tree.real(os.path.dirname(item['path'])) + b'/' + item['temp'].encode('ascii')


def put(tree, item, data, meta, step):
    files.put(tree.real(item['path'], False), temp_of(tree, item), item['path'], data, meta, step)
