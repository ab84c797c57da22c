# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scan as text: lines for the console as compilers print them, and scan.md for a pull request."""

from ..._messages.catalogue import told
from ..._messages.message import Message, message
from ..._messages.telling import words
from ..._shapes.scan import Mend, ScanDocument, ScanFinding
from ..._text import escape
from . import markdown

_LEVELS = ('error', 'warning', 'note')
#: A comment on GitHub holds 65536 characters.
_FINDINGS, _NOTICES = 150, 50


def console(document: ScanDocument, language: str) -> str:
    """PATH:LINE: LEVEL: what it does [RULE], a line with the fix below where there is one, and the numbers."""
    lines = []
    for finding in document['findings']:
        said = words(language, finding, 'text')
        place = '%s:%d' % (finding['path'], finding['line'])
        lines.append(escape.terminal('%s: %s: %s [%s]' % (place, finding['level'], said, finding['rule'])))
        lines += ['    ' + escape.terminal(told(language, _fix(finding['fix'])))] if finding['fix'] else []
    lines += [escape.terminal('%s: %s' % (each['path'], words(language, each, 'text'))) for each in document['notices']]
    return '\n'.join([*lines, summary(document, language)])


def summary(document: ScanDocument, language: str) -> str:
    """The numbers of a scan as one line."""
    parts: list[Message] = [counted(document)]
    if document['suppressed']:
        parts.append(message('scan/suppressed', number=len(document['suppressed'])))
    if document['known']:
        parts.append(message('scan/known', number=len(document['known'])))
    return '; '.join(told(language, part) for part in parts)


def counted(document: ScanDocument) -> Message:
    """How many findings of each level there are."""
    numbers = [sum(finding['level'] == level for finding in document['findings']) for level in _LEVELS]
    files = document['files']['seen']
    if not any(numbers):
        return message('scan/clean', files=files)
    return message('scan/found', errors=numbers[0], warnings=numbers[1], notes=numbers[2], files=files)


def page(document: ScanDocument, language: str) -> str:
    """scan.md: a table of the findings, the worst ones first."""
    findings = sorted(document['findings'], key=lambda finding: _LEVELS.index(finding['level']))
    parts = ['## %s' % told(language, message('scan/title')), markdown.text(summary(document, language))]
    if findings:
        parts.append('\n'.join([*_head(language), *(_row(finding, language) for finding in findings[:_FINDINGS])]))
    notices = document['notices'][:_NOTICES]
    if notices:
        rows = ['- %s: %s' % (_cell(each['path']), _cell(words(language, each, 'text'))) for each in notices]
        parts.append('\n'.join(['### %s' % told(language, message('scan/head-notices')), '', *rows]))
    return '\n\n'.join(parts) + '\n'


def _head(language: str) -> list[str]:
    heads = (
        message('scan/head-place'),
        message('scan/head-level'),
        message('scan/head-setting'),
        message('scan/head-text'),
    )
    return ['| %s |' % ' | '.join(told(language, head) for head in heads), '|---|---|---|---|']


def _row(finding: ScanFinding, language: str) -> str:
    said = words(language, finding, 'text')
    fix = ' (%s)' % told(language, _fix(finding['fix'])) if finding['fix'] else ''
    cells = (
        '%s:%d' % (finding['path'], finding['line']),
        '%s (%s)' % (finding['level'], finding['rule']),
        '%s = %s' % (finding['key'], finding['value']),
        said + fix,
    )
    return '| %s |' % ' | '.join(_cell(cell) for cell in cells)


def _fix(fix: Mend) -> Message:
    return message('scan/remove') if fix['new'] is None else message('scan/fix', line=fix['new'].strip())


def _cell(text: str) -> str:
    return str(markdown.text(text))
