# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stored reports: read again, checked, and several made into one (slices of an inventory, regions, days)."""

import collections
import datetime
import glob
import os
from collections.abc import Iterable, Mapping

from .._messages.message import MessageError, Said, message
from .._shapes.check import ShapeError, fits
from .._shapes.diagnosis import Diagnosis
from .._shapes.report import Host, MergedRun, Report, Run
from . import diagnosis, document, entries, json_file

MAX_BYTES = 1024 * 1024 * 1024
_NAMED = 10


class StoredError(MessageError):
    """The reports cannot be used, and why, with the path."""


def paths(sources: Iterable[str]) -> list[str]:
    """The files that sources name: files, directories with an audit.json, or patterns of either, each once."""
    found: dict[str, None] = {}
    for source in sources:
        matches = sorted(glob.glob(os.path.expanduser(source)))
        if not matches:
            raise StoredError(message('stored/no-file', path=source))
        for match in matches:
            found[os.path.abspath(os.path.join(match, 'audit.json') if os.path.isdir(match) else match)] = None
    return list(found)


def read(path: str) -> Report:
    """A stored document; raises StoredError for a file that no version of this collection with this schema wrote."""
    try:
        found = _check(json_file.read_object(path, MAX_BYTES))
    except json_file.UnusableFile as exc:
        raise StoredError(message('stored/unusable', path=path, why=exc.message)) from exc
    return {**found, **document.build(found['run'], found['hosts'])}


def merge(documents: list[Report]) -> Report:
    """One document of several; of one it is the same without what an earlier comparison added.

    A host that more than one of them names is taken from the newest run that came to it: skipped ones, which are yet
    to come or were left out, count for less than any other, and those that had no report for the least.
    """
    newest = sorted(documents, key=lambda each: (each['run']['finished'], each['run']['id']))
    chosen: dict[str, Host] = {}
    for each in newest:
        for host in each['hosts']:
            known = chosen.get(host['name'])
            if known is None or _weight(host) >= _weight(known):
                chosen[host['name']] = host.copy()
                chosen[host['name']].pop('change', None)
    merged = document.build(_run(newest), list(chosen.values()))
    if len(documents) == 1 and 'remediation' in newest[0]:
        merged['remediation'] = newest[0]['remediation']
    return diagnosis.added(merged, [found for each in newest for found in each.get('diagnoses', ())])


def with_hosts(found: Report, wanted: Iterable[str]) -> Report:
    """The document with an entry for each of these hosts that it does not have: a slice of them left no report."""
    known = {host['name'] for host in found['hosts']}
    lost = [entries.unreported(name) for name in dict.fromkeys(wanted) if name not in known]
    return {**found, **document.build(found['run'], [*found['hosts'], *lost])}


def diagnoses(files: Iterable[str]) -> list[Diagnosis]:
    """The diagnoses that lie beside these stored documents."""
    try:
        places = dict.fromkeys(os.path.dirname(path) for path in files)
        return [found for place in places for found in diagnosis.beside(place)]
    except json_file.UnusableFile as exc:
        raise StoredError(exc.message) from exc


def _weight(host: Host) -> int:
    return 0 if host.get('unreported') else 1 if host['status'] == 'skipped' else 2


def _run(newest: list[Report]) -> Run:
    """The run of a merged document: the last one of them, over the time of all, with each named in `merged`."""
    last = newest[-1]['run']
    if len(newest) == 1:
        return last
    parts = [part for each in newest for part in each['run'].get('merged') or [_part(each)]]
    made: Run = {
        **last,
        'started': min(each['run']['started'] for each in newest),
        'hosts': None,
        'limit': None,
        'pending': sum(each['run'].get('pending') or 0 for each in newest),
        'merged': parts,
    }
    made.pop('repeated', None)
    times = collections.Counter(host['name'] for each in newest for host in each['hosts'] if not host.get('unreported'))
    repeated = sorted(name for name, number in times.items() if number > 1)
    if repeated:
        made['repeated'] = {'hosts': len(repeated), 'named': repeated[:_NAMED]}
    started = [each['run'].get('commands') for each in newest]
    if not started[0] or started.count(started[0]) != len(started):
        made.pop('commands', None)
    return made


def _part(each: Report) -> MergedRun:
    run = each['run']
    return {'id': run['id'], 'started': run['started'], 'finished': run['finished'], 'hosts': len(each['hosts'])}


def _check(found: Mapping[str, object]) -> Report:
    """Raises UnusableFile with the first place on which the formats could not rely."""
    wrong: Said = message('stored/schema', found=repr(found.get('schema'))[:40], known=document.SCHEMA)
    if found.get('schema') == document.SCHEMA:
        try:
            checked = fits(found, Report)
            wrong = _false(checked)
            if not wrong:
                return checked
        except ShapeError as error:
            wrong = error.message
    raise json_file.UnusableFile(message('stored/not-an-audit', why=wrong))


def _false(found: Report) -> Said:
    """What cannot be, although it is of the right type; empty where there is nothing."""
    for name in ('started', 'finished'):
        if not _is_time(found['run'][name]):
            return message('stored/not-a-time', place='run.%s' % name)
    for number, host in enumerate(found['hosts']):
        if host['status'] != 'ok' and not host['reason']:
            return message('stored/no-reason', place='hosts[%d]' % number)
    return ''


def _is_time(text: str) -> bool:
    """Whether the calendar has that moment."""
    try:
        datetime.datetime.strptime(text, '%Y-%m-%dT%H:%M:%S%z')
    except ValueError:
        return False
    return True
