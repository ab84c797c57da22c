# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a text means to the kernel, as measured; tests/kernel/test_values.py asks the kernel of the machine."""

from __future__ import absolute_import, division, print_function

import unittest

import nodepath  # noqa: F401  # pylint: disable=unused-import
from _node import keys
from _node.parsers import sysctl_value
from _node.parsers.sysctl_value import PORT_RANGE, RESERVED_PORTS, taken

__metaclass__ = type

KEY, RMEM, CONTROL = keys.RECYCLE, 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_congestion_control'


class TestNumbers(unittest.TestCase):
    def test_what_the_kernel_takes(self):
        for text, number in ((b'1', 1), (b' 1 ', 1), (b'1 # on', 1), (b'1 --x', 1), (b'1\t#x', 1), (b'1\n2', 1),
                             (b'1 2', 1), (b'01', 1), (b'0x1f', 31), (b'0X1', 1), (b'010', 8), (b'-1', -1),
                             (b'-0x2', -2), (b'-0', 0), (b'\xa01', 1), (b'\v\f\r1', 1), (b'00000000000000000001', 1),
                             (b'2147483647', 2147483647), (b'-2147483648', -2147483648),
                             (b'1 \xe5\x90\xaf\xe7\x94\xa8', 1), (b'1                    x', 1)):
            self.assertEqual(taken(KEY, text), number, text)

    def test_what_it_refuses(self):
        for text in (b'', b' ', b'1;', b'"1"', b"'1'", b'1#on', b'1\\', b'1.0', b'+1', b'08', b'0x', b'0xg', b'00x1',
                     b'--1', b'-', b'- 1', b'true', b'1,2', b'# 1', b'1\r', b'1\xa0', b'1\v', b'1\0', b'\0001',
                     b'2147483648', b'-2147483649', b'000000000000000000001',
                     b'\xc2\xa01', b'\xe3\x80\x801', b'\xef\xbc\x91',
                     b' ' * 4095 + b'1'):
            self.assertIsNone(taken(KEY, text), text)

    def test_text_is_read_as_its_bytes_in_utf_8(self):
        self.assertEqual(taken(KEY, u'1 # \u542f\u7528'), 1)
        for text in (u'\xa01', u'\u30001', u'\uff11', u'\ufffd1', u'\ud8001'):
            self.assertIsNone(taken(KEY, text), repr(text))
        self.assertIsNone(taken(KEY, None))

    def test_ranges_by_kernel(self):
        for key, text, old, new in ((keys.TIMESTAMPS, '256', 256, None), (keys.TIMESTAMPS, '-1', -1, None),
                                    ('net.ipv4.tcp_rfc1337', '-0', 0, None), ('net.ipv4.tcp_tw_reuse', '3', 3, None),
                                    ('net.ipv4.tcp_tw_reuse', '2', 2, 2), (KEY, '256', 256, 256)):
            self.assertEqual((taken(key, text, [3, 10, 0]), taken(key, text), taken(key, text, (6, 18))),
                             (old, old, new), (key, text))

    def test_why_it_refuses(self):
        for key, text, reason in ((KEY, '1;', 'is not a number for the kernel'),
                                  (keys.TIMESTAMPS, '256', 'is not between 0 and 255'),
                                  (KEY, '99999999999', 'is not between -2147483648 and 2147483647'),
                                  (RESERVED_PORTS, 'x', 'is not a list of ports for the kernel'),
                                  (PORT_RANGE, 'x', 'is not a range of ports for the kernel'),
                                  (CONTROL, 'x;', 'is not a name for the kernel')):
            self.assertEqual(sysctl_value.refusal(key, text, [6, 18]), reason)


