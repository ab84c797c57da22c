# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who a server holds in TIME_WAIT, and where a node that translates sends its connections."""

from __future__ import absolute_import, division, print_function

import socket
import struct
import unittest

import nodepath
from _node.operations import time_wait_clients, translation
from _node.parsers import conntrack_listing
from _node.parsers.inet_diag import Part
from _node.parsers.time_wait_clients import Clients
from _node.readers import translated
from _node.readers.tree import Tree

__metaclass__ = type

OURS = '10.9.2.2'
ENTRY = ('ipv4     2 tcp      6 %d %s src=%s dst=10.9.2.2 sport=%d dport=80 %ssrc=%s dst=%s sport=80 dport=%d '
         '[ASSURED] mark=0 zone=0 use=2\n')


def part(*sockets):
    """Sockets (client, its port, our port, seconds left) as one datagram has them."""
    made, keys = Part(), []
    for client, port, own, left in sockets:
        ends = [socket.inet_aton(address) + 12 * b'\0' for address in (OURS, client)]
        keys.append(struct.pack('>H', port) + ends[0] + ends[1])
        made.families.append(socket.AF_INET)
        made.ports += struct.pack('>H', own)
        made.rests.append(int(left / 0.256))
    made.keys = tuple(keys)
    return made


def entry(left=118, state='TIME_WAIT', client='10.9.1.2', own=39494, port=30563, snat='10.9.2.1', server=OURS, acct=''):
    return ENTRY % (left, state, client, own, acct, server, snat, port)


class TestClients(unittest.TestCase):
    def test_sockets_are_told_apart_by_client_and_by_our_end(self):
        clients = Clients([80, 443])
        clients.add(part(*[('10.9.2.1', port, 80, 59) for port in range(40000, 40010)]))
        clients.add(part(('10.9.2.1', 40000, 443, 1), ('10.9.9.9', 7, 80, 30), ('10.9.2.1', 80, 50000, 30)))
        first, other, last = clients.shown(8)
        self.assertEqual((first['address'], first['server'], first['port'], first['time_wait']),
                         ('10.9.2.1', OURS, 80, 10))
        self.assertEqual(first['ports'], {'low': 40000, 'high': 40009, 'count': 10, 'even': 5})
        self.assertEqual(sorted((each['address'], each['port']) for each in (other, last)),
                         [('10.9.2.1', 443), ('10.9.9.9', 80)])
        self.assertEqual((clients.sockets, clients.left_out, len(clients.shown(1))), (12, 0, 1))

    def test_ages_are_counted_in_twelfths_of_a_minute_and_what_is_over_is_not(self):
        clients = Clients([80])
        clients.add(part(*[('10.9.2.1', 1024 + index, 80, left) for index, left in enumerate((60, 58, 54, 2, 0))]))
        self.assertEqual(clients.shown(1)[0]['ages'], [2, 1] + [0] * 9 + [1])
        self.assertEqual(clients.shown(1)[0]['time_wait'], 5)

    def test_what_connects_to_others_is_no_client(self):
        clients = Clients([])
        clients.add(part(('10.9.2.1', 443, 40000, 30)))
        self.assertEqual((clients.shown(8), clients.sockets), ([], 0))

    def test_the_kernel_answers(self):
        """One connection that this side closes first."""
        server, client = socket.socket(), socket.socket()
        try:
            server.bind(('127.0.0.1', 0))
            server.listen(1)
            client.connect(server.getsockname())
            accepted = server.accept()[0]
            accepted.close()
            client.recv(1)
            end, port = client.getsockname(), server.getsockname()[1]
            client.close()
            found = time_wait_clients.run({'top': 64})
        finally:
            client.close()
            server.close()
        mine, = [each for each in found['clients'] if each['port'] == port]
        self.assertEqual((mine['address'], mine['ports']['low'], mine['time_wait']), (end[0], end[1], 1))
        self.assertEqual(mine['ages'][0], 1)


class TestTranslated(unittest.TestCase):
    def parsed(self, *entries):
        return conntrack_listing.parse(''.join(entries), 120, 5)

    def test_an_entry_counts_by_where_it_went(self):
        found, = self.parsed(entry(), entry(left=90, own=5, port=5), entry(snat='10.9.2.9', client='10.9.1.3'))
        self.assertEqual(found, {'address': OURS, 'port': 80, 'time_wait': 3, 'per_s': 0.2, 'clients': 2,
                                 'addresses': 2, 'kept': 1})

    def test_with_accounting_and_without(self):
        found, = self.parsed(entry(acct='packets=5 bytes=300 '))
        self.assertEqual(found['time_wait'], 1)

    def test_what_was_not_translated_or_is_not_over_does_not_count(self):
        self.assertEqual(self.parsed(entry(snat='10.9.1.2'), entry(state='ESTABLISHED'), 'rubbish\n', '\n'), [])

    def test_the_busiest_come_first_and_few_of_them(self):
        ends = [entry(server='10.1.0.%d' % number) * number for number in range(1, 9)]
        self.assertEqual([each['time_wait'] for each in self.parsed(*ends)], [8, 7, 6, 5, 4])

    def test_numbers_beyond_reason_are_bounded(self):
        found, = self.parsed(entry().replace(' 118 ', ' %s ' % ('9' * 5000)))
        self.assertEqual(found['per_s'], 0.1)


class TestTree(nodepath.TreeCase):
    def test_a_capture_tells_too(self):
        self.write('/proc/net/nf_conntrack', entry(left=29) * 3)
        self.write('/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_time_wait', '30\n')
        self.write('/proc/sys/net/netfilter/nf_conntrack_count', '9\n')
        self.write('/iptables-save_-t_nat', '*nat\n-A POSTROUTING -j MASQUERADE --random-fully\nCOMMIT\n')
        answer = translation.run({'root': self.root})
        self.assertEqual((answer['translated']['entries'], answer['translated']['of']), (3, 9))
        self.assertEqual(answer['translated']['destinations'][0]['per_s'], 0.3)

    def test_where_the_kernel_lists_nothing_it_says_so(self):
        unavailable = {}
        self.assertIsNone(translated.observe(Tree(self.root), unavailable))
        self.assertIn('/proc/net/nf_conntrack', unavailable)

    def test_without_random_ports_the_table_is_not_read(self):
        self.write('/iptables-save_-t_nat', '*nat\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n')
        answer = translation.run({'root': self.root})
        self.assertEqual((answer['translated'], answer['unavailable']), (None, {}))


if __name__ == '__main__':
    unittest.main()
