# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the offline collectors made: files on the controller, judged here, reported beside the live hosts.

*.json are records that node.pyz printed, *.capture what collect.sh printed, which is looked at here.
"""

import datetime
import os
import typing as t
from collections.abc import Callable, Collection, Mapping, Sequence

from .._capture.look import look
from .._capture.stream import STREAM_MAX, CaptureError
from .._judge import catalogue, findings, record, sight, verdict, waivers
from .._kubernetes import pods
from .._messages import telling
from .._messages.message import message, told_by
from .._messages.telling import spoken
from .._shapes.check import ShapeError, fits
from .._shapes.record import Pod
from .._shapes.report import Host
from . import entries
from .json_file import UnusableFile, read, read_object

#: A node without containers gives 16 KiB, each further namespace 1 KiB: this is a node with thousands of them.
MAX_BYTES = 16 * 1024 * 1024
Judge = Callable[[str, object], Mapping[str, object]]


def judge_with(rules: object, waived: object, profile: str, today: datetime.date) -> Judge:
    """A judge for read_directory; raises CatalogueError when rules or waivers are wrong."""
    known = catalogue.builtin().extended(rules, 'rules') if rules else catalogue.builtin()
    exceptions = waivers.parse(waived, 'waivers', known, today)

    # An undo needs a host that is there, so change sets are not kept.
    def judge(name: str, given: object) -> Mapping[str, object]:
        try:
            found = record.check(given)
            hostname = found['source'].get('hostname')
            accepted = waivers.for_host(exceptions, [name, *([hostname] if hostname else [])])
            judged = verdict.judge(found, None, known, profile, accepted, today)
        except record.RecordError as exc:
            raise UnusableFile(exc.message) from exc
        except Exception as exc:  # one odd file must not take the report of all other hosts with it
            why = message('entry/not-judged', kind=type(exc).__name__, why=told_by(exc))
            raise UnusableFile(why) from exc
        told = spoken({**judged, 'findings': findings.listed(judged['findings'])})
        kept = {'kernel': found['kernel'], 'source': found['source'], 'unavailable': found['unavailable']}
        return {**told, 'profile': profile, 'unseen': sight.gaps(found), **kept}

    return judge


def read_directory(directory: str, live: Collection[str], judge: Judge) -> list[Host]:
    """One host entry per file of these two kinds, by name; one that cannot be judged is an entry with status failed.

    judge(stem, record) gives what entries.observed wants, and raises UnusableFile for a record it refuses.
    A name that a live host has already gets the file name after it. Raises OSError when the directory cannot be listed.
    """
    return [
        _entry(directory, file, live, judge)
        for file in sorted(os.listdir(directory))
        if os.path.splitext(file)[1] in READERS or file in READERS
    ]


def placed(found: Sequence[Host], nodes: Mapping[str, Mapping[str, object]]) -> list[Host]:
    """The entries with the groups of their nodes, and one with status failed for each node without a capture.

    nodes: as paws_kubernetes returns them: groups, and reason where there is no capture. Empty where none was asked.
    """
    groups = {name: [str(group) for group in t.cast(list[str], node['groups'])] for name, node in nodes.items()}
    seen = [t.cast(Host, {**entry, 'groups': groups.get(entry['name'], [])}) for entry in found]
    lost = [name for name, node in nodes.items() if node['reason']]
    reasons = {name: telling.said(nodes[name], 'reason') or '' for name in lost}
    return seen + [entries.unobserved(name, groups[name], 'failed', reasons[name]) for name in lost]


def _record(path: str) -> object:
    return read_object(path, MAX_BYTES)


def _captured(path: str) -> object:
    try:
        found = look(read(path, STREAM_MAX), {})['record']
    except CaptureError as exc:
        raise UnusableFile(message('file/no-capture', why=exc.message)) from exc
    names = os.path.splitext(path)[0] + pods.ENDING
    if os.path.exists(names):
        pods.name(found, _pods(names))
    return found


def _pods(path: str) -> Mapping[str, Pod]:
    try:
        return {uid: fits(pod, Pod) for uid, pod in read_object(path, MAX_BYTES).items()}
    except ShapeError as exc:
        raise UnusableFile(exc.message) from exc


READERS: Mapping[str, Callable[[str], object]] = {'.json': _record, '.capture': _captured}


def _entry(directory: str, file: str, live: Collection[str], judge: Judge) -> Host:
    stem, kind = os.path.splitext(file)
    name = '%s (%s)' % (stem, file) if stem in live else stem
    path = os.path.join(directory, file)
    try:
        entry = entries.observed(name, [], judge(stem, READERS[kind or file](path)))
    except UnusableFile as exc:
        return entries.unobserved(name, [], 'failed', message('entry/record-file', path=path, why=exc.message))
    entry['source'] = {**(entry['source'] or {}), 'file': path}
    return entry
