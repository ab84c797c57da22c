# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a change takes from a file, and no undo brings back, is named: in the plan, and where it is undone."""

from __future__ import absolute_import, division, print_function

import errno
import fcntl
import os
import struct
import unittest

import changing
from _node.transaction import xattrs
from changing import RECYCLE

__metaclass__ = type

CONF = '/etc/sysctl.conf'
SETFLAGS = 0x40086602  # FS_IOC_SETFLAGS of a 64 bit machine
IMMUTABLE, NO_DUMP, NO_ATIME = 0x10, 0x40, 0x80


@unittest.skipIf(os.geteuid(), 'needs root: nothing else may own a store')
class TestTraits(changing.NodeCase):
    def setUp(self):
        changing.NodeCase.setUp(self)
        self.node({RECYCLE: '1'})
        self.write(CONF, RECYCLE + ' = 1\n')
        self.addCleanup(self.flags, 0)

    def flags(self, bits):
        descriptor = os.open(self.root + CONF, os.O_RDONLY)
        try:
            fcntl.ioctl(descriptor, SETFLAGS, struct.pack('l', bits))
        except (IOError, OSError) as exc:
            if bits:
                self.skipTest('this file system has no such flags: %s' % exc)
        finally:
            os.close(descriptor)

    def notes(self):
        preview, real = [self.apply(settings={RECYCLE: '0'}, check_mode=mode) for mode in (True, False)]
        self.assertEqual(preview['notes'], real['notes'])
        return [note for note in real['notes'] if note.startswith(CONF)]

    def test_a_plain_file_has_none(self):
        self.assertEqual(self.notes(), [])

    def test_other_names(self):
        os.link(self.root + CONF, self.root + '/etc/other')
        self.assertEqual(self.notes(), [
            CONF + ': its other names (hard links: 1) keep the old text; an undo does not bring that back'])
        self.assertEqual(self.text('/etc/other'), RECYCLE + ' = 1\n')

    def test_flags(self):
        self.flags(NO_DUMP | NO_ATIME)
        self.assertEqual(self.notes(), [CONF + ': its flags dA (chattr) go; an undo does not bring that back'])

    def test_a_file_that_nobody_may_change(self):
        self.flags(IMMUTABLE)
        for mode in (True, False):
            self.refuses(CONF + ' cannot be changed: it has the flag i, chattr -i takes it away', self.apply,
                         settings={RECYCLE: '0'}, check_mode=mode)
        self.assertEqual(self.value(RECYCLE), '1')

    def unreadable(self, refused, number=errno.EPERM):
        """One attribute cannot be read, or none where `refused` is not a name."""
        real = xattrs._calls()

        class Calls(object):
            setxattr, removexattr = staticmethod(real.setxattr), staticmethod(real.removexattr)

            @staticmethod
            def listxattr(descriptor):
                if refused is None:
                    raise OSError(number, os.strerror(number))
                return [u'user.one', refused] if b'recycle = 1' in os.pread(descriptor, 99, 0) else []

            @staticmethod
            def getxattr(descriptor, name):
                if name == refused:
                    raise OSError(number, os.strerror(number))
                return b'x'
        before = xattrs._calls
        xattrs._calls = Calls
        self.addCleanup(setattr, xattrs, '_calls', before)

    @unittest.skipIf(bytes is str, 'Python 2 has no pread')
    def test_an_attribute_that_may_not_be_read(self):
        self.write(CONF, RECYCLE + ' = 1\n')
        self.unreadable(u'trusted.secret')
        note, = self.notes()
        self.assertEqual(note, CONF + ': its attributes trusted.secret, which cannot be read, go; '
                         'an undo does not bring that back')
        for mode in (True, False):
            result = self.rollback(restore_unsafe=True, check_mode=mode)
            self.assertEqual([each for each in result['notes'] if each.startswith(CONF)], [
                CONF + ': not exactly as before: its attributes trusted.secret could not be read when it was changed'])
        self.assertEqual(self.text(CONF), RECYCLE + ' = 1\n')

    @unittest.skipIf(bytes is str, 'Python 2 has no pread')
    def test_names_that_may_not_be_read(self):
        self.unreadable(None, errno.EACCES)
        note, = self.notes()
        self.assertIn('its attributes all, which cannot be read, go', note)

    @unittest.skipIf(bytes is str, 'Python 2 has no pread')
    def test_an_attribute_that_is_gone_meanwhile_is_none(self):
        self.unreadable(u'user.gone', errno.ENODATA)
        self.assertEqual(self.notes(), [])


if __name__ == '__main__':
    unittest.main()
