# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""sysctl_rollback: undo one change set. Documentation: plugins/modules/sysctl_rollback.py."""

from ..plugin_utils._text.values import Values
from ..plugin_utils._transport import change
from ..plugin_utils._transport.node_action import NodeAction

LISTS = ('restored', 'held', 'drifted', 'diff')


class ActionModule(NodeAction):
    """Undo a change set."""

    SPEC = {
        **change.STORE,
        'change_set': {'type': 'str', 'default': 'latest'},
        'force': {'type': 'bool', 'default': False},
        'restore_unsafe': {'type': 'bool', 'default': False},
    }

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        if change.names_none(self):
            notes = ['no change set is named, so nothing was undone']
            return {**{name: [] for name in LISTS}, 'changed': False, 'change_set': None, 'notes': notes}
        return change.ask(self, 'rollback', arguments, task_vars, ('changed', 'change_set', 'notes', *LISTS))
