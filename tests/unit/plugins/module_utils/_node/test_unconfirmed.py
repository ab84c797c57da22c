# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nobody confirms a change set: all of its parts are undone, whatever lies beside it and whatever goes wrong first."""

from __future__ import absolute_import, division, print_function

import os
import shutil
import subprocess
import sys
import unittest

import changing
import private_node
from _node.operations import change_set_info, confirm, forget
from _node.transaction import state_dir, undo_program
from changing import OURS, STATE, TIMESTAMPS, killed_after
from private_node import ask, values

__metaclass__ = type

STAT = '1 (init) S' + ' 0' * 18 + ' %d 0\n'
SOMAXCONN, FIN = 'net.core.somaxconn', 'net.ipv4.tcp_fin_timeout'


@unittest.skipIf(os.geteuid(), 'needs root: nothing else may own a store')
class Case(changing.NodeCase):
    def setUp(self):
        changing.NodeCase.setUp(self)
        self.node({SOMAXCONN: '128', FIN: '60', TIMESTAMPS: '1'})
        os.makedirs(self.root + '/etc/cron.d')
        self.before = self.everything()

    def change(self, settings, seconds=600, identifier='A', **more):
        return self.apply(identifier, settings=settings, confirm_timeout=seconds, **more)

    def undo(self, name):
        """What the timer of this part does."""
        return undo_program.undo(self.root + STATE, name)

    def parts(self):
        """{name of each part: its state}."""
        sets = self.root + STATE + '/change-sets'
        return dict((name, state_dir.state_of((sets + '/' + name).encode('ascii'))) for name in os.listdir(sets))

    def confirm(self, **arguments):
        return confirm.run(dict(arguments, root=self.root, change_set='A'))


