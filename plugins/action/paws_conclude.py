# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""paws_conclude: after a batch, go on or undo. Documentation: plugins/modules/paws_conclude.py."""

from ansible import constants
from ansible.utils.display import Display

from ..plugin_utils._messages.catalogue import LANGUAGES
from ..plugin_utils._remediate import decisions, outcome, plan_text
from ..plugin_utils._run import run
from ..plugin_utils._text.values import Values
from ..plugin_utils._transport.controller_action import ControllerAction
from ..plugin_utils._variables import host_pattern

ARGUMENTS: Values = {
    'on_failure': {'type': 'str', 'choices': list(decisions.ON_FAILURE), 'default': 'batch'},
    'language': {'type': 'str', 'choices': list(LANGUAGES), 'default': 'en'},
}


class ActionModule(ControllerAction):
    """Looks at what the tasks of the batch have registered; needs no connection."""

    SPEC = ARGUMENTS

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        """Whether the run stops here, and the hosts on which the change is to be undone."""
        on_failure = arguments['on_failure']
        hosts = task_vars['ansible_play_hosts_all' if on_failure == 'all' else 'ansible_play_batch']
        values = {str(name): task_vars['hostvars'].raw_get(name) for name in hosts}
        in_batch = frozenset(str(name) for name in task_vars['ansible_play_batch'])
        changing = {name for name, each in values.items() if outcome.to_change(each) and not self._task.check_mode}
        batch = [name for name in values if name in in_batch & changing]
        conclusion = decisions.conclude(values, batch, on_failure)
        if conclusion['stop']:
            Display().warning(plan_text.failures(conclusion['failures'], arguments['language']))
            patterns = [host_pattern.of(name) for name in conclusion['undo']]
            run.keep(str(constants.DEFAULT_LOCAL_TMP), 'undo', {'hosts': patterns})
        # Names of hosts are keys here: their reasons are told where they stand.
        return {**conclusion, 'failures': {name: str(why) for name, why in conclusion['failures'].items()}}
