# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""audit.csv: a row for each finding, and one for each host without any, for spreadsheets (RFC 4180, UTF-8)."""

import csv as _csv
import io
import typing as t
from collections.abc import Iterator

from ..._messages.telling import words
from ..._shapes.report import Host, Report
from ..._text import escape
from .. import unseen
from ..document import told_finding, tongue
from ..origins import places

COLUMNS = (
    *('host', 'groups', 'status', 'verdict', 'not_seen', 'exposure', 'evidence', 'kernel', 'profile', 'summary'),
    *('rule', 'severity', 'class', 'active', 'namespace', 'title', 'files', 'fix', 'waived'),
)
#: What makes a spreadsheet take a cell for a formula, also in the wide forms of East Asian scripts.
_FORMULA = ('=', '+', '-', '@', '\uff1d', '\uff0b', '\uff0d', '\uff20')
#: Spreadsheets hold 32767 characters in a cell.
_LIMIT = 4000


def render(document: Report) -> str:
    """The table of a document of document.build, with a row of names first."""
    text = io.StringIO()
    writer = _csv.writer(text, lineterminator='\r\n')
    writer.writerow(COLUMNS)
    language = tongue(document)
    writer.writerows([_cell(value) for value in row] for host in document['hosts'] for row in _rows(host, language))
    return text.getvalue()


def _rows(host: Host, language: str) -> Iterator[tuple[t.Any, ...]]:
    about = (
        *(host['name'], ' '.join(host['groups']), host['status'], host['verdict'], unseen.phrase(host, language)),
        *(host['exposure'], host['evidence'], (host['kernel'] or {}).get('release'), host['profile']),
        words(language, host, 'reason') or words(language, host, 'summary'),
    )
    for finding in host['findings']:
        told = told_finding(language, finding)
        where = ' '.join('%s:%s' % (place.file, place.line or '?') for place in places(finding))
        yield (
            *about,
            *(finding['rule'], finding['severity'], finding['class'], 'yes' if finding['active'] else 'no'),
            *(finding['namespace'], told['title'], where, (told['fix'] or {}).get('text')),
            finding['waived']['reason'] if finding['waived'] else None,
        )
    if not host['findings']:
        yield (*about, *[None] * (len(COLUMNS) - len(about)))


def _cell(value: t.Any) -> str:
    """Text that stays text: an apostrophe before what a spreadsheet would calculate."""
    text = escape.shorten(escape.visible('' if value is None else str(value)), _LIMIT)
    return "'" + text if text.lstrip().startswith(_FORMULA) else text
