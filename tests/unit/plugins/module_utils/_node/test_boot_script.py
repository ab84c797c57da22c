# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The third reader: systems that load sysctl files with a script. tests/kernel/test_readers.py runs such scripts."""

from __future__ import absolute_import, division, print_function

import os
import unittest

import nodepath
from _node.readers import boot_script, persisted, sysctl_places, tree

__metaclass__ = type

KEY = 'net.ipv4.tcp_tw_recycle'
SYSINIT, FUNCTIONS, VOID = '/etc/rc.d/rc.sysinit', '/etc/init.d/functions', '/etc/runit/core-services/08-sysctl.sh'
BY_DIRECTORY = """
apply_sysctl() {
    for one in /usr/lib/sysctl.d/*.conf ; do
        [ -f /run/sysctl.d/${one##*/} ] && continue
        [ -f /etc/sysctl.d/${one##*/} ] && continue
        sysctl -e -p "$one"
    done
    for one in /etc/sysctl.d/*.conf ; do
        sysctl -e -p "$one"
    done
    sysctl -e -p /etc/sysctl.conf
}
"""


class Case(nodepath.TreeCase):
    def winner(self, release=None):
        """"FILE VALUE" of the third reader, None where nothing wins, `no reader` where there is none."""
        self.unavailable = {}
        found = persisted.observe(tree.Tree(self.root), [KEY], set([KEY]), release, self.unavailable)[KEY]['effective']
        if 'initscripts' not in found:
            return 'no reader'
        return found['initscripts'] and '%(file)s %(value)s' % found['initscripts']


class TestWhichSystem(Case):
    def setUp(self):
        Case.setUp(self)
        self.write('/etc/sysctl.conf', KEY + '=0\n')
        self.write('/etc/sysctl.d/a', KEY + '=1\n')

    def test_nothing_but_sysctl_files(self):
        self.assertEqual(self.winner(), 'no reader')
        self.assertEqual(self.unavailable, {})

    def test_rhel_6_reads_sysctl_conf_first_and_names_of_any_ending(self):
        for path, text in ((SYSINIT, 'apply_sysctl\n'), ('/etc/redhat-release', 'CentOS release 6.10 (Final)\n'),
                           ('/etc/system-release', 'Amazon Linux AMI release 2018.03\n')):
            self.setUp()
            self.write(path, text)
            self.assertEqual(self.winner(), '/etc/sysctl.d/a 1', path)
        for release in ('2.6.32-754.el6.x86_64', '4.1.12-124.el6uek', '4.9.93-41.60.amzn1.x86_64'):
            self.setUp()
            self.assertEqual(self.winner(release), '/etc/sysctl.d/a 1', release)

    def test_copies_of_editors_and_packages_are_not_read(self):
        self.write(SYSINIT, 'apply_sysctl\n')
        self.write('/etc/sysctl.d/a', KEY + '=0\n')
        for name in ('b~', 'c.rpmsave', 'd.bak', '.e'):
            self.write('/etc/sysctl.d/' + name, KEY + '=1\n')
        self.assertEqual(self.winner(), '/etc/sysctl.d/a 0')

    def test_where_systemd_boots_scripts_do_not_count(self):
        for path in sysctl_places.SIGNS_OF_SYSTEMD:
            self.setUp()
            self.write(SYSINIT, 'apply_sysctl\n')
            self.write(path, '')
            self.assertEqual(self.winner('2.6.32-754.el6.x86_64'), 'no reader', path)

    def test_sysctl_system_is_procps(self):
        self.write('/etc/init.d/sysctl', 'sysctl $quiet --system\n')
        self.write('/etc/inittab', 'id:3:initdefault:\n')
        self.assertEqual(self.winner(), 'no reader')
        self.assertEqual(self.unavailable, {})

    def test_a_system_that_is_not_modelled_is_said(self):
        for path, text in (('/etc/inittab', 'id:3:initdefault:\n'), ('/etc/dinit.d/boot', ''),
                           ('/etc/init.d/sysctl', 'x')):
            self.setUp()
            self.write(path, text)
            self.assertEqual(self.winner(), 'no reader', path)
            self.assertEqual(self.unavailable, {boot_script.SCRIPT: boot_script.NOT_MODELLED}, path)

    def test_the_inittab_that_systemd_leaves_is_not_a_sign(self):
        self.write('/etc/inittab', '# inittab is no longer used when using systemd.\n')
        self.winner()
        self.assertEqual(self.unavailable, {})

    def test_a_script_that_cannot_be_read_is_said(self):
        self.write(SYSINIT, b'x' * 1100000)
        self.winner()
        self.assertEqual(sorted(self.unavailable), [SYSINIT])


