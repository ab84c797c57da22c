# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real connects: over loopback, and in network namespaces where this machine lets us make them."""
from __future__ import absolute_import, division, print_function

import json
import os
import socket
import struct
import unittest

import nodepath
from _node.errors import Refused
from _node.operations import probe
from _node.parsers import icmp
from _node.readers import namespace_lookup
from _node.readers.tree import Tree

__metaclass__ = type

LOOPBACK = '127.0.0.1'


def listener(test, backlog=16, family=socket.AF_INET, address=LOOPBACK):
    server = socket.socket(family, socket.SOCK_STREAM)
    test.addCleanup(server.close)
    server.bind((address, 0))
    server.listen(backlog)
    return server, server.getsockname()[1]


def unused_port(test):
    server, port = listener(test)
    server.close()
    return port


class TestResults(unittest.TestCase):
    def attempts(self, **arguments):
        arguments = dict({'host': LOOPBACK, 'count': 2, 'rate': 20.0, 'timeout': 0.5, 'icmp': False}, **arguments)
        answer = probe.run(arguments)
        self.assertTrue(json.dumps(answer))
        return answer['attempts']

    def test_a_service_that_answers_sees_the_connection_end_without_a_byte(self):
        server, port = listener(self)
        found = self.attempts(port=port)
        self.assertEqual([attempt['result'] for attempt in found], ['ok', 'ok'])
        self.assertTrue(all(attempt['syn_retransmits'] == 0 for attempt in found))
        connection, peer = server.accept()
        self.addCleanup(connection.close)
        self.assertEqual(connection.recv(10), b'')
        self.assertEqual(found[0]['from'], '%s:%d' % peer)

    def test_nothing_listens(self):
        self.assertEqual([a['result'] for a in self.attempts(port=unused_port(self))], ['refused', 'refused'])

    def test_a_full_accept_queue_is_a_timeout_with_retransmits(self):
        _server, port = listener(self, backlog=0)
        for _number in range(2):
            client = socket.socket()
            self.addCleanup(client.close)
            client.setblocking(False)
            client.connect_ex((LOOPBACK, port))
        (found,) = self.attempts(port=port, count=1, timeout=1.5)
        self.assertEqual(found['result'], 'timeout')
        self.assertGreaterEqual(found['syn_retransmits'], 1)
        self.assertGreaterEqual(found['ms'], 1500)

    def test_hanging_attempts_do_not_hold_up_each_other(self):
        _server, port = listener(self, backlog=0)
        for _number in range(2):
            client = socket.socket()
            self.addCleanup(client.close)
            client.setblocking(False)
            client.connect_ex((LOOPBACK, port))
        found = self.attempts(port=port, count=5, timeout=1.0)
        self.assertEqual(len(found), 5)
        self.assertLess(found[-1]['at_s'], 0.9)

    def test_a_second_port_is_tried_beside_the_first(self):
        _server, port = listener(self)
        other = unused_port(self)
        found = self.attempts(port=port, other_port=other, count=1)
        self.assertEqual([(a['port'], a['result']) for a in found], [(port, 'ok'), (other, 'refused')])

    def test_ipv6(self):
        try:
            _server, port = listener(self, family=socket.AF_INET6, address='::1')
        except (IOError, OSError) as exc:
            self.skipTest('no IPv6 here: %s' % exc)
        (found,) = self.attempts(host='::1', port=port, count=1)
        self.assertEqual(found['result'], 'ok')
        self.assertTrue(found['from'].startswith('[::1]:'))

    def test_no_port_left_is_an_error_with_its_name(self):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.write(writing, json.dumps(_crowded()).encode('ascii'))
            finally:
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as answer:
            text = answer.read()
        os.waitpid(child, 0)
        found = json.loads(text or 'null')
        if found is None:
            self.skipTest('no network namespace can be made here')
        self.assertEqual((found['result'], found['error']), ('error', 'EADDRNOTAVAIL'))

    def test_echoes_beside_the_attempts(self):
        _server, port = listener(self)
        answer = probe.run({'host': LOOPBACK, 'port': port, 'count': 3, 'rate': 20.0, 'timeout': 1.0})
        if not answer['icmp']['available']:
            self.assertTrue(answer['icmp']['reason'])
            self.skipTest('echoes are forbidden here: %s' % answer['icmp']['reason'])
        self.assertTrue(all(attempt['icmp_ms'] > 0 for attempt in answer['attempts']))


