# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function

import io
import os
import unittest

import nodepath
from _node.errors import Malformed
from _node.parsers import addresses, cgroup, counters, release

__metaclass__ = type

LAB = os.path.join(nodepath.CHECKOUT, 'tests', 'fixtures', '4.4.178-lab')
SHARED = os.path.join(os.path.dirname(nodepath.CHECKOUT), 'shared', 'fixtures')

NETSTAT = u'TcpExt: PAWSPassive PAWSActive ListenDrops\nTcpExt: 3 0 3\nIpExt: InNoRoutes\nIpExt: 7\n'


def text_of(*parts):
    with io.open(os.path.join(*parts), encoding='utf-8') as handle:
        return handle.read()


class TestGroups(unittest.TestCase):
    def test_counters_go_by_name(self):
        self.assertEqual(counters.parse_groups(NETSTAT)['TcpExt'],
                         {'PAWSPassive': 3, 'PAWSActive': 0, 'ListenDrops': 3})

    def test_a_name_that_is_not_printed_is_absent_and_not_zero(self):
        self.assertNotIn('PAWSTimewait', counters.parse_groups(NETSTAT)['TcpExt'])

    def refused(self, text):
        with self.assertRaises(Malformed) as caught:
            counters.parse_groups(text)
        return str(caught.exception)

    def test_names_and_values_of_different_number_are_refused(self):
        self.assertIn('3 names but 2 values', self.refused(NETSTAT.replace(u' 3 0 3', u' 3 0')))
        self.assertIn('2 names but 3 values', self.refused(NETSTAT.replace(u' PAWSActive', u'')))

    def test_every_cut_is_refused(self):
        whole = text_of(LAB, '1-during', 'proc', 'net', 'netstat')
        first_group = whole.index(u'IpExt')  # a file of whole groups is one that a kernel may print
        for length in range(0, len(whole), 7):
            if length != first_group:
                self.assertTrue(self.refused(whole[:length]))

    def test_junk_is_refused(self):
        for text in (u'\0\1\2\n\0\n', u'TcpExt: A\nIpExt: 1\n', u'TcpExt: A\nTcpExt: x\n', u'TcpExt: A\nTcpExt: -1\n',
                     u'TcpExt: A\nTcpExt: 99999999999999999999999\n', u'TcpExt: A A\nTcpExt: 1 1\n', u'\n\n',
                     u'TcpExt: A\nTcpExt: \u0663\n'):
            self.assertTrue(self.refused(text))

    def test_of_one_wanted_group_the_numbers_are_the_same_and_the_shape_of_others_still_counts(self):
        whole = text_of(LAB, '1-during', 'proc', 'net', 'netstat')
        self.assertEqual(counters.parse_groups(whole, 'TcpExt')['TcpExt'], counters.parse_groups(whole)['TcpExt'])
        self.assertNotIn('IpExt', counters.parse_groups(whole, 'TcpExt'))
        for text in (NETSTAT + u'IpExt: A B\nIpExt: 1\n', NETSTAT + u'IpExt: A\nOther: 1\n',
                     NETSTAT + u'IpExt\nIpExt\n'):
            with self.assertRaises(Malformed):
                counters.parse_groups(text, 'TcpExt')

    def test_chosen_names_are_read_from_one_namespace_after_another(self):
        layouts = {}
        for value in (u'1', u'22'):
            text = NETSTAT + u'TcpExt: More\nTcpExt: %s\n' % value
            found = counters.parse_groups(text, 'TcpExt', ('PAWSActive', 'More', 'Never'), layouts)
            whole = counters.parse_groups(text)['TcpExt']
            self.assertEqual(found, {'TcpExt': {'PAWSActive': whole['PAWSActive'], 'More': int(value)}})
        for text in (NETSTAT.replace(u' 3 0 3', u' 3 0'), NETSTAT + u'IpExt: A B\nIpExt: 1\n',
                     NETSTAT.replace(u' 3 0 3', u' 3 x 3')):
            with self.assertRaises(Malformed):
                counters.parse_groups(text, 'TcpExt', ('PAWSActive', 'More'), layouts)

    def test_only_max_conn_may_be_negative(self):
        self.assertEqual(counters.parse_groups(u'Tcp: MaxConn\nTcp: -1\n'), {'Tcp': {'MaxConn': -1}})


