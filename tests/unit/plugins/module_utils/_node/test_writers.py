# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The writers of a tree together: their order, what they load, what they run, and what was not looked at."""

from __future__ import absolute_import, division, print_function

import os
import unittest

import writer_trees
from _node.operations import observe
from _node.operations import writers as further
from _node.readers import writers
from writer_trees import KEY, SET, STAMPS

__metaclass__ = type

OFF = 'sysctl -w %s=0\n' % KEY
WANTS = '/etc/systemd/system/multi-user.target.wants/'


class FilesThatAreLoaded(writer_trees.WriterCase):
    def rc_local(self, text, **files):
        self.make(dict(files, **{'/etc/rc.local': text}))
        return self.observe()

    def test_a_file_elsewhere(self):
        conf = {'/opt/x.conf': '# x\n%s = 1\n' % KEY}
        for line in (
            'sysctl -p /opt/x.conf',
            'sysctl --load=/opt/x.conf',
            'sysctl -q -f /opt/x.conf',
            'sysctl -e -p/opt/x.conf',
            'sysctl --load /opt/x.conf',
            'cat /opt/x.conf | sysctl -p -',
            'sysctl -p - < /opt/x.conf',
            'cd /opt; sysctl -p x.conf',
            'sysctl -p /none.conf /opt/x.conf',
            'for f in /opt/*.conf; do sysctl -p $f; done',
            'sysctl -p /opt/*.conf',
            'F=/opt/x.conf; [ -f $F ] && sysctl -p "$F" >/dev/null',
            '/usr/lib/systemd/systemd-sysctl /opt/x.conf',
        ):
            self.assertEqual(
                self.rc_local(line + '\n', **conf),
                ['rc.local /opt/x.conf:2 %s=1 boot after via /etc/rc.local:1' % KEY],
                line,
            )

    def test_a_shadowed_file_that_is_loaded_again_wins(self):
        found = self.rc_local(
            'true\nsysctl -p /etc/sysctl.d/10.conf',
            **{'/etc/sysctl.d/10.conf': '%s = 1\n' % KEY, '/etc/sysctl.d/99.conf': '%s = 0\n' % KEY}
        )
        self.assertEqual(found, ['rc.local /etc/sysctl.d/10.conf:1 %s=1 boot after via /etc/rc.local:2' % KEY])

    def test_what_changes_nothing_is_no_entry(self):
        conf = {
            '/etc/sysctl.conf': '%s = 1\n' % KEY,
            '/etc/sysctl.d/99-sysctl.conf': '-> ../sysctl.conf',
            '/etc/sysctl.d/10.conf': '%s = 0\n%s = 0\n' % (KEY, STAMPS),
        }
        for line in (
            'sysctl -p',
            'sysctl --system',
            'systemctl restart systemd-sysctl',
            'service procps start',
            'sysctl -p /etc/sysctl.conf',
        ):
            self.assertEqual(self.rc_local(line + '\n', **conf), [], line)

    def test_sysctl_conf_without_the_link_is_read_by_one_reader_alone(self):
        found = self.rc_local('sysctl -p\n', **{'/etc/sysctl.conf': '%s = 1\n' % KEY})
        self.assertEqual(found, ['rc.local /etc/sysctl.conf:1 %s=1 boot after via /etc/rc.local:1' % KEY])

    def test_reading_the_files_again_undoes_what_ran_before(self):
        conf = {'/etc/sysctl.d/10.conf': '%s = 0\n' % KEY}
        undone = 'rc.local /etc/sysctl.d/10.conf:1 %s=0 boot after via /etc/rc.local:2' % KEY
        for line in (
            'sysctl --system',
            'systemctl restart systemd-sysctl.service',
            '/lib/systemd/systemd-sysctl --prefix=net.ipv4',
            '/lib/systemd/systemd-sysctl --prefix=/net/ipv4',
            'sysctl -r tw_rec --system',
        ):
            self.assertEqual(
                self.rc_local(SET + line, **conf), ['rc.local /etc/rc.local:1 %s=1 boot after' % KEY, undone], line
            )
        for line in (
            'sysctl -r tcp_wmem --system',
            '/lib/systemd/systemd-sysctl --prefix=net.ipv6',
            'systemctl status systemd-sysctl',
        ):
            self.assertEqual(
                self.rc_local(SET + line, **conf), ['rc.local /etc/rc.local:1 %s=1 boot after' % KEY], line
            )

    def test_the_files_are_read_for_it_where_the_record_lacks_them(self):
        self.make({'/etc/rc.local': SET + 'sysctl --system', '/etc/sysctl.d/1.conf': '%s = 0\n' % KEY})
        found = observe.run({'root': self.root, 'gather': ['writers']})
        self.assertEqual([entry['value'] for entry in found['record']['writers']], ['1', '0'])
        self.assertEqual(found['further'], {})


