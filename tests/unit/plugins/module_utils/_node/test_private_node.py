# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes of real running values, in mount and network namespaces of their own; and all that can stand in the way."""

from __future__ import absolute_import, division, print_function

import ctypes
import fcntl
import os
import random
import signal
import struct
import time
import unittest

import changing
import nodepath
from _node import errors
from _node.operations import apply, change_set_info, rollback
from _node.readers import enter, namespaces, tree
from _node.transaction import change_set, lock
from changing import RECYCLE, STATE, TIMESTAMPS

__metaclass__ = type

nodepath.import_all()  # before the root directory no longer has them

TWELVE = {
    'net.core.somaxconn': '5001', 'net.ipv4.tcp_rfc1337': '1', 'net.ipv4.ip_local_port_range': '20000 61000',
    'net.ipv4.tcp_fin_timeout': '30', 'net.ipv4.tcp_syncookies': '0', 'net.ipv4.tcp_tw_reuse': '1',
    'net.ipv4.tcp_max_syn_backlog': '4097', 'net.ipv4.tcp_keepalive_time': '600', 'net.ipv4.tcp_sack': '0',
    'net.ipv4.tcp_retries2': '8', 'net.ipv4.ip_local_reserved_ports': '30000-32767', 'net.ipv4.tcp_orphan_retries': '3'}
CONF = 'net.core.somaxconn = 1\nnet.ipv4.tcp_rfc1337 = 0\r\n-net/ipv4/tcp_sack = 1'
KILLS = int(os.environ.get('NODETCP_KILLS') or 60)


def values():
    found = {}
    for key in list(TWELVE) + [TIMESTAMPS, RECYCLE]:
        path = '/proc/sys/' + key.replace('.', '/')
        if os.path.exists(path):
            with open(path) as handle:
                found[key] = ' '.join(handle.read().split())
    return found


def etc():
    return dict((path, repr(seen)) for path, seen in changing.everything('/etc').items())


def ask(settings, identifier='A', **arguments):
    """The result of a change, a refusal as its message."""
    try:
        return apply.run(dict(arguments, settings=settings, change_set=identifier))
    except errors.Refused as exc:
        return {'failed': True, 'msg': str(exc), 'refused': True}


@unittest.skipIf(os.geteuid(), 'needs root to make namespaces')
class Case(nodepath.TreeCase):
    def here(self, act, prepare=lambda: None):
        """act() in a private node whose root directory is self.root."""
        def lay_out():
            changing.mount('none', self.root + '/tmp', 0, 'tmpfs')
            prepare()
        return changing.in_private_node(self.root, lay_out, act)

    def failed(self, settings, words, prepare=lambda: None, obstruct=lambda: None, **arguments):
        """A change that fails with these words leaves values and files as they were."""
        def act():
            obstruct()
            before = (values(), etc())
            result = ask(settings, **arguments)
            states = [one['state'] for one in change_set_info.run({})['change_sets']]
            return [result, (values(), etc()) == before, states]
        result, as_before, states = self.here(act, prepare)
        self.assertTrue(result.get('failed'), result)
        for word in words:
            self.assertIn(word, result['msg'])
        self.assertTrue(as_before, result)
        self.assertNotIn('applying', states)
        return result, states


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
            fill_up('/etc/filler')
        self.failed(TWELVE, ['/etc/sysctl', 'ENOSPC', 'errno 28', 'change set A'], prepare, fill)

    def test_full_disk_below_the_store(self):
        def prepare():
            changing.mount('none', self.root + '/var/lib', 0, 'tmpfs', 'size=64k,mode=755')
        self.write('/etc/sysctl.conf', CONF)
        self.failed(TWELVE, [STATE, 'ENOSPC'], prepare, lambda: fill_up('/var/lib/filler'))

    def test_disk_of_the_store_fills_while_the_change_is_made(self):
        """The states are names, so the undo is recorded even then."""
        def prepare():
            changing.mount('none', self.root + '/var/lib', 0, 'tmpfs', 'size=256k,mode=755')

        def act():
            before = (values(), etc())

            def step(name):
                if name == 'change set recorded':
                    fill_up('/var/lib/filler')
            result = apply.run({'settings': dict(TWELVE, **{'net.ipv4.tcp_sack': 'x'}), 'change_set': 'A'}, step)
            parts = change_set.Store(tree.Tree('/'), STATE).parts()
            return [result['msg'], (values(), etc()) == before, [part.state for part in parts]]
        message, as_before, states = self.here(act, prepare)
        self.assertIn('net.ipv4.tcp_sack', message)
        self.assertTrue(as_before)
        self.assertEqual(states, ['undone'])

    def test_immutable_file(self):
        self.write('/etc/sysctl.conf', CONF)
        path = self.root + '/etc/sysctl.conf'
        if not immutable(path, True):
            self.skipTest('this file system knows no immutable files')
        try:
            self.failed(TWELVE, ['/etc/sysctl.conf', 'EPERM', 'errno 1', 'change set A'])
        finally:
            immutable(path, False)

    def test_lock_names_its_holder(self):
        def act():
            ask({'net.core.somaxconn': '999'}, 'first')
            store = change_set.Store(tree.Tree('/'), STATE)
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


