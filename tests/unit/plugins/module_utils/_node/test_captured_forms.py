# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Captures as people have them: parts of proc/ and what commands printed. What is missing is not a value."""

from __future__ import absolute_import, division, print_function

import io
import os
import random
import unittest

import nodepath
from _node.errors import Malformed
from _node.operations import observe
from _node.parsers import counters, netstat_text, sysctl_listing, uptime
from capturing import EL7, NETSTAT, RANGE, RECYCLE, REUSE, SOMAXCONN, TIMESTAMPS, WHOLE, Capture

__metaclass__ = type

LAB = os.path.join(nodepath.CHECKOUT, 'tests', 'fixtures', '4.4.178-lab')


class TestWhatSysctlPrinted(Capture):
    def read(self, text):
        self.write('/sysctl_-a', text)
        return self.own()

    def test_forms_of_a_line(self):
        for line in (u'net.ipv4.tcp_tw_recycle = 1', u'net.ipv4.tcp_tw_recycle=1', u'net.ipv4.tcp_tw_recycle: 1',
                     u'net.ipv4.tcp_tw_recycle\t=\t1\t', u'  net.ipv4.tcp_tw_recycle = 1  '):
            for end in (u'\n', u'\r\n'):
                seen = self.read(u'%s%snet.ipv4.tcp_timestamps = 0%s' % (line, end, end))
                self.assertEqual([seen[RECYCLE]['value'], seen[TIMESTAMPS]['value']], ['1', '0'], repr(line + end))

    def test_a_byte_order_mark_is_not_part_of_a_key(self):
        self.assertEqual(self.read(u'\ufeffnet.ipv4.tcp_tw_recycle = 1\n')[RECYCLE]['value'], '1')

    def test_several_numbers_and_nothing(self):
        seen = self.read(WHOLE + u'net.ipv4.ip_local_reserved_ports = \n')
        self.assertEqual(seen[RANGE]['value'], '32768 60999')
        self.assertEqual(seen['net.ipv4.ip_local_reserved_ports'], {'value': '', 'scope': 'namespace'})

    def test_what_the_whole_list_lacks_does_not_exist(self):
        seen = self.read(WHOLE)
        self.assertEqual(seen[REUSE], {'value': None, 'scope': 'absent'})
        self.assertNotIn('/sysctl_-a', self.record()['unavailable'])

    def test_what_a_part_of_the_list_lacks_is_not_known(self):
        for part in ('fs.', 'kernel.osrelease', 'net.core.', 'vm.'):
            text = u''.join(line for line in WHOLE.splitlines(True) if not line.startswith(part))
            text = text if 'kernel' not in part else text.replace(u'kernel.hostname = web1\n', u'')
            self.assertEqual(self.read(text)[REUSE]['scope'], 'unreadable', part)
            self.assertIn('a part of the list', self.record()['unavailable']['/sysctl_-a'])

    def test_a_cut_line_is_not_trusted_and_neither_is_the_end_of_the_list(self):
        seen = self.read(WHOLE + u'net.ipv4.tcp_tw_reuse = 1')
        self.assertEqual(seen[REUSE], {'value': None, 'scope': 'unreadable'})
        self.assertIn('cut off', self.record()['unavailable'][REUSE])
        self.assertEqual(self.read(WHOLE[:-1])['net.ipv4.tcp_rfc1337']['scope'], 'unreadable')
        self.write('/sysctl_-a', u'net.ipv4.tcp_timestamps = 1\nkernel.osrelease = 4.1')
        self.assertIsNone(self.record()['kernel']['release'])

    def test_what_sysctl_could_not_read_is_not_absent(self):
        for message in (u"sysctl: permission denied on key 'net.ipv4.tcp_tw_reuse'",
                        u'sysctl: permission denied on key "net.ipv4.tcp_tw_reuse"',
                        u"error: permission denied on key 'net.ipv4.tcp_tw_reuse'",
                        u'error: "Input/output error" reading key "net.ipv4.tcp_tw_reuse"',
                        u'sysctl: reading key "net.ipv4.tcp_tw_reuse": Input/output error',
                        u"sysctl: error reading key 'net.ipv4.tcp_tw_reuse': I/O error",
                        u'sysctl: cannot stat /proc/sys/net/ipv4/tcp_tw_reuse: Permission denied'):
            seen = self.read(WHOLE + message + u'\n')
            self.assertEqual(seen[REUSE], {'value': None, 'scope': 'unreadable'}, message)
            self.assertIn('could not read', self.record()['unavailable'][REUSE], message)
            self.assertEqual(seen[RECYCLE]['value'], '1')

    def test_what_sysctl_did_not_find_is_absent_even_from_a_part_of_the_list(self):
        for message in (u'sysctl: cannot stat /proc/sys/net/ipv4/tcp_tw_reuse: No such file or directory',
                        u'error: "net.ipv4.tcp_tw_reuse" is an unknown key',
                        u"sysctl: error: 'net.ipv4.tcp_tw_reuse' is an unknown key"):
            seen = self.read(u'net.ipv4.tcp_timestamps = 1\n%s\n' % message)
            self.assertEqual(seen[REUSE], {'value': None, 'scope': 'absent'}, message)

    def test_a_message_in_the_middle_of_a_line(self):
        torn = u"tcp_tw_resysctl: permission denied on key 'kernel.x'\ncycle"
        seen = self.read(WHOLE.replace(u'tcp_tw_recycle', torn))
        self.assertEqual(seen[RECYCLE], {'value': '1', 'scope': 'namespace'})

    def test_a_key_that_stands_there_twice(self):
        seen = self.read(WHOLE + u'net.ipv4.tcp_timestamps = 1\nnet.ipv4.tcp_tw_recycle = 0\n')
        self.assertEqual([seen[TIMESTAMPS]['value'], seen[RECYCLE]['scope']], ['1', 'unreadable'])

    def test_on_a_kernel_without_the_key_a_part_of_the_list_is_enough(self):
        seen = self.read(u'kernel.osrelease = 5.14.0-503.11.1.el9_5.x86_64\nnet.ipv4.tcp_timestamps = 1\n')
        self.assertEqual(seen[RECYCLE], {'value': None, 'scope': 'absent'})

    def test_as_large_as_on_a_node_with_many_interfaces(self):
        many = u''.join(u'net.ipv4.conf.veth%05d.rp_filter = 0\n' % number for number in range(60000))
        seen = self.read(WHOLE.replace(u'net.ipv4.ip_local', many + u'net.ipv4.ip_local'))
        self.assertEqual(seen[RECYCLE]['value'], '1')
        self.write('/sysctl_-a', u'x' * (17 << 20))
        self.assertIn('larger than 16 MiB', self.record()['unavailable']['/sysctl_-a'])


