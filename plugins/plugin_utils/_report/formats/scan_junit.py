# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""scan.junit.xml: a scan as test results: a suite for each file with findings, a test for each of these."""

import itertools

from ..._messages.telling import words
from ..._shapes.scan import ScanDocument, ScanFinding
from ..._text import escape

_MESSAGE, _NAME = 500, 1000


def render(document: ScanDocument, language: str) -> str:
    """The test results of a scan. Errors and warnings fail, notes and what is accepted are skipped tests."""
    shown = sorted(
        [*document['findings'], *document['known'], *document['suppressed']],
        key=lambda finding: (finding['path'], finding['line']),
    )
    new = {id(finding) for finding in document['findings']}
    groups = [(path, list(group)) for path, group in itertools.groupby(shown, key=lambda finding: finding['path'])]
    suites = [_suite(path, group, new, language) for path, group in groups] or [
        '<testsuite name="scan" tests="1" failures="0" errors="0"><testcase classname="scan" name="clean"/></testsuite>'
    ]
    return '\n'.join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<testsuites name="nodetcp.paws scan">',
            *suites,
            '</testsuites>',
            '',
        ]
    )


def _suite(path: str, findings: list[ScanFinding], new: set[int], language: str) -> str:
    failing = [finding for finding in findings if id(finding) in new and finding['level'] != 'note']
    name = _attribute(path, _NAME)
    lines = ['<testsuite name="%s" tests="%d" failures="%d" errors="0">' % (name, len(findings), len(failing))]
    for finding in findings:
        case = _attribute('%s:%d %s' % (finding['rule'], finding['line'], finding['key']), _NAME)
        said = _attribute(words(language, finding, 'text'), _MESSAGE)
        if finding in failing:
            place = _attribute('%s:%d' % (finding['path'], finding['line']), _NAME)
            body = '<failure type="%s" message="%s">%s</failure>' % (finding['level'], said, place)
        else:
            body = '<skipped message="%s"/>' % _attribute(
                finding.get('reason') or words(language, finding, 'text'), _MESSAGE
            )
        lines.append('<testcase classname="%s" name="%s">%s</testcase>' % (name, case, body))
    return '\n'.join([*lines, '</testsuite>'])


def _attribute(text: str, limit: int) -> str:
    """Visible text for XML, which has no place for two code points."""
    shown = escape.html(escape.shorten(text, limit))
    return shown.replace('\ufffe', '\\ufffe').replace('\uffff', '\\uffff')
