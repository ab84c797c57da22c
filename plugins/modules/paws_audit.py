# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: paws_audit
short_description: Tell whether a node drops SYNs in silence because of its TCP settings
version_added: 0.1.0
description:
  - Looks at a node as M(nodetcp.paws.tcp_facts) does and judges what it sees by the rules of this collection, all in
    one task.
  - The verdict is one class of the host, V(dropping), V(exposed), V(impaired), V(latent),
    V(unknown), V(stale), V(advisory) or V(clean), the worst of its network namespaces and
    of its findings.
extends_documentation_fragment:
  - nodetcp.paws.verbs
  - nodetcp.paws.verbs.read_only
  - nodetcp.paws.verbs.judge
  - nodetcp.paws.verbs.look
  - nodetcp.paws.verbs.measure
options:
  window_for:
    description:
      - With V(watched) a node gets the O(window) only if the first look finds counters that deserve it (RV(watch)),
        within the same task. If the second look fails, the result is that of the first one, and RV(second_look) says
        what happened.
      - It has no effect where O(since) is given.
    type: str
    choices: [all, watched]
    default: all
    version_added: 0.3.0
  journal:
    description:
      - Internal to the audit of this collection. The result goes into the journal of the run on the controller, and
        what is returned is RV(verdict), RV(worst), RV(partly_seen) and RV(journaled) alone, so that the main
        process of ansible-playbook stays small.
      - V(first) is for the first look, or the only one. V(again) is for the second look, with the sample that the
        journal has of the first.
      - Options that are not given are taken from the variables C(audit_root), C(audit_collector), C(audit_rules),
        C(audit_waivers) and C(audit_profile). O(window) is taken from C(audit_window) with V(again) and where
        O(window_for) is given.
    type: str
    choices: [first, again]
    version_added: 0.3.0
seealso:
  - module: nodetcp.paws.tcp_facts
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: Judge the node
  nodetcp.paws.paws_audit:
  register: audit

- name: Stop where connections may be refused
  ansible.builtin.assert:
    that: audit.verdict not in ['dropping', 'exposed']
    fail_msg: "{{ audit.summary }}"

- name: Say what was found, and what to do
  ansible.builtin.debug:
    msg: "{{ item.severity }} {{ item.title }}. {{ item.fix.text }}"
  loop: "{{ audit.findings }}"
  loop_control:
    label: "{{ item.rule }}"

- name: Measure over ten seconds
  nodetcp.paws.paws_audit:
    window: 10
    profile: proxy
    waivers:
      - rule: rfc1337
        reason: required by ANSSI BP-028 R12, no NAT in front of this host
        expires: "2027-06-30"
"""

RETURN = r"""
verdict:
  description: The class of the host.
  returned: success
  type: str
  sample: exposed
summary:
  description: The one line a person needs.
  returned: success
  type: str
  sample: >-
    net.ipv4.tcp_tw_recycle=1 with timestamps on: SYNs of NATed clients are dropped; container d3c12ac18adb (docker)
    lost 763 in 12 s; fix on the host
messages:
  description:
    - The id and the arguments of each sentence beside it, for programs and other languages.
    - In RV(findings) they stand in C(fix) and C(evidence). What a rule says has the id C(rules/RULE/PART).
  returned: success
  type: dict
  sample: {summary: {id: summary/no-key, arguments: {key: net.ipv4.tcp_tw_recycle, noted: ""}}}
exposure:
  description:
    - Whether the node could drop SYNs by the per-host PAWS rule, the worst of its network namespaces.
    - V(exposed) it could, V(masked) it could if timestamps were on, V(latent) it could after the
      next boot or reload, V(none) or V(unknown).
  returned: success
  type: str
  sample: exposed
evidence:
  description:
    - Whether it did, by the counters.
    - V(active) while it was looked at, V(past) since boot, V(none), V(impossible) where the
      kernel does not have the rule, or V(unknown).
  returned: success
  type: str
  sample: past
impact:
  description: What is hit or at risk.
  returned: success
  type: dict
  contains:
    namespaces:
      description: The ids of the network namespaces.
      type: list
      elements: str
    containers:
      description: The containers, each with C(id), C(runtime), C(pod_uid), and C(pod) as in M(nodetcp.paws.tcp_facts).
      type: list
      elements: dict
      sample: [{id: d3c12ac18adbe4ccbbb1a94db004777b53677fb314b334b6001ec9e11700c543, runtime: docker, pod_uid: null}]
    listeners:
      description: The addresses and ports that are listened on.
      type: list
      elements: str
      sample: [0.0.0.0:443]
    peers:
      description: The addresses whose SYNs are at risk now, on kernels from 3.6 to 4.11.
      type: list
      elements: str