class TestASetOfSeveralParts(Case):
    """Each task of a run makes a part, and all have lines in the same file."""

    def two_parts(self):
        self.change({SOMAXCONN: '4096'})
        self.change({SOMAXCONN: '8192', FIN: '30'}, 900)

    def test_whichever_time_runs_out_first_undoes_all(self):
        for first, second in (('A', 'A+2'), ('A+2', 'A')):
            self.two_parts()
            self.assertTrue(self.undo(first))
            self.assertEqual(self.everything(), self.before)
            self.assertEqual(self.parts(), {'A': 'undone', 'A+2': 'undone'})
            self.assertTrue(self.undo(second))
            self.assertEqual(self.everything(), self.before)
            changing.end_programs_of(self.root)
            self.clean_store()

    def clean_store(self):
        for name in ('B', 'A'):
            self.rollback(name)
        forget.run({'root': self.root})

    def test_by_their_own_timers(self):
        self.change({SOMAXCONN: '4096'}, 1)
        self.change({SOMAXCONN: '8192', FIN: '30'}, 2)
        changing.wait_until(lambda: set(self.parts().values()) == set(['undone']))
        self.assertEqual(self.everything(), self.before)

    def test_a_confirmation_after_the_first_time_keeps_nothing(self):
        self.two_parts()
        self.undo('A')
        for check_mode in (True, False):
            self.refuses('undone', self.confirm, check_mode=check_mode)
        self.assertEqual(self.everything(), self.before)

    def test_the_next_run_and_the_confirmation_undo_all_once_the_first_time_has_run_out(self):
        for late in (
            lambda: self.refuses('too late, all of it', self.confirm),
            lambda: self.apply('B', settings={TIMESTAMPS: '1'}),
            lambda: self.rollback('no-such-set'),
        ):
            self.two_parts()
            self.write('/proc/uptime', '1700.00 1.00\n')  # of the first part alone
            late()
            self.write('/proc/uptime', '1000.00 2000.00\n')
            self.assertEqual(self.parts()['A'], 'undone')
            self.clean_store()
            self.assertEqual(self.everything(), self.before)

    def test_what_was_made_without_a_time_goes_with_the_part_before_it(self):
        self.change({SOMAXCONN: '4096'})
        self.apply('A', settings={FIN: '30'})
        self.assertTrue(self.undo('A'))
        self.assertEqual(self.everything(), self.before)

    def test_what_was_confirmed_before_stays(self):
        self.change({SOMAXCONN: '4096'})
        self.assertTrue(self.confirm()['changed'])
        kept = self.everything()
        self.change({FIN: '30'})
        self.assertTrue(self.undo('A'))  # of the timer that was to be stopped
        self.assertEqual(self.parts(), {'A': 'applied', 'A+2': 'pending'})
        self.assertTrue(self.undo('A+2'))
        self.assertEqual(self.everything(), kept)
        self.assertEqual(self.parts(), {'A': 'applied', 'A+2': 'undone'})
        self.refuses('too late', self.confirm)
        self.assertEqual(self.everything(), kept)

    def test_a_task_that_failed_and_was_undone_at_once_does_not_keep_the_others_from_being_confirmed(self):
        self.change({SOMAXCONN: '4096'})

        def step(name):
            if name.startswith(FIN):
                self.write('/proc/sys/net/ipv4/tcp_fin_timeout', '59\n')

        self.assertTrue(self.change({FIN: '30'}, step=step)['failed'])
        self.assertTrue(killed_after(12, lambda step: self.change({FIN: '30'}, step=step)))
        self.assertEqual(self.parts(), {'A': 'pending', 'A+2': 'undone', 'A+3': 'applying'})
        self.assertTrue(self.change({FIN: '31'})['changed'])
        self.assertEqual(self.confirm(), {'changed': True, 'change_set': 'A'})
        self.assertEqual(self.confirm(), {'changed': False, 'change_set': 'A'})
        self.assertEqual(self.parts(), {'A': 'applied', 'A+2': 'undone', 'A+3': 'undone', 'A+4': 'applied'})

    def test_where_the_newer_part_cannot_be_undone_the_files_of_the_older_one_wait_for_it(self):
        self.two_parts()
        path = self.root + '/proc/sys/net/ipv4/tcp_fin_timeout'
        os.rename(path, path + '.away')
        os.mkdir(path)
        self.assertFalse(self.undo('A'))
        self.assertEqual(self.value(SOMAXCONN), '128')
        self.assertIn(SOMAXCONN + ' = 4096', self.text(OURS))
        self.assertEqual(self.parts(), {'A': 'undoing', 'A+2': 'undoing'})
        os.rmdir(path)
        os.rename(path + '.away', path)
        self.assertTrue(self.undo('A'))
        self.assertEqual(self.everything(), self.before)
        self.assertEqual(self.parts(), {'A': 'undone', 'A+2': 'undone'})

    def test_killed_while_all_of_it_is_undone_or_confirmed(self):
        for end in (
            lambda step: undo_program.undo(self.root + STATE, 'A', step),
            lambda step: confirm.run({'root': self.root}, step) and self.rollback('A', step),
        ):
            killed, number = True, 0
            while killed:
                number += 1
                self.two_parts()
                killed = killed_after(number, end)
                self.write('/proc/uptime', '9999.00 1.00\n')
                self.rollback('no-such-set')
                self.write('/proc/uptime', '1000.00 2000.00\n')
                self.clean_store()
                self.assertEqual(self.everything(), self.before, 'after step %d' % number)
            self.assertGreater(number, 5)

    def test_nothing_joins_a_set_that_the_node_has_undone(self):
        self.change({SOMAXCONN: '4096'})
        self.undo('A')
        for check_mode in (True, False):
            self.refuses('use another change_set', self.change, settings={FIN: '30'}, check_mode=check_mode)
        self.assertEqual(self.everything(), self.before)

    def test_the_first_of_the_times_is_told(self):
        self.change({SOMAXCONN: '4096'}, 900)
        self.change({FIN: '30'}, 60)
        self.change({TIMESTAMPS: '0'}, 600)
        told = change_set_info.run({'root': self.root})['change_sets'][0]
        self.assertLess(told['confirm_until'] - told['time'], 300)


