# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""sysctl_change_set_info: list change sets. Documentation: plugins/modules/sysctl_change_set_info.py."""

from ..plugin_utils._text.values import Values
from ..plugin_utils._transport import change
from ..plugin_utils._transport.node_action import NodeAction


class ActionModule(NodeAction):
    """List change sets."""

    SPEC = {**change.STORE, 'change_set': {'type': 'str'}}

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        result = change.ask(self, 'change_set_info', arguments, task_vars, ('change_sets',))
        return {'changed': False, **result}
