# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""sysctl_forget: remove every trace of the collection. Documentation: plugins/modules/sysctl_forget.py."""

from ..plugin_utils._text.values import Values
from ..plugin_utils._transport import change
from ..plugin_utils._transport.node_action import NodeAction


class ActionModule(NodeAction):
    """Remove the change sets of a node."""

    SPEC = {**change.STORE, 'keep_settings': {'type': 'bool', 'default': False}}

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        return change.ask(self, 'forget', arguments, task_vars, ('changed', 'removed'))
