# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function

import errno
import random
import socket
import struct
import unittest

import nodepath  # noqa: F401  # pylint: disable=unused-import
from _node.errors import Unreadable
from _node.parsers import inet_diag, time_wait_count
from _node.readers import sock_dump
from time_wait_answers import DONE, HEADER, RANGE, counted, message, read_or_refused, recorded, shown

__metaclass__ = type


class TestAnswers(unittest.TestCase):
    def test_the_4_4_kernel_with_its_messages_of_88_bytes(self):
        datagrams = recorded('recycle-off', 'inet')
        self.assertEqual(struct.unpack_from('=I', datagrams[0])[0], 88)
        found = shown(datagrams, listening=[22, 8080])
        count = sum(len(datagram) // 88 for datagram in datagrams[:-1])
        self.assertEqual(found['sockets'], count)
        self.assertEqual(found['incoming'], {
            'sockets': count, 'ports': 1, 'top': [[8080, count]], 'clients': [['198.51.100.1', count]]})
        self.assertEqual(found['outgoing'], {'sockets': 0, 'destinations': 0, 'exact': True, 'top': []})

    def test_no_sockets(self):
        for family in ('inet', 'inet6'):
            self.assertEqual(shown(recorded('recycle-on', family))['sockets'], 0)

    def test_any_stride_gives_the_same(self):
        for stride in (72, 88, 96, 124):
            sockets = [message('10.0.0.1', 40000 + number, '10.0.0.2', 80 + number % 2, stride) for number in range(5)]
            found = shown([b''.join(sockets), DONE])
            self.assertEqual(found['outgoing']['top'],
                             [['10.0.0.1', '10.0.0.2', 80, 3], ['10.0.0.1', '10.0.0.2', 81, 2]])

    def test_the_end_in_the_last_datagram(self):
        self.assertEqual(shown([message('10.0.0.1', 40000, '10.0.0.2', 80) + DONE])['sockets'], 1)

    def test_messages_of_different_length_are_walked(self):
        mixed = [message('10.0.0.1', 40000, '10.0.0.2', 80, 88), message('10.0.0.1', 40001, '10.0.0.2', 80, 96),
                 message('10.0.0.1', 40002, '10.0.0.2', 80, 88)]
        found = shown([b''.join(mixed), DONE])
        self.assertEqual(found['outgoing']['top'], [['10.0.0.1', '10.0.0.2', 80, 3]])

    def test_sockets_that_differ_in_little_are_counted_as_one_by_one(self):
        """Messages of two lengths are walked, and each socket of theirs is counted by itself."""
        chance, kinds = random.Random(7), set()
        for _attempt in range(600):
            octets = [chance.choice(((9,), (9,), (9,), (9, 10, 11))) for _octet in range(8)]
            made = []
            for _socket in range(chance.randrange(1, 40)):
                local, remote = ['.'.join('%d' % chance.choice(part) for part in octets[at:at + 4]) for at in (0, 4)]
                if chance.random() < 0.02:
                    local, remote = '::1', '::2'
                port = chance.choice(chance.choice(((80,), (80, 443), (40000,), (40000, 40001), (80, 40000))))
                made.append((local, port, remote, chance.choice((5, 5, 5, 6, 261))))
            both = []
            for strides in ((96, 96), (96, 88)):
                sockets = [message(*socket_of, stride=strides[number % 2]) for number, socket_of in enumerate(made)]
                both.append(shown([b''.join(sockets), DONE]))
            self.assertEqual(both[0], both[1])
            part = inet_diag.Reader().read(b''.join(message(*socket_of) for socket_of in made))
            kinds.add((part.few(inet_diag.IPV4_KEY) is None, part.few(inet_diag.IPV4_REMOTE) is None))
        self.assertEqual(kinds, set([(True, True), (True, False), (False, False)]))

    def test_ipv6_and_ipv4_mapped_addresses(self):
        sockets = [message('::ffff:10.0.0.1', 40000, '::ffff:10.0.0.2', 80), message('10.0.0.1', 40001, '10.0.0.2', 80),
                   message('2001:db8::1', 40002, '2001:db8::2', 80)]
        found = shown([b''.join(sockets), DONE])
        self.assertEqual(found['outgoing']['top'],
                         [['10.0.0.1', '10.0.0.2', 80, 2], ['2001:db8::1', '2001:db8::2', 80, 1]])

    def test_a_dump_that_was_interrupted(self):
        self.assertFalse(counted([message('10.0.0.1', 40000, '10.0.0.2', 80), DONE])[1])
        self.assertTrue(counted([message('10.0.0.1', 40000, '10.0.0.2', 80, flags=0x12), DONE])[1])
        end = HEADER.pack(20, 3, 0x12, 1, 0) + DONE[16:]
        self.assertTrue(counted([message('10.0.0.1', 40000, '10.0.0.2', 80) + end])[1])
        self.assertTrue(counted([end])[1])

    def test_a_dump_that_breaks_off(self):
        with self.assertRaises(Unreadable) as caught:
            counted([message('10.0.0.1', 40000, '10.0.0.2', 80)])
        self.assertIn('no end', str(caught.exception))

    def test_a_refusal(self):
        refusal = HEADER.pack(36, 2, 0, 1, 0) + struct.pack('=i', -errno.EPERM) + b'\0' * 16
        with self.assertRaises(Unreadable) as caught:
            counted([refusal])
        self.assertIn('not permitted', str(caught.exception))

    def test_an_end_that_says_that_the_dump_failed(self):
        """What a kernel answers that has inet_diag but no tcp_diag: no refusal, but an errno in the last message."""
        socket_and = message('10.0.0.1', 40000, '10.0.0.2', 80)
        for before in (b'', socket_and, message('10.0.0.1', 40001, '10.0.0.2', 80, 88) + socket_and):
            with self.assertRaises(Unreadable) as caught:
                counted([before + HEADER.pack(20, 3, 2, 1, 0) + struct.pack('=i', -errno.ENOENT)])
            self.assertIn('module', str(caught.exception))
        self.assertEqual(shown([socket_and + HEADER.pack(16, 3, 2, 1, 0)])['sockets'], 1)

    def test_whatever_comes_is_read_or_refused(self):
        chance = random.Random(5)
        whole = b''.join([message('10.0.0.1', 40000 + number, '10.0.0.2', 80) for number in range(4)]) + DONE
        for _attempt in range(3000):
            broken = bytearray(whole[:chance.randrange(len(whole) + 1)])
            for _change in range(chance.randrange(4)):
                if broken:
                    broken[chance.randrange(len(broken))] = chance.randrange(256)
            read_or_refused(inet_diag.Reader().read, bytes(broken) if sock_dump.COPIED else memoryview(bytes(broken)))


class TestDumps(unittest.TestCase):
    """The socket is a real one; instead of the kernel its other end has the answers, one list for each dump."""

    SOCKET = message('10.0.0.1', 40000, '10.0.0.2', 80)
    CHANGED = message('10.0.0.1', 40001, '10.0.0.2', 80, flags=0x12)

    def dumped(self, *answers):
        waiting = list(answers)

        class Played(sock_dump.Dump):
            def __init__(self, _protocol, name):
                self._name, self._sequence = name, 0
                self._socket, self.kernel = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
                self._socket.settimeout(0.1)
                for datagram in waiting.pop(0):
                    self.kernel.send(datagram)

            def __exit__(self, *_exc):
                self._socket.close()
                self.kernel.close()

        wanted, sock_dump.Dump = sock_dump.Dump, Played
        self.addCleanup(setattr, sock_dump, 'Dump', wanted)
        found, interrupted = sock_dump.time_wait(lambda: time_wait_count.TimeWaitCount((), RANGE))
        self.assertEqual(waiting, [])
        return found.shown(10)['sockets'], interrupted

    def test_an_interrupted_one_is_made_once_more_from_nothing(self):
        self.assertEqual(self.dumped([self.SOCKET, self.CHANGED, DONE], [self.SOCKET, DONE]), (1, False))

    def test_interrupted_again_it_is_near_and_that_is_said(self):
        changed = [self.SOCKET, self.CHANGED, DONE]
        self.assertEqual(self.dumped(changed, changed), (2, True))

    def test_a_datagram_that_is_larger_than_the_buffer_is_not_counted(self):
        self.addCleanup(setattr, sock_dump, 'BUFFER', sock_dump.BUFFER)
        sock_dump.BUFFER = 100
        with self.assertRaises(Unreadable) as caught:
            self.dumped([self.SOCKET, self.SOCKET * 2, DONE])
        self.assertIn('a datagram of 192 bytes was cut off', str(caught.exception))

    def test_a_kernel_that_goes_silent(self):
        with self.assertRaises(Unreadable) as caught:
            self.dumped([self.SOCKET])
        self.assertIn('timed out', str(caught.exception))
