# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""paws_watched: which hosts deserve a second look. Its documentation is in plugins/modules."""

from ..plugin_utils._text.values import Values
from ..plugin_utils._transport import keeping
from ..plugin_utils._transport.controller_action import ControllerAction

ARGUMENTS: Values = {'window': {'type': 'float', 'required': True}}


class ActionModule(ControllerAction):
    """Reads the journal of the run; needs no connection."""

    SPEC = ARGUMENTS

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        """{'hosts': their names}; run_hosts has them for a later play, and paws_audit where their samples are."""
        places: dict[str, int] = {}
        for place, entry in keeping.of_this_run().entries():
            places.pop(entry['host']['name'], None)
            if entry['sample'] is not None and arguments['window'] > 0:
                places[entry['host']['name']] = place
        keeping.keep_watched(places)
        return {'hosts': list(places)}
