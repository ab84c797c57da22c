# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: paws_watched
short_description: Name the hosts of an audit that deserve a second look
version_added: 0.3.0
description:
  - Internal to the playbook C(nodetcp.paws.audit). It reads the journal of the run.
  - A play of its own then takes the second look at these hosts alone, because a task that is skipped on a host costs
    the controller as much as one that runs.
extends_documentation_fragment:
  - nodetcp.paws.verbs.controller
  - nodetcp.paws.verbs.read_only
options:
  window:
    description: Seconds of the second look. With V(0) no host gets one.
    type: float
    required: true
seealso:
  - module: nodetcp.paws.paws_audit
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: Name the hosts that deserve a second look
  nodetcp.paws.paws_watched:
    window: 10
  register: watched
  run_once: true
"""

RETURN = r"""
hosts:
  description: Their names.
  returned: success
  type: list
  elements: str
"""
