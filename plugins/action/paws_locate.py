# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""paws_locate: which namespace of a node is meant. Documentation: plugins/modules/paws_locate.py."""

import time

from ..plugin_utils._messages.message import message, told_by
from ..plugin_utils._shapes.attempts import Located
from ..plugin_utils._shapes.check import ShapeError, taken
from ..plugin_utils._text.values import Values
from ..plugin_utils._transport import payload
from ..plugin_utils._transport.node_action import NodeAction, VerbError

payload.payload('locate')  # packed in the controller's main process, before it forks a worker for each host


class ActionModule(NodeAction):
    """Find a network namespace by what people call it."""

    SPEC = {'what': {'type': 'str', 'required': True}, 'port': {'type': 'int'}}

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        began = time.monotonic()
        try:
            found = taken(self.ask_node('locate', arguments, task_vars), Located, 'answer')
            return {'changed': False, **found, 'seconds': round(time.monotonic() - began, 3)}
        except ShapeError as error:
            raise VerbError(message('answers/unusable', reason=told_by(error))) from error