def _crowded():
    """One attempt from a new namespace whose only local port is taken; None where there can be none."""
    import ctypes
    import subprocess
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x40000000):
        return None
    if subprocess.call(['ip', 'link', 'set', 'lo', 'up']):
        return None
    with open('/proc/sys/net/ipv4/ip_local_port_range', 'w') as handle:
        handle.write('40001 40001\n')
    server = socket.socket()
    server.bind((LOOPBACK, 80))
    server.listen(5)
    first = socket.create_connection((LOOPBACK, 80))
    answer = probe.run({'host': LOOPBACK, 'port': 80, 'count': 1, 'icmp': False})
    first.close()
    server.close()
    return answer['attempts'][0]


class TestBounds(unittest.TestCase):
    def test_more_than_is_allowed_is_refused_by_name(self):
        for name, value in (('count', 1001), ('count', 0), ('rate', 21.0), ('timeout', 61.0), ('port', 70000),
                            ('port', 0), ('delay', 61.0), ('rate', float('nan'))):
            with self.assertRaises(Refused) as caught:
                probe.run(dict({'host': LOOPBACK, 'port': 9}, **{name: value}))
            self.assertIn(name, str(caught.exception))

    def test_a_name_that_does_not_resolve(self):
        with self.assertRaises(Refused) as caught:
            probe.run({'host': 'no-such-host.invalid', 'port': 9})
        self.assertIn('no-such-host.invalid', str(caught.exception))

    def test_the_rate_is_kept(self):
        found = probe.run({'host': LOOPBACK, 'port': unused_port(self), 'count': 4, 'rate': 10.0, 'icmp': False})
        self.assertGreaterEqual(found['attempts'][-1]['at_s'], 0.29)


class TestNamespaces(unittest.TestCase):
    def test_a_namespace_that_is_none(self):
        with self.assertRaises(Refused) as caught:
            probe.run({'host': LOOPBACK, 'port': 9, 'namespace': 'no-such-container'})
        self.assertIn('no-such-container', str(caught.exception))

    def test_the_own_one_by_its_id(self):
        own = os.readlink('/proc/self/ns/net')
        self.assertIsNone(namespace_lookup.the_one(Tree('/'), own).ns_path)
        answer = probe.run({'host': LOOPBACK, 'port': unused_port(self), 'count': 1, 'icmp': False, 'namespace': own})
        self.assertEqual(answer['attempts'][0]['result'], 'refused')


class TestEchoPackets(unittest.TestCase):
    def test_a_request_has_a_checksum_that_adds_up(self):
        self.assertEqual(icmp.checksum(icmp.request(4, 4711, 5)), 0)
        self.assertEqual(icmp.checksum(b'\0\1\2'), 0xFDFE)

    def test_replies_are_told_from_everything_else(self):
        reply = struct.pack('>BBHHH', 0, 0, 0, 4711, 5)
        self.assertEqual(icmp.reply_of(4, reply, False), (4711, 5))
        self.assertEqual(icmp.reply_of(4, b'\x46' + b'\0' * 23 + reply, True), (4711, 5))  # with IP options
        self.assertEqual(icmp.reply_of(6, struct.pack('>BBHHH', 129, 0, 0, 1, 2), False), (1, 2))
        for packet in (b'', b'\x45', icmp.request(4, 1, 1), struct.pack('>BBHHH', 3, 1, 0, 4711, 5)):
            self.assertIsNone(icmp.reply_of(4, packet, False))


if __name__ == '__main__':
    assert nodepath.CHECKOUT
    unittest.main()
