# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""paws_batches: decide on the plans of all hosts at once. Documentation: plugins/modules/paws_batches.py."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import typing as t

from ansible import constants
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.nodetcp.paws.plugins.plugin_utils._remediate import fleet, show
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import run, terminal
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.values import plain

Json = dict[str, t.Any]

ARGUMENTS: Json = {
    "batches": {"type": "list", "elements": "str", "default": ["1", "10%", "50%", "100%"]},
    "canary": {"type": "list", "elements": "str", "default": []},
    "max_hosts": {"type": "int", "default": 0},
    "plan_file": {"type": "str"},
}


class ActionModule(ActionBase):
    """Looks at what the tasks before it have registered; needs no connection."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: t.Any = None, task_vars: Json | None = None) -> Json:
        """Show the plan; return who is changed in which order, or why nobody is."""
        result: Json = super().run(tmp, task_vars)
        _valid, options = self.validate_argument_spec(argument_spec=ARGUMENTS)
        task_vars = task_vars or {}
        hosts = {str(name): task_vars["hostvars"].raw_get(name) for name in task_vars["ansible_play_hosts_all"]}
        change_set = run.identify(str(constants.DEFAULT_LOCAL_TMP)).id
        try:
            decision = fleet.decide(hosts, plain(options), change_set, bool(self._task.check_mode))
        except ValueError as exc:
            return dict(result, failed=True, msg=str(exc))
        scarce = show.scarce(hosts)
        if scarce:
            Display().warning(scarce)
        Display().display(show.text(hosts, decision), stderr=terminal.for_programs(constants.DEFAULT_STDOUT_CALLBACK))
        return dict(result, changed=False, **decision)