class TestWhateverGoesWrongFirst(Case):
    def setUp(self):
        Case.setUp(self)
        self.apply('OLD', settings={FIN: '30'})
        self.before = self.everything()
        self.change({SOMAXCONN: '4096'})
        self.change({TIMESTAMPS: '0'})
        self.left = []  # the state of the part when the program let a boot go on

    def run_here(self, sleep, *words):
        given, sys.argv = sys.argv, [self.root + STATE + '/change-sets/A/undo.pyz'] + list(words or ('watch', '0'))
        try:
            undo_program.run_here(sleep, lambda: self.left.append(self.parts()['A']))
        finally:
            sys.argv = given

    def test_what_lies_beside_it_is_not_its_business(self):
        sets = self.root + STATE + '/change-sets/'
        shutil.copytree(sets + 'OLD', sets + 'OLD.bak')
        os.chmod(sets + 'OLD.bak', 0o775)
        shutil.copytree(sets + 'OLD', sets + 'NEWER')
        self.write(STATE + '/change-sets/NEWER/record.json', '{"schema": 2, "id": "NEWER"}')
        self.refuses('its schema is 2', self.rollback)
        self.assertTrue(self.undo('A'))
        self.assertEqual(self.everything(), self.before)

    def test_it_is_tried_until_the_store_can_be_used(self):
        store, tried = self.root + STATE, []
        os.chmod(store, 0o777)

        def sleep(seconds):
            tried.append(seconds)
            if len(tried) == 3:
                os.chmod(store, 0o700)
        self.run_here(sleep)
        self.assertEqual(tried, [15, 30, 60])
        self.assertEqual(self.everything(), self.before)

    def test_it_ends_as_failed_where_it_never_can_be_used(self):
        os.chmod(self.root + STATE, 0o777)
        slept = []
        with self.assertRaises(SystemExit) as caught:
            self.run_here(slept.append)
        self.assertEqual(caught.exception.code, 1)
        self.assertGreater(sum(slept), 8 * 3600)
        os.chmod(self.root + STATE, 0o700)

    def test_a_boot_hook_that_is_started_without_a_boot_waits_for_the_time_to_run_out(self):
        slept = []

        def sleep(seconds):
            slept.append(seconds)
            self.assertEqual(self.parts()['A'], 'pending')
        self.run_here(sleep, 'boot')
        self.assertEqual((sum(slept), self.left), (600, ['pending']))
        self.assertEqual(self.everything(), self.before)

    def test_and_finds_nothing_to_do_when_the_confirmation_comes_meanwhile(self):
        self.run_here(lambda seconds: self.confirm(), 'boot')
        self.assertEqual(self.value(SOMAXCONN), '4096')
        self.run_here(lambda seconds: self.fail('it waits'), 'boot')
        self.assertEqual(self.parts()['A'], 'applied')

    def test_a_container_that_starts_again_has_booted_though_its_boot_id_is_the_same(self):
        self.rollback('A')
        self.write('/proc/1/stat', STAT % 1000)
        self.change({SOMAXCONN: '4096'}, identifier='C')
        self.write('/proc/1/stat', STAT % 99000)
        self.write('/proc/sys/net/core/somaxconn', '777\n')  # what its new namespace begins with
        self.boots('C')
        self.assertEqual(self.value(SOMAXCONN), '777')

    def test_a_node_that_cannot_tell_its_boots_apart_undoes_at_once(self):
        self.rollback('A')
        os.unlink(self.root + '/proc/sys/kernel/random/boot_id')
        self.change({SOMAXCONN: '4096'}, identifier='C')
        self.boots('C')
        self.assertEqual(self.value(SOMAXCONN), '128')

    def waits(self, seconds, *uptimes):
        """For how long wait() sleeps at a time, on a node with these uptimes (s) when it begins and after each time."""
        known, slept = list(uptimes), []
        given, undo_program.procfs.read_uptime = undo_program.procfs.read_uptime, lambda tree, gaps: known.pop(0)
        try:
            undo_program.wait(seconds, slept.append)
        finally:
            undo_program.procfs.read_uptime = given
        return slept

    def test_what_the_node_itself_sleeps_is_waited_for_too(self):
        self.assertEqual(self.waits(25, 1000.0, 1010.0, 1020.0, 1025.0), [10, 10, 5])
        self.assertEqual(self.waits(400, 1000.0, 1010.0, 8000.0), [10, 10])
        self.assertEqual(self.waits(25, 1000.0, 1001.0, None, 1002.0), [10, 10, 5])
        self.assertEqual(self.waits(25, None, None, None, 1002.0), [10, 10, 5])
        self.assertEqual(self.waits(0, 1000.0), [])

    def boots(self, name):
        """The boot hook undoes this set without waiting."""
        self.call_at_boot(name)
        self.assertEqual(self.parts()[name], 'undone')

    def call_at_boot(self, name):
        program = [sys.executable, '-Es', '%s%s/change-sets/%s/undo.pyz' % (self.root, STATE, name), 'boot']
        self.assertEqual(subprocess.call(program), 0)

    def test_a_boot_waits_for_the_first_try_alone(self):
        """Before the time runs out, and where the store cannot be used: a child waits on."""
        self.call_at_boot('A')
        self.assertEqual(self.parts()['A'], 'pending')
        self.write('/proc/sys/kernel/random/boot_id', 'another\n')
        os.chmod(self.root + STATE, 0o777)
        self.call_at_boot('A')
        self.assertEqual(self.parts()['A'], 'pending')
        os.chmod(self.root + STATE, 0o700)
        self.call_at_boot('A')
        self.assertEqual(self.parts()['A'], 'undone')


