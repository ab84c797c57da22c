# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function

import io
import json
import os
import shutil
import unittest

import nodepath
from _node import keys
from _node.errors import Refused
from _node.operations import observe
from _node.readers import observation

__metaclass__ = type

LAB = os.path.join(nodepath.CHECKOUT, 'tests', 'fixtures', '4.4.178-lab')
DOCKER = '3f2a' * 16
RECYCLE, TIMESTAMPS = keys.RECYCLE, keys.TIMESTAMPS


def size(record):
    """Bytes of a record as it travels."""
    return len(json.dumps(record, separators=(',', ':')))


class CaptureCase(nodepath.TreeCase):
    """Synthetic captures in self.root."""

    def node(self, release, **sysctls):
        """A node of this kernel release; sysctls by the last part of their key, all of net.ipv4."""
        self.write('/proc/sys/kernel/osrelease', release + '\n')
        self.write('/proc/uptime', '1000.00 900.00\n')
        self.write('/proc/1/ns/net', 'net:[4026531840]\n')
        self.sysctls('/proc/sys', **sysctls)
        self.counters('/proc/net')

    def sysctls(self, where, **values):
        self.write(where + '/net/ipv4/ip_forward', '1\n')
        for name, value in values.items():
            self.write('%s/net/ipv4/%s' % (where, name), '%s\n' % value)

    def counters(self, net, **values):
        values.setdefault('ListenDrops', values.get('PAWSPassive', 0))
        names = sorted(values)
        self.write(net + '/netstat', 'TcpExt: %s\nTcpExt: %s\n' % (
            ' '.join(names), ' '.join(str(values[name]) for name in names)))
        self.write(net + '/snmp', 'Tcp: RtoAlgorithm MaxConn InSegs\nTcp: 1 -1 900000\n')

    def container(self, pid, inode, identity=DOCKER, **counters):
        self.write('/proc/%d/ns/net' % pid, 'net:[%d]\n' % inode)
        self.write('/proc/%d/cgroup' % pid, '0::/system.slice/docker-%s.scope\n' % identity)
        self.write('/proc/%d/stat' % pid, '%d (a b) S %s 5000 0\n' % (pid, ' '.join(['0'] * 18)))
        self.counters('/proc/%d/net' % pid, **counters)

    def look(self, **arguments):
        return observe.run(dict(arguments, root=self.root))

    def record(self, **arguments):
        return self.look(**arguments)['record']


class TestInterfacesWithADot(CaptureCase):
    KEY = 'net.ipv4.conf.eth0/100.rp_filter'  # as sysctl prints it

    def test_value_and_line_are_found_whichever_way_the_key_is_written(self):
        self.node('4.4.178')
        self.container(77, 4026532100)
        for where, value in (('', '2'), ('/namespaces/4026532100', '1')):
            self.write(where + '/proc/sys/net/ipv4/conf/eth0.100/rp_filter', value + '\n')
        self.write('/etc/sysctl.d/a.conf', 'net/ipv4/conf/eth0.100/rp_filter = 1\n')
        for spelled in (self.KEY, 'net/ipv4/conf/eth0.100/rp_filter'):
            record = self.record(sysctls=[spelled])
            seen = [entry['sysctls'][self.KEY]['value'] for entry in record['namespaces']]
            self.assertEqual(seen, ['2', '1'], spelled)
            self.assertEqual(record['persisted'][self.KEY]['effective']['systemd']['value'], '1')
            self.assertEqual(len(record['namespaces'][0]['sysctls']), len(keys.NODE_SYSCTLS) + 1)

    def test_in_what_sysctl_printed(self):
        self.write('/sysctl_-a', self.KEY + ' = 2\n')
        own = self.record(sysctls=[self.KEY])['namespaces'][0]['sysctls']
        self.assertEqual(own[self.KEY], {'value': '2', 'scope': 'namespace'})