class TestPlausibility(unittest.TestCase):
    def odd(self, counts, version=None, group='TcpExt'):
        return counters.implausible({group: counts}, version)

    def test_a_part_that_exceeds_its_whole(self):
        group, why = self.odd({'TCPSackRecoveryFail': 54, 'TCPSackRecovery': 0})
        self.assertEqual(group, 'TcpExt')
        self.assertIn('TCPSackRecoveryFail 54 exceeds TCPSackRecovery 0', why)

    def test_a_part_within_its_whole(self):
        self.assertIsNone(self.odd({'TCPSackRecoveryFail': 54, 'TCPSackRecovery': 26212}))

    def test_paws_drops_count_as_listen_drops_from_el7_to_4_11_only(self):
        incident_d = {'PAWSPassive': 1123035, 'ListenDrops': 438798}
        self.assertIsNotNone(self.odd(incident_d, [3, 10, 0]))
        self.assertIsNotNone(self.odd(incident_d, [4, 11, 2]))
        self.assertIsNone(self.odd(incident_d, [2, 6, 32]))
        self.assertIsNone(self.odd(incident_d, None))

    def test_a_shifted_tcp_group(self):
        self.assertEqual(self.odd({'RtoAlgorithm': 200, 'RtoMin': 120000}, group='Tcp')[0], 'Tcp')

    def test_measured_counters_are_plausible(self):
        for look in ('0-before', '1-during', '2-after-fix', '3-container-netns'):
            groups = {}
            for name in ('netstat', 'snmp'):
                groups.update(counters.parse_groups(text_of(LAB, look, 'proc', 'net', name)))
            self.assertIsNone(counters.implausible(groups, [4, 4, 178]))

    def test_this_kernel_is_plausible(self):
        groups = {}
        for name in ('netstat', 'snmp'):
            groups.update(counters.parse_groups(text_of('/proc/net', name)))
        self.assertIsNone(counters.implausible(groups, None))

    @unittest.skipUnless(os.path.isdir(SHARED), 'the captures of other kernels (shared/fixtures) are not here')
    def test_published_captures(self):
        malformed = os.path.join(SHARED, '3.10-insights-core', 'malformed')
        shifted = counters.parse_groups(text_of(malformed, 'netstat_shifted'))
        self.assertIsNotNone(counters.implausible(shifted, None))
        with self.assertRaises(Malformed):
            counters.parse_groups(text_of(malformed, 'netstat_names_short'))
        expected = {'synthetic-pcp': 128, '3.10-insights-core': 0, '3.x-metrix': 0, '4.x-procfs': None,
                    '5.8.0-63-jc': None}
        for name, passive in sorted(expected.items()):
            groups = counters.parse_groups(text_of(SHARED, name, 'proc', 'net', 'netstat'))
            self.assertIsNone(counters.implausible(groups, None), name)
            self.assertEqual(groups['TcpExt'].get('PAWSPassive'), passive, name)


class TestSockstat(unittest.TestCase):
    def test_measured(self):
        self.assertEqual(counters.parse_sockstat(text_of(LAB, '1-during', 'proc', 'net', 'sockstat')),
                         {'inuse': 3, 'orphan': 0, 'tw': 20, 'alloc': 4})

    def test_refused(self):
        for text in (u'', u'UDP: inuse 0\n', u'TCP: inuse 3 orphan\n', u'TCP: inuse 3 orphan 0 tw x alloc 4\n'):
            with self.assertRaises(Malformed):
                counters.parse_sockstat(text)


class TestConntrackStat(unittest.TestCase):
    NAMES = u'entries  searched found new invalid ignore delete delete_list insert insert_failed drop early_drop\n'

    def test_sums_over_cpus_in_hexadecimal(self):
        text = self.NAMES + u'10 0 0 0 0 0 0 0 0 1 a 0\n10 0 0 0 0 0 0 0 0 1 1 2\n'
        found = counters.parse_conntrack_stat(text, ('entries', 'drop', 'early_drop', 'insert_failed'))
        self.assertEqual((found['insert_failed'], found['drop'], found['early_drop']), (2, 11, 2))

    def test_the_size_of_the_table_stands_on_each_line_and_is_not_summed(self):
        lines = u'10 ' + u'0 ' * 11 + u'\n10 ' + u'0 ' * 11
        self.assertEqual(counters.parse_conntrack_stat(self.NAMES + lines, ('entries',))['entries'], 16)

    def test_refused(self):
        for text in (u'', self.NAMES, self.NAMES + u'1 2\n', self.NAMES + u'zz ' * 12):
            with self.assertRaises(Malformed):
                counters.parse_conntrack_stat(text, ('entries', 'drop', 'early_drop', 'insert_failed'))


