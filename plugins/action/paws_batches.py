# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""paws_batches: decide on the plans of all hosts at once. Documentation: plugins/modules/paws_batches.py."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import typing as t

from ansible import constants
from ansible.utils.display import Display

from ansible_collections.nodetcp.paws.plugins.plugin_utils._remediate import decisions, plan_text
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import run
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.formats import terminal
from ansible_collections.nodetcp.paws.plugins.plugin_utils._transport.controller_action import ControllerAction

Json = dict[str, t.Any]

ARGUMENTS: Json = {
    'batches': {'type': 'list', 'elements': 'str', 'default': ['1', '10%', '50%', '100%']},
    'canary': {'type': 'list', 'elements': 'str', 'default': []},
    'max_hosts': {'type': 'int', 'default': 0},
    'plan_file': {'type': 'str'},
}
NO_CANARY = (
    'remediate_canary means nothing here: the batches are those of the play, and the first one of its `serial` is the '
    'canary. The playbook nodetcp.paws.remediate has batches of its own'
)


class ActionModule(ControllerAction):
    """Looks at what the tasks before it have registered; needs no connection."""

    SPEC = ARGUMENTS
    MISTAKES = (ValueError,)

    def carry_out(self, arguments: Json, task_vars: Json) -> Json:
        """Show the plan; return who is changed in which order, or why nobody is."""
        hosts = {str(name): task_vars['hostvars'].raw_get(name) for name in task_vars['ansible_play_batch']}
        change_set = run.identify(str(constants.DEFAULT_LOCAL_TMP)).id
        options = {**arguments, 'first_of_several': _first_of_several(task_vars)}
        decision = decisions.decide(hosts, options, change_set, bool(self._task.check_mode))
        scarce = plan_text.scarce(hosts)
        if arguments['canary'] and not arguments['batches']:
            Display().warning(NO_CANARY)
        if scarce:
            Display().warning(scarce)
        programs = terminal.for_programs(constants.DEFAULT_STDOUT_CALLBACK)
        Display().display(plan_text.text(hosts, decision), stderr=programs)
        return decision


def _first_of_several(task_vars: Json) -> bool:
    """Whether these are the first hosts of a play with `serial`."""
    batch = frozenset(task_vars['ansible_play_batch'])
    return task_vars['ansible_play_hosts_all'][0] in batch and batch != frozenset(task_vars['ansible_play_hosts'])
