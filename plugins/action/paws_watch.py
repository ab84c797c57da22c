# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""paws_watch: the connections that are asked for in a namespace. Documentation: plugins/modules/paws_watch.py."""

from ..plugin_utils._diagnose import arrivals
from ..plugin_utils._messages.message import message, told_by
from ..plugin_utils._packets import live
from ..plugin_utils._text.values import Values
from ..plugin_utils._transport import payload
from ..plugin_utils._transport.node_action import NodeAction, VerbError

payload.payload('syn_look')  # packed in the controller's main process, before it forks a worker for each host


class ActionModule(NodeAction):
    """Watch SYNs to one port, for a diagnosis that knows who sends them."""

    SPEC = {
        'port': {'type': 'int', 'required': True},
        'namespace': {'type': 'str'},
        'duration': {'type': 'float', 'default': 10.0},
    }

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        try:
            answer, clock = self.time_node('syn_look', arguments, task_vars)
            events = live.unpack(answer)
            figures = {name: live.number(answer, name) for name in ('packets', 'lost', 'seconds')}
        except live.AnswerError as error:
            raise VerbError(message('answers/unusable', reason=told_by(error))) from error
        seen = arrivals.connections(events, arguments['port'])
        return {'changed': False, 'connections': seen, **figures, 'clock': clock}
