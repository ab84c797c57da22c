# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: paws_diagnosis
short_description: Plan and conclude a diagnosis of connections that fail
version_added: 0.2.0
description:
  - Internal to the playbook C(nodetcp.paws.diagnose). Plans and evaluates a diagnosis.
  - The playbook finds the network namespace that owns the destination, samples its counters, watches SYNs in it while
    each source and one host for comparison try to connect, samples and looks again, and holds every cause against that.
    Where SYNs came from another address than their clients have, it looks for that address on all hosts, and reads the
    rules with which its host translates.
    It is called as
    C(ansible-playbook nodetcp.paws.diagnose -e diagnose_from=web2 -e diagnose_to=db1 -e diagnose_port=5432).
  - C(diagnose_from) names the hosts or groups that cannot connect, separated by commas, each perhaps with a
    container behind it as in C(web2/3f2a91).
  - C(diagnose_to) names a host of the inventory, a container as in C(db1/3f2a91), or any container, network namespace
    or address, which is then looked for on all hosts. C(diagnose_port) is the port.
  - C(diagnose_count) is the number of attempts of each source, 5 if it is not set. C(diagnose_neutral) is a host to
    compare with, V(none) for none; if it is not set, it is the first host that is neither source nor destination.
  - The report is written as C(diagnose.json), C(diagnose.txt) and C(diagnose.html) to C(audit_report_dir), and becomes
    a section of the C(audit.html) that lies there. Later audits into this directory, and C(nodetcp.paws.report) from
    it, show it too. C(audit_language) is the language of C(diagnose.txt), C(diagnose.html) and the terminal.
extends_documentation_fragment:
  - nodetcp.paws.verbs.controller
  - nodetcp.paws.verbs.read_only
  - nodetcp.paws.verbs.language
  - nodetcp.paws.verbs.report_dir
options:
  step:
    description: Which step of the diagnosis to take.
    type: str
    choices: [question, plan, translator, conclude]
    required: true
  sources:
    description: The value of C(diagnose_from).
    type: raw
  destination:
    description: The value of C(diagnose_to).
    type: str
    default: ''
  port:
    description: The value of C(diagnose_port).
    type: raw
  count:
    description: The value of C(diagnose_count).
    type: raw
    default: 5
  neutral:
    description: The value of C(diagnose_neutral).
    type: str
    default: ''
  question:
    description: The result of the step V(question).
    type: dict
  plan:
    description: The result of the step V(plan).
    type: dict
  counters:
    description: The result of M(nodetcp.paws.paws_info) at the destination.
    type: dict
  looked:
    description: The result of M(nodetcp.paws.paws_locate) at the destination after the attempts.
    type: dict
seealso:
  - module: nodetcp.paws.tcp_probe
  - module: nodetcp.paws.paws_info
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: Read the question
  nodetcp.paws.paws_diagnosis:
    step: question
    sources: web2,web3/3f2a91
    destination: db1
    port: 5432
"""

RETURN = r"""
hosts:
  description: The hosts on which the destination is looked for, or who translates.
  returned: with O(step=question) and O(step=translator)
  type: list
  elements: str
what:
  description: What is looked for on them.
  returned: with O(step=question)
  type: str
sources:
  description: The sources, each a host and perhaps one of its network namespaces.
  returned: with O(step=question)
  type: list
  elements: dict
address:
  description: The address that attempts came from which failed or were slow, if none of their clients has it.
  returned: with O(step=translator)
  type: str
goal:
  description: The destination as it was found.
  returned: with O(step=plan)
  type: dict
tasks:
  description: What is to run at the same time.
  returned: with O(step=plan)
  type: list
  elements: dict
conclusion:
  description: The cause, its title, the confidence in it, and why.
  returned: with O(step=conclude)
  type: dict
  sample:
    cause: accept_queue
    title: "the accept queue is full: the application accepts too slowly"
    confidence: high
    why: ["ListenOverflows rose by 43 in the destination's namespace"]
files:
  description: The files that were written.
  returned: with O(step=conclude)
  type: list
  elements: str
"""
