# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: paws_check_variables
short_description: Check the rules, waivers and other variables of an audit before any host is contacted
version_added: 0.1.0
description:
  - Looks at the C(audit_*) variables of every host of the play, whichever host it runs for, and fails when one of them
    is wrong, naming the rule or waiver, the variable and the hosts.
  - Each distinct value is looked at once, so one task with C(run_once) serves thousands of hosts.
  - What the variables mean is described with the role P(nodetcp.paws.audit#role).
extends_documentation_fragment:
  - nodetcp.paws.verbs.controller
  - nodetcp.paws.verbs.read_only
  - nodetcp.paws.verbs.action_group
options:
  roles:
    description: The roles whose variables are looked at.
    type: list
    elements: str
    choices: [audit, safe_sysctl, rollback]
    default: [audit]
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
