# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tcp_probe: a few connects from a node. Documentation: plugins/modules/tcp_probe.py."""

from ..plugin_utils._diagnose import attempts
from ..plugin_utils._messages.message import message, told_by
from ..plugin_utils._shapes.attempts import Tried
from ..plugin_utils._shapes.check import ShapeError, taken
from ..plugin_utils._text.values import Values
from ..plugin_utils._transport import payload
from ..plugin_utils._transport.node_action import NodeAction, VerbError

# Packed when the controller's main process loads the action, before it forks a worker for each host.
payload.payload('probe')


class ActionModule(NodeAction):
    """Try connections, bounded in number, rate and time."""

    SPEC = {
        'host': {'type': 'str', 'required': True},
        'port': {'type': 'int', 'required': True},
        'other_port': {'type': 'int'},
        'count': {'type': 'int', 'default': 5},
        'rate': {'type': 'float', 'default': 5.0},
        'timeout': {'type': 'float', 'default': 3.0},
        'delay': {'type': 'float', 'default': 0.0},
        'icmp': {'type': 'bool', 'default': True},
        'family': {'type': 'str', 'choices': ['any', 'ipv4', 'ipv6'], 'default': 'any'},
        'namespace': {'type': 'str'},
    }

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        try:
            answer, clock = self.time_node('probe', arguments, task_vars)
            found = taken(answer, Tried, 'answer')
        except ShapeError as error:
            raise VerbError(message('answers/unusable', reason=told_by(error))) from error
        ports = list(dict.fromkeys(port for port in (arguments['port'], arguments['other_port']) if port is not None))
        sums = [attempts.summary(found['attempts'], port, found['icmp']) for port in ports]
        return {
            'changed': False,
            **found,
            'clock': clock,
            'summary': sums[0],
            'other': sums[1] if len(sums) > 1 else None,
        }
