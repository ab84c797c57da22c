# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking for a place on this very node."""
from __future__ import absolute_import, division, print_function

import io
import json
import os
import socket
import unittest

import nodepath
from _node.errors import Refused
from _node.operations import locate

__metaclass__ = type


class TestThisNode(unittest.TestCase):
    def test_the_node_itself_with_what_listens_and_what_decides(self):
        server = socket.socket()
        self.addCleanup(server.close)
        server.bind(('127.0.0.1', 0))
        server.listen(1)
        port = server.getsockname()[1]
        answer = locate.run({'what': 'host', 'port': port})
        self.assertTrue(json.dumps(answer))
        (match,) = answer['matches']
        self.assertEqual((match['kind'], match['id']), ('host', os.readlink('/proc/self/ns/net')))
        self.assertEqual(match['listening'], ['127.0.0.1:%d' % port])
        with io.open('/proc/sys/net/ipv4/tcp_timestamps', encoding='ascii') as handle:
            self.assertEqual(match['sysctls']['net.ipv4.tcp_timestamps']['value'], handle.read().strip())

    def test_one_of_its_addresses_is_the_node_too(self):
        (match,) = locate.run({'what': 'host'})['matches']
        for address in match['addresses'][:1]:
            found = locate.run({'what': address})['matches']
            self.assertIn(match['key'], [other['key'] for other in found])

    def test_what_connection_tracking_dropped_where_there_is_one(self):
        tracking = locate.run({'what': 'host'})['tracking']
        self.assertEqual(tracking is not None, os.path.exists('/proc/net/stat/nf_conntrack'))
        self.assertEqual(set(tracking or locate.TRACKING), set(locate.TRACKING))

    def test_nobody_is_an_answer(self):
        self.assertEqual(locate.run({'what': '192.0.2.254'})['matches'], [])

    def test_nothing_is_no_question(self):
        with self.assertRaises(Refused):
            locate.run({'what': ''})


if __name__ == '__main__':
    assert nodepath.CHECKOUT
    unittest.main()
