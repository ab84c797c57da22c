# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each row of the table of writers with a tree that has it and trees that only look like it."""

from __future__ import absolute_import, division, print_function

import unittest

import writer_trees
from _node.readers import writer_places
from writer_trees import KEY, SET, STAMPS

__metaclass__ = type

UNIT = '[Service]\nType=oneshot\nExecStart=/sbin/sysctl -w %s=1\n' % KEY
ENABLED = UNIT + '[Install]\nWantedBy=multi-user.target\n'
SCRIPT = '#!/bin/sh\n' + SET
PROGRAM = {'/usr/bin/true': ('#!/bin/sh\n', 0o755)}  # a tree with the modes of its files
DOCKER = '[Service]\nExecStart=/usr/sbin/dockerd -H fd://\n[Install]\nWantedBy=multi-user.target\n'
DOCKER_LINK, FORWARD = '/etc/systemd/system/multi-user.target.wants/docker.service', 'net.ipv4.ip_forward'
POD = (
    'apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: %s\n  initContainers:\n  - name: tune\n    securityContext:\n'
    '      privileged: %s\n    command: [sh, -c, "sysctl -w %s=1"]\n  containers: []\n'
)

# kind: (tree that has it, what is found in it without the kind, trees that only look like it)
CASES = {
    'kernel-command-line': (
        {'/proc/cmdline': 'root=/dev/sda1 sysctl.%s=0 quiet\n' % STAMPS},
        '/proc/cmdline:1 %s=0 boot before' % STAMPS,
        [
            {'/proc/cmdline': 'root=/dev/sda1 xsysctl.%s=0 sysctl=%s=0\n' % (STAMPS, STAMPS)},
            {'/proc/cmdline': 'sysctl.%s=0\n' % STAMPS, '/boot/grub/grub.cfg': 'linux /vmlinuz root=/dev/sda1\n'},
        ],
    ),
    'initramfs': (
        {'/etc/initramfs-tools/scripts/init-bottom/tune': SCRIPT},
        '/etc/initramfs-tools/scripts/init-bottom/tune:2 %s=1 boot before' % KEY,
        [{'/etc/initramfs-tools/scripts/init-bottom/tune.off': SCRIPT}],
    ),
    'modules-script': (
        {'/etc/sysconfig/modules/ipvs.modules': SCRIPT},
        '/etc/sysconfig/modules/ipvs.modules:2 %s=1 boot before' % KEY,
        [{'/etc/sysconfig/modules/ipvs.sh': SCRIPT}],
    ),
    'credential': (
        {
            '/usr/lib/systemd/system/systemd-sysctl.service': '[Service]\nLoadCredential=sysctl.extra\n',
            '/etc/credstore/sysctl.extra': '# extra\n%s = 1\n' % KEY,
        },
        '/etc/credstore/sysctl.extra:2 %s=1 boot after' % KEY,
        [
            {'/etc/credstore/sysctl.extra': '%s = 1\n' % KEY},
            {
                '/lib/systemd/system/systemd-sysctl.service': '[Service]\nImportCredential=sysctl.*\n',
                '/run/credentials/@system/sysctl.extra': 'kernel.pid_max = 1\n',
                '/etc/credstore/sysctl.extra': '%s = 1\n' % KEY,
            },
        ],
    ),
    'tmpfiles': (
        {'/etc/tmpfiles.d/tune.conf': 'w /proc/sys/net/ipv4/tcp_tw_recycle - - - - 1\n'},
        '/etc/tmpfiles.d/tune.conf:1 %s=1 boot after' % KEY,
        [
            {
                '/usr/lib/tmpfiles.d/tune.conf': 'w /proc/sys/net/ipv4/tcp_tw_recycle - - - - 1\n',
                '/etc/tmpfiles.d/tune.conf': '-> /dev/null',
            },
            {
                '/etc/tmpfiles.d/tune.conf': 'r /proc/sys/net/ipv4/tcp_tw_recycle\n'
                '# w /proc/sys/net/ipv4/tcp_tw_recycle - - - - 1\n'
            },
        ],
    ),
    'ufw': (
        {'/etc/ufw/ufw.conf': 'ENABLED=yes\n', '/etc/ufw/sysctl.conf': '# x\nnet/ipv4/tcp_tw_recycle=1\n'},
        '/etc/ufw/sysctl.conf:2 %s=1 boot after' % KEY,
        [
            {
                '/etc/ufw/ufw.conf': '# set to yes to start\nENABLED=no\n',
                '/etc/ufw/sysctl.conf': 'net/ipv4/tcp_tw_recycle=1\n',
            },
            {'/etc/ufw/ufw.conf': 'ENABLED=yes\n', '/etc/ufw/sysctl.conf': '#net/ipv4/tcp_tw_recycle=1\n'},
            {'/etc/ufw/sysctl.conf': 'net/ipv4/tcp_tw_recycle=1\n'},
        ],
    ),
    'apf': (
        {'/etc/apf/conf.apf': 'SYSCTL_TCP="1"\n'},
        '/etc/apf/conf.apf:1 net.ipv4.tcp_timestamps=0 boot after\n'
        'apf /etc/apf/conf.apf:1 net.ipv4.tcp_fin_timeout=30 boot after',
        [{'/etc/apf/conf.apf': 'SYSCTL_TCP="0"\n# SYSCTL_TCP="1"\n'}],
    ),
    'shorewall': (
        {'/etc/shorewall/shorewall.conf': 'STARTUP_ENABLED=Yes\nIP_FORWARDING=On\n'},
        '/etc/shorewall/shorewall.conf:2 net.ipv4.ip_forward=1 boot after',
        [
            {'/etc/shorewall/shorewall.conf': 'STARTUP_ENABLED=No\nIP_FORWARDING=On\n'},
            {'/etc/shorewall/shorewall.conf': 'STARTUP_ENABLED=Yes\nIP_FORWARDING=Keep\n'},
        ],
    ),
    'firewall-script': (
        {'/etc/csf/csfpost.sh': SET},
        '/etc/csf/csfpost.sh:1 %s=1 boot after' % KEY,
        [{'/etc/csf/csf.deny': SET}, {'/etc/csf/csfpost.sh': '# ' + SET}],
    ),
    'ifupdown': (
        {'/etc/network/interfaces': 'auto eth0\niface eth0 inet dhcp\n  post-up ' + SET},
        '/etc/network/interfaces:3 %s=1 boot after' % KEY,
        [
            {'/etc/network/interfaces': 'auto eth0\niface eth0 inet dhcp\n  # post-up ' + SET},
            {
                '/etc/network/interfaces': 'iface eth0 inet dhcp\n',
                '/etc/network/interfaces.d/x': 'auto x\niface x inet dhcp\n up ' + SET,
            },
        ],
    ),
    'ifupdown-script': (
        {'/etc/network/if-up.d/tune': SCRIPT},
        '/etc/network/if-up.d/tune:2 %s=1 event after' % KEY,
        [{'/etc/network/if-up.d/tune.sh': SCRIPT}, dict(PROGRAM, **{'/etc/network/if-up.d/tune': SCRIPT})],
    ),
    'networkd': (
        {
            '/etc/systemd/network/10.network': '[Network]\nDHCP=yes\n',
            '/etc/systemd/network/10.network.d/forward.conf': '[Network]\nIPForward=yes\n',
        },
        '/etc/systemd/network/10.network.d/forward.conf:2 net.ipv4.ip_forward=1 boot after',
        [{'/etc/systemd/network/10.network': '[Network]\nIPForward=no\n[Link]\nIPForward=yes\n'}],
    ),
    'cloud-init': (
        {'/etc/cloud/cloud.cfg': 'bootcmd:\n- echo hi\n- [sysctl, -w, %s=1]\n' % KEY},
        '/etc/cloud/cloud.cfg:3 %s=1 boot after' % KEY,
        [
            {'/etc/cloud/cloud.cfg': 'runcmd:\n- ' + SET, '/var/lib/cloud/instance/boot-finished': ''},
            {'/etc/cloud/cloud.cfg': 'bootcmd:\n- ' + SET, '/etc/cloud/cloud-init.disabled': ''},
            {'/etc/cloud/cloud.cfg': 'bootcmd:\n- ' + SET, '/etc/cloud/cloud.cfg.d/90.cfg': 'bootcmd: []\n'},
        ],
    ),
    'inittab': (
        {'/etc/inittab': 'si::sysinit:/etc/rc.d/rc.sysinit\ntune:2345:once:/sbin/' + SET},
        '/etc/inittab:2 %s=1 boot after' % KEY,
        [{'/etc/inittab': 'tune:2345:off:/sbin/%s#tune:2345:once:/sbin/%s' % (SET, SET)}],
    ),
    'upstart': (
        {'/etc/init/tune.conf': 'start on runlevel [2345]\nscript\n  %send script\n' % SET},
        '/etc/init/tune.conf:3 %s=1 boot after' % KEY,
        [
            {'/etc/init/tune.conf': 'stop on runlevel [06]\nexec ' + SET},
            {'/etc/init/tune.conf': 'start on runlevel [2345]\nexec ' + SET, '/etc/init/tune.override': 'manual\n'},
            {'/etc/init/tune.conf': 'start on runlevel [2345]\nexec ' + SET, '/sbin/init': '-> /lib/systemd/systemd'},
        ],
    ),
    'init-script': (
        {
            '/etc/init.d/tune': '#!/bin/sh\ncase "$1" in\nstart)\n%s;;\nstop) sysctl -w %s=0;;\nesac\n' % (SET, KEY),
            '/etc/rc3.d/S20tune': '-> ../init.d/tune',
            '/etc/rc2.d/S20tune': '-> ../init.d/tune',
        },
        '/etc/init.d/tune:4 %s=1 boot after' % KEY,
        [
            {'/etc/init.d/tune': SCRIPT},
            {'/etc/init.d/tune': SCRIPT, '/etc/rc3.d/K20tune': '-> ../init.d/tune'},
            {
                '/etc/init.d/tune': SCRIPT,
                '/etc/rc3.d/S20tune': '-> ../init.d/tune',
                '/lib/systemd/system/tune.service': '[Unit]\n',
            },
        ],
    ),
    'systemd-unit': (
        {
            '/etc/systemd/system/tune.service': ENABLED,
            '/etc/systemd/system/multi-user.target.wants/tune.service': '-> ../tune.service',
        },
        '/etc/systemd/system/tune.service:3 %s=1 boot after' % KEY,
        [
            {'/etc/systemd/system/tune.service': ENABLED},
            {'/usr/lib/systemd/system/tune.service': UNIT},
            {
                '/etc/systemd/system/tune.service': '-> /dev/null',
                '/usr/lib/systemd/system/tune.service': ENABLED,
                '/etc/systemd/system/multi-user.target.wants/tune.service': '-> /usr/lib/systemd/system/tune.service',
            },
        ],
    ),
    'docker': (
        {'/lib/systemd/system/docker.service': DOCKER, DOCKER_LINK: '-> /lib/systemd/system/docker.service'},
        '/lib/systemd/system/docker.service:2 %s=1 boot after' % FORWARD,
        [
            {'/lib/systemd/system/docker.service': DOCKER},
            {DOCKER_LINK: DOCKER, '/etc/docker/daemon.json': '{"ip-forward" : false}'},
            {DOCKER_LINK: DOCKER.replace('-H', '--ip-forward=false -H')},
            {DOCKER_LINK: DOCKER, '/etc/systemd/system/docker.service': '-> /dev/null'},
            {
                DOCKER_LINK: DOCKER,
                '/etc/systemd/system/docker.service.d/a.conf': '[Service]\nExecStart=\n'
                'ExecStart=/usr/bin/dockerd --ip-forward=false\n',
            },
        ],
    ),
    'runit': (
        {'/etc/runit/core-services/99-tune.sh': SET},
        '/etc/runit/core-services/99-tune.sh:1 %s=1 boot after' % KEY,
        [{'/etc/sv/tune/run': SCRIPT}],
    ),
    'ktune': (
        {'/etc/ktune.d/tunedadm.conf': '%s = 1\n' % KEY, '/etc/rc.d/rc3.d/S27ktune': '-> ../init.d/ktune'},
        '/etc/ktune.d/tunedadm.conf:1 %s=1 boot after' % KEY,
        [
            {'/etc/ktune.d/tunedadm.conf': '%s = 1\n' % KEY, '/etc/rc.d/rc3.d/K73ktune': '-> ../init.d/ktune'},
            {'/etc/ktune.d/tunedadm.conf': '%s = 1\n' % KEY, '/etc/sysconfig/ktune': 'USE_KTUNE_D="no"\n'},
            {'/etc/sysctl.ktune': '%s = 1\n' % KEY, '/etc/sysconfig/ktune': '#SYSCTL="/etc/sysctl.ktune"\n'},
        ],
    ),
    'tuned': (
        {'/etc/tuned/active_profile': 'web\n', '/etc/tuned/web/tuned.conf': '[sysctl]\n%s = 1\n' % KEY},
        '/etc/tuned/web/tuned.conf:2 %s=1 boot after' % KEY,
        [
            {'/etc/tuned/active_profile': 'db\n', '/etc/tuned/web/tuned.conf': '[sysctl]\n%s = 1\n' % KEY},
            {'/etc/tuned/active_profile': 'web\n', '/etc/tuned/web/tuned.conf': '[sysctl]\nenabled=0\n%s = 1\n' % KEY},
            {
                '/etc/tuned/active_profile': 'web\n',
                '/etc/tuned/web/tuned.conf': '[sysctl]\n%s = 1\n' % KEY,
                '/etc/systemd/system/tuned.service': '-> /dev/null',
            },
            {
                '/etc/tuned/active_profile': 'web\n',
                '/etc/tuned/web/tuned.conf': '[sysctl]\n%s = 1\n' % KEY,
                '/usr/lib/systemd/system/tuned.service': '[Service]\n[Install]\nWantedBy=multi-user.target\n',
            },
            {'/etc/tuned/active_profile': 'web\n', '/etc/tuned/web/tuned.conf': '[sysfs]\n%s = 1\n#[sysctl]\n' % KEY},
        ],
    ),
    'static-pod': (
        {'/etc/kubernetes/manifests/tune.yaml': POD % ('true', 'true', KEY)},
        '/etc/kubernetes/manifests/tune.yaml:9 %s=1 boot after' % KEY,
        [
            {'/etc/kubernetes/manifests/tune.yaml': POD % ('true', 'false', KEY)},
            {
                '/etc/kubernetes/manifests/tune.yaml': POD % ('false', 'true', KEY)
            },  # its own namespace has no such file on 3.10
            {'/etc/kubernetes/manifests/.tune.yaml.swp': POD % ('true', 'true', KEY)},
        ],
    ),
    'container-runtime': (
        {'/etc/crio/crio.conf.d/10.conf': '[crio.runtime]\ndefault_sysctls = [\n  "net.core.somaxconn=8",\n]\n'},
        '/etc/crio/crio.conf.d/10.conf:3 net.core.somaxconn=8 pod after',
        [
            {'/etc/crio/crio.conf.d/10.conf': '[crio.runtime]\n# default_sysctls = [ "net.core.somaxconn=8" ]\n'},
            {'/etc/crio/crio.conf.d/10.conf': '[crio.runtime]\ndefault_sysctls = [ "%s=1" ]\n' % KEY},
        ],
    ),
    'kubelet': (
        {'/var/lib/kubelet/config.yaml': 'allowedUnsafeSysctls:\n- net.core.somaxconn\n- %s\n' % KEY},
        '/var/lib/kubelet/config.yaml:2 net.core.somaxconn=None pod after',
        [{'/var/lib/kubelet/config.yaml': '#allowedUnsafeSysctls:\n#- net.core.somaxconn\nallowedUnsafeSysctls: []\n'}],
    ),
    'rc.local': (
        {'/etc/rc.d/rc.local': SCRIPT, '/etc/rc.local': '-> rc.d/rc.local'},
        '/etc/rc.d/rc.local:2 %s=1 boot after' % KEY,
        [dict(PROGRAM, **{'/etc/rc.local': SCRIPT}), {'/etc/rc.local': '#!/bin/sh\nexit 0\n' + SET}],
    ),
    'conf.d-local': (
        {'/etc/conf.d/local.start': SET},
        '/etc/conf.d/local.start:1 %s=1 boot after' % KEY,
        [{'/etc/conf.d/local.stop': SET}],
    ),
    'cron': (
        {'/etc/cron.d/tune': '@reboot root ' + SET},
        '/etc/cron.d/tune:1 %s=1 boot after' % KEY,
        [
            {'/etc/cron.d/tune': '@reboot nobody ' + SET},
            {'/etc/cron.d/tune': '# @reboot root ' + SET},
            {'/etc/cron.d/tune.conf': '@reboot root ' + SET, '/etc/debian_version': '12\n'},
            {'/etc/cron.d/tune.rpmsave': '@reboot root ' + SET},
        ],
    ),
    'crontab': (
        {'/var/spool/cron/crontabs/root': '*/5 * * * * ' + SET},
        '/var/spool/cron/crontabs/root:1 %s=1 event after' % KEY,
        [{'/var/spool/cron/crontabs/app': '*/5 * * * * ' + SET}, {'/var/spool/cron/root': 'X=' + SET}],
    ),
    'cron-script': (
        {'/etc/cron.daily/tune': SCRIPT},
        '/etc/cron.daily/tune:2 %s=1 event after' % KEY,
        [{'/etc/cron.daily/tune.sh': SCRIPT, '/etc/debian_version': '12\n'}, {'/etc/cron.daily/tune~': SCRIPT}],
    ),
    'anacron': (
        {'/etc/anacrontab': 'SHELL=/bin/sh\n1 5 tune ' + SET},
        '/etc/anacrontab:2 %s=1 event after' % KEY,
        [{'/etc/anacrontab': '#1 5 tune ' + SET}],
    ),
    'udev': (
        {'/etc/udev/rules.d/90.rules': 'ACTION=="add", SUBSYSTEM=="net", RUN+="/sbin/sysctl -w %s=1"\n' % KEY},
        '/etc/udev/rules.d/90.rules:1 %s=1 event after' % KEY,
        [
            {'/etc/udev/rules.d/90.rules': 'SYSCTL{net/ipv4/tcp_tw_recycle}=="1", RUN+="/bin/true"\n'},
            {'/etc/udev/rules.d/90.rules': 'ATTR{tcp_tw_recycle}="1", ENV{X}="sysctl"\n'},
            {
                '/etc/udev/rules.d/90.rules': '-> /dev/null',
                '/lib/udev/rules.d/90.rules': 'RUN+="/sbin/%s"\n' % SET.strip(),
            },
        ],
    ),
    'modprobe': (
        {'/etc/modprobe.d/tune.conf': 'install ip_vs /sbin/modprobe --ignore-install ip_vs && /sbin/' + SET},
        '/etc/modprobe.d/tune.conf:1 %s=1 event after' % KEY,
        [
            {'/etc/modprobe.d/tune.conf': 'options sysctl tcp_tw_recycle=1\n# install x ' + SET},
            {'/etc/modprobe.d/tune.conf.bak': 'install x ' + SET},
        ],
    ),
    'networkmanager': (
        {'/etc/NetworkManager/dispatcher.d/99-tune': SCRIPT},
        '/etc/NetworkManager/dispatcher.d/99-tune:2 %s=1 event after' % KEY,
        [{'/etc/NetworkManager/dispatcher.d/99-tune.rpmsave': SCRIPT}, {'/etc/NetworkManager/conf.d/99-tune': SCRIPT}],
    ),
    'networkd-dispatcher': (
        {'/etc/networkd-dispatcher/routable.d/50-tune': SCRIPT},
        '/etc/networkd-dispatcher/routable.d/50-tune:2 %s=1 event after' % KEY,
        [{'/etc/networkd-dispatcher/50-tune': SCRIPT}],
    ),
    'ifcfg-script': (
        {'/sbin/ifup-local': SCRIPT},
        '/sbin/ifup-local:2 %s=1 event after' % KEY,
        [{'/sbin/ifup-eth': SCRIPT}],
    ),
    'dhcp-hook': (
        {'/etc/dhcp/dhclient-exit-hooks.d/tune': SET},
        '/etc/dhcp/dhclient-exit-hooks.d/tune:1 %s=1 event after' % KEY,
        [{'/etc/dhcp/dhclient-exit-hooks.d/tune.dpkg-old': SET}],
    ),
    'ppp-script': (
        {'/etc/ppp/ip-up.d/tune': SCRIPT},
        '/etc/ppp/ip-up.d/tune:2 %s=1 event after' % KEY,
        [{'/etc/ppp/options': SCRIPT}],
    ),
    'failover-script': (
        {'/etc/keepalived/notify.sh': SCRIPT},
        '/etc/keepalived/notify.sh:2 %s=1 event after' % KEY,
        [{'/etc/keepalived/keepalived.conf': SCRIPT}],
    ),
    'resource-agent': (
        {
            '/usr/lib/ocf/resource.d/heartbeat/block': '#!/bin/sh\nrecycle() {\n'
            '  echo 1 > /proc/sys/net/ipv4/tcp_tw_recycle\n}\ncase $1 in start) recycle;; esac\n'
        },
        '/usr/lib/ocf/resource.d/heartbeat/block:3 %s=1 event after' % KEY,
        [
            {
                '/usr/lib/ocf/resource.d/heartbeat/block': '#!/bin/sh\nrecycle() {\n'
                '  echo 1 > /proc/sys/net/ipv4/tcp_tw_recycle\n}\necho recycle sysctl\n'
            }
        ],
    ),
    'sleep-script': (
        {'/usr/lib/systemd/system-sleep/tune': SCRIPT},
        '/usr/lib/systemd/system-sleep/tune:2 %s=1 event after' % KEY,
        [{'/usr/lib/systemd/tune': SCRIPT}],
    ),
    'panel-script': (
        {'/scripts/postupcphook': '#!/bin/sh\n' + SET.replace('net.ipv4', 'net/ipv4').replace('4.t', '4/t')},
        '/scripts/postupcphook:2 %s=1 event after' % KEY,
        [{'/scripts/upcp': SCRIPT}],
    ),
    'login': (
        {'/root/.bash_profile': SET},
        '/root/.bash_profile:1 %s=1 event after' % KEY,
        [{'/root/.bash_history': SET}, {'/root/.bash_profile': "alias tune='%s'\n" % SET.strip()}],
    ),
}


