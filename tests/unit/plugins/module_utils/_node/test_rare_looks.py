# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks of all kinds into a namespace with a life of its own, and the collector that runs without Ansible."""

from __future__ import absolute_import, division, print_function

import ctypes
import fcntl
import json
import os
import signal
import socket
import struct
import sys
import unittest

import nodepath
from _node.errors import Refused
from _node.operations import collect, locate, observe, probe, syn_look, time_wait
from _node.readers.tree import Tree
from _node.transaction import other_namespaces

__metaclass__ = type

CLONE_NEWNET = 0x40000000  # include/uapi/linux/sched.h
NOBODY = 65534


class Text(list):
    """What print and write of a program leave, on Python 2.7 as on 3."""

    def write(self, text):
        self.append(text)

    def __str__(self):
        return ''.join(self)


class Neighbour:
    """A process in a namespace of its own: loopback is up, something listens, one connection is in TIME_WAIT."""

    def __enter__(self):
        reading, writing = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                self._live(writing)
            finally:
                os._exit(0)
        self.port = int(os.read(reading, 10))
        os.close(reading)
        os.close(writing)
        self.name = os.readlink('/proc/%d/ns/net' % self.pid)
        return self

    @staticmethod
    def _live(writing):
        ctypes.CDLL(None).unshare(CLONE_NEWNET)
        server = socket.socket()
        fcntl.ioctl(server, 0x8914, struct.pack('16sH14x', b'lo', 1))  # SIOCSIFFLAGS, IFF_UP
        server.bind(('127.0.0.1', 0))
        server.listen(5)
        client = socket.socket()
        client.connect(server.getsockname())
        accepted = server.accept()[0]
        client.close()
        accepted.recv(1)
        accepted.close()
        os.write(writing, ('%d' % server.getsockname()[1]).encode('ascii'))
        signal.pause()

    def __exit__(self, *_exc):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


@unittest.skipIf(os.geteuid(), 'needs root to make namespaces')
class TestNeighbour(unittest.TestCase):
    def test_its_time_wait_is_counted_from_inside(self):
        with Neighbour() as other:
            found = time_wait.run({'namespaces': 'all'})['record']['namespaces']
            entry, = [entry for entry in found if entry['id'] == other.name]
        self.assertEqual((entry['time_wait']['sockets'], entry['time_wait']['source']), (1, 'netlink'))
        self.assertEqual(entry['time_wait']['listening'], [other.port])

    def test_it_is_located_with_what_listens_there(self):
        with Neighbour() as other:
            match, = locate.run({'what': other.name, 'port': other.port})['matches']
            elsewhere, = locate.run({'what': other.name, 'port': 1})['matches']
        self.assertEqual(match['listening'], ['127.0.0.1:%d' % other.port])
        self.assertEqual(elsewhere['listening'], [])
        self.assertEqual(match['kind'], 'process')

    def test_a_window_in_one_look_knows_it(self):
        with Neighbour() as other:
            look = observe.run({'gather': ['namespaces', 'counters'], 'window': 0.01})
        for part in ('earlier', 'sample'):
            keys = [key for group in look[part]['groups'] for key in group['members']]
            self.assertEqual(len([key for key in keys if key.startswith(other.name)]), 1, part)

    def test_connecting_from_inside(self):
        asked = {'host': '127.0.0.1', 'count': 1, 'rate': 10.0, 'timeout': 1.0, 'icmp': True}
        with Neighbour() as other:
            inside = probe.run(dict(asked, port=other.port, namespace=other.name))
            outside = probe.run(dict(asked, port=other.port, namespace='host'))
            nowhere = probe.run(dict(asked, host='192.0.2.1', port=other.port, namespace=other.name))
        self.assertEqual(inside['attempts'][0]['result'], 'ok')
        self.assertIsNotNone(inside['attempts'][0]['icmp_ms'])
        self.assertEqual(outside['attempts'][0]['result'], 'refused')
        self.assertEqual(nowhere['attempts'][0]['result'], 'unreachable')
        with self.assertRaises(Refused) as caught:
            probe.run(dict(asked, port=1, namespace=other.name))
        self.assertIn('not a network namespace', str(caught.exception))

    def test_questions_that_cannot_be_asked(self):
        for arguments in ({'port': 80, 'host': 'no.such.name.invalid'}, {'port': 80, 'count': 0}):
            with self.assertRaises(Refused):
                probe.run(dict({'host': '127.0.0.1', 'count': 1, 'rate': 1.0, 'timeout': 1.0, 'icmp': False},
                               **arguments))

    def test_watching_from_inside(self):
        asked = {'interface': 'lo', 'duration': 0.2, 'max_events': 10}
        with Neighbour() as other:
            found = syn_look.run(dict(asked, namespace=other.name))
            own = syn_look.run(dict(asked, namespace='host'))
        self.assertEqual((found['lost'], found['stopped']), (0, 'duration'))
        self.assertEqual(own['kernel'], found['kernel'])
        with self.assertRaises(Refused):
            syn_look.run(dict(asked, namespace='host', interface='no-such-card'))

    def test_a_namespace_of_another_boot_is_never_the_same(self):
        """Inode numbers come again after a boot, and so may those of processes."""
        with Neighbour() as other:
            known = other_namespaces.OtherNamespaces(Tree('/'))
            entry, namespace = [pair for pair in known.found() if pair[0]['id'] == other.name][0]
            identity = known.identity(entry, namespace)
            self.assertIsNotNone(known.ns_path(identity))
            self.assertFalse(known.closed(identity))
            for boot in ('', '00000000', 'zzzzzzzz', None):
                self.assertIsNone(known.ns_path(dict(identity, boot_id=boot)))
            for pids in ([], [{'pid': other.pid, 'start': 1}], [{'pid': 1, 'start': identity['pids'][0]['start']}]):
                self.assertIsNone(known.ns_path(dict(identity, pids=pids)))
            self.assertIsNone(known.ns_path(dict(identity, device=0)))
        self.assertTrue(known.closed(identity))


class TestCollector(unittest.TestCase):
    def collected(self, *arguments):
        out, err = Text(), Text()
        return collect.main(list(arguments), '1.2.3', out, err), str(out), str(err)

    def test_help_and_what_it_does_not_know(self):
        self.assertEqual(self.collected('--help'), (0, collect.USAGE, ''))
        self.assertEqual(self.collected('--all'), (2, '', collect.USAGE))

    def test_one_line_of_json_and_what_could_not_be_seen(self):
        code, out, err = self.collected()
        record = json.loads(out)
        self.assertEqual((code, out.count('\n')), (0, 1))
        self.assertEqual(record['source']['collection_version'], '1.2.3')
        for part in record['unavailable']:
            self.assertIn(json.dumps(part)[1:-1], err)

    @unittest.skipIf(os.geteuid(), 'needs root to become somebody else')
    def test_without_root_it_says_what_it_could_not_see(self):
        nodepath.import_all()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.setuid(NOBODY)
                os.write(writing, self.collected()[2].encode('utf-8')[:4000])
            finally:
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading, 'rb') as told:
            self.assertIn(b'not everything could be seen', told.read())
        os.waitpid(child, 0)

    def test_as_a_program(self):
        given, sys.argv = sys.argv, ['node.pyz', '-x']
        shown, sys.stderr = sys.stderr, Text()
        try:
            with self.assertRaises(SystemExit) as caught:
                collect.run_here('1.2.3')
            self.assertIn('usage', str(sys.stderr))
        finally:
            sys.argv, sys.stderr = given, shown
        self.assertEqual(caught.exception.code, 2)


if __name__ == '__main__':
    unittest.main()
