# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The packet ring and the look at SYNs, with real packets in a network namespace of their own: needs root."""

from __future__ import absolute_import, division, print_function

import binascii
import ctypes
import fcntl
import json
import os
import random
import socket
import struct
import threading
import time
import traceback
import unittest
import zlib

import nodepath
from _node.errors import Refused
from _node.operations import syn_look
from _node.parsers import packet_filter, tcp_packet
from _node.readers.packets import Ring
from test_tcp_packet import DESTINATION, MSS, NOTHING, SACK, SOURCE, TIMESTAMPS, WINDOW, ipv4, ipv6, segment

__metaclass__ = type

assert nodepath

CLONE_NEWNET = 0x40000000
NOBODY = 65534
SYN, FIN, RST, ACK = tcp_packet.SYN, tcp_packet.FIN, tcp_packet.RST, tcp_packet.ACK


def in_a_namespace(act):
    """What act() returned in a forked process with a network namespace of its own in which lo is up."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            if ctypes.CDLL(None).unshare(CLONE_NEWNET) != 0:
                raise OSError('unshare')
            set_flags('lo', 1)
            os.write(writing, json.dumps(act()).encode('utf-8'))
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, 'rb') as answer:
        text = answer.read().decode('utf-8')
    os.waitpid(pid, 0)
    return json.loads(text)


def set_flags(interface, flags):
    """Takes an interface up (1) or down (0)."""
    control = socket.socket()
    fcntl.ioctl(control, 0x8914, struct.pack('16sH14x', interface.encode('ascii'), flags))  # SIOCSIFFLAGS, IFF_UP
    control.close()


def while_looking(traffic, **arguments):
    """The answer of a look during which traffic() ran, its events as tuples in `rows`."""
    thread = threading.Timer(0.1, traffic)
    thread.start()
    answer = syn_look.run(dict({'duration': 0.3}, **arguments))
    thread.join()
    raw = zlib.decompress(b''.join(binascii.a2b_base64(piece) for piece in answer.pop('events')))
    size = syn_look.EVENT.size
    answer['rows'] = [syn_look.EVENT.unpack_from(raw, at) for at in range(0, len(raw), size)]
    return answer


def flags(answer, way=4):
    return [row[5] for row in answer['rows'] if row[6] & syn_look.WAY == way]


def connect(address='127.0.0.1', port=None, family=socket.AF_INET):
    """A connection that sends something and that the server ends."""
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, port or 0))
    listener.listen(1)
    client = socket.socket(family)
    client.connect(listener.getsockname()[:2])
    server = listener.accept()[0]
    client.send(b'x' * 500)
    server.recv(500)
    server.close()
    client.close()
    listener.close()


def send_frames(*frames):
    raw = socket.socket(17, socket.SOCK_RAW, 0)
    raw.bind(('lo', 0))
    for protocol, packet in frames:
        raw.send(b'\0' * 12 + struct.pack('>H', protocol) + packet)
    raw.close()


@unittest.skipUnless(os.geteuid() == 0, 'needs root: it makes a network namespace and looks at packets')
class Looking(unittest.TestCase):
    def test_what_begins_and_ends_a_connection_and_nothing_else(self):
        answer = in_a_namespace(lambda: while_looking(connect))
        self.assertEqual(flags(answer), [SYN, SYN | ACK, FIN | ACK, FIN | ACK])
        self.assertEqual(flags(answer, 0), flags(answer))
        self.assertEqual((answer['packets'], answer['seen'], answer['lost'], answer['stopped']), (8, 8, 0, 'duration'))
        request = answer['rows'][0]
        self.assertTrue(request[6] & syn_look.HAS_TIMESTAMPS)
        self.assertGreater(request[1], 0)
        self.assertLess(abs(request[2] / 1e6 - time.time()), 60)
        self.assertEqual(struct.pack('>I', request[3]), b'\x7f\0\0\1')

    def test_ipv6_addresses_are_numbered(self):
        def act():
            return while_looking(lambda: connect('::1', family=socket.AF_INET6))
        answer = in_a_namespace(act)
        self.assertEqual(answer['addresses'], ['0' * 31 + '1'])
        self.assertTrue(all(row[6] & syn_look.IS_IPV6 and row[3] == row[10] == 0 for row in answer['rows']))
        self.assertEqual(flags(answer), [SYN, SYN | ACK, FIN | ACK, FIN | ACK])

    def test_a_port_alone(self):
        def act():
            return while_looking(lambda: (connect(port=8080), connect(port=8081)), port=8081)
        answer = in_a_namespace(act)
        self.assertEqual(len(flags(answer)), 4)
        self.assertTrue(all(8081 in (row[4], row[11]) for row in answer['rows']))

    def test_an_interface_alone(self):
        self.assertEqual(len(in_a_namespace(lambda: while_looking(connect, interface='lo'))['rows']), 8)

    def test_it_ends_at_once_after_max_packets(self):
        answer = in_a_namespace(lambda: while_looking(connect, max_packets=3, duration=60))
        self.assertEqual((answer['packets'], answer['stopped']), (3, 'max_packets'))
        self.assertLess(answer['seconds'], 10)

    def test_tags_options_fragments_and_extension_headers(self):
        inner = segment(TIMESTAMPS)
        tag = struct.pack('>HH', 5, tcp_packet.IPV4)
        frames = [(0x8100, tag + ipv4(inner)), (0x88A8, struct.pack('>HH', 5, 0x8100) + tag + ipv4(inner)),
                  (tcp_packet.IPV4, ipv4(inner, options=b'\x94\x04\0\0')), (tcp_packet.IPV6, ipv6(inner)),
                  (tcp_packet.IPV6, ipv6(struct.pack('>BB6x', 6, 0) + inner, 0)),
                  # and what must not pass
                  (tcp_packet.IPV4, ipv4(segment(TIMESTAMPS, ACK))), (tcp_packet.IPV4, ipv4(inner, fragment=7)),
                  (tcp_packet.IPV4, ipv4(inner, protocol=17)), (tcp_packet.IPV6, ipv6(segment(flags=ACK))),
                  (0x8100, tag + ipv4(segment(flags=ACK))), (0x0806, inner)]
        answer = in_a_namespace(lambda: while_looking(lambda: send_frames(*frames)))
        sent = [row for row in answer['rows'] if row[6] & syn_look.WAY == 4]
        self.assertEqual([row[6] & syn_look.IS_IPV6 for row in sent], [0, 0, 0, syn_look.IS_IPV6, syn_look.IS_IPV6])
        self.assertTrue(all(row[1] == 773695118 and row[4] == 8080 and row[11] == 47722 for row in sent))

    def test_malformed_packets_are_passed_over(self):
        broken = [(tcp_packet.IPV4, ipv4(segment(TIMESTAMPS))[:cut]) for cut in range(1, 40)]
        answer = in_a_namespace(lambda: while_looking(lambda: send_frames(*broken)))
        self.assertEqual(answer['rows'], [])
        self.assertEqual(answer['stopped'], 'duration')

    def test_inside_another_namespace(self):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                in_a_namespace(lambda: [os.write(writing, ('%d\n' % os.getpid()).encode('ascii')),
                                        [(time.sleep(0.1), connect()) for _round in range(10)]] and 1)
            finally:
                os._exit(0)
        with os.fdopen(reading, 'r') as lines:
            pid = int(lines.readline())
        os.close(writing)
        name = os.readlink('/proc/%d/ns/net' % pid)
        before = os.readlink('/proc/self/ns/net')
        answer = while_looking(lambda: None, namespace=name)
        self.assertIn(SYN, flags(answer))
        self.assertEqual(os.readlink('/proc/self/ns/net'), before)
        os.waitpid(child, 0)

    def test_an_interface_that_goes_down_and_comes_up_again(self):
        """The kernel says it by an error of the socket, which is to be read: until then no wait lasts."""
        def act():
            asked = [0]

            def now():
                asked[0] += 1
                return syn_look.clock()
            traffic = threading.Timer(0.1, lambda: (set_flags('lo', 0), set_flags('lo', 1), connect()))
            traffic.start()
            answer = syn_look.run({'duration': 0.5, 'interface': 'lo'}, now)
            traffic.join()
            return [answer['unavailable'], answer['packets'], asked[0]]
        unavailable, packets, asked = in_a_namespace(act)
        self.assertEqual(list(unavailable), ['interface lo'])
        self.assertIn('down', unavailable['interface lo'])
        self.assertEqual(packets, 8)
        self.assertLess(asked, 200)

    def test_an_interface_that_is_down(self):
        def act():
            set_flags('lo', 0)
            return syn_look.run({'duration': 0.1, 'interface': 'lo'})
        answer = in_a_namespace(act)
        self.assertIn('down', answer['unavailable']['interface lo'])
        self.assertEqual((answer['packets'], answer['stopped']), (0, 'duration'))

    def test_nobody_sets_the_clock_by_which_it_ends(self):
        with open('/proc/uptime') as handle:
            uptime = float(handle.read().split()[0])
        self.assertLess(syn_look.run.__defaults__[0](), uptime + 60)

    def test_without_privilege_it_says_so(self):
        def act():
            os.setuid(NOBODY)
            try:
                return syn_look.run({'duration': 1})
            except Refused as exc:
                return str(exc)
        self.assertIn('needs root', in_a_namespace(act))

    def test_refusals(self):
        for arguments, said in (({'interface': 'none0'}, 'interface: none0'),
                                ({'namespace': 'nobody-here'}, 'nobody-here'),
                                ({'duration': 601}, 'duration'), ({'duration': -1}, 'duration'),
                                ({'max_packets': 10 ** 9}, 'max_packets'), ({'port': 65536}, 'port')):
            with self.assertRaises(Refused) as caught:
                syn_look.run(dict({'duration': 1}, **arguments))
            self.assertIn(said, str(caught.exception))


@unittest.skipUnless(os.geteuid() == 0, 'needs root: it makes a network namespace and looks at packets')
class Losing(unittest.TestCase):
    def test_what_the_ring_has_no_room_for_is_counted(self):
        def act():
            packet = (tcp_packet.IPV4, ipv4(segment(TIMESTAMPS)))
            with Ring(None, packet_filter.program(None, syn_look.SNAP)) as ring:
                sent = 120000
                send_frames(*[packet] * (sent // 2))  # each goes out and comes in
                kept = []
                ring.watch(0, lambda *found: kept.append(1) or True, lambda: 1)
                return [sent, len(kept), ring.lost]
        sent, kept, lost = in_a_namespace(act)
        self.assertEqual(sent, kept + lost)
        self.assertGreater(lost, 0)


class Keeping(unittest.TestCase):
    def test_it_stops_when_it_is_full(self):
        self.addCleanup(setattr, syn_look, 'BYTES_MAX', syn_look.BYTES_MAX)
        syn_look.BYTES_MAX = 300000
        keeper, number = syn_look.Keeper(10 ** 9), 0
        while keeper.size < syn_look.BYTES_MAX:
            packet = bytearray(ipv4(segment(TIMESTAMPS)))
            packet[12:16] = os.urandom(4)
            packet[20:28] = os.urandom(8)
            packet[42:50] = os.urandom(8)
            more = keeper.take(bytes(packet), 0, len(packet), 0, number, 0)
            number += 1
        self.assertFalse(more)
        answer = keeper.answer()
        self.assertEqual((answer['stopped'], answer['packets']), ('memory', number))
        self.assertEqual(SOURCE + DESTINATION, ipv4(b'')[12:20])

    def test_the_usual_syn_is_kept_as_the_parser_reads_it(self):
        chance = random.Random(60)
        usual = ipv4(segment(MSS + SACK + TIMESTAMPS + NOTHING + WINDOW))
        self.assertEqual(len(usual), syn_look.USUAL.size)
        for _round in range(3000):
            packet = bytearray(usual)
            for _change in range(chance.randrange(3)):
                packet[chance.randrange(60)] = chance.randrange(256)
            packet = bytes(packet)
            keeper, wanted = syn_look.Keeper(9), tcp_packet.parse_cooked(packet, 0, 60)
            keeper.take(packet, 0, 60, 0, 1, 0)
            if wanted is None or not wanted[4] & keeper.flags or len(wanted[0]) != 4:
                self.assertEqual(bytes(keeper.piece), b'')
                continue
            row = syn_look.EVENT.unpack(bytes(keeper.piece))
            seq, tsval, _time, destination, dport, flags, marks, length, ack, tsecr, source, sport = row
            self.assertEqual((struct.pack('>I', source), sport, struct.pack('>I', destination), dport, flags, seq, ack),
                             wanted[:4] + (wanted[4] & 63,) + wanted[5:7])
            stamps = (tsval, tsecr) if marks & syn_look.HAS_TIMESTAMPS else (None, None)
            self.assertEqual(stamps + (length,), wanted[7:9] + (min(wanted[9], 65535),))

    def test_more_ipv6_addresses_than_it_remembers(self):
        keeper = syn_look.Keeper(10 ** 9)
        for number in range(syn_look.ADDRESSES_MAX + 5):
            packet = bytearray(ipv6(segment(TIMESTAMPS)))
            packet[12:16] = struct.pack('>I', number)
            self.assertTrue(keeper.take(bytes(packet), 0, len(packet), 0, 1, 0))
        answer = keeper.answer()
        self.assertEqual(answer['stopped'], 'addresses')
        self.assertEqual(len(answer['addresses']), syn_look.ADDRESSES_MAX)
        self.assertEqual(answer['packets'], syn_look.ADDRESSES_MAX - 1)  # one address is the destination


if __name__ == '__main__':
    unittest.main()
