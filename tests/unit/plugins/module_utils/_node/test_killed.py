# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Killed after every single step of applying and of rolling back: what was there before is there again."""

from __future__ import absolute_import, division, print_function

import os
import shutil
import unittest

import changing
from _node.readers import tree
from _node.transaction.change_set import ChangeSets
from changing import RECYCLE, STATE, TIMESTAMPS, killed_after

__metaclass__ = type

WANTED = {RECYCLE: '0', TIMESTAMPS: '1', 'net.core.somaxconn': '4096'}
NEVER = 'no-such-set'


@unittest.skipIf(os.geteuid(), 'needs root: nothing else may own a store')
class TestKilled(changing.NodeCase):
    """Each scenario: how the node looks, and what is asked of it."""

    def lay_out_bare(self):
        self.node({RECYCLE: '1', TIMESTAMPS: '0', 'net.core.somaxconn': '128'})
        return {'settings': WANTED}

    def lay_out_full(self):
        self.node({RECYCLE: '1', TIMESTAMPS: '0', 'net.core.somaxconn': '128'})
        self.write('/etc/sysctl.conf', '# old\r\nnet.ipv4.tcp_tw_recycle = 1\r\n'
                   'net.core.somaxconn=1\nnet.core.somaxconn=2')
        self.write('/etc/sysctl.d/50-a.conf', '-net/ipv4/tcp_tw_recycle=1\nvm.swappiness=1\n')
        self.write('/etc/sysctl.d/99-zzz.conf', 'net.core.somaxconn = 64 # why\n')
        self.write('/usr/lib/sysctl.d/99-zzzz.conf', 'net.core.somaxconn = 65\nx.y = 1\n')
        self.link('/etc/sysctl.d/99-sysctl.conf', '../sysctl.conf')
        os.chmod(self.root + '/etc/sysctl.conf', 0o640)
        os.chown(self.root + '/etc/sysctl.conf', 12, 34)
        return {'settings': WANTED}

    def lay_out_gone(self):
        self.node({TIMESTAMPS: '1', 'net.core.somaxconn': '128'}, '5.14.0-427.el9.x86_64')
        self.write('/etc/sysctl.conf', 'net.ipv4.tcp_tw_recycle = 0\nnet.core.somaxconn = 128\n')
        self.write('/usr/lib/sysctl.d/10-x.conf', 'net.ipv4.tcp_tw_recycle = 1\nx.y = 1\n')
        return {'settings': WANTED}

    def lay_out_confirm(self):
        asked = self.lay_out_full()
        os.makedirs(self.root + '/etc/cron.d')
        return dict(asked, confirm_timeout=600)

    def every_step(self, lay_out, attempt, check):
        """attempt(arguments, step) killed after each step; check() says whether all is as before. The steps."""
        number = 0
        while True:
            number += 1
            self.renew()
            arguments = lay_out()
            if not attempt(arguments, number, check):
                return number - 1

    def renew(self):
        shutil.rmtree(self.root)
        os.mkdir(self.root)

    def states(self):
        return [part.state for part in ChangeSets(tree.Tree(self.root), STATE).parts()]

    def killed_apply(self, arguments, number, again):
        before = self.everything()
        killed = killed_after(number, lambda step: self.apply(step=step, **arguments))
        again(arguments)
        self.assertEqual(self.everything(), before, 'after step %d' % number)
        self.assertNotIn('applying', self.states())
        self.assertNotIn('undoing', self.states())
        return killed

    def killed_rollback(self, arguments, number, again):
        before = self.everything()
        self.apply(**arguments)
        self.assertNotEqual(self.everything(), before)
        killed = killed_after(number, lambda step: self.rollback(step=step, restore_unsafe=True))
        again(arguments)
        self.assertEqual(self.everything(), before, 'after step %d' % number)
        self.assertEqual(set(self.states()), set(['undone']))
        return killed

    def recover(self, _arguments):
        """A run that has nothing to do itself; what was finished before the kill is rolled back."""
        if os.path.isdir(self.root + STATE):
            self.rollback(NEVER)
            self.rollback(restore_unsafe=True)

    def run_again(self, arguments):
        self.apply('B', **dict(arguments, confirm_timeout=0))
        self.rollback('B', restore_unsafe=True)
        self.rollback('A', restore_unsafe=True)

    def roll_back_again(self, _arguments):
        self.rollback(restore_unsafe=True)

    def test_apply(self):
        for lay_out in (self.lay_out_bare, self.lay_out_full, self.lay_out_gone):
            self.assertGreater(self.every_step(lay_out, self.killed_apply, self.recover), 10)

    def test_apply_then_run_again_then_roll_back(self):
        for lay_out in (self.lay_out_bare, self.lay_out_full, self.lay_out_gone):
            self.assertGreater(self.every_step(lay_out, self.killed_apply, self.run_again), 10)

    def test_rollback(self):
        for lay_out in (self.lay_out_bare, self.lay_out_full, self.lay_out_gone):
            self.assertGreater(self.every_step(lay_out, self.killed_rollback, self.roll_back_again), 5)

    def test_apply_with_confirmation(self):
        self.assertGreater(self.every_step(self.lay_out_confirm, self.killed_apply, self.recover), 10)


if __name__ == '__main__':
    unittest.main()
