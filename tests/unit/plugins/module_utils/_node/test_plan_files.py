# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files with values as people write them: what a change makes of them, and that its rollback restores each byte."""

from __future__ import absolute_import, division, print_function

import os
import unittest

import changing
from _node.parsers import sysctl_edit, sysctl_value
from _node.readers import persisted, tree
from changing import OURS, RECYCLE

__metaclass__ = type

KEY = RECYCLE.encode('ascii')
OFF = b'# disabled by nodetcp.paws: '
RELEASE = '3.10.0-1160.el7.x86_64'


@unittest.skipIf(os.geteuid(), 'needs root: nothing else may own a store')
class Case(changing.NodeCase):
    def setUp(self):
        changing.NodeCase.setUp(self)
        self.node({RECYCLE: '1'}, RELEASE)

    def data(self, path):
        with open(self.root + path, 'rb') as handle:
            return handle.read()

    def effective(self):
        return persisted.observe(tree.Tree(self.root), [RECYCLE], set([RECYCLE]), RELEASE, {})[RECYCLE]['effective']

    def check(self, path, after):
        """recycle=0 leaves `after` of a file, every reader then sets 0, and the rollback restores what was there."""
        before = self.everything()
        self.assertTrue(self.apply(settings={RECYCLE: '0'})['changed'])
        self.assertEqual(self.data(path), after)
        for reader, winner in self.effective().items():
            self.assertEqual(winner and sysctl_value.taken(RECYCLE, winner['value']), 0, reader)
        self.assertFalse(self.apply('again', settings={RECYCLE: '0'})['changed'])
        self.rollback('A', restore_unsafe=True)
        self.assertEqual(self.everything(), before)


class TestForms(Case):
    def test_what_stands_after_the_value_stays(self):
        for value in (b'1 # on', b'1 --on', b'1\t#x', b'0x1', b'-1', b'1 2', b'\xa01', b'1 \xe5\x90\xaf'):
            line = KEY + b' = ' + value + b'\n'
            self.write('/etc/sysctl.conf', b'a.b = 1;\n' + line + b'c.d = "2"\n')
            self.check('/etc/sysctl.conf', b'a.b = 1;\n' + OFF + line + b'c.d = "2"\n')

    def test_a_zero_that_the_kernel_refuses_is_no_zero(self):
        line = KEY + b' = 0;\n'
        self.write('/etc/sysctl.conf', line)
        self.check('/etc/sysctl.conf', line)  # it hides nothing from procps, and systemd does not read this file
        self.assertEqual(self.data('/etc/sysctl.conf'), line)

    def test_a_refused_line_that_hides_ours_from_systemd(self):
        line = KEY + b' = 1;\n'
        self.write('/etc/sysctl.d/zzz.conf', line)
        self.check('/etc/sysctl.d/zzz.conf', OFF + line)

    def test_a_refused_line_in_our_own_file_is_replaced(self):
        self.write(OURS, KEY + b' = 0;\n')
        self.check(OURS, KEY + b' = 0\n')

    def test_lines_of_a_key_that_goes_are_taken_out_also_where_they_do_nothing(self):
        self.write('/etc/sysctl.conf', b'a.b=1\n' + KEY + b'=1;\n' + KEY + b' = 1 # on\n')
        self.apply(absent=[RECYCLE])
        self.assertEqual(self.data('/etc/sysctl.conf'), b'a.b=1\n')


