# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a file goes when another one takes its name, and an undo does not bring back: other names, chattr flags."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import fcntl
import os
import struct

from ..errors import Failed, Refused

GETFLAGS = 0x80086601 if struct.calcsize('l') == 8 else 0x80046601  # FS_IOC_GETFLAGS, include/uapi/linux/fs.h
FLAGS = (('i', 0x10), ('a', 0x20), ('s', 0x1), ('u', 0x2), ('c', 0x4), ('S', 0x8), ('d', 0x40), ('A', 0x80),
         ('j', 0x4000), ('t', 0x8000), ('C', 0x800000))  # those that people set; chattr(1)


def notes(real, path, unread):
    """Sentences on a file that is going to be replaced. unread: names of attributes that snapshot() could not read.

    Raises Failed; Refused for one that cannot be replaced.
    """
    try:
        descriptor = os.open(real, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            links, flags = os.fstat(descriptor).st_nlink, _flags(descriptor)
        finally:
            os.close(descriptor)
    except OSError as exc:
        raise Failed(path, exc)
    if flags[:1] in ('i', 'a'):
        raise Refused('%s cannot be changed: it has the flag %s, chattr -%s takes it away' % (path, flags[0], flags[0]))
    found = ['its other names (hard links: %d) keep the old text' % (links - 1)] if links > 1 else []
    found += ['its flags %s (chattr) go' % flags] if flags else []
    found += ['its attributes %s, which cannot be read, go' % ', '.join(unread)] if unread else []
    return ['%s: %s; an undo does not bring that back' % (path, ', '.join(found))] if found else []


def _flags(descriptor):
    """The letters of the flags; an empty text where the file system has none."""
    try:
        raw = fcntl.ioctl(descriptor, GETFLAGS, b'\0' * struct.calcsize('l'))
    except (IOError, OSError):
        return ''
    flags = struct.unpack('I', raw[:4])[0]  # the kernel writes an int
    return ''.join(letter for letter, bit in FLAGS if flags & bit)
