# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TCP headers out of bytes: every layer, every order of options, cut off and malformed."""

from __future__ import absolute_import, division, print_function

import random
import socket
import struct
import unittest

import nodepath
from _node.parsers import tcp_packet

__metaclass__ = type

assert nodepath

SOURCE, DESTINATION = b'\xc6\x33\x64\x01', b'\xc6\x33\x64\x0a'
SOURCE6, DESTINATION6 = b'\xfd' + b'\0' * 14 + b'\1', b'\xfd' + b'\0' * 14 + b'\2'
MSS, SACK, WINDOW, NOTHING, END = b'\2\4\5\xb4', b'\4\2', b'\3\3\7', b'\1', b'\0'
TIMESTAMPS = b'\x08\x0a' + struct.pack('>II', 773695118, 470318331)
PAIR = (773695118, 470318331)


def segment(options=b'', flags=tcp_packet.SYN, payload=b''):
    options += END * (-len(options) % 4)
    offset = (20 + len(options)) // 4
    return struct.pack('>HHIIBBHHH', 47722, 8080, 7, 9, offset << 4, flags, 64240, 0, 0) + options + payload


def ipv4(inner, protocol=6, fragment=0, options=b''):
    size = 20 + len(options)
    return struct.pack('>BBHHHBBH', 0x40 | size // 4, 0, size + len(inner), 1, fragment, 64, protocol, 0) + \
        SOURCE + DESTINATION + options + inner


def ipv6(inner, following=6):
    return struct.pack('>IHBB', 6 << 28, len(inner), following, 64) + SOURCE6 + DESTINATION6 + inner


def parsed(packet, protocol=tcp_packet.IPV4):
    return tcp_packet.parse(packet, 0, len(packet), protocol)


def expected(tsval, tsecr, length=0, flags=tcp_packet.SYN, source=SOURCE, destination=DESTINATION):
    return (source, 47722, destination, 8080, flags, 7, 9, tsval, tsecr, length)


class Options(unittest.TestCase):
    def test_timestamps_in_every_usual_order(self):
        for options in (MSS + SACK + TIMESTAMPS + NOTHING + WINDOW, NOTHING + NOTHING + TIMESTAMPS,
                        MSS + NOTHING + WINDOW + NOTHING + NOTHING + TIMESTAMPS + SACK,
                        MSS + NOTHING + WINDOW + SACK + TIMESTAMPS, TIMESTAMPS, TIMESTAMPS + MSS + SACK,
                        b'\x1e\x0cabcdefghij' + TIMESTAMPS, NOTHING * 7 + TIMESTAMPS):
            self.assertEqual(parsed(ipv4(segment(options))), expected(*PAIR), options)

    def test_without_timestamps(self):
        for options in (b'', MSS, MSS + SACK + WINDOW, MSS + NOTHING + NOTHING + SACK + NOTHING + WINDOW):
            self.assertEqual(parsed(ipv4(segment(options))), expected(None, None), options)

    def test_what_the_kernel_does_not_read(self):
        for options in (b'\x08\x09' + b'\7' * 8,  # no such length
                        b'\x22\x00' + TIMESTAMPS, b'\x22\x01' + TIMESTAMPS,  # an option without a length ends the list
                        b'\x22\xff' + TIMESTAMPS,  # longer than the header
                        END + TIMESTAMPS, MSS + END + TIMESTAMPS):
            self.assertEqual(parsed(ipv4(segment(options))), expected(None, None), options)

    def test_the_last_of_two_counts(self):
        other = b'\x08\x0a' + struct.pack('>II', 1, 2)
        self.assertEqual(parsed(ipv4(segment(other + TIMESTAMPS))), expected(*PAIR))
        self.assertEqual(parsed(ipv4(segment(MSS + SACK + other + NOTHING + NOTHING + TIMESTAMPS))), expected(*PAIR))

    def test_the_fast_paths_say_what_the_walk_says(self):
        chance = random.Random(1)
        parts = (MSS, SACK, WINDOW, NOTHING, END, TIMESTAMPS, b'\x08\x0a', b'\x22\x03x', b'\x22\x00')
        for _round in range(3000):
            options = b''.join(chance.choice(parts) for _part in range(chance.randrange(9)))[:40]
            packet = ipv4(segment(options))
            self.assertEqual(parsed(packet)[7:9], tcp_packet._walk(packet, 40, len(packet)), options)


class Layers(unittest.TestCase):
    inner = segment(MSS + SACK + TIMESTAMPS + NOTHING + WINDOW)

    def test_vlan_tags(self):
        for types in ((0x8100,), (0x88A8, 0x8100), (0x9100, 0x8100, 0x8100)):
            packet = b''.join(struct.pack('>HH', 5, kind) for kind in types[1:] + (tcp_packet.IPV4,)) + ipv4(self.inner)
            self.assertEqual(parsed(packet, types[0]), expected(*PAIR))

    def test_what_a_packet_socket_gives_begins_with_a_tag_or_behind_it(self):
        tag, inner6 = struct.pack('>HH', 5, 0x0800), ipv6(self.inner)
        wanted6 = expected(PAIR[0], PAIR[1], source=SOURCE6, destination=DESTINATION6)
        for packet, wanted in ((ipv4(self.inner), expected(*PAIR)), (tag + ipv4(self.inner), expected(*PAIR)),
                               (struct.pack('>HH', 0x4545, 0x8100) + tag + ipv4(self.inner), expected(*PAIR)),
                               (inner6, wanted6), (struct.pack('>HH', 0x6001, 0x86DD) + inner6, wanted6),
                               # a flow label that looks like an EtherType
                               (struct.pack('>I', 6 << 28 | 0x0800) + inner6[4:], wanted6),
                               (struct.pack('>I', 6 << 28 | 0x86DD) + inner6[4:], wanted6)):
            self.assertEqual(tcp_packet.parse_cooked(packet, 0, len(packet)), wanted)
        for cut in range(40):
            self.assertIsNone(tcp_packet.parse_cooked(ipv4(self.inner), 0, cut))
        self.assertIsNone(tcp_packet.parse_cooked(tag * 30, 0, 120))

    def test_ipv4_with_options_of_its_own(self):
        self.assertEqual(parsed(ipv4(self.inner, options=b'\x94\x04\0\0')), expected(*PAIR))

    def test_ipv6_with_and_without_extension_headers(self):
        wanted = expected(PAIR[0], PAIR[1], source=SOURCE6, destination=DESTINATION6)
        self.assertEqual(parsed(ipv6(self.inner), tcp_packet.IPV6), wanted)
        hop = struct.pack('>BB6x', 6, 0)
        routing = struct.pack('>BB14x', 0, 1)
        self.assertEqual(parsed(ipv6(hop + self.inner, 0), tcp_packet.IPV6), wanted)
        self.assertEqual(parsed(ipv6(routing + hop + self.inner, 43), tcp_packet.IPV6), wanted)
        first = struct.pack('>BBHI', 6, 0, 1, 77)
        self.assertEqual(parsed(ipv6(first + self.inner, 44), tcp_packet.IPV6), wanted)
        later = struct.pack('>BBHI', 6, 0, 1 | 8, 77)
        self.assertIsNone(parsed(ipv6(later + self.inner, 44), tcp_packet.IPV6))

    def test_the_length_of_the_payload_is_that_of_the_headers(self):
        whole = ipv4(segment(NOTHING * 2 + TIMESTAMPS, tcp_packet.ACK, b'x' * 1000))
        wanted = expected(PAIR[0], PAIR[1], 1000, tcp_packet.ACK)
        self.assertEqual(tcp_packet.parse(whole, 0, 96, tcp_packet.IPV4), wanted)

    def test_what_is_no_tcp_header(self):
        for packet in (ipv4(self.inner, protocol=17), ipv4(self.inner, fragment=100), b'\x55' + ipv4(self.inner)[1:],
                       b'\x44' + ipv4(self.inner)[1:], ipv4(segment()[:12] + b'\x40' + segment()[13:])):
            self.assertIsNone(parsed(packet))
        self.assertIsNone(parsed(ipv4(self.inner), 0x0806))
        self.assertIsNone(parsed(ipv6(self.inner), tcp_packet.IPV4))

    def test_cut_off_at_every_byte(self):
        packet = ipv4(self.inner)
        for end in range(len(packet) + 1):
            found = tcp_packet.parse(packet, 0, end, tcp_packet.IPV4)
            self.assertEqual(found is None, end < 40, end)
            if end >= 40:
                self.assertEqual(found[7:9], PAIR if end >= 56 else (None, None), end)


class Chance(unittest.TestCase):
    def test_no_bytes_raise(self):
        chance = random.Random(20260322)
        good = [(ipv4(Layers.inner), tcp_packet.IPV4), (ipv6(Layers.inner), tcp_packet.IPV6),
                (struct.pack('>HH', 5, 0x0800) + ipv4(Layers.inner), 0x8100)]
        for _round in range(20000):
            packet, protocol = chance.choice(good)
            packet = bytearray(packet[:chance.randrange(len(packet) + 1)])
            for _change in range(chance.randrange(8)):
                if packet:
                    packet[chance.randrange(len(packet))] = chance.randrange(256)
            tcp_packet.parse_cooked(bytes(packet), 0, len(packet))
            found = tcp_packet.parse(bytes(packet), 0, len(packet), protocol)
            if found is not None:
                self.assertIn(len(found[0]), (4, 16))
                self.assertTrue(all(0 <= value < 1 << 32 for value in found[4:9] if value is not None))

    def test_an_address_is_what_the_socket_module_reads(self):
        self.assertEqual(socket.inet_ntoa(parsed(ipv4(Layers.inner))[0]), '198.51.100.1')


if __name__ == '__main__':
    unittest.main()
