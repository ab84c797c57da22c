# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running sysctls of the namespace that the reader is in, or of a captured one."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Unreadable
from ..keys import GLOBAL_UNTIL, REMOVED_FROM, path_of
from .procfs import cleaned

LISTING, LISTING_MAX = 'sysctl_-a', 16777216
# Directories of proc/sys that every kernel has.
PARTS = ('net/ipv4', 'net/core', 'kernel', 'vm', 'fs')


class Directory(object):
    """Values in a proc/sys directory. read(key) -> text, None where the key does not exist; raises Unreadable."""

    partial = False

    def __init__(self, tree, path='/proc/sys'):
        self._tree, self._path = tree, path

    def read(self, key):
        text = self._tree.read('%s/%s' % (self._path, path_of(key)), 65536)
        return None if text is None else cleaned(text)


class Capture(object):
    """Values of a captured namespace: a file of proc/sys where there is one, else the line of `sysctl_-a`.

    Either may hold a part alone, as a sosreport's proc/sys does. What neither tells of is not known to be absent.
    """

    partial = True

    def __init__(self, tree, directory, listing):
        self._tree, self._root, self._listing = tree, directory + '/proc/sys', listing
        self._files = Directory(tree, self._root)

    def read(self, key):
        text, refusal = None, None
        try:
            text = self._files.read(key)
        except Unreadable as exc:
            refusal = exc
        # tar and rsync copy files of /proc as empty ones.
        if not text and self._listing and key in self._listing['values'] and key not in self._listing['refused']:
            return self._listing['values'][key]
        if text is not None:
            return text
        if refusal:
            raise refusal
        if self._listing and key in self._listing['refused']:
            raise Unreadable(key, '%s: %s' % (LISTING, self._listing['refused'][key]))
        self._check_told(key)
        return None

    def _check_told(self, key):
        """Raises Unreadable unless the capture would have the key if the node had it.

        It would if it has the whole list, or the part of proc/sys in which the key would be.
        """
        if self._listing and self._listing['whole']:
            return
        path = path_of(key)
        part = next((part for part in PARTS if path.startswith(part + '/')), 'net/ipv4')
        if self._tree.listdir('%s/%s' % (self._root, part)):
            return
        if self._listing:
            raise Unreadable('/' + LISTING, 'a part of the list alone: a key that is not in it may exist')
        raise Unreadable('%s/%s' % (self._root, part), 'not in the capture')


class Missing(object):
    """A source that is not there at all: every key is unreadable, none is absent."""

    partial = True

    def __init__(self, path, reason):
        self._path, self._reason = path, reason

    def read(self, key):
        raise Unreadable(self._path, self._reason)


def source_of(tree, live, unavailable):
    """Where the node's own values are: proc/sys, in a capture also the file `sysctl_-a`."""
    if not live:
        return captured(tree, '', unavailable) or Missing(
            '/proc/sys', 'the capture has neither proc/sys/net nor sysctl_-a')
    return Directory(tree) if tree.listdir('/proc/sys') else Missing('/proc/sys', 'proc is not mounted')


def captured(tree, directory, unavailable):
    """The values of a captured namespace that has its files in `directory` ('' for the node's own), or None."""
    listing, files = None, False
    try:
        files = bool(tree.listdir(directory + '/proc/sys/net'))
        text = tree.read('%s/%s' % (directory, LISTING), LISTING_MAX)
        if text is not None:
            from ..parsers.sysctl_listing import parse_listing  # captures alone
            listing = parse_listing(text)
    except Unreadable as exc:
        unavailable[exc.path] = exc.reason
    return Capture(tree, directory, listing) if files or listing else None


def read_own(source, keys, version, unavailable):
    """{key: {'value', 'scope'}} of the node's own namespace: scope namespace, absent or unreadable.

    A capture without any sysctls still tells of the keys that its kernel (version) no longer has.
    """
    found = {}
    for key in keys:
        try:
            value = source.read(key)
            found[key] = {'value': value, 'scope': 'absent' if value is None else 'namespace'}
        except Unreadable as exc:
            gone = source.partial and exc.path != key and _removed(key, version)
            found[key] = {'value': None, 'scope': 'absent' if gone else 'unreadable'}
            unavailable[exc.path] = exc.reason
    return found


def read_values(source, keys):
    """{key: text or None} of one namespace, {} for what could not be read."""
    values = {}
    for key in keys:
        try:
            values[key] = source.read(key)
        except Unreadable:
            pass
    return values


def projected(values, keys, own, version):
    """{key: {'value', 'scope'}} of another namespace.

    values = read_values() made in it, or None where it could not be entered; own = the node's own; version the
    kernel's. A key without a file here that the node has is one value for the whole node, and that value counts. Where
    the namespace could not be entered this is known only of the keys that this kernel keeps once.
    """
    found = {}
    for key in keys:
        value = values.get(key) if values else None
        if value is not None:
            found[key] = {'value': value, 'scope': 'namespace'}
        elif (values is not None and key in values) or _kept_once(key, version):
            host = own[key]
            found[key] = {'value': host['value'], 'scope': 'host' if host['scope'] == 'namespace' else host['scope']}
        elif own[key]['scope'] == 'absent' and _removed(key, version):
            found[key] = {'value': None, 'scope': 'absent'}
        else:
            found[key] = {'value': None, 'scope': 'unreadable'}
    return found


def _kept_once(key, version):
    return key in GLOBAL_UNTIL and version is not None and version[:2] <= GLOBAL_UNTIL[key]


def _removed(key, version):
    return key in REMOVED_FROM and version is not None and version[:2] >= REMOVED_FROM[key]
