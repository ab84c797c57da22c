# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes of real running values, in mount and network namespaces of their own; and all that can stand in the way."""

from __future__ import absolute_import, division, print_function

import fcntl
import os
import random
import signal
import socket
import struct
import time
import unittest

import changing
import private_node
from _node import errors
from _node.operations import apply, change_set_info, rollback
from _node.readers import tree
from _node.transaction import lock
from _node.transaction.store import Store
from changing import RECYCLE, STATE, TIMESTAMPS
from private_node import CONF, TWELVE, Case, ask, etc, values

__metaclass__ = type

KILLS = int(os.environ.get('NODETCP_KILLS') or 60)


class TestRealValues(Case):
    def test_twelve_settings_and_back(self):
        self.write('/etc/sysctl.conf', CONF)

        def act():
            before = (values(), etc())
            done = ask(TWELVE)
            after = values()
            again = ask(TWELVE, 'B')
            undone = rollback.run({})
            return [done, after, again, undone, (values(), etc()) == before, rollback.run({})]
        done, after, again, undone, as_before, once_more = self.here(act)
        self.assertTrue(done['changed'], done)
        for key in TWELVE:
            self.assertEqual(after[key], TWELVE[key])
        self.assertFalse(again['changed'], again)
        self.assertTrue(undone['changed'])
        self.assertTrue(as_before, undone)
        self.assertFalse(once_more['changed'])

    def test_this_process_was_not_touched(self):
        before = values()
        self.here(lambda: ask(TWELVE))
        self.assertEqual(values(), before)

    def test_old_kernel_holds_back_recycle(self):
        def act():
            before = (values(), etc())
            done = ask({RECYCLE: '0', TIMESTAMPS: '0'})
            held = rollback.run({})
            between = values()[RECYCLE]
            exact = rollback.run({'restore_unsafe': True})
            return [done['changes'], held['held'], between, exact['restored'], (values(), etc()) == before]

        def prepare():
            changing.imitate_old_kernel(self.root, self.root + '/tmp', '3.10.0-1160.el7.x86_64', '1')
        self.write('/etc/sysctl.conf', RECYCLE + ' = 1\n')
        changes, held, between, restored, as_before = self.here(act, prepare)
        self.assertEqual(changes[0]['key'], RECYCLE)
        self.assertEqual([(entry['what'], entry['value']) for entry in held], [('running', '1'), ('file', '1')])
        self.assertEqual(between, '0')
        self.assertEqual(len(restored), 2)
        self.assertTrue(as_before)


class TestSystemLog(Case):
    """The node's own system log has a line for each change: here a socket in a /dev of the private node's own."""

    def told(self, act):
        """act() and the lines that came to /dev/log meanwhile."""
        def prepare():
            changing.mount('none', self.root + '/dev', 0, 'tmpfs', 'mode=755')

        def listening():
            log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            log.bind('/dev/log')
            log.setblocking(False)
            result, lines = act(), []
            try:
                while True:
                    lines.append(log.recv(4096).decode('ascii').rstrip('\0'))
            except (IOError, OSError):
                return [result, lines]
        return self.here(listening, prepare)

    def test_one_line_says_who_changed_how_much(self):
        def act():
            ask({'net.core.somaxconn': '999'}, who=u'deploy\n<0>forged \u2028')
            ask({'net.core.somaxconn': '999'}, 'B')  # changes nothing
            ask({'net.core.somaxconn': '998', 'net.ipv4.tcp_sack': 'x'}, 'C')
            rollback.run({'change_set': 'A', 'who': 'root'})
        _none, lines = self.told(act)
        texts = [line.partition('nodetcp-paws: change set ')[2] for line in lines]
        self.assertEqual(texts[0], 'A: 2 changes by deploy?<0>forged ?')
        self.assertTrue(texts[1].startswith('C: failed and undone: net.ipv4.tcp_sack'), texts)
        self.assertEqual(texts[2], 'A: rolled back by root: 2 restored, 0 held back')
        self.assertEqual(len(lines), 3)
        self.assertTrue(all(line.startswith('<29>') for line in lines), lines)  # daemon, notice

    def test_a_node_without_a_log_is_changed_all_the_same(self):
        def prepare():
            changing.mount('none', self.root + '/dev', 0, 'tmpfs', 'mode=755')
        self.assertIs(self.here(lambda: ask({'net.core.somaxconn': '999'})['changed'], prepare), True)


