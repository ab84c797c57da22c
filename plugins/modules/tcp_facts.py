# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: tcp_facts
short_description: Gather the TCP settings and counters of a node and of its network namespaces
version_added: 0.1.0
description:
  - Looks at the kernel, the TCP sysctls, the TCP counters, the sockets and the connection tracking of a node and of
    each of its network namespaces, and at the files and programs that will set the sysctls at the next boot.
  - Works on nodes whose Python is too old for the controller's C(ansible-core).
extends_documentation_fragment:
  - nodetcp.paws.verbs
  - nodetcp.paws.verbs.read_only
  - nodetcp.paws.verbs.look
attributes:
  facts:
    description: Action returns an C(ansible_facts) dictionary that will update existing host facts.
    support: full
seealso:
  - module: nodetcp.paws.paws_audit
    description: The same look, judged.
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: Look at the node
  nodetcp.paws.tcp_facts:

- name: Show which value of tcp_tw_recycle is in force
  ansible.builtin.debug:
    msg: "{{ ansible_facts.nodetcp.namespaces[0].sysctls['net.ipv4.tcp_tw_recycle'] }}"

- name: Look at an unpacked sosreport that lies on the node
  nodetcp.paws.tcp_facts:
    root: /var/tmp/sosreport-web1-2026-11-30-mzqsohi
"""

RETURN = r"""
ansible_facts:
  description: The facts to add to the host.
  returned: always
  type: dict
  contains:
    nodetcp:
      description: The record of the node.
      type: dict
      contains:
        schema:
          description: Version of the record's schema.
          type: int
          sample: 1
        source:
          description: How, when and with what the record was made.
          type: dict
        kernel:
          description: The kernel's release, its version as numbers and hints at a vendor's backports.
          type: dict
          sample: {release: 3.10.0-1160.el7.x86_64, version: [3, 10, 0], vendor: el7}
        namespaces:
          description:
            - The network namespaces, the node's own first, each with its sysctls, counters, sockets and connection
              tracking.
            - Namespaces alike in everything that matters share one entry, with their number in C(count).
          type: list
          elements: dict
          contains:
            id:
              description: The namespace as the kernel names it. Numbers are reused; C(key) says more.
              type: str
              sample: net:[4026531840]
            key:
              description: The name by which M(nodetcp.paws.sysctl_policy) takes it.
              type: str
            kind:
              description: V(host) for the node's own, V(container), V(named), or V(process).
              type: str
            count:
              description: How many namespaces this entry stands for.
              type: int
            container:
              description:
                - The C(id), C(runtime) and C(pod_uid) of the container that lives there; null if none does.
                - Where kubelet keeps logs, C(pod) has the C(namespace), C(name) and C(containers) of its pod.
              type: dict
            sysctls:
              description:
                - For each key the C(value) as the kernel prints it, and its C(scope).
                - The scope is V(namespace), V(host) where the node's value is in force because this namespace has no
                  file of its own, V(absent) where this kernel has no such key, or V(unreadable), also where a capture
                  does not tell.
              type: dict
              sample: {net.ipv4.tcp_tw_recycle: {value: '1', scope: host}}
            counters:
              description: Counters by group and name. Absent is not zero, an unreadable group is null.
              type: dict
              sample: {TcpExt: {PAWSPassive: 351763, ListenDrops: 351763}}
        persisted:
          description:
            - For each sysctl that a file sets, the lines that set it and the one that wins at the next boot, under
              C(systemd-sysctl), under the C(sysctl --system) of procps, and, where systemd does not boot the node,
              under the script that does (C(initscripts)).
            - The C(status) of a line is V(effective), V(shadowed), V(ignored), V(replaced), V(refused) where the kernel
              does not take the value, or V(transient) where it lies in C(/run).
          type: dict
          sample:
            net.ipv4.tcp_tw_recycle:
              effective: {systemd: null, procps: {value: '1', file: /etc/sysctl.conf, line: 1}}
              definitions: [{file: /etc/sysctl.conf, line: 1, value: '1', form: plain, status: effective}]
        writers:
          description:
            - What else sets these sysctls, for instance a TuneD profile or C(rc.local), in the order in which it runs
              at a boot.
            - The C(kind) is one of L(these places, https://github.com/nodetcp/paws/blob/main/docs/writers.md). The
              C(value) is null where it is computed at run time.
            - It runs C(when) V(boot), each time; V(once), at the first boot of an instance; V(event), an interface
              comes up, a time, a failover; or V(pod), in the namespace of a container. The C(moment) of a boot is
              V(before) or V(after) the sysctl files are read.
            - Where the setting lies in a file that something else loads or runs, C(via) is the place that does.
          type: list
          elements: dict
          sample:
            - kind: rc.local
              file: /etc/sysctl.d/10-web.conf
              line: 3
              key: net.ipv4.tcp_tw_recycle
              value: '1'
              when: boot
              moment: after
              via: {file: /etc/rc.local, line: 5}
        translation:
          description:
            - How the node translates source addresses, as nft and iptables-save list it, rules that choose ports at
              random first. Rules that are alike but for their chain and text stand there once, with their C(count).
            - The C(flags) are null where the listing does not tell; the C(owner) is the program whose chains bear such
              names. Null where it could not be told; C(unavailable) says why.
          type: list
          elements: dict
          returned: where the node forwards and tracks connections
          sample:
            - tool: iptables
              chain: KUBE-POSTROUTING
              kind: masquerade
              flags: [fully-random]
              ports: null
              to: null
              owner: kube-proxy
              line: -A KUBE-POSTROUTING -j MASQUERADE --random-fully
              count: 1
        kube_proxy:
          description:
            - How Services work here. The C(mode) is V(iptables), V(nftables), V(ipvs), V(userspace), or V(none) where
              eBPF programs do it. C(by) says whether its V(process) tells it, by arguments and configuration, or what
              stands in the V(kernel). Null where nothing does.
          type: dict
          returned: where the node forwards and tracks connections
          sample: {mode: ipvs, by: process}
        translated:
          description:
            - Where most connections of translated source addresses go, by the entries in TIME_WAIT at the head of
              C(/proc/net/nf_conntrack), of which C(entries) of C(of) were read. Null where no rule chooses ports at
              random, or where it could not be read; C(unavailable) says why.
            - C(per_s) are connections that ended, a second; C(clients) and C(addresses) how many different ones there
              were before and after translation; C(kept) how many entries have the client's own port.
          type: dict
          returned: where the node forwards and tracks connections
          sample:
            time_wait_s: 120
            entries: 3541
            of: 3541
            destinations:
              - {address: 192.0.2.10, port: 443, time_wait: 3400, per_s: 28.5, clients: 12, addresses: 1, kept: 4}
        change_sets:
          description: The change sets that this collection keeps on the node.
          type: list
          elements: dict
        unavailable:
          description: What could not be looked at, each with the reason.
          type: dict
          sample: {namespaces: 'no permission to see the network namespace of 120 of 130 processes'}
        hidden:
          description: How many processes could not be asked for their network namespace, and how many namespaces could
            not be entered, each as a number and of how many.
          type: dict
          returned: when there are some
          sample: {processes: [120, 130]}
"""
