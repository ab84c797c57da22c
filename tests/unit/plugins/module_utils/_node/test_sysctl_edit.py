# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Editing sysctl files: what is meant changes, every other byte stays."""

from __future__ import absolute_import, division, print_function

import random
import unittest

import nodepath  # noqa: F401  # pylint: disable=unused-import
from _node.parsers import sysctl_conf, sysctl_edit

__metaclass__ = type

KEY = 'net.ipv4.tcp_tw_recycle'
OFF = b'# disabled by nodetcp.paws: '


class TestDisable(unittest.TestCase):
    def check(self, before, line, after, key=KEY):
        self.assertEqual(sysctl_edit.disable(before, set([(line, key)])), after)
        self.assertEqual([entry for entry in sysctl_conf.parse(after) if entry['key'] == key
                          and entry['line'] == line], [])

    def test_forms(self):
        for line in (b'net.ipv4.tcp_tw_recycle=1', b'  net.ipv4.tcp_tw_recycle = 1 # why',
                     b'-net.ipv4.tcp_tw_recycle=1', b'net/ipv4/tcp_tw_recycle = 1',
                     b'net.ipv4.tcp_tw_recycle = \xe2\x80\x9c1\xe2\x80\x9d'):
            self.check(b'a.b=1\n' + line + b'\nc.d=2\n', 2, b'a.b=1\n' + OFF + line + b'\nc.d=2\n')

    def test_ends_of_lines_stay(self):
        self.check(b'a.b=1\r\nnet.ipv4.tcp_tw_recycle=1\r\n', 2, b'a.b=1\r\n' + OFF + b'net.ipv4.tcp_tw_recycle=1\r\n')
        self.check(b'net.ipv4.tcp_tw_recycle=1', 1, OFF + b'net.ipv4.tcp_tw_recycle=1')

    def test_a_line_that_systemd_reads_as_two(self):
        self.check(b'a.b=1\rnet.ipv4.tcp_tw_recycle=1\n', 1, b'a.b=1\r' + OFF + b'net.ipv4.tcp_tw_recycle=1\n')

    def test_duplicates_stay(self):
        text = b'net.core.somaxconn=1\nnet.ipv4.tcp_tw_recycle=1\nnet.core.somaxconn=2\nnet.ipv4.tcp_tw_recycle=1\n'
        self.assertEqual(sysctl_edit.disable(text, set([(4, KEY)])).count(OFF), 1)


class TestRemove(unittest.TestCase):
    def check(self, before, lines, after):
        self.assertEqual(sysctl_edit.remove(before, set((line, KEY) for line in lines)), after)

    def test_lines_go_with_their_ends(self):
        line = b'net.ipv4.tcp_tw_recycle = 0'
        self.check(b'a.b=1\n' + line + b'\nc.d=2', [2], b'a.b=1\nc.d=2')
        self.check(b'a.b=1\r\n' + line + b'\r\nc.d=2\r\n', [2], b'a.b=1\r\nc.d=2\r\n')
        self.check(b'a.b=1\n' + line, [2], b'a.b=1\n')
        self.check(line + b'\n' + line, [1, 2], b'')

    def test_reason_above_goes_too(self):
        self.check(b'# mine\n# nodetcp.paws: why\nnet.ipv4.tcp_tw_recycle = 0\n', [3], b'# mine\n')
        self.check(b'# mine\nnet.ipv4.tcp_tw_recycle = 0\n', [2], b'# mine\n')

    def test_the_other_half_of_a_line_stays(self):
        self.check(b'a.b=1\rnet.ipv4.tcp_tw_recycle=1\n', [1], b'a.b=1\r\n')

    def test_the_next_piece_does_not_become_the_line_that_procps_reads(self):
        line = b'net.ipv4.tcp_tw_recycle=1'
        self.check(line + b'\ra.b=1\rc.d=2\r', [1], OFF + line + b'\ra.b=1\rc.d=2\r')