class TestRelease(unittest.TestCase):
    def test_versions_and_vendors(self):
        for text, version, vendor in (
                ('3.10.0-1160.el7.x86_64', [3, 10, 0], 'el7'), ('4.18.0-240.el8.x86_64', [4, 18, 0], 'el8'),
                ('2.6.32-642.6.2.el6.x86_64', [2, 6, 32], 'el6'),
                ('5.4.17-2136.300.7.el8uek.x86_64', [5, 4, 17], 'uek'),
                ('4.14.105-19-0019.tlinux', [4, 14, 105], 'tlinux'),
                ('4.4.248-1.el7.elrepo.x86_64', [4, 4, 248], 'elrepo'),
                ('6.12.0-55.el10_0.x86_64', [6, 12, 0], 'el10'), ('5.8.0-63-generic', [5, 8, 0], 'generic'),
                ('6.18', [6, 18, 0], None), ('4.9-rc1', [4, 9, 0], None), ('none', None, None), ('', None, None)):
            found = release.parse_release(text)
            self.assertEqual((found['version'], found['vendor']), (version, vendor), text)

    def test_release_in_a_banner_and_in_uname(self):
        self.assertEqual(release.release_of_banner(text_of(LAB, '0-before', 'proc', 'version')), '4.4.178')
        self.assertEqual(release.release_of_uname(text_of(LAB, '0-before', 'uname_-a')), '4.4.178')
        self.assertIsNone(release.release_of_banner(u'FreeBSD 14'))


ID = '3f2a' * 16
UID = '0a1b2c3d-1111-2222-3333-444455556666'
SYSTEMD_POD = u'/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod%s.slice' % UID.replace('-', '_')


class TestCgroup(unittest.TestCase):
    def test_paths_of_runtimes(self):
        for path, runtime, pod in (
                (u'/system.slice/docker-%s.scope' % ID, 'docker', None), (u'/docker/%s' % ID, 'docker', None),
                (SYSTEMD_POD + u'/cri-containerd-%s.scope' % ID, 'containerd', UID),
                (SYSTEMD_POD + u'/crio-%s.scope' % ID, 'crio', UID),
                (SYSTEMD_POD + u'/docker-%s.scope' % ID, 'docker', UID),
                (u'/kubepods/burstable/pod%s/%s' % (UID, ID), 'kubepods', UID),
                (u'/machine.slice/libpod-%s.scope/container' % ID, 'podman', None),
                (u'/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-%s.scope' % ID, 'podman', None)):
            expected = {'id': ID, 'runtime': runtime, 'pod_uid': pod}
            self.assertEqual(cgroup.parse_cgroup(u'0::%s\n' % path), expected, path)
            v1 = u'12:pids:%s\n1:name=systemd:%s\n' % (path, path)
            self.assertEqual(cgroup.parse_cgroup(v1)['id'], ID)

    def test_named_containers(self):
        self.assertEqual(cgroup.parse_cgroup(u'0::/lxc.payload.web1/init.scope\n')['id'], 'web1')
        self.assertEqual(cgroup.parse_cgroup(u'4:cpu:/lxc/web1\n')['runtime'], 'lxc')
        self.assertEqual(cgroup.parse_cgroup(u'0::/machine.slice/systemd-nspawn@web1.service/payload\n')['id'], 'web1')

    def test_the_node_itself(self):
        for text in (u'0::/init.scope\n', u'0::/user.slice/user-0.slice/session-3.scope\n', u'0::/\n', u'', u'junk',
                     u'0::/system.slice/docker.service\n', u'1:name=systemd:/system.slice/sshd.service\n'):
            self.assertIsNone(cgroup.parse_cgroup(text), text)


class TestAddresses(unittest.TestCase):
    def test_listening_sockets_stand_first(self):
        self.assertEqual(addresses.parse_listening(text_of(LAB, '1-during', 'proc', 'net', 'tcp')),
                         ['0.0.0.0:22', '0.0.0.0:8080'])

    def test_ipv6(self):
        line = u'   0: 00000000000000000000000001000000:0050 %s:0000 0A 0:0\n' % (u'0' * 32)
        self.assertEqual(addresses.parse_listening(u'  sl\n' + line), ['[::1]:80'])

    def test_junk_is_refused(self):
        for word in (u'zz:0016', u'0100007F', u'01:0016', u'0100007F:'):
            with self.assertRaises(Malformed):
                addresses.parse_listening(u'  sl\n   0: %s 00000000:0000 0A 0:0\n' % word)

    def test_local_addresses(self):
        trie = (u'Local:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 10.64.0.1\n        /32 host LOCAL\n     |-- 10.64.0.255\n'
                u'        /32 link BROADCAST\n     |-- 127.0.0.1\n        /32 host LOCAL\n')
        self.assertEqual(addresses.parse_fib_trie(trie), ['10.64.0.1'])
        if_inet6 = (u'fd000000000000000000000000000002 02 40 00 80 eth0\n'
                    u'00000000000000000000000000000001 01 80 10 80 lo\n'
                    u'fe80000000000000000000fffe000001 02 40 20 80 eth0\n')
        self.assertEqual(addresses.parse_if_inet6(if_inet6), ['fd00::2'])


if __name__ == '__main__':
    unittest.main()
