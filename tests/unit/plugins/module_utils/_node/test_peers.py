# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Armed peers in a record: where they are looked for, how many it carries, and that samples hold what is asked for."""

from __future__ import absolute_import, division, print_function

import os
import unittest

import nodepath
from _node.operations import observe
from test_observe import CaptureCase

__metaclass__ = type

LAB = os.path.join(nodepath.CHECKOUT, 'tests', 'fixtures', '4.4.178-lab')


def shown(number, age=4):
    """What `ip tcp_metrics show` prints for so many peers."""
    return ''.join(
        '10.0.%d.%d age 3.679sec tw_ts %d/%d ago cwnd 10 rtt 507us\n'
        % (index // 250, index % 250 + 1, 1000 + index, age)
        for index in range(number)
    )


class TestCaptures(CaptureCase):
    def old(self, recycle=1, release='3.10.0-1160.el7.x86_64'):
        self.node(release, tcp_tw_recycle=recycle, tcp_timestamps=1)
        self.write('/ip_tcp_metrics_show', shown(2))

    def test_each_namespace_has_its_own(self):
        self.old()
        self.container(77, 4026532100)
        self.sysctls('/namespaces/4026532100/proc/sys')
        self.write('/namespaces/4026532100/ip_tcp_metrics_show', shown(1, age=59))
        host, container = self.record()['namespaces']
        self.assertEqual([peer['address'] for peer in host['peers']], ['10.0.0.1', '10.0.0.2'])
        self.assertEqual(container['peers'], [{'address': '10.0.0.1', 'tsval': 1000, 'age_s': 59, 'remaining_s': 1}])
        self.assertEqual(container['peers_total'], 1)

    def test_stamps_of_a_minute_arm_nobody(self):
        self.old()
        self.write('/ip_tcp_metrics_show', shown(3, age=60))
        self.assertEqual(self.record()['namespaces'][0]['peers'], [])

    def test_not_looked_at_where_nothing_is_dropped(self):
        self.old(recycle=0)
        self.assertNotIn('peers', self.record()['namespaces'][0])

    def test_looked_at_when_asked(self):
        self.old(recycle=0)
        self.assertEqual(self.record(gather=['peers'])['namespaces'][0]['peers_total'], 2)

    def test_no_capture_of_them_is_not_none_of_them(self):
        self.node('4.4.178', tcp_tw_recycle=1, tcp_timestamps=1)
        self.assertNotIn('peers', self.record()['namespaces'][0])

    def test_kernels_without_stamps_are_not_asked(self):
        for release in ('2.6.32-754.el6.x86_64', '3.5.0', '4.12.0', '6.18.44'):
            self.old(release=release)
            self.assertNotIn('peers', self.record(gather=['peers', 'sysctls'])['namespaces'][0])

    def test_in_4_11_the_value_of_the_namespace_decides(self):
        self.old(recycle=0, release='4.11.8')
        for number, recycle in ((77, 1), (78, 0)):
            self.container(number, 4026532100 + number, identity='%064x' % number)
            self.sysctls('/namespaces/%d/proc/sys' % (4026532100 + number), tcp_tw_recycle=recycle)
            self.write('/namespaces/%d/ip_tcp_metrics_show' % (4026532100 + number), shown(1))
        found = self.record()['namespaces']
        self.assertEqual([len(entry.get('peers', [])) for entry in found], [0, 1, 0])

    def test_a_look_at_everything_stays_small(self):
        self.old()
        self.write('/ip_tcp_metrics_show', shown(500))
        entry = self.record()['namespaces'][0]
        self.assertEqual((len(entry['peers']), entry['peers_total']), (32, 500))
        self.assertEqual(len(self.record(gather=['peers'])['namespaces'][0]['peers']), 64)

    def test_namespaces_that_differ_in_peers_are_not_one(self):
        self.old()
        for number in (77, 78, 79):
            self.container(number, 4026532000 + number, identity='%064x' % number)
            self.sysctls('/namespaces/%d/proc/sys' % (4026532000 + number))
            self.write('/namespaces/%d/ip_tcp_metrics_show' % (4026532000 + number), shown(number == 79))
        self.assertEqual([entry['count'] for entry in self.record()['namespaces']], [1, 2, 1])

    def test_a_file_that_cannot_be_used_is_named(self):
        self.old()
        os.remove(self.root + '/ip_tcp_metrics_show')
        os.makedirs(self.root + '/ip_tcp_metrics_show')
        self.assertIn('directory', self.record()['unavailable']['/ip_tcp_metrics_show'])

    def test_the_measured_capture(self):
        record = observe.run({'root': os.path.join(LAB, '1-during')})['record']
        self.assertEqual(
            record['namespaces'][0]['peers'],
            [{'address': '198.51.100.1', 'tsval': 1252268077, 'age_s': 4, 'remaining_s': 56}],
        )


class TestSamples(CaptureCase):
    def test_a_sample_carries_the_counters_that_were_asked_for(self):
        self.node('4.4.178', tcp_tw_recycle=1)
        self.counters('/proc/net', TW=7)
        self.container(77, 4026532100, TW=3)
        self.counters('/sample2/proc/77/net', TW=5)
        self.write('/sample2/proc/uptime', '1012.50 900.00\n')
        look = self.look(gather=['namespaces', 'counters'], counters={'TcpExt': ['TW'], 'Tcp': ['InSegs']})
        before = dict((key, group['counters']) for group in look['earlier']['groups'] for key in group['members'])
        container = look['record']['namespaces'][1]
        self.assertEqual(before[container['key']]['TcpExt']['TW'], 3)
        self.assertEqual(container['counters']['TcpExt']['TW'], 5)
        self.assertEqual(container['counters']['Tcp'], {'InSegs': 900000})


class TestLive(unittest.TestCase):
    def test_a_window_in_one_look_knows_the_namespace_of_the_node(self):
        look = observe.run({'gather': ['namespaces', 'counters'], 'window': 0.01})
        before = set(key for group in look['earlier']['groups'] for key in group['members'])
        after = set(key for group in look['sample']['groups'] for key in group['members'])
        self.assertTrue(before & after)


if __name__ == '__main__':
    unittest.main()
