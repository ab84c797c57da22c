# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function

import os
import unittest

import nodepath
from _node.parsers import scripts
from _node.readers import tree, writers

__metaclass__ = type

KEY = 'net.ipv4.tcp_tw_recycle'
RANGE = 'net.ipv4.ip_local_port_range'
PROC = '/proc/sys/net/ipv4/tcp_tw_recycle'


class TestAssignments(unittest.TestCase):
    def check(self, line, *wanted):
        found = scripts.assignments('#!/bin/sh\n' + line, frozenset([KEY, RANGE]))
        self.assertEqual(found, [(2, key, value) for key, value in wanted], line)

    def test_ways_to_set(self):
        for line in ('sysctl -w %s=1' % KEY, '  /sbin/sysctl -q -w net/ipv4/tcp_tw_recycle=1 >/dev/null 2>&1',
                     'sysctl %s="1"; true' % KEY, 'ocf_run sysctl -w "%s=1"' % KEY, ' - [ sysctl, -w, %s=1 ]' % KEY,
                     'echo 1 > ' + PROC, 'echo "1">%s' % PROC, "printf '1\\n' > \"%s\"" % PROC, '%s = 1' % KEY,
                     'echo -n 1 | sudo tee ' + PROC, '[ -f %s ] && echo 1 > %s' % (PROC, PROC),
                     "ExecStart=/bin/sh -c 'echo 1 > %s'" % PROC, '[ $# -gt 0 ] && sysctl -w %s=1' % KEY,
                     '*/5 * * * * root true ; sysctl -w %s=1;true' % KEY, 'sysctl -w %s=1 2>&1' % KEY,
                     'grep -q "%s = 1" /etc/sysctl.conf || echo "%s = 1" >> /etc/sysctl.conf' % (KEY, KEY)):
            self.check(line, (KEY, '1'))

    def test_more_than_one_value_or_key(self):
        for line in ('sysctl -w %s="1024 65000"', "sysctl -w '%s = 1024 65000'", '%s = 1024 65000 # wide'):
            self.check(line % RANGE, (RANGE, '1024 65000'))
        line = "echo -e '%s=1\\n%s=1024 65000\\n' >> /etc/sysctl.conf" % (KEY, RANGE)
        self.check(line, (KEY, '1'), (RANGE, '1024 65000'))
        self.check('sh -c "sysctl -w %s=1 %s=5"' % (KEY, RANGE), (KEY, '1'), (RANGE, '5'))
        self.check('echo 1 >%s; echo 0 > %s' % (PROC, PROC), (KEY, '1'), (KEY, '0'))

    def test_value_that_is_computed(self):
        for line in ('sysctl -w %s=$X' % KEY, 'echo $X > ' + PROC, 'sysctl -w %s="${X:-1}"' % KEY,
                     'tee %s <<< 1' % PROC):
            self.check(line, (KEY, None))

    def test_what_sets_nothing(self):
        for line in ('# sysctl -w %s=1', 'true # sysctl -w %s=1', '; %s = 1', 'sysctl %s', 'sysctl -w x%s=1',
                     'sysctl -w %sx=1', "sed -i '/%s/d' /etc/sysctl.conf", '[ "$(sysctl -n %s)" = 1 ]',
                     'grep "%s = 1" /etc/sysctl.conf'):
            self.check(line % KEY)
        self.check('cat ' + PROC)
        self.check('if [ "$(cat %s)" = 1 ]; then' % PROC)


