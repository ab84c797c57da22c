# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mode of kube-proxy, by its process and by what it leaves in the kernel, in captured trees."""

from __future__ import absolute_import, division, print_function

import nodepath
from _node.parsers import nat_rules
from _node.readers import kube_proxy, tree

__metaclass__ = type

UID = '0a1b2c3d-0000-4111-8222-333344445555'
CONFIG = '/var/lib/kubelet/pods/%s/volumes/kubernetes.io~configmap/kube-proxy/config.conf' % UID
IN_POD = '--config=/var/lib/kube-proxy/config.conf'
CHAINS = '*nat\n-A KUBE-POSTROUTING -j MASQUERADE --random-fully\nCOMMIT\n'
TABLE = 'table ip kube-proxy {\n\tchain masquerading {\n\t\tmasquerade fully-random\n\t}\n}\n'


class TestMode(nodepath.TreeCase):
    def process(self, pid, name, *options):
        self.write('/proc/%d/comm' % pid, name + '\n')
        self.write('/proc/%d/cmdline' % pid, '\0'.join(('/usr/local/bin/' + name,) + options) + '\0')
        self.write('/proc/%d/cgroup' % pid, '0::/kubepods/pod%s/%s\n' % (UID, 'a' * 64))

    def check(self, mode, by, rules=()):
        found = kube_proxy.observe(tree.Tree(self.root), rules)
        self.assertEqual(found, mode and {'mode': mode, 'by': by})

    def test_an_option(self):
        self.process(7, 'kube-proxy', '--proxy-mode=ipvs', '-v=2')
        self.check('ipvs', 'process')
        self.process(7, 'kube-proxy', '--proxy-mode', 'nftables')
        self.check('nftables', 'process')
        self.process(7, 'kube-proxy')
        self.check('iptables', 'process')
        self.process(7, 'kube-proxy', '--proxy-mode=\x1b[31m')
        self.check(None, None)

    def test_its_configuration_is_read_where_kubelet_keeps_it(self):
        self.process(7, 'kube-proxy', IN_POD, '--proxy-mode=iptables')
        for line, mode in (('mode: ipvs', 'ipvs'), ('mode: "nftables"', 'nftables'), ('mode: ""', 'iptables')):
            self.write(CONFIG, 'kind: KubeProxyConfiguration\nipvs:\n  mode: x\n%s\n' % line)
            self.check(mode, 'process')

    def test_without_its_configuration_the_kernel_tells(self):
        self.process(7, 'kube-proxy', IN_POD)
        self.check(None, None)
        self.check('iptables', 'kernel', nat_rules.parse_iptables_save(CHAINS))
        self.check('nftables', 'kernel', nat_rules.parse_nft(TABLE))
        self.write('/proc/net/dev', 'Inter-|\n  lo: 0\nkube-ipvs0: 0 0\n')
        self.check('ipvs', 'kernel', nat_rules.parse_iptables_save(CHAINS))

    def test_a_program_that_does_its_work_instead(self):
        self.process(8, 'cilium-agent')
        self.check('none', 'process', nat_rules.parse_iptables_save(CHAINS))
        self.process(9, 'k3s-server')
        self.check('iptables', 'kernel', nat_rules.parse_iptables_save(CHAINS))

    def test_a_node_without_kubernetes(self):
        self.process(7, 'nginx')
        self.check(None, None, nat_rules.parse_iptables_save('*nat\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n'))
