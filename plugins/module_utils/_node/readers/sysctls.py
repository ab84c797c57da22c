# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running sysctls of the namespace that the reader is in, or of a captured one."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Unreadable
from ..keys import GLOBAL_UNTIL, REMOVED_FROM, path_of


def cleaned(text):
    """A value as the kernel prints it, with runs of tabs and spaces as one space ("32768\\t60999" -> "32768 60999")."""
    return u' '.join(text.split())


class Directory(object):
    """Values in a proc/sys directory. read(key) -> text, None where the key does not exist; raises Unreadable."""

    def __init__(self, tree, path='/proc/sys'):
        self._tree, self._path = tree, path

    def read(self, key):
        text = self._tree.read('%s/%s' % (self._path, path_of(key)), 65536)
        return None if text is None else cleaned(text)


class Listing(object):
    """Values in the output of `sysctl -a` of a capture that has no proc/sys."""

    def __init__(self, text):
        self._values = {}
        for line in text.split(u'\n'):
            key, equals, value = line.partition(u'=')
            if equals:
                self._values[key.strip()] = cleaned(value)

    def read(self, key):
        return self._values.get(key)


class Missing(object):
    """A source that is not there at all: every key is unreadable, none is absent."""

    def __init__(self, path, reason):
        self._path, self._reason = path, reason

    def read(self, key):
        raise Unreadable(self._path, self._reason)


def source_of(tree, live):
    """Where the node's own values are: proc/sys; in a capture without it the file `sysctl_-a`."""
    if tree.listdir('/proc/sys'):
        return Directory(tree)
    if live:
        return Missing('/proc/sys', 'proc is not mounted')
    text = tree.read('/sysctl_-a')
    if text is None:
        return Missing('/proc/sys', 'the capture has neither proc/sys nor sysctl_-a')
    return Listing(text)


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
            gone = isinstance(source, Missing) and _removed(key, version)
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
