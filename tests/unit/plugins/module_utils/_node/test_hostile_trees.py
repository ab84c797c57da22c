# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Captures that somebody made to hurt: a look at them ends in bounded memory with a record, and says what is wrong."""

from __future__ import absolute_import, division, print_function

import json
import os
import resource
import sys
import traceback
import unittest

import nodepath
from _node.operations import observe, time_wait

__metaclass__ = type

KEY = 'net.ipv4.tcp_tw_recycle'
SPARSE = 100 * 1024 ** 3
MEMORY = 1024 ** 3
DIGITS = '9' * 5000
CUT_OFF = '/proc/net/tcp: cut off: the last line does not end'


class Case(nodepath.TreeCase):
    def setUp(self):
        nodepath.TreeCase.setUp(self)
        self.write('/proc/sys/kernel/osrelease', '4.4.178\n')
        self.write('/proc/sys/net/ipv4/tcp_tw_recycle', '1\n')
        self.write('/proc/1/ns/net', 'net:[4026531840]\n')
        self.write('/proc/77/ns/net', 'net:[4026532100]\n')

    def looks(self):
        """What each kind of look gives, in a process of little memory."""
        return bounded(lambda: [observe.run({'root': self.root}), time_wait.run({'root': self.root})])

    def unavailable(self):
        found = {}
        for answer in self.looks():
            found.update(answer['record']['unavailable'])
        return found


def bounded(act):
    """What act() returns in a child of MEMORY bytes."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reading)
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            answer = json.dumps(act()).encode('utf-8')
            while answer:
                answer = answer[os.write(writing, answer):]
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, 'rb') as pipe:
        text = pipe.read().decode('utf-8')
    assert os.waitpid(child, 0)[1] == 0, 'the look failed'
    return json.loads(text)


class TestSize(Case):
    def test_files_without_end(self):
        """A hole of 100 GB takes no room on a disk, and has no line that ends."""
        for path in ('/proc/net/tcp', '/proc/net/tcp6', '/proc/77/net/tcp', '/proc/net/netstat', '/proc/uptime',
                     '/proc/net/fib_trie', '/proc/slabinfo', '/etc/sysctl.conf', '/etc/rc.local', '/proc/version',
                     '/proc/77/cgroup', '/proc/77/stat', '/etc/tuned/active_profile', '/sysctl_-a'):
            with open(self.place(path), 'wb') as handle:
                try:
                    handle.truncate(SPARSE)
                except (IOError, OSError) as exc:
                    self.skipTest('no file of 100 GB on this file system: %s' % exc)
            os.chmod(self.root + path, 0o755)
        found = self.unavailable()
        self.assertIn(CUT_OFF, found['TIME_WAIT sockets of net:[4026531840]@None/host'])
        self.assertIn('larger than', found['/proc/net/netstat'])

    def test_a_socket_table_of_one_line(self):
        self.write('/proc/net/tcp', 'sl\n' + 'x' * 100000000)
        self.assertIn(CUT_OFF, self.unavailable()['TIME_WAIT sockets of net:[4026531840]@None/host'])


class TestLists(Case):
    def test_profiles_of_tuned_that_include_each_other(self):
        self.write('/etc/tuned/active_profile', 'p0 ' * 3000)
        names = ['p%d' % number for number in range(200)]
        for name in names:
            self.write('/etc/tuned/%s/tuned.conf' % name, (
                '[main]\ninclude=%s\n[variables]\na=%s\n%s[sysctl]\n%s=1\n' % (
                    ','.join(names * 200), '${a}' * 50, 'include=/etc/tuned/%s/tuned.conf\n' % name, KEY)))
        answer = bounded(lambda: observe.run({'root': self.root}))
        self.assertIn('tuned', [writer['kind'] for writer in answer['record']['writers']])

    def test_variables_of_tuned_that_grow(self):
        lines = ['v0=' + 'x' * 1000] + ['v%d=%s' % (number, ('${v%d}' % (number - 1)) * 8) for number in range(1, 60)]
        self.write('/etc/tuned/active_profile', 'mine')
        self.write('/etc/tuned/mine/tuned.conf', '[variables]\n%s\n[sysctl]\n%s=${v59}\n' % ('\n'.join(lines), KEY))
        bounded(lambda: observe.run({'root': self.root}))

    def test_scripts_and_yaml_that_grow(self):
        doubling = ''.join('v%d="$v%d$v%d"\n' % (number + 1, number, number) for number in range(60))
        script = '#!/bin/sh\nv0=xxxxxxxx\n%ssysctl -w %s=$v60\necho {1..99999999}\n'
        self.write('/etc/rc.local', script % (doubling, KEY))
        os.chmod(self.root + '/etc/rc.local', 0o755)
        anchors = 'a0: &a0 [x, x, x, x, x, x, x, x]\n' + ''.join(
            'a%d: &a%d [%s]\n' % (number + 1, number + 1, ', '.join(['*a%d' % number] * 8)) for number in range(40))
        self.write('/etc/cloud/cloud.cfg', anchors + 'bootcmd:\n- sysctl -w %s=1\n' % KEY)
        bounded(lambda: observe.run({'root': self.root}))


class TestDigits(Case):
    FORMS = (
        ('/proc/uptime', u'%s 0\n'),
        ('/uptime', u' 10:00:00 up %s days,  1 user\n'),
        ('/proc/version', u'Linux version %s.%s x\n'),
        ('/proc/net/sockstat', u'TCP: inuse %s orphan 0 tw %s alloc 1 mem 0\n'),
        ('/proc/77/ns/net', u'net:[%s]\n'),
        ('/proc/net/netstat', u'TcpExt: PAWSPassive\nTcpExt: %s\n'),
        ('/proc/77/stat', u'77 (x) S' + u' 0' * 18 + u' %s 0\n'),
        ('/proc/sys/kernel/osrelease', u'%s.%s.%s-%s.el7\n'),
        ('/ip_tcp_metrics_show', u'192.0.2.1 tw_ts %s/%ssec ago\n'),
        ('/proc/sys/net/netfilter/nf_conntrack_max', u'%s\n'),
        ('/proc/sys/net/ipv4/ip_local_port_range', u'%s %s\n'),
        ('/proc/net/stat/nf_conntrack', u'entries drop\n%s %s\n'),
        ('/proc/slabinfo', u'tw_sock_TCP 1 %s %s\n'),
        ('/proc/net/tcp', u'sl\n 0: 0100007F:%s 0100007F:0016 06 0:0 03:%s\n'),
        ('/proc/sys/net/ipv4/tcp_tw_recycle', u'%s\n'),
        ('/ss_-tan', u'TIME-WAIT 0 0 192.0.2.1:%s *:%s\n'),
        ('/etc/sysctl.conf', u'net.ipv4.tcp_tw_recycle = %s\n'),
    )

    def test_numbers_of_5000_digits_and_digits_of_other_scripts(self):
        for number in (DIGITS, u'\u00b2', u'\u0663', '-' + DIGITS, '1e308', 'nan', 'inf', ''):
            for path, text in self.FORMS:
                self.write(path, text.replace(u'%s', number))
            for answer in self.looks():
                uptime = answer['record']['source']['uptime_s']
                self.assertTrue(uptime is None or 0 <= uptime < 1e11)

    def test_a_process_whose_number_is_none(self):
        os.makedirs(self.root.encode('utf-8') + u'/proc/\u00b2/ns'.encode('utf-8'))
        self.assertEqual(len(self.looks()[0]['record']['namespaces']), 2)


if __name__ == '__main__':
    unittest.main()
