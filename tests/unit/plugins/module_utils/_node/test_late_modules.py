# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of sysctl files for keys of modules that a boot may load after it has read the files."""

from __future__ import absolute_import, division, print_function

import nodepath
from _node.operations import observe

__metaclass__ = type

MAX, SOMAXCONN = 'net.netfilter.nf_conntrack_max', 'net.core.somaxconn'
RULE = 'ACTION=="add", SUBSYSTEM=="module", KERNEL=="nf_conntrack", RUN+="/usr/lib/systemd/systemd-sysctl --prefix=/%s"'


class TestLateModules(nodepath.TreeCase):
    def setUp(self):
        super(TestLateModules, self).setUp()
        self.write('/proc/sys/kernel/osrelease', '6.1.0\n')
        self.write('/proc/uptime', '1000.00 900.00\n')
        self.write('/proc/1/ns/net', 'net:[4026531840]\n')
        self.write('/proc/sys/net/netfilter/nf_conntrack_max', '9000\n')
        self.write('/sys/module/nf_conntrack/initstate', 'live\n')
        self.write('/etc/sysctl.d/50.conf', '%s = 9000\n%s = 500\n' % (MAX, SOMAXCONN))

    def late(self):
        self.record = observe.run({'root': self.root})['record']
        self.assertNotIn('late', self.record['persisted'][SOMAXCONN])
        return self.record['persisted'][MAX].get('late')

    def test_a_module_that_no_list_loads_is_named(self):
        self.assertEqual(self.late(), 'nf_conntrack')
        for path, text in (('/run/modules-load.d/a.conf', 'nf_conntrack'), ('/etc/modules-load.d/a', 'nf_conntrack'),
                           ('/etc/modules-load.d/a.conf', '# nf_conntrack\nnf_conntrack_ftp\n')):
            self.write(path, text)
            self.assertEqual(self.late(), 'nf_conntrack', path)

    def test_a_list_that_a_boot_reads_first_loads_it(self):
        for path in ('/etc/modules-load.d/a.conf', '/usr/lib/modules-load.d/b.conf', '/etc/modules',
                     '/etc/initramfs-tools/modules'):
            self.write(path, 'dummy\nnf-conntrack hashsize=9\n')
            self.assertEqual(self.late(), None, path)
            self.write(path, 'dummy\n')

    def test_a_list_that_another_one_replaces_loads_nothing(self):
        self.write('/usr/lib/modules-load.d/a.conf', 'nf_conntrack\n')
        self.link('/etc/modules-load.d/a.conf', '/dev/null')
        self.assertEqual(self.late(), 'nf_conntrack')

    def test_a_module_comes_with_those_that_need_it(self):
        self.write('/sys/module/nf_conntrack/holders/nf_nat', '')
        self.write('/sys/module/nf_nat/holders/nf_conntrack', '')
        self.write('/sys/module/nf_nat/holders/xt_MASQUERADE', '')
        self.write('/etc/modules', 'xt_MASQUERADE\n')
        self.assertEqual(self.late(), None)

    def test_what_is_built_in_is_there_and_a_capture_without_sys_does_not_tell(self):
        self.write('/sys/module/nf_conntrack/parameters/hashsize', '9\n')
        nodepath.os.unlink(self.root + '/sys/module/nf_conntrack/initstate')
        self.assertEqual(self.late(), None)
        nodepath.shutil.rmtree(self.root + '/sys')
        self.assertEqual(self.late(), None)

    def test_a_udev_rule_reads_the_files_again(self):
        for prefix, found in (('net/netfilter', [(MAX, '9000', '/etc/sysctl.d/50.conf', 'event')]), ('net/core', [])):
            self.write('/etc/udev/rules.d/9.rules', RULE % prefix + '\n')
            self.assertEqual(self.late(), 'nf_conntrack')
            entries = [(each['key'], each['value'], each['file'], each['when']) for each in self.record['writers']]
            self.assertEqual(entries, found)
