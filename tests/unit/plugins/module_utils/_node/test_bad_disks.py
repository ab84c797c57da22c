# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Undoing on a node whose disk is full, read-only or damaged: all that can be restored is, and the rest is said."""

from __future__ import absolute_import, division, print_function

import errno
import json
import os
import shutil
import unittest

import changing
import private_node
from _node import errors
from _node.operations import apply, change_set_info, confirm, forget, rollback
from changing import RECYCLE, STATE
from private_node import TWELVE, ask, etc, values

__metaclass__ = type

FIN, SOMAXCONN = 'net.ipv4.tcp_fin_timeout', 'net.core.somaxconn'


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


@unittest.skipIf(os.geteuid(), 'needs root: nothing else may own a store')
class TestBlobs(changing.NodeCase):
    """A file of the record that cannot be read, or is gone, costs one file, and not the others."""

    def setUp(self):
        changing.NodeCase.setUp(self)
        self.node({FIN: '60', SOMAXCONN: '128'})
        self.write('/etc/sysctl.conf', FIN + ' = 1\n')
        self.write('/etc/sysctl.d/10-a.conf', SOMAXCONN + ' = 1\n')
        self.before = self.everything()
        self.apply(settings={FIN: '30', SOMAXCONN: '4096'}, file='/etc/sysctl.d/zz.conf')
        self.home = self.root + STATE + '/change-sets/A/'
        record = json.loads(self.text(STATE + '/change-sets/A/record.json'))
        self.number = [item.get('path') for item in record['items']].index('/etc/sysctl.conf')

    def damage(self, side, gone):
        """The blob of /etc/sysctl.conf is gone, or a directory, which open(2) opens and read(2) cannot read."""
        name = self.home + '%s-%d' % (side, self.number)
        os.rename(name, self.root + '/kept')
        if not gone:
            os.mkdir(name)

    def mend(self, side, gone):
        name = self.home + '%s-%d' % (side, self.number)
        if not gone:
            os.rmdir(name)
        os.rename(self.root + '/kept', name)

    def test_a_file_whose_content_before_is_lost_stays_and_the_rest_is_restored(self):
        for gone in (True, False):
            self.damage('before', gone)
            preview = self.rollback('A', check_mode=True)
            real = self.rollback('A')
            self.assertIn('/etc/sysctl.conf: ', ' '.join(preview['notes']))
            self.assertEqual(preview['restored'], real['restored'])
            self.assertTrue(real['failed'])
            self.assertIn('/etc/sysctl.conf: ', real['msg'])
            self.assertIn('# disabled by nodetcp.paws: ' + FIN, self.text('/etc/sysctl.conf'))
            self.assertEqual((self.value(FIN), self.value(SOMAXCONN)), ('60', '128'))
            self.assertEqual(self.text('/etc/sysctl.d/10-a.conf'), SOMAXCONN + ' = 1\n')
            self.assertFalse(os.path.exists(self.root + '/etc/sysctl.d/zz.conf'))
            self.mend('before', gone)
            self.assertNotIn('failed', self.rollback('A'))
            self.assertEqual(self.everything(), self.before)
            self.assertEqual(self.states()[0], 'undone')
            self.apply(settings={FIN: '30', SOMAXCONN: '4096'}, file='/etc/sysctl.d/zz.conf')
            self.home = self.root + STATE + '/change-sets/A+2/'

    def test_a_file_whose_content_after_is_lost_is_restored_and_what_is_there_now_is_kept(self):
        for gone in (True, False):
            self.damage('after', gone)
            now = self.text('/etc/sysctl.conf')
            result = self.rollback('A')
            self.assertNotIn('failed', result)
            note, = result['notes']
            self.assertIn('/etc/sysctl.conf: ', note)
            with open(note.split(' is kept in ')[1]) as kept:
                self.assertEqual(kept.read(), now)
            self.mend('after', gone)
            self.assertEqual(self.everything(), self.before)
            self.apply(settings={FIN: '30', SOMAXCONN: '4096'}, file='/etc/sysctl.d/zz.conf')
            self.home = self.root + STATE + '/change-sets/A+2/'

    def test_a_text_that_was_decided_on_and_is_lost_removes_nothing(self):
        """The undo was interrupted, and is finished without what it had noted."""
        self.rollback('A')
        self.write('/proc/sys/net/ipv4/tcp_tw_recycle', '1\n')
        self.write('/etc/sysctl.conf', RECYCLE + ' = 1\n')
        self.apply('B', settings={RECYCLE: '0'})
        number, home = 1, self.root + STATE + '/change-sets/B/'
        while changing.killed_after(number, lambda step: self.rollback('B', step)):
            if os.path.exists(home + 'state.undoing'):
                break
            number += 1
        lost, = [name for name in os.listdir(home) if name.startswith('held-')]
        os.unlink(home + lost)
        now = self.text('/etc/sysctl.conf')
        self.refuses(lost + ': it is lost', lambda: self.rollback('B'))
        self.assertEqual(self.text('/etc/sysctl.conf'), now)
        self.assertEqual(self.value(RECYCLE), '0')

    def test_a_crashed_set_with_a_lost_content_is_undone_but_for_that_file(self):
        self.rollback('A')
        number, path = 1, self.root + '/etc/sysctl.conf'
        wanted = {FIN: '30', SOMAXCONN: '4096'}
        while changing.killed_after(number, lambda step: self.apply('B', step, settings=wanted)):
            with open(path) as now:
                if '# disabled' in now.read():
                    break
            self.rollback('B')
            number += 1
        self.assertEqual(self.states()[0], 'applying')
        name, = [name for name in os.listdir(self.root + STATE + '/change-sets') if name.startswith('B')
                 and os.path.exists(self.root + STATE + '/change-sets/' + name + '/state.applying')]
        home = STATE + '/change-sets/' + name + '/'
        lost, = [blob for blob in os.listdir(self.root + home)
                 if blob.startswith('before-') and FIN in self.text(home + blob)]
        os.unlink(self.root + home + lost)
        self.refuses('/etc/sysctl.conf: ', lambda: self.rollback('B'))
        self.assertEqual((self.value(FIN), self.value(SOMAXCONN)), ('60', '128'))
        self.assertIn('# disabled', self.text('/etc/sysctl.conf'))
        self.assertEqual(self.text('/etc/sysctl.d/10-a.conf'), SOMAXCONN + ' = 1\n')