class TestListingsDamagedAtRandom(unittest.TestCase):
    """Whatever is cut off or put in between, a value that is read is the one that the node had."""

    TIMES = 2000

    def test_no_value_is_made_up(self):
        draw = random.Random(13)
        for _time in range(self.TIMES):
            truth = dict(('net.ipv4.tcp_%s' % draw.choice('abcdefgh'), str(draw.randint(0, 4000))) for _key in range(8))
            truth.update({'fs.a': '1', 'kernel.a': '1', 'net.core.a': '1', 'vm.z': '1'})
            lines = ['%s = %s' % (key, truth[key]) for key in sorted(truth)]
            hidden = set(draw.sample(sorted(truth), draw.randint(0, 3)))
            lines = ["sysctl: permission denied on key '%s'" % line.split()[0] if line.split()[0] in hidden else line
                     for line in lines]
            text = draw.choice([u'\n', u'\r\n']).join(lines) + u'\n'
            message = u"sysctl: permission denied on key 'kernel.cad_pid'\n"
            for _message in range(draw.randint(0, 2)):
                place = draw.randint(0, len(text))
                text = self.torn(text, place, message)
            text = text[:draw.randint(0, len(text))] if draw.random() < 0.5 else text
            found = sysctl_listing.parse_listing(text)
            for key in truth:
                value = found['values'].get(key)
                if key in found['values'] and key not in found['refused']:
                    self.assertEqual(value, truth[key], text)
                    self.assertNotIn(key, hidden)
                elif key not in found['values'] and key not in found['refused']:
                    self.assertFalse(found['whole'] and key != 'vm.z', text)

    @staticmethod
    def torn(text, place, message):
        """The message at a place of the text that is not within another one."""
        start, end = text.rfind(u'\n', 0, place) + 1, text.find(u'\n', place)
        return text if u'sysctl:' in text[start:end] or text[place - 1:place] == u'\r' else (
            text[:place] + message + text[place:])


