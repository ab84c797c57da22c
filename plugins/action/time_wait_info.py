# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""time_wait_info: TIME_WAIT sockets and what they cost. Documentation: plugins/modules/time_wait_info.py."""

from ..plugin_utils._forecast import time_wait
from ..plugin_utils._judge import vocabulary
from ..plugin_utils._messages.message import message
from ..plugin_utils._shapes.record import ENDS_MAX
from ..plugin_utils._text.values import Values
from ..plugin_utils._transport import observation, time_wait_look
from ..plugin_utils._transport.node_action import NodeAction, VerbError

TOP_MAX = ENDS_MAX


class ActionModule(NodeAction):
    """Count the TIME_WAIT sockets of a node and forecast what they cost without recycling."""

    SPEC = {
        'root': observation.SPEC['root'],
        'namespaces': observation.SPEC['namespaces'],
        'top': {'type': 'int', 'default': 10},
        'window': {'type': 'float', 'default': 10.0},
        'since': {'type': 'dict'},
        'profile': {'type': 'str', 'choices': list(vocabulary.PROFILES), 'default': 'server'},
    }

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        profile, since = arguments.pop('profile'), arguments['since']
        if not 1 <= arguments['top'] <= TOP_MAX:
            raise VerbError(message('verb/top', top=arguments['top'], most=TOP_MAX))
        observation.check_sample(since, 'since')
        looked = time_wait_look.look(self, arguments, task_vars)
        found = time_wait.shaped(looked, since or looked['earlier'], profile)
        sample = {**(looked['sample'] or {}), 'peaks': found['peaks']}
        of = looked['record']
        seen = {'kernel': of['kernel'], 'source': of['source'], 'unavailable': of['unavailable']}
        told = {part: value for part, value in found.items() if part != 'peaks'}
        return {'changed': False, **told, 'sample': sample, 'profile': profile, **seen}
