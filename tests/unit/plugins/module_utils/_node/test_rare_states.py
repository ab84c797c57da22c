# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes on nodes in states that are rare: what lies in the way is named, and nothing is left half done."""

from __future__ import absolute_import, division, print_function

import json
import os
import signal
import subprocess
import sys
import unittest

import changing
from _node.operations import apply, change_set_info, confirm, forget, rollback
from _node.readers import tree
from _node.transaction import undo_program
from changing import OURS, RECYCLE, STATE, TIMESTAMPS, killed_after

__metaclass__ = type

SOMAXCONN = 'net.core.somaxconn'
EL7 = '3.10.0-1160.el7.x86_64'


@unittest.skipIf(os.geteuid(), 'needs root: nothing else may own a store')
class Case(changing.NodeCase):
    def setUp(self):
        changing.NodeCase.setUp(self)
        self.node({RECYCLE: '1', TIMESTAMPS: '0', SOMAXCONN: '128'})


class TestTheUndoOfTheNodeItself(Case):
    """What undo.pyz does, called here and not as the program that it is on a node."""

    def setUp(self):
        Case.setUp(self)
        os.makedirs(self.root + '/etc/cron.d')
        self.before = self.everything()
        self.apply(settings={SOMAXCONN: '4096'}, confirm_timeout=600)

    def undo(self):
        return undo_program.undo(self.root + STATE, 'A')

    def test_what_nobody_confirmed(self):
        self.assertTrue(self.undo())
        self.assertEqual(self.everything(), self.before)
        self.assertEqual(self.states(), ['undone'])
        self.assertTrue(self.undo())

    def test_what_was_confirmed_stays(self):
        confirm.run({'root': self.root})
        self.assertTrue(self.undo())
        self.assertEqual(self.value(SOMAXCONN), '4096')

    def test_another_set_is_not_its_business(self):
        self.assertTrue(undo_program.undo(self.root + STATE, 'B'))
        self.assertEqual(self.states(), ['pending'])

    def test_a_store_that_is_gone(self):
        rollback.run({'root': self.root, 'change_set': 'A'}, live=True)
        forget.run({'root': self.root})
        self.assertTrue(self.undo())

    def test_what_cannot_be_undone_now_is_tried_again(self):
        path = self.root + '/proc/sys/net/core/somaxconn'
        os.rename(path, path + '.away')
        os.mkdir(path)
        self.assertFalse(self.undo())
        self.assertEqual(self.states(), ['undoing'])
        os.rmdir(path)
        os.rename(path + '.away', path)
        self.assertTrue(self.undo())
        self.assertEqual(self.everything(), self.before)

    def test_as_a_program(self):
        given, sys.argv = sys.argv, [self.root + STATE + '/change-sets/A/undo.pyz', 'watch', '0']
        try:
            undo_program.run_here()
        finally:
            sys.argv = given
        self.assertEqual(self.everything(), self.before)