class TestPlaces(writer_trees.WriterCase):
    def test_every_row_has_trees(self):
        self.assertEqual(sorted(CASES), sorted(row[0] for row in writer_places.ROWS))

    def test_every_form_is_known(self):
        from _node.readers import writer_forms, writers

        known = set(writer_forms.FORMS) | set(['units', 'tuned', 'docker'])
        self.assertEqual(sorted(set(row[3] for row in writer_places.ROWS) - known), [])
        self.assertEqual(sorted((set(writers.MARKS) | set(writers.MERGED) | set(writers.EXECUTED)) - known), [])

    def test_boot_order(self):
        """What runs before the sysctl files stands first: entries come in the order of the rows."""
        moments = [row[1] for row in writer_places.ROWS]
        self.assertEqual(moments, sorted(moments, key=('before', 'after').index))
        self.assertEqual(set(row[2] for row in writer_places.ROWS) - set(['boot', 'once', 'event', 'pod']), set())


def _case(kind):
    has, found, look_alikes = CASES[kind]

    def test_has_it(self):
        self.version = [6, 1, 0] if kind == 'kernel-command-line' else self.version
        self.make(has)
        self.assertEqual('\n'.join(self.observe()), '%s %s' % (kind, found))
        self.assertEqual(self.unavailable, {})

    def look_alike(files):
        def test_looks_like_it(self):
            self.version = [6, 1, 0] if kind == 'kernel-command-line' else self.version
            self.make(files)
            self.assertEqual(self.observe(), [])
            self.assertEqual(self.unavailable, {})

        return test_looks_like_it

    tests = {'test_has_it': test_has_it}
    for number, files in enumerate(look_alikes, 1):
        tests['test_look_alike_%d' % number] = look_alike(files)
    assert look_alikes, kind
    return type('TestPlace_' + kind.replace('-', '_').replace('.', '_'), (writer_trees.WriterCase,), tests)


for _kind in CASES:
    _made = _case(_kind)
    globals()[_made.__name__] = _made

if __name__ == '__main__':
    unittest.main()
