# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Unpacked sosreports in the layouts of several versions of sos, and what captures do not hold."""

from __future__ import absolute_import, division, print_function

import os
import unittest

import nodepath  # noqa: F401  # pylint: disable=unused-import
from _node.errors import Refused
from capturing import EL7, NETSTAT, RECYCLE, REUSE, SOMAXCONN, WHOLE, Capture

__metaclass__ = type


class TestSosreports(Capture):
    """tests/scenarios/test_sosreport.py has a real one."""

    def report(self, inside='', version=u'3.9', **outputs):
        self.write(inside + '/version.txt', u'sosreport: %s\nkernel: unversioned' % version)
        self.write(inside + '/sos_commands/kernel/sysctl_-a', outputs.get('sysctl', WHOLE))
        self.write(inside + '/sos_commands/kernel/uname_-a', u'Linux web1 %s #1 SMP\n' % EL7)
        self.write(inside + '/sos_commands/host/hostname', u'web1\n')
        self.write(inside + '/sos_commands/host/uptime', u' 10:00:00 up 12 min,  1 user\n')
        self.write(inside + '/sos_commands/networking/netstat_-s', NETSTAT)
        self.write(inside + '/proc/sys/kernel/random/boot_id', u'x\n')
        self.write(inside + '/etc/sysctl.conf', u'net.ipv4.tcp_tw_recycle = 1\n')
        self.write(inside + '/lib/sysctl.d/50-default.conf', u'\n')

    def test_is_read_as_it_is(self):
        self.report()
        record = self.record()
        own = record['namespaces'][0]
        self.assertEqual([own['sysctls'][RECYCLE]['value'], own['sysctls'][REUSE]['scope']], ['1', 'absent'])
        self.assertEqual(own['counters']['TcpExt']['PAWSPassive'], 77)
        self.assertEqual(record['kernel']['release'], EL7)
        self.assertEqual([record['source'][name] for name in ('hostname', 'uptime_s', 'boot_id', 'collector')],
                         ['web1', 720, 'x', 'capture'])
        self.assertEqual(record['persisted'][RECYCLE]['effective']['procps']['value'], '1')

    def test_its_own_files_of_proc_count_first(self):
        self.report()
        self.write('/proc/sys/net/ipv4/tcp_tw_recycle', u'0\n')  # the plugin system copies the whole of proc/sys
        self.write('/proc/net/netstat', u'TcpExt: PAWSPassive ListenDrops\nTcpExt: 1 1\n')
        own = self.record()['namespaces'][0]
        self.assertEqual([own['sysctls'][RECYCLE]['value'], own['counters']['TcpExt']['PAWSPassive']], ['0', 1])

    def test_the_only_one_in_a_directory(self):
        self.report('/sosreport-web1-2026-11-30-abc')
        self.write('/sosreport-web1-2026-11-30-abc.tar.xz.md5', u'0\n')
        record = self.record()
        self.assertEqual(record['namespaces'][0]['sysctls'][RECYCLE]['value'], '1')
        self.assertTrue(record['source']['root'].endswith('/sosreport-web1-2026-11-30-abc'))

    def test_several_in_a_directory_are_refused_by_name(self):
        for name in ('/sosreport-web1', '/sosreport-web2'):
            self.report(name)
        with self.assertRaises(Refused) as caught:
            self.record()
        self.assertIn(self.root + '/sosreport-web1', str(caught.exception))

    def test_a_link_to_a_report_leads_nowhere_outside(self):
        os.symlink('/', self.place('/sosreport-web1'))
        self.write('/x', u'')
        self.assertEqual(self.record()['source']['root'], self.root)

    def test_of_an_old_sos(self):
        for name, said in (('hostname', u'old\n'), ('uptime', u'x up 1:00, 1 user\n')):
            self.write('/sos_commands/general/' + name, said)
        self.write('/sos_commands/kernel/sysctl_-a', WHOLE.replace(u'kernel.hostname = web1\n', u'kernel.a = 1\n')[:-1])
        self.write('/etc/x', u'')
        record = self.record()  # sos 2.2 took the last end of line off
        self.assertEqual((record['source']['hostname'], record['source']['uptime_s']), ('old', 3600))
        self.assertEqual(record['namespaces'][0]['sysctls'][RECYCLE]['value'], '1')

    def test_namespaces_with_a_name_where_each_sos_puts_them(self):
        self.report()
        self.write('/sos_commands/networking/ip_netns', u'blue (id: 0)\nred@1\ngreen\n')
        self.write('/sos_commands/networking/ip_netns_exec_blue_netstat_-s', NETSTAT)
        place = '/sos_commands/networking/namespaces/red@1/ip_netns_exec_red_1_'
        self.write(place + 'sysctl_-a', WHOLE.replace(u'somaxconn = 128', u'somaxconn = 7'))
        self.write(place + 'netstat_-s', NETSTAT)
        record = self.record()
        _host, blue, red = record['namespaces']
        self.assertEqual([blue['name'], blue['counters']['TcpExt']['PAWSPassive']], ['blue', 77])
        self.assertEqual([blue['sysctls'][key]['scope'] for key in (SOMAXCONN, RECYCLE)], ['unreadable', 'host'])
        self.assertEqual([red['name'], red['sysctls'][SOMAXCONN]['value']], ['red@1', '7'])
        self.assertIn('nothing of 1 of 3', record['unavailable']['namespaces'])

    def test_a_node_without_network_namespaces(self):
        self.report()
        self.write('/sos_commands/networking/ip_netns', u'Object "netns" is unknown, try "ip help".\n')
        record = self.record()
        self.assertEqual(len(record['namespaces']), 1)
        self.assertNotIn('namespaces', record['unavailable'])

    def test_what_it_does_not_hold_is_said(self):
        self.report()
        unavailable = self.record()['unavailable']
        self.assertIn('cron, services, systemd', unavailable['sos plugins'])
        self.assertIn('4.12', unavailable['usr/local/lib/sysctl.d'])
        for path in ('/etc/crontab', '/etc/rc.d/rc.local', '/etc/systemd/system/x.service',
                     '/sos_commands/podman/podman_ps'):
            self.write(path, u'')
        self.report(version=u'4.12.0')
        unavailable = self.record()['unavailable']
        self.assertEqual(sorted(unavailable), ['containers'])

    def test_without_sysctls_nothing_is_known(self):
        self.report()
        os.remove(self.root + '/sos_commands/kernel/sysctl_-a')
        record = self.record()
        self.assertEqual(record['namespaces'][0]['sysctls'][RECYCLE]['scope'], 'unreadable')
        self.assertIn('neither', record['unavailable']['/proc/sys'])
        self.assertEqual(record['kernel']['release'], EL7)


class TestWhatACaptureDoesNotHold(Capture):
    def test_is_said(self):
        self.write('/proc/sys/net/ipv4/tcp_timestamps', u'1\n')
        self.assertIn('next boot', self.record()['unavailable']['etc'])
        self.write('/etc/hostname', u'web1\n')
        unavailable = self.record()['unavailable']
        self.assertNotIn('etc', unavailable)
        self.assertIn('packages', unavailable['usr/lib'])
        self.write('/usr/lib/sysctl.d/50-default.conf', u'')
        self.assertNotIn('usr/lib', self.record()['unavailable'])

    def test_not_where_nobody_asked_for_files(self):
        self.write('/proc/sys/net/ipv4/tcp_timestamps', u'1\n')
        self.assertNotIn('etc', self.record(gather=['sysctls'])['unavailable'])


if __name__ == '__main__':
    unittest.main()