class TestPartsOfProcSys(Capture):
    """Each value from where it is."""

    def test_a_file_and_what_sysctl_printed_complete_each_other(self):
        self.write('/sysctl_-a', u'net.ipv4.tcp_timestamps = 1\nnet.ipv4.tcp_tw_recycle = 1\n')
        for files in ({}, {'kernel/osrelease': EL7, 'kernel/random/boot_id': 'x'}, {'kernel/tainted': '0'},
                      {'kernel/osrelease': EL7, 'net/ipv4/tcp_tw_reuse': '0'}):
            for name, value in files.items():
                self.write('/proc/sys/' + name, value + u'\n')
            seen = self.own()
            self.assertEqual([seen[RECYCLE]['value'], seen[TIMESTAMPS]['value']], ['1', '1'], files)
        self.assertEqual(seen[REUSE]['value'], '0')

    def test_a_file_counts_before_what_sysctl_printed_unless_a_copy_is_empty(self):
        self.write('/sysctl_-a', WHOLE)
        self.write('/proc/sys/net/ipv4/tcp_tw_recycle', u'0\n')
        self.write('/proc/sys/net/ipv4/tcp_timestamps', u'')  # tar, rsync
        seen = self.own()
        self.assertEqual([seen[RECYCLE]['value'], seen[TIMESTAMPS]['value']], ['0', '1'])

    def test_a_part_of_proc_sys_alone_tells_nothing_of_the_others(self):
        self.write('/proc/sys/kernel/osrelease', u'4.18.0-25-generic\n')
        self.write('/proc/sys/net/ipv4/tcp_tw_reuse', u'0\n')
        seen, unavailable = self.own(), self.record()['unavailable']
        self.assertEqual([seen[REUSE]['value'], seen[TIMESTAMPS]['scope']], ['0', 'absent'])
        self.assertEqual(seen[SOMAXCONN]['scope'], 'unreadable')
        self.assertEqual(unavailable['/proc/sys/net/core'], 'not in the capture')

    def test_release_and_boot_id_alone_are_no_settings(self):
        self.write('/proc/sys/kernel/osrelease', EL7 + u'\n')
        self.write('/proc/sys/kernel/random/boot_id', u'x\n')
        self.assertEqual(set(entry['scope'] for entry in self.own().values()), set(['unreadable']))
        self.assertIn('neither', self.record()['unavailable']['/proc/sys'])


class TestWhatOtherCommandsPrinted(Capture):
    def test_the_release(self):
        places = (('/uname_-a', u'Linux web1 3.10.0-693.el7.x86_64 #1 SMP x86_64 GNU/Linux'),
                  ('/proc/version', u'Linux version 3.10.0-862.el7.x86_64 (b@h) #1\n'),
                  ('/sysctl_-a', u'kernel.osrelease = 3.10.0-957.el7.x86_64\r\n'),
                  ('/proc/sys/kernel/osrelease', u'3.10.0-1062.el7.x86_64\n'))
        for (path, text), build in zip(places, ('693', '862', '957', '1062')):
            self.write(path, text)
            self.assertEqual(self.record()['kernel']['release'], '3.10.0-%s.el7.x86_64' % build)

    def test_name_and_uptime(self):
        self.write('/uptime', u' 10:00:00 up 3 days,  4:05,  2 users,  load average: 0.00, 0.01, 0.05\n')
        self.write('/etc/hostname', u'template\n')
        self.write('/sysctl_-a', WHOLE)
        source = self.record()['source']
        self.assertEqual((source['hostname'], source['uptime_s']), ('web1', 3 * 86400 + 4 * 3600 + 300))
        self.write('/hostname', u'web2\n')
        self.assertEqual(self.record()['source']['hostname'], 'web2')
        self.write('/proc/uptime', u'12.50 1.0\n')
        self.assertEqual(self.record()['source']['uptime_s'], 12.5)

    def test_forms_of_uptime(self):
        for text, seconds in (
                (u' 09:21:37 up 12 min,  0 user,  load average: 0.47', 720), (u'x up  4:05,  1 user', 14700),
                (u' 1:00:00 up 45 days,  1 user, load', 45 * 86400), (u'x up 1 day, 12 min, load', 87120)):
            self.assertEqual(uptime.parse_uptime(text), seconds, text)
        for text in (u'', u'864000.00 1700000.00', u' up , load'):
            with self.assertRaises(Malformed):
                uptime.parse_uptime(text)


