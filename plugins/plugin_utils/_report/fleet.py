# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of a whole play: from the variables of its hosts to files and the sentence the run ends with."""

import datetime
import os
import time
import typing as t
from collections.abc import Mapping, Sequence

from .._messages.catalogue import told
from .._messages.message import Message, MessageError, message, told_by
from .._remediate import proposal
from .._run import run
from .._shapes.report import Host, Report, Run
from .._text.escape import terminal
from .._text.values import Given, Values
from .._variables import settings
from . import diagnosis, entries, offline, outcome, remediation, writing
from .document import Json, build
from .json_file import UnusableFile

# Where roles/audit registers the first look and the window.
FIRST, WINDOW = '__audit_result', '__audit_window_result'
_EVERYONE = 'everyone'


class Hosts(t.NamedTuple):
    """The hosts of an audit some of whose plays have one host alone: their names, and the pattern for them."""

    names: list[str]
    pattern: object


class ReportError(MessageError):
    """The report cannot be made or written, and why."""


class Play(t.NamedTuple):
    """The hosts that a report is on.

    everyone: their names; alive: those that the play has not dropped, none where no host is to be asked any more;
    judged: by name, what the journal has; variables: of the task.
    """

    everyone: Sequence[str]
    alive: frozenset[str]
    judged: Mapping[str, Host]
    variables: Values


class Outcome(t.NamedTuple):
    """What a report gave. complete: every host of the play has been dealt with; result: return values of the task.

    unwritten: why there are no files; failure: why the run should end as failed; failures: the same for each
    host that is to fail for it.
    """

    document: Report
    files: list[str]
    unwritten: Message | None
    complete: bool
    failure: str
    failures: dict[str, str]
    warnings: list[str]

    @property
    def result(self) -> Values:
        """Small on purpose: it is registered on every host of the play."""
        told = {'failure': self.failure, 'failures': self.failures}
        return {'files': self.files, 'summary': self.document['summary'], **told}

    @property
    def stats(self) -> Values:
        """What goes out by set_stats, for controllers where files vanish."""
        return dict(self.document['summary'], run=self.document['run']['id'], failure=self.failure)


def keep_hosts(directory: str, hosts: Hosts, one: str, rest: Sequence[str]) -> None:
    """Leave the hosts of an audit to its later plays: one, where tasks for all of them run, and those to observe.

    one: as a pattern; rest: names; directory: private to this run of ansible-playbook.
    """
    run.keep(directory, 'one', {'hosts': [one]})
    run.keep(directory, 'observed', {'names': list(rest)})
    run.keep(directory, _EVERYONE, hosts._asdict())


def forget_hosts(directory: str) -> None:
    """What runs now is another play, and has its hosts itself."""
    for key in ('one', 'observed', _EVERYONE):
        run.drop(directory, key)


def kept_hosts(directory: str) -> Hosts | None:
    """The hosts of the audit that this is the end of; None in a play that has its hosts itself."""
    kept = run.kept(directory, _EVERYONE)
    return Hosts(**kept) if kept else None


def report(
    options: Values,
    task_vars: Values,
    facts: Values,
    directory: str,
    back: remediation.WayBack,
    judged: Mapping[str, Host],
) -> Outcome:
    """Collect, judge the offline records, write.

    options: of paws_report, validated; facts: of the run, for the document; directory: private to this run of
    ansible-playbook (run.identify); back: how a remediation is undone; judged: by name, what the journal has. Raises
    ReportError where it cannot be made.
    """
    nodes = options['nodes']
    kept = kept_hosts(directory)
    everyone = kept.names if kept else list(map(str, task_vars['ansible_play_hosts_all']))
    alive = frozenset() if kept else frozenset(map(str, task_vars['ansible_play_hosts']))
    play = Play(everyone, alive, judged, task_vars)
    live, pending = ([], 0) if nodes else collect(play, options['skip'], options['window'] > 0)
    try:
        judge = offline.judge_with(options['rules'], options['waivers'], options['profile'], datetime.date.today())
        names = {entry['name'] for entry in live}
        found = offline.read_directory(options['records'], names, judge) if options['records'] else []
        found = offline.placed(found, nodes) if nodes else found
    except (OSError, ValueError) as exc:
        raise ReportError(message('report/records', path=options['records'], why=told_by(exc))) from exc
    change_set = run.identify(directory).id
    course = remediation.course(task_vars['hostvars'], everyone, change_set, facts['check_mode'])
    if course:
        values = task_vars['hostvars'].raw_get
        live = [remediation.told(entry, values(entry['name']), course, back) for entry in live]
    live = [each if 'proposal' in each else _proposed(each, task_vars['hostvars']) for each in live]
    gate = (options['fail_on'], options['ignore_unreachable'])
    asked = {'pending': pending, 'language': options['language'], 'gate': outcome.audit_gate(*gate)}
    document = build(t.cast(Run, {**_run(directory), **facts, **asked}), live + found)
    if course:
        document['remediation'] = remediation.section(live, course, back)
    document, warnings = _diagnosed(document, os.path.abspath(options['report_dir']))
    written, unwritten = _written(document, options, os.path.join(directory, 'nodetcp_paws_report.lock'))
    failure = outcome.failure(document, *gate) if not pending else ''
    failures = _failures(document, outcome.failures(document, *gate), failure, play)
    return Outcome(document, written, unwritten, not pending, failure, failures, warnings)


