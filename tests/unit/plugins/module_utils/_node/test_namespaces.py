# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real network namespaces, real permissions: needs root."""

from __future__ import absolute_import, division, print_function

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
import unittest

import nodepath
from _node.operations import observe
from _node.readers import enter
from changing import check, in_private_node

__metaclass__ = type

nodepath.import_all()  # before a process may no longer read them

CLONE_NEWNS, CLONE_NEWNET = 0x00020000, 0x40000000
NOBODY, MS_SHARED = 65534, 0x100000
PORTS = '%d 60987' % (2000 + os.getpid() % 50000)  # tells them from those of this test in another process
RFC1337 = 'net.ipv4.tcp_rfc1337'


class Inhabitant(object):
    """A process in a network namespace of its own in which tcp_rfc1337 is 1; its ports tell it from others."""

    def __enter__(self):
        reading, writing = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                ctypes.CDLL(None).unshare(CLONE_NEWNET)
                for key, value in (('tcp_rfc1337', '1'), ('ip_local_port_range', PORTS)):
                    with open('/proc/sys/net/ipv4/' + key, 'w') as handle:
                        handle.write(value)
                os.write(writing, b'.')
                signal.pause()
            finally:
                os._exit(0)
        os.read(reading, 1)
        os.close(reading)
        os.close(writing)
        self.inode = os.readlink('/proc/%d/ns/net' % self.pid)
        return self

    def __exit__(self, *_exc):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def mountinfo():
    with open('/proc/self/mountinfo') as handle:
        return handle.read()


