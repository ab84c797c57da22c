# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node that booted after a change: an undo puts its files back, and writes no running value of the boot before."""

from __future__ import absolute_import, division, print_function

import os
import shutil
import time
import unittest

import changing
from _node import errors
from _node.operations import confirm
from _node.transaction import record, undo_program
from changing import OURS, RECYCLE, STATE, TIMESTAMPS

__metaclass__ = type

SOMAXCONN, FIN = 'net.core.somaxconn', 'net.ipv4.tcp_fin_timeout'
STAYS = 'net.core.somaxconn (4096 now, 128 before)'
BOOTED = 'the node has booted since'


@unittest.skipIf(os.geteuid(), 'needs root: nothing else may own a store')
class Case(changing.NodeCase):
    """tcp_tw_recycle was switched on by hand, so no file of the node knows of it."""

    def setUp(self):
        changing.NodeCase.setUp(self)
        self.node({RECYCLE: '1', TIMESTAMPS: '1', SOMAXCONN: '128', FIN: '60'})
        self.write('/etc/sysctl.conf', 'a.b = 1\n')
        os.makedirs(self.root + '/etc/cron.d')
        self.files = self.files_now()

    def files_now(self):
        return changing.everything(self.root + '/etc')

    def boot(self, **values):
        """Another boot, in which the kernel's defaults and the files of the node gave these values."""
        self.write('/proc/sys/kernel/random/boot_id', '33333333-4444\n')
        self.write('/proc/uptime', '30.00 60.00\n')
        running = {RECYCLE: '0', SOMAXCONN: '128'}
        for key, value in dict(running, **values).items():
            self.write('/proc/sys/' + key.replace('.', '/'), value + '\n')

    def loaded(self):
        """A boot that has read the file of the change."""
        self.boot(**{SOMAXCONN: '4096'})

    def crash(self, settings, until):
        """A change that is killed once until() holds."""
        number = 1
        while changing.killed_after(number, lambda step: self.apply('A', step, settings=settings)) and not until():
            self.rollback('A')
            number += 1
        self.assertEqual(self.states()[0], 'applying')

    def crashed_and_booted(self):
        self.crash({RECYCLE: '0'}, lambda: self.value(RECYCLE) == '0' and os.path.exists(self.root + OURS))
        self.boot()


class TestRecovery(Case):
    def test_a_value_set_by_hand_before_the_boot_stays_as_the_boot_left_it(self):
        self.crashed_and_booted()
        preview = self.rollback('A', check_mode=True)
        real = self.rollback('A')
        self.assertEqual((self.value(RECYCLE), real['restored']), ('0', []))
        self.assertEqual(self.files_now(), self.files)
        self.assertEqual(self.states(), ['undone'])
        self.assertTrue(preview['changed'] and real['changed'])
        self.assertIn('net.ipv4.tcp_tw_recycle (0 now, 1 before)', ' '.join(real['notes']))
        self.assertIn(BOOTED, ' '.join(real['notes']))

    def test_the_next_change_begins_from_what_the_boot_left(self):
        self.crashed_and_booted()
        wanted = {RECYCLE: '0', FIN: '30'}
        preview = self.apply('B', settings=wanted, check_mode=True)
        real = self.apply('B', settings=wanted)
        self.assertEqual((preview['changes'], preview['diff']), (real['changes'], real['diff']))
        self.assertEqual([(one['key'], one['before']) for one in real['changes'] if one['what'] == 'running'],
                         [(FIN, '60')])
        self.rollback('B')
        self.assertEqual((self.value(RECYCLE), self.value(FIN)), ('0', '60'))
        self.assertEqual(self.files_now(), self.files)

    def test_within_the_boot_all_is_restored(self):
        self.crash({RECYCLE: '0'}, lambda: self.value(RECYCLE) == '0' and os.path.exists(self.root + OURS))
        real = self.rollback('A')
        self.assertEqual(self.value(RECYCLE), '1')
        self.assertNotIn(BOOTED, ' '.join(real['notes']))