def fill_up(path):
    """A file that takes all that is left of its file system."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)
    try:
        for size in (65536, 4096, 512, 1):
            try:
                while True:
                    os.write(descriptor, b'x' * size)
            except OSError:
                pass
    finally:
        os.close(descriptor)


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


class TestNamespaces(Case):
    """Values in another network namespace of the private node."""

    def inhabitant(self):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: it ends with the test
                ctypes.CDLL(None).unshare(changing.CLONE_NEWNET)
                os.write(writing, b'.')
                while True:
                    signal.pause()
            finally:
                os._exit(0)
        os.read(reading, 1)
        os.close(reading)
        os.close(writing)
        return child

    def key_of(self, pid):
        inode = os.readlink('/proc/%d/ns/net' % pid)
        for one in namespaces.discover(tree.Tree('/'), True, {}):
            entry = namespaces.describe(tree.Tree('/'), one, namespaces.Containers(), {})
            if entry['id'] == inode:
                return entry['key']
        return None

    def somaxconn(self, pid):
        return enter.visit(['/proc/%d/ns/net' % pid], lambda _index: values()['net.core.somaxconn'])[0][0]

    def test_only_the_named_one_and_back(self):
        def act():
            one, two = self.inhabitant(), self.inhabitant()
            try:
                before = (values(), etc(), self.somaxconn(one), self.somaxconn(two))
                done = ask({'net.core.somaxconn': '77'}, namespaces=[self.key_of(one)])
                between = (values() == before[0], etc() == before[1], self.somaxconn(one), self.somaxconn(two))
                undone = rollback.run({})
                return [done['changes'], between, undone['restored'],
                        (values(), etc(), self.somaxconn(one), self.somaxconn(two)) == before]
            finally:
                for child in (one, two):
                    os.kill(child, signal.SIGKILL)
                    os.waitpid(child, 0)
        changes, between, restored, as_before = self.here(act)
        self.assertEqual(len(changes), 1)
        self.assertEqual(between[:3], [True, True, '77'])
        self.assertNotEqual(between[3], '77')
        self.assertEqual(len(restored), 1)
        self.assertTrue(as_before)

    def test_the_kernel_refuses_in_a_namespace(self):
        def act():
            one = self.inhabitant()
            try:
                before = self.somaxconn(one)
                result = ask({'net.core.somaxconn': '77', 'net.ipv4.tcp_sack': 'x'}, namespaces=[self.key_of(one)])
                return [result['msg'], self.somaxconn(one) == before]
            finally:
                os.kill(one, signal.SIGKILL)
                os.waitpid(one, 0)
        message, as_before = self.here(act)
        self.assertIn('EINVAL', message)
        self.assertIn('net.ipv4.tcp_sack', message)
        self.assertTrue(as_before)

    def test_a_stranger_with_the_same_inode_number_is_not_written(self):
        """The recorded namespace is made to look like one that lives: same device and inode, another process."""
        def act():
            one = self.inhabitant()
            ask({'net.core.somaxconn': '77'}, namespaces=[self.key_of(one)])
            inode = os.readlink('/proc/%d/ns/net' % one)
            os.kill(one, signal.SIGKILL)
            os.waitpid(one, 0)
            others, same = [], None
            for _each in range(200):
                other = self.inhabitant()
                others.append(other)
                if os.readlink('/proc/%d/ns/net' % other) == inode:
                    same = other
                    break
            before = [self.somaxconn(same)] if same else None
            result = rollback.run({})
            after = [self.somaxconn(same)] if same else None
            for other in others:
                os.kill(other, signal.SIGKILL)
                os.waitpid(other, 0)
            return [bool(same), before == after, result['restored'], result['notes']]
        reused, untouched, restored, notes = self.here(act)
        self.assertTrue(untouched)
        self.assertEqual(restored, [])
        self.assertIn('is gone', notes[0])
        if not reused:
            self.skipTest('this kernel did not use the inode number again')

    def test_recycle_of_4_11_is_written_in_every_namespace(self):
        def prepare():
            changing.imitate_old_kernel(self.root, self.root + '/tmp', '4.11.0-1.el7.elrepo.x86_64', '1')

        def act():
            one = self.inhabitant()
            try:
                done = ask({RECYCLE: '0'})
                return [change['namespace'] for change in done['changes'] if change['what'] == 'running'], done['notes']
            finally:
                os.kill(one, signal.SIGKILL)
                os.waitpid(one, 0)
        named, notes = self.here(act, prepare)
        self.assertEqual(named, ['host'])  # the imitated key is there in one namespace only
        self.assertTrue(any(RECYCLE in note for note in notes), notes)


if __name__ == '__main__':
    unittest.main()
