# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bars of verdicts as inline SVG: each bar is a row of a table, so that its numbers can be read without seeing it."""

import re
import typing as t
from collections.abc import Iterable, Mapping

from ..._judge.vocabulary import CLASSES
from ..._shapes.report import Host
from ..._shapes.verdict import Class
from ..._text import escape
from ..document import counted

_ROWS, _WIDTH, _NAME = 12, 400, 60
_PARTLY = 'partly_seen'
Counts = dict[str, dict[str, int]]


def by_group(hosts: Iterable[Host]) -> Counts:
    """Numbers of hosts by group and verdict, and of those partly seen; a host counts in each of its groups."""
    return _count((group, host) for host in hosts for group in host['groups'] or ['ungrouped'])


def by_kernel(hosts: Iterable[Host]) -> Counts:
    """The same by kernel series: the first two numbers of the release and the mark of the distribution."""
    return _count((series(host), host) for host in hosts)


def series(host: Host) -> str:
    """For example "3.10 el7", or "unknown"."""
    kernel = host['kernel'] or {}
    number = re.match(r'\d+\.\d+', kernel.get('release') or '')
    return ' '.join(filter(None, [number.group(), kernel.get('vendor')])) if number else 'unknown'


def whole(verdicts: Mapping[Class, int]) -> str:
    """The fleet as one bar; the numbers stand above it."""
    total, x, parts = sum(verdicts.values()) or 1, 0.0, []
    for verdict in CLASSES:
        width = verdicts[verdict] / total * _WIDTH
        if width:
            parts.append('<rect class="f-%s" x="%.2f" width="%.2f" height="10"/>' % (verdict, x, width))
            x += width
    shape = '<svg class="whole" viewBox="0 0 %d 10" preserveAspectRatio="none" aria-hidden="true">%s</svg>'
    return shape % (_WIDTH, ''.join(parts))


def bars(counts: Counts, kind: str, caption: str, words: Mapping[str, str]) -> str:
    """A table of bars, the worst first. kind is what a click on a name filters by."""
    rows = sorted(counts.items(), key=lambda item: ([-item[1].get(name, 0) for name in CLASSES[:-1]], item[0]))
    widest = max((sum(row.get(name, 0) for name in CLASSES) for _name, row in rows), default=1)
    body = [_bar(name, row, kind, widest, words) for name, row in rows[:_ROWS]]
    more = words['others'].format(count=len(rows) - _ROWS)
    left = '<tr><td colspan="2" class="dim">%s</td></tr>' % escape.html(more) if len(rows) > _ROWS else ''
    return '<table class="bars"><caption>%s</caption><tbody>%s%s</tbody></table>' % (
        escape.html(caption),
        ''.join(body),
        left,
    )


def _bar(name: str, row: Mapping[str, int], kind: str, widest: int, words: Mapping[str, str]) -> str:
    parts, x = [], 0.0
    for verdict in CLASSES:
        if row.get(verdict):
            width = row[verdict] / widest * _WIDTH
            shape = '<rect class="f-%s" x="%.1f" width="%.1f" height="16"><title>%s</title></rect>'
            parts.append(shape % (verdict, x, max(width, 1), escape.html(_told(verdict, row[verdict], words))))
            x += width
    text = ', '.join(_told(name, row[name], words) for name in (*CLASSES, _PARTLY) if row.get(name))
    label = escape.html(escape.shorten(name, _NAME))
    return (
        '<tr><th scope="row"><a href="#hosts" data-filter="%s" data-value="%s">%s</a></th>'
        '<td><svg viewBox="0 0 %d 16" width="%d" height="16" preserveAspectRatio="none" aria-hidden="true">%s</svg>'
        '<span>%s</span></td></tr>'
    ) % (kind, escape.html(name), label, _WIDTH, _WIDTH, ''.join(parts), escape.html(text))


def _told(name: str, number: int, words: Mapping[str, str]) -> str:
    return '%d %s' % (number, words[name])


def _count(pairs: Iterable[tuple[str, Host]]) -> Counts:
    found: Counts = {}
    for name, host in pairs:
        row: dict[str, t.Any] = found.setdefault(name, {})
        verdict = counted(host)
        if verdict:
            row[verdict] = row.get(verdict, 0) + 1
        row[_PARTLY] = row.get(_PARTLY, 0) + bool(host['unseen'])
    return found