findings:
  description:
    - What the rules found, worst first.
    - Of one rule, severity and class at most 256 that count are listed, and as many that are waived. C(more_findings)
      in the C(evidence) of the last one is the number of the others. They count like those that are listed.
  returned: success
  type: list
  elements: dict
  contains:
    rule:
      description: The id of the rule.
      type: str
    title:
      description: What was found, in a few words.
      type: str
    severity:
      description: One of V(critical), V(high), V(medium), V(low) and V(info).
      type: str
    class:
      description: The class that the finding raises its host to.
      type: str
    active:
      description: Whether a counter was seen to rise, so that it happens now.
      type: bool
    namespace:
      description: The network namespace that it was found in, none for the node as a whole.
      type: str
    evidence:
      description: The values that the rule saw, each text up to 512 characters.
      type: dict
    why:
      description: Why it matters.
      type: str
    fix:
      description:
        - What to do, in C(text), and where it is a setting, C(sysctl) with C(value), C(minimum) or C(absent).
        - C(where) says V(node), V(host) where a container's finding is repaired on its host, or
          V(namespace). With C(report_only) no playbook of this collection ever does it.
        - C(take_out_of) lists C(kind), C(file) and C(line) of what sets the key again after the sysctl files.
      type: dict
      sample: {sysctl: net.ipv4.tcp_tw_recycle, value: 0, where: host, text: 'Works from the next SYN on, no restart.'}
    references:
      description: Where it is written.
      type: list
      elements: str
    waived:
      description: The reason and the last day of the waiver that takes the finding out of the verdict.
      type: dict
namespaces:
  description:
    - Each network namespace with its C(exposure) and C(evidence), and in C(window) the counters that rose between two
      looks.
  returned: success
  type: list
  elements: dict
  sample:
    - id: net:[4026532300]
      kind: container
      container: {id: d3c12ac18adbe4ccbbb1a94db004777b53677fb314b334b6001ec9e11700c543, runtime: docker, pod_uid: null}
      count: 1
      exposure: exposed
      evidence: active
      window: {seconds: 12.0, rises: {TcpExt.PAWSPassive: 763, TcpExt.ListenDrops: 763}}
next_boot:
  description:
    - Of each sysctl that something sets, what it will be after the next boot, C(by) whom (C(sysctl) for a sysctl file,
      else the kind of the program), and in C(losers) what ran before and lost. One entry where all C(readers) of sysctl
      files agree.
    - A value is null where it is computed, or where a line is read before the C(module) of its key is known to load.
  returned: success
  type: dict
  sample:
    net.ipv4.tcp_tw_recycle:
      - readers: [systemd, procps]
        by: rc.local
        file: /etc/rc.local
        line: 3
        value: 1
        losers: [{by: sysctl, file: /etc/sysctl.d/99-local.conf, line: 1, value: 0}]
watch:
  description: Whether a second look, O(window) seconds after this one, could say more.
  returned: success
  type: bool
cluster:
  description:
    - What a node of Kubernetes does with addresses; null for a node without any sign of it.
    - C(kube_proxy) is as in M(nodetcp.paws.tcp_facts). C(behind_snat) has the C(number) of pods whose source address
      the node translates, some of their C(names), and C(by), the owners of the rules; null where none are known.
  returned: success
  type: dict
  sample:
    kube_proxy: {mode: iptables, by: process}
    behind_snat: {number: 31, names: [shop/web-5d9f8-x2k4z], by: [flannel]}
worst:
  description: The rules whose findings make the verdict, three of them at most.
  returned: with O(journal)
  type: list
  elements: str
  sample: [tw-recycle-enabled]
partly_seen:
  description: Whether the verdict does not rest on all of the host.
  returned: with O(journal)
  type: bool
journaled:
  description: Whether the journal of the run has the rest.
  returned: with O(journal)
  type: bool
second_look:
  description: Why the second look of O(window_for=watched) failed; V(failed) or V(unreachable), and C(msg).
  returned: when it failed
  type: dict
sample:
  description: The counters of this look, for O(since) of a later one.
  returned: success
  type: dict
kernel:
  description: The kernel's release, version and vendor.
  returned: success
  type: dict
  sample: {release: 3.10.0-1160.el7.x86_64, version: [3, 10, 0], vendor: el7}
source:
  description: How, when and with what the node was looked at.
  returned: success
  type: dict
unavailable:
  description: What could not be looked at, each with the reason. It is never guessed.
  returned: success
  type: dict
  sample: {namespaces: 'no permission to see the network namespace of 120 of 130 processes'}
unseen:
  description:
    - The parts of RV(unavailable) that the verdict rests on; empty for a node that was seen in full.
    - The class stays what it is. This list says what it does not cover.
  returned: success
  type: list
  elements: dict
  sample: [{part: processes, number: 282, of: 289, cure: root}]
  contains:
    part:
      description:
        - One of V(processes), V(namespaces) that could not be entered, V(settings) that run, V(sysctl_files),
          V(loading) (how sysctl files are loaded), V(writers) (other files that may set sysctls), V(counters),
          V(conntrack), V(peers) and V(other).
      type: str
    number:
      description: How many were not seen, none where nobody could count them.
      type: int
    of:
      description: Of how many, none where that is not known.
      type: int
    cure:
      description:
        - What shows the part. V(root) is to run as root (C(-b)), V(host) to audit the machine that this node is a part
          of, V(capture) to take more into the captured tree. None where none of these is known to help.
      type: str
change_sets:
  description: The change sets of this collection on the node, the newest first. C(changes) is how many each has.
  returned: success
  type: list
  elements: dict
  sample: [{id: 20261122T050000Z-0123abcd, time: 1795323600, state: applied, changes: 2}]
profile:
  description: The profile that the node was judged by.
  returned: success
  type: str
record:
  description: The record that was judged, as M(nodetcp.paws.tcp_facts) returns it.
  returned: when O(return_record=true)
  type: dict
"""
