# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function

import binascii
import io
import os
import socket
import unittest

import nodepath
from _node.errors import Malformed, Unreadable
from _node.parsers import nlmsg, time_wait_count
from _node.parsers import tcp_metrics as parser
from _node.readers import netlink, sock_diag, sock_dump, tcp_metrics

__metaclass__ = type

LAB = os.path.join(nodepath.CHECKOUT, 'tests', 'fixtures', '4.4.178-lab')


def recorded(look):
    """The entries in the answers of the 4.4.178 kernel."""
    found = []
    with io.open(os.path.join(LAB, 'netlink', look, 'tcp_metrics.hex'), encoding='ascii') as lines:
        for line in lines:
            for kind, payload in nlmsg.messages(binascii.unhexlify(line.strip())):
                if kind != nlmsg.NLMSG_DONE:
                    found.append(parser.parse_message(payload))
    return found


def shown(look):
    with io.open(os.path.join(LAB, look, 'ip_tcp_metrics_show'), encoding='ascii') as handle:
        return parser.parse_shown(handle.read())


class TestMeasuredAnswers(unittest.TestCase):
    def test_stamps_of_a_kernel_that_has_them(self):
        self.assertEqual(recorded('recycle-on'), [
            {'address': '198.51.100.1', 'tsval': 624906248, 'age_s': 2},
            {'address': '10.0.2.2', 'tsval': None, 'age_s': None}])

    def test_what_ip_prints_is_read_to_the_same(self):
        self.assertEqual(shown('1-during'), [
            {'address': '198.51.100.1', 'tsval': 1252268077, 'age_s': 4},
            {'address': '10.0.2.2', 'tsval': None, 'age_s': None}])

    def test_armed_for_less_than_a_minute(self):
        self.assertEqual(parser.armed(shown('1-during')), [
            {'address': '198.51.100.1', 'tsval': 1252268077, 'age_s': 4, 'remaining_s': 56}])
        self.assertEqual(parser.armed(shown('0-before')), [])  # 69 s ago


class TestMalformed(unittest.TestCase):
    def test_every_cut_of_an_answer(self):
        with io.open(os.path.join(LAB, 'netlink', 'recycle-on', 'tcp_metrics.hex'), encoding='ascii') as lines:
            whole = binascii.unhexlify(lines.readline().strip())
        for length in range(len(whole)):
            try:
                for _kind, payload in nlmsg.messages(whole[:length]):
                    parser.parse_message(payload)
            except (ValueError, Malformed):
                pass

    def test_an_entry_without_an_address(self):
        with self.assertRaises(Malformed):
            parser.parse_message(b'\1\1\0\0')

    def test_lines_that_show_no_entry(self):
        self.assertEqual(parser.parse_shown(u'Object "tcp_metrics" is unknown\n\n999.1.1.1 age 1\n'), [])


class TestThisKernel(unittest.TestCase):
    def test_the_cache(self):
        for entry in tcp_metrics.entries():
            self.assertIsNone(entry['tsval'])  # no kernel that runs these tests has stamps

    def test_what_listens(self):
        server = socket.socket()
        self.addCleanup(server.close)
        server.bind(('127.0.0.1', 0))
        server.listen(1)
        self.assertIn('127.0.0.1:%d' % server.getsockname()[1], sock_diag.listening())

    def test_a_refusal_is_told(self):
        with netlink.Netlink(sock_diag.NETLINK_SOCK_DIAG, sock_diag.SOURCE) as link:
            with self.assertRaises(Unreadable) as caught:
                list(link.dump(sock_diag.SOCK_DIAG_BY_FAMILY, b''))
        self.assertIn('NETLINK_SOCK_DIAG', str(caught.exception))

    def test_a_protocol_without_a_module_is_not_one_without_sockets(self):
        """As TCP is where tcp_diag can no longer be loaded: the kernel says it in the end of an empty answer."""
        body = sock_diag.REQUEST.pack(socket.AF_INET, 250, 0, sock_diag.TCPF_LISTEN)
        with sock_dump.Dump(sock_diag.NETLINK_SOCK_DIAG, sock_diag.SOURCE) as link:
            for read in (lambda: list(link.dump(sock_diag.SOCK_DIAG_BY_FAMILY, body)), lambda: sock_dump.counted(
                    link.datagrams(sock_diag.SOCK_DIAG_BY_FAMILY, body), time_wait_count.TimeWaitCount((), None))):
                with self.assertRaises(Unreadable) as caught:
                    read()
                self.assertIn('module', caught.exception.reason)


if __name__ == '__main__':
    unittest.main()