class TestContainersInCaptures(CaptureCase):
    def test_up_to_4_10_a_missing_file_means_that_the_value_of_the_host_counts(self):
        self.node('4.4.178', tcp_tw_recycle=1, tcp_timestamps=1)
        self.container(77, 4026532100, PAWSPassive=9)
        self.sysctls('/namespaces/4026532100/proc/sys')
        host, container = self.record()['namespaces']
        self.assertEqual(host['sysctls'][RECYCLE], {'value': '1', 'scope': 'namespace'})
        self.assertEqual(container['sysctls'][RECYCLE], {'value': '1', 'scope': 'host'})
        self.assertEqual(container['sysctls'][TIMESTAMPS], {'value': '1', 'scope': 'host'})
        self.assertEqual((container['kind'], container['container']['id']), ('container', DOCKER))
        self.assertEqual(container['counters']['TcpExt']['PAWSPassive'], 9)
        self.assertEqual(container['key'], 'net:[4026532100]@None/' + DOCKER)

    def test_up_to_4_10_this_is_known_without_a_look_inside(self):
        self.node('3.10.0-1160.el7.x86_64', tcp_tw_recycle=1, tcp_timestamps=1, tcp_rfc1337=0)
        self.container(77, 4026532100)
        container = self.record()['namespaces'][1]
        self.assertEqual(container['sysctls'][RECYCLE], {'value': '1', 'scope': 'host'})
        self.assertEqual(container['sysctls']['net.ipv4.tcp_rfc1337'], {'value': None, 'scope': 'unreadable'})

    def test_on_4_11_each_namespace_has_its_own_value(self):
        self.node('4.11.8', tcp_tw_recycle=0, tcp_timestamps=1)
        self.container(77, 4026532100)
        self.sysctls('/namespaces/4026532100/proc/sys', tcp_tw_recycle=1)
        container = self.record()['namespaces'][1]
        self.assertEqual(container['sysctls'][RECYCLE], {'value': '1', 'scope': 'namespace'})
        self.assertEqual(container['sysctls'][TIMESTAMPS], {'value': '1', 'scope': 'host'})

    def test_on_4_11_a_namespace_that_was_not_captured_is_unreadable(self):
        self.node('4.11.8', tcp_tw_recycle=0, tcp_timestamps=1)
        self.container(77, 4026532100)
        self.assertEqual(self.record()['namespaces'][1]['sysctls'][RECYCLE]['scope'], 'unreadable')

    def test_from_4_12_no_namespace_has_the_key(self):
        self.node('5.15.0', tcp_timestamps=1)
        self.container(77, 4026532100)
        self.assertEqual([entry['sysctls'][RECYCLE]['scope'] for entry in self.record()['namespaces']],
                         ['absent', 'absent'])

    def test_only_the_host_when_asked(self):
        self.node('5.15.0')
        self.container(77, 4026532100)
        self.assertEqual(len(self.record(namespaces='host')['namespaces']), 1)

    def test_namespaces_alike_are_one_entry_with_their_number(self):
        self.node('5.15.0')
        for number in range(300):
            self.container(100 + number, 4026532000 + number, identity='%064x' % number)
        self.container(900, 4026533000, identity='f' * 64, ListenDrops=5)
        look = self.look()
        host, alike, other = look['record']['namespaces']
        self.assertEqual((alike['count'], other['count']), (300, 1))
        self.assertEqual(len(alike['members']), 300)
        self.assertEqual(other['container']['id'], 'f' * 64)
        members = sum((group['members'] for group in look['sample']['groups']), [])
        self.assertEqual(len(members), 302)

    def test_a_pod_has_the_name_that_its_log_directory_bears(self):
        self.node('5.15.0')
        uid = '0a1b2c3d-0000-4111-8222-%012x'
        for number in range(3):
            self.container(77 + number, 4026532100 + number, identity='%064x' % number, ListenDrops=number)
            slices = '/kubepods.slice/kubepods-pod%s.slice' % (uid % number).replace('-', '_')
            self.write('/proc/%d/cgroup' % (77 + number), '0::%s/cri-containerd-%064x.scope\n' % (slices, number))
        for name in ('shop_web-5d9f_%s/app' % (uid % 0), 'shop_web-5d9f_%s/proxy' % (uid % 0),
                     'shop_web-5d9f_%s/<b>' % (uid % 0), 'Shop_web_%s/app' % (uid % 1), 'no-pod'):
            self.write('/var/log/pods/%s/0.log' % name, '')
        pods = [entry['container']['pod'] for entry in self.record()['namespaces'][1:]]
        self.assertEqual(pods, [{'namespace': 'shop', 'name': 'web-5d9f', 'containers': ['app', 'proxy']}, None, None])

    def test_the_names_of_a_pod_are_bounded(self):
        self.node('5.15.0')
        self.container(77, 4026532100)
        self.write('/proc/77/cgroup', '0::/kubepods/pod%s/%s\n' % ('0' * 32, '1' * 64))
        for number in range(40):
            self.write('/var/log/pods/%s_%s_%s/c-%02d/0.log' % ('n' * 63, 'p' * 150, '0' * 32, number), '')
        pod = self.record()['namespaces'][1]['container']['pod']
        self.assertEqual((len(pod['namespace']), len(pod['name']), len(pod['containers'])), (63, 150, 8))

    def test_size(self):
        shutil.copytree(os.path.join(LAB, '1-during'), os.path.join(self.root, 'copy'))
        self.root = os.path.join(self.root, 'copy')
        self.write('/proc/1/ns/net', 'net:[4026531840]\n')
        alone = size(self.record())
        self.assertLess(alone, 16 * 1024)
        for number in range(50):
            self.container(100 + number, 4026532000 + number, identity='%064x' % number, PAWSPassive=number + 1)
            self.sysctls('/namespaces/%d/proc/sys' % (4026532000 + number), tcp_tw_reuse=0, tcp_rfc1337=0,
                         tcp_abort_on_overflow=0, ip_local_port_range='32768 60999', tcp_syncookies=1)
        record = self.record()
        self.assertEqual(len(record['namespaces']), 51)
        self.assertLess((size(record) - alone) / 50, 1024)


