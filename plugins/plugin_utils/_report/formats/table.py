# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict table for the terminal: worst first, one row per host with the one line a person needs."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import typing as t

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.vocabulary import CLASSES
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.catalogue import told
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.language import word
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import Message, message
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import words
from ansible_collections.nodetcp.paws.plugins.plugin_utils._remediate import outcome
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import compare, diagnosis, remediation, unseen
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.document import tongue
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.remediation import RemediationPart
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.report import Host, Report, Summary
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text import columns, escape

try:
    from rich.console import Console  # type: ignore[import-not-found, unused-ignore]
    from rich.table import Table  # type: ignore[import-not-found, unused-ignore]
    from rich.text import Text  # type: ignore[import-not-found, unused-ignore]

    HAS_RICH = True
except ImportError:  # rich is optional: padded lines say the same
    HAS_RICH = False

MAX_ROWS = 50
_STYLES = {
    'dropping': 'bold red',
    'exposed': 'red',
    'impaired': 'magenta',
    'latent': 'yellow',
    'unknown': 'cyan',
    'stale': 'blue',
    'advisory': 'blue',
    'clean': 'green',
}
_NAME_LIMIT = 40
_SUMMARY_LIMIT = 240


class Row(t.NamedTuple):
    """kind: the class, or the status of a host without one; verdict: the word for it; unseen: what was not seen of the
    host, which belongs to the verdict; line: what a person needs to know."""

    name: str
    kind: str
    verdict: str
    unseen: str
    line: str


def render(document: Report, width: int, color: bool, rich: bool = HAS_RICH) -> str:
    """The table, its leftover lines and the totals as lines of text, safe for a terminal.

    width is the number of columns; color adds SGR sequences (with rich only). At most MAX_ROWS hosts get a row of
    their own; in a larger fleet clean ones get none.
    """
    part, language = document.get('remediation'), tongue(document)
    shown, left = _choose(document['hosts'])
    rows = [_row(host, part, language) for host in shown]
    lines = []
    if rows:
        lines.append(_with_rich(rows, width, color) if rich else _padded(rows, width))
    lines.extend(told(language, said) for said in (*_left(left), _footer(document['summary'])))
    lines.extend(remediation.lines(part, language) if part else ())
    lines.extend(compare.lines(document))
    lines.extend(diagnosis.lines(document))
    return '\n'.join(lines)


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
    ok, kind = host['status'] == 'ok', _kind(host)
    line, reason = (words(language, host, name) for name in ('summary', 'reason'))
    line = ('%s (%s)' % (line, reason) if reason else line) if ok else reason
    done = remediation.label(host, part, language)
    line = '%s; %s' % (done, line) if done and ok else done or line
    name = escape.terminal(host['name'], _NAME_LIMIT)
    verdict, missing = told(language, word(kind)), unseen.phrase(host, language)
    return Row(name, kind, verdict, missing, escape.terminal(line, _SUMMARY_LIMIT))


def _kind(host: Host) -> str:
    return str(host['verdict'] if host['status'] == 'ok' else host['status'])


def _left(hosts: list[Host]) -> list[Message]:
    """For example "3 latent, 412 clean": the hosts without a row, worst first."""
    counts: dict[tuple[str, bool], int] = {}
    for host in hosts:
        kind = (_kind(host), bool(host['unseen']))
        counts[kind] = counts.get(kind, 0) + 1
    named = [_count(number, kind, partly) for (kind, partly), number in counts.items()]
    return [message('table/left', counts=named)] if named else []


def _footer(summary: Summary) -> Message:
    counts = [_count(summary['verdicts'][name], name) for name in CLASSES if summary['verdicts'][name]]
    others = [_count(number, name) for name, number in summary['statuses'].items() if number and name != 'ok']
    others += [_count(summary['partly_seen'], 'partly_seen')] if summary['partly_seen'] else []
    if not summary['hosts']:
        return message('table/no-hosts')
    return message('table/total', number=summary['hosts'], counts=counts, others=others)


def _count(number: int, name: str, partly: bool = False) -> Message:
    return message(
        'table/count', number=number, what=message('table/partly', what=word(name)) if partly else word(name)
    )


def _padded(rows: list[Row], width: int) -> str:
    """Columns by padding; a long last column goes on below itself."""
    first = max(columns.width(row.name) for row in rows)
    second = max(columns.width(row.verdict) for row in rows)
    indent = ' ' * (first + second + 4)
    lines = []
    for row in rows:
        name = columns.padded(row.name, first)
        # What was not seen is a part of the verdict: it takes the room of the next column.
        head = '%s  ' % name if row.unseen else '%s  %s  ' % (name, columns.padded(row.verdict, second))
        text = '%s (%s)  %s' % (row.verdict, row.unseen, row.line) if row.unseen else row.line
        lines += columns.wrapped(text, max(width, len(indent) + 20), head, indent)
    return '\n'.join(lines)


def _with_rich(rows: list[Row], width: int, color: bool) -> str:
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow='fold')
    second = max(columns.width(row.verdict) for row in rows)
    for row in rows:
        table.add_row(Text(row.name), _cell(row, second))
    console = Console(
        width=width,
        force_terminal=color,
        no_color=not color,
        color_system='standard' if color else None,
        highlight=False,
    )
    with console.capture() as capture:
        console.print(table)
    return '\n'.join(line.rstrip() for line in capture.get().splitlines())


def _cell(row: Row, width: int) -> t.Any:
    """The verdict, width columns wide, and the line; what was not seen is a part of the verdict."""
    style = _STYLES.get('unknown' if row.unseen and row.kind == 'clean' else row.kind, 'cyan')
    if row.unseen:
        return Text.assemble(('%s (%s)' % (row.verdict, row.unseen), style), '  %s' % row.line)
    cell = Table.grid(padding=(0, 2, 0, 0))
    cell.add_column(no_wrap=True, min_width=width)
    cell.add_column(overflow='fold')
    cell.add_row(Text(row.verdict, style=style), Text(row.line))
    return cell
