# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: sysctl_forget
short_description: Remove the change sets, and so every trace of this collection, from a node
version_added: 0.2.0
description:
  - Removes the state directory with all change sets, timers and boot hooks. Nothing else of this collection stays on
    a node whose change sets are undone.
  - Fails where a change set is in force or waits for its confirmation, since it could not be undone any more.
extends_documentation_fragment:
  - nodetcp.paws.verbs
  - nodetcp.paws.verbs.changing
  - nodetcp.paws.verbs.store
attributes:
  diff_mode:
    support: none
    details:
      - It changes no setting.
options:
  keep_settings:
    description:
      - Whether settings that are in force stay for good. The lines that M(nodetcp.paws.sysctl_policy) wrote into
        sysctl files then stay too, and can no longer be undone.
    type: bool
    default: false
seealso:
  - module: nodetcp.paws.sysctl_rollback
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: Undo what was changed last
  nodetcp.paws.sysctl_rollback:
    restore_unsafe: true

- name: Leave nothing behind
  nodetcp.paws.sysctl_forget:
"""

RETURN = r"""
removed:
  description: The ids of the change sets that were removed, the oldest first.
  returned: always
  type: list
  elements: str
"""
