# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict table for the terminal: worst first, one row per host with the one line a person needs."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import textwrap
import typing as t

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.vocabulary import CLASSES
from ansible_collections.nodetcp.paws.plugins.plugin_utils._remediate import outcome
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import compare, diagnosis, remediation, unseen
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.document import Json
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text import escape

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
    """unseen: what was not seen of the host, which belongs to the verdict; line: what a person needs to know."""

    name: str
    verdict: str
    unseen: str
    line: str

    @property
    def kind(self) -> str:
        """The verdict where hosts are only counted."""
        return '%s (partly seen)' % self.verdict if self.unseen else self.verdict


def render(document: Json, width: int, color: bool, rich: bool = HAS_RICH) -> str:
    """The table, its leftover lines and the totals as lines of text, safe for a terminal.

    width is the number of columns; color adds SGR sequences (with rich only). At most MAX_ROWS hosts get a row of
    their own; in a larger fleet clean ones get none.
    """
    part = document.get('remediation')
    shown, left = _choose(document['hosts'])
    rows = [_row(host, part) for host in shown]
    lines = []
    if rows:
        lines.append(_with_rich(rows, width, color) if rich else _padded(rows, width))
    if left:
        lines.append('and %s' % _totals(left))
    lines.append(_footer(document['summary']))
    lines.extend(remediation.lines(part) if part else ())
    lines.extend(compare.lines(document))
    lines.extend(diagnosis.lines(document))
    return '\n'.join(lines)


def _choose(hosts: list[Json]) -> tuple[list[Json], list[Json]]:
    """Hosts with a row of their own, and those that are only counted."""
    if len(hosts) <= MAX_ROWS:
        return hosts, []
    worth = [host for host in hosts if host['verdict'] != 'clean' or host['unseen'] or _was_touched(host)]
    worth = worth[:MAX_ROWS]
    names = {host['name'] for host in worth}
    return worth, [host for host in hosts if host['name'] not in names]


def _was_touched(host: Json) -> bool:
    return 'remediation' in host and bool(host['remediation']['state'] != outcome.UNTOUCHED)


def _row(host: Json, part: Json | None = None) -> Row:
    verdict = host['verdict'] if host['status'] == 'ok' else host['status']
    line = host['summary'] if host['status'] == 'ok' else host['reason']
    if host['status'] == 'ok' and host['reason']:
        line = '%s (%s)' % (line, host['reason'])
    done = remediation.label(host, part)
    line = '%s; %s' % (done, line) if done and host['status'] == 'ok' else done or line
    name = escape.terminal(host['name'], _NAME_LIMIT)
    return Row(name, verdict, unseen.phrase(host), escape.terminal(line, _SUMMARY_LIMIT))


def _totals(hosts: list[Json]) -> str:
    """For example "3 latent, 412 clean": the hosts without a row, worst first."""
    counts: dict[str, int] = {}
    for host in hosts:
        label = _row(host).kind
        counts[label] = counts.get(label, 0) + 1
    return ', '.join('%d %s' % (number, label) for label, number in counts.items())


def _footer(summary: Json) -> str:
    if not summary['hosts']:
        return 'no hosts'
    parts = ['%d %s' % (summary['verdicts'][name], name) for name in CLASSES if summary['verdicts'][name]]
    others = ['%d %s' % (number, name) for name, number in summary['statuses'].items() if number and name != 'ok']
    others += ['%d partly seen' % summary['partly_seen']] if summary['partly_seen'] else []
    total = '%d host%s' % (summary['hosts'], '' if summary['hosts'] == 1 else 's')
    text = '%s: %s' % (total, ', '.join(parts)) if parts else total
    return '%s (%s)' % (text, ', '.join(others)) if others else text


def _padded(rows: list[Row], width: int) -> str:
    """Columns by padding; a long last column goes on below itself."""
    first = max(len(row.name) for row in rows)
    second = max(len(row.verdict) for row in rows)
    indent = ' ' * (first + second + 4)
    lines = []
    for row in rows:
        name = row.name.ljust(first)
        # What was not seen is a part of the verdict: it takes the room of the next column.
        head = '%s  ' % name if row.unseen else '%s  %s  ' % (name, row.verdict.ljust(second))
        text = '%s (%s)  %s' % (row.verdict, row.unseen, row.line) if row.unseen else row.line
        room = max(width, len(indent) + 20)
        lines += textwrap.wrap(text, room, initial_indent=head, subsequent_indent=indent) or [head.rstrip()]
    return '\n'.join(lines)


def _with_rich(rows: list[Row], width: int, color: bool) -> str:
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow='fold')
    second = max(len(row.verdict) for row in rows)
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
    style = _STYLES.get('unknown' if row.unseen and row.verdict == 'clean' else row.verdict, 'cyan')
    if row.unseen:
        return Text.assemble(('%s (%s)' % (row.verdict, row.unseen), style), '  %s' % row.line)
    cell = Table.grid(padding=(0, 2, 0, 0))
    cell.add_column(no_wrap=True, min_width=width)
    cell.add_column(overflow='fold')
    cell.add_row(Text(row.verdict, style=style), Text(row.line))
    return cell