class TestConfirmation(Case):
    def test_without_a_clock_since_boot_the_time_of_day_counts(self):
        os.makedirs(self.root + '/etc/cron.d')
        os.unlink(self.root + '/proc/uptime')
        before = self.everything()
        wanted = {'root': self.root, 'settings': {SOMAXCONN: '4096'}, 'confirm_timeout': 600}
        apply.run(dict(wanted, change_set='A'), live=True)
        self.assertTrue(confirm.run({'root': self.root})['changed'])
        self.rollback()
        apply.run(dict(wanted, change_set='B'), live=True, now=lambda: 0)
        self.refuses('too late', lambda: confirm.run({'root': self.root}))
        self.assertEqual(self.everything(), before)

    def test_a_clock_since_boot_that_goes_meanwhile(self):
        os.makedirs(self.root + '/etc/cron.d')
        self.apply(settings={SOMAXCONN: '4096'}, confirm_timeout=600)
        os.unlink(self.root + '/proc/uptime')
        self.assertTrue(confirm.run({'root': self.root})['changed'])

    def test_questions_without_an_answer(self):
        self.assertEqual(confirm.run({'root': self.root}), {'changed': False, 'change_set': None})
        self.refuses('is not a valid id', lambda: confirm.run({'root': self.root, 'change_set': '../A'}))
        self.apply(settings={SOMAXCONN: '4096'})
        self.assertEqual(confirm.run({'root': self.root, 'change_set': 'B'}), {'changed': False, 'change_set': None})

    def test_an_image_cannot_wait(self):
        self.refuses('nothing runs in', lambda: apply.run(
            {'root': self.root, 'settings': {SOMAXCONN: '1'}, 'change_set': 'A', 'confirm_timeout': 5}))

    def test_a_store_with_one_that_waits_is_not_forgotten(self):
        os.makedirs(self.root + '/etc/cron.d')
        self.apply(settings={SOMAXCONN: '4096'}, confirm_timeout=600)
        self.refuses('waits for its confirmation', lambda: forget.run({'root': self.root, 'keep_settings': True}))
        self.rollback()

    def test_a_stranger_with_the_pid_of_the_process_that_waited_is_not_ended(self):
        os.makedirs(self.root + '/etc/cron.d')
        self.apply(settings={SOMAXCONN: '4096'}, confirm_timeout=600)
        known = json.loads(self.text(STATE + '/change-sets/A/watchdog.json'))
        stranger = subprocess.Popen([sys.executable, '-c', 'import sys; sys.stdin.read()'], stdin=subprocess.PIPE)
        self.write(STATE + '/change-sets/A/watchdog.json', json.dumps(dict(known, pid=stranger.pid, start=1)))
        self.assertTrue(confirm.run({'root': self.root})['changed'])
        stranger.communicate()
        self.assertEqual(stranger.returncode, 0)

    def test_a_hook_that_cannot_be_taken_away_is_named(self):
        os.makedirs(self.root + '/etc/cron.d')
        self.apply(settings={SOMAXCONN: '4096'}, confirm_timeout=600)
        hook, = os.listdir(self.root + '/etc/cron.d')
        os.unlink(self.root + '/etc/cron.d/' + hook)
        os.mkdir(self.root + '/etc/cron.d/' + hook)
        self.refuses(hook, lambda: confirm.run({'root': self.root}))
        os.rmdir(self.root + '/etc/cron.d/' + hook)
        self.rollback()


class TestQuestions(Case):
    def test_change_sets_by_id(self):
        for name in ('A', 'B'):
            self.apply(name, settings={SOMAXCONN: {'A': '1', 'B': '2'}[name]})

        def asked(name):
            return [one['id'] for one in change_set_info.run({'root': self.root, 'change_set': name})['change_sets']]
        self.assertEqual((asked(None), asked('latest'), asked('A'), asked('C')), (['B', 'A'], ['B'], ['A'], []))
        self.refuses('is not a valid id', lambda: asked('x/y'))

    def test_the_audit_tells_of_the_sets_or_why_it_cannot(self):
        self.apply(settings={SOMAXCONN: '4096'})
        unavailable = {}
        found = change_set_info.observe(tree.Tree(self.root), unavailable)
        self.assertEqual([(one['id'], one['state'], one['changes']) for one in found], [('A', 'applied', 2)])
        self.assertEqual(unavailable, {})
        os.chmod(self.root + STATE, 0o777)
        self.assertEqual(change_set_info.observe(tree.Tree(self.root), unavailable), [])
        self.assertIn('obeyed', unavailable[STATE])

    def test_a_record_of_a_newer_version_or_none(self):
        self.apply(settings={SOMAXCONN: '4096'})
        record = STATE + '/change-sets/A/record.json'
        for text, words in (('{"schema": 2}', 'newer version'), ('{', 'cannot be read'), ('[]', 'cannot be read')):
            self.write(record, text)
            self.refuses(words, lambda: change_set_info.run({'root': self.root}))
            self.refuses(words, self.rollback)
        os.unlink(self.root + record)
        os.symlink('/etc/hostname', self.root + record)
        self.refuses('obeyed', self.rollback)
        self.assertEqual(self.value(SOMAXCONN), '4096')

    def test_what_an_interrupted_recording_left_is_swept(self):
        self.apply(settings={SOMAXCONN: '4096'})
        for name in ('.new-B', '.old-C'):
            self.write(STATE + '/change-sets/%s/record.json' % name, '{')
        self.rollback()
        self.assertEqual(os.listdir(self.root + STATE + '/change-sets'), ['A'])

    def test_preview_of_a_rollback_before_which_another_is_undone(self):
        self.apply(settings={SOMAXCONN: '4096'})
        killed_after(9, lambda step: self.apply('B', step=step, settings={SOMAXCONN: '5000'}))
        preview = self.rollback('A', check_mode=True)
        self.assertIn('B is unfinished', preview['notes'][0])
        self.assertIn('B was left unfinished', self.rollback('A')['notes'][0])
        self.assertEqual(self.value(SOMAXCONN), '128')

    def test_preview_after_a_rollback_that_was_killed_while_it_held_back(self):
        self.write('/etc/sysctl.conf', RECYCLE + ' = 1\n')
        self.apply(settings={RECYCLE: '0', TIMESTAMPS: '1'})
        killed_after(5, lambda step: self.rollback(step=step))
        self.assertEqual(self.states(), ['undoing'])
        preview = self.apply('B', check_mode=True, settings={RECYCLE: '0', SOMAXCONN: '9'})
        real = self.apply('B', settings={RECYCLE: '0', SOMAXCONN: '9'})
        self.assertEqual(preview['diff'], real['diff'])
        self.assertEqual(self.value(RECYCLE), '0')


