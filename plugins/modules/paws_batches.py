# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: paws_batches
short_description: Decide whether the plans of all hosts may be carried out, and in which batches
version_added: 0.2.0
description:
  - Internal to the playbook C(nodetcp.paws.remediate).
  - Takes the plans that M(nodetcp.paws.paws_plan) made for the hosts of the play's batch, as the role
    P(nodetcp.paws.safe_sysctl#role) registers them, shows them, and says which hosts are changed in which order.
  - The playbook C(nodetcp.paws.remediate) takes the hosts of its next play from this decision.
  - The first batch holds O(batches) hosts of each kind, that is kernel series and profile, and all hosts of O(canary).
  - In check mode it writes O(plan_file). Otherwise it refuses a plan that is not the one in there.
extends_documentation_fragment:
  - nodetcp.paws.verbs.controller
  - nodetcp.paws.verbs.read_only
  - nodetcp.paws.verbs.language
options:
  batches:
    description:
      - Sizes, as counts or shares. The first one is taken of each kind of host, the others of all hosts that change.
        The last one is repeated. With an empty list the plan is shown and nothing is decided.
    type: list
    elements: str
    default: ["1", 10%, 50%, 100%]
  canary:
    description:
      - Hosts that are to be in the first batch. The plan is refused where one of them could not be audited, cannot be
        changed, or is not among the hosts of the play.
    type: list
    elements: str
    default: []
  max_hosts:
    description: The largest number of hosts that may change. V(0) allows any.
    type: int
    default: 0
  plan_file:
    description: File on the controller with the plan.
    type: str
seealso:
  - module: nodetcp.paws.paws_plan
  - module: nodetcp.paws.paws_conclude
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: Show the plan and decide on it
  nodetcp.paws.paws_batches:
    max_hosts: 50
    plan_file: approved.json
  register: decision
  run_once: true
"""

RETURN = r"""
change_set:
  description: The id under which this run records its changes.
  returned: success
  type: str
  sample: 20261122T053803Z-1a2b3c4d
planned:
  description: The hosts that need a change.
  returned: success
  type: list
  elements: str
hosts:
  description:
    - The hosts that are to be changed, in order. None in check mode, where the plan was refused, and without
      O(batches).
  returned: success
  type: list
  elements: str
patterns:
  description: The same as patterns that match no other host, for the C(hosts) of a play.
  returned: success
  type: list
  elements: str
serial:
  description: The sizes of the batches.
  returned: success
  type: list
  elements: int
batches:
  description: The batches as planned, whether they are going to be changed or not.
  returned: success
  type: list
  elements: list
stopped:
  description: Why, by host, nothing is planned for hosts that need something, such as a forecast of TIME_WAIT.
  returned: success
  type: dict
refused:
  description: Why nothing is changed. Empty when the plan is allowed.
  returned: success
  type: str
notes:
  description: Canaries that need no change.
  returned: success
  type: list
  elements: str
check_mode:
  description: Whether this was check mode.
  returned: success
  type: bool
"""
