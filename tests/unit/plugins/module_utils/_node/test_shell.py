# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shell text: what sets a key, what only names it. tests/writers holds random scripts against real shells."""

from __future__ import absolute_import, division, print_function

import unittest

import writer_trees
from writer_trees import KEY, STAMPS

__metaclass__ = type

RANGE = 'net.ipv4.ip_local_port_range'
PROC = '/proc/sys/net/ipv4/tcp_tw_recycle'


class ShellCase(writer_trees.WriterCase):
    def found(self, text, **files):
        """[(line, key, value)] of rc.local with this text."""
        self.make(dict(files, **{'/etc/rc.local': '#!/bin/sh\n' + text}))
        entries = [entry.split(' ', 1)[1].split(' boot ')[0] for entry in self.observe()]
        return [entry.replace('/etc/rc.local:', '') for entry in entries]

    def check(self, text, *wanted, **files):
        self.assertEqual(self.found(text, **files), ['%d %s=%s' % each for each in wanted], text)


class TestWhatSets(ShellCase):
    def test_commands(self):
        for line in (
            'sysctl -w %s=1' % KEY,
            '  /sbin/sysctl -q -w net/ipv4/tcp_tw_recycle=1 >/dev/null 2>&1',
            'sysctl %s="1"; true' % KEY,
            'ocf_run sysctl -w "%s=1"' % KEY,
            'busybox sysctl -w %s=1' % KEY,
            'echo 1 > ' + PROC,
            'echo "1">%s' % PROC,
            "printf '1\\n' > \"%s\"" % PROC,
            'sysctl -w "%s = 1"' % KEY,
            'echo -n 1 | sudo tee ' + PROC,
            '[ -f %s ] && echo 1 > %s' % (PROC, PROC),
            "/bin/sh -c 'echo 1 > %s'" % PROC,
            '[ $# -gt 0 ] && sysctl -w %s=1' % KEY,
            'true ; sysctl -w %s=1;true' % KEY,
            'sysctl -w %s=1 2>&1' % KEY,
            'action "x" sysctl -w %s=1' % KEY,
            'sudo -u root sysctl -w %s=1' % KEY,
            'sysctl -w %s=1 &' % KEY,
            '(cd /proc/sys/net; echo 1 > ipv4/tcp_tw_recycle)',
            "su - root -c 'sysctl -w %s=1'" % KEY,
            'for f in /proc/sys/net/*/tcp_tw_recycle; do echo 1 > $f; done',
            'sysctl -w %s=1 || echo failed' % KEY,
            'if ! sysctl -w %s=1; then exit 1; fi' % KEY,
            'echo 1 | dd of=%s' % PROC,
            'echo "sysctl -w %s=1" | at now + 1 minute' % KEY,
            'flock -n /run/lock -c "sysctl -w %s=1"' % KEY,
            'screen -dmS tune sysctl -w %s=1' % KEY,
            'nohup nice -n 5 env A=b sysctl -w %s=1' % KEY,
        ):
            self.check(line, (2, KEY, '1'))

    def test_more_than_one_value_or_key(self):
        for line in (
            'sysctl -w %s="1024 65000"',
            "sysctl -w '%s=1024 65000'",
            'echo 1024 65000 > /proc/sys/net/ipv4/ip_local_port_range #%s',
        ):
            self.check(line % RANGE, (2, RANGE, '1024 65000'))
        self.check(
            "echo -e '%s=1\\n%s=1024 65000\\n' >> /etc/sysctl.conf" % (KEY, RANGE),
            (2, KEY, '1'),
            (2, RANGE, '1024 65000'),
        )
        self.check('sh -c "sysctl -w %s=1 %s=5"' % (KEY, RANGE), (2, KEY, '1'), (2, RANGE, '5'))
        self.check('echo 1 >%s; echo 0 > %s' % (PROC, PROC), (2, KEY, '1'), (2, KEY, '0'))

    def test_value_that_is_computed(self):
        for line in (
            'sysctl -w %s=$X' % KEY,
            'echo $X > ' + PROC,
            'sysctl -w %s=$(nproc)' % KEY,
            'sysctl -w %s=$((1+1))' % KEY,
            'sysctl -w %s=`cat /none`' % KEY,
            'date > ' + PROC,
            'if [ -f /x ]; then V=1; else V=2; fi\nsysctl -w %s=$V' % KEY,
        ):
            self.assertEqual([entry.partition('=')[2] for entry in self.found(line)], ['None'], line)

    def test_a_variable_that_may_have_one_of_several_values(self):
        """Each of them is gone through; two paths of one program are one."""
        both = [(3, KEY, '1'), (3, STAMPS, '1')]
        for use in ('sysctl -w $K=1', 'f() { sysctl -w $1=1; }; f $K', 'echo $K=1 | xargs sysctl -w',
                    'for k in $K; do sysctl -w "$k=1"; done', 'sysctl -w $(echo $K)=1',
                    'case $K in *) sysctl $K=1;; esac', 'J=$K; [ -n "$J" ] && sysctl -w ${J#x}=1'):
            found = self.found('K=%s\n' % KEY + 'sysctl -w vm.x=1 && K=%s; ' % STAMPS + use)
            self.assertEqual(sorted(found), sorted('%d %s=%s' % each for each in both), use)
        self.check('S=sysctl\n[ -x /sbin/sysctl ] && S=/sbin/sysctl\n$S -w %s=1' % KEY, (4, KEY, '1'))
        several = ''.join('[ -f /%s ] && K=%s.%s\n' % (name, KEY, name) for name in 'abcdefghi')
        self.check('K=%s\n%ssysctl -w $K=1' % (KEY, several))  # too many: not known

    def test_a_default_counts_where_nothing_else_is_set(self):
        self.check('sysctl -w %s="${X:-1}"' % KEY, (2, KEY, '1'))

    def test_variables_functions_and_loops(self):
        self.check('K=%s\nV=1\nS=$(which sysctl)\n$S -w "$K=$V"' % KEY, (5, KEY, '1'))
        self.check('put() {\n  echo "$2" > /proc/sys/net/ipv4/$1\n}\nput tcp_tw_recycle 1\n', (3, KEY, '1'))
        self.check(
            'for k in tcp_tw_recycle tcp_rfc1337; do\n  sysctl -w net.ipv4.$k=1\ndone',
            (3, KEY, '1'),
            (3, 'net.ipv4.tcp_rfc1337', '1'),
        )
        self.check('for c in "sysctl -w %s=1" true; do eval $c; done' % KEY, (2, KEY, '1'))

    def test_text_that_is_loaded(self):
        self.check('sysctl -p - <<EOF\n# x\n%s = 1\nEOF\n' % KEY, (4, KEY, '1'))
        self.check("cat > /tmp/x.conf <<'EOF'\n%s = 1\nEOF\nsysctl -p /tmp/x.conf" % KEY, (3, KEY, '1'))
        self.check('echo %s=1 | xargs sysctl -w' % KEY, (2, KEY, '1'))

    def test_names_that_are_changed(self):
        self.check('put() {\n  p=$(echo $1 | tr . /)\n  echo $2 > /proc/sys/$p\n}\nput %s 1\n' % KEY, (4, KEY, '1'))
        self.check(
            'while read k v; do\n  echo $v > /proc/sys/${k//.//}\ndone < /opt/keys',
            (3, KEY, '1'),
            **{'/opt/keys': '%s 1\n' % KEY}
        )

    def test_lines_that_are_found_in_a_file(self):
        conf = {'/opt/keys': '#%s=0\n%s=1\n\n' % (KEY, KEY)}
        for line in (
            "grep -v '^#' /opt/keys | xargs -n1 sysctl -w",
            "cat /opt/keys | egrep '^(net|vm)' | while read line; do sysctl -w $line; done",
            "sysctl -w $(grep -i '^NET.*TW_rec' /opt/keys)",
        ):
            self.check(line, (2, KEY, '1'), **conf)
        self.check("sysctl -w $(grep -F '.nothing' /opt/keys) x=1", **conf)

    def test_commands_of_other_languages(self):
        self.check("python3 -c \"open('%s', 'w').write('1')\"" % PROC, (2, KEY, 'None'))
        self.check("perl -e 'system(\"sysctl -w %s=1\")'" % KEY, (2, KEY, '1'))
        self.check("python -c \"print('sysctl')\"; python /opt/none.py --sysctl %s" % KEY)
        self.make(
            {
                '/etc/rc.local': 'python /opt/a.py\n/opt/b.py\n',
                '/opt/a.py': '\n# sysctl -w %s=3\nos.system("sysctl -w %s=1")\n' % (KEY, KEY),
                '/opt/b.py': '#!/usr/bin/python\nos.system("sysctl -w %s=0")\n' % KEY,
            }
        )
        self.assertEqual(
            self.observe(),
            [
                'rc.local /opt/a.py:3 %s=1 boot after via /etc/rc.local:1' % KEY,
                'rc.local /opt/b.py:2 %s=0 boot after via /etc/rc.local:2' % KEY,
            ],
        )

    def test_a_link_to_a_file(self):
        self.make({'/opt/x.conf': '%s = 1\n' % KEY, '/etc/rc.local': 'ln -sf /opt/x.conf /etc/sysctl.d/x.conf\n'})
        self.assertEqual(self.observe(), ['rc.local /opt/x.conf:1 %s=1 boot after via /etc/rc.local:1' % KEY])

    def test_sysctl_files_that_are_written(self):
        self.check('grep -q tw_recycle /etc/sysctl.conf || echo "%s = 1" >> /etc/sysctl.conf' % KEY, (2, KEY, '1'))
        self.check('cat >> /etc/sysctl.d/90.conf <<EOF\n%s = 1\nEOF\nsysctl --system' % KEY, (3, KEY, '1'))
        conf = {
            '/etc/sysctl.conf': '#%s = 0\n%s = 0\n' % (KEY, STAMPS),
            '/etc/sysctl.d/99-sysctl.conf': '-> ../sysctl.conf',
        }
        self.check("sed -i 's/^#*\\(%s\\) *=.*/\\1 = 1/' /etc/sysctl.conf; sysctl -p" % KEY, (2, KEY, '1'), **conf)
        self.check("sed -i 's/^%s/#&/' /etc/sysctl.conf; sysctl -p" % STAMPS, **conf)
        self.check("sed -i '/tw_rec/s/0/1/' /etc/other.conf; sysctl -p", **conf)

    def test_functions_that_are_asked_for_by_name(self):
        self.make({'/etc/NetworkManager/dispatcher.d/x': '#!/bin/sh\nup() {\n  sysctl -w %s=1\n}\n"$2" "$1"\n' % KEY})
        self.assertEqual(len(self.observe()), 1)

    def test_arguments_of_events_are_not_known(self):
        """An agent checks that it has one, and what its cluster configures."""
        self.make(
            {
                '/usr/lib/ocf/resource.d/x/y': '#!/bin/sh\n: ${OCF_RESKEY_dir=${default}}\n[ $# != 1 ] && exit 1\n'
                '[ -z "$OCF_RESKEY_dir" ] && exit 0\nsysctl -w %s=1\n' % KEY
            }
        )
        self.assertEqual(self.observe(), ['resource-agent /usr/lib/ocf/resource.d/x/y:5 %s=1 event after' % KEY])

    def test_programs_in_variables_are_not_all_functions_each_time(self):
        calls = ''.join('f%d() {\n  $PROGRAM -n | grep x\n  $PROGRAM || f%d\n}\n' % (at, at + 1) for at in range(20))
        text = '#!/bin/sh\n%sf20() {\n  sysctl -w %s=1\n}\ncase $1 in start) f0;; stop) f1;; esac\n' % (calls, KEY)
        self.make({'/usr/lib/ocf/resource.d/x/y': text})
        self.assertEqual(self.observe(), ['resource-agent /usr/lib/ocf/resource.d/x/y:83 %s=1 event after' % KEY])
        self.assertEqual(self.unavailable, {})

    def test_the_way_that_is_taken(self):
        """What a script knows of itself is followed; what nobody knows leaves both ways."""
        self.check('ON=0\nif [ "$ON" = 1 ]; then sysctl -w %s=1; fi' % KEY)
        self.check('ON=1\nif [ "$ON" = 1 ]; then sysctl -w %s=1; else sysctl -w %s=0; fi' % (KEY, KEY), (3, KEY, '1'))
        self.check('case "$1" in\nstart) sysctl -w %s=1;;\nstop) sysctl -w %s=0;;\nesac' % (KEY, KEY), (3, KEY, '1'))
        self.check(
            'if [ -d /x ]; then\nsysctl -w %s=1\nelse\nsysctl -w %s=0\nfi' % (KEY, KEY), (3, KEY, '1'), (5, KEY, 'None')
        )
        self.check('if [ -d /x ]; then sysctl -w %s=0; fi' % KEY, (2, KEY, '0'))
        self.check('sysctl -w %s=1\n[ -d /x ] && sysctl -w %s=1' % (KEY, KEY), (2, KEY, '1'), (3, KEY, '1'))