@unittest.skipIf(os.geteuid(), 'needs root: nothing else may own a store')
class TestSync(changing.NodeCase):
    """fsync(2) fails once, at any moment: what the store says and what was said are what is there."""

    def setUp(self):
        changing.NodeCase.setUp(self)
        self.node({FIN: '60', SOMAXCONN: '128'})
        os.makedirs(self.root + '/etc/cron.d')
        self.write('/etc/sysctl.conf', FIN + ' = 1\n')
        self.before = self.everything()

    def failing(self, number, act):
        """(the result of act() whose fsync `number` fails, text where it was refused; whether it got that far)."""
        calls, real = [], os.fsync

        def fsync(descriptor):
            calls.append(descriptor)
            if len(calls) == number:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            real(descriptor)
        os.fsync = fsync
        try:
            return act(), len(calls) >= number
        except errors.Refused as exc:
            return '%s' % exc, len(calls) >= number
        finally:
            os.fsync = real

    def state(self, identifier):
        return dict((one['id'], one['state']) for one in change_set_info.run(
            {'root': self.root})['change_sets']).get(identifier)

    def test_of_a_change(self):
        for timeout in (0, 600):
            for number in range(1, 90):
                identifier = 'S%d-%d' % (number, timeout)
                result, there = self.failing(number, lambda: self.apply(
                    identifier, settings={FIN: '30', SOMAXCONN: '4096'}, confirm_timeout=timeout))  # noqa: B023
                if not isinstance(result, dict) or 'failed' in result:
                    self.assertEqual(self.everything(), self.before, number)
                    self.assertIn(self.state(identifier), (None, 'undone'), number)
                else:
                    self.assertEqual(self.state(identifier), 'pending' if timeout else 'applied', number)
                    self.assertEqual(self.value(FIN), '30', number)
                    self.rollback()
                    self.assertEqual(self.everything(), self.before, number)
                if not there:
                    break
            self.assertGreater(number, 10)

    def test_of_a_rollback(self):
        for number in range(1, 60):
            identifier = 'R%d' % number
            self.apply(identifier, settings={FIN: '30', SOMAXCONN: '4096'})
            result, there = self.failing(number, lambda: self.rollback(identifier))  # noqa: B023
            if isinstance(result, dict) and 'failed' not in result:
                self.assertEqual(self.everything(), self.before, number)
                unwritten = 'its state could not be written' in ' '.join(result['notes'])
                self.assertEqual(self.state(identifier) == 'undone', not unwritten, number)
            else:
                self.assertNotEqual(self.state(identifier), 'undone', number)
            self.assertNotIn('failed', self.rollback(identifier))
            self.assertEqual((self.everything(), self.state(identifier)), (self.before, 'undone'), number)
            if not there:
                break
        self.assertGreater(number, 5)

    def test_of_a_confirmation(self):
        for number in range(1, 60):
            identifier = 'C%d' % number
            self.apply(identifier, settings={FIN: '30'}, confirm_timeout=600)
            result, there = self.failing(number, lambda: confirm.run({'root': self.root}))
            kept = isinstance(result, dict) or ' is kept, but ' in result
            self.assertEqual(self.state(identifier), 'applied' if kept else 'pending', number)
            confirm.run({'root': self.root})
            self.assertEqual(self.state(identifier), 'applied', number)
            self.assertEqual(os.listdir(self.root + '/etc/cron.d'), [])
            self.rollback(identifier)
            self.assertEqual(self.everything(), self.before, number)
            if not there:
                break
        self.assertGreater(number, 2)


