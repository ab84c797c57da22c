# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: paws_scan
short_description: Find the TCP settings that drop SYNs in infrastructure code
version_added: 0.3.0
description:
  - Reads files on the controller and says which lines set sysctls that the rules of the collection find, what each does
    and on which kernels. No host is contacted and nothing is changed.
  - Understands sysctl files and their templates, tasks and variables of Ansible, shell scripts and here documents,
    Dockerfiles, cloud-config and user data, Kubernetes manifests and Helm charts, compose files, TuneD profiles,
    systemd units, Terraform, Puppet and Hiera, Salt, Chef, NixOS, Packer, kickstart and preseed files, and Makefiles.
  - Text in comments, documentation and checks that only read is not a finding. Of several values that a file gives a
    key, the last one counts.
  - Prints the findings as compilers do, C(PATH:LINE). C(scan.json) is always written. The task itself succeeds
    whatever is found. RV(failure) says why the run should end as failed.
extends_documentation_fragment:
  - nodetcp.paws.verbs.controller
  - nodetcp.paws.verbs.read_only
  - nodetcp.paws.verbs.language
  - nodetcp.paws.verbs.report_dir
options:
  paths:
    description:
      - Files and directories on the controller. Symbolic links inside directories are not followed.
      - Paths in the report are relative to the directory. With several paths, or a file, they stay as they were given.
    type: list
    elements: str
    required: true
  kernels:
    description:
      - Kernel versions or releases that the files are for, such as V(3.10) or V(4.18.0-553.el8). Quote them in YAML,
        where 3.10 would be the number 3.1.
      - A finding has the worst level of these kernels. If none is named, 3.10 and 6.12 count, and a line that sets
        C(tcp_tw_recycle) to 0 is not said to be stale.
    type: list
    elements: str
    default: []
  audit:
    description: A stored C(audit.json), or its directory. The kernels of its hosts are added to O(kernels).
    type: str
  exclude:
    description: Patterns of paths, as in the report, that are left out (V(tests/*)).
    type: list
    elements: str
    default: []
  baseline:
    description: A C(scan.json) of an earlier scan, or its directory. Findings that it has do not count again.
    type: str
  rules:
    description: Rules that are added or changed, as with M(nodetcp.paws.paws_audit).
    type: list
    elements: dict
    default: []
  formats:
    description: Formats beside C(scan.json), which is always written.
    type: list
    elements: str
    choices: [json, sarif, junit, markdown]
    default: [json]
  fail_on:
    description: The level from which on, worst first, RV(failure) says that the run should fail.
    type: str
    choices: [error, warning, note, none]
    default: warning
notes:
  - A comment C(nodetcp:ignore RULE) with a colon and a reason behind it, on the line or on the line above it, accepts
    a finding. Without a reason it counts.
  - Files of more than 4 MiB and binary files are named and not read.
seealso:
  - module: nodetcp.paws.paws_audit
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: Scan a checkout
  nodetcp.paws.paws_scan:
    paths: [.]
    kernels: ['3.10', '5.14']
    formats: [json, sarif]
  delegate_to: localhost
  run_once: true
  register: scan

- name: Stop the pipeline where something is found
  ansible.builtin.fail:
    msg: "{{ scan.failure }}"
  run_once: true
  when: scan.failure | length > 0
"""

RETURN = r"""
files:
  description: Paths of the files that were written.
  returned: success
  type: list
  elements: str
  sample: [/home/me/paws-report/scan.json, /home/me/paws-report/scan.sarif]
findings:
  description: What was found, in the order of paths and lines.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: The file.
      type: str
    line:
      description: The line that names the key. For loops it is the entry.
      type: int
    key:
      description: The sysctl, or V(random-fully) for rules of a packet filter.
      type: str
    value:
      description: The value as it is written.
      type: str
    level:
      description: V(error), V(warning) or V(note).
      type: str
    rule:
      description: The id of the rule.
      type: str
    fix:
      description:
        - The change of one line that mends it, with C(line), C(old), C(new) (none where the line goes) and C(diff).
        - None where no change of one line is safe.
      type: dict
    kernels:
      description: The level on each kernel that minds.
      type: dict
    text:
      description: What the setting does.
      type: str
summary:
  description: The numbers of findings, as one line.
  returned: success
  type: str
  sample: 1 error, 0 warnings, 2 notes in 120 files
failure:
  description: Why the run should end as failed, with the first places. Empty when it should not.
  returned: success
  type: str
  sample: "1 finding is of level warning or worse (scan_fail_on): roles/tune/defaults/main.yml:3."
"""
