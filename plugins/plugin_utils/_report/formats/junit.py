# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""audit.junit.xml: the report as test results, for Jenkins, GitLab and all that read JUnit XML.

A suite for each host. Its first test is the verdict; then one test for each rule that found something on any host of
the report, so that a finding which is mended turns into a passed test. What ends the run as failed is a failure or an
error, everything else that was found a skipped test with its text: the results are red exactly where the run is. The
form is that of the xUnit plugin of Jenkins (junit-10.xsd).
"""

from collections.abc import Sequence

from ..._messages import catalogue
from ..._messages.message import message
from ..._messages.telling import words
from ..._shapes.report import Gate, Host, Report
from ..._shapes.verdict import Finding
from ..._text import escape
from .. import compare, outcome, remediation, unseen
from ..document import state, told_finding, tongue
from ..origins import places

_MESSAGE, _TEXT, _NAME = 500, 4000, 1000


def render(document: Report) -> str:
    """The test results of a document of document.build."""
    rules = sorted({finding['rule'] for host in document['hosts'] for finding in host['findings']})
    stamp = document['run']['finished'].rstrip('Z')
    gate = outcome.gate_of(document)
    suites = _refused(document, stamp, gate)
    suites += [_suite(host, rules, stamp, tongue(document), gate) for host in document['hosts']]
    counts = [sum(suite[1][column] for suite in suites) for column in range(3)]
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="nodetcp.paws" tests="%d" failures="%d" errors="%d">'
    )
    return '\n'.join([head % tuple(counts), *(suite[0] for suite in suites), '</testsuites>\n'])


def _refused(document: Report, stamp: str, gate: Gate) -> list[tuple[str, tuple[int, int, int]]]:
    """A suite of its own where the run was refused as a whole, since no host is a reason for it to fail then."""
    part = document.get('remediation')
    if not part or not part['refused'] or 'report_gate' in gate:
        return []
    said = _attribute(words(tongue(document), part, 'refused'), _MESSAGE)
    head = '<testsuite name="remediation" hostname="" timestamp="%s" tests="1" failures="1" errors="0" skipped="0">'
    case = '<testcase classname="remediation" name="plan"><failure type="refused" message="%s"/></testcase>' % said
    return [('\n'.join([head % stamp, case, '</testsuite>']), (1, 1, 0))]


def _suite(host: Host, rules: Sequence[str], stamp: str, language: str, gate: Gate) -> tuple[str, tuple[int, int, int]]:
    """The suite of a host, and its numbers of tests, failures and errors."""
    name = _attribute(host['name'], _NAME)
    found: dict[str, list[Finding]] = {}
    for finding in host['findings']:
        found.setdefault(finding['rule'], []).append(finding)
    cases = [('verdict', _verdict(host, language, gate))]
    if host['status'] == 'ok':
        cases += [(rule, _rule(host, found.get(rule, []), language, gate)) for rule in rules]
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


def _verdict(host: Host, tongue: str, gate: Gate) -> str:
    """What stands in the test of the verdict: empty for a host that passes, which nobody says of one seen in part."""
    why, missing = outcome.ends_run(host, gate), unseen.phrase(host, tongue)
    said = words(tongue, host, 'summary' if host['status'] == 'ok' and why != 'lost' else 'reason')
    if why == 'remediation':
        said = '%s: %s' % (remediation.reason(host, tongue), said)
    elif why == 'change':
        said = '%s: %s' % (catalogue.told(tongue, compare.said(host)), said)
    if host['status'] == 'ok' and missing:
        clean = host['verdict'] == 'clean' and not why
        said = unseen.verdict(host, tongue) if clean else '%s (%s)' % (said, missing)
    shown = _attribute(said, _MESSAGE)
    if why:
        return '<%s type="%s" message="%s"/>' % ('error' if why == 'lost' else 'failure', _kind(host, why), shown)
    if host['status'] == 'ok' and host['verdict'] == 'clean' and not missing:
        return ''
    return '<skipped type="%s" message="%s"/>' % (state(host), shown)


def _kind(host: Host, why: str) -> str:
    if why == 'remediation':
        return host['remediation']['state']
    return host['change']['change'] if why == 'change' else state(host)


def _rule(host: Host, findings: Sequence[Finding], tongue: str, gate: Gate) -> str:
    """The test of a rule: a failure where the gate is for it; skipped where it is not, or where all are waived."""
    counting = [finding for finding in findings if not finding['waived'] and finding['class'] != 'clean']
    if counting:
        failing = [finding for finding in counting if outcome.finding_ends_run(host, finding, gate)]
        told = [told_finding(tongue, finding) for finding in failing or counting]
        text = _xml(escape.shorten('\n\n'.join(_told(finding) for finding in told), _TEXT))
        tag = 'failure' if failing else 'skipped'
        head = '<%s type="%s" message="%s">' % (tag, told[0]['class'], _attribute(str(told[0]['title']), _MESSAGE))
        return '%s%s</%s>' % (head, text, tag)
    waived = [finding['waived']['reason'] for finding in findings if finding['waived']]
    if not waived:
        return ''
    said = catalogue.told(tongue, message('report/waived', reason=waived[0]))
    return '<skipped message="%s"/>' % _attribute(said, _MESSAGE)


def _told(finding: Finding) -> str:
    """A finding as text for the log of a test."""
    lines = ['%s (%s, %s)' % (finding['title'], finding['severity'], finding['namespace'] or 'node')]
    lines += ['%s:%s' % (place.file, place.line or '?') for place in places(finding)]
    lines += [str(finding['why']), str((finding['fix'] or {}).get('text') or '')]
    return '\n'.join(escape.visible(line) for line in lines if line)


def _attribute(text: str, limit: int) -> str:
    return _xml(escape.shorten(escape.visible(text), limit))


def _xml(text: str) -> str:
    """Visible text for XML; line feeds stay, the two code points that XML has no place for are shown."""
    for character, name in (('&', '&amp;'), ('<', '&lt;'), ('>', '&gt;'), ('"', '&quot;')):
        text = text.replace(character, name)
    return text.replace('\ufffe', '\\ufffe').replace('\uffff', '\\uffff')