class TestWhatSetsNothing(ShellCase):
    def test_names_of_the_key(self):
        for line in (
            '# sysctl -w %s=1',
            'true # sysctl -w %s=1',
            '; %s = 1',
            'sysctl %s',
            'sysctl -w x%s=1',
            'sysctl -w %sx=1',
            "sed -i '/%s/d' /etc/sysctl.conf",
            '[ "$(sysctl -n %s)" = 1 ]',
            'grep "%s = 1" /etc/sysctl.conf',
            'echo "sysctl -w %s=1"',
            'cat <<EOF\nsysctl -w %s=1\nEOF',
            'sysctl -w %s = 1',
            'sysctl -w %s =1',
            'logger "sysctl -w %s=1"',
            'X="sysctl -w %s=1"',
            'usage() { sysctl -w %s=1; }',
            'ssh host sysctl -w %s=1',
            'ip netns exec blue sysctl -w %s=1',
            'sudo -u nobody sysctl -w %s=1',
            'false && sysctl -w %s=1',
            'exit 0\nsysctl -w %s=1',
            'sysctl -a | grep %s=1',
            "trap '' 1; : sysctl -w %s=1",
            'sysctl -n -a %s=1',
        ):
            self.check(line % KEY)
        self.check('cat ' + PROC)
        self.check('if [ "$(cat %s)" = 1 ]; then true; fi' % PROC)
        self.check('echo 1 > /tmp' + PROC.replace('/sys', '/system'))

    def test_files_that_are_named_and_not_loaded(self):
        files = {'/opt/x.conf': '%s = 1\n' % KEY, '/opt/x.sh': '#!/bin/sh\nsysctl -w %s=1\n' % KEY}
        for line in (
            'cat /opt/x.conf; sysctl -n kernel.osrelease',
            'ls -l /opt/x.sh',
            'chmod +x /opt/x.sh',
            '# /opt/x.sh',
            'echo /opt/x.sh',
        ):
            self.check(line, **files)