def look_as(prepare):
    """The record of a look by a forked process after prepare() changed what it is and sees."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            prepare()
            os.write(writing, json.dumps(observe.run({})['record']).encode('utf-8'))
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, 'rb') as answer:
        text = answer.read().decode('utf-8')
    os.waitpid(pid, 0)
    return json.loads(text)


def become_nobody():
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def without_capabilities():
    """Root as in an unprivileged container: it sees the processes and may enter no namespace (no CAP_SYS_ADMIN)."""
    libc = ctypes.CDLL(None)
    head, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()  # _LINUX_CAPABILITY_VERSION_3
    libc.capget(head, sets)
    for which in (0, 1, 2):
        sets[which] &= ~(1 << 21)  # include/uapi/linux/capability.h
    if libc.capset(head, sets):
        raise OSError('capset')


def own_proc(*options):
    """Something else over /proc that only this process sees."""
    libc = ctypes.CDLL(None)
    libc.unshare(CLONE_NEWNS)
    subprocess.check_call(['mount', '--make-rprivate', '/'])
    subprocess.check_call(['mount'] + list(options) + ['/proc'])


def entry_of(record, inode):
    # Namespaces alike are one entry under the first one's id: those of tests that run meanwhile may be like ours.
    return [entry for entry in record['namespaces']
            if entry['id'] == inode or any(key.startswith(inode + '@') for key in entry.get('members') or ())][0]


@unittest.skipIf(os.geteuid(), 'needs root to make network namespaces')
class TestNamespaces(unittest.TestCase):
    def test_sysctls_and_counters_of_another_namespace(self):
        with Inhabitant() as other:
            record = observe.run({})['record']
        entry = entry_of(record, other.inode)
        self.assertEqual(entry['sysctls'][RFC1337], {'value': '1', 'scope': 'namespace'})
        self.assertEqual(record['namespaces'][0]['sysctls'][RFC1337]['value'], '0')
        self.assertEqual(entry['kind'], 'process')
        self.assertEqual(entry['counters']['TcpExt']['ListenDrops'], 0)
        self.assertEqual(entry['pids'][0]['pid'], other.pid)
        self.assertGreater(entry['pids'][0]['start'], 0)
        self.assertEqual(entry['key'], '%s@%d/%d.%d' % (
            other.inode, entry['device'], other.pid, entry['pids'][0]['start']))

    def test_the_caller_stays_in_its_own_namespace(self):
        before = os.readlink('/proc/self/ns/net')
        with Inhabitant():
            observe.run({})
        self.assertEqual(os.readlink('/proc/self/ns/net'), before)

    def test_more_namespaces_than_one_procfs_mount_is_used_for(self):
        mounts = mountinfo()
        others = [Inhabitant() for _each in range(2 * enter.FRESH_PROC_EVERY + 5)]
        try:
            for other in others:
                other.__enter__()
            record = observe.run({'gather': ['namespaces', 'sysctls']})['record']
        finally:
            for other in others:
                other.__exit__()
        alike = [entry for entry in record['namespaces'] if entry['sysctls'][RFC1337]['value'] == '1']
        seen = sum((entry.get('members') or [entry['key']] for entry in alike), [])
        for other in others:
            self.assertEqual(len([key for key in seen if key.startswith(other.inode)]), 1)
        self.assertEqual(mountinfo(), mounts)

    def test_a_procfs_that_other_mount_namespaces_share_gets_no_mounts_of_a_visit(self):
        """In a chroot(2), where the root directory is no mount that could be made private."""
        def act():
            check(ctypes.CDLL(None, use_errno=True).mount(None, b'/proc', None, ctypes.c_ulong(MS_SHARED), None))
            before, own = mountinfo(), '/proc/self/ns/net'
            ns_paths = [(own, os.stat(own).st_ino)] * (2 * enter.FRESH_PROC_EVERY + 5)
            answers = enter.visit(ns_paths, lambda _index: mountinfo().count(' /proc '))
            return [mountinfo() == before, [seen for seen, _reason in answers][::enter.FRESH_PROC_EVERY]]
        root = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, root)
        self.assertEqual(in_private_node(root, lambda: None, act), [True, [1, 2, 2]])

    def test_a_name_that_is_no_text(self):
        with Inhabitant() as other:
            def named():
                ctypes.CDLL(None).unshare(CLONE_NEWNS)
                subprocess.check_call(['mount', '--make-rprivate', '/'])
                subprocess.check_call(['mount', '-t', 'tmpfs', 'none', '/run'])
                os.mkdir('/run/netns')
                open(b'/run/netns/odd\xff', 'w').close()
                subprocess.check_call(['mount', '--bind', '/proc/%d/ns/net' % other.pid, b'/run/netns/odd\xff'])
            record = look_as(named)
        self.assertEqual(entry_of(record, other.inode)['name'], u'odd\ufffd')

    def test_a_door_that_is_gone_or_leads_elsewhere_is_a_reason(self):
        with Inhabitant() as other:
            path, inode = '/proc/%d/ns/net' % other.pid, int(other.inode[5:-1])
            answers = enter.visit([(path, inode), ('/proc/0/ns/net', 1), (path, inode + 1)],
                                  lambda _index: os.readlink('/proc/self/ns/net'))
        self.assertEqual(answers[0], (other.inode, None))
        self.assertIsNone(answers[1][0])
        self.assertIn('no such file', answers[1][1])
        self.assertEqual(answers[2], (None, 'it is gone, another one is there'))

    def test_a_visitor_that_dies_loses_only_what_it_had_not_told(self):
        def ask(index):
            if index:
                os._exit(9)
            return 'told'
        with Inhabitant() as other:
            ns_path = ('/proc/%d/ns/net' % other.pid, int(other.inode[5:-1]))
            self.assertEqual(enter.visit([ns_path, ns_path], ask), [('told', None), (None, 'the visit ended early')])

    def test_what_listens_in_another_namespace(self):
        port = 2000 + os.getpid() % 50000  # tells it from that of this test in another process
        code = ('import ctypes, socket, sys; ctypes.CDLL(None).unshare(%d); s = socket.socket(); '
                's.bind(("0.0.0.0", %d)); s.listen(1); sys.stdout.write("x"); sys.stdout.flush(); sys.stdin.read()'
                % (CLONE_NEWNET, port))
        process = subprocess.Popen([sys.executable, '-c', code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            process.stdout.read(1)
            inode = os.readlink('/proc/%d/ns/net' % process.pid)
            entry = entry_of(observe.run({})['record'], inode)
        finally:
            process.communicate()
        self.assertEqual(entry['addresses']['listening'], ['0.0.0.0:%d' % port])


@unittest.skipIf(os.geteuid(), 'needs root to become somebody else')
class TestPermissions(unittest.TestCase):
    def test_without_root_it_says_what_it_cannot_see(self):
        record = look_as(become_nobody)
        self.assertIn('no permission to see the network namespace of', record['unavailable']['namespaces'])
        self.assertIn('run as root', record['unavailable']['namespaces'])
        self.assertEqual(record['namespaces'][0]['sysctls'][RFC1337]['scope'], 'namespace')
        self.assertEqual(record['source']['euid'], NOBODY)
        unseen, of = record['hidden']['processes']
        self.assertIn(' %d of %d processes' % (unseen, of), record['unavailable']['namespaces'])
        self.assertTrue(0 < unseen < of, (unseen, of))

    def test_namespaces_that_may_not_be_entered_are_counted(self):
        with Inhabitant() as other:
            record = look_as(without_capabilities)
        unseen, of = record['hidden']['namespaces']
        self.assertTrue(0 < unseen <= of, (unseen, of))
        self.assertIn('%d of %d network namespaces' % (unseen, of), record['unavailable']['sysctls of namespaces'])
        self.assertEqual(entry_of(record, other.inode)['sysctls'][RFC1337]['scope'], 'unreadable')

    def test_what_is_seen_in_full_is_not_counted(self):
        root = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, root)
        record = in_private_node(root, lambda: None, lambda: observe.run({})['record'])
        self.assertEqual(record['source']['euid'], 0)
        self.assertNotIn('hidden', record)

    def test_hidepid(self):
        record = look_as(lambda: (own_proc('-t', 'proc', '-o', 'hidepid=2', 'proc'), become_nobody()))
        self.assertIn('hidepid', record['unavailable']['namespaces'])
        self.assertNotIn('hidden', record)

    def test_proc_not_mounted(self):
        record = look_as(lambda: own_proc('-t', 'tmpfs', 'none'))
        node = record['namespaces'][0]
        self.assertEqual(node['sysctls'][RFC1337], {'value': None, 'scope': 'unreadable'})
        self.assertEqual(record['unavailable']['/proc/sys'], 'proc is not mounted')
        self.assertIsNone(node['counters']['TcpExt'])
        self.assertIsNone(record['kernel']['version'])


if __name__ == '__main__':
    unittest.main()
