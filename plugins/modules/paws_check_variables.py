# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: paws_check_variables
short_description: Check the rules, waivers and other variables of an audit before any host is contacted
version_added: 0.1.0
description:
  - Internal to the playbooks and roles of this collection.
  - Looks at the C(audit_*) variables of every host of the play, whichever host it runs for, and fails when one of them
    is wrong, naming the rule or waiver, the variable and the hosts.
  - A variable that begins with C(audit_), C(remediate_), C(rollback_), C(report_), C(diagnose_), C(forget_) or
    C(safe_sysctl_) and that the collection does not have is refused, with the nearest name that it has.
  - Each distinct value is looked at once, so one task with C(run_once) serves thousands of hosts.
  - What the variables mean is described with the role P(nodetcp.paws.audit#role).
extends_documentation_fragment:
  - nodetcp.paws.verbs.controller
  - nodetcp.paws.verbs.read_only
options:
  roles:
    description: The roles whose variables are looked at.
    type: list
    elements: str
    choices: [audit, safe_sysctl, rollback]
    default: [audit]
  hosts_of:
    description:
      - The variable that holds the pattern of the play's hosts. If it matches no host, the task fails.
      - Without it, and with an empty inventory, an audit goes on if it has C(audit_records) or no gate. The play needs
        P(nodetcp.paws.play_hosts#lookup), as Ansible leaves it out otherwise.
    type: str
    choices: [audit_hosts, remediate_hosts, rollback_hosts, forget_hosts]
  resume:
    description:
      - An audit that was ended before its report, by its id or the path of its directory. This run goes on with it.
      - The task fails if there is no such run, if another version of the collection began it, or if it still runs.
      - It fails too if that run audited hosts that this one does not have.
    type: str
    default: ""
    version_added: 0.3.0
  own_names:
    description:
      - Names of variables of your own that begin as those of this collection do, also as patterns with C(*). Any other
        such name that the collection does not know is refused.
    type: list
    elements: str
    default: []
notes:
  - Values with templates in them are templated in the context of each of their hosts.
seealso:
  - module: nodetcp.paws.paws_audit
  - module: nodetcp.paws.paws_report
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: Check the variables of all hosts of the play
  nodetcp.paws.paws_check_variables:
  run_once: true
"""

RETURN = r"""
rules:
  description: Number of rules that the audit uses, the user's included.
  returned: success
  type: int
  sample: 34
hosts:
  description: Number of hosts whose variables were looked at.
  returned: success
  type: int
  sample: 200
"""
