# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of this run of ansible-playbook: where it is, and how a worker puts a judged host into it."""

import atexit
import contextlib
import os
import typing as t
from collections.abc import Callable, Collection, Iterator, Mapping

from ansible import constants
from ansible.utils.display import Display

from .._messages.catalogue import told
from .._messages.message import message, told_by
from .._remediate import proposal
from .._report import entries
from .._run import journal, run
from .._run.journal import Journal, JournalError
from .._run.resume import Resumed, resume
from .._shapes.journal import Entry
from .._text.escape import terminal
from .._text.values import Given, Values, plain
from .._variables import host_pattern
from .._version import VERSION
from .node_action import VerbError

#: What a host is looked at for: the first time, or again since its entry.
LOOKS = ('first', 'again')
#: Options that such a look takes from the variables audit_OPTION: to template them costs more than the look.
OPTIONS = ('root', 'collector', 'rules', 'waivers', 'profile')
#: Findings that the result of a host names.
WORST = 3
_PLACE, _WAY_ON, _WATCHED = 'journal', 'resume', 'watched'


def home() -> str:
    """ANSIBLE_HOME."""
    return str(constants.config.get_config_value('ANSIBLE_HOME'))


def of_this_run() -> Journal:
    """The journal of this run; it may have none yet."""
    kept = run.kept(_directory(), _PLACE).get('directory')
    return Journal(str(kept or journal.place(home(), run.identify(_directory()).id)))


def begin(main: int) -> Journal:
    """The same, made where there is none; main: the process of ansible-playbook."""
    this, found = run.identify(_directory()), of_this_run()
    if not run.kept(_directory(), _WAY_ON):
        unfinished('', 'en')
    found.begin({'run': this.id, 'started': this.started, 'collection_version': VERSION, 'owner': journal.owner(main)})
    return found


def keep_watched(places: Mapping[str, int]) -> None:
    """Which hosts are looked at again, and where their entries are."""
    hosts = [host_pattern.of(name) for name in places]
    run.keep(_directory(), _WATCHED, {'hosts': hosts, 'places': dict(places)})


def go_on_with(asked: str, expected: Collection[str], main: int) -> Resumed:
    """Let this run of ansible-playbook be an earlier one. Raises JournalError, OSError.

    asked: as in resume(); expected: the hosts that it is for; main: its process.
    """
    found = resume(asked, home(), VERSION, expected, main)
    run.keep(_directory(), _PLACE, {'directory': found.journal.directory})
    run.go_on(_directory(), run.Run(found.head['run'], found.head['started']))
    return found


def unfinished(command: str, language: str) -> None:
    """From here on, the end of the run says how to go on with it; an empty command: it is begun anew."""
    kept = {'directory': of_this_run().directory, 'command': command, 'language': language}
    run.keep(_directory(), _WAY_ON, kept)


def finished() -> None:
    """A report has told all that the journal has."""
    if run.kept(_directory(), _WAY_ON):
        unfinished('', 'en')


def end_at_exit() -> None:
    """To be called where the main process loads an action: it clears the journal away, or says how to go on.

    So it does after Ctrl-C, too. Processes of ansible-core that run tasks are copies of the main one, and do neither.
    """
    atexit.register(_end, _directory(), os.getpid())


def _end(directory: str, process: int) -> None:
    kept = run.kept(directory, _WAY_ON) if os.getpid() == process else None
    if not kept:
        return
    found = Journal(kept['directory'])
    number = len(found.hosts()) if kept['command'] else 0
    if number:
        said = message('journal/go-on', number=number, command=terminal(kept['command'], 4000))
        Display().display('\n%s\n' % told(kept['language'], said), stderr=True)
    else:
        found.drop()


def given(arguments: Values, variables: Values, template: Callable[[Given], Given]) -> Values:
    """The arguments of a task, with the options that it takes from variables; a window only where it can have one."""
    windows = arguments['journal'] == 'again' or 'window_for' in arguments
    known = {name: 'audit_%s' % name for name in (*OPTIONS, *(['window'] if windows else []))}
    found = {name: template(variables[known[name]]) for name in known if known[name] in variables}
    return {**found, **arguments}


class Keeper(t.NamedTuple):
    """What keeps the judged host of a task; variables: of the task."""

    journal: Journal
    look: str
    variables: Values

    @property
    def name(self) -> str:
        return str(self.variables['inventory_hostname'])

    def continued(self, arguments: Values) -> Values:
        """The arguments of the look, with what the host's entry has of the first one."""
        if self.look == 'first':
            return arguments
        place = run.kept(_directory(), _WATCHED)['places'][self.name]
        found = self.journal.at(place)
        return {**arguments, 'since': found['sample'] if found else None}

    def keep(self, result: Values) -> Values:
        """What the main process is to hold of the result, once the journal has it; all of it where that has no room."""
        groups = sorted(map(str, self.variables.get('group_names') or []))
        host = entries.observed(self.name, groups, result)
        if 'second_look' in result:
            host = entries.half_seen(host, result['second_look'])
        scope, asked = proposal.scope_of(self.variables), proposal.asked_by(self.variables)
        host['proposal'] = proposal.of(host, scope, asked)
        waits = self.look == 'first' and result['watch'] and 'second_look' not in result
        entry: Entry = {'host': host, 'sample': plain(result['sample']) if waits else None}
        try:
            self.journal.append(entry)
        except (JournalError, OSError) as error:
            return unkept(result, error)
        rules = [finding['rule'] for finding in host['findings'] if finding['class'] == host['verdict']]
        small = {'verdict': host['verdict'], 'worst': rules[:WORST], 'partly_seen': bool(host['unseen'])}
        facts = {'ansible_facts': result['ansible_facts']} if 'ansible_facts' in result else {}
        return {'changed': False, 'journaled': True, **small, **facts}


def unkept(result: Values, error: Exception) -> Values:
    """The result as the main process holds it without a journal: an audit is worth more than its journal."""
    return {**result, 'warnings': [terminal(told('en', message('journal/unwritten', why=told_by(error))), 1000)]}


@contextlib.contextmanager
def keeper(look: str, variables: Values) -> Iterator[Keeper]:
    """While a host is asked. Raises OSError where there can be no journal, VerbError where the run is another's."""
    main = os.getppid()
    found = begin(main)
    try:
        with found.working(main):
            yield Keeper(found, look, variables)
    except JournalError as error:
        raise VerbError(error.message) from error


def _directory() -> str:
    return str(constants.DEFAULT_LOCAL_TMP)
