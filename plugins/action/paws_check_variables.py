# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""paws_check_variables: the variables of all hosts of the play are right, or nothing is contacted."""

import datetime
import os
from collections.abc import Collection

from ansible import constants
from ansible.errors import AnsibleError
from ansible.utils.vars import load_extra_vars

from ..plugin_utils._messages.catalogue import LANGUAGES
from ..plugin_utils._messages.message import Message, Said, message, told_by
from ..plugin_utils._messages.telling import tell
from ..plugin_utils._report import fleet
from ..plugin_utils._run import run
from ..plugin_utils._run.journal import JournalError
from ..plugin_utils._text.escape import terminal
from ..plugin_utils._text.values import Values, plain
from ..plugin_utils._transport import keeping, way_back
from ..plugin_utils._transport.controller_action import ControllerAction
from ..plugin_utils._variables import (
    checks,
    command_line,
    host_pattern,
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
    'resume': {'type': 'str', 'default': ''},
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
        # Under serial and under the free strategy this task comes again: the answer is the same.
        return run.once(directory, 'rules-%s' % self._task._uuid, lambda: self._begun(arguments, task_vars, directory))

    def _begun(self, arguments: Values, task_vars: Values, directory: str) -> Values:
        """What is known before a host is contacted; kept for the plays that follow."""
        of_play, everyone = arguments['hosts_of'], [str(name) for name in task_vars['ansible_play_hosts_all']]
        # As `hosts` of a play sees it: variables of hosts do not count there.
        pattern = plain(self._templar.template(load_extra_vars(self._loader).get(of_play, 'all')))
        inventory = task_vars['hostvars']._inventory
        hosts = [str(host.name) for host in inventory.get_hosts(pattern, ignore_restrictions=True)] if of_play else []
        audits = of_play == 'audit_hosts'
        try:
            judged = self._judged(arguments['resume'], hosts, audits)
        except (JournalError, OSError) as error:
            return self._failed(task_vars, message('variables/nothing-contacted', problems=[told_by(error)]))
        run.identify(directory)
        found = self._no_host(of_play, pattern, task_vars) if of_play and not hosts else {}
        found = found or self._check(task_vars, hosts if audits and hosts else everyone, not of_play)
        fleet.forget_hosts(directory)
        if audits and not found.get('failed'):
            self._keep(fleet.Hosts(hosts, pattern), judged, task_vars, directory)
        return found

    @staticmethod
    def _judged(asked: str, hosts: Collection[str], audits: bool) -> Collection[str]:
        """The hosts that the run has audited which is gone on with, if one is. Raises JournalError, OSError."""
        if asked and not audits:
            raise JournalError(message('journal/in-a-play'))
        return keeping.go_on_with(asked, hosts, os.getppid()).hosts if asked else ()

    def _keep(self, hosts: fleet.Hosts, judged: Collection[str], task_vars: Values, directory: str) -> None:
        """Leave to the plays of an audit who is observed, and to its end how it is gone on with."""
        skip = self._templar.template(task_vars.get('audit_skip', {}))
        left_out = {*judged, *specification.check('audit_skip', skip, self._roles)}
        rest = [name for name in hosts.names if name not in left_out]
        fleet.keep_hosts(directory, hosts, host_pattern.of(str(task_vars['inventory_hostname'])), rest)
        command = command_line.resuming(way_back.started(self, task_vars), run.identify(directory).id)
        keeping.unfinished(command, self._language(task_vars))

    def _no_host(self, name: str, pattern: object, task_vars: Values) -> Values:
        """The failure of a run whose pattern, the value of that variable, matches no host; {} where that may be."""
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

    def _check(self, task_vars: Values, hosts: list[str], own_play: bool) -> Values:
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
