# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Units of systemd: which are started, and what their commands set."""

from __future__ import absolute_import, division, print_function

import unittest

import writer_trees
from writer_trees import KEY, SET

__metaclass__ = type

OFF = 'sysctl -w %s=0\n' % KEY
WANTS = '/etc/systemd/system/multi-user.target.wants/'


class Units(writer_trees.WriterCase):
    def unit(self, text, **files):
        self.make(
            dict(
                files, **{'/etc/systemd/system/x.service': '[Service]\n' + text, WANTS + 'x.service': '-> ../x.service'}
            )
        )
        return [
            entry.partition(' ')[2].replace('/etc/systemd/system/', '').replace(KEY, 'K') for entry in self.observe()
        ]

    def test_commands(self):
        for line in (
            'ExecStart=/sbin/sysctl -w K=1',
            'ExecStartPre=-/sbin/sysctl -w K=1',
            'ExecStart=@/bin/sh sh -c "sysctl -w K=1"',
            "ExecStart=/bin/sh -c 'echo 1 > /proc/sys/net/ipv4/tcp_tw_recycle'",
            'ExecStart=+sysctl -w K=1',
            'ExecStart=/sbin/sysctl "K=1"',
            'ExecStart=/bin/true ; /sbin/sysctl -w K=1',
            'Environment=V=1\nExecStart=/sbin/sysctl -w K=${V}',
            'Environment="O=-w K=1"\nExecStart=/sbin/sysctl $O',
            'ExecStart=/usr/bin/env sysctl \\\n  -w K=1',
            'ExecStart=:/sbin/sysctl -w K=1',
            'User=app\nExecStartPre=+/sbin/sysctl -w K=1',
            'User=app\nPermissionsStartOnly=true\nExecStartPre=/sbin/sysctl -w K=1',
        ):
            found = self.unit(line.replace('K', KEY))
            self.assertEqual([entry.partition(' ')[2] for entry in found], ['K=1 boot after'], line)

    def test_commands_that_set_nothing(self):
        for line in (
            'ExecStart=/bin/echo 1 > /proc/sys/net/ipv4/tcp_tw_recycle',
            'ExecStart=/sbin/sysctl -w K = 1',
            '#ExecStart=/sbin/sysctl -w K=1',
            'User=app\nExecStart=/sbin/sysctl -w K=1',
            'ExecStart=/sbin/sysctl -w K=1\nExecStart=',
            'Description=sysctl -w K=1',
            'ProtectKernelTunables=yes\nExecStart=/sbin/sysctl -w K=1',
            'PrivateNetwork=true\nExecStart=/sbin/sysctl -w K=1',
        ):
            self.assertEqual(self.unit(line.replace('K=', KEY + '=').replace('K =', KEY + ' =')), [], line)

    def test_commands_at_its_end_and_reload(self):
        self.assertEqual(
            self.unit('ExecReload=/sbin/%sExecStop=/sbin/%s' % (SET, OFF)),
            ['x.service:2 K=1 event after', 'x.service:3 K=0 event after'],
        )

    def test_what_starts_a_unit(self):
        service = {'/usr/lib/systemd/system/x.service': '[Service]\nExecStart=/sbin/' + SET}
        target = '[Unit]\nWants=x.service\n'
        cases = [
            ({WANTS + 'x.service': '-> /usr/lib/systemd/system/x.service'}, 'boot'),
            ({'/usr/lib/systemd/system/multi-user.target.wants/x.service': '-> ../x.service'}, 'boot'),
            (
                {'/etc/systemd/system/multi-user.target.requires/x.service': '-> /usr/lib/systemd/system/x.service'},
                'boot',
            ),
            (
                {'/etc/systemd/system/multi-user.target.upholds/x.service': '-> /usr/lib/systemd/system/x.service'},
                'boot',
            ),
            ({'/etc/systemd/system/y.service': target, WANTS + 'y.service': '-> ../y.service'}, 'boot'),
            (
                {
                    '/etc/systemd/system/y.service': '[Unit]\nDescription=y\n',
                    WANTS + 'y.service': '-> ../y.service',
                    '/etc/systemd/system/y.service.wants/x.service': '-> x',
                },
                'boot',
            ),
            (
                {
                    '/etc/systemd/system/default.target': '-> /usr/lib/systemd/system/my.target',
                    '/usr/lib/systemd/system/my.target': target,
                },
                'boot',
            ),
            (
                {
                    '/etc/systemd/system/x.timer': '[Timer]\nOnBootSec=5min\n',
                    '/etc/systemd/system/timers.target.wants/x.timer': '-> ../x.timer',
                },
                'boot',
            ),
            (
                {
                    '/etc/systemd/system/x.timer': '[Timer]\nOnCalendar=daily\n',
                    '/etc/systemd/system/timers.target.wants/x.timer': '-> ../x.timer',
                },
                'event',
            ),
            (
                {
                    '/etc/systemd/system/y.path': '[Path]\nUnit=x.service\n',
                    '/etc/systemd/system/paths.target.wants/y.path': '-> ../y.path',
                },
                'event',
            ),
            (
                {
                    '/etc/systemd/system/x.socket': '[Socket]\nListenStream=1\n',
                    '/etc/systemd/system/sockets.target.wants/x.socket': '-> ../x.socket',
                },
                'event',
            ),
            (
                {'/etc/systemd/system/sys-net-eth0.device.wants/x.service': '-> /usr/lib/systemd/system/x.service'},
                'event',
            ),
            ({'/etc/systemd/system/suspend.target.wants/x.service': '-> /usr/lib/systemd/system/x.service'}, 'event'),
            ({'/etc/systemd/system/mine.target.wants/x.service': '-> /usr/lib/systemd/system/x.service'}, None),
            ({'/etc/systemd/system/y.service': target + '[Install]\nWantedBy=multi-user.target\n'}, None),
            ({'/usr/lib/systemd/system/x.timer': '[Timer]\nOnCalendar=daily\n'}, None),
            ({}, None),
        ]
        for files, when in cases:
            self.setUp()
            self.make(dict(service, **files))
            found = [entry.split()[3] for entry in self.observe()]
            self.assertEqual(found, [when] if when else [], files)

    def test_templates_and_aliases(self):
        self.make(
            {
                '/etc/systemd/system/x@.service': '[Service]\nExecStart=/sbin/sysctl -w net.ipv4.%i=1\n',
                WANTS + 'x@tcp_tw_recycle.service': '-> ../x@.service',
                WANTS + 'x@tcp_rfc1337.service': '-> ../x@.service',
                '/usr/lib/systemd/system/real.service': '[Service]\nExecStart=/sbin/' + OFF,
                '/etc/systemd/system/alias.service': '-> /usr/lib/systemd/system/real.service',
                WANTS + 'alias.service': '-> ../alias.service',
                WANTS + 'real.service': '-> /usr/lib/systemd/system/real.service',
            }
        )
        self.assertEqual(
            sorted(entry.split()[2] for entry in self.observe()), ['net.ipv4.tcp_rfc1337=1', KEY + '=0', KEY + '=1']
        )

    def test_drop_ins(self):
        base = {
            '/usr/lib/systemd/system/x.service': '[Service]\nExecStart=/bin/x\n',
            WANTS + 'x.service': '-> /usr/lib/systemd/system/x.service',
        }
        self.make(dict(base, **{'/etc/systemd/system/x.service.d/10.conf': '[Service]\nExecStartPre=/sbin/' + SET}))
        self.assertEqual(
            self.observe(), ['systemd-unit /etc/systemd/system/x.service.d/10.conf:2 %s=1 boot after' % KEY]
        )
        self.make({'/etc/systemd/system/x.service.d/20.conf': '[Service]\nExecStartPre=\n'})
        self.assertEqual(self.observe(), [])
        self.make(
            {'/usr/lib/systemd/system/x.service.d/20.conf': '[Service]\nExecStartPre=/sbin/' + OFF}
        )  # replaced by name
        self.assertEqual(self.observe(), [])

    def test_drop_ins_of_units_that_are_not_in_the_tree(self):
        self.make({'/etc/systemd/system/x.service.d/10.conf': '[Service]\nExecStartPre=/sbin/' + SET})
        self.assertEqual(
            self.observe(), ['systemd-unit /etc/systemd/system/x.service.d/10.conf:2 %s=1 boot after' % KEY]
        )
        self.make({'/usr/lib/systemd/system/y.service': '[Unit]\n'})  # a whole tree: x is not installed
        self.assertEqual(self.observe(), [])

    def test_masks_last_unless_they_are_under_run(self):
        self.make(
            {
                '/usr/lib/systemd/system/x.service': '[Service]\nExecStart=/sbin/' + SET,
                '/usr/lib/systemd/system/multi-user.target.wants/x.service': '-> ../x.service',
                '/run/systemd/system/x.service': '-> /dev/null',
            }
        )
        self.assertEqual(len(self.observe()), 1)
        self.make({'/etc/systemd/system/x.service': '-> /dev/null'})
        self.assertEqual(self.observe(), [])

    def test_a_unit_that_anything_may_start(self):
        self.make({'/etc/systemd/system/x.service': '[Service]\nExecStart=/sbin/' + SET})
        self.assertEqual(self.observe(), ['systemd-unit /etc/systemd/system/x.service:2 %s=1 event after' % KEY])

    def test_what_reads_the_sysctl_files_at_boot_is_no_writer(self):
        self.make(
            {
                '/usr/lib/systemd/system/systemd-sysctl.service': '[Service]\n'
                'ExecStart=/usr/lib/systemd/systemd-sysctl\n',
                '/usr/lib/systemd/system/sysinit.target.wants/systemd-sysctl.service': '-> ../systemd-sysctl.service',
                '/etc/init.d/procps': '#!/bin/sh\nsysctl --system\n',
                '/etc/rcS.d/S01procps': '-> ../init.d/procps',
                '/etc/sysctl.conf': '%s = 1\n' % KEY,
            }
        )
        self.assertEqual(self.observe(), [])


if __name__ == '__main__':
    unittest.main()