class TestUnit(private_node.Case):
    """The unit runs before systemd-sysctl where the store is there before the network is."""

    def order(self, *generated):
        """What is said of systemd-sysctl in a unit for a store on a mount of its own, with these files of systemd."""
        os.makedirs(self.root + '/var/lib/no-detcp')
        for path in ('/run/systemd/system/here',) + generated:
            self.write(path, '')

        def act():
            changing.mount('none', '/var/lib/no-detcp', 0, 'tmpfs')
            said = ask({SOMAXCONN: '77'}, confirm_timeout=600, state_dir='/var/lib/no-detcp/x')
            with open('/etc/systemd/system/nodetcp-paws-undo-A.service') as unit:
                return [line.split('=')[0] for line in unit if 'systemd-sysctl' in line] or [said]
        return self.here(act)

    def test_a_local_mount(self):
        name = 'var-lib-no\\x2ddetcp.mount'
        self.assertEqual(self.order('/run/systemd/generator/local-fs.target.requires/' + name), ['Before'])

    def test_a_mount_that_may_need_the_network(self):
        self.assertEqual(self.order(), ['After'])


class TestReadOnlyDisk(private_node.Case):
    def test_running_values_are_restored_and_the_rest_once_it_can_be_written(self):
        os.makedirs(self.root + '/etc/cron.d')

        def undo(flags):
            for path in ('/etc', '/var/lib'):
                changing.mount(None, path, changing.MS_REMOUNT | changing.MS_BIND | flags)
            return [undo_program.undo(STATE, 'A'), values()[SOMAXCONN], os.path.exists(OURS)]

        def act():
            before = (values(), private_node.etc())
            for path in ('/etc', '/var/lib'):
                changing.mount(path, path, changing.MS_BIND)
            ask({SOMAXCONN: '77'}, confirm_timeout=600)
            ask({SOMAXCONN: '78'}, confirm_timeout=600)
            return [before[0][SOMAXCONN], undo(changing.MS_RDONLY), undo(0), (values(), private_node.etc()) == before]
        was, read_only, writable, as_before = self.here(act)
        self.assertEqual(read_only, [False, was, True])
        self.assertEqual(writable, [True, was, False])
        self.assertTrue(as_before)


if __name__ == '__main__':
    unittest.main()