class ScriptsThatAreRun(writer_trees.WriterCase):
    def test_from_everywhere(self):
        script = '#!/bin/sh\n[ "$1" = on ] && %s' % SET
        for line in (
            '/opt/tune.sh on',
            'sh /opt/tune.sh on',
            'bash -x /opt/tune.sh on',
            '. /opt/tune.sh on',
            'cd /opt && ./tune.sh on',
            'nohup /opt/tune.sh on &',
            'D=/opt; $D/tune.sh on',
            'if [ -x /opt/tune.sh ]; then\n/opt/tune.sh on; fi',
            'exec /opt/tune.sh on',
        ):
            self.make({'/opt/tune.sh': script, '/etc/rc.local': '# /opt/tune.sh\n' + line})
            found = [entry.rpartition(':')[0] for entry in self.observe()]
            self.assertEqual(found, ['rc.local /opt/tune.sh:2 %s=1 boot after via /etc/rc.local' % KEY], line)

    def test_a_script_that_runs_another(self):
        self.make(
            {
                '/etc/cron.d/x': '*/5 * * * * root /opt/a.sh\n',
                '/opt/a.sh': '#!/bin/sh\n/opt/b.sh\n',
                '/opt/b.sh': '#!/bin/sh\nsysctl -p /opt/c.conf\n',
                '/opt/c.conf': '%s = 1\n' % KEY,
            }
        )
        self.assertEqual(self.observe(), ['cron /opt/c.conf:1 %s=1 event after via /etc/cron.d/x:1' % KEY])

    def test_names_that_end_like_those_of_the_readers(self):
        self.make({'/etc/init.d/net-local': SET, '/etc/rc3.d/S99net-local': '-> ../init.d/net-local'})
        self.assertEqual(self.observe(), ['init-script /etc/init.d/net-local:1 %s=1 boot after' % KEY])

    def test_a_file_that_is_read_twice(self):
        loop = 'for k in recycle reuse; do while read v; do sysctl -w net.ipv4.tcp_tw_$k=$v; done < /x; done\n'
        self.make({'/etc/rc.local': 'echo 1 > /x\n' + loop})
        self.assertEqual(len(self.observe()), 2)

    def test_one_that_runs_itself(self):
        self.make({'/etc/rc.local': '/opt/a.sh\n', '/opt/a.sh': '#!/bin/sh\n%s/opt/a.sh\n' % SET})
        self.assertEqual(self.observe(), ['rc.local /opt/a.sh:2 %s=1 boot after via /etc/rc.local:1' % KEY])

    def test_programs_of_other_languages(self):
        for text in (
            '#!/usr/bin/perl\nsystem("sysctl -w %s=1");\n' % KEY,
            '#!/usr/bin/env python3\nsubprocess.call(["sysctl", "-w", "%s=1"])\n' % KEY,
            '#!/usr/bin/ruby\n`echo 1 > /proc/sys/net/ipv4/tcp_tw_recycle`\n',
        ):
            self.make({'/etc/cron.daily/x': text})
            self.assertEqual(self.observe(), ['cron-script /etc/cron.daily/x:2 %s=1 event after' % KEY], text)
        self.make(
            {'/etc/cron.daily/x': '#!/usr/bin/python\nopen("/proc/sys/net/ipv4/tcp_tw_recycle", "w").write("1")\n'}
        )
        self.assertEqual(self.observe(), ['cron-script /etc/cron.daily/x:2 %s=None event after' % KEY])
        self.make(
            {
                '/etc/cron.daily/x': '#!/usr/bin/python\n# sysctl -w %s=1\n'
                'open("/proc/sys/net/ipv4/tcp_tw_recycle").read()\n'
                % KEY
            }
        )
        self.assertEqual(self.observe(), [])


class Order(writer_trees.WriterCase):
    def test_that_of_a_boot(self):
        self.make(
            {
                '/etc/rc.local': SET,
                '/etc/cron.daily/x': '#!/bin/sh\n' + SET,
                '/etc/crontab': '@reboot root ' + OFF,
                '/etc/modprobe.d/x.conf': 'install x ' + OFF,
                '/etc/tmpfiles.d/x.conf': 'w /proc/sys/net/ipv4/tcp_tw_recycle - - - - 1',
                '/etc/initramfs-tools/scripts/local-top/x': '#!/bin/sh\n' + OFF,
                '/var/lib/kubelet/config.yaml': 'allowedUnsafeSysctls: ["net.core.*"]',
                '/etc/init.d/x': SET,
                '/etc/rc3.d/S10x': '-> ../init.d/x',
                '/etc/init.d/w': OFF,
                '/etc/rc3.d/S90w': '-> ../init.d/w',
            }
        )
        self.assertEqual(
            [entry.split(':')[0] + entry.split(' ', 2)[2].partition('=')[2][1:] for entry in self.observe()],
            [
                'initramfs /etc/initramfs-tools/scripts/local-top/x boot before',
                'tmpfiles /etc/tmpfiles.d/x.conf boot after',
                'init-script /etc/init.d/x boot after',
                'init-script /etc/init.d/w boot after',
                'rc.local /etc/rc.local boot after',
                'cron /etc/crontab boot after',
                'cron-script /etc/cron.daily/x event after',
                'modprobe /etc/modprobe.d/x.conf event after',
                'kubelet /var/lib/kubelet/config.yamlone pod after',
            ],
        )

    def test_units_by_what_they_say_of_each_other(self):
        unit = '[Unit]\n%%s\n[Service]\nExecStart=/sbin/%s' % SET
        self.make(
            {
                '/etc/systemd/system/a.service': unit % 'After=b.service',
                WANTS + 'a.service': '-> ../a.service',
                '/etc/systemd/system/b.service': unit % '',
                WANTS + 'b.service': '-> ../b.service',
                '/etc/systemd/system/c.service': unit
                % 'DefaultDependencies=no\nBefore=systemd-sysctl.service sysinit.target',
                '/etc/systemd/system/sysinit.target.wants/c.service': '-> ../c.service',
            }
        )
        self.assertEqual(
            [(entry.split(':')[0][-9:-8], entry.split()[-1]) for entry in self.observe()],
            [('c', 'before'), ('b', 'after'), ('a', 'after')],
        )