class TestObstacles(Case):
    def test_a_file_that_leads_out_of_etc(self):
        self.write('/usr/lib/sysctl.d/50-x.conf', 'a.b = 1\n')
        self.link('/etc/sysctl.d/90-x.conf', '../../usr/lib/sysctl.d/50-x.conf')
        self.refuses('is not written', lambda: self.apply(settings={SOMAXCONN: '1'}, file='/etc/sysctl.d/90-x.conf'))
        for file in ('/tmp/x.conf', '/etc/../tmp/x.conf'):
            self.refuses('does not lie under /etc', self.apply, settings={SOMAXCONN: '1'}, file=file)

    def test_a_glob_in_the_file_that_procps_reads_last(self):
        self.write('/etc/sysctl.conf', 'net.core.somax* = 5\n')
        self.apply(settings={SOMAXCONN: '4096'})
        self.assertEqual(self.effective(SOMAXCONN), ['4096', '4096'])
        self.assertEqual(self.text('/etc/sysctl.conf'), 'net.core.somax* = 5\n')

    def effective(self, key):
        from _node.readers import persisted
        found = persisted.observe(tree.Tree(self.root), [key], set([key]), EL7, {})[key]['effective']
        return [found['systemd']['value'], found['procps']['value']]

    def test_a_file_of_the_running_system_stays_and_is_named(self):
        self.write('/proc/sys/kernel/osrelease', '5.14.0-427.el9.x86_64\n')
        os.unlink(self.root + '/proc/sys/net/ipv4/tcp_tw_recycle')
        self.write('/etc/sysctl.d/10-a.conf', 'net.ipv4.tcp_tw_re* = 1\n')
        self.write('/usr/lib/sysctl.d/20-b.conf', RECYCLE + ' = 1\n')
        self.link('/etc/sysctl.d/30-b.conf', '../../usr/share/b.conf')
        self.write('/usr/share/b.conf', RECYCLE + ' = 1\n')
        result = self.apply(absent=[RECYCLE])
        self.assertTrue(any('belongs to the system' in note for note in result['notes']), result['notes'])
        self.assertEqual(self.text('/etc/sysctl.d/20-b.conf'), '')
        self.assertEqual(self.text('/usr/share/b.conf'), RECYCLE + ' = 1\n')

    def test_settings_that_are_no_text(self):
        for value in (None, [1], {'a': 1}, False):
            self.refuses('number or text', self.apply, settings={SOMAXCONN: value})

    def test_a_value_that_cannot_be_read(self):
        os.unlink(self.root + '/proc/sys/net/core/somaxconn')
        os.mkdir(self.root + '/proc/sys/net/core/somaxconn')
        self.refuses(SOMAXCONN, lambda: self.apply(settings={SOMAXCONN: '1'}))
        self.assertEqual(self.states(), [])

    def test_a_boot_image_with_a_copy_is_named_with_its_command(self):
        for image, hook, text, command in (
                ('initramfs-%s.img', '/usr/lib/dracut/modules.d/x', '', 'dracut -f'),
                ('initrd.img-%s', '/etc/initramfs-tools/hooks/x', 'copy_file /etc/sysctl.conf', 'update-initramfs -u'),
                ('initrd.img-%s', '/etc/initramfs-tools/hooks/x', 'nothing of it', None),
                ('initrd.img-%s', '/etc/hostname', 'no hooks', None)):
            self.write('/boot/' + image % EL7, '')
            self.write(hook, text)
            self.write('/etc/sysctl.conf', RECYCLE + ' = 1\n')
            self.write('/proc/sys/net/ipv4/tcp_tw_recycle', '1\n')
            notes = self.apply(check_mode=True, settings={RECYCLE: '0'})['notes']
            self.assertEqual([note.split('`')[1] for note in notes], [command] if command else [])
            os.unlink(self.root + '/boot/' + image % EL7)
            os.unlink(self.root + hook)

    def test_a_kernel_that_no_longer_has_the_value_is_told_at_the_undo(self):
        self.apply(settings={SOMAXCONN: '4096'})
        os.unlink(self.root + '/proc/sys/net/core/somaxconn')
        result = self.rollback()
        self.assertIn('no longer has it', result['notes'][0])
        self.assertFalse(os.path.exists(self.root + OURS))

    def test_a_file_that_cannot_be_restored_is_named_and_tried_again(self):
        self.write('/etc/sysctl.conf', RECYCLE + ' = 1\n')
        before = self.everything()
        self.apply(settings={RECYCLE: '0'})
        os.rename(self.root + '/etc/sysctl.conf', self.root + '/kept')
        os.mkdir(self.root + '/etc/sysctl.conf')
        self.refuses('not a regular file', lambda: self.rollback(restore_unsafe=True, force=True))
        os.rmdir(self.root + '/etc/sysctl.conf')
        os.rename(self.root + '/kept', self.root + '/etc/sysctl.conf')
        self.rollback(restore_unsafe=True)
        self.assertEqual(self.everything(), before)

    def test_a_state_that_cannot_be_written_is_said_and_the_undo_made_again(self):
        for name, at, state in (('A', 'decision recorded', 'applied'), ('B', 'state undoing', 'undoing')):
            self.apply(name, settings={SOMAXCONN: '4096'})
            path = self.root + STATE + '/change-sets/%s/state.%s' % (name, state)

            def step(done, at=at, path=path):
                if done == at:
                    os.rename(path, path + '.away')
            notes = self.rollback(step=step)['notes']
            self.assertTrue(notes[0].startswith(name + ': its state could not be written: '), notes)
            self.assertEqual(self.value(SOMAXCONN), '128')
            os.rename(path + '.away', path)
            self.assertEqual(self.states()[0], state)
            self.rollback()
            self.assertEqual(self.states()[0], 'undone')

    def test_a_timer_that_cannot_be_recorded_undoes_the_change_at_once(self):
        os.makedirs(self.root + '/etc/cron.d')
        before = self.everything()

        def step(name):
            if name == 'change set recorded':
                os.mkdir(self.root + STATE + '/change-sets/A/watchdog.json.new')
        result = self.apply(step=step, settings={SOMAXCONN: '4096'}, confirm_timeout=600)
        self.assertIn('watchdog.json of A: ', result['msg'])
        self.assertEqual(self.everything(), before)

    def test_signals_mean_afterwards_what_they_meant_before(self):
        heard, before = [], signal.signal(signal.SIGTERM, lambda *_given: heard.append(1))
        self.addCleanup(signal.signal, signal.SIGTERM, before)

        def step(name):
            if name == 'change set recorded':
                os.kill(os.getpid(), signal.SIGTERM)
        self.apply(step=step, settings={SOMAXCONN: '4096'})
        self.assertEqual((self.value(SOMAXCONN), heard), ('4096', []))
        os.kill(os.getpid(), signal.SIGTERM)
        self.assertEqual(heard, [1])