class TestObstacles(Case):
    def test_the_kernel_refuses_one_of_twelve(self):
        settings = dict(TWELVE)
        settings['net.ipv4.tcp_keepalive_time'] = '99999999999'
        self.write('/etc/sysctl.conf', CONF)
        result, states = self.failed(settings, ['net.ipv4.tcp_keepalive_time', 'EINVAL', 'errno 22', 'change set A'])
        self.assertEqual(states, ['undone'])
        self.assertGreater(len(result['restored']), 2)
        self.assertEqual(result['change_set'], 'A')

    def remount(self, path, flags=changing.MS_RDONLY):
        changing.mount(self.root + path, self.root + path, changing.MS_BIND | changing.MS_REC)
        changing.mount(None, self.root + path, changing.MS_REMOUNT | changing.MS_BIND | flags)

    def test_read_only_proc_sys(self):
        self.failed(TWELVE, ['net.', 'EROFS', 'errno 30'], lambda: self.remount('/proc/sys'))

    def test_read_only_etc(self):
        self.write('/etc/sysctl.conf', CONF)
        self.failed(TWELVE, ['/etc/sysctl', 'EROFS', 'errno 30', 'change set A'], lambda: self.remount('/etc'))

    def test_read_only_store(self):
        self.failed(TWELVE, [STATE, 'EROFS'], lambda: self.remount('/var/lib'))

    def test_full_disk_below_etc(self):
        self.write('/keep/sysctl.conf', CONF + '\n#' + 'x' * 60000)

        def prepare():
            changing.mount('none', self.root + '/etc', 0, 'tmpfs', 'size=128k,mode=755')
            with open(self.root + '/keep/sysctl.conf', 'rb') as source:
                self.write('/etc/sysctl.conf', source.read())

        def fill():
            os.mkdir('/etc/sysctl.d')
            private_node.fill_up('/etc/filler')
        self.failed(TWELVE, ['/etc/sysctl', 'ENOSPC', 'errno 28', 'change set A'], prepare, fill)

    def test_full_disk_below_the_store(self):
        def prepare():
            changing.mount('none', self.root + '/var/lib', 0, 'tmpfs', 'size=64k,mode=755')
        self.write('/etc/sysctl.conf', CONF)
        self.failed(TWELVE, [STATE, 'ENOSPC'], prepare, lambda: private_node.fill_up('/var/lib/filler'))

    def test_disk_of_the_store_fills_while_the_change_is_made(self):
        """The states are names, so the undo is recorded even then."""
        def prepare():
            changing.mount('none', self.root + '/var/lib', 0, 'tmpfs', 'size=256k,mode=755')

        def act():
            before = (values(), etc())

            def step(name):
                if name == 'change set recorded':
                    private_node.fill_up('/var/lib/filler')
            result = apply.run({'settings': dict(TWELVE, **{'net.ipv4.tcp_sack': 'x'}), 'change_set': 'A'}, step)
            parts = Store(tree.Tree('/'), STATE).parts()
            return [result['msg'], (values(), etc()) == before, [part.state for part in parts]]
        message, as_before, states = self.here(act, prepare)
        self.assertIn('net.ipv4.tcp_sack', message)
        self.assertTrue(as_before)
        self.assertEqual(states, ['undone'])

    def test_a_part_that_cannot_be_written_at_the_last_step_of_its_undo(self):
        """All is restored, only its state is not written: that is said, and the next run has nothing to restore."""
        part = STATE + '/change-sets/A'

        def act():
            before, possible = (values(), etc()), [False]
            ask(TWELVE)

            def step(name):
                if name == 'undo of net.core.somaxconn in host':  # it was the first to be written
                    possible[0] = immutable(part, True)
            first = rollback.run({}, step)
            as_before = (values(), etc()) == before
            immutable(part, False)
            again = rollback.run({})
            return [possible[0], first['notes'], as_before, again['restored'],
                    [one['state'] for one in change_set_info.run({})['change_sets']]]
        possible, notes, as_before, again, states = self.here(act)
        if not possible:
            self.skipTest('this file system knows no immutable directories')
        self.assertIn('A: its state could not be written', notes[-1])
        self.assertIn('EPERM', notes[-1])
        self.assertTrue(as_before)
        self.assertEqual(again, [])
        self.assertEqual(states, ['undone'])

    def test_immutable_file(self):
        self.write('/etc/sysctl.conf', CONF)
        path = self.root + '/etc/sysctl.conf'
        if not immutable(path, True):
            self.skipTest('this file system knows no immutable files')
        try:
            self.failed(TWELVE, ['/etc/sysctl.conf cannot be changed', 'chattr -i'])
        finally:
            immutable(path, False)

    def test_lock_names_its_holder(self):
        def act():
            ask({'net.core.somaxconn': '999'}, 'first')
            store = Store(tree.Tree('/'), STATE)
            waited = []
            with lock.Lock(store, u'somebody', 'second'):
                try:
                    lock.Lock(store, u'me', 'third', sleep=waited.append).__enter__()
                    return ['entered', 0]
                except errors.Refused as exc:
                    return [str(exc), len(waited)]
        said, waited = self.here(act)
        self.assertIn('somebody', said)
        self.assertIn('second', said)
        self.assertIn('pid', said)
        self.assertGreater(waited, 1)

    def test_lock_of_a_killed_run_is_free(self):
        def act():
            changing.killed_after(8, lambda step: apply.run({'settings': TWELVE, 'change_set': 'A'}, step))
            return ask(TWELVE, 'B')['changed']
        self.assertTrue(self.here(act))

    def test_two_at_once(self):
        def act():
            before = (values(), etc())
            children = []
            for number in range(4):
                child = os.fork()
                if child == 0:
                    try:
                        ask(dict(TWELVE, **{'net.core.somaxconn': '%d' % (2000 + number)}), 'S%d' % number)
                    finally:
                        os._exit(0)
                children.append(child)
            for child in children:
                os.waitpid(child, 0)
            sets = change_set_info.run({})['change_sets']
            for one in sets:
                rollback.run({'change_set': one['id']})
            return [[one['state'] for one in sets], (values(), etc()) == before]
        states, as_before = self.here(act)
        self.assertEqual(states, ['applied'] * 4)
        self.assertTrue(as_before)


