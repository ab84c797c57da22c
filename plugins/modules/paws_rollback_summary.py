# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: paws_rollback_summary
short_description: Tell what a rollback gave on all hosts
version_added: 0.2.0
description:
  - Internal to the role P(nodetcp.paws.rollback#role).
  - Prints, for each host of the play, what M(nodetcp.paws.sysctl_rollback) gave, as the role
    P(nodetcp.paws.rollback#role) registers it, and the values that were held back.
extends_documentation_fragment:
  - nodetcp.paws.verbs.controller
  - nodetcp.paws.verbs.read_only
  - nodetcp.paws.verbs.language
seealso:
  - module: nodetcp.paws.sysctl_rollback
author:
  - nodetcp.paws authors (@nodetcp)
"""

EXAMPLES = r"""
- name: Tell what was restored and what was held back
  nodetcp.paws.paws_rollback_summary:
  run_once: true
"""

RETURN = r"""
held:
  description: What was held back, by host, as M(nodetcp.paws.sysctl_rollback) returns it.
  returned: success
  type: dict
"""
