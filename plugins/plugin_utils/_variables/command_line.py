# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Command lines that start a playbook of the collection the way this run was started. Pure."""

import json
import os
import shlex
import typing as t
from collections.abc import Sequence

from .._text.values import Given, Values, plain

_PLAYBOOKS = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(__file__)))), 'playbooks')
_STATE_DIR = 'safe_sysctl_state_dir'
#: How ansible-playbook calls what it has read from the command line (ansible.context.CLIARGS), and the option for it.
_LOGIN = {
    'remote_user': '-u',
    'private_key_file': '--private-key',
    'connection': '-c',
    'ssh_common_args': '--ssh-common-args',
    'ssh_extra_args': '--ssh-extra-args',
    'become_method': '--become-method',
    'become_user': '--become-user',
    'ask_pass': '-k',
    'connection_password_file': '--connection-password-file',
    'become_ask_pass': '-K',
    'become_password_file': '--become-password-file',
    'ask_vault_pass': '-J',
}
#: What needs no word: ansible-core takes it where nothing is said.
_USUAL = {'connection': ('ssh', 'smart'), 'become_method': ('sudo',), 'become_user': ('root',)}
#: Keywords of a play or a task that take the place of an option.
KEYWORDS = ('become', 'become_method', 'become_user', 'remote_user')
#: Variables by which an audit and a plan find the same: given with -e to the one, the other needs them too.
_SCOPE = (
    *('audit_rules', 'audit_waivers', 'audit_profile', 'safe_sysctl_profile', 'safe_sysctl_waivers'),
    *('remediate_min_severity', 'remediate_rules', 'remediate_skip_rules'),
)
#: How hosts are changed. The checks of their health may hold passwords, and are for the person to add.
_COURSE = (
    *('remediate_batches', 'remediate_canary', 'remediate_max_hosts', 'remediate_window', 'remediate_on_failure'),
    *('remediate_confirm_timeout', 'remediate_accept_exhaustion', 'remediate_plan_file', 'safe_sysctl_settings'),
)
_NEEDED: dict[str, tuple[str, ...]] = {'audit': _SCOPE, 'remediate': (*_SCOPE, *_COURSE)}
#: Passwords given with -e are asked for instead: a command that is shown is read by many.
_ASKED_FOR = {
    **dict.fromkeys(('ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password'), '-k'),
    **dict.fromkeys(('ansible_become_password', 'ansible_become_pass'), '-K'),
}
_SECRET = ('pass', 'secret', 'token')


class Started(t.NamedTuple):
    """How this run was started.

    cli: options of ansible-playbook by their names in CLIARGS, and what the play says instead (KEYWORDS); inventory:
    sources that are configured and need no option; extra: the variables given with -e.
    """

    cli: Values
    inventory: Sequence[str]
    extra: Values

    def by(self, keywords: Values) -> 'Started':
        """The same with what the play says in its keywords."""
        said = {name: keywords[name] for name in KEYWORDS if keywords.get(name)}
        return self._replace(cli={**self.cli, **said})


def words(started: Started, playbook: str) -> list[str]:
    """The command line that starts that playbook the way this run was started.

    Of the variables given with -e those are passed on that say how hosts are reached and what that playbook does: the
    others have nothing to do with it. Secrets are never passed on.
    """
    cli = started.cli
    command = ['ansible-playbook', *inventory(cli, started.inventory)]
    if cli.get('become'):
        command.append('-b')
    command += _login(cli, _asked_for(started))
    command.append(_place(cli, playbook))
    return command + _variables(started, (_STATE_DIR, *_NEEDED.get(playbook, ())))


def commands(started: Started) -> dict[str, str]:
    """How to look at hosts of this run, to change them and to undo that, on a shell, but for --limit.

    A change and its undo need root: with -b always.
    """
    raised = started._replace(cli={**started.cli, 'become': True})
    changing = {name: shlex.join(words(raised, name)) for name in ('remediate', 'rollback')}
    return {'audit': shlex.join(words(started, 'audit')), **changing}


