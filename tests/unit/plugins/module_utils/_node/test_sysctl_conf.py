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
    data = text if isinstance(text, bytes) else text.encode('utf-8')
    return [(entry['line'], entry['key'], entry['value'], entry['form']) for entry in sysctl_conf.parse(data)]


def readers(data):
    """{reader: [(key, value)]} of the bytes of a file."""
    return dict((reader, [(entry['key'], entry['value']) for entry in sysctl_conf.parse(data) if reader in entry['by']])
                for reader in sysctl_conf.READERS)


class TestParse(unittest.TestCase):
    def test_forms(self):
        text = '\n'.join(['net.ipv4.tcp_tw_recycle = 1', '-net.ipv4.tcp_tw_recycle=1', 'net/ipv4/tcp_tw_recycle=1',
                          'net.ipv4.tcp_tw_*=1', '-net.ipv4.tcp_tw_recycle', '- net/ipv4/tcp_tw_recycle =1'])
        self.assertEqual(flat(text), [
            (1, KEY, b'1', 'plain'), (2, KEY, b'1', 'dash'), (3, KEY, b'1', 'slash'),
            (4, 'net.ipv4.tcp_tw_*', b'1', 'glob'), (5, KEY, None, 'exclude'), (6, KEY, b'1', 'dash')])

    def test_comments_blanks_and_junk(self):
        self.assertEqual(flat('# %s=1\n  ; %s=1\n\n   \nwords\n= 1\n- = 1\n%s=1' % (KEY, KEY, KEY)),
                         [(8, KEY, b'1', 'plain')])

    def test_value_stays_raw(self):
        for value in ('1 # off', 'a=b', '', '1\\', '"1"', u'\u201c0\u201d'):
            self.assertEqual(flat(u'%s = %s' % (KEY, value))[0][2], value.encode('utf-8'))
        self.assertEqual(flat(KEY.encode() + b' = \xa01')[0][2], b'\xa01')

    def test_a_backslash_joins_no_lines(self):
        text = '%s = \\\n1\n# %s = 1 \\\n%s = 2' % (KEY, KEY, KEY)
        self.assertEqual(flat(text), [(1, KEY, b'\\', 'plain'), (4, KEY, b'2', 'plain')])

    def test_look_alikes_are_other_keys(self):
        for line in (u'\ufeff%s=1', u'\xa0%s=1', u'"%s"=1', u'%s\xa0=1', u'%sx=1'):
            self.assertNotEqual(sysctl_conf.parse((line % KEY).encode('utf-8'))[0]['key'], KEY)


class TestLineEnds(unittest.TestCase):
    """Where systemd and procps see different lines."""

    def check(self, data, systemd, procps):
        self.assertEqual(readers(data), {'systemd': systemd, 'procps': procps}, data)

    def test_both_see_the_same(self):
        for data in (b'a.b=1\n', b'a.b = 1\r\n', b'a.b=1', b'\ta.b =\t1 \r\n', b'a.b=1\r\r\n', b'a.b=1\0', b'\ra.b=1'):
            self.check(data, [('a.b', b'1')], [('a.b', b'1')])
            self.assertEqual(len(sysctl_conf.parse(data)), 1, data)

    def test_carriage_returns_alone_are_one_line_to_procps(self):
        self.check(b'a.b=1\rc.d=2\r', [('a.b', b'1'), ('c.d', b'2')], [('a.b', b'1')])
        self.check(b'# why\ra.b=1\r', [('a.b', b'1')], [])
        self.check(b'word\ra.b=1\r', [('a.b', b'1')], [])
        self.check(b'a.b=\r1\r', [('a.b', b'')], [('a.b', b'1')])

    def test_a_nul_hides_the_rest_of_a_line_from_procps(self):
        self.check(b'a.b=1\0c.d=2\ne.f=3', [('a.b', b'1'), ('c.d', b'2'), ('e.f', b'3')],
                   [('a.b', b'1'), ('e.f', b'3')])
        self.check(b'\0a.b=1', [('a.b', b'1')], [])

    def test_blanks_that_only_procps_strips(self):
        self.check(b'a.b=1\v', [('a.b', b'1\v')], [('a.b', b'1')])
        self.check(b'\fa.b=1', [('\x0ca.b', b'1')], [('a.b', b'1')])

    def test_a_blank_after_the_dash_makes_another_key_for_procps(self):
        self.check(b'- a.b=1', [('a.b', b'1')], [])
        self.check(b'-a.b=1', [('a.b', b'1')], [('a.b', b'1')])


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

    def test_brackets_as_the_c_library_has_them(self):
        for glob, hit in (('net.ipv4.tcp_tw_[[:alpha:]]ecycle', True), ('net.ipv4.tcp_tw_[z-a]ecycle', False),
                          ('net.ipv4.tcp_tw_[!]recycle', False), ('net.ipv4.tcp[_]tw_[r-]ecycle', True),
                          ('net.ipv4.tcp_tw_\\recycl?', True), ('net.ipv4.tcp_tw_[[:alpha:recycle', False)):
            self.assertEqual(sysctl_conf.matches(glob, KEY), hit, glob)

    def test_a_flood_of_brackets_reaches_nothing(self):
        for flood in ('[', '[!', '[[:', '*[', '*?'):
            self.assertFalse(sysctl_conf.matches('net.ipv4.' + flood * 500000, KEY))
