# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""paws_batches: show the plans of all hosts and decide on them. Documentation: plugins/modules/paws_batches.py."""

from typing import cast

from ansible import constants
from ansible.utils.display import Display

from ..plugin_utils._messages.catalogue import LANGUAGES, told
from ..plugin_utils._remediate import decisions, plan_text
from ..plugin_utils._report.formats import terminal
from ..plugin_utils._run import run
from ..plugin_utils._text.values import Values
from ..plugin_utils._transport import ending, way_back
from ..plugin_utils._transport.controller_action import ControllerAction

ARGUMENTS: Values = {
    'batches': {'type': 'list', 'elements': 'str', 'default': ['1', '10%', '50%', '100%']},
    'canary': {'type': 'list', 'elements': 'str', 'default': []},
    'max_hosts': {'type': 'int', 'default': 0},
    'plan_file': {'type': 'str'},
    'language': {'type': 'str', 'choices': list(LANGUAGES), 'default': 'en'},
}


class ActionModule(ControllerAction):
    """Looks at what the tasks before it have registered; needs no connection."""

    SPEC = ARGUMENTS
    MISTAKES = (ValueError, OSError)

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        """Show the plan; return who is changed in which order, or why nobody is. Later plays ask run_hosts for both."""
        hosts = {str(name): task_vars['hostvars'].raw_get(name) for name in task_vars['ansible_play_batch']}
        directory = str(constants.DEFAULT_LOCAL_TMP)
        change_set = run.identify(directory).id
        decision = decisions.decide(hosts, cast(decisions.Options, arguments), change_set, bool(self._task.check_mode))
        scarce = plan_text.scarce(hosts)
        if scarce:
            Display().warning(told(arguments['language'], scarce))
        text = ending.folded(plan_text.text(hosts, decision, arguments['language']))
        if decision['planned'] and not decision['refused'] and not self._task.check_mode:
            text += '%s\n' % way_back.keep(way_back.of(self, task_vars), change_set, arguments['language'])
        Display().display(text, stderr=terminal.for_programs(constants.DEFAULT_STDOUT_CALLBACK))
        if arguments['batches']:
            run.keep(directory, 'change', {'hosts': decision['patterns'], 'serial': decision['serial']})
            run.keep(directory, 'undo', {})
        # Names of hosts are keys here: their reasons are told where they stand.
        return {**decision, 'stopped': {name: str(why) for name, why in decision['stopped'].items()}}


way_back.say_at_exit()
