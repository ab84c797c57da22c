# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TuneD, cloud-init, pods, the boot loader and other writers whose configuration says more than a script."""

from __future__ import absolute_import, division, print_function

import unittest

import writer_trees
from writer_trees import KEY, SET, STAMPS

__metaclass__ = type

OFF = 'sysctl -w %s=0\n' % KEY


class Tuned(writer_trees.WriterCase):
    def profile(self, text, **files):
        self.make(dict({'/etc/tuned/active_profile': 'mine\n', '/etc/tuned/mine/tuned.conf': text}, **files))
        return [entry.partition(' ')[2].replace('/etc/tuned/', '').replace(KEY, 'K') for entry in self.observe()]

    def test_a_profile_overrides_what_it_includes(self):
        base = {
            '/usr/lib/tuned/base/tuned.conf': '[main]\ninclude=mine, gone\n[sysctl]\nK=1\n%s=0\n[vm]\nK=3\n'.replace(
                'K', KEY
            )
            % STAMPS,
            '/usr/lib/tuned/other/tuned.conf': '[sysctl]\n%s = 7\n' % KEY,
        }
        self.assertEqual(
            self.profile('[main]\ninclude=base\n[sysctl]\nK=0\n'.replace('K', KEY), **base),
            [
                'mine/tuned.conf:4 K=0 boot after',
                '/usr/lib/tuned/base/tuned.conf:5 net.ipv4.tcp_timestamps=0 boot after',
            ],
        )
        self.assertEqual(
            self.profile('[main]\ninclude=base\n[sysctl]\nreplace=1\nK=0\n'.replace('K', KEY), **base),
            ['mine/tuned.conf:5 K=0 boot after'],
        )
        self.assertEqual(self.profile('[main]\ninclude=base\n[sysctl]\nenabled=false\n', **base), [])
        self.assertEqual(
            self.profile('[main]\ninclude=base\n[sysctl]\ndrop=%s\n' % KEY, **base),
            ['/usr/lib/tuned/base/tuned.conf:5 net.ipv4.tcp_timestamps=0 boot after'],
        )

    def test_comments_variables_and_types(self):
        self.assertEqual(
            self.profile('[variables]\nv=1\n[net]\ntype=sysctl\n%s = ${v} # on\n' % KEY),
            ['mine/tuned.conf:5 K=1 boot after'],
        )
        self.assertEqual(self.profile('[sysctl]\n%s = ${unknown}\n' % KEY), ['mine/tuned.conf:2 K=None boot after'])
        self.assertEqual(
            self.profile('[sysctl]\n%s = ${f:exec:nproc}\n' % KEY), ['mine/tuned.conf:2 K=None boot after']
        )
        self.assertEqual(self.profile('[sysctl]\n%s="1"\n' % KEY), ['mine/tuned.conf:2 K=1 boot after'])
        self.assertEqual(
            self.profile(
                '[variables]\ninclude=/etc/tuned/v.conf\n[sysctl]\n%s=${v}\n' % KEY, **{'/etc/tuned/v.conf': 'v=1\n'}
            ),
            ['mine/tuned.conf:4 K=1 boot after'],
        )
        self.assertEqual(
            self.profile(
                '[variables]\nbase=web\n[main]\ninclude=${base}\n',
                **{'/etc/tuned/web/tuned.conf': '[sysctl]\n%s=1\n' % KEY}
            ),
            ['web/tuned.conf:2 K=1 boot after'],
        )

    def test_places_of_profiles(self):
        found = self.profile(
            '',
            **{
                '/etc/tuned/profiles/mine/tuned.conf': '[sysctl]\n%s=1\n' % KEY,
                '/usr/lib/tuned/mine/tuned.conf': '[sysctl]\n%s=2\n' % KEY,
            }
        )
        self.assertEqual(found, ['profiles/mine/tuned.conf:2 K=1 boot after'])
        self.make({'/etc/tuned/active_profile': '../../x'})
        self.assertEqual(self.observe(), [])

    def test_scripts(self):
        script = '#!/bin/sh\ncase $1 in start) sysctl -w %s=1;; stop) sysctl -w %s=0;; esac\n' % (KEY, KEY)
        self.assertEqual(
            self.profile('[script]\nscript=${i:PROFILE_DIR}/x.sh\n', **{'/etc/tuned/mine/x.sh': script}),
            ['mine/x.sh:2 K=1 boot after via mine/tuned.conf:2'],
        )
        self.assertEqual(self.profile('[script]\nscript=x.sh\n'), ['mine/x.sh:2 K=1 boot after via mine/tuned.conf:2'])
        script = '. /usr/lib/tuned/functions\nstart() {\n%s}\nstop() {\n%s}\nprocess $@\n' % (SET, SET)
        self.assertEqual(
            self.profile('[script]\nscript=x.sh\n', **{'/etc/tuned/mine/x.sh': script}),
            ['mine/x.sh:3 K=1 boot after via mine/tuned.conf:2'],
        )

    def test_keys_of_sysctl_files_are_put_back(self):
        text, conf = '[sysctl]\n%s=1\n%s=0\n' % (KEY, STAMPS), {'/etc/sysctl.d/9.conf': '%s = 0\n' % KEY}
        stamps = 'mine/tuned.conf:3 net.ipv4.tcp_timestamps=0 boot after'
        self.assertEqual(self.profile(text, **conf), ['mine/tuned.conf:2 K=1 boot before', stamps])
        self.assertEqual(
            self.profile(text, **{'/etc/tuned/tuned-main.conf': 'reapply_sysctl = 0 # x\n'}),
            ['mine/tuned.conf:2 K=1 boot after', stamps],
        )

    def test_putting_back_ends_with_the_files_of_etc(self):
        """A file under /usr that wins at boot is not read again, so the one under /etc that it shadows decides."""
        self.assertEqual(
            self.profile(
                '[sysctl]\n%s=0\n' % KEY,
                **{'/etc/sysctl.d/10.conf': '%s = 1\n' % KEY, '/usr/lib/sysctl.d/50.conf': '%s = 0\n' % KEY}
            ),
            ['mine/tuned.conf:2 K=0 boot before', '/etc/sysctl.d/10.conf:1 K=1 boot after via tuned-main.conf:None'],
        )