class TestWhatNetstatPrinted(Capture):
    def counters(self, release=EL7):
        self.write('/proc/sys/kernel/osrelease', release + u'\n')
        return self.record()['namespaces'][0]['counters']

    def test_sentences_and_names(self):
        self.write('/netstat_-s', NETSTAT)
        seen = self.counters()
        self.assertEqual(seen['Tcp'], {
            'ActiveOpens': 4000, 'PassiveOpens': 9000, 'AttemptFails': 10, 'EstabResets': 20, 'CurrEstab': 30,
            'InSegs': 2000000, 'OutSegs': 2100000, 'RetransSegs': 500, 'InErrs': 0, 'OutRsts': 60})
        self.assertEqual([seen['TcpExt'][name] for name in (
            'PAWSPassive', 'PAWSEstab', 'TW', 'ListenOverflows', 'ListenDrops', 'TWKilled')], [77, 5, 9, 3, 80, 400])
        self.assertNotIn('/proc/net/netstat', self.record()['unavailable'])

    def test_says_what_the_kernel_counted(self):
        """Of a real 4.4.178: what netstat -s printed, and what it hid, against /proc/net at the same moment."""
        for look in ('0-before', '1-during', '2-after-fix'):
            texts = []
            for name in ('netstat_-s', 'proc/net/netstat', 'proc/net/snmp'):
                with io.open(os.path.join(LAB, look, name), encoding='utf-8') as handle:
                    texts.append(handle.read())
            said = netstat_text.parse_netstat(texts[0], [4, 4, 178])
            kernel = dict(counters.parse_groups(texts[1]), **counters.parse_groups(texts[2]))
            for group, least in (('TcpExt', 16), ('Tcp', 10)):
                self.assertGreaterEqual(len(said[group]), least)
                self.assertEqual(said[group], dict((name, kernel[group][name]) for name in said[group]))

    def test_of_older_programs(self):
        for sentence, name in (
                (u'7 packets rejects in established connections because of timestamp', 'PAWSEstab'),
                (u'7 packets rejected in established connections because of timestamp', 'PAWSEstab'),
                (u'7 SYNs to LISTEN sockets ignored', 'ListenDrops'),
                (u'7 TCP sockets finished time wait in slow timer', 'TWKilled'),
                (u'7 time wait sockets recycled by time stamp', 'TWRecycled')):
            found = netstat_text.parse_netstat(u'TcpExt:\n    %s\nIpExt:\n' % sentence, [2, 6, 32])
            self.assertEqual(found['TcpExt'][name], 7, sentence)
        found = netstat_text.parse_netstat(u'Tcp:\n 5 segments send out\n 6 bad segments received.\n', None)
        self.assertEqual(found, {'Tcp': {'OutSegs': 5, 'InErrs': 6}})

    def test_what_is_not_printed_is_0_where_the_kernel_has_it(self):
        self.write('/netstat_-s', NETSTAT.replace(u'    77 passive', u'    Dropped: 77 passive'))
        self.assertEqual(self.counters('4.11.8')['TcpExt']['PAWSPassive'], 0)
        self.assertNotIn('PAWSPassive', self.counters('4.12.0')['TcpExt'])
        self.assertNotIn('PAWSTimewait', self.counters('6.12.0')['TcpExt'])
        self.assertEqual(self.counters('6.18.1')['TcpExt']['PAWSTimewait'], 0)
        self.assertNotIn('PAWSPassive', netstat_text.parse_netstat(u'TcpExt:\n    A: 1\nIpExt:\n', None)['TcpExt'])

    def test_a_counter_of_more_than_31_bits_by_an_old_program(self):
        self.write('/netstat_-s', NETSTAT)
        self.assertEqual(self.counters()['TcpExt']['TCPSpuriousRtxHostQueues'], 2 ** 32 - 5)

    def test_without_the_section_or_with_its_end_cut_off_nothing_is_known(self):
        for text in (NETSTAT.partition(u'TcpExt:')[0], NETSTAT.partition(u'\n    80 SYNs')[0]):
            self.write('/netstat_-s', text)
            seen = self.counters()
            self.assertIsNone(seen['TcpExt'])
            self.assertEqual(seen['Tcp']['InSegs'], 2000000)
            self.assertEqual(self.record()['unavailable']['/proc/net/netstat'], 'not there')
        self.write('/netstat_-s', u'Active Internet connections (w/o servers)\n')
        self.assertIn('not the output', self.record()['unavailable']['/netstat_-s'])

    def test_only_where_there_is_nothing_better(self):
        self.write('/netstat_-s', NETSTAT)
        self.write('/proc/net/netstat', u'TcpExt: PAWSPassive ListenDrops\nTcpExt: 1 1\n')
        self.assertEqual(self.counters()['TcpExt'], {'PAWSPassive': 1, 'ListenDrops': 1})
        self.write('/proc/net/netstat', u'TcpExt: PAWSPassive ListenDrops\nTcpExt: 1\n')
        self.assertIsNone(self.counters()['TcpExt'])

    def test_a_later_look(self):
        self.write('/netstat_-s', NETSTAT)
        self.write('/uptime', u' 10:00:00 up 4:05,  1 user\n')
        self.write('/sample2/netstat_-s', NETSTAT.replace(u'    77 ', u'    99 '))
        self.write('/sample2/uptime', u' 10:01:00 up 4:06,  1 user\n')
        self.write('/proc/sys/kernel/osrelease', EL7 + u'\n')
        looked = observe.run({'root': self.root})
        self.assertEqual(looked['earlier']['groups'][0]['counters']['TcpExt']['PAWSPassive'], 77)
        self.assertEqual(looked['record']['namespaces'][0]['counters']['TcpExt']['PAWSPassive'], 99)
        self.assertEqual(looked['record']['source']['uptime_s'] - looked['earlier']['uptime_s'], 60)


