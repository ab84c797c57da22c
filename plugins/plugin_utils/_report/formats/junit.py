# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""audit.junit.xml: the report as test results, for Jenkins, GitLab and all that read JUnit XML.

A suite for each host. Its first test is the verdict; then one test for each rule that found something on any host of
the report, so that a finding which is mended turns from failed to passed. The form is that of the xUnit plugin of
Jenkins (junit-10.xsd).
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from collections.abc import Sequence

from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages import catalogue, telling
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import message
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import words
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import unseen
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.document import Json, tongue
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.origins import places
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text import escape

_MESSAGE, _TEXT, _NAME = 500, 4000, 1000


def render(document: Json) -> str:
    """The test results of a document of document.build."""
    rules = sorted({finding['rule'] for host in document['hosts'] for finding in host['findings']})
    stamp = document['run']['finished'].rstrip('Z')
    suites = [_suite(host, rules, stamp, tongue(document)) for host in document['hosts']]
    counts = [sum(suite[1][column] for suite in suites) for column in range(3)]
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="nodetcp.paws" tests="%d" failures="%d" errors="%d">'
    )
    return '\n'.join([head % tuple(counts), *(suite[0] for suite in suites), '</testsuites>\n'])


def _suite(host: Json, rules: Sequence[str], stamp: str, language: str) -> tuple[str, tuple[int, int, int]]:
    """The suite of a host, and its numbers of tests, failures and errors."""
    name = _attribute(host['name'], _NAME)
    found: dict[str, list[Json]] = {}
    for finding in host['findings']:
        found.setdefault(finding['rule'], []).append(finding)
    cases = [('verdict', _verdict(host, language))]
    if host['status'] == 'ok':
        cases += [(rule, _rule(found.get(rule, []), language)) for rule in rules]
    bodies = [body for _name, body in cases]
    failures, errors, skipped = (
        sum(body.startswith(start) for body in bodies) for start in ('<failure', '<error', '<skipped')
    )
    lines = [
        '<testcase classname="%s" name="%s"%s'
        % (name, _attribute(case, _NAME), '>%s</testcase>' % body if body else '/>')
        for case, body in cases
    ]
    head = '<testsuite name="%s" hostname="%s" timestamp="%s" tests="%d" failures="%d" errors="%d" skipped="%d">' % (
        *(name, name, stamp, len(cases)),
        *(failures, errors, skipped),
    )
    return '\n'.join([head, *lines, '</testsuite>']), (len(cases), failures, errors)


def _verdict(host: Json, language: str) -> str:
    """What stands in the test of the verdict: empty for a host that passes, which nobody says of one seen in part."""
    said = words(language, host, 'summary' if host['status'] == 'ok' else 'reason')
    if host['status'] == 'skipped':
        return '<skipped message="%s"/>' % _attribute(said, _MESSAGE)
    if host['status'] != 'ok':
        return '<error type="%s" message="%s"/>' % (host['status'], _attribute(said, _MESSAGE))
    if host['verdict'] != 'clean':
        missing = ' (%s)' % unseen.phrase(host, language) if host['unseen'] else ''
        return '<failure type="%s" message="%s"/>' % (host['verdict'], _attribute(said + missing, _MESSAGE))
    missing = unseen.verdict(host, language)
    return '<skipped message="%s"/>' % _attribute(missing, _MESSAGE) if host['unseen'] else ''


def _rule(findings: Sequence[Json], language: str) -> str:
    """What stands in the test of a rule: a failure if a finding counts, skipped if all are waived."""
    counting = [finding for finding in findings if not finding['waived'] and finding['class'] != 'clean']
    if counting:
        told = [telling.finding(language, finding) for finding in counting]
        text = '\n\n'.join(_told(finding) for finding in told)
        head = '<failure type="%s" message="%s">' % (told[0]['class'], _attribute(told[0]['title'], _MESSAGE))
        return '%s%s</failure>' % (head, _xml(escape.shorten(text, _TEXT)))
    waived = [finding['waived']['reason'] for finding in findings if finding['waived']]
    if not waived:
        return ''
    said = catalogue.told(language, message('report/waived', reason=waived[0]))
    return '<skipped message="%s"/>' % _attribute(said, _MESSAGE)


def _told(finding: Json) -> str:
    """A finding as text for the log of a test."""
    lines = ['%s (%s, %s)' % (finding['title'], finding['severity'], finding['namespace'] or 'node')]
    lines += ['%s:%s' % (place.file, place.line or '?') for place in places(finding)]
    lines += [finding['why'], (finding['fix'] or {}).get('text') or '']
    return '\n'.join(escape.visible(line) for line in lines if line)


def _attribute(text: str, limit: int) -> str:
    return _xml(escape.shorten(escape.visible(text), limit))


def _xml(text: str) -> str:
    """Visible text for XML; line feeds stay, the two code points that XML has no place for are shown."""
    for character, name in (('&', '&amp;'), ('<', '&lt;'), ('>', '&gt;'), ('"', '&quot;')):
        text = text.replace(character, name)
    return text.replace('\ufffe', '\\ufffe').replace('\uffff', '\\uffff')
