# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: paws_conclude
short_description: Decide after a batch whether the run goes on, and what is undone
version_added: 0.2.0
description:
  - Internal to the playbook C(nodetcp.paws.remediate).
  - Looks at what applying and verifying gave on each host of the batch, as the role P(nodetcp.paws.safe_sysctl#role)
    registers it.
  - A host that failed, was unreachable since its change began, or made other changes than planned has failed.
extends_documentation_fragment:
  - nodetcp.paws.verbs.controller
  - nodetcp.paws.verbs.read_only
  - nodetcp.paws.verbs.language
options:
  on_failure:
    description:
      - What is undone then. V(batch) the whole batch, V(host) the hosts that failed, V(all) every host that this run
        has changed, V(stop) nothing.
    type: str
    choices: [batch, host, all, stop]
    default: batch
seealso:
  - module: nodetcp.paws.paws_batches
  - module: nodetcp.paws.sysctl_rollback
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: Conclude the batch
  nodetcp.paws.paws_conclude:
  register: conclusion
  run_once: true
"""

RETURN = r"""
stop:
  description: Whether a host has failed. The playbook C(nodetcp.paws.remediate) changes no later host then.
  returned: success
  type: bool
failures:
  description: The hosts that failed, each with the reason.
  returned: success
  type: dict
undo:
  description: The hosts on which the change set is to be undone.
  returned: success
  type: list
  elements: str
"""
