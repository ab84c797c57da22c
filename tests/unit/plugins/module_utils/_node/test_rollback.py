# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person's rollback restores, refuses and holds back."""

from __future__ import absolute_import, division, print_function

import os
import unittest

import changing
from _node.operations import change_set_info
from _node.readers import persisted, tree
from changing import OURS, RECYCLE, STATE, TIMESTAMPS

__metaclass__ = type

SOMAXCONN = 'net.core.somaxconn'


@unittest.skipIf(os.geteuid(), 'needs root: nothing else may own a store')
class Case(changing.NodeCase):
    def setUp(self):
        changing.NodeCase.setUp(self)
        self.node({RECYCLE: '1', TIMESTAMPS: '0', SOMAXCONN: '128'})
        self.write('/etc/sysctl.conf', 'a.b = 1\n' + RECYCLE + ' = 1\n')
        self.before = self.everything()

        self.home = self.root + STATE + '/change-sets/A'

    def record_files(self, start):
        """The names in A's directory that begin so."""
        return [name for name in os.listdir(self.home) if name.startswith(start)]

    def winners(self):
        found = persisted.observe(tree.Tree(self.root), [RECYCLE], set([RECYCLE]), None, {}).get(RECYCLE)
        return [entry and entry['value'] for entry in found['effective'].values()] if found else []


class TestRollback(Case):
    def test_nothing_to_undo(self):
        for name in ('latest', 'never-heard-of'):
            result = self.rollback(name)
            self.assertEqual((result['changed'], result['change_set'], result['restored']), (False, None, []))
        self.assertFalse(os.path.exists(self.root + STATE))

    def test_latest_is_the_newest_also_when_undone(self):
        self.apply('A', settings={SOMAXCONN: '1000'})
        self.apply('B', settings={SOMAXCONN: '2000'})
        self.assertEqual(self.rollback()['change_set'], 'B')
        again = self.rollback()
        self.assertEqual((again['change_set'], again['changed']), ('B', False))
        self.assertEqual(self.value(SOMAXCONN), '1000')

    def test_check_mode_tells_what_then_happens(self):
        for number, settings in enumerate(({SOMAXCONN: '1000', RECYCLE: '0'}, {SOMAXCONN: '1000'})):
            self.apply('S%d' % number, settings=settings)
            changed = self.everything()
            preview = self.rollback(check_mode=True)
            self.assertEqual(self.everything(), changed)
            real = self.rollback()
            for part in ('changed', 'diff', 'held', 'restored', 'change_set'):
                self.assertEqual(preview[part], real[part], part)
            self.assertEqual(real['notes'], [])  # nobody else changed anything
            self.write('/etc/sysctl.d/10-a.conf', 'a.b = 1\n')  # the directory need not be made the second time

    def test_unknown_id_on_a_node_with_sets(self):
        self.apply(settings={SOMAXCONN: '1000'})
        self.assertFalse(self.rollback('other')['changed'])
        self.assertEqual(self.value(SOMAXCONN), '1000')

    def test_directories_it_made_go_unless_somebody_uses_them(self):
        self.apply(settings={SOMAXCONN: '1000'})
        self.write('/etc/sysctl.d/mine.conf', 'a.b = 2\n')
        self.assertNotIn('failed', self.rollback())
        self.assertEqual(os.listdir(self.root + '/etc/sysctl.d'), ['mine.conf'])


