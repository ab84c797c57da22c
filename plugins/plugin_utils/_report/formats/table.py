# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict table for the terminal: worst first, one row per host with the one line a person needs."""

import typing as t

from ..._judge.vocabulary import CLASSES
from ..._messages.catalogue import told
from ..._messages.language import word
from ..._messages.message import Message, message
from ..._messages.telling import words
from ..._remediate import outcome
from ..._shapes.remediation import RemediationPart
from ..._shapes.report import Host, Report
from ..._text import columns, escape
from .. import compare, diagnosis, remediation, unseen
from ..document import counted, state, tongue, with_waived

MAX_ROWS = 50
#: SGR parameters (ECMA-48 8.3.117) of each class; of what has no class, those of unknown.
_STYLES = {
    'dropping': '1;31',
    'exposed': '31',
    'impaired': '35',
    'latent': '33',
    'unknown': '36',
    'stale': '34',
    'advisory': '34',
    'clean': '32',
}
_NAME_LIMIT, _SUMMARY_LIMIT = 300, 1000
#: Waived findings of a host that are named.
_WAIVED = 3
#: The widest column of names, and the narrowest one for the lines: what does not fit stands below its host.
_NAME_WIDTH, _LINE_WIDTH = 40, 28


class Row(t.NamedTuple):
    """kind: the class, or the status of a host without one; verdict: the word for it; unseen: what was not seen of the
    host, which belongs to the verdict; line: what a person needs to know."""

    name: str
    kind: str
    verdict: str
    unseen: str
    line: str


def render(document: Report, width: int, color: bool, room: int | None = None) -> str:
    """The rows, their leftover line and the totals as lines of text, safe for a terminal.

    width is the number of columns; color adds SGR sequences; room is the number of lines that the rows may take, None
    for any. At most MAX_ROWS hosts get a row of their own; in a larger fleet clean ones get none.
    """
    language = tongue(document)
    shown, left = _choose(document['hosts'])
    rows = [_row(host, document.get('remediation'), language) for host in shown]
    blocks = _blocks(rows, width, color)
    number = len(rows) if room is None else _fitting(blocks, width, room)
    lines = [line for block in blocks[:number] for line in block]
    hidden = [told(language, each) for each in _left(shown[number:] + left)]
    hidden = [line for each in hidden for line in columns.wrapped(each, width, '', '  ')]
    return '\n'.join([*lines, *hidden, *totals(document, width)])


def totals(document: Report, width: int) -> list[str]:
    """What stands below the rows: numbers, what a remediation did, a comparison, a diagnosis."""
    part, language = document.get('remediation'), tongue(document)
    lines = columns.wrapped(told(language, _footer(document)), width, '', '  ')
    lines += remediation.lines(part, language) if part else ()
    return [*lines, *_repeated(document, width), *compare.lines(document), *diagnosis.lines(document)]


def _repeated(document: Report, width: int) -> list[str]:
    """What a person needs to know of a merge: hosts that were in more than one report."""
    part = document['run'].get('repeated')
    if not part:
        return []
    named = [escape.host(name) for name in part['named']]
    line = message('table/repeated', number=part['hosts'], named=named, more=part['hosts'] - len(named))
    return columns.wrapped(told(tongue(document), line), width, '', '  ')


def _fitting(blocks: list[list[str]], width: int, room: int) -> int:
    """How many of the rows have room: the worst one in any case."""
    taken = 0
    for number, block in enumerate(blocks):
        taken += columns.screen_lines(block, width)
        if number and taken > room:
            return number
    return len(blocks)


def _choose(hosts: list[Host]) -> tuple[list[Host], list[Host]]:
    """Hosts with a row of their own, and those that are only counted."""
    if len(hosts) <= MAX_ROWS:
        return hosts, []
    worth = [host for host in hosts if host['verdict'] != 'clean' or host['unseen'] or _was_touched(host)]
    worth = worth[:MAX_ROWS]
    names = {host['name'] for host in worth}
    return worth, [host for host in hosts if host['name'] not in names]


def _was_touched(host: Host) -> bool:
    return 'remediation' in host and bool(host['remediation']['state'] != outcome.UNTOUCHED)


