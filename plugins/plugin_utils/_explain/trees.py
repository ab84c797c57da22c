# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A captured tree or a sosreport: the node program observes it, the judge judges it, and both become a reading.

Logs and lists of sockets that a report holds, and `observe` does not read, are read as pasted text is.
"""

import datetime
import os
from collections.abc import Mapping
from typing import Any

from ...module_utils._node.errors import Refused, Unreadable
from ...module_utils._node.keys import NODE_SYSCTLS
from ...module_utils._node.operations import observe, translation, writers
from ...module_utils._node.readers.tree import Tree
from .._judge import catalogue, expression, record, verdict
from . import kernel_log, text
from .reading import CONTAINER, HOST, TABLE, Reading, Sample, Scope

Json = dict[str, Any]
#: What a report has beside the record.
LOGS = ('/sos_commands/kernel/dmesg', '/var/log/dmesg', '/var/log/messages', '/var/log/syslog', '/var/log/kern.log')
LOGS_MAX = 8 << 20
SOCKETS = '/sos_commands/networking'


def is_tree(directory: str) -> bool:
    """Whether a directory looks like the root of a file system, or like a sosreport."""
    return any(
        os.path.isdir(os.path.join(directory, *place))
        for place in (('sos_commands',), ('proc', 'net'), ('proc', 'sys'))
    )


def read(directory: str, source: str, today: datetime.date) -> Reading:
    """What the tree holds; a tree that cannot be looked at is a reading with a problem."""
    found = Reading(source)
    found.is_form('sosreport' if os.path.isdir(os.path.join(directory, 'sos_commands')) else 'capture')
    known = catalogue.builtin()
    try:
        looked = observe.run({'root': directory, 'sysctls': known.sysctl_keys, 'counters': known.counter_names})
        _add_further(looked)
        record.check(looked['record'])
        judged = verdict.judge(looked['record'], looked['earlier'], known, 'server', (), today)
    except (Refused, Unreadable, record.RecordError, expression.ConditionError, ValueError) as error:
        found.problem = str(error)[:400]
        return found
    found.verdict = {
        'class': judged['verdict'],
        'exposure': judged['exposure'],
        'evidence': judged['evidence'],
        'findings': [each['rule'] for each in judged['findings'] if not each['waived']],
    }
    _fill(found, looked['record'], looked['earlier'])
    if os.path.isfile(os.path.join(directory, 'proc', 'net', 'netstat')):
        for sample in found.samples:
            sample.tables['TcpExt'] = frozenset(sample.counters)
    _add_texts(found, Tree(directory))
    return found


def _add_further(looked: Json) -> None:
    for part, operation in (('writers', writers), ('translation', translation)):
        asked = looked['further'].get(part)
        if asked:
            answer = operation.run(asked)
            looked['record']['unavailable'].update(answer.pop('unavailable'))
            looked['record'].update(answer)


def _fill(found: Reading, seen: Json, earlier: Json | None) -> None:
    found.release, found.version = seen['kernel']['release'], seen['kernel']['version']
    for number, entry in enumerate(seen['namespaces']):
        scope = Scope(HOST if entry['kind'] == 'host' else CONTAINER, '' if entry['kind'] == 'host' else str(number))
        for group in _earlier_of(earlier, entry):
            _add_sample(found, scope, group['counters'], (earlier or {}).get('uptime_s'))
        _add_sample(found, scope, entry['counters'], seen['source']['uptime_s'])
        _add_settings(found, scope, entry.get('sysctls') or {})
        _add_sizes(found, entry)
    for key, each in seen['persisted'].items():
        effective = [value for value in (each['effective'] or {}).values() if value]
        if effective and key in NODE_SYSCTLS:
            found.files[key] = str(effective[0]['value'])


def _earlier_of(earlier: Json | None, entry: Json) -> list[Json]:
    groups = (earlier or {}).get('groups') or []
    return [group for group in groups if entry.get('key') in group['members'] or entry.get('id') in group['members']][
        :1
    ]


def _add_sample(found: Reading, scope: Scope, counters: Mapping[str, Any], uptime: float | None) -> None:
    """A sample of a record; a group that could not be read is None, a counter that the kernel lacks is None."""
    given = {name: value for group in ('TcpExt', 'Tcp') for name, value in (counters.get(group) or {}).items()}
    if given:
        sample = Sample(TABLE, scope, zeros=True, at=uptime)
        sample.counters = {name: value for name, value in given.items() if value is not None}
        sample.gone = frozenset(name for name, value in given.items() if value is None)
        found.samples.append(sample)


def _add_settings(found: Reading, scope: Scope, values: Mapping[str, Any]) -> None:
    for key, each in values.items():
        if each['value'] is not None:
            found.setting(scope, key, str(each['value']))
        elif each['scope'] == 'absent':
            found.setting(scope, key, None)


def _add_sizes(found: Reading, entry: Json) -> None:
    sockets, conntrack = entry.get('sockets') or {}, entry.get('conntrack') or {}
    if entry['kind'] == 'host' and isinstance(sockets.get('tw'), int):
        found.states['TIME-WAIT'] = sockets['tw']
    for name, value in conntrack.items():
        if isinstance(value, int) and entry['kind'] == 'host':
            found.conntrack[name] = value


def _add_texts(found: Reading, tree: Tree) -> None:
    """Logs and sockets of a report."""
    for path in LOGS:
        kernel_log.whole_log(_content(tree, path), found)
    for name in tree.listdir(SOCKETS):
        if not name.startswith('ss_-'):
            continue
        part = text.read(_content(tree, '%s/%s' % (SOCKETS, name)), name)
        found.listen.update(part.listen)
        for state, count in part.states.items():
            found.states.setdefault(state, count)


def _content(tree: Tree, path: str) -> str:
    """A file, '' where there is none that can be read."""
    try:
        return tree.read(path, LOGS_MAX) or ''
    except Unreadable:
        return ''
