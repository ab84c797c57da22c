# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two made-up namespaces on which every rule is tried when it is loaded: one has everything, one has next to nothing.

What fails here would fail on a node: a field that does not exist, a function that cannot take what it gets.
"""

from collections.abc import Iterator
from typing import cast

from .._messages.message import message
from .._shapes.record import Namespace, Record, Sysctl
from .expression import ConditionError, Evaluator, Expression
from .facts import Facts, gather
from .view import View
from .vocabulary import PORT_RANGE, RECYCLE, RESERVED_PORTS, Json
from .window import Window


class _Known(dict[str, object]):
    """A part of the record whose names are fixed: asking for another one is a mistake of the rule."""

    def get(self, key: str, default: object = None) -> object:
        if key not in self:
            if key in ('null', 'true', 'false'):
                raise ConditionError(message('condition/field-not-value', name=key))
            raise ConditionError(message('condition/no-field', name=key, known=sorted(self)))
        return self[key]


class _Every(dict[str, Sysctl]):
    """Has every sysctl."""

    def get(self, key: str, default: object = None) -> Sysctl:
        text = {PORT_RANGE: '32768 60999', RESERVED_PORTS: ''}
        return {'value': text.get(key, '1'), 'scope': 'namespace'}


class _Counters(dict[str, int]):
    """Has every counter."""

    def get(self, key: str, default: object = None) -> int:
        return 7

    def __bool__(self) -> bool:
        return True


class Trial:
    """Tries expressions on both namespaces, given what they look at."""

    def __init__(self) -> None:
        self._full, self._bare = _full(), _bare()
        self._strict, self._plain = Evaluator(self._full.view, strict=True), Evaluator(self._bare.view)

    def values(self, expression: Expression) -> Iterator[object]:
        """What the expression gives on each. Raises ConditionError."""
        yield self._strict.value(expression.ast, self._full.view, self._full.data)
        yield self._plain.value(expression.ast, self._bare.view, self._bare.data)


def _full() -> Facts:
    line = {'value': '1', 'file': '/etc/sysctl.conf', 'line': 1}
    definition = {**line, 'form': 'plain', 'status': 'effective'}
    container = {'id': 'c' * 64, 'runtime': 'docker', 'pod_uid': 'u'}
    namespace = {
        'id': 'net:[1]', 'key': 'net:[1]@4/host', 'members': [], 'kind': 'host', 'name': 'n', 'device': 4, 'count': 1,
        'pids': [{'pid': 1, 'start': 3}], 'container': container, 'also': [container],
        'addresses': {'local': ['10.0.0.1'], 'listening': ['0.0.0.0:22'], 'truncated': False},
        'collided': {'address': '192.0.2.1', 'cause': 'unknown', 'connections': 1, 'ports': [1, 2],
                     'clients': [], 'forecast': None},
        'sysctls': _Every(), 'counters': {'TcpExt': _Counters(), 'Tcp': _Counters()},
        'sockets': {'tw': 1, 'inuse': 1, 'orphan': 0, 'alloc': 1}, 'conntrack': _Counters(),
    }  # fmt: skip
    record = {
        **_base('4.4.178', [4, 4, 178]),
        'namespaces': [_Known(namespace)],
        'persisted': {RECYCLE: {'effective': {'systemd': line, 'procps': line}, 'definitions': [definition]}},
        'writers': [{'kind': 'tuned', 'file': '/etc/tuned/x', 'line': 1, 'key': RECYCLE, 'value': '1'}],
        'change_sets': [{'id': 'x', 'time': 1, 'state': 'applied', 'changes': 1}],
        'translation': [
            {
                'tool': 'nft',
                'chain': 'ip nat post',
                'kind': 'masquerade',
                'flags': ['random'],
                'ports': None,
                'to': None,
                'owner': None,
                'line': 'masquerade random',
                'count': 1,
            },
        ],
        'kube_proxy': {'mode': 'ipvs', 'by': 'kernel'},
        'translated': {'time_wait_s': 120, 'entries': 1, 'of': 1, 'destinations': []},
    }
    return _strictly(gather(View(cast(Record, record), 0, Window(10.0, None, {'TcpExt.PAWSPassive': 1})), 'server'))


def _bare() -> Facts:
    namespace: Namespace = {
        'id': None, 'key': 'k', 'kind': 'host', 'name': None, 'device': None, 'count': 1, 'pids': [], 'container': None,
        'also': [], 'addresses': None, 'sysctls': {}, 'counters': {'TcpExt': None, 'Tcp': None}, 'sockets': None,
        'conntrack': None,
    }  # fmt: skip
    record = {**_base(None, None), 'namespaces': [namespace], 'persisted': {}, 'writers': [], 'change_sets': []}
    return gather(View(cast(Record, record), 0, Window()), 'server')


def _base(release: str | None, version: list[int] | None) -> Json:
    return {
        'schema': 1,
        'source': {'collector': 'live', 'root': '/', 'collected_at': None, 'uptime_s': None, 'boot_id': None,
                   'python': '3.11.7', 'collection_version': '0.1.0', 'hostname': None},
        'kernel': {'release': release, 'version': version, 'vendor': None},
        'unavailable': {},
    }  # fmt: skip


def _strictly(facts: Facts) -> Facts:
    """Mark those parts whose names are fixed."""
    data: Json = dict(facts.data)
    for part in ('kernel', 'source', 'window'):
        data[part] = _Known(data[part])
    return Facts(facts.view, facts.exposure, facts.evidence, _Known(data))
