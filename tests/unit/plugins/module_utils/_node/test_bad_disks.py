# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Undoing on a node whose disk is full, read-only or damaged: all that can be restored is, and the rest is said."""

from __future__ import absolute_import, division, print_function

import os
import unittest

import changing
import private_node
from _node import errors
from _node.operations import change_set_info, rollback
from changing import RECYCLE, STATE
from private_node import TWELVE, ask, etc, values

__metaclass__ = type

FIN = 'net.ipv4.tcp_fin_timeout'


def undo(**arguments):
    """The result of a rollback, a refusal as its message."""
    try:
        return rollback.run(arguments)
    except errors.Refused as exc:
        return {'failed': True, 'msg': '%s' % exc}


class TestStateDisk(private_node.Case):
    """Where the state directory cannot be written a person's rollback restores values and files all the same."""

    def rolled_back(self, prepare, obstruct, clear, state):
        def act():
            before = (values(), etc())
            ask(TWELVE)
            obstruct()
            first = undo()
            as_before = (values(), etc()) == before
            states = [one['state'] for one in change_set_info.run({})['change_sets']]
            clear()
            again = undo()
            return [first, as_before, states, again, [one['state'] for one in change_set_info.run({})['change_sets']]]
        first, as_before, states, again, at_last = self.here(act, prepare)
        self.assertNotIn('failed', first)
        self.assertTrue(as_before)
        self.assertEqual(len([entry for entry in first['restored'] if entry['what'] == 'running']), len(TWELVE))
        self.assertIn('could not be', ' '.join(first['notes']))
        self.assertEqual(states, [state])
        self.assertEqual((again['changed'], again['restored'], at_last), (False, [], ['undone']))

    def test_read_only(self):
        def mounted(flags):
            changing.mount(None, '/var/lib', changing.MS_REMOUNT | changing.MS_BIND | flags)
        self.rolled_back(lambda: changing.mount(self.root + '/var/lib', self.root + '/var/lib', changing.MS_BIND),
                         lambda: mounted(changing.MS_RDONLY), lambda: mounted(0), 'applied')

    def test_full(self):
        def prepare():
            changing.mount('none', self.root + '/var/lib', 0, 'tmpfs', 'size=256k,mode=755')
        self.rolled_back(prepare, lambda: private_node.fill_up('/var/lib/filler'),
                         lambda: os.unlink('/var/lib/filler'), 'undone')


@unittest.skipIf(os.geteuid(), 'needs root: nothing else may own a store')
class TestUnnoted(changing.NodeCase):
    def test_what_is_held_back_stays_so_although_that_cannot_be_noted(self):
        self.node({RECYCLE: '1', FIN: '60'})
        self.write('/etc/sysctl.conf', RECYCLE + ' = 1\n')
        before = self.everything()
        self.apply(settings={RECYCLE: '0', FIN: '30'})
        note = self.root + STATE + '/change-sets/A/undo.json'
        os.mkdir(note)
        result = self.rollback()
        self.assertNotIn('failed', result)
        self.assertEqual([entry['what'] for entry in result['held']], ['running', 'file'])
        self.assertEqual((self.value(RECYCLE), self.value(FIN)), ('0', '60'))
        self.assertIn('change set A stays applied', ' '.join(result['notes']))
        self.assertEqual(self.states(), ['applied'])
        os.rmdir(note)
        self.assertEqual([entry['what'] for entry in self.rollback()['held']], ['running', 'file'])
        self.assertEqual(self.states(), ['undone'])
        self.rollback(restore_unsafe=True)
        self.assertEqual(self.everything(), before)


if __name__ == '__main__':
    unittest.main()