class TestMeanwhile(Case):
    """What somebody else does while a change is made, and what then cannot be done."""

    def change(self, at, act, **more):
        """A change in whose course act() happens, once the step named `at` is done."""
        def step(name):
            if name == at:
                act()
        return self.apply(step=step, settings={SOMAXCONN: '4096'}, **more)

    def test_a_value_that_somebody_else_writes(self):
        before = self.everything()
        result = self.change(SOMAXCONN + ' in host done', lambda: self.write('/proc/sys/net/core/somaxconn', '5\n'))
        self.assertIn('it reads 5 and not 4096 after the change', result['msg'])
        self.assertEqual(self.everything(), before)
        self.assertEqual(self.states(), ['undone'])

    def test_a_file_that_somebody_else_writes(self):
        result = self.change(OURS + ' done', lambda: self.write('/etc/sysctl.d/99-zzz.conf', SOMAXCONN + ' = 5\n'))
        self.assertIn(SOMAXCONN + ' would not be 4096 at the next boot: /etc/sysctl.d/99-zzz.conf:1', result['msg'])
        self.assertEqual(self.value(SOMAXCONN), '128')
        self.assertFalse(os.path.exists(self.root + OURS))

    def test_what_cannot_be_restored_is_named_and_the_next_run_does_it(self):
        before = self.everything()
        path = self.root + '/proc/sys/net/core/somaxconn'

        def block():
            os.rename(path, self.root + '/away')
            os.mkdir(path)
        result = self.change(OURS + ' done', block)
        self.assertIn('NOT everything could be restored', result['msg'])
        self.assertIn(SOMAXCONN, result['not_restored'][0])
        self.assertTrue(result['changed'])
        self.assertEqual(self.states(), ['undoing'])
        self.refuses('could not be undone', self.apply, identifier='B', settings={TIMESTAMPS: '1'})
        os.rmdir(path)
        os.rename(self.root + '/away', path)
        self.apply('B', settings={TIMESTAMPS: '1'})
        self.assertEqual(self.states(), ['applied', 'undone'])
        self.rollback('B')
        self.assertEqual(self.everything(), before)

    def test_an_old_set_that_cannot_be_removed_is_named_and_goes_with_the_next_run(self):
        self.apply('old', settings={TIMESTAMPS: '1'})
        result = self.change('state applied', lambda: self.write(STATE + '/change-sets/.old-old/x', ''), keep=1)
        self.assertIs(result['changed'], True)
        self.assertIn('an old change set could not be removed: %s/change-sets/old: ' % STATE, result['notes'][-1])
        self.assertEqual(self.states(), ['applied', 'applied'])
        self.apply('B', settings={SOMAXCONN: '5000'}, keep=1)
        self.assertEqual(self.states(), ['applied'])

    def test_a_store_whose_path_no_hook_could_name(self):
        os.makedirs(self.root + '/etc/cron.d')
        self.refuses('blanks or quotes', self.apply, settings={SOMAXCONN: '4096'}, confirm_timeout=600,
                     state_dir='/var/lib/a b')


