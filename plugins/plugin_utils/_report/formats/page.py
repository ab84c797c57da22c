# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the script of audit.html works on: the document without repetitions, every text made visible and bounded.

What the table of hosts shows and is searched by stands in it plainly: a list for each host, with a number in the place
of each text that many hosts share. What is only seen once a host is opened is packed (zlib, RFC 1950, in base64), in
parts of PART hosts: the script unpacks a part when one of its hosts is asked for.
"""

import base64
import json
import typing as t
import zlib
from collections.abc import Mapping

from ..._judge.vocabulary import CLASSES
from ..._messages import language
from ..._messages.telling import retold, words
from ..._shapes.record import Container
from ..._shapes.report import Host, Report
from ..._shapes.verdict import Finding, JudgedNamespace
from ..._text import escape
from .. import commands, unseen
from ..document import Json, observed_at, told_finding
from ..origins import places
from . import charts

PART, _ID = 50, 12
_TEXT, _DEPTH = 2000, 8
#: Of a finding, what is the same on every host that has it: kept once.
_SHARED = ('rule', 'title', 'severity', 'class', 'why', 'fix', 'references')
_PLAIN = ('exposure', 'evidence', 'profile', 'cluster', 'unavailable')
#: What stands in the list of each host, in this order.
_COLUMNS = (
    *('name', 'status', 'verdict', 'kernel', 'series', 'groups', 'summary', 'reason', 'unseen'),
    *('found', 'waived', 'files', 'change'),
)


class _Once:
    """Values that many hosts share, each kept once, by number."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def number(self, value: str) -> int:
        return self.numbers.setdefault(value, len(self.numbers))


def embedded(document: Report, tongue: str) -> str:
    """The data as JSON for a script element: without any character that HTML could take for its own."""
    kinds, texts = _Once(), _Once()
    hosts, parts = [], []
    for start in range(0, len(document['hosts']), PART):
        part = document['hosts'][start : start + PART]
        details = [_detail(host, kinds, tongue) for host in part]
        hosts += [_row(host, detail, texts, tongue) for host, detail in zip(part, details, strict=True)]
        parts.append(_packed(details))
    data = {
        'words': language.words(tongue),
        'classes': CLASSES,
        'kinds': [json.loads(kind) for kind in kinds.numbers],
        'compared': 'comparison' in document,
        # A command that ends in the middle is none: rules and waivers given with -e are a part of it.
        'commands': {name: escape.visible(text) for name, text in commands.starts(document['run']).items()},
        'texts': list(texts.numbers),
        'columns': _COLUMNS,
        'hosts': hosts,
        'part': PART,
        'details': parts,
    }
    text = json.dumps(data, separators=(',', ':'))
    return text.replace('&', '\\u0026').replace('<', '\\u003c').replace('>', '\\u003e')


def _packed(details: list[Json]) -> str:
    text = json.dumps(details, separators=(',', ':'))
    return base64.b64encode(zlib.compress(text.encode('ascii'))).decode('ascii')


def _row(host: Host, detail: Json, texts: _Once, tongue: str) -> list[object]:
    """What the table shows of a host, in the order of _COLUMNS: numbers of texts, null for none, lists of either."""

    def number(text: str | None) -> int | None:
        return texts.number(_clean(text)) if text else None

    findings = detail.get('findings', [])
    files = dict.fromkeys(place[0] for finding in findings for place in finding.get('places', ()))
    change = host.get('change')
    counting = dict.fromkeys(finding['k'] for finding in findings if 'waived' not in finding)
    waived = dict.fromkeys(finding['k'] for finding in findings if finding['k'] not in counting)
    return [
        _clean(host['name']),
        number(host['status']),
        number(host['verdict']),
        number((host['kernel'] or {}).get('release')),
        number(charts.series(host)),
        [number(group) for group in host['groups']],
        number(words(tongue, host, 'summary')),
        number(words(tongue, host, 'reason')),
        number(unseen.phrase(host, tongue)),
        list(counting),
        list(waived),
        [number(file) for file in files],
        _clean(change) if change else None,
    ]


def _detail(host: Host, kinds: _Once, tongue: str) -> Json:
    """The rest of a host; what is empty is left out."""
    entry: Json = {name: host.get(name) for name in _PLAIN}
    if 'second_look' in host:
        entry['unavailable'] = {**host['unavailable'], 'window': words(tongue, host, 'reason')}
    entry['commands'] = commands.of(host)
    entry['proposal'] = _said(host['proposal'])
    entry['observed'] = observed_at(host)
    entry['impact'] = {key: value for key, value in host['impact'].items() if value}
    if host['impact']['containers']:
        entry['impact']['containers'] = [_container(each) for each in host['impact']['containers']]
    entry['namespaces'] = [_namespace(namespace) for namespace in host['namespaces'] if _worth(namespace, host)]
    entry['remediation'] = retold(tongue, host.get('remediation'))
    entry['forecast'] = retold(tongue, host.get('forecast'))
    entry['findings'] = _findings(host, kinds, tongue)
    return {key: _clean(value) for key, value in _said(entry).items()}


def _worth(namespace: JudgedNamespace, host: Host) -> bool:
    """A lone namespace of the node that was looked at once says nothing that its host does not."""
    return len(host['namespaces']) > 1 or bool(namespace.get('window'))


def _namespace(namespace: JudgedNamespace) -> Json:
    shown: Json = {key: value for key, value in namespace.items() if key != 'key'}
    if namespace['container']:
        shown['container'] = _container(namespace['container'])
    return _said(shown)


def _container(container: Container) -> Json:
    """A container by as much of its id as everybody names it by."""
    return {**container, 'id': container['id'][:_ID]}


def _findings(host: Host, kinds: _Once, tongue: str) -> list[Json]:
    """What was found, each once, with every network namespace in which the same was found."""
    found: dict[str, Json] = {}
    for finding in host['findings']:
        entry = _finding(finding, host, kinds, tongue)
        known = found.setdefault(json.dumps(entry), {**entry, 'namespaces': []})
        known['namespaces'].append(finding['namespace'])
    return list(found.values())


def _finding(finding: Finding, host: Host, kinds: _Once, tongue: str) -> Json:
    kind = json.dumps(_clean(_kind(told_finding(tongue, finding))))
    entry = {
        'k': kinds.number(kind),
        'active': finding['active'],
        'evidence': retold(tongue, finding['evidence']),
        'waived': finding['waived'],
        'places': [list(place) for place in places(finding)],
        'command': None if host['proposal'].get('why_not') else commands.at_once(finding),
    }
    return _said(entry)


def _kind(told: Finding) -> Json:
    """What is said of a finding on every host that has it: without the value that runs on one of them."""
    fix = told['fix'] and {key: value for key, value in told['fix'].items() if key not in ('running', 'messages')}
    return {key: value for key, value in {**told, 'fix': fix}.items() if key in _SHARED and value}


def _said(entry: Mapping[str, object]) -> Json:
    """The entry without what is empty; numbers stay, also 0."""
    return {key: value for key, value in entry.items() if value or (isinstance(value, int) and value is not False)}


def _clean(value: t.Any, depth: int = _DEPTH) -> t.Any:
    """Every text in it visible and no longer than anybody reads."""
    if isinstance(value, str):
        return escape.shorten(escape.visible(value), _TEXT)
    if isinstance(value, dict):
        return {_clean(str(key)): _clean(item, depth - 1) for key, item in value.items()} if depth else '...'
    if isinstance(value, list):
        return [_clean(item, depth - 1) for item in value] if depth else '...'
    return value