class TestRollback(Case):
    def rolled_back(self, **arguments):
        """The result of a rollback, which its preview told."""
        preview = self.rollback('A', check_mode=True, **arguments)
        real = self.rollback('A', **arguments)
        self.assertEqual(preview, real)
        self.assertEqual(self.files_now(), self.files)
        self.assertEqual(self.states(), ['undone'])
        return real

    def test_files_come_back_and_the_values_that_stay_are_named(self):
        self.apply('A', settings={SOMAXCONN: '4096', FIN: '30'})
        self.boot(**{SOMAXCONN: '4096', FIN: '60'})
        real = self.rolled_back()
        self.assertEqual((self.value(SOMAXCONN), self.value(FIN)), ('4096', '60'))
        self.assertEqual([entry['what'] for entry in real['restored']], ['file'])
        note, = real['notes']
        for words in (BOOTED, STAYS, 'sysctl --system', 'next boot'):
            self.assertIn(words, note)
        self.assertNotIn(FIN, note)

    def test_nothing_is_said_where_the_boot_gave_what_was_there_before(self):
        self.apply('A', settings={SOMAXCONN: '4096'})
        self.boot()
        self.assertEqual(self.rolled_back()['notes'], [])

    def test_a_long_list_of_values_is_cut(self):
        names = ['net.ipv4.conf.eth%d.rp_filter' % number for number in range(60)]
        for name in names:
            self.write('/proc/sys/' + name.replace('.', '/'), '0\n')
        self.apply('A', settings=dict((name, '1') for name in names))
        self.boot()
        note, = self.rolled_back()['notes']
        self.assertIn('and 40 more', note)

    def test_what_the_boot_left_is_nobodys_change(self):
        self.apply('A', settings={SOMAXCONN: '4096'})
        self.boot(**{SOMAXCONN: '555'})
        self.assertEqual(self.rolled_back()['drifted'], [])
        self.assertEqual(self.value(SOMAXCONN), '555')

    def test_a_newer_set_with_the_same_running_value_and_another_file_does_not_matter(self):
        every, one = ['net.ipv4.conf.%s.forwarding' % name for name in ('all', 'eth0')]
        for key in (every, one):
            self.write('/proc/sys/' + key.replace('.', '/'), '0\n')
        self.apply('A', settings={every: '1'}, file='/etc/sysctl.d/a.conf')
        self.write('/proc/sys/' + one.replace('.', '/'), '1\n')
        self.boot()
        self.apply('B', settings={one: '0'}, file='/etc/sysctl.d/b.conf')
        self.assertNotIn('failed', self.rollback('A'))
        self.assertEqual((self.value(every), self.value(one)), ('1', '0'))
        self.assertEqual(os.listdir(self.root + '/etc/sysctl.d'), ['b.conf'])

    def test_a_running_value_of_another_boot_is_not_held_back(self):
        """It would not be written with restore_unsafe either."""
        self.write('/etc/sysctl.conf', RECYCLE + ' = 1\n')
        self.files = self.files_now()
        self.apply('A', settings={RECYCLE: '0'})
        self.boot()
        real = self.rollback('A')
        self.assertEqual([entry['what'] for entry in real['held']], ['file'])
        self.assertEqual([entry['what'] for entry in self.rollback('A')['held']], ['file'])
        exact = self.rollback('A', restore_unsafe=True)
        self.assertEqual((exact['held'], self.value(RECYCLE)), ([], '0'))
        self.assertEqual(self.files_now(), self.files)

    def test_what_was_held_back_before_the_boot_is_no_longer_offered(self):
        self.apply('A', settings={RECYCLE: '0'})
        self.assertEqual([entry['what'] for entry in self.rollback('A')['held']], ['running'])
        self.boot()
        self.assertEqual(self.rollback('A')['held'], [])
        self.assertFalse(self.rollback('A', restore_unsafe=True)['changed'])
        self.assertEqual(self.value(RECYCLE), '0')


class TestWhichBootItWas(Case):
    def restored(self, **changes):
        """Whether a rollback restores the running value of a change set with these changes in its record."""
        shutil.rmtree(self.root + STATE, True)
        self.write('/proc/sys/net/core/somaxconn', '128\n')
        self.apply('A', settings={SOMAXCONN: '4096'})
        path = STATE + '/change-sets/A/record.json'
        self.write(path, record.sealed(dict(record.opened(self.text(path).encode('utf-8')), **changes)))
        self.rollback('A')
        self.assertEqual(self.files_now(), self.files)
        return self.value(SOMAXCONN) == '128'

    def test_a_record_of_0_2_0_has_the_id_of_the_boot_alone(self):
        for identifier, same in (('11111111-2222', True), ('11111111-2', False), ('another', False)):
            self.assertEqual(self.restored(boot_id=identifier), same, identifier)

    def test_without_an_id_the_time_of_the_record_and_of_the_boot_tell(self):
        self.assertTrue(self.restored(boot_id=None))
        self.assertFalse(self.restored(boot_id=None, time=int(time.time()) - 1001))  # it booted 1000 s ago

    def test_where_nothing_tells_no_value_is_written(self):
        os.unlink(self.root + '/proc/uptime')
        self.assertFalse(self.restored(boot_id=None))

    def test_a_container_that_starts_again_has_values_of_its_own(self):
        stat = '1 (init) S' + ' 0' * 18 + ' %d 0\n'
        for now, same in ((1000, True), (99000, False)):
            self.write('/proc/1/stat', stat % now)
            self.assertEqual(self.restored(boot_id='11111111-2222 1000'), same)


class TestUnconfirmed(Case):
    def setUp(self):
        Case.setUp(self)
        self.apply('A', settings={SOMAXCONN: '4096', RECYCLE: '0'}, confirm_timeout=600)

    def test_the_boot_hook_puts_the_files_back_and_writes_no_value(self):
        self.loaded()
        self.assertTrue(undo_program.undo(self.root + STATE, 'A'))
        self.assertEqual((self.value(SOMAXCONN), self.value(RECYCLE)), ('4096', '0'))
        self.assertEqual(self.files_now(), self.files)
        self.assertEqual(self.states(), ['undone'])

    def test_the_confirmation_that_comes_after_the_boot_names_what_stays(self):
        self.loaded()
        with self.assertRaises(errors.Refused) as caught:
            confirm.run({'root': self.root})
        self.assertIn('too late', '%s' % caught.exception)
        self.assertIn(STAYS, '%s' % caught.exception)
        self.assertEqual((self.value(SOMAXCONN), self.value(RECYCLE)), ('4096', '0'))
        self.assertEqual(self.files_now(), self.files)

    def test_the_next_change_after_the_boot_begins_from_what_it_left(self):
        self.loaded()
        wanted = {SOMAXCONN: '5000'}
        preview = self.apply('B', settings=wanted, check_mode=True)
        real = self.apply('B', settings=wanted)
        self.assertEqual((preview['changes'], preview['diff']), (real['changes'], real['diff']))
        self.assertEqual([one['before'] for one in real['changes'] if one['what'] == 'running'], ['4096'])
        self.assertIn('was not confirmed in time', real['notes'][0])
        self.assertIn(STAYS, ' '.join(real['notes']))


if __name__ == '__main__':
    unittest.main()