@unittest.skipIf(os.geteuid(), 'needs root: nothing else may own a store')
class TestWayOut(changing.NodeCase):
    """A crashed set that can never be undone as a whole is given up with force, and says what was left."""

    def setUp(self):
        changing.NodeCase.setUp(self)
        self.node({FIN: '60', SOMAXCONN: '128'})
        self.before = self.everything()
        self.path = self.root + '/proc/sys/net/core/somaxconn'
        number = 1
        while changing.killed_after(number, lambda step: self.apply(
                'A', step, settings={FIN: '30', SOMAXCONN: '4096'})) and not os.path.exists(self.root + changing.OURS):
            self.rollback('A')
            number += 1
        os.rename(self.path, self.path + '.away')
        os.mkdir(self.path)  # this value can be read and written no more

    def test_it_blocks_until_force_gives_it_up(self):
        for attempt in (lambda: self.apply('B', settings={FIN: '40'}), lambda: self.rollback('A')):
            self.refuses('sysctl_rollback with force (rollback_force=true)', attempt)
        self.assertEqual((self.value(FIN), self.states()[0]), ('60', 'undoing'))
        result = self.rollback('A', force=True)
        self.assertNotIn('failed', result)
        self.assertEqual(self.states()[0], 'undone')
        note, = [note for note in result['notes'] if 'given up' in note]
        self.assertIn(SOMAXCONN, note)
        os.rmdir(self.path)
        os.rename(self.path + '.away', self.path)
        self.assertEqual(self.value(SOMAXCONN), '4096')
        self.write('/proc/sys/net/core/somaxconn', '128\n')
        self.assertEqual(self.everything(), self.before)

    def test_other_runs_go_on_once_it_is_given_up(self):
        self.rollback('A', force=True)
        self.assertNotIn('failed', self.apply('B', settings={FIN: '40'}))
        self.rollback('B')
        self.assertEqual(self.value(FIN), '60')

    def test_force_gives_nothing_up_that_can_be_restored(self):
        os.rmdir(self.path)
        os.rename(self.path + '.away', self.path)
        result = self.rollback('A', force=True)
        self.assertNotIn('given up', ' '.join(result['notes']))
        self.assertEqual(self.everything(), self.before)

    def test_after_a_boot_the_value_is_no_reason_any_more(self):
        self.write('/proc/sys/kernel/random/boot_id', 'another\n')
        self.assertNotIn('failed', self.rollback('A'))
        self.assertEqual(self.states()[0], 'undone')

    def test_a_part_that_waited_for_one_that_is_given_up_is_undone_as_well(self):
        os.rmdir(self.path)
        os.rename(self.path + '.away', self.path)
        self.rollback('A')
        self.apply('C', settings={FIN: '30'})
        self.apply('C', settings={SOMAXCONN: '4096'})
        os.rename(self.path, self.path + '.away')
        os.mkdir(self.path)
        self.assertTrue(self.rollback('C')['failed'])
        self.rollback('C', force=True)
        self.assertEqual(self.states()[0], 'undone')
        self.assertFalse(os.path.exists(self.root + changing.OURS))


