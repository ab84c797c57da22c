# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tcp_facts: the node record as facts. Documentation: plugins/modules/tcp_facts.py."""

from ..plugin_utils._text.values import Values
from ..plugin_utils._transport import observation
from ..plugin_utils._transport.node_action import NodeAction


class ActionModule(NodeAction):
    """Observe a node."""

    SPEC = observation.SPEC

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        looked = observation.look(self, arguments, task_vars)
        return {'changed': False, 'ansible_facts': {'nodetcp': looked['record']}}
