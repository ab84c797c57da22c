# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of a whole play: from the variables of its hosts to files and the sentence the run ends with."""

import datetime
import os
import time
import typing as t
from collections.abc import Mapping

from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.catalogue import told
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import (
    Message,
    MessageError,
    message,
    told_by,
)
from ansible_collections.nodetcp.paws.plugins.plugin_utils._remediate import proposal
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import (
    diagnosis,
    entries,
    offline,
    outcome,
    remediation,
    writing,
)
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.document import Json, build
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.json_file import UnusableFile
from ansible_collections.nodetcp.paws.plugins.plugin_utils._run import run
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.remediation import Proposal
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.report import Host, Report, Run
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text.escape import terminal
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text.values import Values

# Where roles/audit registers the first look and the window.
FIRST, WINDOW = '__audit_result', '__audit_window_result'


class ReportError(MessageError):
    """The report cannot be made or written, and why."""


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


def report(options: Values, task_vars: Values, facts: Values, directory: str, back: remediation.WayBack) -> Outcome:
    """Collect, judge the offline records, write.

    options: of paws_report, validated; facts: of the run, for the document; directory: private to this run of
    ansible-playbook (run.identify); back: how a remediation is undone. Raises ReportError where it cannot be made.
    """
    nodes = options['nodes']
    live, pending = ([], 0) if nodes else collect(task_vars, options['skip'], options['window'] > 0)
    try:
        judge = offline.judge_with(options['rules'], options['waivers'], options['profile'], datetime.date.today())
        names = {entry['name'] for entry in live}
        found = offline.read_directory(options['records'], names, judge) if options['records'] else []
        found = offline.placed(found, nodes) if nodes else found
    except (OSError, ValueError) as exc:
        raise ReportError(message('report/records', path=options['records'], why=told_by(exc))) from exc
    everyone, change_set = task_vars['ansible_play_hosts_all'], run.identify(directory).id
    course = remediation.course(task_vars['hostvars'], everyone, change_set, facts['check_mode'])
    if course:
        values = task_vars['hostvars'].raw_get
        live = [remediation.told(entry, values(entry['name']), course, back) for entry in live]
    live = [{**entry, 'proposal': _proposal(entry, task_vars['hostvars'].raw_get(entry['name']))} for entry in live]
    gate = (options['fail_on'], options['ignore_unreachable'])
    asked = {'pending': pending, 'language': options['language'], 'gate': outcome.audit_gate(*gate)}
    document = build(t.cast(Run, {**_run(directory), **facts, **asked}), live + found)
    if course:
        document['remediation'] = remediation.section(live, course, back)
    document, warnings = _diagnosed(document, os.path.abspath(options['report_dir']))
    written, unwritten = _written(document, options, os.path.join(directory, 'nodetcp_paws_report.lock'))
    failure = outcome.failure(document, *gate) if not pending else ''
    failures = _failures(document, outcome.failures(document, *gate), failure, task_vars)
    return Outcome(document, written, unwritten, not pending, failure, failures, warnings)


def _written(document: Report, options: Json, lock: str) -> tuple[list[str], Message | None]:
    """(the files, why they could not be written): what was found must be told in any case."""
    try:
        return writing.write_all(document, os.path.abspath(options['report_dir']), options['formats'], lock), None
    except OSError as exc:
        return [], message('report/unwritten', path=options['report_dir'], why=str(exc))


def _failures(document: Report, blamed: Mapping[str, str], failure: str, task_vars: Json) -> dict[str, str]:
    """The hosts of the play that are to fail, with the reason.

    A host that the play has dropped has failed already. What concerns none of the play's hosts (a plan that is
    refused, a gate for offline records) falls to the host of the task.
    """
    alive = frozenset(map(str, task_vars['ansible_play_hosts']))
    found = {name: reason for name, reason in blamed.items() if name in alive}
    refused = 'remediation' in document and document['remediation']['refused']
    if failure and (refused or blamed.keys().isdisjoint(map(str, task_vars['ansible_play_hosts_all']))):
        found[str(task_vars['inventory_hostname'])] = failure
    return found


def collect(task_vars: Values, skip: Mapping[str, object], windows: bool) -> tuple[list[Host], int]:
    """An entry for every host of the play, and how many of them are yet to come to their last look.

    skip: reasons by host; windows: whether hosts worth it get a second look.

    The whole play counts, not the batch: under serial later batches come, under the free strategy slower hosts. A host
    that the play has dropped (ansible_play_hosts has it no more) will never have a result. localhost that no inventory
    names is there only to run the report, unless it was audited.
    """
    hostvars, inventory = task_vars['hostvars'], frozenset(task_vars['groups']['all'])
    alive = frozenset(task_vars['ansible_play_hosts'])
    found, pending = [], 0
    for host in task_vars['ansible_play_hosts_all']:
        name = str.__str__(host)
        values = hostvars.raw_get(name)
        groups = sorted(str.__str__(group) for group in values.get('group_names') or [])
        first, window = (values.get(FIRST), values.get(WINDOW)) if FIRST in values else remediation.looks(values)
        entry = entries.from_results(name, groups, first, window)
        if name in skip and (entry is None or entry['status'] == 'skipped'):
            entry = entries.unobserved(name, groups, 'skipped', str(skip[name]))
        elif entry is None and name not in inventory:
            continue
        elif entry is None:
            pending += name in alive
            entry = entries.unobserved(name, groups, *entries.missing(name in alive))
        elif windows and not window and entry['status'] == 'ok' and _waits(first):
            pending += name in alive
        found.append(entry)
    return found, pending


def _waits(first: object) -> bool:
    """Whether a second look is worth it, and was not had in the same task."""
    return isinstance(first, Mapping) and bool(first.get('watch')) and not first.get('second_look')


def _proposal(entry: Host, variables: Mapping[str, object]) -> Proposal:
    """What a remediation would do on the host, with what the inventory and the command line say of it."""
    return proposal.of(entry, proposal.scope_of(variables), proposal.asked_by(variables))


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
