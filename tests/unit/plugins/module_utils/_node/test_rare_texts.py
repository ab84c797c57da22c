# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text and bytes that a kernel or a program seldom gives: cut off, foreign, or in two families at once."""

from __future__ import absolute_import, division, print_function

import socket
import struct
import unittest

import nodepath
from _node.errors import Malformed, Refused, Unreadable
from _node.operations import observe
from _node.parsers import addresses, cgroup, counters, icmp, nlmsg, socket_table, sysctl_value, tcp_metrics, tcp_packet
from _node.readers import netlink, root, said, sock_diag, tw_files
from _node.readers.tree import Tree

__metaclass__ = type

SS = 'tcp   %s  0  0  %s  %s\n'


class TestTexts(unittest.TestCase):
    def malformed(self, read, *arguments):
        with self.assertRaises(Malformed) as caught:
            read(*arguments)
        return str(caught.exception)

    def test_socket_tables(self):
        self.assertIn('two families', self.malformed(
            socket_table.ss_rows, SS % ('TIME-WAIT', '10.0.0.1:40000', '[::1]:80')))
        self.assertIn('without ends', self.malformed(socket_table.ss_rows, 'TIME-WAIT 0 0\n'))
        self.assertIn('not an address', self.malformed(
            socket_table.ss_rows, SS % ('TIME-WAIT', 'somewhere:40000', '10.0.0.1:80')))
        self.assertIn('ss -n', self.malformed(
            socket_table.ss_listening, SS % ('LISTEN', '10.0.0.1:http', '0.0.0.0:*')))
        self.assertIn('70000 is not a port', self.malformed(
            socket_table.ss_listening, SS % ('LISTEN', '*:70000', '0.0.0.0:*')))
        self.assertEqual(socket_table.ss_listening(SS % ('LISTEN', '*:80', '*:*') + SS % ('LISTEN', '[::]:80', '*:*')),
                         [80])
        end, other = '0100007F:9C40', '00000000000000000000000001000000:0050'
        self.assertIn('two families', self.malformed(socket_table.proc_row, ' 0: %s %s 06 x' % (end, other)))
        self.assertIn('not a line', self.malformed(socket_table.proc_row, ' 0: '))
        self.assertIn('not a timer', self.malformed(socket_table.proc_row, ' 0: %s %s 06 0:0 03:x 0' % (end, end)))

    def test_counters(self):
        self.assertIn('3 lines', self.malformed(counters.parse_groups, 'Tcp: A\nTcp: 1\nTcp: B\n'))
        self.assertIn('empty', self.malformed(counters.parse_groups, '\n'))
        self.assertIn('does not end', self.malformed(counters.parse_groups, 'Tcp: A\nTcp: 1'))
        self.assertIn('not a count', self.malformed(counters.parse_groups, 'Tcp: A\nTcp: x\n'))
        self.assertIn('does not fit', self.malformed(counters.parse_groups, 'Tcp: A\nTcp: 18446744073709551616\n'))

    def test_addresses(self):
        self.assertIn('no IPv6', self.malformed(
            addresses.parse_if_inet6, 'x' * 32 + ' 02 40 00 80 eth0\n'))
        head = '  sl  local_address\n'
        self.assertEqual(addresses.parse_listening(head + ' 0: 0100007F:0016 00000000:0000 0A x\n 1: cut'),
                         ['127.0.0.1:22'])
        for end in ('0100007F', 'xx:0016', '0100:0016'):
            self.assertIn('not a socket', self.malformed(
                addresses.parse_listening, head + ' 0: %s 00000000:0000 0A x\n' % end))
        trie = '  |-- 10.0.0.1\n    /32 host LOCAL\n  |-- 127.0.0.1\n    /32 host LOCAL\n /32 host LOCAL\n'
        self.assertEqual(addresses.parse_fib_trie(trie), ['10.0.0.1'])

    def test_a_container_of_a_runtime_that_only_its_parents_name(self):
        name = 'a' * 64
        self.assertEqual(cgroup.parse_cgroup('0::/somewhere/%s\n' % name)['runtime'], None)
        self.assertEqual(cgroup.parse_cgroup('0::/kubepods/besteffort/podx/%s\n' % name)['runtime'], 'kubepods')

    def test_lists_of_ports_that_are_none(self):
        self.assertTrue(sysctl_value.same('1-3,7', '1,2,3,7'))
        for text in ('1-', '-3', '1-x', ',', 'a,b'):
            self.assertFalse(sysctl_value.same(text, '1-3'), text)
            self.assertFalse(sysctl_value.same('1-3', text), text)
        self.assertTrue(sysctl_value.same('a,b', 'a,b'))
        self.assertFalse(sysctl_value.same('', '0'))

    def test_what_ip_prints_of_peers(self):
        self.assertEqual(tcp_metrics.parse_shown(''), [])