class CloudInit(writer_trees.WriterCase):
    def cloud(self, files):
        self.make(files)
        return [entry.partition(' ')[2].replace('/var/lib/cloud/', '').replace(KEY, 'K') for entry in self.observe()]

    def test_user_data_of_each_kind(self):
        data, run = '/var/lib/cloud/instance/user-data.txt', 'sysctl -w %s=1' % KEY
        cases = [
            ('#!/bin/sh\n' + run, 2, 'once'),
            ('#cloud-boothook\n#!/bin/sh\n' + run, 3, 'boot'),
            ('#cloud-config\nruncmd:\n - ' + run, 3, 'once'),
            ('#cloud-config\nbootcmd:\n - [sh, -c, "%s"]' % run, 3, 'boot'),
            ('## template: jinja\n#cloud-config\nbootcmd:\n - ' + run, 4, 'boot'),
            ('#cloud-config-archive\n- type: text/cloud-boothook\n  content: |\n    #!/bin/sh\n    ' + run, 5, 'boot'),
            (
                '#cloud-config\nwrite_files:\n- path: /etc/sysctl.d/x.conf\n  content: |\n    # x\n    %s = 1\n' % KEY,
                6,
                'once',
            ),
        ]
        for text, line, when in cases:
            self.assertEqual(self.cloud({data: text}), ['instance/user-data.txt:%d K=1 %s after' % (line, when)], text)
        for text, line, when in cases:
            self.assertEqual(
                self.cloud({data: text, '/var/lib/cloud/instance/boot-finished': ''}),
                ['instance/user-data.txt:%d K=1 %s after' % (line, when)] if when == 'boot' else [],
                text,
            )

    def test_commands_that_run_once(self):
        text = '#cloud-config\nbootcmd:\n- [cloud-init-per, %%s, tune-it, sysctl, -w, "%s=1"]\n' % KEY
        place = '/etc/cloud/cloud.cfg.d/90.cfg'
        for often in ('always', 'instance', 'once'):
            self.assertEqual(self.cloud({place: text % often}), [place + ':3 K=1 boot after'], often)
        self.assertEqual(self.cloud({'/var/lib/cloud/sem/bootper.tune_it.once': ''}), [])

    def test_user_scripts_that_run_always(self):
        """The MIME message that cloud providers tell people to use for it."""
        text = (
            'Content-Type: multipart/mixed; boundary="//"\nMIME-Version: 1.0\n\n--//\n'
            'Content-Type: text/cloud-config; charset="us-ascii"\n\n'
            '#cloud-config\ncloud_final_modules:\n- [scripts-user, always]\n\n--//\n'
            'Content-Type: text/x-shellscript\n\n#!/bin/bash\n%s\n--//--\n'
        )
        booted = {'/var/lib/cloud/instance/boot-finished': '', '/var/lib/cloud/instance/user-data.txt': text % SET}
        self.assertEqual(self.cloud(booted), ['instance/user-data.txt:15 K=1 boot after'])
        self.assertEqual(
            self.cloud({'/var/lib/cloud/instance/user-data.txt': text.replace('always', 'once') % SET}), []
        )

    def test_encoded(self):
        import base64
        import zlib

        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        packed = packer.compress(('#!/bin/sh\n' + SET).encode()) + packer.flush()
        self.assertEqual(
            self.cloud({'/var/lib/cloud/instance/user-data.txt': packed}), ['instance/user-data.txt:2 K=1 once after']
        )
        mime = (
            'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/cloud-boothook\n'
            'Content-Transfer-Encoding: base64\n\n%s\n--b--\n'
        )
        self.assertEqual(
            len(self.cloud({'/var/lib/cloud/instance/user-data.txt': mime % base64.b64encode(SET.encode()).decode()})),
            1,
        )
        files = '#cloud-config\nwrite_files:\n- {path: /opt/x.sh, encoding: b64, content: %s}\nruncmd: [/opt/x.sh]\n'
        self.assertEqual(
            self.cloud(
                {
                    '/var/lib/cloud/instance/user-data.txt': files
                    % base64.b64encode(('#!/bin/sh\n' + SET).encode()).decode()
                }
            ),
            ['/opt/x.sh:2 K=1 once after via instance/user-data.txt:4'],
        )

    def test_directories_of_scripts(self):
        for place, when in (('per-boot', 'boot'), ('per-instance', 'once'), ('per-once', 'once')):
            self.setUp()
            self.assertEqual(
                self.cloud({'/var/lib/cloud/scripts/%s/x.sh' % place: '#!/bin/sh\n' + SET}),
                ['scripts/%s/x.sh:2 K=1 %s after' % (place, when)],
            )
            self.assertEqual(
                len(
                    self.cloud(
                        {
                            '/var/lib/cloud/instance/boot-finished': '',
                            '/var/lib/cloud/sem/config_scripts_per_once.once': '',
                        }
                    )
                ),
                when == 'boot',
            )

    def test_what_is_no_yaml_is_said(self):
        self.assertEqual(self.cloud({'/etc/cloud/cloud.cfg': 'bootcmd: [\n%s\n' % SET}), [])
        self.assertIn('not understood', self.unavailable['/etc/cloud/cloud.cfg'])