class TestWriters(nodepath.TreeCase):
    def observe(self):
        self.unavailable = {}
        found = writers.observe(tree.Tree(self.root), [KEY, RANGE], self.unavailable)
        return ['%(kind)s %(file)s:%(line)s %(key)s=%(value)s' % entry for entry in found]

    def test_empty_node(self):
        self.assertEqual(self.observe(), [])
        self.assertEqual(self.unavailable, {})

    def test_every_place(self):
        line = 'sysctl -w %s=1\n' % KEY
        places = [('rc.local', '/etc/rc.d/rc.local'), ('cloud-init', '/etc/cloud/cloud.cfg'),
                  ('cloud-init', '/etc/cloud/cloud.cfg.d/90.cfg'),
                  ('cloud-init', '/var/lib/cloud/instances/i-1/user-data.txt'),
                  ('cron', '/etc/crontab'), ('cron', '/etc/cron.d/net'),
                  ('systemd-unit', '/etc/systemd/system/tune.service'),
                  ('systemd-unit', '/etc/systemd/system/x.service.d/10.conf'), ('script', '/etc/network/if-up.d/tune'),
                  ('script', '/etc/NetworkManager/dispatcher.d/99-tune'), ('script', '/etc/init.d/tune'),
                  ('script', '/etc/NetworkManager/dispatcher.d/pre-up.d/tune'),
                  ('resource-agent', '/usr/lib/ocf/resource.d/heartbeat/portblock')]
        for _kind, path in places:
            self.write(path, line)
        self.link('/etc/rc.local', 'rc.d/rc.local')
        self.link('/var/lib/cloud/instance', 'instances/i-1')
        self.write('/etc/cloud/cloud.cfg.d/README', line)
        self.link('/etc/systemd/system/masked.service', '/dev/null')
        self.link('/etc/systemd/system/multi-user.target.wants', '.')
        shown = dict((path, path) for _kind, path in places)
        shown['/etc/rc.d/rc.local'] = '/etc/rc.local'  # named as it was met first, counted once
        shown['/var/lib/cloud/instances/i-1/user-data.txt'] = '/var/lib/cloud/instance/user-data.txt'
        wanted = ['%s %s:1 %s=1' % (kind, shown[path], KEY) for kind, path in places]
        self.assertEqual(sorted(self.observe()), sorted(wanted))
        self.assertEqual(self.unavailable, {})

    def test_tuned_profile_overrides_what_it_includes(self):
        self.write('/etc/tuned/active_profile', 'mine\n')
        self.write('/etc/tuned/mine/tuned.conf', '[main]\ninclude=base\n[sysctl]\n%s=0\n' % KEY)
        self.write('/usr/lib/tuned/base/tuned.conf',
                   '[main]\ninclude=mine, gone\n[sysctl]\n# %s=5\n%s = 1\n%s = 1 2\n[vm]\n%s=3'
                   % (RANGE, KEY, RANGE, KEY))
        self.write('/usr/lib/tuned/other/tuned.conf', '[sysctl]\n%s = 7\n' % KEY)
        self.assertEqual(self.observe(), ['tuned /usr/lib/tuned/base/tuned.conf:6 %s=1 2' % RANGE,
                                          'tuned /etc/tuned/mine/tuned.conf:4 %s=0' % KEY])

    def test_tuned_place_of_profiles_and_section_by_type(self):
        self.write('/etc/tuned/active_profile', 'web')
        self.write('/etc/tuned/profiles/web/tuned.conf', '[net]\ntype=sysctl\nnet/ipv4/tcp_tw_recycle=${x}\n')
        self.write('/usr/lib/tuned/web/tuned.conf', '[sysctl]\n%s = 1\n' % KEY)
        self.assertEqual(self.observe(), ['tuned /etc/tuned/profiles/web/tuned.conf:3 %s=None' % KEY])
        self.write('/etc/tuned/active_profile', '../../x')
        self.assertEqual(self.observe(), [])

    def test_kubelet_may_let_pods_set_it(self):
        self.write('/var/lib/kubelet/config.yaml',
                   'a: b\nallowedUnsafeSysctls:\n- kernel.msg*\n# - x\n- "net.ipv4.tcp_*"\nz: []\n'
                   'allowedUnsafeSysctls:\nallowedUnsafeSysctls: []')
        self.write('/etc/default/kubelet', 'ARGS="--v=2 --allowed-unsafe-sysctls=%s,kernel.sem --x"\n' % RANGE)
        self.write('/etc/systemd/system/kubelet.service.d/10.conf', '#x\nX=--allowed-unsafe-sysctls %s' % KEY)
        self.assertEqual(self.observe(), ['kubelet /var/lib/kubelet/config.yaml:5 %s=None' % KEY,
                                          'kubelet /etc/default/kubelet:1 %s=None' % RANGE,
                                          'kubelet /etc/systemd/system/kubelet.service.d/10.conf:2 %s=None' % KEY])

    def test_what_was_left_out_is_named(self):
        self.write('/etc/rc.local', ('echo 1 > %s\n' % PROC) * 9000)
        self.link('/etc/crontab', 'crontab')
        os.mkfifo(self.place('/etc/init.d/fifo'))
        self.assertEqual(self.observe(), [])
        self.assertEqual(self.unavailable, {'/etc/crontab': 'symbolic link loop',
                                            '/etc/rc.local': 'larger than 256 KiB (387000 bytes): not read'})
        self.write('/etc/rc.local', ('echo 1 > %s\n' % PROC) * 60)
        for number in range(700):
            self.write('/etc/init.d/%03d' % number, 'x')
        self.assertEqual(len(self.observe()), 48)
        self.assertEqual(self.unavailable['writers found'], '12 of 60 left out')
        self.assertIn(' files not looked at', self.unavailable['writers'])

    def test_bytes_that_are_no_text(self):
        self.write('/etc/rc.local', b'\xff\x00 tcp_tw_recycle\n\x00sysctl -w ' + KEY.encode() + b'=1\xff\n')
        self.assertEqual(len(self.observe()), 1)