def resuming(started: Started, run: str) -> str:
    """How to go on with this audit, on a shell: as it was started, with every variable that was given for it."""
    given = {
        name: value for name, value in started.extra.items() if name.startswith('audit_') and name != 'audit_resume'
    }
    more = [word for name in given if name not in _SCOPE for word in ('-e', _assigned(name, given[name]))]
    limit = ['--limit', str(started.cli['subset'])] if started.cli.get('subset') else []
    return shlex.join([*words(started, 'audit'), *more, *limit, '-e', _assigned('audit_resume', run)])


def scope(cli: Values, hosts: str | None) -> list[str]:
    """The words that keep a rollback to the hosts of this run; hosts: the pattern of its play, None for all."""
    return kept_to('rollback_hosts', hosts, cli.get('subset'))


def kept_to(variable: str, hosts: str | None, subset: Given) -> list[str]:
    """The words that keep a playbook to hosts: the pattern for that variable, None for all, and what --limit had."""
    limit = ['--limit', str(subset)] if subset else []
    return ['-e', _assigned(variable, hosts), *limit] if hosts else limit


def inventory(cli: Values, default_inventory: Sequence[str]) -> list[str]:
    """The words that give this run's inventory to another program of Ansible, none for the configured one."""
    given = [str(source) for source in cli.get('inventory') or ()]
    if given == [str(source) for source in default_inventory]:
        return []
    return [word for source in given for word in ('-i', source if ',' in source else os.path.relpath(source))]


def _place(cli: Values, playbook: str) -> str:
    """The playbook beside the one that runs, where that is ours; else its name in the collection."""
    this = str((cli.get('args') or ['nodetcp.paws.remediate'])[0])
    beside = os.path.join(os.path.dirname(this), '%s.yml' % playbook)
    ours = os.path.join(_PLAYBOOKS, '%s.yml' % playbook)
    is_ours = os.path.realpath(beside) == os.path.realpath(ours)
    return os.path.relpath(beside) if is_ours else 'nodetcp.paws.%s' % playbook


def _login(cli: Values, asked_for: frozenset[str]) -> list[str]:
    """How this run gets to its hosts."""
    found: list[str] = []
    for name, flag in _LOGIN.items():
        value = True if flag in asked_for else cli.get(name)
        if value and value not in _USUAL.get(name, ()):
            found += [flag] if value is True else [flag, str(value)]
    for flag, name in (('--vault-id', 'vault_ids'), ('--vault-password-file', 'vault_password_files')):
        found += [word for each in cli.get(name) or () for word in (flag, str(each))]
    return found


def _variables(started: Started, names: Sequence[str]) -> list[str]:
    """Files of variables as they were given, and of those that were typed the named ones and the way to the hosts."""
    files = [str(each) for each in started.cli.get('extra_vars') or () if str(each).startswith('@')]
    found = [word for path in files for word in ('-e', '@%s' % os.path.relpath(path[1:]))]
    reach = [name for name in started.extra if name.startswith('ansible_') and _typed(started, name)]
    for name in (*names, *(name for name in reach if not any(part in name for part in _SECRET))):
        if started.extra.get(name) not in (None, '', [], {}):
            found += ['-e', _assigned(name, started.extra[name])]
    return found


def _asked_for(started: Started) -> frozenset[str]:
    """Options that ask for the passwords that were typed with -e."""
    return frozenset(flag for name, flag in _ASKED_FOR.items() if name in started.extra and _typed(started, name))


def _typed(started: Started, name: str) -> bool:
    """Whether a variable stands on the command line itself, not in a file that is named there."""
    return any(name in str(each) for each in started.cli.get('extra_vars') or () if not str(each).startswith('@'))


def _assigned(name: str, value: Given) -> str:
    """A variable as -e takes it: text as NAME=VALUE, all else as JSON."""
    if isinstance(value, str):
        return '%s=%s' % (name, shlex.quote(value))
    return json.dumps({str(name): plain(value)})
