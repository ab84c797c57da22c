# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function

import unittest

import nodepath  # noqa: F401  # pylint: disable=unused-import
from _node.parsers import sysctl_conf

__metaclass__ = type

KEY = 'net.ipv4.tcp_tw_recycle'


def flat(text):
    return [(entry['line'], entry['key'], entry['value'], entry['form']) for entry in sysctl_conf.parse(text)]


class TestParse(unittest.TestCase):
    def test_forms(self):
        text = '\n'.join(['net.ipv4.tcp_tw_recycle = 1', '-net.ipv4.tcp_tw_recycle=1', 'net/ipv4/tcp_tw_recycle=1',
                          'net.ipv4.tcp_tw_*=1', '-net.ipv4.tcp_tw_recycle', '- net/ipv4/tcp_tw_recycle =1'])
        self.assertEqual(flat(text), [
            (1, KEY, '1', 'plain'), (2, KEY, '1', 'dash'), (3, KEY, '1', 'slash'),
            (4, 'net.ipv4.tcp_tw_*', '1', 'glob'), (5, KEY, None, 'exclude'), (6, KEY, '1', 'dash')])

    def test_comments_blanks_and_junk(self):
        self.assertEqual(flat('# %s=1\n  ; %s=1\n\n   \nwords\n= 1\n- = 1\n%s=1' % (KEY, KEY, KEY)),
                         [(8, KEY, '1', 'plain')])

    def test_line_ends_and_blanks(self):
        self.assertEqual(flat('\t%s\t =\t1 \r\n%s=2\r' % (KEY, KEY)), [(1, KEY, '1', 'plain'), (2, KEY, '2', 'plain')])
        self.assertEqual(flat('x\0%s=1\n\0\0' % KEY), [(1, KEY, '1', 'plain')])
        self.assertEqual(flat(u'a=1\u2028%s=1\x0b' % KEY), [(1, 'a', u'1\u2028%s=1' % KEY, 'plain')])

    def test_value_stays_raw(self):
        self.assertEqual(flat('%s = 1 # off' % KEY)[0][2], '1 # off')
        self.assertEqual(flat('%s = a=b' % KEY)[0][2], 'a=b')
        self.assertEqual(flat('%s =' % KEY)[0][2], '')

    def test_look_alikes_are_other_keys(self):
        for line in (u'\ufeff%s=1', u'\xa0%s=1', u'"%s"=1', u'%s\xa0=1', u'%sx=1'):
            self.assertNotEqual(sysctl_conf.parse(line % KEY)[0]['key'], KEY)


class TestCanonical(unittest.TestCase):
    def test_first_separator_decides(self):
        for key, name in (('net.ipv4.conf.enp3s0/200.forwarding', 'net.ipv4.conf.enp3s0/200.forwarding'),
                          ('net/ipv4/conf/enp3s0.200/forwarding', 'net.ipv4.conf.enp3s0/200.forwarding'),
                          ('/net/ipv4//tcp_tw_recycle', KEY), ('net..ipv4.tcp_tw_recycle', KEY), ('kernel', 'kernel')):
            self.assertEqual(sysctl_conf.canonical(key), name)
            self.assertEqual(sysctl_conf.canonical(sysctl_conf.canonical(key)), name)

    def test_glob_stays_within_a_part(self):
        for glob, hit in (('net.ipv4.*', True), ('net.*.tcp_tw_recycle', True), ('net.ipv4.tcp_tw_recycl?', True),
                          ('net.ipv4.tcp_tw_re[^u]*', True), ('net.ipv4.tcp_tw_re[!c]*', False), ('net.*', False),
                          ('*', False), ('net.ipv4.*.tcp_tw_recycle', False), ('NET.ipv4.*', False)):
            self.assertEqual(sysctl_conf.matches(glob, KEY), hit, glob)


class TestFirstInt(unittest.TestCase):
    def test_what_the_kernel_takes(self):
        for value, number in (('1', 1), ('0', 0), ('1 # off', 1), ('1\t0', 1), ('-1', -1), ('0x10', 16), ('010', 8),
                              ('00', 0), ('1#off', None), ('"1"', None), (u'\u201c0\u201d', None),
                              ('', None), (None, None), ('yes', None), ('1.5', None), ('+1', None), ('08', None),
                              ('1,2', None), ('0x', None), ('# 1', None)):
            self.assertEqual(sysctl_conf.first_int(value), number, value)
