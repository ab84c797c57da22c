# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What time_wait_info and paws_plan share: a look at the TIME_WAIT sockets of a node, its answer checked."""

from typing import cast

from .._forecast import time_wait
from .._messages.message import message
from .._shapes.time_wait import TimeWaitLooked
from .._text.values import Values
from . import observation, payload
from .node_action import NodeAction, VerbError

OPERATION = 'time_wait'

payload.payload(OPERATION)  # as in _transport/observation.py


def look(action: NodeAction, arguments: Values, task_vars: Values) -> TimeWaitLooked:
    """{'record', 'earlier', 'sample', 'slab', 'idle'} of the node. Raises VerbError."""
    looked = observation.look(action, arguments, task_vars, OPERATION)
    idle = looked.get('idle')
    if not isinstance(idle, int) or idle < 0 or not time_wait.check_slab(looked.get('slab')):
        raise VerbError(message('verb/no-counts'))
    if any('time_wait' not in entry for entry in looked['record']['namespaces']):
        raise VerbError(message('verb/no-time-wait'))
    return cast(TimeWaitLooked, looked)