def immutable(path, on):
    """Whether the flag of chattr(1) could be set (FS_IOC_GETFLAGS, FS_IOC_SETFLAGS)."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        flags = struct.unpack('l', fcntl.ioctl(descriptor, 0x80086601, struct.pack('l', 0)))[0]
        fcntl.ioctl(descriptor, 0x40086602, struct.pack('l', flags | 0x10 if on else flags & ~0x10))
        return True
    except (IOError, OSError):
        return False
    finally:
        os.close(descriptor)


class TestRandomKills(Case):
    def test_any_moment(self):
        """SIGKILL at a random moment of apply or rollback; then a run with nothing to do, then the undo."""
        self.write('/etc/sysctl.conf', CONF)

        def act():
            chance = random.Random(int(os.environ.get('NODETCP_SEED') or 1))
            before, problems, hits = (values(), etc()), [], 0
            started = time.time()
            ask(TWELVE, 'measure')
            rollback.run({})
            span = time.time() - started
            for number in range(KILLS):
                name = 'K%d' % number
                undoing = number % 2
                if undoing:
                    ask(TWELVE, name, keep=20)
                child = os.fork()
                if child == 0:
                    try:
                        rollback.run({'change_set': name}) if undoing else ask(TWELVE, name, keep=20)
                    finally:
                        os._exit(0)
                time.sleep(chance.uniform(0, span))
                os.kill(child, signal.SIGKILL)
                hits += os.WIFSIGNALED(os.waitpid(child, 0)[1])
                rollback.run({'change_set': 'none-such'})
                rollback.run({'change_set': name})
                if (values(), etc()) != before:
                    problems.append(number)
            return [problems, hits]
        problems, hits = self.here(act)
        self.assertEqual(problems, [])
        if KILLS >= 60:  # of fewer, chance may let all come too late
            self.assertGreater(hits, KILLS // 4)


if __name__ == '__main__':
    unittest.main()
