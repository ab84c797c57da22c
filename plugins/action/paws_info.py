# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""paws_info: counters over a window, and who dropped the SYNs. Documentation: plugins/modules/paws_info.py."""

from ..plugin_utils._judge import attribution, info
from ..plugin_utils._text.values import Values
from ..plugin_utils._transport import collided_look, observation
from ..plugin_utils._transport.node_action import NodeAction

PARTS = ['namespaces', 'counters', 'conntrack', 'peers']


class ActionModule(NodeAction):
    """Two looks at the counters of a node, compared."""

    SPEC = {
        'root': observation.SPEC['root'],
        'namespaces': observation.SPEC['namespaces'],
        'window': {'type': 'float', 'default': 10.0},
        'since': {'type': 'dict'},
    }

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        since = arguments['since']
        observation.check_sample(since, 'since')
        looked = observation.look(self, {**arguments, 'gather': PARTS, 'counters': attribution.COUNTERS}, task_vars)
        observation.check_sample(looked['earlier'], 'the earlier sample of the node')
        found = looked['record']
        result = {part: found[part] for part in ('kernel', 'source', 'unavailable')}
        if arguments['window'] > 0:  # who waits for none does not wait for a look at SYNs
            collided_look.add(self, found, looked['earlier'] or since, task_vars)
        measured = info.measured(found, looked['earlier'] or since)
        return {'changed': False, 'namespaces': measured, 'sample': looked['sample'], **result}
