# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: paws_merge
short_description: Make reports again from stored ones, merge several, compare two
version_added: 0.2.0
description:
  - Internal to the playbook C(nodetcp.paws.report).
  - Reads C(audit.json) files that M(nodetcp.paws.paws_report) has written, makes one report of them in any format, and
    prints the verdict table. No host is contacted.
  - Several reports (slices of an inventory, regions, days) become one. A host that more than one of them names is taken
    from the newest run that came to it, and the verdict table says how many there are.
  - With a baseline, each host is said to be V(worse) (a worse verdict), V(new) (a finding, or a host with one, that was
    not there), V(unaudited) (audited then, not now), V(fixed) or V(unchanged).
  - The task itself succeeds whatever the verdicts are. RV(failure) says why the run should end as failed.
extends_documentation_fragment:
  - nodetcp.paws.verbs.controller
  - nodetcp.paws.verbs.read_only
  - nodetcp.paws.verbs.report
options:
  sources:
    description: Stored reports on the controller, as files, directories with an C(audit.json), or patterns of either.
    type: list
    elements: str
    required: true
  hosts:
    description:
      - Names of the hosts that the report must have. One that is in none of the stored reports becomes an entry without
        a verdict, and RV(failure) says so; a slice that left no report is seen that way.
    type: list
    elements: str
    version_added: 0.3.0
  baseline:
    description: Stored reports to compare with, in the same form. Several are merged first.
    type: list
    elements: str
    default: []
  report_dir:
    description:
      - Directory on the controller for the reports, relative to where ansible-playbook was started. Made if missing.
      - It must not hold one of the reports that are merged or compared.
    type: str
    default: paws-report
  language:
    description: Language of the reports and of the table. If not set, that of the stored report.
    type: str
    choices: [en, zh]
  gate:
    description:
      - Changes since the baseline for which RV(failure) says that the run should fail. V(worse) means hosts that are
        worse or no longer audited (V(unaudited), or audited then and gone from the report), V(new) those with new
        findings too.
    type: str
    choices: [none, worse, new]
    default: none
notes:
  - Reports are written in check mode too. Nothing on any node is touched, so the task is never changed.
seealso:
  - module: nodetcp.paws.paws_report
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: One report of three slices
  nodetcp.paws.paws_merge:
    sources: [slices/*/audit.json]
    hosts: "{{ groups['all'] }}"
    report_dir: whole
    formats: [html, csv]
  delegate_to: localhost
  run_once: true

- name: Compare with yesterday
  nodetcp.paws.paws_merge:
    sources: [today]
    baseline: [yesterday]
    report_dir: compared
    gate: worse
  delegate_to: localhost
  run_once: true
  register: report

- name: Stop the pipeline where something is worse
  ansible.builtin.fail:
    msg: "{{ report.failure }}"
  run_once: true
  when: report.failure | length > 0
"""

RETURN = r"""
files:
  description: Paths of the files that were written.
  returned: success
  type: list
  elements: str
  sample: [/home/me/whole/audit.json, /home/me/whole/audit.html]
summary:
  description: Numbers of hosts by verdict and by status, and the worst verdict, as with M(nodetcp.paws.paws_report).
  returned: success
  type: dict
comparison:
  description:
    - The run of the baseline, numbers of hosts by change, and the names of hosts that are gone, all and those that
      were audited.
    - None without a baseline.
  returned: success
  type: dict
failure:
  description: Why the run should end as failed, naming hosts and reasons. Empty when it should not.
  returned: success
  type: str
  sample: "1 host is worse than in the baseline (report_gate): web1 worse (clean, now exposed)."
"""