def _row(host: Host, part: RemediationPart | None, language: str) -> Row:
    ok, kind = host['status'] == 'ok', state(host)
    line, reason = (words(language, host, name) for name in ('summary', 'reason'))
    line = ('%s (%s)' % (line, reason) if reason else line) if ok else reason
    done = remediation.label(host, part, language)
    line = '%s; %s' % (done, line) if done and ok else done or line
    line = '; '.join([line, *_waived(host, language)])
    name = escape.terminal(host['name'], _NAME_LIMIT)
    verdict, missing = told(language, word(kind)), unseen.phrase(host, language)
    return Row(name, kind, verdict, missing, escape.terminal(line, _SUMMARY_LIMIT))


def _waived(host: Host, language: str) -> list[str]:
    """The findings that somebody has accepted: they count nowhere, and are not hidden."""
    found = {finding['rule']: finding['waived']['reason'] for finding in host['findings'] if finding['waived']}
    if not found:
        return []
    named = [message('table/accepted', rule=rule, reason=reason) for rule, reason in list(found.items())[:_WAIVED]]
    return [told(language, message('table/waived', findings=named, more=max(len(found) - _WAIVED, 0)))]


def _left(hosts: list[Host]) -> list[Message]:
    """For example "3 latent, 412 clean": the hosts without a row, worst first."""
    counts: dict[tuple[str, bool], int] = {}
    for host in hosts:
        kind = (counted(host) or host['status'], bool(host['unseen']))
        counts[kind] = counts.get(kind, 0) + 1
    named = [_count(number, kind, partly) for (kind, partly), number in counts.items()]
    return [message('table/left', counts=named)] if named else []


def _footer(document: Report) -> Message:
    summary = document['summary']
    counts = [_count(summary['verdicts'][name], name) for name in CLASSES if summary['verdicts'][name]]
    others = [_count(number, name) for name, number in summary['statuses'].items() if number and name != 'ok']
    others += [_count(summary['partly_seen'], 'partly_seen')] if summary['partly_seen'] else []
    waived = with_waived(document['hosts'])
    others += [message('table/with-waived', number=waived)] if waived else []
    if not summary['hosts']:
        return message('table/no-hosts')
    return message('table/total', number=summary['hosts'], counts=counts, others=others)


def _count(number: int, name: str, partly: bool = False) -> Message:
    return message(
        'table/count', number=number, what=message('table/partly', what=word(name)) if partly else word(name)
    )


def _blocks(rows: list[Row], width: int, color: bool) -> list[list[str]]:
    """The lines of each row: columns by padding, a long last column goes on below itself."""
    names = [columns.width(row.name) for row in rows]
    first = max((each for each in names if each <= _NAME_WIDTH), default=0)
    second = max((columns.width(row.verdict) for row in rows), default=0)
    return [_block(row, first, second, width, color) for row in rows]


def _block(row: Row, first: int, second: int, width: int, color: bool) -> list[str]:
    indent = ' ' * (first + second + 4)
    if columns.width(row.name) > first or width - len(indent) < _LINE_WIDTH:
        verdict = '%s (%s)' % (row.verdict, row.unseen) if row.unseen else row.verdict
        top = columns.wrapped('%s  %s' % (row.name, verdict), width, '', '  ')
        below = columns.wrapped(row.line, width, '    ', '    ')
        return [_painted(top[0], row, len(row.name) + 2, color), *top[1:], *below]
    name = columns.padded(row.name, first)
    # What was not seen is a part of the verdict: it takes the room of the next column.
    head = '%s  ' % name if row.unseen else '%s  %s  ' % (name, columns.padded(row.verdict, second))
    text = '%s (%s)  %s' % (row.verdict, row.unseen, row.line) if row.unseen else row.line
    lines = columns.wrapped(text, width, head, indent)
    return [_painted(lines[0], row, len(name) + 2, color), *lines[1:]]


def _painted(line: str, row: Row, start: int, color: bool) -> str:
    """The line with its verdict, which begins there, in the colour of the class."""
    end = start + len(row.verdict)
    if not color or line[start:end] != row.verdict:
        return line
    style = _STYLES.get('unknown' if row.unseen and row.kind == 'clean' else row.kind, _STYLES['unknown'])
    return '%s\x1b[%sm%s\x1b[0m%s' % (line[:start], style, row.verdict, line[end:])
