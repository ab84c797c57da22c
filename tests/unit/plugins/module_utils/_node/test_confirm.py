# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commit-confirm: a node undoes by itself what nobody confirms, by its timer, at its next boot, after a kill."""

from __future__ import absolute_import, division, print_function

import os
import subprocess
import time
import unittest

import changing
from _node import errors
from _node.operations import change_set_info, confirm
from changing import RECYCLE, STATE, killed_after

__metaclass__ = type

SOMAXCONN = 'net.core.somaxconn'
PATIENCE_S = 60


@unittest.skipIf(os.geteuid(), 'needs root: nothing else may own a store')
class TestConfirm(changing.NodeCase):
    def setUp(self):
        changing.NodeCase.setUp(self)
        self.node({SOMAXCONN: '128', RECYCLE: '1'})
        self.write('/etc/sysctl.conf', RECYCLE + ' = 1\n')
        os.makedirs(self.root + '/etc/cron.d')
        self.look()

    def look(self):
        """What is there before the change."""
        self.before, self.files = self.everything(), changing.everything(self.root + '/etc')

    def change(self, seconds, identifier='A', **more):
        return self.apply(identifier, settings={SOMAXCONN: '4096', RECYCLE: '0'}, confirm_timeout=seconds, **more)

    def state(self):
        return change_set_info.run({'root': self.root})['change_sets'][0]['state']

    def wait_for(self, state):
        limit = time.time() + PATIENCE_S
        while self.state() != state and time.time() < limit:
            time.sleep(0.05)
        self.assertEqual(self.state(), state)

    def watchdog(self):
        """The pids of the processes that wait to undo something below this root."""
        found = []
        for pid in os.listdir('/proc'):
            try:
                with open('/proc/%s/cmdline' % pid, 'rb') as handle:
                    if handle.read().find((self.root + STATE).encode('utf-8')) >= 0:
                        found.append(int(pid))
            except (IOError, OSError):
                pass
        return found

    def test_undone_by_itself(self):
        self.assertTrue(self.change(1)['changed'])
        self.wait_for('undone')
        self.assertEqual(self.everything(), self.before)
        with self.assertRaises(errors.Refused) as caught:
            confirm.run({'root': self.root})
        self.assertIn('has been undone', str(caught.exception))

    def test_undone_by_itself_after_a_kill_in_the_middle(self):
        steps = []
        self.change(600, 'measure', step=steps.append)
        self.rollback(restore_unsafe=True)
        middle = steps.index('timer started') + 3
        self.assertTrue(killed_after(middle, lambda step: self.change(4, 'B', step=step)))
        self.assertEqual(self.state(), 'applying')
        self.assertNotEqual(self.everything(), self.before)
        self.wait_for('undone')
        self.assertEqual(self.everything(), self.before)

    def test_undone_at_boot(self):
        self.change(600)
        hook, = os.listdir(self.root + '/etc/cron.d')
        lines = self.text('/etc/cron.d/' + hook).splitlines()
        words = lines[-1].split()
        self.assertEqual(words[:2], ['@reboot', 'root'])
        self.after_a_boot(words[2:])
        self.assertEqual(self.state(), 'undone')
        self.assertEqual(self.watchdog(), [])

    def after_a_boot(self, command):
        """The files are as they were before the change; the hook writes no value."""
        loaded = (self.value(SOMAXCONN), self.value(RECYCLE))
        self.write('/proc/sys/kernel/random/boot_id', 'another\n')
        self.assertEqual(subprocess.call(command, cwd='/'), 0)
        self.assertEqual(changing.everything(self.root + '/etc'), self.files)
        self.assertEqual((self.value(SOMAXCONN), self.value(RECYCLE)), loaded)

    def test_the_program_waits_as_long_as_it_is_told(self):
        self.change(600)
        hook, = os.listdir(self.root + '/etc/cron.d')
        program = self.text('/etc/cron.d/' + hook).splitlines()[-1].split()[2:-1]
        began = time.time()
        self.assertEqual(subprocess.call(program + ['watch', '1.5'], cwd='/'), 0)
        self.assertGreaterEqual(time.time() - began, 1.5)
        self.assertEqual(self.state(), 'undone')

    def test_kept_when_confirmed(self):
        self.change(600)
        limit = time.time() + PATIENCE_S  # it has forked, and may be yet to exec
        while not self.watchdog() and time.time() < limit:
            time.sleep(0.05)
        self.assertEqual(len(self.watchdog()), 1)
        with self.assertRaises(errors.Refused) as caught:
            self.apply('B', settings={SOMAXCONN: '1'})
        self.assertIn('waits for its confirmation', str(caught.exception))
        self.assertTrue(confirm.run({'root': self.root, 'check_mode': True})['changed'])
        self.assertEqual(self.state(), 'pending')
        self.assertEqual(confirm.run({'root': self.root}), {'changed': True, 'change_set': 'A'})
        self.assertEqual(confirm.run({'root': self.root}), {'changed': False, 'change_set': 'A'})
        self.assertEqual(os.listdir(self.root + '/etc/cron.d'), [])
        self.assertEqual(self.value(SOMAXCONN), '4096')
        self.assertEqual(self.wait_for_no_watchdog(), [])
        self.rollback(restore_unsafe=True)
        self.assertEqual(self.everything(), self.before)

    def wait_for_no_watchdog(self):
        limit = time.time() + PATIENCE_S
        while self.watchdog() and time.time() < limit:
            time.sleep(0.05)
        return self.watchdog()

    def test_killed_while_confirming(self):
        for number in (1, 2):
            name = 'C%d' % number
            self.change(600, name)
            self.assertTrue(killed_after(number, lambda step: confirm.run({'root': self.root}, step)))
            self.assertEqual(self.state(), 'applied')
            confirm.run({'root': self.root})
            self.assertEqual(os.listdir(self.root + '/etc/cron.d'), [])
            self.rollback(name, restore_unsafe=True)
            self.assertEqual(self.everything(), self.before)

    def program(self, name='A'):
        return os.path.exists('%s%s/change-sets/%s/undo.pyz' % (self.root, STATE, name))

    def test_the_program_goes_with_the_time(self):
        self.change(600)
        self.assertTrue(self.program())
        confirm.run({'root': self.root})
        self.assertFalse(self.program())
        self.rollback(restore_unsafe=True)
        self.change(1, 'B')
        self.wait_for('undone')
        changing.wait_until(lambda: not self.program('B'))

    def test_the_program_of_a_run_that_was_killed_goes_with_the_next_one(self):
        self.change(600)
        self.assertTrue(killed_after(1, lambda step: confirm.run({'root': self.root}, step)))
        os.unlink(self.root + '/etc/cron.d/' + os.listdir(self.root + '/etc/cron.d')[0])
        self.assertTrue(self.program())
        self.apply('B', settings={SOMAXCONN: '5000'})
        self.assertFalse(self.program())

    def test_too_late_undoes_at_once(self):
        self.change(600)
        self.write('/proc/uptime', '99999.00 1.00\n')
        with self.assertRaises(errors.Refused) as caught:
            confirm.run({'root': self.root})
        self.assertIn('too late', str(caught.exception))
        self.write('/proc/uptime', '1000.00 2000.00\n')
        self.assertEqual(self.everything(), self.before)

    def test_a_boot_id_that_cannot_be_read_is_no_missing_confirmation(self):
        self.change(600)
        os.unlink(self.root + '/proc/sys/kernel/random/boot_id')
        self.assertTrue(confirm.run({'root': self.root})['changed'])
        self.assertEqual(self.state(), 'applied')
        self.write('/proc/sys/kernel/random/boot_id', '11111111-2222\n')
        self.rollback('A', restore_unsafe=True)
        self.assertEqual(self.everything(), self.before)

    def test_same_id_may_go_on_and_is_confirmed_as_a_whole(self):
        self.change(600)
        self.apply('A', settings={'net.core.somaxconn': '5000'}, confirm_timeout=600)
        self.assertTrue(confirm.run({'root': self.root, 'change_set': 'A'})['changed'])
        self.assertEqual(self.state(), 'applied')
        self.rollback('A', restore_unsafe=True)
        self.assertEqual(self.everything(), self.before)

    def test_systemd_hook(self):
        os.makedirs(self.root + '/etc/systemd/system')
        self.hooked()

    def test_systemd_hook_where_nobody_has_put_a_unit_yet(self):
        self.hooked()

    def hooked(self):
        """The change leaves a unit that undoes it, and undoing it leaves nothing."""
        os.makedirs(self.root + '/run/systemd/system')
        self.look()
        self.change(600)
        unit, = [name for name in os.listdir(self.root + '/etc/systemd/system') if name.endswith('.service')]
        text = self.text('/etc/systemd/system/' + unit)
        command, = [line for line in text.splitlines() if line.startswith('ExecStart=')]
        self.assertIn('Before=systemd-sysctl.service network-pre.target', text)
        self.assertIn('IgnoreOnIsolate=yes', text.splitlines())
        wants, = os.listdir(self.root + '/etc/systemd/system/multi-user.target.d')
        self.assertIn('Wants=' + unit, self.text('/etc/systemd/system/multi-user.target.d/' + wants))
        self.after_a_boot(command[len('ExecStart='):].split())

    def test_node_without_a_way_to_undo_is_refused(self):
        os.rmdir(self.root + '/etc/cron.d')
        with self.assertRaises(errors.Refused):
            self.change(600)
        self.assertFalse(os.path.exists(self.root + STATE + '/change-sets/A'))


if __name__ == '__main__':
    unittest.main()
