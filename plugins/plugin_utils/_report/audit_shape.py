# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape of audit.json as far as reports made again rely on it; docs/audit.schema.json says more."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import typing as t

from ansible_collections.nodetcp.paws.plugins.plugin_utils._forecast.forecast import VERDICTS
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.sight import CURES, PARTS
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.vocabulary import CLASSES, SEVERITIES
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.catalogue import LANGUAGES
from ansible_collections.nodetcp.paws.plugins.plugin_utils._remediate.proposal import BY_HAND, BY_HAND_MAX, WHY_NOT
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.compare import CHANGES, GATES
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.document import STATUSES, Json
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.shape import Maybe, Only, Option, Values

_NUMBER = (int, float)
_CLASS = frozenset(CLASSES)


def _texts(*names: str) -> dict[str, t.Any]:
    return dict.fromkeys(names, str)


def _maybe(*names: str) -> dict[str, t.Any]:
    """Texts that may be null or missing."""
    return dict.fromkeys(names, Option(Maybe(str)))


#: What fields say beside their English: telling.words() takes what is of the form of a message, and nothing else.
_MESSAGES = {'messages': Option(dict)}
_PART = {**_texts('id', 'started', 'finished'), 'hosts': int}
_GATE = {
    'audit_fail_on': frozenset(['none', *CLASSES]),
    'audit_ignore_unreachable': Option(bool),
    'report_gate': Option(frozenset(GATES)),
}
_RUN = {
    **_texts('id', 'started', 'finished', 'collection_version', 'ansible_version'),
    **_maybe('playbook', 'limit'),
    'pending': Option(int),
    'language': Option(frozenset(LANGUAGES)),
    'merged': Option([_PART]),
    'commands': Option(Values(str)),
    'gate': Option(_GATE),
}
_SUMMARY = {
    'hosts': int,
    'verdicts': Only(dict.fromkeys(CLASSES, int)),
    'statuses': Only(dict.fromkeys(STATUSES, int)),
    'partly_seen': Option(int),
    'worst': Maybe(_CLASS),
}
_FINDING = {
    **_texts('rule', 'title', 'why'),
    'severity': frozenset(SEVERITIES),
    'class': _CLASS,
    'active': bool,
    'namespace': Maybe(str),
    'evidence': dict,
    'fix': Maybe({**_maybe('text', 'sysctl', 'where', 'running'), **_MESSAGES}),
    'references': [str],
    'waived': Maybe({'reason': str, **_maybe('expires')}),
}
_CONTAINER = _maybe('id', 'runtime', 'pod_uid')
_NAMESPACE = {
    **_texts('kind', 'exposure', 'evidence'),
    **dict.fromkeys(('id', 'key'), Maybe(str)),
    'container': Maybe(_CONTAINER),
    'count': int,
    'window': Option(Maybe({'seconds': _NUMBER, 'rises': Values(int)})),
}
_UNSEEN = {
    'part': frozenset(PARTS),
    **dict.fromkeys(('number', 'of'), Maybe(int)),
    'cure': Maybe(frozenset(CURES)),
}
_DESTINATION = {
    **_texts('local', 'remote'),
    **dict.fromkeys(('remote_port', 'ports'), int),
    'per_s': _NUMBER,
    **dict.fromkeys(('share', 'sustainable_per_s', 'exhausted_after_s'), Maybe(_NUMBER)),
}
_LOAD = {'per_s': _NUMBER, 'sockets': int, 'destinations': [_DESTINATION]}
_CAPACITY = {
    'usable_ports': Maybe(int),
    **_maybe('reuse'),
    **dict.fromkeys(('held_s', 'sustainable_per_s'), Option(Maybe(_NUMBER))),
}
_OUTLOOK = {
    **_MESSAGES,
    'verdict': frozenset(VERDICTS),
    'summary': str,
    'capacity': Maybe(_CAPACITY),
    'loads': dict.fromkeys(('present', 'highest'), Maybe(_LOAD)),
}
_FORECAST = {
    **_OUTLOOK,
    **_texts('decision'),
    **_maybe('namespace'),
    'remedies': [{'text': str, **_maybe('why_not'), 'sustainable_per_s': Option(Maybe(_NUMBER)), **_MESSAGES}],
    'never': [{**_texts('what', 'why'), **_MESSAGES}],
    'settings': dict,
    'planned': Maybe(_OUTLOOK),
}
_CHANGED = {
    **_MESSAGES,
    **_texts('what', 'key', 'reason'),
    **dict.fromkeys(('file', 'before', 'after'), Maybe(str)),
    **_maybe('namespace'),
    'line': Maybe(int),
}
_DONE = {
    **_MESSAGES,
    'state': str,
    'reason': Maybe(str),
    'failed': bool,
    'changes': [_CHANGED],
    'left': [_texts('rule', 'reason')],
    'undo': Maybe(str),
}
_BY_HAND = {
    'kind': frozenset(BY_HAND),
    **_maybe('by', 'file', 'key', 'value', 'when', 'via', 'rule'),
    'line': Option(Maybe(int)),
    'minimum': Option(bool),
    'where': Option([str]),
    'number': Option(int),
}
_PROPOSAL = {
    'why_not': Maybe(frozenset(WHY_NOT)),
    'changes': bool,
    'severity': Maybe(frozenset(SEVERITIES)),
    'by_hand': [_BY_HAND, BY_HAND_MAX],
}
_HOST = {
    **_MESSAGES,
    **_texts('name', 'summary', 'exposure', 'evidence'),
    'status': frozenset(STATUSES),
    'verdict': _CLASS,
    'reason': Maybe(str),
    'groups': [str],
    'findings': [_FINDING],
    'namespaces': [_NAMESPACE],
    'next_boot': Option(Values([dict])),
    'impact': {'namespaces': [str], 'containers': [_CONTAINER], 'listeners': [str], 'peers': [str]},
    'unavailable': Values(str),
    'unseen': Option([_UNSEEN, len(PARTS)]),
    'profile': Maybe(str),
    'kernel': Maybe({**_maybe('release', 'vendor'), 'version': Option(Maybe([Maybe(int)]))}),
    'source': Maybe({'collected_at': Option(Maybe(_NUMBER)), **_maybe('collector', 'file')}),
    **_maybe('change_set'),
    'proposal': Option(_PROPOSAL),
    'second_look': Option(str),
    'forecast': Option(_FORECAST),
    'remediation': Option(_DONE),
    'change': Option({'change': str, 'was': Maybe(str), 'rules': [str]}),
}
#: What comparing added; hosts that were gone count for the gate of that comparison only.
_COMPARISON = {
    'baseline': _texts('id', 'finished'),
    'changes': Only(dict.fromkeys(CHANGES, int)),
    'gone': [str],
    'gone_audited': Option([str]),
}
_REMEDIATION = {
    **_MESSAGES,
    'change_set': str,
    'refused': Maybe(str),
    'states': Values(int),
    'undo': Maybe(str),
}
#: Diagnoses are checked as what they are, see diagnosis.check.
AUDIT: Json = {
    'run': _RUN,
    'summary': _SUMMARY,
    'hosts': [_HOST],
    'comparison': Option(_COMPARISON),
    'remediation': Option(_REMEDIATION),
    'diagnoses': Option([dict]),
}