class TestSecondSample(CaptureCase):
    def test_the_record_is_the_later_look_and_the_earlier_one_comes_with_it(self):
        self.node('4.4.178', tcp_tw_recycle=1, tcp_timestamps=1)
        self.container(77, 4026532100, PAWSPassive=9)
        self.counters('/sample2/proc/net')
        self.counters('/sample2/proc/77/net', PAWSPassive=21)
        self.write('/sample2/proc/uptime', '1012.50 900.00\n')
        look = self.look(window=30)  # nothing of a capture is waited for
        self.assertEqual(look['record']['source']['uptime_s'], 1012.5)
        self.assertEqual(look['record']['namespaces'][1]['counters']['TcpExt']['PAWSPassive'], 21)
        self.assertEqual(look['earlier']['uptime_s'], 1000.0)
        before = dict((key, group) for group in look['earlier']['groups'] for key in group['members'])
        self.assertEqual(before[look['record']['namespaces'][1]['key']]['counters']['TcpExt']['PAWSPassive'], 9)

    def test_a_capture_without_it_never_waits(self):
        self.node('4.4.178', tcp_tw_recycle=1)

        def sleep(_seconds):
            raise AssertionError('waited')
        look = observe.run({'root': self.root, 'window': 30}, sleep=sleep)
        self.assertIsNone(look['earlier'])


class TestMeasuredCapture(unittest.TestCase):
    def test_during_the_incident(self):
        record = observe.run({'root': os.path.join(LAB, '1-during')})['record']
        node = record['namespaces'][0]
        self.assertEqual(record['kernel'], {'release': '4.4.178', 'version': [4, 4, 178], 'vendor': None})
        self.assertEqual(node['sysctls'][RECYCLE]['value'], '1')
        self.assertEqual(node['counters']['TcpExt']['PAWSPassive'], 261)
        self.assertEqual(node['counters']['TcpExt']['ListenDrops'], 261)
        self.assertEqual(node['sockets']['tw'], 20)
        self.assertEqual(node['addresses']['listening'], ['0.0.0.0:22', '0.0.0.0:8080'])
        self.assertEqual(record['source']['collector'], 'capture')

    def test_the_look_into_a_container_alone_does_not_know_its_kernel(self):
        record = observe.run({'root': os.path.join(LAB, '3-container-netns')})['record']
        self.assertIsNone(record['kernel']['version'])
        self.assertIn('kernel', record['unavailable'])
        self.assertEqual(record['namespaces'][0]['sysctls'][RECYCLE]['scope'], 'unreadable')