class TestBytes(unittest.TestCase):
    def test_netlink_messages_that_do_not_fit(self):
        header = struct.pack('=IHHII', 40, 20, 0, 7, 0)
        with self.assertRaises(ValueError):
            list(nlmsg.messages(header))
        other = struct.pack('=IHHII', 16, 20, 0, 8, 0) + struct.pack('=IHHII', 16, 21, 0, 7, 0)
        self.assertEqual(list(nlmsg.messages(other, 7)), [(21, b'')])
        for attribute in (struct.pack('=HH', 9, 1), struct.pack('=HH', 3, 1)):
            with self.assertRaises(ValueError):
                nlmsg.attributes(attribute)

    def test_sockets_too_short_to_be_any(self):
        with self.assertRaises(Unreadable):
            sock_diag._local_end(socket.AF_INET, b'\2\1\0\0')
        six = b'\n\1\0\0' + struct.pack('>HH16s', 443, 0, b'\0' * 15 + b'\1')
        self.assertEqual(sock_diag._local_end(socket.AF_INET6, six), '[::1]:443')

    def test_a_kernel_that_refuses_an_answer(self):
        with netlink.Netlink(4, 'x') as link:
            with self.assertRaises(Unreadable):
                list(link.ask(999, b''))

    def test_packets_that_end_early(self):
        for first in (b'\x45', b'\x60'):
            for length in range(40):
                packet = (first + b'\0' * 63)[:length]
                self.assertIsNone(tcp_packet.parse_cooked(packet, 0, len(packet)))
        tags = struct.pack('>HH', 5, 0x8100) * 12
        self.assertIsNone(tcp_packet.parse_cooked(tags, 0, len(tags)))
        options = b'\x60\0\0\0\0\0\0\x40' + b'\0' * 32 + b'\0\0\0\0\0\0\0\0' * 16
        self.assertIsNone(tcp_packet.parse_cooked(options, 0, len(options)))

    def test_echoes(self):
        packet = icmp.request(4, 7, 9)
        self.assertEqual(icmp.checksum(packet), 0)
        self.assertEqual(icmp.checksum(b'\x01'), icmp.checksum(b'\x01\x00'))
        self.assertIsNone(icmp.reply_of(4, packet, False))
        self.assertEqual(icmp.reply_of(4, b'\0' + packet[1:], False), (7, 9))
        self.assertIsNone(icmp.reply_of(4, b'', True))


class TestTrees(nodepath.TreeCase):
    def test_roots_that_are_none(self):
        self.write('/file', 'x')
        self.place('/empty/x')
        for path, words in ((self.root + '/empty', 'is empty'), (self.root + '/file', 'directory'), ('x', 'absolute'),
                            (self.root + '/none', 'does not exist')):
            with self.assertRaises(Refused) as caught:
                root.open_root(path)
            self.assertIn(words, str(caught.exception))

    def test_a_table_of_sockets_that_is_cut_off_or_no_file(self):
        self.write('/proc/1/net/x', '')
        self.write('/proc/net/tcp', '  sl  local_address\n 0: 0100007F:9C40 0200007F:0050 06 x')
        reasons = {}
        self.assertIsNone(tw_files.read(Tree(self.root), '/proc/net', '/', lambda listening: None, reasons))
        self.assertIn('cut off', ' '.join(reasons.values()))

    def test_the_head_of_a_large_file_ends_with_a_line(self):
        self.write('/file', 'one\n' * 100)
        self.assertEqual(Tree(self.root).read_head('/file', 10), 'one\none\n')
        self.assertEqual(Tree(self.root).read_head('/file', 4000), 'one\n' * 100)
        self.assertIsNone(Tree(self.root).read_head('/none', 10))

    def test_kernel_and_uptime_of_captures(self):
        tree, unavailable = Tree(self.root), {}
        self.write('/proc/uptime', 'soon\n')
        self.assertIsNone(said.read_uptime(tree, unavailable))
        self.assertIn('no number', unavailable['/proc/uptime'])
        self.assertIsNone(said.read_kernel(tree, unavailable)['release'])
        self.assertIn('no release', unavailable['kernel'])
        self.write('/sysctl_-a', 'kernel.ostype = Linux\n')
        self.assertIsNone(said.read_kernel(tree, {})['release'])
        self.write('/sysctl_-a', 'kernel.ostype = Linux\nkernel.osrelease = 4.4.178\n')
        self.assertEqual(said.read_kernel(tree, {})['release'], '4.4.178')

    def test_a_record_of_such_a_tree_says_what_it_lacks(self):
        self.write('/etc/hostname', 'x\n')
        record = observe.run({'root': self.root})['record']
        self.assertIn('kernel', record['unavailable'])
        self.assertEqual(record['change_sets'], [])
        self.write('/var/lib/nodetcp-paws/change-sets/A/record.json', '{')
        record = observe.run({'root': self.root})['record']
        self.assertEqual(record['change_sets'], [])
        self.assertIn('/var/lib/nodetcp-paws', record['unavailable'])


if __name__ == '__main__':
    unittest.main()
