# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Is this a node record? The check that stands between a node, or a file, and everything else.

A node may be hostile or broken: nothing here trusts a type, a size or a depth. The words inside are not judged; reports
escape them.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import math
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import MessageError, message

SCHEMA = 1
STRING_MAX = 4096
KEY_MAX = 512
ADDRESS_MAX = 64
DEPTH_MAX = 12
#: Values in all; a node with 2000 namespaces has about 200,000.
VALUES_MAX = 2_000_000
#: Characters in all keys and texts.
CHARACTERS_MAX = 64 * 1024 * 1024
NAMESPACES_MAX = 20_000
PEERS_MAX = 64
#: Writers, and lines that set one key: rules look through all of them for each namespace. The node sends 48 and 24.
PLACES_MAX = 64
ENDS_MAX = 1000
INTEGER_MAX = 2**64
#: Seconds since 1970 until the year 10000, which dates of pages and metrics do not reach.
MOMENT_MAX = 253402300800

Check = Callable[[Any, str], None]


class RecordError(MessageError):
    """Not a record that can be judged; the text names the place in it."""


def check(obj: object) -> None:
    """Raise RecordError unless `obj` is a record of schema 1 within bounds. More fields than known are allowed."""
    if not isinstance(obj, dict):
        raise RecordError(message('record/not-mapping', place='record', kind=type(obj).__name__))
    schema = obj.get('schema')
    if isinstance(schema, bool) or schema != SCHEMA:
        if 'schema' not in obj:
            raise RecordError(message('record/no-schema', known=SCHEMA))
        raise RecordError(message('record/schema', found=repr(schema)[:40], known=SCHEMA))
    _bounded(obj, 'record')
    _RECORD(obj, 'record')
    if not obj['namespaces']:
        raise RecordError(message('record/no-namespace'))
    if obj['namespaces'][0]['kind'] not in ('host', 'process'):
        raise RecordError(message('record/own-first'))


def check_sample(obj: object) -> None:
    """Raise RecordError unless `obj` is an earlier sample: {boot_id, uptime_s, collected_at, groups}."""
    _bounded(obj, 'sample')
    _SAMPLE(obj, 'sample')


def _bounded(root: object, name: str) -> None:
    """Bounds on everything inside, without recursion: JSON types alone, sizes, depth."""
    stack: list[tuple[Any, str, int]] = [(root, name, 0)]
    values = characters = 0
    while stack:
        value, place, depth = stack.pop()
        values += 1
        if isinstance(value, str):
            characters += len(value)
            if len(value) > STRING_MAX:
                raise RecordError(message('record/long-text', place=place, number=len(value), most=STRING_MAX))
        elif isinstance(value, (dict, list)):
            if depth >= DEPTH_MAX:
                raise RecordError(message('record/deep', place=place, most=DEPTH_MAX))
            characters += _push(value, place, depth, stack)
        else:
            _plain(value, place)
        if values + len(stack) > VALUES_MAX or characters > CHARACTERS_MAX:
            raise RecordError(message('record/too-large', place=name))


def _push(value: Any, place: str, depth: int, stack: list[tuple[Any, str, int]]) -> int:
    """Put what is inside on the stack; the length of the keys."""
    if isinstance(value, list):
        if len(value) > VALUES_MAX:
            raise RecordError(message('record/too-large', place=place))
        stack.extend((child, '%s[%d]' % (place, i), depth + 1) for i, child in enumerate(value))
        return 0
    length = 0
    for key, child in value.items():
        if not isinstance(key, str) or len(key) > KEY_MAX:
            raise RecordError(message('record/key', place=place, most=KEY_MAX))
        length += len(key)
        stack.append((child, '%s.%s' % (place, key), depth + 1))
    return length


def _plain(value: object, place: str) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        if abs(value) > INTEGER_MAX:
            raise RecordError(message('record/out-of-range', place=place))
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise RecordError(message('record/not-finite', place=place))
    else:
        raise RecordError(message('record/not-json', place=place, kind=type(value).__name__))


# -- shapes: small checks put together to the record's form


def _text(value: Any, place: str) -> None:
    if not isinstance(value, str):
        raise RecordError(message('record/not-text', place=place, kind=type(value).__name__))


def _address(value: Any, place: str) -> None:
    _text(value, place)
    if len(value) > ADDRESS_MAX:
        raise RecordError(message('record/long-address', place=place, number=len(value), most=ADDRESS_MAX))