class TestHostileText(ShellCase):
    def test_text_that_is_no_script(self):
        for text in (
            '"' + KEY,
            "$(sysctl -w '" + KEY,
            '${' * 500 + KEY,
            '(' * 500 + 'sysctl',
            '`' * 99 + 'sysctl ' + KEY,
            'if sysctl\n' + KEY,
            'case x in\n' * 60 + 'sysctl ' + KEY,
            'cat <<EOF\nsysctl ' + KEY,
            '<' * 99 + 'sysctl ' + KEY,
            '{a,{b,{c,d' * 99 + KEY + 'sysctl',
            '\\',
            'sysctl "' + KEY + '=1',
            'f() { f; sysctl -w x.%s=1; }\nf' % KEY,
            ')' * 50 + 'sysctl' + KEY,
        ):
            self.found(text)

    def test_what_follows_a_line_that_cannot_be_read_is_read(self):
        self.check('a=(\n;;\nsysctl -w %s=1\n' % KEY, (4, KEY, '1'))

    def test_a_script_that_goes_on_and_on(self):
        self.found('for a in 1 2 3 4 5 6 7 8 9; do\n' * 9 + 'sysctl -w %s=1\n' % KEY + 'done\n' * 9)
        self.assertEqual(self.unavailable, {'writers in /etc/rc.local': 'too long to follow to its end'})


if __name__ == '__main__':
    unittest.main()
