# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: sysctl_confirm
short_description: Keep a change set that waits for its confirmation
version_added: 0.2.0
description:
  - Confirms a change set that M(nodetcp.paws.sysctl_policy) made with
    O(nodetcp.paws.sysctl_policy#module:confirm_timeout), so that the node no longer undoes it by itself. Timer and boot
    hook are removed.
  - Fails where the node has undone the change set already, and undoes what is left of it if the time of one of its
    tasks has run out.
  - A node without the change set, or where nothing waits, is unchanged.
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
  change_set:
    description:
      - The id of the change set; V(latest) is the newest on the node.
      - A null or an empty text confirms nothing; M(nodetcp.paws.sysctl_policy) returns it where nothing had to change.
    type: str
    default: latest
seealso:
  - module: nodetcp.paws.sysctl_policy
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: Change something that the node undoes by itself after two minutes
  nodetcp.paws.sysctl_policy:
    settings:
      net.ipv4.tcp_syncookies: 1
    confirm_timeout: 120

- name: Close the connection, so that the next task needs a new one
  ansible.builtin.meta: reset_connection

- name: Keep the change, now that the node can be reached
  nodetcp.paws.sysctl_confirm:
"""

RETURN = r"""
change_set:
  description: The id of the change set, none where the node does not have it.
  returned: always
  type: str
"""