def _integer(value: Any, place: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise RecordError(message('record/not-whole', place=place, kind=type(value).__name__))


def _natural(value: Any, place: str) -> None:
    _integer(value, place)
    if value < 0:
        raise RecordError(message('record/negative', place=place))


def _positive(value: Any, place: str) -> None:
    _integer(value, place)
    if value < 1:
        raise RecordError(message('record/not-positive', place=place))


def _number(value: Any, place: str) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise RecordError(message('record/not-number', place=place, kind=type(value).__name__))


def _moment(value: Any, place: str) -> None:
    _number(value, place)
    if not 0 <= value < MOMENT_MAX:
        raise RecordError('%s: no time between 1970 and 9999' % place)


def _bool(value: Any, place: str) -> None:
    if not isinstance(value, bool):
        raise RecordError(message('record/not-bool', place=place, kind=type(value).__name__))


def _one_of(*words: str) -> Check:
    def run(value: Any, place: str) -> None:
        if not isinstance(value, str) or value not in words:
            raise RecordError(message('record/not-one-of', place=place, value=repr(value)[:60], known=words))

    return run


def _or_null(inner: Check) -> Check:
    def run(value: Any, place: str) -> None:
        if value is not None:
            inner(value, place)

    return run


def _list_of(inner: Check, most: int = VALUES_MAX) -> Check:
    def run(value: Any, place: str) -> None:
        if not isinstance(value, list):
            raise RecordError(message('record/not-list', place=place, kind=type(value).__name__))
        if len(value) > most:
            raise RecordError(message('record/long-list', place=place, number=len(value), most=most))
        for index, child in enumerate(value):
            inner(child, '%s[%d]' % (place, index))

    return run


def _row(*inner: Check) -> Check:
    def run(value: Any, place: str) -> None:
        if not isinstance(value, list) or len(value) != len(inner):
            raise RecordError(message('record/not-row', place=place, number=len(inner)))
        for index, (check_one, child) in enumerate(zip(inner, value, strict=True)):
            check_one(child, '%s[%d]' % (place, index))

    return run


def _map_of(inner: Check) -> Check:
    def run(value: Any, place: str) -> None:
        _mapping(value, place)
        for name, child in value.items():
            inner(child, '%s.%s' % (place, name))

    return run


def _shape(needed: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    def run(value: Any, place: str) -> None:
        _mapping(value, place)
        for name, inner in needed.items():
            if name not in value:
                raise RecordError(message('record/missing', place=place, name=name))
            inner(value[name], '%s.%s' % (place, name))
        for name, inner in (optional or {}).items():
            if name in value:
                inner(value[name], '%s.%s' % (place, name))

    return run


def _mapping(value: Any, place: str) -> None:
    if not isinstance(value, dict):
        raise RecordError(message('record/not-mapping', place=place, kind=type(value).__name__))


_MAYBE_TEXT = _or_null(_text)
_MAYBE_NATURAL = _or_null(_natural)
_MAYBE_NUMBER = _or_null(_number)
_MAYBE_MOMENT = _or_null(_moment)

_CONTAINER = _shape({'id': _text}, {'runtime': _MAYBE_TEXT, 'pod_uid': _MAYBE_TEXT})
_COUNTERS = _or_null(_map_of(_integer))
_CONNTRACK = _or_null(
    _shape({}, dict.fromkeys(('count', 'max', 'drop', 'early_drop', 'insert_failed'), _MAYBE_NATURAL))
)
_SYSCTL = _shape({'value': _MAYBE_TEXT, 'scope': _one_of('namespace', 'host', 'absent', 'unreadable')})
_LINE = _or_null(_shape({'value': _MAYBE_TEXT, 'file': _text, 'line': _MAYBE_NATURAL}))
_DEFINITION = _shape(
    {
        'file': _text,
        'line': _MAYBE_NATURAL,
        'value': _MAYBE_TEXT,
        'status': _one_of('effective', 'shadowed', 'replaced', 'ignored', 'refused', 'transient'),
    },
    {'form': _text},
)
_PEER = _shape({'address': _text, 'remaining_s': _natural}, {'tsval': _MAYBE_NATURAL, 'age_s': _MAYBE_NATURAL})
_DESTINATIONS = _list_of(_row(_address, _address, _natural, _natural), ENDS_MAX)
_FLOW = _shape(
    {
        'by': _one_of('age', 'looks', 'end'),
        'seconds': _number,
        'outgoing': _natural,
        'incoming': _natural,
    },
    {'top': _DESTINATIONS},
)
_NATURAL_PAIRS = _list_of(_row(_natural, _natural), ENDS_MAX)
_TIME_WAIT = _shape(
    {
        'source': _text,
        'sockets': _natural,
        'listening': _list_of(_natural, ENDS_MAX),
        'outgoing': _shape(
            {
                'sockets': _natural,
                'destinations': _natural,
                'exact': _bool,
                'top': _DESTINATIONS,
            }
        ),
        'incoming': _shape(
            {
                'sockets': _natural,
                'ports': _natural,
                'top': _NATURAL_PAIRS,
                'clients': _list_of(_row(_address, _natural), ENDS_MAX),
            }
        ),
    },
    {'flow': _or_null(_FLOW)},
)
_COLLIDED = _shape(
    {
        'address': _address,
        'cause': _one_of('offset_per_connection', 'different_clocks', 'port_reuse', 'unknown'),
        'connections': _natural,
        'ports': _row(_natural, _natural),
    }
)
_NAMESPACE = _shape(
    {
        'key': _text,
        'kind': _one_of('host', 'container', 'named', 'process'),
        'count': _positive,
        'sysctls': _map_of(_SYSCTL),
        'counters': _shape({}, {'TcpExt': _COUNTERS, 'Tcp': _COUNTERS}),
        'conntrack': _CONNTRACK,
    },
    {
        'id': _MAYBE_TEXT,
        'name': _MAYBE_TEXT,
        'device': _or_null(_integer),
        'members': _or_null(_list_of(_text)),
        'pids': _list_of(_shape({'pid': _natural}, {'start': _MAYBE_NATURAL})),
        'container': _or_null(_CONTAINER),
        'also': _or_null(_list_of(_CONTAINER)),
        'addresses': _or_null(_shape({}, {'local': _list_of(_text), 'listening': _list_of(_text), 'truncated': _bool})),
        'sockets': _or_null(_map_of(_or_null(_integer))),
        'peers': _or_null(_list_of(_PEER, PEERS_MAX)),
        'peers_total': _MAYBE_NATURAL,
        'time_wait': _or_null(_TIME_WAIT),
        'collided': _or_null(_COLLIDED),
    },
)
_TRANSLATION = _shape(
    {
        'tool': _one_of('nft', 'iptables', 'ip6tables'),
        'chain': _text,
        'kind': _one_of('masquerade', 'snat'),
        'flags': _or_null(_list_of(_one_of('random', 'fully-random', 'persistent'), 3)),
        'ports': _MAYBE_TEXT,
        'to': _MAYBE_TEXT,
        'owner': _MAYBE_TEXT,
        'line': _text,
        'count': _positive,
    }
)
_RECORD = _shape(
    {
        'source': _shape(
            {'collector': _one_of('live', 'capture', 'shell')},
            {
                'root': _MAYBE_TEXT,
                'collected_at': _MAYBE_MOMENT,
                'uptime_s': _MAYBE_MOMENT,
                'boot_id': _MAYBE_TEXT,
                'python': _MAYBE_TEXT,
                'euid': _MAYBE_NATURAL,
                'collection_version': _MAYBE_TEXT,
                'hostname': _MAYBE_TEXT,
            },
        ),
        'kernel': _shape(
            {},
            {'release': _MAYBE_TEXT, 'version': _or_null(_list_of(_natural, 4)), 'vendor': _MAYBE_TEXT},
        ),
        'namespaces': _list_of(_NAMESPACE, NAMESPACES_MAX),
        'persisted': _map_of(
            _shape(
                {
                    'effective': _shape({}, dict.fromkeys(('systemd', 'procps', 'initscripts'), _LINE)),
                    'definitions': _list_of(_DEFINITION, PLACES_MAX),
                }
            )
        ),
        'writers': _list_of(
            _shape({'kind': _text, 'file': _text, 'key': _text}, {'line': _MAYBE_NATURAL, 'value': _MAYBE_TEXT}),
            PLACES_MAX,
        ),
        'unavailable': _map_of(_text),
    },
    {
        'change_sets': _list_of(
            _shape({'id': _text}, {'time': _MAYBE_NUMBER, 'state': _MAYBE_TEXT, 'changes': _MAYBE_NATURAL})
        ),
        'translation': _or_null(_list_of(_TRANSLATION, PLACES_MAX)),
        'hidden': _shape({}, dict.fromkeys(('processes', 'namespaces'), _row(_natural, _natural))),
    },
)
_SAMPLE = _shape(
    {
        'groups': _list_of(
            _shape(
                {'members': _list_of(_text)},
                {'counters': _shape({}, {'TcpExt': _COUNTERS, 'Tcp': _COUNTERS}), 'conntrack': _CONNTRACK},
            ),
            NAMESPACES_MAX,
        )
    },
    {'boot_id': _MAYBE_TEXT, 'uptime_s': _MAYBE_MOMENT, 'collected_at': _MAYBE_MOMENT},
)