class TestCarriageReturnsAlone(Case):
    """A file of which procps reads one line and systemd many."""

    def test_the_line_that_both_read(self):
        text = KEY + b' = 1\rnet.core.somaxconn = 512\r# end\r'
        self.write('/etc/sysctl.d/zzz.conf', text)
        self.check('/etc/sysctl.d/zzz.conf', OFF + text)

    def test_a_line_that_systemd_alone_reads(self):
        self.write('/etc/sysctl.d/zzz.conf', b'net.core.somaxconn = 512\r' + KEY + b' = 1 # on\r# end\r')
        self.check('/etc/sysctl.d/zzz.conf', b'net.core.somaxconn = 512\r' + OFF + KEY + b' = 1 # on\r# end\r')

    def test_lines_that_go_leave_the_others_as_they_are_read(self):
        others = b'net.core.somaxconn = 512\r# end\r'
        for text, after in ((others + KEY + b' = 1\r', others + b'\r'),
                            (KEY + b' = 1\r' + others, OFF + KEY + b' = 1\r' + others)):
            self.write('/etc/sysctl.conf', text)
            before = self.everything()
            self.apply(absent=[RECYCLE])
            self.assertEqual(self.data('/etc/sysctl.conf'), after)
            self.rollback('A', restore_unsafe=True)
            self.assertEqual(self.everything(), before)

    def test_a_setting_in_such_a_file_of_ours(self):
        text = b'net.core.somaxconn = 512\r' + KEY + b' = 1\r'
        self.write('/etc/sysctl.d/zzz.conf', text)
        self.apply(settings={RECYCLE: '0'}, file='/etc/sysctl.d/zzz.conf')
        self.assertEqual(self.data('/etc/sysctl.d/zzz.conf'),
                         b'net.core.somaxconn = 512\r' + OFF + KEY + b' = 1\r\n' + KEY + b' = 0\n')
        self.assertEqual(self.effective()['systemd']['line'], 2)


class TestNextBoot(Case):
    def test_what_run_hides_now_counts(self):
        self.write('/usr/lib/sysctl.d/zzz.conf', KEY + b' = 1\n')
        self.write('/run/sysctl.d/zzz.conf', KEY + b' = 0\n')
        self.check('/usr/lib/sysctl.d/zzz.conf', KEY + b' = 1\n')

    def test_a_file_in_run_is_nothing_to_rely_on(self):
        self.node({RECYCLE: '0'}, RELEASE)
        self.write('/run/sysctl.d/zzz.conf', KEY + b' = 0\n')
        self.check(OURS, sysctl_edit.persist(None, RECYCLE, '0', ''))

    def test_lines_in_run_need_not_be_taken_out(self):
        self.write('/run/sysctl.d/zzz.conf', KEY + b' = 1\n')
        self.assertFalse(self.apply(absent=[RECYCLE])['changed'])

    def test_a_third_reader_must_agree_too(self):
        self.write('/etc/rc.d/rc.sysinit', b'apply_sysctl\n')
        line = KEY + b' = 1 # on\n'
        self.write('/etc/sysctl.d/zzz', line)
        self.check('/etc/sysctl.d/zzz', OFF + line)

    def test_a_file_that_was_not_read_makes_the_next_boot_unknown(self):
        self.write('/etc/sysctl.d/large.conf', b'#' * 1100000)
        self.refuses('/etc/sysctl.d/large.conf: larger than 1 MiB (1100000 bytes): not read; without it nobody knows '
                     'what the next boot sets: make it readable or move it away', self.apply, settings={RECYCLE: '0'})
        self.assertEqual(self.value(RECYCLE), '1')

    def test_in_run_it_does_not(self):
        self.write('/run/sysctl.d/large.conf', b'#' * 1100000)
        self.assertTrue(self.apply(settings={RECYCLE: '0'})['changed'])


class TestValues(Case):
    def test_a_value_that_the_kernel_refuses_is_refused_at_once(self):
        for key, value, words in ((RECYCLE, '0;', 'the value "0;" is not a number for the kernel'),
                                  ('net.ipv4.ip_local_reserved_ports', '80, 90', 'is not a list of ports'),
                                  ('net.ipv4.ip_local_port_range', '9 8', 'is not a range of ports')):
            self.refuses(words, self.apply, settings={key: value})

    def test_what_the_kernel_would_not_read_is_left_out(self):
        self.apply(settings={RECYCLE: '0 # off'})
        self.assertTrue(self.data(OURS).endswith(KEY + b' = 0\n'))


if __name__ == '__main__':
    unittest.main()