class TestPersist(unittest.TestCase):
    def test_new_file(self):
        text = sysctl_edit.persist(None, KEY, '0', u'drops \xfc')
        self.assertTrue(text.endswith(b'# nodetcp.paws: drops \xc3\xbc\nnet.ipv4.tcp_tw_recycle = 0\n'))
        self.assertEqual(sysctl_edit.assignments(text, KEY), [len(text.splitlines())])

    def test_last_line_without_end(self):
        self.assertEqual(sysctl_edit.persist(b'a.b = 1', KEY, '0', ''), b'a.b = 1\nnet.ipv4.tcp_tw_recycle = 0\n')

    def test_in_place(self):
        text = b'# x\nnet.ipv4.tcp_tw_recycle=0\n-net/ipv4/tcp_tw_recycle = 1\r\na.b=1\n'
        self.assertEqual(sysctl_edit.persist(text, KEY, '0', ''),
                         b'# x\nnet.ipv4.tcp_tw_recycle=0\nnet.ipv4.tcp_tw_recycle = 0\r\na.b=1\n')

    def test_again_with_another_reason_changes_the_reason(self):
        once = sysctl_edit.persist(b'', KEY, '1', 'a')
        self.assertEqual(sysctl_edit.persist(once, KEY, '0', 'b'), b'# nodetcp.paws: b\nnet.ipv4.tcp_tw_recycle = 0\n')

    def test_empty_value(self):
        self.assertEqual(sysctl_edit.persist(b'', 'a.b', '', ''), b'a.b =\n')


class TestAnyFile(unittest.TestCase):
    """Files put together at random."""

    PIECES = (b'net.ipv4.tcp_tw_recycle=1', b'net.ipv4.tcp_tw_recycle = 1 # on', b'net.ipv4.tcp_tw_recycle=', b'1',
              b'- a.b=3', b'x.y=5', b'net.ipv4.tcp_tw_recycle = 0 ', b'-net/ipv4/tcp_tw_recycle=1', b'a.b=1',
              b'',
              b'# net.ipv4.tcp_tw_recycle=1', b'; x', b'net.ipv4.*=1', b'\xff\xfe', b'-net.ipv4.tcp_tw_recycle', b' \t')
    ENDS = (b'\n', b'\n', b'\r\n', b'\r', b'\0', b'\n\n')

    def test_the_rest_stays(self):
        chance = random.Random(7)
        for each in range(2000):
            ends = self.ENDS if each % 3 else (b'\r',)
            text = b''.join(chance.choice(self.PIECES) + chance.choice(ends) for _n in range(chance.randrange(7)))
            text += chance.choice(self.PIECES)
            lines = sysctl_edit.assignments(text, KEY)
            wanted = set((line, KEY) for line in lines)
            off, gone = sysctl_edit.disable(text, wanted), sysctl_edit.remove(text, wanted)
            self.assertEqual(off.replace(OFF, b''), text)
            for after in (off, gone):
                self.assertEqual(sysctl_edit.assignments(after, KEY), [], repr(text))
                self.assertEqual(self.others(after), self.others(text), repr(text))
            put, line, before = sysctl_edit.persisted(text, KEY, '7', chance.choice(['', 'why']))
            self.assertEqual(line, sysctl_edit.assignments(put, KEY)[-1], repr(text))
            self.assertEqual(before, sysctl_edit.line_of(text, lines[-1]) if lines else None, repr(text))
            self.assertEqual(self.others(put), self.others(text), repr(text))
            last = [entry['value'] for entry in self.entries(put) if entry['key'] == KEY][-1]
            self.assertEqual(last, b'7', repr(text))

    def entries(self, text):
        return [entry for entry in sysctl_conf.parse(text) if entry['value'] is not None]

    def others(self, text):
        return [(entry['key'], entry['value'], entry['by']) for entry in self.entries(text) if entry['key'] != KEY]


if __name__ == '__main__':
    unittest.main()
