# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a change did what it was made for: a look at the node after it, against what was planned. Pure."""

import typing as t
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ...module_utils._node.parsers.sysctl_value import obeyed, same
from ...module_utils._node.readers import sysctl_files
from ...module_utils._node.transaction.agreement import counts
from ...module_utils._node.transaction.record import NOT_OURS
from .._judge.vocabulary import RECYCLE
from .._messages.message import Message, message
from .._messages.telling import said
from .._shapes.record import Effective, Line, Persisted, Record, Sysctl
from .._shapes.remediation import Plan
from .._shapes.verdict import Finding, Verdict

READERS = ('systemd', 'procps')  # that every node may have; some have one more


def problems(record: Record, verdict: Verdict, plan: Plan) -> list[Message]:
    """What is not as planned; empty when all is well.

    record and verdict: of a look after the change; plan: settings, absent and fixes of the host.
    """
    own = record['namespaces'][0]['sysctls']
    persisted = record['persisted']
    found: list[Message] = []
    for key, value in plan['settings'].items():
        entry = own.get(key)
        if entry is None or entry['scope'] == 'absent':
            continue  # this kernel has no such key: the node said so and set nothing
        found += _running(key, value, entry)
        found += _next_boot(key, value, persisted.get(key))
    for key in plan['absent']:
        found += _lines(key, persisted.get(key))
    if plan['settings'] or plan['absent']:
        found += _unread(record['unavailable'])
    found += _still_found(verdict['findings'], plan['fixes'])
    if RECYCLE in plan['settings'] and verdict['evidence'] == 'active':
        found.append(message('verification/still-dropping', key=RECYCLE))
    return found


def _running(key: str, value: str, entry: Sysctl) -> Iterator[Message]:
    if entry['value'] is None:
        yield message('verification/unreadable', key=key)
    elif not same(entry['value'], value):
        yield message('verification/running', key=key, value=entry['value'], planned=value)


def _next_boot(key: str, value: str, entry: Persisted | None) -> Iterator[Message]:
    effective: Effective = entry['effective'] if entry else {}
    lines = {**dict.fromkeys(READERS), **effective}
    for reader, winner in t.cast(dict[str, Line | None], lines).items():
        if winner is None:
            yield message('verification/unset', key=key, reader=reader)
        elif not obeyed(winner['value'], value):
            place = '%s:%s' % (winner['file'], winner['line'])
            yield message('verification/next-boot', key=key, value=winner['value'], reader=reader, place=place)


def _unread(unavailable: Mapping[str, str]) -> Iterator[Message]:
    """A sysctl file that was not read may set anything: it never counts as agreeing."""
    path = sysctl_files.unknown({path: why for path, why in unavailable.items() if sysctl_files.is_read(path)})
    if path:
        yield message('verification/unread', path=path, reason=unavailable[path])


def _lines(key: str, entry: Persisted | None) -> Iterator[Message]:
    """Lines that had to go. Globs and files of packages stay by design, and the node has said so."""
    for line in entry['definitions'] if entry else ():
        stays = line['form'] == 'glob' or line['file'].startswith(NOT_OURS)
        if counts(line) and not stays:
            place = '%s:%s' % (line['file'], line['line'])
            yield message('verification/still-set', place=place, key=key)


def _still_found(findings: Iterable[Finding], fixes: Iterable[Sequence[str | None]]) -> Iterator[Message]:
    wanted = {(str(rule), namespace) for rule, namespace in fixes}
    for finding in findings:
        if not finding['waived'] and (finding['rule'], finding['namespace']) in wanted:
            yield message('verification/still-found', rule=finding['rule'], title=said(finding, 'title'))


def failed(found: list[Message]) -> Message:
    """All that is not as planned, as one message."""
    return message('verification/problems', problems=found)