class TestOthers(unittest.TestCase):
    def test_range_of_ports(self):
        for text, found in ((b'20000 30000', '20000 30000'), (b'20000\t30000 # x', '20000 30000'), (b'20000', '20000'),
                            (b'0x4e20 30000', '20000 30000'), (b'20000 \xa030000', '20000 30000'), (b'20000 # x', None),
                            (b'20000-30000', None), (b'20000,30000', None), (b'30000 20000', None), (b'1 65536', None),
                            (b'0 5', None), (b'20000 30000;', None), (b'', None)):
            self.assertEqual(taken(PORT_RANGE, text), found, text)
        self.assertEqual(taken(PORT_RANGE, '1000 30000', [4, 10]), '1000 30000')
        self.assertIsNone(taken(PORT_RANGE, '1000 30000', [4, 11]))

    def test_list_of_ports(self):
        for text, found in ((b'80', '80'), (b'80,443', '80,443'), (b'443,80-90,85,91', '80-91,443'), (b'80,', '80'),
                            (b'', ''), (b'\n', ''), (b'0x50,010', '8,80'), (b'0-65535', '0-65535'),
                            (b'80\n90', '80,90'),
                            (b'80, 443', None), (b'80 443', None), (b' 80', None), (b'80 ', None), (b'90-80', None),
                            (b',80', None), (b'80,,90', None), (b'80-', None), (b'-80', None), (b'1-2-3', None),
                            (b'80 # x', None), (b'80;', None), (b'65536', None), (b'\xa080', None), (b'80\0', None)):
            self.assertEqual(taken(RESERVED_PORTS, text), found, text)

    def test_buffers_are_taken_one_by_one(self):
        for text, found in ((b'4096 8192 16384', '4096 8192 16384'), (b'4096 8192 0', '4096 8192'), (b'4096 x', 4096),
                            (b'4096;', None), (b'0 1 2', None), (b'1 2 3 4', '1 2 3')):
            self.assertEqual(taken(RMEM, text), found, text)

    def test_names(self):
        for text, found in ((b'bbr', 'bbr'), (b'fq_codel', 'fq_codel'), (b'bbr\nx', 'bbr'), (b'a' * 17, 'a' * 15),
                            (b'bbr # x', None), (b'bbr;', None), (b'"bbr"', None), (b'', None)):
            self.assertEqual(taken(CONTROL, text), found, text)

    def test_of_other_keys_the_text_tells_what_they_are(self):
        for text, found in (('1', 1), ('1 # on', 1), ('4096\t8192', '4096 8192'), ('core', 'core'),
                            ('|/bin/x %p', '|/bin/x %p'), ('1;', '1;'), ('', '')):
            self.assertEqual(taken('kernel.x', text), found, text)

    def test_what_is_shown(self):
        self.assertEqual(sysctl_value.visible(KEY, b'\xa01 # caf\xe9'), u'1 # caf\ufffd')
        self.assertEqual(sysctl_value.visible(RESERVED_PORTS, b'\xa080'), u'\ufffd80')


class TestValues(unittest.TestCase):
    def test_same(self):
        for one, two in (('1', ' 1\n'), ('32768\t60999', '32768 60999'), ('0x10', '16'), ('010', '8'), ('', ' '),
                         ('1,2,3', '1-3'), ('80,443-445', '80,443,444,445'), ('cubic', 'cubic')):
            self.assertTrue(sysctl_value.same(one, two), (one, two))
        for one, two in (('1', '0'), ('1 2', '1'), ('1', ''), ('1,2', '1-3'), ('bbr', 'cubic'), ('"1"', '1'),
                         ('1 # x', '1')):
            self.assertFalse(sysctl_value.same(one, two), (one, two))

    def test_obeyed(self):
        for line, value in (('1 # off', '1'), ('0x1', '1'), ('1 2 3', '1 2'), ('80-81', '80,81'),
                            (u'\u542f', u'\u542f')):
            self.assertTrue(sysctl_value.obeyed(line, value), (line, value))
        for line, value in (('0 # 1', '1'), ('"1"', '1'), ('1', '1 2'), ('bbr # x', 'bbr'), ('1;', '1')):
            self.assertFalse(sysctl_value.obeyed(line, value), (line, value))

    def test_keys(self):
        self.assertEqual(sysctl_value.checked_key('net/ipv4/conf/eth0.5/rp_filter'), 'net.ipv4.conf.eth0/5.rp_filter')
        self.assertEqual(keys.path_of('net.ipv4.conf.eth0/5.rp_filter'), 'net/ipv4/conf/eth0.5/rp_filter')
        for key in ('', 'x', 'net.ipv4.*', '../../etc/passwd', 'net/../x/y', 'a b.c', 'a.b=c', 'a.b\nc',
                    './x', 'a/../../b'):
            with self.assertRaises(ValueError):
                sysctl_value.checked_key(key)

    def test_values_of_a_request(self):
        for key, value, text in ((KEY, '0', '0'), (KEY, ' 0  # off', '0'), (KEY, '0x0', '0x0'),
                                 (RESERVED_PORTS, '', ''), ('a.b', '1 # on', '1 # on'),
                                 (PORT_RANGE, '20000\t30000', '20000 30000')):
            self.assertEqual(sysctl_value.checked_value(key, value), text)
        for key, value in ((KEY, '0;'), (KEY, ''), (RESERVED_PORTS, '80, 90'), (KEY, '1\n2'), (CONTROL, 'b r')):
            with self.assertRaises(ValueError):
                sysctl_value.checked_value(key, value)


if __name__ == '__main__':
    unittest.main()
