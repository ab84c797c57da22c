# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: paws_audit
short_description: Tell whether a node drops SYNs in silence because of its TCP settings
version_added: 0.1.0
description:
  - Looks at a node as M(nodetcp.paws.tcp_facts) does and judges what it sees by the rules of this collection, all in
    one task.
  - The verdict is one class of the host, V(ignore:dropping), V(ignore:exposed), V(ignore:impaired), V(ignore:latent),
    V(ignore:unknown), V(ignore:stale), V(ignore:advisory) or V(ignore:clean), the worst of its network namespaces and
    of its findings.
extends_documentation_fragment:
  - nodetcp.paws.verbs
  - nodetcp.paws.verbs.read_only
  - nodetcp.paws.verbs.action_group
  - nodetcp.paws.verbs.look
options:
  rules:
    description:
      - Rules beside, or changes to, those of the collection.
      - An entry with a known C(id) and C(severity) or C(enabled) changes that rule; any other entry is a rule of its
        own.
    type: list
    elements: dict
    default: []
  waivers:
    description:
      - Findings that are accepted. Each names a C(rule) and a C(reason) and may name the date on which it C(expires).
      - A waived finding stays in the result, marked, and does not count.
    type: list
    elements: dict
    default: []
  profile:
    description: What the node is for, which some rules depend on.
    type: str
    choices: [server, client, proxy, k8s_node]
    default: server
  window:
    description:
      - Seconds between two looks at the counters. Only a counter that rises between them says that something happens
        now.
      - With V(0) there is one look and nothing is measured.
    type: float
    default: 0
  since:
    description:
      - The RV(sample) of an earlier look, so that only the rest of the O(window) has to be waited for.
    type: dict
  return_record:
    description: Whether to return the record that was judged.
    type: bool
    default: false
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
exposure:
  description: The worst exposure of the host's network namespaces to the per-host PAWS rule.
  returned: success
  type: str
  sample: exposed
evidence:
  description: What the counters say of that rule.
  returned: success
  type: str
  sample: past
impact:
  description: The network namespaces, containers, listeners and peers that are hit or at risk.
  returned: success
  type: dict
findings:
  description: What the rules found, worst first.
  returned: success
  type: list
  elements: dict
  contains:
    rule:
      description: The id of the rule.
      type: str
      returned: success
    title:
      description: What was found, in a few words.
      type: str
      returned: success
    severity:
      description: One of V(ignore:critical), V(ignore:high), V(ignore:medium), V(ignore:low) and V(ignore:info).
      type: str
      returned: success
    class:
      description: The class that the finding raises its host to.
      type: str
      returned: success
    active:
      description: Whether a counter was seen to rise, so that it happens now.
      type: bool
      returned: success
    namespace:
      description: The network namespace that it was found in, none for the node as a whole.
      type: str
      returned: success
    evidence:
      description: The values that the rule saw.
      type: dict
      returned: success
    why:
      description: Why it matters.
      type: str
      returned: success
    fix:
      description: What to set.
      type: dict
      returned: success
    references:
      description: Where it is written.
      type: list
      elements: str
      returned: success
    waived:
      description: The reason and the last day of the waiver that takes the finding out of the verdict.
      type: dict
      returned: success
namespaces:
  description: Each network namespace with its exposure and evidence.
  returned: success
  type: list
  elements: dict
watch:
  description: Whether a second look, O(window) seconds after this one, could say more.
  returned: success
  type: bool
sample:
  description: The counters of this look, for O(since) of a later one.
  returned: success
  type: dict
kernel:
  description: The kernel's release, version and vendor.
  returned: success
  type: dict
source:
  description: How, when and with what the node was looked at.
  returned: success
  type: dict
unavailable:
  description: What could not be looked at, each with the reason.
  returned: success
  type: dict
profile:
  description: The profile that the node was judged by.
  returned: success
  type: str
record:
  description: The record that was judged, as M(nodetcp.paws.tcp_facts) returns it.
  returned: when O(return_record=true)
  type: dict
"""