class SmallThings(writer_trees.WriterCase):
    def test_kubelet_in_each_form(self):
        self.version = [5, 4, 0]
        for path, text, line in (
            (
                '/var/lib/kubelet/kubeadm-flags.env',
                'KUBELET_KUBEADM_ARGS="--x --allowed-unsafe-sysctls=K,kernel.sem --y"\n',
                1,
            ),
            ('/etc/default/kubelet', "A=--allowed-unsafe-sysctls='net.ipv4.tcp_tw_*'\n", 1),
            ('/etc/rancher/k3s/config.yaml', 'kubelet-arg:\n- "allowed-unsafe-sysctls=K"\n', 2),
            (
                '/etc/kubernetes/kubelet/kubelet-config.json',
                '{"a": 1,\n "allowedUnsafeSysctls": ["kernel.msg*",\n  "K"]}\n',
                3,
            ),
            (
                '/var/lib/kubelet/config.yaml',
                'a: b\nallowedUnsafeSysctls:\n# - x\n- kernel.msg*\n- "K" # y\nz: []\n',
                5,
            ),
            (
                '/etc/systemd/system/kubelet.service.d/10.conf',
                '[Service]\nEnvironment=X=--allowed-unsafe-sysctls K\n',
                2,
            ),
        ):
            self.setUp()
            self.make({path: text.replace('K', KEY) if 'KUBELET' not in text else text.replace('=K,', '=%s,' % KEY)})
            self.assertEqual(self.observe([KEY]), ['kubelet %s:%d %s=None pod after' % (path, line, KEY)], text)

    def test_only_keys_that_a_pod_can_have(self):
        self.make({'/var/lib/kubelet/config.yaml': 'allowedUnsafeSysctls: ["net.*"]\n'})
        self.version = [4, 10, 0]
        self.assertNotIn('kubelet /var/lib/kubelet/config.yaml:1 %s=None pod after' % KEY, self.observe())
        self.version = [4, 11, 0]
        self.assertIn('kubelet /var/lib/kubelet/config.yaml:1 %s=None pod after' % KEY, self.observe())
        self.version = None
        self.assertIn('kubelet /var/lib/kubelet/config.yaml:1 %s=None pod after' % KEY, self.observe())

    def test_sysctls_of_a_pod(self):
        self.version = [6, 1, 0]
        self.make(
            {
                '/etc/kubernetes/manifests/x.json': '{"kind": "Pod", "spec": {"containers": [],\n'
                ' "securityContext": {"sysctls": [\n'
                '  {"name": "net.core.somaxconn", "value": "1024"}]}}}'
            }
        )
        self.assertEqual(
            self.observe(), ['static-pod /etc/kubernetes/manifests/x.json:3 net.core.somaxconn=1024 pod after']
        )

    def test_settings_of_udev_rules(self):
        rule = (
            'ACTION=="add", SUBSYSTEM=="net", \\\n'
            '  SYSCTL{net.ipv4.tcp_tw_recycle}="1", SYSCTL{net/core/somaxconn}="$attr{x}"\n'
        )
        self.make({'/etc/udev/rules.d/90.rules': rule})
        self.assertEqual(
            [entry.split(' ', 1)[1] for entry in self.observe()],
            [
                '/etc/udev/rules.d/90.rules:1 %s=1 event after' % KEY,
                '/etc/udev/rules.d/90.rules:1 net.core.somaxconn=None event after',
            ],
        )

    def test_nothing_orders_tmpfiles_against_the_sysctl_files(self):
        self.make({'/etc/tmpfiles.d/a.conf': 'w /proc/sys/net/ipv4/tcp_tw_recycle - - - - 1\n'})
        self.assertEqual(self.observe(), ['tmpfiles /etc/tmpfiles.d/a.conf:1 %s=1 boot after' % KEY])
        self.make({'/etc/sysctl.d/50.conf': KEY + ' = 0\n'})
        self.assertEqual(self.observe(), ['tmpfiles /etc/tmpfiles.d/a.conf:1 %s=1 event after' % KEY])

    def test_first_line_of_tmpfiles_counts_unless_it_adds(self):
        line = '%s /proc/sys/net/ipv4/tcp_tw_recycle - - - - %d\n'
        self.make({'/etc/tmpfiles.d/a.conf': line % ('w!', 1), '/etc/tmpfiles.d/b.conf': line % ('w', 0)})
        self.assertEqual(len(self.observe()), 1)
        self.make({'/etc/tmpfiles.d/b.conf': line % ('w+', 0)})
        self.assertEqual([entry.split()[2][-1] for entry in self.observe()], ['1', '0'])

    def test_kernel_command_line_of_the_next_boot(self):
        self.version, arguments = [6, 1, 0], 'sysctl.%s=0' % STAMPS
        self.make(
            {
                '/proc/cmdline': 'quiet',
                '/boot/grub/grub.cfg': 'menuentry x {\n linux /vmlinuz quiet %s\n}\n' % arguments,
                '/etc/default/grub': 'GRUB_CMDLINE_LINUX="sysctl.net/core/somaxconn=9 quiet"\n',
            }
        )
        self.assertEqual(
            self.observe(),
            [
                'kernel-command-line /boot/grub/grub.cfg:2 %s=0 boot before' % STAMPS,
                'kernel-command-line /etc/default/grub:1 net.core.somaxconn=9 event after',
            ],
        )
        self.version = [5, 7, 0]
        self.assertEqual(self.observe(), [])

    def test_ufw_with_another_file(self):
        self.make(
            {
                '/etc/ufw/ufw.conf': 'ENABLED=yes\n',
                '/etc/default/ufw': 'IPT_SYSCTL=/etc/my.conf\n',
                '/etc/my.conf': '%s=1\n' % KEY,
                '/etc/ufw/sysctl.conf': '%s=0\n' % KEY,
            }
        )
        self.assertEqual(self.observe(), ['ufw /etc/my.conf:1 %s=1 boot after via /etc/default/ufw:None' % KEY])

    def test_apf_with_its_rules(self):
        self.make(
            {
                '/etc/apf/conf.apf': 'SYSCTL_TCP="1"\n',
                '/etc/apf/sysctl.rules': 'if [ "$SYSCTL_TCP" == "1" ]; then\n'
                ' echo 0 > /proc/sys/net/ipv4/tcp_timestamps\nfi\n',
            }
        )
        self.assertEqual(self.observe(), ['apf /etc/apf/sysctl.rules:2 %s=0 boot after' % STAMPS])
        self.make({'/etc/apf/conf.apf': 'SYSCTL_TCP="0"\n'})
        self.assertEqual(self.observe(), [])

    def test_ktune_loads_its_last_files_after_its_own(self):
        self.make(
            {
                '/etc/ktune.d/tunedadm.conf': '-> ../tune-profiles/web/sysctl.ktune',
                '/etc/tune-profiles/web/sysctl.ktune': '# %s = 2\n%s = 1\n' % (KEY, KEY),
                '/etc/ktune.d/tunedadm.sh': '. /etc/tune-profiles/functions\nstart() {\n  sysctl -w %s=0\n}\n'
                'stop() {\n  sysctl -w %s=1\n}\nprocess $@\n' % (STAMPS, STAMPS),
                '/etc/sysconfig/ktune': 'SYSCTL="/etc/sysctl.ktune"\nUSE_KTUNE_D="yes"\n'
                'SYSCTL_POST="/etc/sysctl.conf /etc/sysctl.d/*"\n',
                '/etc/sysctl.conf': '%s = 0\n' % KEY,
                '/etc/init.d/ktune': 'sysctl -w %s=5\n' % KEY,
                '/etc/rc.d/rc3.d/S27ktune': '-> /etc/init.d/ktune',
            }
        )
        self.assertEqual(
            self.observe(),
            [
                'ktune /etc/ktune.d/tunedadm.conf:2 %s=1 boot after' % KEY,
                'ktune /etc/ktune.d/tunedadm.sh:3 %s=0 boot after' % STAMPS,
                'ktune /etc/sysctl.conf:1 %s=0 boot after via /etc/sysconfig/ktune:3' % KEY,
            ],
        )

    def test_files_of_interfaces(self):
        self.make(
            {
                '/etc/network/interfaces': 'source interfaces.d/*\nsource-directory /etc/x.d\n'
                'allow-hotplug eth1\niface eth1 inet dhcp\n\tup '
                + SET,
                '/etc/network/interfaces.d/lan.cfg': 'auto eth0\niface eth0 inet static\n    pre-up \\\n  '
                + SET
                + '    down '
                + OFF,
                '/etc/x.d/a.b': 'auto z\niface z inet dhcp\nup ' + SET,
            }
        )
        self.assertEqual(
            [entry.partition('/')[2] for entry in self.observe()],
            [
                'etc/network/interfaces.d/lan.cfg:3 %s=1 boot after' % KEY,
                'etc/network/interfaces:5 %s=1 event after' % KEY,
                'etc/network/interfaces.d/lan.cfg:5 %s=0 event after' % KEY,
            ],
        )

    def test_upstart_on_an_interface(self):
        self.make(
            {
                '/etc/init/x.conf': 'start on net-device-up IFACE=eth0\nenv V=1\npost-start script\n'
                '  sysctl -w %s=$V\nend script\n'
                % KEY
            }
        )
        self.assertEqual(self.observe(), ['upstart /etc/init/x.conf:4 %s=1 event after' % KEY])

    def test_crontabs_have_variables_and_input(self):
        self.make(
            {
                '/var/spool/cron/root': 'V=1\n@reboot  sysctl -w %s=$V\n0 0 * * * echo \\%%; sysctl -p - %%%s = 0%%\n'
                % (KEY, KEY)
            }
        )
        self.assertEqual(self.observe(), ['crontab /var/spool/cron/root:2 %s=1 boot after' % KEY])


if __name__ == '__main__':
    unittest.main()