class TestBadInput(CaptureCase):
    def unavailable(self):
        return self.record()['unavailable']

    def test_a_root_that_is_none(self):
        for root, said in (('relative/path', 'not an absolute path'), (self.root + '/none', 'does not exist'),
                           (self.root, 'empty')):
            with self.assertRaises(Refused) as caught:
                observe.run({'root': root})
            self.assertIn(root, str(caught.exception))
            self.assertIn(said, str(caught.exception))

    def test_a_part_that_is_none(self):
        self.node('5.15.0')
        with self.assertRaises(Refused) as caught:
            self.look(gather=['counters', 'weather'])
        self.assertIn('weather', str(caught.exception))

    def test_counters_that_cannot_be_are_named_and_never_used(self):
        self.node('4.4.178', tcp_tw_recycle=1)
        for text, said in ((u'TcpExt: A B\nTcpExt: 1\n', '2 names but 1 values'), (u'', 'empty'),
                           (u'TcpExt: A\nTcpExt: 1', 'cut off'),
                           (b'\xff\xfe\0\1' * 50, 'cut off'),
                           (u'TcpExt: TCPSackRecovery TCPSackRecoveryFail\nTcpExt: 0 54\n', 'shifted'),
                           (u'TcpExt: PAWSPassive ListenDrops\nTcpExt: 5000 0\n', 'shifted')):
            self.write('/proc/net/netstat', text)
            record = self.record()
            self.assertIn(said, record['unavailable']['/proc/net/netstat'])
            self.assertIsNone(record['namespaces'][0]['counters']['TcpExt'])
            self.assertEqual(record['namespaces'][0]['counters']['Tcp']['InSegs'], 900000)

    def test_a_file_that_is_a_directory_or_too_large(self):
        self.node('4.4.178')
        os.makedirs(self.place('/proc/net/sockstat/x'))
        self.write('/proc/net/snmp', u'x' * 2000000)
        unavailable = self.unavailable()
        self.assertIn('directory', unavailable['/proc/net/sockstat'])
        self.assertIn('larger than 1 MiB', unavailable['/proc/net/snmp'])

    def test_a_capture_without_sysctls_has_no_made_up_value(self):
        self.write('/proc/version', u'Linux version 4.4.1 (b@h) #1\n')
        record = self.record()
        self.assertEqual(record['namespaces'][0]['sysctls'][RECYCLE], {'value': None, 'scope': 'unreadable'})
        self.assertIn('neither proc/sys/net nor sysctl_-a', record['unavailable']['/proc/sys'])

    def test_without_any_sysctls_a_removed_key_is_still_known_to_be_absent(self):
        self.write('/proc/version', u'Linux version 5.8.0-63-generic (b@h) #1\n')
        sysctls = self.record()['namespaces'][0]['sysctls']
        self.assertEqual((sysctls[RECYCLE]['scope'], sysctls[TIMESTAMPS]['scope']), ('absent', 'unreadable'))

    def test_of_the_kernels_installed_in_an_image_the_oldest_counts(self):
        for name in (u'5.4.278-1.el7.elrepo.x86_64', u'3.10.0-1160.el7.x86_64', u'extra'):
            self.write('/lib/modules/%s/modules.dep' % name, u'')
        kernel = self.record()['kernel']
        self.assertEqual((kernel['version'], kernel['vendor']), ([3, 10, 0], 'el7'))
        self.write('/proc/version', u'Linux version 4.4.178 (b@h) #1\n')
        self.assertEqual(self.record()['kernel']['version'], [4, 4, 178])

    def test_an_image_whose_kernels_cannot_be_listed_says_so(self):
        self.link('/lib/modules', '/lib/modules')
        record = self.record()
        self.assertEqual(record['kernel']['release'], None)
        self.assertEqual(record['unavailable']['/lib/modules'], 'symbolic link loop')

    def test_values_of_a_capture_from_the_output_of_sysctl(self):
        self.write('/sysctl_-a', u'kernel.osrelease = 3.10.0-1062.el7.x86_64\nnet.ipv4.tcp_tw_recycle = 0\n'
                                 u'net.ipv4.ip_local_port_range = 32768\t60999\n')
        record = self.record()
        self.assertEqual(record['kernel']['version'], [3, 10, 0])
        sysctls = record['namespaces'][0]['sysctls']
        self.assertEqual(sysctls[RECYCLE], {'value': '0', 'scope': 'namespace'})
        self.assertEqual(sysctls['net.ipv4.ip_local_port_range']['value'], '32768 60999')
        self.assertEqual(sysctls[TIMESTAMPS], {'value': None, 'scope': 'unreadable'})
        self.assertIn('a part of the list', record['unavailable']['/sysctl_-a'])

    def test_many_reasons_are_cut_and_those_of_the_node_kept(self):
        self.node('4.4.178')
        for number in range(100):
            self.write('/proc/%d/ns/net' % (1000 + number), u'net:[%d]' % (5000 + number))
        self.write('/proc/net/sockstat', u'junk')
        unavailable = self.unavailable()
        self.assertLess(len(unavailable), 50)
        self.assertIn('/proc/net/sockstat', unavailable)
        self.assertIn('further parts', unavailable['and more'])

    def test_what_is_said_of_single_namespaces_leaves_room_for_the_node(self):
        """A node on which many containers end all the time."""
        of_node = ['sysctls of namespaces', 'window', 'writers', '/etc/sysctl.conf', 'namespaces']
        of_one = ['%s net:[%d]' % (what, number) for number in range(60)
                  for what in ('namespace', 'counters of', 'TIME_WAIT sockets of')]
        unavailable = observation.bounded(dict((name, 'why') for name in of_one + of_node))
        for name in of_node:
            self.assertIn(name, unavailable)
        self.assertIn('further parts', unavailable['and more'])

    def test_links_out_of_the_capture_stay_inside(self):
        self.node('4.4.178')
        os.remove(self.root + '/proc/net/netstat')
        self.link('/proc/net/netstat', '/proc/net/snmp')
        self.assertIn('no TcpExt counters', self.unavailable()['/proc/net/netstat'])