def _written(document: Report, options: Json, lock: str) -> tuple[list[str], Message | None]:
    """(the files, why they could not be written): what was found must be told in any case."""
    try:
        return writing.write_all(document, os.path.abspath(options['report_dir']), options['formats'], lock), None
    except OSError as exc:
        return [], message('report/unwritten', path=options['report_dir'], why=str(exc))


def _failures(document: Report, blamed: Mapping[str, str], failure: str, play: Play) -> dict[str, str]:
    """The hosts of the play that are to fail, with the reason.

    A host that the play has dropped has failed already. What concerns none of the play's hosts (a plan that is
    refused, a gate for offline records) falls to the host of the task.
    """
    found = {name: reason for name, reason in blamed.items() if name in (play.alive or play.everyone)}
    refused = 'remediation' in document and document['remediation']['refused']
    if failure and (refused or blamed.keys().isdisjoint(play.everyone)):
        found[str(play.variables['inventory_hostname'])] = failure
    return found


def collect(play: Play, skip: Mapping[str, object], windows: bool) -> tuple[list[Host], int]:
    """An entry for every host of the play, and how many of them are yet to come to their last look.

    skip: reasons by host; windows: whether hosts worth it get a second look.

    The whole play counts, not the batch: under serial later batches come, under the free strategy slower hosts. A host
    that the play has dropped will never have a result. localhost that no inventory names is there only to run the
    report, unless it was audited.
    """
    hostvars, inventory = play.variables['hostvars'], frozenset(play.variables['groups']['all'])
    found, pending = [], 0
    for name in play.everyone:
        entry = _judged(play.judged.get(name), settings.registered(hostvars, name))
        if entry is not None:
            found.append(entry)
            continue
        values, is_alive = hostvars.raw_get(name), name in play.alive
        groups = sorted(str.__str__(group) for group in values.get('group_names') or [])
        first, window = (values.get(FIRST), values.get(WINDOW)) if FIRST in values else remediation.looks(values)
        entry = entries.from_results(name, groups, first, window)
        if name in skip and (entry is None or entry['status'] == 'skipped'):
            entry = entries.unobserved(name, groups, 'skipped', str(skip[name]))
        elif entry is None and name not in inventory:
            continue
        elif entry is None:
            pending += is_alive
            entry = entries.unobserved(name, groups, *entries.missing(is_alive))
        elif windows and not window and entry['status'] == 'ok' and _waits(first):
            pending += is_alive
        found.append(entry)
    return found, pending


def _judged(entry: Host | None, results: Mapping[str, object]) -> Host | None:
    """What the journal has of a host, and what became of its second look; None where its last look gave no entry."""
    first, window = results.get(FIRST), results.get(WINDOW)
    if entry is None or (isinstance(first, Mapping) and not first.get('journaled')):
        return None
    if not isinstance(window, Mapping) or window.get('journaled') or window.get('skipped'):
        return entry
    return entries.half_seen(entry, window)


def _waits(first: object) -> bool:
    """Whether a second look is worth it, and was not had in the same task."""
    return isinstance(first, Mapping) and bool(first.get('watch')) and not first.get('second_look')


def _proposed(entry: Host, hostvars: Given) -> Host:
    """The entry with what a remediation would do there, by what inventory and command line say of the host."""
    variables = hostvars.raw_get(entry['name'])
    return {**entry, 'proposal': proposal.of(entry, proposal.scope_of(variables), proposal.asked_by(variables))}


def _diagnosed(document: Report, directory: str) -> tuple[Report, list[str]]:
    """The document with the diagnosis that lies where it goes; one that cannot be used costs a warning, no audit."""
    try:
        return diagnosis.added(document, diagnosis.beside(directory)), []
    except UnusableFile as exc:
        warning = message('report/without-diagnosis', why=exc.message)
        return document, [terminal(told(document['run']['language'], warning), 1000)]


def _run(directory: str) -> Json:
    this = run.identify(directory)
    return {'id': this.id, 'started': run.utc(this.started), 'finished': run.utc(time.time())}
