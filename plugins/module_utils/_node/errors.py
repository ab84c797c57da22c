# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a reader or a parser raises when the node does not give what was asked for."""

from __future__ import absolute_import, division, print_function

import errno
import os

__metaclass__ = type


def shown(name):
    """A file name as text for a record: bytes that are not UTF-8 become U+FFFD (never an error, always JSON)."""
    raw = name if isinstance(name, bytes) else name.encode('utf-8', 'replace' if bytes is str else 'surrogateescape')
    return raw.decode('utf-8', 'replace')


class Malformed(ValueError):
    """Text or bytes that are not of the form their source promises; the message says what was wrong."""


class Refused(Exception):
    """The request cannot be met: bad arguments, a state that must not be acted on. The message says what to do."""

    def __str__(self):
        if bytes is not str:
            return Exception.__str__(self)
        text = self.args[0]  # on Python 2 text from the controller is unicode
        return text if isinstance(text, bytes) else text.encode('utf-8')


class Failed(Exception):
    """What could not be done: `what` (a sysctl or a file, text), `reason` (a clause) and `errno` (int or None)."""

    def __init__(self, what, error):
        reason = error
        self.errno = None
        if isinstance(error, EnvironmentError) and error.errno:
            self.errno = error.errno
            name = errno.errorcode.get(error.errno, 'unknown')
            reason = '%s (%s, errno %d)' % (os.strerror(error.errno), name, error.errno)
        self.what, self.reason = shown(what), reason
        Exception.__init__(self, self.what, reason)

    def __str__(self):
        text = u'%s: %s' % (self.what, self.reason)
        return text.encode('utf-8') if bytes is str else text


class Unreadable(Failed):
    """Something exists but cannot be read: `path` (text, inside the root) and `reason` (one clause, lower case)."""

    def __init__(self, path, reason):
        Failed.__init__(self, path, reason)
        self.path = self.what
