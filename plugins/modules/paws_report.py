# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: paws_report
short_description: Report on all hosts of a play that M(nodetcp.paws.paws_audit) has judged
version_added: 0.1.0
description:
  - Internal to the role P(nodetcp.paws.audit#role).
  - Collects the verdicts of every host of the play, also of those that failed, were unreachable or were skipped, judges
    records of the offline collector, writes the reports on the controller and prints the verdict table, worst first.
  - The verdicts are taken from the journal of the run, into which M(nodetcp.paws.paws_audit) puts them with
    C(journal). What became of hosts that are not in it is taken from the variables in which the role
    P(nodetcp.paws.audit#role) registers its looks, C(__audit_result) for the first one and C(__audit_window_result)
    for the second one. These may hold whole results, too.
  - C(audit.json) is always written. Its description is in C(docs/audit.schema.json) of the collection.
  - A summary goes out as the custom statistic C(nodetcp_paws), as with M(ansible.builtin.set_stats).
  - The task fails where the reports cannot be written, after it has printed the table.
  - Else it succeeds whatever the verdicts are. RV(failure) says why the run should end as failed, RV(failures)
    which hosts are to fail for it.
extends_documentation_fragment:
  - nodetcp.paws.verbs.controller
  - nodetcp.paws.verbs.read_only
  - nodetcp.paws.verbs.judge
  - nodetcp.paws.verbs.language
  - nodetcp.paws.verbs.report_dir
  - nodetcp.paws.verbs.report
options:
  records:
    description:
      - Directory on the controller with records (C(*.json)) made by the offline collector. Empty for none.
      - They are judged by O(rules), O(waivers) and O(profile).
    type: str
  nodes:
    description:
      - What M(nodetcp.paws.paws_kubernetes) returned as C(nodes), for O(records) that are its C(directory).
      - The nodes are then the hosts of the report, with their groups. The hosts of the play are not in it.
    type: dict
    default: {}
  window:
    description:
      - Seconds of the second look that hosts worth it get, V(0) if there is none.
      - Such a host counts as missing until its second look is over.
    type: float
    default: 0
  ignore_unreachable:
    description: Whether unreachable hosts do not count for RV(failure).
    type: bool
    default: false
  skip:
    description: Hosts that were left out on purpose, by name, each with the reason.
    type: dict
    default: {}
notes:
  - Reports are written in check mode too. Nothing on any node is touched, so the task is never changed.
  - Under C(serial) and under the free strategy, where this runs more than once, hosts that are yet to come are in the
    report as skipped. A report never replaces a fuller one of the same run, and RV(failure) is empty until no host is
    missing. The table is printed when no host is missing, or the play ends with this batch.
  - The table is drawn by the Python library C(rich) where that is installed, by padding otherwise.
  - The table goes to standard error when the stdout callback is one for programs, such as
    P(ansible.posix.json#callback).
seealso:
  - module: nodetcp.paws.paws_audit
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: Observe and judge
  nodetcp.paws.paws_audit:
  register: __audit_result
  ignore_errors: true
  ignore_unreachable: true

- name: Write the report
  nodetcp.paws.paws_report:
    report_dir: /var/reports/tcp
    fail_on: exposed
  run_once: true
  register: report

- name: Fail the hosts that the report names
  ansible.builtin.fail:
    msg: "{{ report.failures[inventory_hostname] }}"
  when: inventory_hostname in report.failures
"""

RETURN = r"""
files:
  description: Paths of the files that were written. None where a fuller report of this run was there already.
  returned: success
  type: list
  elements: str
  sample: [/home/me/paws-report/audit.json, /home/me/paws-report/audit.html]
summary:
  description: Numbers of hosts by verdict and by status, and the worst verdict.
  returned: success
  type: dict
  contains:
    hosts:
      description: Number of hosts in the report.
      type: int
    verdicts:
      description: Number of hosts of each class, skipped ones left out.
      type: dict
    statuses:
      description: Number of hosts by status, ok, failed, unreachable and skipped.
      type: dict
    worst:
      description: The worst verdict; none when no host was audited.
      type: str
failure:
  description: Why the run should end as failed, naming hosts and reasons. Empty when it should not.
  returned: success
  type: str
  sample: "1 host is not audited in full: db2 unreachable (Failed to connect to the host via ssh)."
failures:
  description:
    - The hosts of the play that are to fail for it, each with the reason. A host that the play has dropped is not among
      them. What concerns no host of the play stands with the host for which the task ran.
  returned: success
  type: dict
  sample: {"db2": "unreachable: Failed to connect to the host via ssh"}
"""
