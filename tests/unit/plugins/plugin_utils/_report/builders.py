# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds results of paws_audit and documents for the tests of the report, and checks documents against the schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import spoken
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import document, entries
from tests.unit.plugins.plugin_utils._forecast import test_planned

Json = dict[str, Any]
SCHEMA = Path(__file__).resolve().parents[5] / 'docs' / 'audit.schema.json'

RUN = {
    'id': '20261122T050000Z-0123abcd',
    'started': '2026-11-22T05:00:00Z',
    'finished': '2026-11-22T05:00:10Z',
    'collection_version': '0.1.0',
    'ansible_version': '2.21.5',
    'playbook': 'nodetcp.paws.audit',
    'hosts': None,
    'limit': None,
    'check_mode': False,
    'pending': 0,
}


def make_finding(**changes: Any) -> Json:
    finding = {
        'rule': 'tw-recycle-enabled',
        'title': 'tcp_tw_recycle is on',
        'severity': 'critical',
        'class': 'exposed',
        'active': False,
        'namespace': 'net:[4026531840]',
        'evidence': {'tcp_tw_recycle': 1},
        'why': 'It drops SYNs of clients behind NAT.',
        'fix': {'sysctl': 'net.ipv4.tcp_tw_recycle', 'value': 0, 'text': 'Set net.ipv4.tcp_tw_recycle = 0.'},
        'references': ['https://www.rfc-editor.org/rfc/rfc7323'],
        'waived': None,
    }
    return {**finding, **changes}


def make_result(verdict: str = 'clean', **changes: Any) -> Json:
    """What paws_audit registers on a host."""
    namespace = {
        'id': 'net:[4026531840]',
        'key': 'net:[4026531840]@4/host',
        'kind': 'host',
        'container': None,
        'count': 1,
        'exposure': 'none',
        'evidence': 'none',
    }
    result = {
        'changed': False,
        'verdict': verdict,
        'exposure': 'none',
        'evidence': 'none',
        'impact': {'namespaces': [], 'containers': [], 'listeners': [], 'peers': []},
        'findings': [] if verdict == 'clean' else [make_finding(**{'class': verdict})],
        'namespaces': [namespace],
        'watch': False,
        'summary': 'this host is %s' % verdict,
        'sample': {'groups': []},
        'kernel': {'release': '3.10.0-1160.el7.x86_64', 'version': [3, 10, 0], 'vendor': 'el7'},
        'source': {'collector': 'live', 'root': '/'},
        'unavailable': {},
        'profile': 'server',
    }
    return {**result, **changes}


def make_forecast(profile: str = 'client', **changes: Any) -> Json:
    """What remediate.yml says of TIME_WAIT on a host of 200 local ports and 180 sockets to one database."""
    found: Json = spoken(test_planned.ahead(test_planned.node(), profile).forecast)
    return {**found, 'decision': 'go' if found['planned'] else 'stopped', **changes}


def make_document(*hosts: Json) -> Json:
    return document.build(dict(RUN), list(hosts))


def make_host(name: str, verdict: str = 'clean', **changes: Any) -> Json:
    return entries.observed(name, ['web'], make_result(verdict, **changes))


def problems(found: Any) -> list[str]:
    """Every place where a document is not as docs/audit.schema.json says."""
    schema = json.loads(SCHEMA.read_text())
    Draft202012Validator.check_schema(schema)
    errors = Draft202012Validator(schema).iter_errors(found)
    return ['%s: %s' % ('/'.join(map(str, error.path)), error.message) for error in errors]