class TestOrder(Case):
    def test_directory_by_directory(self):
        self.write('/etc/sysctl.d/10.conf', KEY + '=1\n')
        self.write('/usr/lib/sysctl.d/99.conf', KEY + '=0\n')
        self.write(SYSINIT, 'apply_sysctl\n')
        self.write(FUNCTIONS, BY_DIRECTORY)
        self.assertEqual(self.winner(), '/etc/sysctl.d/10.conf 1')
        self.write('/etc/sysctl.conf', KEY + '=0\n')
        self.assertEqual(self.winner(), '/etc/sysctl.conf 0')

    def test_the_mask_of_systemd_does_not_work_there(self):
        self.write('/usr/lib/sysctl.d/99.conf', KEY + '=1\n')
        self.link('/etc/sysctl.d/99.conf', '/dev/null')
        self.write(SYSINIT, 'apply_sysctl\n')
        self.write(FUNCTIONS, BY_DIRECTORY)
        self.assertEqual(self.winner(), '/usr/lib/sysctl.d/99.conf 1')
        self.write('/run/sysctl.d/99.conf', KEY + '=0\n')  # of now: gone at the next boot
        self.assertEqual(self.winner(), '/usr/lib/sysctl.d/99.conf 1')

    def test_void(self):
        self.write('/etc/os-release', 'NAME="Void"\nID="void"\n')
        self.write('/usr/lib/sysctl.d/20.conf', KEY + '=1\n')
        self.write('/etc/sysctl.d/10.conf', KEY + '=0\n')
        self.assertEqual(self.winner(), '/usr/lib/sysctl.d/20.conf 1')
        self.link('/etc/sysctl.d/20.conf', '/dev/null')
        self.assertEqual(self.winner(), '/etc/sysctl.d/10.conf 0')
        os.makedirs(self.root + '/etc/sysctl.d/10.d.conf')
        self.write('/usr/lib/sysctl.d/10.d.conf', KEY + '=1\n')
        self.assertEqual(self.winner(), '/etc/sysctl.d/10.conf 0')  # a directory replaces a file of its name
        self.write(VOID, 'for i in /etc/sysctl.d/*.conf /usr/lib/sysctl.d/*.conf /etc/sysctl.conf; do\n')
        self.assertEqual(self.winner(), '/usr/lib/sysctl.d/20.conf 1')

    def test_alpine(self):
        self.write('/etc/os-release', 'ID=alpine\n')
        self.write('/usr/lib/sysctl.d/99.conf', KEY + '=0\n')
        self.write('/etc/sysctl.d/10.conf', KEY + '=1\n')
        self.assertEqual(self.winner(), '/etc/sysctl.d/10.conf 1')

    def test_upstart(self):
        self.write('/etc/init/procps.conf',
                   '# /run/sysctl.d/*.conf\n cat /etc/sysctl.d/*.conf /etc/sysctl.conf | sysctl -e -p -\n')
        self.write('/usr/lib/sysctl.d/99.conf', KEY + '=1\n')
        self.write('/etc/sysctl.d/10.conf', KEY + '=1\n')
        self.write('/etc/sysctl.conf', KEY + '=0;\n')
        self.assertEqual(self.winner(), '/etc/sysctl.d/10.conf 1')

    def test_no_line_of_the_files_that_are_read(self):
        self.write(SYSINIT, 'apply_sysctl\n')
        self.write('/usr/lib/sysctl.d/99.conf', KEY + '=1\n')
        self.assertIsNone(self.winner())


if __name__ == '__main__':
    unittest.main()
