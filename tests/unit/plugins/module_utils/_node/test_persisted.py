# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a node would read at its next boot; tests/kernel/test_readers.py asks the real readers the same question."""

from __future__ import absolute_import, division, print_function

import os

import nodepath
from _node.readers import persisted, sysctl_files, tree

__metaclass__ = type

KEY = 'net.ipv4.tcp_tw_recycle'


class TestPersisted(nodepath.TreeCase):
    def observe(self, exists=(KEY,), release=None):
        self.unavailable = {}
        keys = [KEY, 'net.ipv4.tcp_timestamps']
        return persisted.observe(tree.Tree(self.root), keys, set(exists), release, self.unavailable).get(KEY)

    def check(self, systemd, procps, *statuses, **more):
        """Which "file:line value" wins under each reader, and the statuses by "file:line"."""
        found = self.observe(**more)
        for reader, wanted in (('systemd', systemd), ('procps', procps)):
            entry = found['effective'][reader]
            self.assertEqual(entry and '%(file)s:%(line)d %(value)s' % entry, wanted, reader)
        lines = ['%(file)s:%(line)d %(status)s' % line for line in found['definitions']]
        self.assertEqual(sorted(lines), sorted(statuses))
        return found

    def test_nothing_persisted(self):
        self.assertIsNone(self.observe())
        self.assertEqual(self.unavailable, {})

    def test_later_name_wins_wherever_it_lies(self):
        self.write('/etc/sysctl.d/10-a.conf', KEY + '=1\n')
        self.write('/usr/lib/sysctl.d/20-b.conf', '\n' + KEY + '=0')
        self.write('/etc/sysctl.d/30-c.txt', KEY + '=1\n')
        self.check('/usr/lib/sysctl.d/20-b.conf:2 0', '/usr/lib/sysctl.d/20-b.conf:2 0',
                   '/etc/sysctl.d/10-a.conf:1 shadowed', '/usr/lib/sysctl.d/20-b.conf:2 effective')
        self.assertEqual(self.unavailable, {})

    def test_same_name_in_an_earlier_directory_replaces(self):
        for place in ('/lib', '/usr/lib', '/usr/local/lib'):
            self.write(place + '/sysctl.d/x.conf', KEY + '=1\n')
        line = '/usr/local/lib/sysctl.d/x.conf:1'
        self.check(line + ' 1', line + ' 1', line + ' effective', '/usr/lib/sysctl.d/x.conf:1 replaced',
                   '/lib/sysctl.d/x.conf:1 replaced')
        self.write('/etc/sysctl.d/x.conf', '')
        found = self.observe()
        self.assertEqual(found['effective'], {'systemd': None, 'procps': None})
        self.assertEqual(set(line['status'] for line in found['definitions']), set(['replaced']))

    def test_run_is_empty_at_the_next_boot(self):
        self.write('/usr/lib/sysctl.d/x.conf', KEY + '=1\n')
        self.write('/run/sysctl.d/x.conf', KEY + '=0\n')
        line = '/usr/lib/sysctl.d/x.conf:1'
        self.check(line + ' 1', line + ' 1', line + ' effective', '/run/sysctl.d/x.conf:1 transient')
        found = persisted.observe(tree.Tree(self.root), [KEY], set([KEY]), None, {}, now=True)[KEY]
        self.assertEqual(found['effective']['systemd']['file'], '/run/sysctl.d/x.conf')

    def test_a_mask_in_run_is_gone_at_the_next_boot(self):
        self.write('/usr/lib/sysctl.d/x.conf', KEY + '=1\n')
        self.link('/run/sysctl.d/x.conf', '/dev/null')
        line = '/usr/lib/sysctl.d/x.conf:1'
        self.check(line + ' 1', line + ' 1', line + ' effective')

    def test_a_link_into_run_leads_nowhere_at_the_next_boot_but_replaces(self):
        self.write('/usr/lib/sysctl.d/x.conf', KEY + '=1\n')
        self.write('/run/made.conf', KEY + '=0\n')
        self.link('/etc/sysctl.d/x.conf', '/run/made.conf')
        self.check(None, None, '/usr/lib/sysctl.d/x.conf:1 replaced', '/run/made.conf:1 transient')

    def test_a_link_in_run_hides_nothing_of_what_it_leads_to(self):
        self.write('/usr/lib/sysctl.d/x.conf', KEY + '=1\n')
        self.link('/run/sysctl.d', '/usr/lib/sysctl.d')
        line = '/usr/lib/sysctl.d/x.conf:1'
        self.check(line + ' 1', line + ' 1', line + ' effective')

    def test_link_to_dev_null_masks_also_where_there_is_no_dev(self):
        self.write('/usr/lib/sysctl.d/x.conf', KEY + '=1\n')
        self.link('/etc/sysctl.d/x.conf', '/dev/null')
        self.check(None, None, '/usr/lib/sysctl.d/x.conf:1 replaced')
        self.assertEqual(self.unavailable, {})

    def test_linked_lib_counts_once(self):
        self.write('/usr/lib/sysctl.d/x.conf', KEY + '=1\n')
        self.link('/lib', 'usr/lib')
        line = '/usr/lib/sysctl.d/x.conf:1'
        self.check(line + ' 1', line + ' 1', line + ' effective')

    def test_readers_disagree_without_the_link(self):
        self.write('/etc/sysctl.conf', KEY + '=1\n')
        self.write('/etc/sysctl.d/50.conf', KEY + '=0\n')
        self.check('/etc/sysctl.d/50.conf:1 0', '/etc/sysctl.conf:1 1',
                   '/etc/sysctl.d/50.conf:1 effective', '/etc/sysctl.conf:1 effective')

    def test_the_99_link_is_the_file_it_leads_to(self):
        self.write('/etc/sysctl.conf', KEY + '=1\n')
        self.link('/etc/sysctl.d/99-sysctl.conf', '../sysctl.conf')
        self.write('/etc/sysctl.d/99-zz.conf', KEY + '=0\n')
        self.check('/etc/sysctl.d/99-zz.conf:1 0', '/etc/sysctl.conf:1 1',
                   '/etc/sysctl.d/99-zz.conf:1 effective', '/etc/sysctl.conf:1 effective')

    def test_name_beats_glob_and_exclusion_stops_it(self):
        self.write('/etc/sysctl.d/1.conf', KEY + '=0\n')
        self.write('/etc/sysctl.d/2.conf', 'net.ipv4.tcp_*=1\n')
        self.check('/etc/sysctl.d/1.conf:1 0', '/etc/sysctl.d/1.conf:1 0',
                   '/etc/sysctl.d/1.conf:1 effective', '/etc/sysctl.d/2.conf:1 shadowed')
        self.write('/etc/sysctl.d/1.conf', '-' + KEY)
        self.check(None, None, '/etc/sysctl.d/2.conf:1 ignored')
        self.write('/etc/sysctl.d/1.conf', '')
        self.check('/etc/sysctl.d/2.conf:1 1', '/etc/sysctl.d/2.conf:1 1', '/etc/sysctl.d/2.conf:1 effective')

    def test_glob_reaches_only_keys_that_exist_a_name_any(self):
        self.write('/etc/sysctl.d/2.conf', 'net.ipv4.tcp_*=1\n')
        self.assertIsNone(self.observe(exists=()))
        self.write('/etc/sysctl.d/3.conf', '-%s=1\n' % KEY)
        line = '/etc/sysctl.d/3.conf:1'
        found = self.check(line + ' 1', line + ' 1', line + ' effective', exists=())
        self.assertEqual(found['definitions'][0]['form'], 'dash')

    def test_refused_value_hides_the_line_before_it_from_systemd_only(self):
        self.write('/etc/sysctl.d/1.conf', KEY + u'=1\n' + KEY + u'=\u201c0\u201d\n')
        line = '/etc/sysctl.d/1.conf:1'
        self.check(None, line + ' 1', line + ' effective', '/etc/sysctl.d/1.conf:2 refused')

    def test_what_stands_after_a_blank_does_not_count(self):
        for value in (u'1 # \u5f00\u542f', u'1 --\u8868\u793a', '1\t#x', '1 2', '01 ; on'):
            self.write('/etc/sysctl.conf', u'%s = %s\n' % (KEY, value))
            line = u'/etc/sysctl.conf:1 %s' % value
            self.check(None, line, '/etc/sysctl.conf:1 effective')

    def test_a_line_that_the_kernel_refuses_sets_nothing(self):
        for value in ('1;', '"1"', '1#on', '1\\', '1.0', '+1', '08', 'true', u'\uff11', u'\xa01', u'\u30001', ''):
            self.write('/etc/sysctl.conf', u'%s = %s\n' % (KEY, value))
            self.check(None, None, '/etc/sysctl.conf:1 refused')

    def test_the_byte_a0_is_a_blank_to_the_kernel(self):
        self.write('/etc/sysctl.conf', KEY.encode() + b' = \xa01\n')
        self.check(None, '/etc/sysctl.conf:1 1', '/etc/sysctl.conf:1 effective')

    def test_the_last_glob_that_the_kernel_takes_wins(self):
        self.write('/etc/sysctl.d/1.conf', 'net.ipv4.tcp_*=1\nnet.ipv4.*=1;\n')
        line = '/etc/sysctl.d/1.conf:1'
        self.check(line + ' 1', line + ' 1', line + ' effective', '/etc/sysctl.d/1.conf:2 refused')

    def test_what_a_kernel_takes_depends_on_its_version(self):
        self.write('/etc/sysctl.conf', 'net.ipv4.tcp_timestamps = 256\n')
        for release, value in (('5.4.0', '256'), ('5.15.0', None), (None, '256')):
            found = persisted.observe(tree.Tree(self.root), ['net.ipv4.tcp_timestamps'], set(), release, {})
            line = found['net.ipv4.tcp_timestamps']['effective']['procps']
            self.assertEqual(line and line['value'], value, release)

    def test_file_of_the_suse_kernel_comes_first(self):
        self.write('/boot/sysctl.conf-4.4.1-default', KEY + '=1\n')
        self.assertIsNone(self.observe(release='4.4.2-default'))
        self.check('/boot/sysctl.conf-4.4.1-default:1 1', '/boot/sysctl.conf-4.4.1-default:1 1',
                   '/boot/sysctl.conf-4.4.1-default:1 effective', release='4.4.1-default')
        self.write('/etc/sysctl.d/1.conf', KEY + '=0')
        self.assertEqual(self.observe(release='4.4.1-default')['effective']['systemd']['value'], '0')
        self.assertEqual(self.observe(release='../../etc/x')['definitions'][0]['file'], '/etc/sysctl.d/1.conf')

    def test_every_gap_has_a_reason_and_the_rest_is_used(self):
        self.link('/etc/sysctl.d/loop.conf', 'loop.conf')
        self.link('/etc/sysctl.d/gone.conf', '/nowhere/x')
        os.makedirs(self.root + '/etc/sysctl.d/dir.conf')
        os.mkfifo(self.root + '/etc/sysctl.d/fifo.conf')
        self.write('/etc/sysctl.conf', b'x' * 10485760)
        self.link('/run/sysctl.d', 'sysctl.d')
        self.write('/etc/sysctl.d/latin.conf', b'# caf\xe9 \x00\xff\n' + KEY.encode() + b' = 1')
        line = '/etc/sysctl.d/latin.conf:2'
        self.check(line + ' 1', line + ' 1', line + ' effective')
        self.assertEqual(self.unavailable, {
            '/etc/sysctl.d/loop.conf': 'symbolic link loop', '/etc/sysctl.d/gone.conf': 'dangling link',
            '/etc/sysctl.d/dir.conf': 'is a directory', '/etc/sysctl.d/fifo.conf': 'is a fifo',
            '/etc/sysctl.conf': 'larger than 1 MiB (10485760 bytes): not read', '/run/sysctl.d': 'symbolic link loop'})

    def test_unreadable_file_still_replaces(self):
        self.write('/usr/lib/sysctl.d/x.conf', KEY + '=1\n')
        self.link('/etc/sysctl.d/x.conf', 'gone')
        self.check(None, None, '/usr/lib/sysctl.d/x.conf:1 replaced')

    def test_what_keeps_the_next_boot_from_being_known(self):
        for reasons, path in (
                ({'/etc/sysctl.d/a.conf': 'permission denied'}, '/etc/sysctl.d/a.conf'),
                ({'/etc/sysctl.d': '3 of 515 files not read'}, '/etc/sysctl.d'),
                ({'persisted globs': '1 of 257 not followed'}, 'persisted globs'),
                ({'/run/sysctl.d/a.conf': 'permission denied', '/etc/sysctl.d/a.conf': 'dangling link',
                  '/etc/sysctl.d/b.conf': 'is a directory', 'persisted ' + KEY: '1 of 25 lines left out',
                  '/etc/sysctl.d/c.conf': 'symbolic link loop'}, None)):
            self.assertEqual(sysctl_files.unknown(reasons), path)

    def test_a_flood_of_lines_is_cut_and_said(self):
        self.write('/etc/sysctl.conf', (KEY + '=1\n') * 9000 + KEY + '=1 ' + 'x' * 9000)
        found = self.observe()
        self.assertEqual(len(found['definitions']), 24)
        self.assertEqual(found['definitions'][0], {'file': '/etc/sysctl.conf', 'line': 9001, 'value': '1 ' + 'x' * 254,
                                                   'form': 'plain', 'status': 'effective'})
        self.assertEqual(self.unavailable, {'persisted ' + KEY: '8977 of 9001 lines left out'})

    def test_a_flood_of_globs_is_cut_and_said(self):
        globs = ''.join('net.ipv4.*%05d = 1\n' % number for number in range(30000))
        self.write('/etc/sysctl.conf', globs + KEY + ' = 1')
        self.assertEqual(self.observe()['effective']['procps']['line'], 30001)
        self.assertEqual(self.unavailable, {'persisted globs': '29744 of 30000 not followed'})

    def test_a_glob_that_is_longer_than_any_name_is_not_followed(self):
        self.write('/etc/sysctl.conf', KEY + ' = 1\nnet.ipv4.' + '[' * 900000 + ' = 2\n')
        self.assertEqual(self.observe()['effective']['procps']['value'], '1')
        self.assertEqual(self.unavailable, {'persisted globs': '1 of 1 not followed'})
