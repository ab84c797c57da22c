# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sysctl file that was not read never counts as agreeing: in the plan, in its verification, in a rollback."""

from __future__ import absolute_import, division, print_function

import os
import shutil
import unittest

import changing
from _node.errors import Unreadable
from _node.readers.tree import Tree
from changing import OURS, RECYCLE

__metaclass__ = type

LAST_LINE = '\n%s = 1\n' % RECYCLE
FIN = 'net.ipv4.tcp_fin_timeout'


@unittest.skipIf(os.geteuid(), 'needs root: nothing else may own a store')
class Case(changing.NodeCase):
    def setUp(self):
        changing.NodeCase.setUp(self)
        self.node({RECYCLE: '1', FIN: '60'})
        self.directory = self.root + '/etc/sysctl.d'

    def large(self):
        """A drop-in of more than 1 MiB whose last line sets the key."""
        self.write('/etc/sysctl.d/zz-large.conf', '#' * 1095000 + LAST_LINE)
        return '/etc/sysctl.d/zz-large.conf: larger than 1 MiB'

    def many(self):
        """More drop-ins than are read; the last of them sets the key."""
        for number in range(600):
            self.write('/etc/sysctl.d/%03d.conf' % number, '# nothing\n')
        self.write('/etc/sysctl.d/zzz.conf', LAST_LINE)
        return '/etc/sysctl.d: '

    def broken(self):
        """A drop-in that no read(2) gives, as on a disk with a bad block."""
        self.write('/etc/sysctl.d/zz-broken.conf', LAST_LINE)
        real = Tree.read_bytes

        def read_bytes(tree, path, limit=1048576):
            if str(path).endswith('zz-broken.conf'):
                raise Unreadable(path, 'input/output error')
            return real(tree, path, limit)
        Tree.read_bytes = read_bytes
        self.addCleanup(setattr, Tree, 'read_bytes', real)
        return '/etc/sysctl.d/zz-broken.conf: input/output error'

    def without_drop_ins(self, before):
        """But for what a test laid into it, all is as before."""
        shutil.rmtree(self.directory)
        self.assertEqual(self.everything(), before)


class TestPlan(Case):
    def refused(self, happens):
        before, words = self.everything(), happens()
        for asked in ({'settings': {RECYCLE: '0'}}, {'absent': [RECYCLE]}, {'settings': {FIN: '30'}}):
            for check_mode in (True, False):
                self.refuses(words, self.apply, check_mode=check_mode, **asked)
        self.without_drop_ins(before)

    def test_a_large_drop_in(self):
        self.refused(self.large)

    def test_more_drop_ins_than_are_read(self):
        self.refused(self.many)

    def test_an_unreadable_drop_in(self):
        self.refused(self.broken)


class TestVerification(Case):
    """The file becomes so between the plan and its verification: all is undone, and the file is named."""

    def undone(self, happens):
        before, words = self.everything(), []

        def step(name):
            if name == OURS + ' done':
                words.append(happens())
        result = self.apply(settings={RECYCLE: '0'}, step=step)
        self.assertTrue(result['failed'])
        self.assertIn(words[0], result['msg'])
        self.assertEqual(self.states(), ['undone'])
        self.without_drop_ins(before)

    def test_a_large_drop_in(self):
        self.undone(self.large)

    def test_more_drop_ins_than_are_read(self):
        self.undone(self.many)

    def test_an_unreadable_drop_in(self):
        self.undone(self.broken)


class TestRollback(Case):
    """Nobody knows what such a file sets, so our line that keeps recycling off stays, and the file is named."""

    def held(self, happens):
        self.apply(settings={RECYCLE: '0'})
        self.write('/proc/sys/net/ipv4/tcp_tw_recycle', '0\n')
        words = happens()
        file, _colon, reason = words.partition(':')
        preview = self.rollback(check_mode=True)
        result = self.rollback()
        self.assertNotIn('failed', result)
        for each in (preview, result):
            lines = [entry for entry in each['held'] if entry['what'] == 'file']
            self.assertEqual([(entry['file'], entry['line']) for entry in lines], [(file, None)])
            self.assertIn(reason.strip(), lines[0]['value'])
        self.assertIn(RECYCLE + ' = 0', self.text(OURS))
        self.assertIs(self.rollback(restore_unsafe=True)['changed'], True)
        self.assertFalse(os.path.exists(self.root + OURS))

    def test_a_large_drop_in(self):
        self.held(self.large)

    def test_more_drop_ins_than_are_read(self):
        self.held(self.many)

    def test_an_unreadable_drop_in(self):
        self.held(self.broken)

    def test_of_a_change_that_has_nothing_to_do_with_it(self):
        self.apply(settings={FIN: '30'})
        self.large()
        result = self.rollback()
        self.assertEqual((result['held'], self.value(FIN)), ([], '60'))
        self.assertFalse(os.path.exists(self.root + OURS))


if __name__ == '__main__':
    unittest.main()