class TestLive(unittest.TestCase):
    def test_this_node(self):
        with io.open('/proc/sys/kernel/osrelease', encoding='utf-8') as handle:
            release = handle.read().strip()
        with io.open('/proc/sys/net/ipv4/tcp_timestamps', encoding='utf-8') as handle:
            timestamps = handle.read().strip()
        record = observe.run({'namespaces': 'host'})['record']
        self.assertEqual(record['kernel']['release'], release)
        self.assertEqual(record['source']['collector'], 'live')
        node = record['namespaces'][0]
        self.assertEqual((node['kind'], node['id']), ('host', os.readlink('/proc/self/ns/net')))
        self.assertEqual(node['sysctls'][TIMESTAMPS], {'value': timestamps, 'scope': 'namespace'})
        self.assertIn('ListenDrops', node['counters']['TcpExt'])
        self.assertTrue(json.dumps(record))

    def test_a_window_between_two_looks(self):
        slept = []
        look = observe.run({'namespaces': 'host', 'gather': ['counters'], 'window': 7}, sleep=slept.append)
        self.assertEqual(slept, [7])
        self.assertIn('groups', look['earlier'])

    def test_only_the_rest_of_a_window_is_waited_for(self):
        slept = []
        first = observe.run({'namespaces': 'host', 'gather': ['counters']})['sample']
        first['uptime_s'] -= 4
        arguments = {'namespaces': 'host', 'gather': ['counters'], 'window': 7, 'since': first}
        look = observe.run(arguments, sleep=slept.append)
        self.assertEqual(look['earlier'], first)
        self.assertTrue(2.5 < slept[0] <= 3.01, slept)

    def test_a_sample_of_an_earlier_boot_is_not_waited_for(self):
        slept = []
        first = observe.run({'namespaces': 'host', 'gather': ['counters']})['sample']
        first['boot_id'] = 'another'
        observe.run({'namespaces': 'host', 'gather': ['counters'], 'window': 7, 'since': first}, sleep=slept.append)
        self.assertEqual(slept, [0.0])


if __name__ == '__main__':
    unittest.main()
