# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: paws_verify
short_description: Verify that a change of settings did what it was made for
version_added: 0.2.0
description:
  - Internal to the role P(nodetcp.paws.safe_sysctl#role).
  - Drops the connection, looks at the node over a new one and fails unless each setting of the plan runs, both
    readers of sysctl files resolve to it at the next boot, and the findings it was made for are gone.
  - Then it runs the user's command on the node and asks for the user's page.
  - With O(since) it looks again after the window. Where counters had moved because of what was changed, they must have
    stopped. Then it confirms the change set if it is asked to.
extends_documentation_fragment:
  - nodetcp.paws.verbs
  - nodetcp.paws.verbs.read_only
  - nodetcp.paws.verbs.judge
options:
  plan:
    description: The plan that was carried out, as M(nodetcp.paws.paws_plan) returned it.
    type: dict
    required: true
  window:
    description: Seconds for which counters are watched. V(0) does not watch them.
    type: float
    default: 0
  since:
    description: The RV(sample) of the first look after the change.
    type: dict
  health_command:
    description: Command that must end with 0, in the shell of the node. It needs no Python there.
    type: str
  health_url:
    description: Page that must answer the controller within 10 seconds, with a status below 400.
    type: str
  confirm:
    description: Id of the change set to be confirmed when all is well, as by M(nodetcp.paws.sysctl_confirm).
    type: str
  state_dir:
    description: The directory of the change sets on the node.
    type: str
    default: /var/lib/nodetcp-paws
seealso:
  - module: nodetcp.paws.paws_plan
  - module: nodetcp.paws.sysctl_confirm
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: Verify over a new connection
  nodetcp.paws.paws_verify:
    plan: "{{ looked.plan }}"
    health_command: systemctl is-active nginx
  register: verified

- name: Watch the counters
  nodetcp.paws.paws_verify:
    plan: "{{ looked.plan }}"
    window: 10
    since: "{{ verified.sample }}"
  when: verified.settle
"""

RETURN = r"""
verdict:
  description: The class of the host now. All other values of M(nodetcp.paws.paws_audit) are returned too.
  returned: when the task looked at the node
  type: str
sample:
  description: The counters of this look, for O(since).
  returned: when the task looked at the node
  type: dict
settle:
  description: Whether the second call is worth it, to watch counters or to confirm.
  returned: without O(since)
  type: bool
"""
