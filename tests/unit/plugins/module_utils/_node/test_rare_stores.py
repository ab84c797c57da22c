# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stores of change sets in states that are rare: strangers in them, their lock, attributes of what they keep."""

from __future__ import absolute_import, division, print_function

import fcntl
import os
import struct
import unittest

import changing
from _node import errors
from _node.readers import tree
from _node.transaction import change_set, lock, xattrs
from _node.transaction.store import Store
from changing import OURS, RECYCLE, STATE, TIMESTAMPS

__metaclass__ = type

SOMAXCONN = 'net.core.somaxconn'
NOBODY = 0xFFFFFFFF
# The owner may all, the user 1000 read and write, the group read, others nothing (include/uapi/linux/posix_acl.h).
ACL = ((1, 7, NOBODY), (2, 6, 1000), (4, 4, NOBODY), (16, 6, NOBODY), (32, 0, NOBODY))


@unittest.skipIf(os.geteuid(), 'needs root: nothing else may own a store')
class Case(changing.NodeCase):
    def setUp(self):
        changing.NodeCase.setUp(self)
        self.node({RECYCLE: '1', TIMESTAMPS: '0', SOMAXCONN: '128'})


class TestStrangers(Case):
    def test_directories_that_are_no_part_are_left_alone(self):
        self.apply(settings={SOMAXCONN: '4096'})
        for name in ('A+x', 'A+12345', '+2', '.hidden', 'A+'):
            os.makedirs('%s%s/change-sets/%s' % (self.root, STATE, name))
        self.assertEqual(self.states(), ['applied'])
        self.assertIs(self.apply('B', settings={SOMAXCONN: '4096'})['changed'], False)
        self.assertIs(self.rollback('A')['changed'], True)
        self.assertEqual(len(os.listdir(self.root + STATE + '/change-sets')), 6)

    def test_a_directory_above_it_that_others_may_write(self):
        self.apply(settings={SOMAXCONN: '4096'})
        above = self.root + '/var/lib'
        for mode, group in ((0o775, 7), (0o757, 0)):
            os.chown(above, 0, group)
            os.chmod(above, mode)
            self.refuses('above the state directory', self.rollback)
        os.chmod(above, 0o775)  # of root's own group
        self.assertIs(self.rollback()['changed'], True)

    def test_the_longest_id(self):
        self.assertEqual(self.apply('i' * 64, settings={SOMAXCONN: '4096'})['change_set'], 'i' * 64)
        self.assertIs(self.rollback('i' * 64)['changed'], True)
        self.refuses('is not a valid id', self.rollback, identifier='i' * 65)

    def record(self, number):
        """That of a change in `number` namespaces, with the longest names that they have."""
        name = 'net:[4026531840]@4/' + 'a' * 64
        namespace = {'key': name, 'inode': 4026531840, 'device': 4, 'boot_id': 'b' * 36, 'container': 'a' * 64,
                     'pids': [{'pid': 4194304, 'start': 123456789}] * 8}
        item = {'kind': 'value', 'key': SOMAXCONN, 'namespace': namespace, 'before': '128', 'after': '4096'}
        change = {'what': 'running', 'key': SOMAXCONN, 'before': '128', 'after': '4096', 'namespace': name,
                  'reason': '', 'file': None, 'line': None}
        return {'schema': change_set.SCHEMA, 'id': 'A', 'root': '/', 'confirm': None, 'time': 0, 'who': '',
                'boot_id': None, 'items': [item] * number, 'changes': [change] * number}

    def test_a_record_of_many_namespaces_can_be_read_again(self):
        store = Store(tree.Tree(self.root), STATE)
        store.prepare(lambda name: None)
        store.create(self.record(10000), {}, [], lambda name: None)
        self.assertGreater(os.path.getsize(self.root + STATE + '/change-sets/A/record.json'), 6000000)
        part, = store.parts()
        self.assertEqual(len(part.record['items']), 10000)

    def test_a_record_that_could_not_be_read_again_is_not_made(self):
        store = Store(tree.Tree(self.root), STATE)
        store.prepare(lambda name: None)
        self.refuses('larger than 64 MiB', lambda: store.create(
            dict(self.record(1), who='x' * 67108864), {}, [], lambda name: None))
        self.assertEqual(os.listdir(self.root + STATE + '/change-sets'), [])

    def test_a_record_that_somebody_let_grow_is_not_cut(self):
        self.apply(settings={SOMAXCONN: '4096'})
        with open(self.root + STATE + '/change-sets/A/record.json', 'r+b') as handle:
            handle.truncate(67108865)
        self.refuses('larger than 64 MiB', self.rollback)


