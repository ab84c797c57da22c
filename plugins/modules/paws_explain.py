# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: paws_explain
short_description: Say what follows from pasted output, logs, reports and captures
version_added: 0.3.0
description:
  - Reads what people have of a host that they cannot audit, recognises by content what it is, and says what follows
    from it, what cannot be told, and which command would tell it. No host is contacted, nothing is sent.
  - "Known are C(netstat -s) of net-tools 1.60 to 2.10, C(/proc/net/netstat) and C(snmp), C(nstat) and its JSON,
    C(sysctl -a), sysctl files, C(ss -s), lists of sockets of C(ss) and C(netstat), kernel logs, C(conntrack -S),
    counters of packet filters, C(tcpdump) and C(tshark) as text, C(pcap) and C(pcapng), captured trees, sosreports as
    directories or archives, and directories with any of these, several in one text too."
  - Nothing is guessed. C(netstat -s) in a language other than English, damaged tables and any other text are reported
    as unreadable. The parts of a text are trusted as far as they agree.
extends_documentation_fragment:
  - nodetcp.paws.verbs.controller
  - nodetcp.paws.verbs.read_only
  - nodetcp.paws.verbs.language
  - nodetcp.paws.verbs.report_dir
requirements:
  - The Python library C(dpkt) on the controller for capture files of packets.
options:
  source:
    description:
      - A file, a directory or an archive on the controller, relative to where ansible-playbook was started.
      - V(-) reads what was piped into C(ansible-playbook), on controllers with Linux.
    type: str
    required: true
notes:
  - C(explain.json) is written in check mode too. Nothing on any node is touched, so the task is never changed.
  - Input is hostile until proven otherwise. Texts are read up to 16 MiB, of a long one 10,000 lines at each end.
    Archives are unpacked up to 256 MiB into a private directory that is removed at the end. No link leads out of it.
seealso:
  - module: nodetcp.paws.syn_info
  - module: nodetcp.paws.paws_audit
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: What does the output that a customer sent say?
  nodetcp.paws.paws_explain:
    source: ticket-4711/netstat.txt
  delegate_to: localhost
  run_once: true
"""

RETURN = r"""
texts:
  description:
    - One entry for each text, as in C(explain.json). C(says), C(cannot_tell) and C(ask) are the answer, C(sentences)
      and C(unknown) the same in English words, and C(messages) in data.
  returned: success
  type: list
  elements: dict
  contains:
    source:
      description: The file.
      type: str
    form:
      description: What it is; V(mixed) for several, V(unreadable) where nothing in it is known.
      type: str
    counters:
      description: Counters by the kernel's names, of the later sample. None where the kernel has no such counter.
      type: dict
    counters_before:
      description: The same of the earlier sample, None where there is one.
      type: dict
    interval_s:
      description: Seconds between the two, None where the text does not say.
      type: float
    sysctls:
      description: Running values as text. None where the text says that the kernel has no such key.
      type: dict
    conntrack:
      description: Figures of nf_conntrack.
      type: dict
    listen:
      description: For each port how many connections wait in the accept queue, and its limit or None.
      type: dict
    scopes:
      description: Counters and sysctls of C(host) and C(container), where the text says which is which.
      type: dict
    cut32:
      description: Whether counters were printed as 32 bits and are cut off.
      type: bool
    is_delta:
      description: Whether counters are since another look, not since boot. None where it cannot be told.
      type: bool
    says:
      description: The statements that follow, by name.
      type: list
      elements: str
    cannot_tell:
      description: What does not follow, by name.
      type: list
      elements: str
    ask:
      description: Commands that would tell more, the best first.
      type: list
      elements: str
left_out:
  description: What of a directory was not looked at.
  returned: success
  type: list
  elements: str
files:
  description: Path of the file that was written.
  returned: success
  type: list
  elements: str
  sample: [/home/me/paws-report/explain.json]
"""