class Bounds(writer_trees.WriterCase):
    def test_empty_node(self):
        self.assertEqual(self.observe(), [])
        self.assertEqual(self.unavailable, {})

    def test_what_was_left_out_is_named(self):
        self.make({'/etc/rc.local': SET * 12000})
        self.link('/etc/crontab', 'crontab')
        os.mkfifo(self.place('/etc/inittab'))
        self.assertEqual(self.observe(), [])
        self.assertEqual(
            self.unavailable,
            {'/etc/crontab': 'symbolic link loop', '/etc/rc.local': 'larger than 256 KiB (432000 bytes): not read'},
        )
        for number in range(3100):
            self.write('/etc/cron.daily/%04d' % number, 'x')
        self.make({'/etc/rc.local': ''.join('sysctl -w %s=%d\n' % (KEY, number) for number in range(60))})
        found = self.observe()
        self.assertEqual(len(found), 48)
        self.assertIn('%s=59 boot' % KEY, found[-1])
        self.assertEqual(self.unavailable['writers found'], '12 of 60 left out')
        self.assertEqual(self.unavailable['/etc/cron.daily'], '1100 of 3100 names not looked at')

    def test_what_decides_stays_among_many(self):
        entries = [{'key': KEY, 'value': str(number), 'when': 'boot', 'moment': 'after'} for number in range(100)]
        entries += [{'key': STAMPS, 'value': '0', 'when': 'event', 'moment': 'after'}] + entries[:1]
        kept = writers.bounded(entries, {})
        self.assertEqual((len(kept), kept[-1]['key'], kept[-2]['value']), (48, STAMPS, '0'))

    def test_bytes_that_are_no_text(self):
        self.write(
            '/etc/rc.local',
            b'\xff\x00 tcp_tw_recycle\n\x00sysctl -w ' + KEY.encode() + b'=1\xff\nsysctl -w ' + KEY.encode() + b'=2\n',
        )
        self.assertEqual(self.observe()[-1:], ['rc.local /etc/rc.local:3 %s=2 boot after' % KEY])


class WhatDidNotTravel(writer_trees.WriterCase):
    """The operation `observe` comes to a node without what parses; `writers` is asked then."""

    def setUp(self):
        writer_trees.WriterCase.setUp(self)
        self.addCleanup(setattr, writers.Finder, 'part', staticmethod(writers.Finder.part))
        self.travels(False)

    def travels(self, everything, whole=writers.Finder.part):
        def part(name):
            raise writers.NotHere()

        writers.Finder.part = staticmethod(whole if everything else part)

    def test_a_node_with_writers(self):
        self.make(
            {
                '/etc/rc.local': SET + 'sysctl --system\n',
                '/etc/sysctl.d/1.conf': '%s = 0\n' % KEY,
                '/proc/sys/kernel/osrelease': '3.10.0\n',
            }
        )
        found = observe.run({'root': self.root})
        self.assertEqual(found['record']['writers'], [])
        self.assertEqual(sorted(found['further']['writers']), ['keys', 'persisted', 'root', 'version'])
        self.travels(True)
        answer = further.run(found['further']['writers'])
        self.assertEqual([entry['value'] for entry in answer['writers']], ['1', '0'])
        self.assertEqual(answer['writers'], observe.run({'root': self.root})['record']['writers'])
        self.assertEqual(answer['unavailable'], {})

    def test_a_node_without_needs_nothing_more(self):
        self.make(
            {
                '/etc/rc.local': 'sysctl -n kernel.osrelease\n',
                '/etc/tuned/active_profile': 'x',
                '/etc/tuned/x/tuned.conf': '[sysctl]\n%s=1\n' % KEY,
            }
        )
        found = observe.run({'root': self.root})
        self.assertEqual([entry['kind'] for entry in found['record']['writers']], ['tuned'])
        self.assertEqual(found['further'], {})


if __name__ == '__main__':
    unittest.main()