class TestUnfinished(Case):
    def test_where_a_newer_part_cannot_be_undone_files_of_older_ones_wait_for_it(self):
        self.apply('A', settings={TIMESTAMPS: '1'})
        self.apply('A', settings={SOMAXCONN: '4096'})
        path = self.root + '/proc/sys/net/core/somaxconn'

        def step(name):
            if name.startswith('decision') and os.path.isfile(path):
                os.rename(path, path + '.away')
                os.mkdir(path)
        said = self.rollback('A', step)
        self.assertIn('not everything could be restored', said['msg'])
        self.assertEqual(self.value(TIMESTAMPS), '0')
        self.assertIn(TIMESTAMPS + ' = 1', self.text(OURS))
        os.rmdir(path)
        os.rename(path + '.away', path)
        self.rollback('A')
        self.assertEqual(self.everything(), self.before)

    def test_it_is_undone_first_even_where_it_left_all_as_it_is_wanted_now(self):
        """A run that was killed at its last step had done everything: what it did still is not its own to keep."""
        steps, wanted = [], {SOMAXCONN: '1000', RECYCLE: '0'}
        for name in ('first', 'measured'):
            del steps[:]
            self.apply(name, step=steps.append, settings=wanted)
            self.rollback(name, restore_unsafe=True)
        last = steps.index('state applied')
        self.assertTrue(changing.killed_after(last, lambda step: self.apply(step=step, settings=wanted)))
        preview = self.apply('B', settings=wanted, check_mode=True)
        done = self.apply('B', settings=wanted)
        self.assertEqual((preview['changed'], done['changed']), (True, True))
        self.assertIn('A was left unfinished', done['notes'][0])
        found = change_set_info.run({'root': self.root})['change_sets']
        self.assertEqual([(one['id'], one['state']) for one in found[:2]], [('B', 'applied'), ('A', 'undone')])
        self.rollback('B', restore_unsafe=True)
        self.assertEqual(self.everything(), self.before)

    def test_it_is_undone_although_its_file_is_masked_meanwhile(self):
        number = 1
        while changing.killed_after(number, lambda step: self.apply(step=step, settings={SOMAXCONN: '1000'})) and not (
                os.path.exists(self.root + OURS)):
            number += 1
        self.assertEqual(self.states()[0], 'applying')
        os.unlink(self.root + OURS)
        self.link(OURS, '/dev/null')
        preview = self.apply('B', settings={SOMAXCONN: '2000'}, check_mode=True)
        done = self.apply('B', settings={SOMAXCONN: '2000'})
        self.assertEqual((preview['changes'], preview['diff']), (done['changes'], done['diff']))
        self.assertIn('replaced it by a link to /dev/null', ' '.join(done['notes']))
        self.rollback('B')
        self.assertEqual(self.everything(), self.before)