@unittest.skipIf(os.geteuid(), 'needs root: nothing else may own a store')
class TestBrokenRecord(changing.NodeCase):
    RECORDS = ('', '{', '[]', '{}', '7', b'\xff', '{"schema": 2}', '{"schema": 1}',
               '{"schema": 1, "id": "A", "seq": "x"}')

    def setUp(self):
        changing.NodeCase.setUp(self)
        self.node({FIN: '60', SOMAXCONN: '128'})
        self.before = self.everything()

    def sets(self):
        return [(one['id'], one['state']) for one in change_set_info.run({'root': self.root})['change_sets']]

    def broken(self, text):
        """An undone change set A with this record, and all that a node does with its store besides."""
        self.apply('A', settings={FIN: '30'})
        self.rollback('A')
        self.write(STATE + '/change-sets/A/record.json', text)

    def test_of_an_undone_set_blocks_nothing(self):
        for text in self.RECORDS:
            self.broken(text)
            self.assertEqual(self.sets(), [], text)
            self.assertNotIn('failed', self.apply('B', settings={SOMAXCONN: '4096'}, confirm_timeout=0))
            self.assertEqual(self.sets(), [('B', 'applied')])
            self.assertIs(self.rollback('A')['changed'], False)
            self.assertEqual(self.rollback()['change_set'], 'B')
            self.assertNotIn('failed', self.apply('A', settings={FIN: '40'}))  # its name is taken
            self.assertEqual(self.rollback('A')['restored'][-1]['value'], '60')
            self.assertEqual(self.everything(), self.before)
            forget.run({'root': self.root})
            self.assertFalse(os.path.exists(self.root + STATE))

    def test_of_a_set_in_force_is_refused(self):
        for text in self.RECORDS:
            self.broken(text)
            os.rename(self.root + STATE + '/change-sets/A/state.undone',
                      self.root + STATE + '/change-sets/A/state.applied')
            for attempt in (self.rollback, lambda: self.apply('B', settings={SOMAXCONN: '4096'})):
                self.refuses('/change-sets/A: ', attempt)
            shutil.rmtree(self.root + STATE)

    def test_of_its_note_neither(self):
        for text in ('', '{', '[]', '7', 'null', b'\xff'):
            self.apply('A', settings={FIN: '30'})
            self.rollback('A')
            self.write(STATE + '/change-sets/A/undo.json', text)
            self.assertEqual(self.sets(), [('A', 'undone')])
            self.assertIs(self.rollback('A', restore_unsafe=True)['changed'], False)
            self.assertNotIn('failed', self.apply('A', settings={FIN: '40'}))
            self.assertIs(self.rollback('A')['changed'], True)
            forget.run({'root': self.root})
            self.assertEqual(self.everything(), self.before)


class TestReadOnlyProcSys(private_node.Case):
    def test_a_crashed_set_is_named_with_its_way_out(self):
        def change(step):
            apply.run({'settings': TWELVE, 'change_set': 'A'}, step)

        def act():
            before = values()
            number = 1
            while changing.killed_after(number, change) and values() == before:
                number += 1
            changing.mount('/proc/sys', '/proc/sys', changing.MS_BIND)
            changing.mount(None, '/proc/sys', changing.MS_REMOUNT | changing.MS_BIND | changing.MS_RDONLY)
            refused = ask({FIN: '40'}, 'B')['msg']
            return [refused, undo()['msg'], undo(force=True), undo()]
        refused, again, forced, last = self.here(act)
        for message in (refused, again):
            self.assertIn('EROFS', message)
            self.assertIn('rollback_force=true', message)
        self.assertNotIn('failed', forced)
        self.assertIn('given up, so it stays as it is: net.', ' '.join(forced['notes']))
        self.assertEqual((last['changed'], last.get('failed')), (False, None))


if __name__ == '__main__':
    unittest.main()
