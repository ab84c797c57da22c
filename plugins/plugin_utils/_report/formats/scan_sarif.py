# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""scan.sarif: SARIF 2.1.0 (OASIS) for code scanning: a result for each finding, with the change that mends it."""

import hashlib
import json
import urllib.parse

from ..._messages.telling import words
from ..._shapes.scan import Mend, ScanDocument, ScanFinding
from ..._text import escape
from ..document import Json
from . import sarif

_TEXT = 4000
_ROOT = '%SRCROOT%'


def render(document: ScanDocument, language: str) -> str:
    """The SARIF log of a scan; paths are relative to the root of the checkout, as code scanning wants them."""
    shown = [*document['findings'], *document['known'], *document['suppressed']]
    rules = sorted({finding['rule'] for finding in shown})
    driver = {
        'name': 'nodetcp.paws',
        'informationUri': sarif.HOME,
        'semanticVersion': document['collection_version'],
        'rules': [{'id': rule} for rule in rules],
    }
    notices = [
        {'level': 'warning', 'message': {'text': _text('%s: %s' % (each['path'], words(language, each, 'text')))}}
        for each in document['notices']
    ]
    run = {
        'tool': {'driver': driver},
        'automationDetails': {'id': 'nodetcp.paws/scan'},
        'invocations': [{'executionSuccessful': True, 'toolExecutionNotifications': notices}],
        'columnKind': 'unicodeCodePoints',
        'results': [_result(finding, rules, language) for finding in shown],
    }
    return json.dumps({'$schema': sarif.SCHEMA, 'version': '2.1.0', 'runs': [run]}, indent=1) + '\n'


def _result(finding: ScanFinding, rules: list[str], language: str) -> Json:
    key = '\0'.join(str(part) for part in (finding['path'], finding['rule'], finding['key'], finding['value']))
    result: Json = {
        'ruleId': finding['rule'],
        'ruleIndex': rules.index(finding['rule']),
        'level': finding['level'],
        'message': {'text': _text(words(language, finding, 'text'))},
        'locations': [
            {
                'physicalLocation': {
                    'artifactLocation': _artifact(finding['path']),
                    'region': {'startLine': finding['line']},
                }
            }
        ],
        'partialFingerprints': {'nodetcp/scan/v1': hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()},
        'properties': {
            'key': _text(finding['key']),
            'value': _text(str(finding['value'])),
            'kernels': finding['kernels'],
        },
    }
    if finding['fix']:
        result['fixes'] = [_fix(finding['path'], finding['fix'])]
    if 'reason' in finding:
        result['suppressions'] = [{'kind': 'inSource', 'justification': _text(finding['reason'])}]
    return result


def _fix(path: str, fix: Mend) -> Json:
    """A replacement of the whole line; a line that goes is deleted with its end."""
    line, new = fix['line'], fix['new']
    last = (line, len(fix['old']) + 1) if new is not None else (line + 1, 1)
    region = {'startLine': line, 'startColumn': 1, 'endLine': last[0], 'endColumn': last[1]}
    inserted = {'insertedContent': {'text': new}} if new is not None else {}
    change = {'artifactLocation': _artifact(path), 'replacements': [{'deletedRegion': region, **inserted}]}
    return {'description': {'text': _text(new or '-')}, 'artifactChanges': [change]}


def _artifact(path: str) -> Json:
    return {'uri': urllib.parse.quote(path.encode('utf-8', 'surrogatepass')), 'uriBaseId': _ROOT}


def _text(text: str) -> str:
    return escape.shorten(escape.visible(text), _TEXT)
