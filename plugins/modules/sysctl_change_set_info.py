# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: sysctl_change_set_info
short_description: List the change sets of a node
version_added: 0.2.0
description:
  - Returns the change sets that M(nodetcp.paws.sysctl_policy) recorded on a node, newest first, with what was there
    before and after.
extends_documentation_fragment:
  - nodetcp.paws.verbs
  - nodetcp.paws.verbs.read_only
  - nodetcp.paws.verbs.store
options:
  change_set:
    description: Only the change set with this id, or V(latest).
    type: str
seealso:
  - module: nodetcp.paws.sysctl_policy
  - module: nodetcp.paws.sysctl_rollback
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: Look at the newest change set
  nodetcp.paws.sysctl_change_set_info:
    change_set: latest
  register: newest

- name: Show what was there before
  ansible.builtin.debug:
    msg: "{{ item.what }} {{ item.key }}: {{ item.before }} -> {{ item.after }}"
  loop: "{{ (newest.change_sets | first).changes }}"
  when: newest.change_sets | length > 0
"""

RETURN = r"""
change_sets:
  description: The change sets, newest first.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: The id.
      type: str
    time:
      description: When it was made, in seconds since 1970.
      type: int
    state:
      description:
        - V(applied), V(undone), or V(pending) while it waits for its confirmation.
        - V(applying) and V(undoing) were interrupted and are undone by the next run.
      type: str
    who:
      description: Who ordered it.
      type: str
    root:
      description: The root directory that it was made for.
      type: str
    changes:
      description: The changes, as M(nodetcp.paws.sysctl_policy) returned them.
      type: list
      elements: dict
    held:
      description: What its rollback held back.
      type: list
      elements: dict
    confirm_until:
      description: When the node undoes it unless it is confirmed, in seconds since 1970; none if it does not wait.
      type: float
"""
