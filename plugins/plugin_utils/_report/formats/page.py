# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the script of audit.html works on: the document without repetitions, every text made visible and bounded."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import typing as t

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.vocabulary import CLASSES
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages import language, telling
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import retold, words
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import commands, unseen
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.document import Json, observed_at
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.formats import charts
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.origins import places
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text import escape

_TEXT, _DEPTH = 2000, 8
#: Of a finding, what is the same on every host that has it: kept once.
_SHARED = ('rule', 'title', 'severity', 'class', 'why', 'fix', 'references')
_PLAIN = ('name', 'groups', 'status', 'verdict', 'summary', 'reason', 'exposure', 'evidence', 'profile', 'unavailable')


def embedded(document: Json, tongue: str) -> str:
    """The data as JSON for a script element: without any character that HTML could take for its own."""
    kinds: dict[str, int] = {}
    hosts = [_host(host, kinds, tongue) for host in document['hosts']]
    data = {
        'words': language.words(tongue),
        'classes': CLASSES,
        'kinds': [json.loads(kind) for kind in kinds],
        'compared': 'comparison' in document,
        # A command that ends in the middle is none: rules and waivers given with -e are a part of it.
        'commands': {name: escape.visible(text) for name, text in commands.starts(document['run']).items()},
        'hosts': hosts,
    }
    text = json.dumps(data, separators=(',', ':'))
    return text.replace('&', '\\u0026').replace('<', '\\u003c').replace('>', '\\u003e')


def _host(host: Json, kinds: dict[str, int], tongue: str) -> Json:
    """The entry of a host; what is empty is left out."""
    entry = {key: words(tongue, host, key) for key in _PLAIN}
    if 'second_look' in host:
        entry['unavailable'] = {**entry['unavailable'], 'window': entry['reason']}
    entry['commands'] = commands.of(host)
    entry['proposal'] = _said(host['proposal'])
    entry['unseen'] = unseen.phrase(host, tongue)
    entry['kernel'] = (host['kernel'] or {}).get('release')
    entry['series'] = charts.series(host)
    entry['observed'] = observed_at(host)
    entry['impact'] = {key: value for key, value in host['impact'].items() if value}
    entry['namespaces'] = [_namespace(namespace) for namespace in host['namespaces'] if _worth(namespace, host)]
    entry['remediation'] = retold(tongue, host.get('remediation'))
    entry['forecast'] = retold(tongue, host.get('forecast'))
    entry['change'] = host.get('change')
    entry['findings'] = [_finding(finding, host, kinds, tongue) for finding in host['findings']]
    return {key: _clean(value) for key, value in _said(entry).items()}


def _worth(namespace: Json, host: Json) -> bool:
    """A lone namespace of the node that was looked at once says nothing that its host does not."""
    return len(host['namespaces']) > 1 or bool(namespace.get('window'))


def _namespace(namespace: Json) -> Json:
    return _said({key: value for key, value in namespace.items() if key != 'key'})


def _finding(finding: Json, host: Json, kinds: dict[str, int], tongue: str) -> Json:
    kind = json.dumps(_clean(_kind(telling.finding(tongue, finding))))
    entry = {
        'k': kinds.setdefault(kind, len(kinds)),
        'namespace': finding['namespace'],
        'active': finding['active'],
        'evidence': retold(tongue, finding['evidence']),
        'waived': finding['waived'],
        'places': [list(place) for place in places(finding)],
        'command': None if host['proposal'].get('why_not') else commands.at_once(finding),
    }
    return _said(entry)


def _kind(told: Json) -> Json:
    """What is said of a finding on every host that has it: without the value that runs on one of them."""
    fix = told['fix'] and {key: value for key, value in told['fix'].items() if key not in ('running', 'messages')}
    return {key: value for key, value in {**told, 'fix': fix}.items() if key in _SHARED and value}


def _said(entry: Json) -> Json:
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