class TestDiff(Case):
    """What --diff shows of a change and of its undo: every running value, every file, before and after."""

    def test_values_and_files_there_and_back(self):
        text = 'a.b = 1\n' + RECYCLE + ' = 1\n'
        self.write('/etc/sysctl.conf', text)
        done = self.apply(settings={RECYCLE: '0', SOMAXCONN: '4096'})['diff']
        self.assertEqual([part['before_header'] for part in done], ['running values', OURS, '/etc/sysctl.conf'])
        self.assertEqual(done[0]['before'], RECYCLE + ' = 1\n' + SOMAXCONN + ' = 128\n')
        self.assertEqual(done[0]['after'], RECYCLE + ' = 0\n' + SOMAXCONN + ' = 4096\n')
        self.assertEqual((done[1]['before'], done[1]['after']), ('', self.text(OURS)))
        self.assertEqual((done[2]['before'], done[2]['after']), (text, self.text('/etc/sysctl.conf')))
        back = self.rollback(restore_unsafe=True)['diff']
        shown = dict((part['before_header'], (part['before'], part['after'])) for part in back)
        values = [(part['before'], part['after']) for part in back if part['before_header'] == 'running values']
        self.assertEqual(sorted(values), [(SOMAXCONN + ' = 4096\n', SOMAXCONN + ' = 128\n'),
                                          (RECYCLE + ' = 0\n', RECYCLE + ' = 1\n')])
        self.assertEqual(shown['/etc/sysctl.conf'], (done[2]['after'], text))
        self.assertEqual(shown[OURS], (done[1]['after'], ''))


if __name__ == '__main__':
    unittest.main()