class TestLock(Case):
    def setUp(self):
        Case.setUp(self)
        self.apply(settings={SOMAXCONN: '4096'})
        self.store = Store(tree.Tree(self.root), STATE)

    def test_a_holder_without_a_name(self):
        with open(self.root + STATE + '/lock', 'w') as held:
            held.write('gibberish')
            held.flush()
            fcntl.flock(held, fcntl.LOCK_EX)
            other = lock.Lock(self.store, u'me', 'B', wait=0.2, sleep=lambda seconds: None)
            self.refuses('did not say who it is', other.__enter__)

    def test_a_store_that_goes_while_somebody_waits(self):
        """The lock of a removed store locks nothing: whoever waited for it takes the one that is there now."""
        first = lock.Lock(self.store, u'purge', 'A')
        first.__enter__()

        def sleep(_seconds):
            os.unlink(self.root + STATE + '/lock')
            first.__exit__()
        with lock.Lock(self.store, u'me', 'B', sleep=sleep):
            third = lock.Lock(self.store, u'third', 'C', wait=0, sleep=sleep)
            self.refuses('change set B', third.__enter__)

    def test_a_store_that_is_gone(self):
        other = lock.Lock(self.store, u'me', 'B')
        os.rename(self.root + STATE, self.root + STATE + '.away')
        with self.assertRaises(errors.Failed):
            other.__enter__()


class TestAttributes(Case):
    def acl(self, name, *entries):
        """The access control list of `entries` (tag, permissions, id) as an attribute of that name (acl(5))."""
        self.write('/etc/sysctl.conf', RECYCLE + ' = 1\n')
        self.write('/etc/sysctl.d/own.conf', TIMESTAMPS + ' = 0\n')
        value = struct.pack('<I', 2) + b''.join(struct.pack('<HHI', *entry) for entry in entries)
        for path in ('/etc', '/etc/sysctl.d') if name.endswith('default') else ('/etc/sysctl.conf',):
            descriptor = os.open(self.root + path, os.O_RDONLY)
            self.addCleanup(os.close, descriptor)
            try:
                xattrs._Library().setxattr(descriptor, name, value)
            except OSError as exc:
                self.skipTest('this file system has no access control lists: %s' % exc)

    def test_a_file_does_not_take_over_the_access_control_list_of_its_directory(self):
        self.acl(u'system.posix_acl_default', *ACL)
        os.chmod(self.root + '/etc/sysctl.conf', 0o640)
        before = self.everything()
        self.apply(settings={RECYCLE: '0', TIMESTAMPS: '1'})
        after = self.everything()
        for path in ('/etc/sysctl.conf', OURS):
            self.assertNotIn(xattrs.ACL, after[self.root + path][1]['xattrs'])
        self.rollback(restore_unsafe=True)
        self.assertEqual(self.everything(), before)

    def test_a_file_keeps_its_own_access_control_list(self):
        self.acl(u'system.posix_acl_access', *ACL)
        before = self.everything()
        self.apply(settings={RECYCLE: '0'})
        meta = [state[self.root + '/etc/sysctl.conf'][1] for state in (before, self.everything())]
        self.assertIn(xattrs.ACL, meta[0]['xattrs'])
        self.assertEqual(meta[0], meta[1])
        self.rollback(restore_unsafe=True)
        self.assertEqual(self.everything(), before)

    def test_both_ways_to_them_see_the_same(self):
        """Python 3 has calls for them, for Python 2.7 it is the C library."""
        descriptor = os.open(self.place('/file'), os.O_RDWR | os.O_CREAT)
        self.addCleanup(os.close, descriptor)
        library = xattrs._Library()
        try:
            library.setxattr(descriptor, u'trusted.paws', b'\0one')
        except OSError as exc:
            self.skipTest('this file system has no attributes: %s' % exc)
        self.assertEqual(xattrs.read(descriptor, [])[u'trusted.paws'], u'AG9uZQ==')
        xattrs.put(descriptor, u'trusted.paws', u'dHdv')
        self.assertEqual(library.getxattr(descriptor, u'trusted.paws'), b'two')
        library.setxattr(descriptor, u'trusted.second', b'2')
        self.assertTrue(set([u'trusted.paws', u'trusted.second']).issubset(library.listxattr(descriptor)))
        with self.assertRaises(OSError):
            library.getxattr(descriptor, u'trusted.none')

    def test_those_that_only_the_kernel_sets_are_no_error(self):
        descriptor = os.open(self.place('/file'), os.O_RDWR | os.O_CREAT)
        self.addCleanup(os.close, descriptor)
        xattrs.put(descriptor, u'nosuchspace.x', u'dHdv')
        with self.assertRaises((OSError, IOError)):
            xattrs.put(descriptor, u'user.' + u'x' * 300, u'dHdv')


if __name__ == '__main__':
    unittest.main()
