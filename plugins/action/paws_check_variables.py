# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""paws_check_variables: the variables of all hosts of the play are right, or nothing is contacted."""

import datetime

from ansible import constants
from ansible.errors import AnsibleError
from ansible.utils.vars import load_extra_vars

from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.catalogue import LANGUAGES
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import Message, Said, message
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import tell
from ansible_collections.nodetcp.paws.plugins.plugin_utils._run import run
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text.escape import terminal
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text.values import Values, plain
from ansible_collections.nodetcp.paws.plugins.plugin_utils._transport.controller_action import ControllerAction
from ansible_collections.nodetcp.paws.plugins.plugin_utils._variables import (
    checks,
    names,
    play_keywords,
    run_wide,
    settings,
    specification,
)

ARGUMENTS: Values = {
    'roles': {'type': 'list', 'elements': 'str', 'choices': list(specification.ROLES), 'default': ['audit']},
    'hosts_of': {'type': 'str', 'choices': list(run_wide.PATTERNS)},
    'own_names': {'type': 'list', 'elements': 'str', 'default': []},
}

#: Characters of all that is wrong, together.
_MESSAGE_MAX = 20000


class ActionModule(ControllerAction):
    """Looks at variables only; needs no connection."""

    SPEC = ARGUMENTS

    def carry_out(self, arguments: Values, task_vars: Values) -> Values:
        """The number of rules that the audit uses, or every problem with the variables of every host of the play."""
        self._roles = tuple(str(role) for role in arguments['roles'])
        self._own_names = [str(name) for name in arguments['own_names']]
        directory = str(constants.DEFAULT_LOCAL_TMP)
        run.identify(directory)
        # Under serial and under the free strategy this task comes again: the answer is the same.
        key, of_play = 'rules-%s' % self._task._uuid, arguments['hosts_of']
        return run.once(
            directory, key, lambda: self._no_host(of_play, task_vars) or self._check(task_vars, not of_play)
        )

    def _no_host(self, name: str | None, task_vars: Values) -> Values:
        """The failure of a run whose pattern, the value of a variable, matches no host; {} where one does."""
        if name is None:
            return {}
        pattern = self._templar.template(task_vars.get(name, 'all'))
        if task_vars['hostvars']._inventory.get_hosts(pattern):
            return {}
        if name in task_vars:
            said = message('variables/no-host', name=name, pattern=str(pattern), limit=task_vars.get('ansible_limit'))
        elif name == 'audit_hosts' and (task_vars.get('audit_records') or task_vars.get('audit_fail_on') == 'none'):
            return {}  # a report of offline records, or of nothing, which no gate asks for
        else:
            said = message('variables/no-inventory')
        return self._failed(task_vars, message('variables/nothing-contacted', problems=[said]))

    def _failed(self, task_vars: Values, why: Message) -> Values:
        """A failure told in the language of the run, if that is one, and as data."""
        told = terminal(tell(self._language(task_vars), why), _MESSAGE_MAX)
        return {'failed': True, 'msg': told, 'messages': {'msg': plain(why)}}

    def _language(self, task_vars: Values) -> str:
        asked = self._templar.template(task_vars.get('audit_language', 'en'))
        return str(asked) if asked in LANGUAGES else 'en'

    def _check(self, task_vars: Values, own_play: bool) -> Values:
        hosts = [str(name) for name in task_vars['ansible_play_hosts_all']]
        extra = load_extra_vars(self._loader)
        given = settings.collect(hosts, task_vars['hostvars'])
        try:
            found = settings.distinct(given, task_vars['hostvars'], self._templar.is_template, self._roles)
            seen = [str(name) for name in task_vars if specification.belongs(str(name), self._roles)]
            own = [self._own(name, task_vars) for name in seen]
        except AnsibleError as exc:
            return self._failed(task_vars, message('variables/untemplated', why=str(exc)))
        apart = run_wide.problems(found, own, str(task_vars['inventory_hostname']), hosts, extra)
        checker = checks.Checker(task_vars['groups']['all'], datetime.date.today())
        known = [(setting.name, setting.value) for setting in found]
        found += [setting for setting in own if (setting.name, setting.value) not in known]
        wrong: list[Said] = [*names.problems({**self._of_play(), **settings.places(given, extra)}, self._own_names)]
        wrong += [*settings.problems(found, checker.check, self._roles), *apart]
        if 'safe_sysctl' in self._roles:
            values = [each[:2] for each in found]
            wrong += play_keywords.problems(values, str(self._task.get_play().strategy), own_play)
            checker.warnings += play_keywords.idle(values) if own_play else []
        if wrong:
            return self._failed(task_vars, message('variables/nothing-contacted', problems=wrong))
        warnings = [tell(self._language(task_vars), warning) for warning in checker.warnings]
        return {'changed': False, 'rules': checker.rules, 'hosts': len(hosts), 'warnings': warnings}

    def _of_play(self) -> dict[str, Said]:
        """The names that the play, its blocks and the task that imports the role give to variables of ours."""
        written = {**self._task.get_play().get_vars(), **self._task.get_vars()}
        return {str(name): message('variables/in-play') for name in written if names.is_ours(str(name))}

    def _own(self, name: str, task_vars: Values) -> settings.Setting:
        """The value as this task sees it: with the defaults of the role and the variables of the play."""
        return settings.Setting(name, self._templar.template(task_vars[name]), [], '')
