# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rollbacks one after the other: what an earlier one held back, and left, is nobody else's change."""

from __future__ import absolute_import, division, print_function

import os
import random
import shutil
import unittest

import changing
from _node.operations import change_set_info
from _node.readers import persisted, tree
from changing import OURS, RECYCLE, STATE, TIMESTAMPS

__metaclass__ = type

SOMAXCONN = 'net.core.somaxconn'
PACKAGE = '/usr/lib/sysctl.d/10-package.conf'
OTHER = '/etc/sysctl.d/zz.conf'
LINES = ('a.b = 1', RECYCLE + ' = 1', RECYCLE + ' = 0', 'net.ipv4.tcp_tw_* = 1', TIMESTAMPS + ' = 0',
         SOMAXCONN + ' = 300')


@unittest.skipIf(os.geteuid(), 'needs root: nothing else may own a store')
class Case(changing.NodeCase):
    def set_up(self, values, lines):
        self.node(values)
        for path in lines:
            self.write(path, '\n'.join(lines[path]) + '\n')
        self.before = self.everything()

    def undo(self, identifier='A', **arguments):
        """The result of a rollback that nothing stands against, and which its preview told."""
        preview = self.rollback(identifier, check_mode=True, **arguments)
        real = self.rollback(identifier, **arguments)
        self.assertEqual(preview, real)
        self.assertNotIn('failed', real)
        self.assertEqual((real['notes'], real['drifted']), ([], []))
        return real

    def switched_on(self):
        """Whether a file would switch recycling on at the next boot."""
        found = persisted.observe(tree.Tree(self.root), [RECYCLE], set([RECYCLE]), None, {}).get(RECYCLE)
        return any(entry and entry['value'][:1] != '0' for entry in (found or {'effective': {}})['effective'].values())


class TestHeldBack(Case):
    def setUp(self):
        Case.setUp(self)
        self.set_up({RECYCLE: '1', TIMESTAMPS: '0', SOMAXCONN: '128'},
                    {'/etc/sysctl.conf': ['a.b = 1', RECYCLE + ' = 1'], PACKAGE: [RECYCLE + ' = 1']})

    def test_the_rest_follows_when_it_is_asked_for(self):
        self.apply('A', settings={RECYCLE: '0', SOMAXCONN: '1000'})
        self.assertTrue(self.undo()['held'])
        self.assertTrue(self.undo(restore_unsafe=True)['changed'])
        self.assertEqual(self.everything(), self.before)

    def test_a_set_of_two_parts_that_changed_the_same(self):
        self.apply('A', settings={TIMESTAMPS: '1', SOMAXCONN: '1000'}, file=OTHER)
        self.apply('A', settings={RECYCLE: '0', SOMAXCONN: '2000'}, file=OTHER)
        self.assertTrue(self.undo()['held'])
        self.assertFalse(self.switched_on())
        self.assertEqual((self.value(SOMAXCONN), self.value(TIMESTAMPS), self.value(RECYCLE)), ('128', '0', '0'))
        self.assertTrue(self.undo(restore_unsafe=True)['changed'])
        self.assertEqual(self.everything(), self.before)

    def test_an_older_set_that_changed_the_same_file_is_rolled_back_after_it(self):
        for unsafe in (('B', 'A'), ('A', 'B')):
            self.apply('A', settings={TIMESTAMPS: '1'}, file=OTHER)
            self.apply('B', settings={RECYCLE: '0'}, file=OTHER)
            self.assertTrue(self.undo('B')['held'])
            self.undo('A')
            self.assertFalse(self.switched_on())
            self.assertNotIn(TIMESTAMPS, self.text(OTHER))
            for identifier in unsafe:
                self.undo(identifier, restore_unsafe=True)
            self.assertEqual(self.everything(), self.before)
            shutil.rmtree(self.root + STATE)

    def test_what_somebody_writes_in_between_is_a_change(self):
        self.apply('A', settings={RECYCLE: '0'})
        self.undo()
        self.write('/etc/sysctl.conf', 'somebody else\n')
        for check_mode in (True, False):
            result = self.rollback(restore_unsafe=True, check_mode=check_mode)
            self.assertEqual([drift['file'] for drift in result['drifted']], ['/etc/sysctl.conf'])
        forced = self.rollback(restore_unsafe=True, force=True)
        self.assertIn('/etc/sysctl.conf: somebody changed it since; that text is kept in', forced['notes'][0])
        self.assertEqual(self.everything(), self.before)

    def test_what_somebody_wrote_between_two_sets_is_a_change_after_the_newer_one_is_undone(self):
        self.apply('A', settings={TIMESTAMPS: '1'})
        self.write('/etc/sysctl.conf', 'somebody else\n' + RECYCLE + ' = 1\n')
        self.write(OURS, 'somebody else\n' + RECYCLE + ' = 1\n')
        self.apply('B', settings={RECYCLE: '0'})
        self.rollback('B')
        self.assertEqual([drift['file'] for drift in self.rollback('A')['drifted']], [OURS])

    def test_a_set_that_goes_on_after_a_newer_one_still_has_it_in_its_way(self):
        self.apply('A', settings={SOMAXCONN: '1000'})
        self.apply('B', settings={SOMAXCONN: '2000'})
        self.apply('A', settings={SOMAXCONN: '3000'})
        now = self.everything()
        for check_mode in (True, False):
            result = self.rollback('A', check_mode=check_mode)
            self.assertTrue(result['failed'])
            self.assertIn('change set B', result['msg'])
            self.assertEqual(self.everything(), now)


class TestAtRandom(Case):
    def scenario(self, pick):
        """Up to two sets, rolled back with and without what is held back; everything is as before at the end."""
        self.set_up({RECYCLE: pick('01'), TIMESTAMPS: pick('01'), SOMAXCONN: '128'}, dict(
            (path, [pick(LINES) for _line in range(pick((1, 2, 3)))])
            for path in ('/etc/sysctl.conf', '/etc/sysctl.d/10-a.conf', PACKAGE, OURS) if pick((0, 1))))
        off = False
        for identifier in pick((('A',), ('A', 'A'), ('A', 'B'))):
            wanted = dict((key, value) for key, value in (
                (RECYCLE, '0'), (TIMESTAMPS, '1'), (SOMAXCONN, pick(('1000', '2000')))) if pick((0, 1)))
            self.apply(identifier, settings=wanted, file=pick((OURS, OTHER)))
            off = off or RECYCLE in wanted
        sets = [one['id'] for one in change_set_info.run({'root': self.root})['change_sets']]
        if pick((0, 1)):
            for identifier in sets:
                self.undo(identifier)
                self.undo(identifier, restore_unsafe=True)
        else:
            for identifier in sets:
                self.undo(identifier)
            self.assertFalse(off and self.switched_on())
            for identifier in sets if pick((0, 1)) else sets[::-1]:
                self.undo(identifier, restore_unsafe=True)
        self.assertEqual(self.everything(), self.before)

    def test_rollbacks_of_sets_that_changed_the_same(self):
        seed = int(os.environ.get('NODETCP_SEED', '1'))
        for number in range(int(os.environ.get('NODETCP_ROLLBACKS', '30'))):
            try:
                self.scenario(random.Random(seed * 1000003 + number).choice)
            except Exception:
                print('seed %d, scenario %d' % (seed, number))
                raise
            for name in os.listdir(self.root):
                shutil.rmtree(self.root + '/' + name)


if __name__ == '__main__':
    unittest.main()
