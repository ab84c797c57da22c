# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a record names a network namespace and a boot by, and the values of the namespace that the reader is in."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import time

from ..errors import Failed, Unreadable
from ..keys import path_of
from ..readers import procfs

HOST = 'host'
BOOT_ID = '/proc/sys/kernel/random/boot_id'


def key_of(identity):
    return identity['key'] if identity else HOST


def boot_id(tree):
    return procfs.read_text(tree, BOOT_ID, {})


def boot(tree):
    """Which boot this is: its id and the start of the first process; None where there is no id.

    A container that starts again keeps the boot id of its host; its first process is another one.
    """
    identifier = boot_id(tree)
    return identifier and u'%s %s' % (identifier, procfs.start_time(tree, 1))


def same_boot(tree, record):
    """Whether the values in the record of a part were read in this boot.

    Records of 0.2.0 have the id alone. Without an id the record's time counts; what nothing tells is another boot.
    """
    known, now = record['boot_id'], boot(tree)
    if known and now:
        return known in (now, now.split()[0])
    uptime = procfs.read_uptime(tree, {})
    return uptime is not None and record['time'] > time.time() - uptime


def read(tree, key):
    """The value as the kernel prints it, blanks as one space; None where there is no such key. Raises Failed."""
    path = '/proc/sys/' + path_of(key)
    try:
        text = tree.read(path, 65536)
    except Unreadable as exc:
        raise Failed(key, '%s: %s' % (path, exc.reason))
    return None if text is None else procfs.cleaned(text)


def write(tree, key, value):
    """Writes in the caller's own namespace and returns what the kernel then prints. Raises Failed."""
    try:
        descriptor = os.open(tree.real('/proc/sys/' + path_of(key)), os.O_WRONLY | os.O_TRUNC)
        try:
            os.write(descriptor, (value + '\n').encode('utf-8'))
        finally:
            os.close(descriptor)
    except OSError as exc:
        raise Failed('%s = %s' % (key, value), exc)
    return read(tree, key)


class Gone(Failed):
    """The namespace is there no longer."""