class TestNamespacesWithAName(Capture):
    def test_their_settings_and_counters(self):
        self.write('/sysctl_-a', WHOLE)
        self.write('/namespaces/qrouter-1/sysctl_-a', WHOLE.replace(u'net.ipv4.tcp_tw_recycle = 1\n', u'').replace(
            u'somaxconn = 128', u'somaxconn = 64'))
        self.write('/namespaces/qrouter-1/netstat_-s', NETSTAT)
        self.write('/namespaces/red/proc/net/netstat', u'TcpExt: ListenDrops\nTcpExt: 4\n')
        record = self.record()
        _host, router, red = record['namespaces']
        self.assertEqual([(entry['kind'], entry['name']) for entry in record['namespaces']],
                         [('host', None), ('named', 'qrouter-1'), ('named', 'red')])
        self.assertEqual(router['sysctls'][SOMAXCONN], {'value': '64', 'scope': 'namespace'})
        self.assertEqual(router['sysctls'][RECYCLE], {'value': '1', 'scope': 'host'})
        self.assertEqual(router['counters']['TcpExt']['PAWSPassive'], 77)
        self.assertEqual(red['counters']['TcpExt'], {'ListenDrops': 4})
        self.assertEqual(red['sysctls'][SOMAXCONN]['scope'], 'unreadable')


if __name__ == '__main__':
    unittest.main()