class TestDrift(Case):
    def refused(self, word, name='A'):
        now = self.everything()
        for check_mode in (True, False):
            result = self.rollback(name, check_mode=check_mode)
            self.assertTrue(result['failed'])
            self.assertIn(word, result['msg'])
            self.assertTrue(result['drifted'])
            self.assertEqual(self.everything(), now)
        return result

    def test_changed_value(self):
        self.apply(settings={SOMAXCONN: '1000'})
        self.write('/proc/sys/net/core/somaxconn', '555\n')
        result = self.refused(SOMAXCONN)
        self.assertEqual([(entry['expected'], entry['found']) for entry in result['drifted']], [('1000', '555')])
        self.rollback(force=True)
        self.assertEqual(self.everything(), self.before)

    def test_changed_file_and_what_was_in_it_is_kept(self):
        self.apply(settings={RECYCLE: '0'})
        self.write('/etc/sysctl.conf', 'somebody else\n')
        result = self.refused('/etc/sysctl.conf')
        self.assertEqual([(entry['file'], entry['found']) for entry in result['drifted']],
                         [('/etc/sysctl.conf', 'changed')])
        result = self.rollback(force=True, restore_unsafe=True)
        self.assertEqual(self.everything(), self.before)
        kept = result['notes'][0].split(' is kept in ')[1]
        with open(kept) as handle:
            self.assertEqual(handle.read(), 'somebody else\n')

    def test_changed_file_whose_text_cannot_be_kept_is_restored_all_the_same_and_that_is_said(self):
        self.apply(settings={RECYCLE: '0'})
        self.write('/etc/sysctl.conf', 'somebody else\n')
        for name in self.record_files('after-'):
            os.makedirs(self.home + '/' + name.replace('after', 'found'))
        result = self.rollback(force=True, restore_unsafe=True)
        self.assertEqual(result['notes'], ['/etc/sysctl.conf: somebody changed it since; that text could not be kept'])
        self.assertEqual(self.everything(), self.before)

    def test_file_that_is_gone(self):
        self.apply(settings={RECYCLE: '0'})
        os.unlink(self.root + '/etc/sysctl.conf')
        result = self.refused('/etc/sysctl.conf')
        self.assertEqual([entry['found'] for entry in result['drifted']], ['gone'])
        self.rollback(force=True, restore_unsafe=True)
        self.assertEqual(self.everything(), self.before)

    def test_what_lies_there_instead_of_a_file_is_named_and_with_force_taken_away_itself(self):
        """A link to /dev/null is how sysctl.d(5) masks a file; where a link leads nothing is touched."""
        self.write('/etc/mine', 'mine\n')
        self.before = self.everything()
        for number, path in enumerate((OURS, '/etc/sysctl.conf') * 3):
            self.apply('S%d' % number, settings={RECYCLE: '0'})
            os.unlink(self.root + path)
            kind = ('a link to /dev/null', 'a link to /etc/mine', 'a device, a pipe or a socket')[number // 2]
            if kind.startswith('a link to '):
                self.link(path, kind[10:])
            else:
                os.mkfifo(self.root + path)
            result = self.refused('%s (replaced by %s)' % (path, kind), 'latest')
            self.assertEqual([(entry['file'], entry['found']) for entry in result['drifted']],
                             [(path, 'replaced by ' + kind)])
            preview = self.rollback(force=True, restore_unsafe=True, check_mode=True)
            real = self.rollback(force=True, restore_unsafe=True)
            self.assertEqual((preview['restored'], preview['diff']), (real['restored'], real['diff']))
            self.assertEqual(real['notes'], [path + ': somebody replaced it by %s since; that is taken away' % kind])
            self.assertEqual(self.everything(), self.before)

    def test_a_directory_it_made_that_is_a_link_now_stays(self):
        self.apply(settings={SOMAXCONN: '1000'})
        os.rename(self.root + '/etc/sysctl.d', self.root + '/etc/elsewhere')
        self.link('/etc/sysctl.d', 'elsewhere')
        self.assertNotIn('failed', self.rollback())
        self.assertEqual(os.listdir(self.root + '/etc/elsewhere'), [])
        self.assertTrue(os.path.islink(self.root + '/etc/sysctl.d'))

    def test_changed_mode(self):
        self.apply(settings={RECYCLE: '0'})
        os.chmod(self.root + '/etc/sysctl.conf', 0o600)
        self.refused('/etc/sysctl.conf')

    def test_restored_by_hand_is_no_drift(self):
        self.apply(settings={RECYCLE: '0'})
        self.write('/etc/sysctl.conf', 'a.b = 1\n' + RECYCLE + ' = 1\n')
        self.write('/proc/sys/net/ipv4/tcp_tw_recycle', '1\n')
        result = self.rollback(restore_unsafe=True)
        self.assertEqual([entry['file'] for entry in result['restored']], [OURS])
        self.assertEqual(self.everything(), self.before)

    def test_newer_set_touches_the_same(self):
        self.apply('A', settings={SOMAXCONN: '1000'})
        self.apply('B', settings={SOMAXCONN: '2000'})
        result = self.refused('change set B')
        self.assertIn('B', [entry['newer'] for entry in result['drifted']])
        self.rollback('B')
        self.rollback('A')
        self.assertEqual(self.everything(), self.before)

    def test_what_an_unfinished_newer_set_left_is_no_drift(self):
        self.apply('A', settings={SOMAXCONN: '1000'})

        def write_again(step):
            self.apply('B', step, settings={SOMAXCONN: '2000'})
        number = 1
        while changing.killed_after(number, write_again) and self.value(SOMAXCONN) != '2000':
            number += 1
        self.assertEqual(self.value(SOMAXCONN), '2000')
        preview = self.rollback('A', check_mode=True)
        self.assertEqual((preview.get('failed'), preview['changed'], preview['drifted']), (None, True, []))
        self.assertNotIn('failed', self.rollback('A'))
        self.assertEqual(self.everything(), self.before)

    def test_newer_set_of_other_things_does_not_matter(self):
        self.apply('A', settings={SOMAXCONN: '1000'}, file='/etc/sysctl.d/a.conf')
        self.apply('B', settings={TIMESTAMPS: '1'}, file='/etc/sysctl.d/b.conf')
        self.assertNotIn('failed', self.rollback('A'))
        self.assertEqual(self.value(SOMAXCONN), '128')
        self.assertEqual(self.value(TIMESTAMPS), '1')


class TestHeld(Case):
    def test_value_and_line_stay_off(self):
        self.apply(settings={RECYCLE: '0', TIMESTAMPS: '1'})
        result = self.rollback()
        self.assertEqual([(entry['what'], entry['file'], entry['line'], entry['value']) for entry in result['held']],
                         [('running', None, None, '1'), ('file', '/etc/sysctl.conf', 2, '1')])
        self.assertEqual(self.value(RECYCLE), '0')
        self.assertEqual(self.value(TIMESTAMPS), '0')
        self.assertEqual(self.winners(), [])
        self.assertEqual(self.rollback()['changed'], False)
        self.assertTrue(self.rollback(restore_unsafe=True)['changed'])
        self.assertEqual(self.everything(), self.before)

    def test_a_line_that_says_0_is_restored(self):
        text = RECYCLE + ' = 0\na.b = 1\n' + RECYCLE + ' = 1\n'
        self.write('/etc/sysctl.conf', text)
        self.apply(settings={RECYCLE: '0'})
        self.assertEqual([entry['line'] for entry in self.rollback()['held']], [None, 3])
        self.assertTrue(self.text('/etc/sysctl.conf').startswith(RECYCLE + ' = 0\na.b = 1\n# '))
        self.rollback(restore_unsafe=True)
        self.assertEqual(self.text('/etc/sysctl.conf'), text)

    def test_glob_and_package_stay_overridden(self):
        self.write('/usr/lib/sysctl.d/10-a.conf', RECYCLE + ' = 1\n')
        self.write('/etc/sysctl.d/20-a.conf', 'net.ipv4.tcp_tw_* = 1\n')
        self.before = self.everything()
        self.apply(settings={RECYCLE: '0', SOMAXCONN: '1000'})
        self.rollback()
        self.assertEqual(self.winners(), ['0', '0'])
        self.assertNotIn(SOMAXCONN, self.text(OURS))
        self.rollback(restore_unsafe=True)
        self.assertEqual(self.everything(), self.before)

    def test_a_link_in_the_place_of_the_file_that_overrides_goes(self):
        self.write('/usr/lib/sysctl.d/10-a.conf', RECYCLE + ' = 1\n')
        self.before = self.everything()
        self.apply(settings={RECYCLE: '0', SOMAXCONN: '1000'})
        os.unlink(self.root + OURS)
        self.link(OURS, '/dev/null')
        self.rollback(force=True)
        self.assertEqual(self.winners(), ['0', '0'])
        self.assertFalse(os.path.islink(self.root + OURS))
        self.rollback(restore_unsafe=True)
        self.assertEqual(self.everything(), self.before)

    def test_undone_a_second_time_it_is_said_again_what_is_held_until_it_is_asked_for(self):
        self.apply(settings={RECYCLE: '0'})
        first = self.rollback()
        self.assertEqual([entry['key'] for entry in first['held']], [RECYCLE] * 2)
        for check_mode in (True, False):
            again = self.rollback(check_mode=check_mode)
            self.assertEqual((again['changed'], again['held'], self.value(RECYCLE)), (False, first['held'], '0'))
        last = self.rollback(restore_unsafe=True)
        self.assertEqual((last['changed'], last['held']), (True, []))
        self.assertEqual(self.rollback()['held'], [])
        self.assertEqual(self.everything(), self.before)

    def test_killed_while_holding_back(self):
        number, killed = 0, True
        while killed:
            number += 1
            self.apply('S%d' % number, settings={RECYCLE: '0', TIMESTAMPS: '1'})
            killed = changing.killed_after(number, lambda step: self.rollback(step=step))
            self.rollback()
            self.assertEqual(self.value(RECYCLE), '0', number)
            self.assertEqual(self.value(TIMESTAMPS), '0', number)
            self.assertEqual(self.winners(), [], number)
            self.rollback(restore_unsafe=True)
            self.assertEqual(self.everything(), self.before, number)
        self.assertGreater(number, 5)

    def test_nothing_is_held_on_a_kernel_without_the_key(self):
        os.unlink(self.root + '/proc/sys/net/ipv4/tcp_tw_recycle')
        self.write('/proc/sys/kernel/osrelease', '5.14.0\n')
        before = self.everything()
        self.apply(absent=[RECYCLE])
        self.assertEqual(self.rollback()['held'], [])
        self.assertEqual(self.everything(), before)


if __name__ == '__main__':
    unittest.main()
