# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""sysctl_confirm: keep a change set that waits for it. Documentation: plugins/modules/sysctl_confirm.py."""

from ..plugin_utils._text.values import Values
from ..plugin_utils._transport import change
from ..plugin_utils._transport.node_action import NodeAction


class ActionModule(NodeAction):
    """Confirm a change set."""

    SPEC = {**change.STORE, 'change_set': {'type': 'str', 'default': 'latest'}}

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        if change.names_none(self):
            return {'changed': False, 'change_set': None}
        return change.ask(self, 'confirm', arguments, task_vars, ('changed', 'change_set'))
