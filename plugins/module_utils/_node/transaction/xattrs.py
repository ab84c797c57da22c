# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extended attributes of an open file as {name: base64 of the value}: SELinux labels, ACLs, capabilities (xattr(7))."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import binascii
import errno
import os

# Made by the kernel from the content; on changed content they would be wrong (security.evm, security.ima).
OF_CONTENT = ('security.evm', 'security.ima')
ACL = 'system.posix_acl_access'  # a new file gets the default of its directory (acl(5))
_MAX = 65536  # XATTR_SIZE_MAX, include/uapi/linux/limits.h
_NONE = (errno.EOPNOTSUPP, errno.ENOSYS, errno.EPERM, errno.EACCES)


def read(descriptor, unread):
    """{name: base64} of the file; {} where the file system has none. Raises OSError.

    Names of those that may not be read are added to `unread`, `all` where not even names may.
    """
    calls, found, names = _calls(), {}, ()
    try:
        names = calls.listxattr(descriptor)
    except OSError as exc:
        _forgive(exc, unread, u'all')
    for name in names:
        try:
            found[name] = binascii.b2a_base64(calls.getxattr(descriptor, name)).decode('ascii').rstrip()
        except OSError as exc:
            if exc.errno != errno.ENODATA:  # somebody took it away meanwhile
                _forgive(exc, unread, name)
    return found


def _forgive(exc, unread, name):
    if exc.errno not in _NONE:
        raise exc
    if exc.errno in (errno.EPERM, errno.EACCES):
        unread.append(name)


def put(descriptor, name, value):
    """Sets an attribute; one that only the kernel may set on this file system is no error. Raises OSError."""
    try:
        _calls().setxattr(descriptor, name, binascii.a2b_base64(value))
    except OSError as exc:
        if exc.errno == errno.EOPNOTSUPP or (name in OF_CONTENT and exc.errno in _NONE):
            return
        raise


def drop(descriptor, name):
    """Takes an attribute away; that it is not there is no error. Raises OSError."""
    try:
        _calls().removexattr(descriptor, name)
    except OSError as exc:
        if exc.errno not in _NONE + (errno.ENODATA,):
            raise


def _calls():
    """What has listxattr, getxattr, setxattr and removexattr: Python 3's os, for Python 2 the C library."""
    return os if hasattr(os, 'listxattr') else _Library()


class _Library(object):

    def __init__(self):
        import ctypes  # dear: not where os does
        self._c, self._libc = ctypes, ctypes.CDLL(None, use_errno=True)

    def _checked(self, result):
        if result < 0:
            number = self._c.get_errno()
            raise OSError(number, os.strerror(number))
        return result

    def listxattr(self, descriptor):
        room = self._c.create_string_buffer(_MAX)
        size = self._checked(self._libc.flistxattr(descriptor, room, self._c.c_size_t(_MAX)))
        return [name.decode('utf-8', 'replace') for name in room.raw[:size].split(b'\0')[:-1]]

    def getxattr(self, descriptor, name):
        room = self._c.create_string_buffer(_MAX)
        size = self._checked(self._libc.fgetxattr(descriptor, name.encode('utf-8'), room, self._c.c_size_t(_MAX)))
        return room.raw[:size]

    def removexattr(self, descriptor, name):
        self._checked(self._libc.fremovexattr(descriptor, name.encode('utf-8')))

    def setxattr(self, descriptor, name, value):
        size = self._c.c_size_t(len(value))
        self._checked(self._libc.fsetxattr(descriptor, name.encode('utf-8'), value, size, 0))
