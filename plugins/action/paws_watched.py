# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""paws_watched: which hosts deserve a second look. Its documentation is in plugins/modules."""

from collections.abc import Mapping

from ansible import constants

from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.fleet import FIRST
from ansible_collections.nodetcp.paws.plugins.plugin_utils._run import run
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text.values import Values
from ansible_collections.nodetcp.paws.plugins.plugin_utils._transport.controller_action import ControllerAction
from ansible_collections.nodetcp.paws.plugins.plugin_utils._variables import host_pattern

ARGUMENTS: Values = {'window': {'type': 'float', 'required': True}}


class ActionModule(ControllerAction):
    """Reads what the first look registered; needs no connection."""

    SPEC = ARGUMENTS

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        """{'hosts': their names}; run_hosts has them for a later play."""
        values = task_vars['hostvars'].raw_get
        names = [str.__str__(name) for name in task_vars['ansible_play_hosts_all']]
        found = [name for name in names if arguments['window'] > 0 and _worth_it(values(name).get(FIRST))]
        run.keep(str(constants.DEFAULT_LOCAL_TMP), 'watched', {'hosts': [host_pattern.of(name) for name in found]})
        return {'hosts': found}


def _worth_it(first: object) -> bool:
    return isinstance(first, Mapping) and bool(first.get('watch'))
