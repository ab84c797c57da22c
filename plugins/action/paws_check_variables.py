# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""paws_check_variables: the variables of all hosts of the play are right, or nothing is contacted."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import datetime
import typing as t

from ansible import constants
from ansible.errors import AnsibleError
from ansible.utils.vars import load_extra_vars

from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import run
from ansible_collections.nodetcp.paws.plugins.plugin_utils._transport.controller_action import ControllerAction
from ansible_collections.nodetcp.paws.plugins.plugin_utils._variables import (
    checks,
    play_keywords,
    run_wide,
    settings,
    specification,
)

Json = dict[str, t.Any]

ROLES = ('audit', 'safe_sysctl', 'rollback')
ARGUMENTS: Json = {'roles': {'type': 'list', 'elements': 'str', 'choices': list(ROLES), 'default': ['audit']}}


class ActionModule(ControllerAction):
    """Looks at variables only; needs no connection."""

    SPEC = ARGUMENTS

    def carry_out(self, arguments: Json, task_vars: Json) -> Json:
        """The number of rules that the audit uses, or every problem with the variables of every host of the play."""
        self._roles = tuple(str(role) for role in arguments['roles'])
        directory = str(constants.DEFAULT_LOCAL_TMP)
        run.identify(directory)
        # Under serial and under the free strategy this task comes again: the answer is the same.
        return run.once(directory, 'rules-%s' % self._task._uuid, lambda: self._check(task_vars))

    def _check(self, task_vars: Json) -> Json:
        hosts = [str(name) for name in task_vars['ansible_play_hosts_all']]
        try:
            found = settings.distinct(hosts, task_vars['hostvars'], self._templar.is_template, self._roles)
            names = [str(name) for name in task_vars if specification.belongs(str(name), self._roles)]
            own = [self._own(name, task_vars) for name in names]
        except AnsibleError as exc:
            return {'failed': True, 'msg': 'the variables of the audit cannot be templated: %s' % exc}
        given = load_extra_vars(self._loader)
        apart = run_wide.problems(found, own, str(task_vars['inventory_hostname']), hosts, given)
        checker = checks.Checker(task_vars['groups']['all'], datetime.date.today())
        known = [(setting.name, setting.value) for setting in found]
        found += [setting for setting in own if (setting.name, setting.value) not in known]
        wrong = settings.problems(found, checker.check, self._roles) + apart
        if 'safe_sysctl' in self._roles:
            in_parts = set(task_vars['ansible_play_batch']) != set(task_vars['ansible_play_hosts'])
            wrong += play_keywords.problems([each[:2] for each in found], str(self._task.get_play().strategy), in_parts)
        if wrong:
            return {'failed': True, 'msg': 'nothing was contacted: %s' % '; '.join(wrong)}
        return {'changed': False, 'rules': checker.rules, 'hosts': len(hosts), 'warnings': checker.warnings}

    def _own(self, name: str, task_vars: Json) -> settings.Setting:
        """The value as this task sees it: with the defaults of the role and the variables of the play."""
        return settings.Setting(name, self._templar.template(task_vars[name]), [], '')
