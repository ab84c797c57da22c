# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""audit.sarif: SARIF 2.1.0 (OASIS), for code scanning: a result for each finding, at the line that sets the value.

What ends the run as failed is an error, every other finding a note (SARIF 2.1.0, 3.27.10); the severity of a rule is
the level of its default configuration, and stands in the properties of each result.
"""

import hashlib
import json
import urllib.parse

from ..._messages.telling import words
from ..._shapes.report import Gate, Host, Report
from ..._shapes.verdict import Finding
from ..._text import escape
from .. import outcome, unseen
from ..document import Json, told_finding, tongue
from ..origins import Place, places

SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'
HOME = 'https://github.com/nodetcp/paws'
_LEVELS = {'critical': 'error', 'high': 'error', 'medium': 'warning', 'low': 'note', 'info': 'note'}
_TEXT, _NAME = 4000, 1000


def render(document: Report) -> str:
    """The SARIF log of a document of document.build: one run, one line for each result."""
    rules = _rules(document)
    order = {rule['id']: number for number, rule in enumerate(rules)}
    run = document['run']
    driver = {
        'name': 'nodetcp.paws',
        'informationUri': HOME,
        'semanticVersion': run['collection_version'],
        'rules': rules,
    }
    head = {
        'tool': {'driver': driver},
        'automationDetails': {'id': 'nodetcp.paws/%s' % run['id']},
        'invocations': [_invocation(document)],
        'originalUriBaseIds': {
            _base(host): {'uri': 'file://%s/' % _quoted(host['name'])} for host in document['hosts']
        },
        'columnKind': 'unicodeCodePoints',
    }
    language = tongue(document)
    gate = outcome.gate_of(document)
    results = [_result(host, each, order, language, gate) for host in document['hosts'] for each in host['findings']]
    parts = ['%s: %s' % (json.dumps(key), json.dumps(value)) for key, value in head.items()]
    parts.append('"results": [\n%s\n]' % ',\n'.join(json.dumps(result) for result in results))
    return '{"$schema": "%s", "version": "2.1.0", "runs": [{\n%s\n}]}\n' % (SCHEMA, ',\n'.join(parts))


def _rules(document: Report) -> list[Json]:
    """What each rule says, from the first finding of it."""
    found: dict[str, Finding] = {}
    for host in document['hosts']:
        for finding in host['findings']:
            if finding['rule'] not in found:
                found[finding['rule']] = told_finding(tongue(document), finding)
    return [
        {
            'id': rule,
            'shortDescription': {'text': _text(str(finding['title']))},
            'fullDescription': {'text': _text(str(finding['why']))},
            'help': {'text': _text(str((finding['fix'] or {}).get('text') or finding['why']))},
            'defaultConfiguration': {'level': _LEVELS[finding['severity']]},
            'properties': {'references': [_text(reference) for reference in finding['references']]},
        }
        for rule, finding in sorted(found.items())
    ]


def _invocation(document: Report) -> Json:
    """How the run went; hosts that were not audited, or not seen in full, are notifications of the tool."""
    gate, language = outcome.gate_of(document), tongue(document)
    hosts, partly = document['hosts'], [host for host in document['hosts'] if host['unseen']]
    unaudited = [host for host in hosts if host['status'] in ('failed', 'unreachable')]
    levels = ['error' if outcome.ends_run(host, gate) else 'warning' for host in unaudited]
    return {
        'executionSuccessful': not any(outcome.ends_run(host, gate) in ('lost', 'remediation') for host in hosts),
        'startTimeUtc': document['run']['started'],
        'endTimeUtc': document['run']['finished'],
        'toolExecutionNotifications': [
            *(
                _notification(level, '%s %s' % (host['name'], words(language, host, 'summary')))
                for level, host in zip(levels, unaudited, strict=True)
            ),
            *(_notification('warning', '%s: %s' % (host['name'], unseen.verdict(host, language))) for host in partly),
        ],
    }


def _notification(level: str, text: str) -> Json:
    return {'level': level, 'message': {'text': _text(text)}}


def _result(host: Host, finding: Finding, order: dict[str, int], language: str, gate: Gate) -> Json:
    found = places(finding)
    where = '%s/%s' % (host['name'], finding['namespace'] or 'node')
    logical = [{'name': _text(host['name']), 'fullyQualifiedName': _text(where), 'kind': 'resource'}]
    physical = [{'physicalLocation': _physical(host, place), 'logicalLocations': logical} for place in found]
    key = '\0'.join([host['name'], finding['rule'], finding['namespace'] or '', *(place.file for place in found)])
    result: Json = {
        'ruleId': finding['rule'],
        'ruleIndex': order[finding['rule']],
        'level': 'error' if outcome.finding_ends_run(host, finding, gate) else 'note',
        'message': {'text': _message(host, told_finding(language, finding), found)},
        'locations': physical or [{'logicalLocations': logical}],
        'partialFingerprints': {'nodetcp/v1': hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()},
        'properties': {'class': finding['class'], 'severity': finding['severity'], 'active': finding['active']},
    }
    if finding['waived']:
        reason = _text(finding['waived']['reason'])
        result['suppressions'] = [{'kind': 'external', 'status': 'accepted', 'justification': reason}]
    return result


def _message(host: Host, finding: Finding, found: list[Place]) -> str:
    lines = ['%s:%s' % (place.file, place.line or '?') for place in found]
    fix = (finding['fix'] or {}).get('text') or ''
    where = ' (%s)' % ', '.join(lines) if lines else ''
    return _text('%s: %s%s. %s' % (host['name'], finding['title'], where, fix))


def _physical(host: Host, place: Place) -> Json:
    location: Json = {'artifactLocation': {'uri': _quoted(place.file.lstrip('/'), '/'), 'uriBaseId': _base(host)}}
    if place.line:
        location['region'] = {'startLine': place.line}
    return location


def _base(host: Host) -> str:
    """The name of the root directory of a host."""
    return 'root of %s' % _text(host['name'])


def _quoted(text: str, safe: str = '') -> str:
    """Text as a part of a URI; no more than a reader shows."""
    return urllib.parse.quote(escape.shorten(text, _NAME).encode('utf-8', 'surrogatepass'), safe=safe)


def _text(text: str) -> str:
    return escape.shorten(escape.visible(text), _TEXT)
