# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network namespaces that a node found, checked as the hostile input that they are. Pure."""

from typing import Any

from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import Message, MessageError, message
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.attempts import Located, Match
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.record import Container, Sysctl

Json = dict[str, Any]

MATCHES_MAX, LIST_MAX, TEXT_MAX = 16, 64, 512
KINDS = ('host', 'container', 'named', 'process')


class PlaceError(MessageError):
    """The node sent something else than matches; the message says what."""


def checked(answer: object) -> Located:
    """{'matches', 'hostname', 'kernel', 'unavailable'} as locate.run() promises them, nothing else in it."""
    matches = _list(answer, 'matches', MATCHES_MAX)
    kernel = _mapping(answer, 'kernel')
    version = kernel.get('version')
    if version is not None and not (isinstance(version, list) and all(isinstance(part, int) for part in version[:4])):
        raise PlaceError(_wrong('kernel.version', version))
    return {
        'matches': [_match(match) for match in matches],
        'hostname': _text(_whole(answer), 'hostname', True),
        'kernel': {'release': _text(kernel, 'release', True), 'version': version and version[:4]},
        'unavailable': {
            str(part)[:TEXT_MAX]: str(why)[:TEXT_MAX] for part, why in _mapping(answer, 'unavailable').items()
        },
    }


def _whole(answer: object) -> Json:
    return answer if isinstance(answer, dict) else {}


def _match(match: object) -> Match:
    if not isinstance(match, dict) or match.get('kind') not in KINDS:
        raise PlaceError(_wrong('matches[]', match))
    pid, container = match.get('pid'), match.get('container')
    if pid is not None and (isinstance(pid, bool) or not isinstance(pid, int)):
        raise PlaceError(_wrong('pid', pid))
    place: Container | None = None
    if container is not None:
        inside = _mapping(match, 'container')
        of = _text(inside, 'id', False), _text(inside, 'runtime', True), _text(inside, 'pod_uid', True)
        place = {'id': of[0], 'runtime': of[1], 'pod_uid': of[2]}
    return {
        'id': _text(match, 'id', True),
        'key': _text(match, 'key', False),
        'kind': match['kind'],
        'name': _text(match, 'name', True),
        'pid': pid,
        'names': _texts(match, 'names'),
        'container': place,
        'addresses': _texts(match, 'addresses'),
        'listening': None if match.get('listening') is None else _texts(match, 'listening'),
        'sysctls': {
            str(key)[:TEXT_MAX]: _sysctl(value) for key, value in list(_mapping(match, 'sysctls').items())[:LIST_MAX]
        },
    }


def _sysctl(value: object) -> Sysctl:
    if not isinstance(value, dict):
        raise PlaceError(_wrong('sysctls', value))
    return {'value': _text(value, 'value', True), 'scope': _text(value, 'scope', False)}


def _mapping(holder: Any, name: str) -> Json:
    found = holder.get(name) if isinstance(holder, dict) else None
    if not isinstance(found, dict):
        raise PlaceError(message('answers/not-an-object', name=name))
    return found


def _list(holder: Any, name: str, most: int) -> list[Any]:
    found = holder.get(name) if isinstance(holder, dict) else None
    if not isinstance(found, list):
        raise PlaceError(message('answers/not-a-list', name=name))
    if len(found) > most:
        raise PlaceError(message('answers/too-many', name=name, most=most))
    return found


def _texts(holder: Any, name: str) -> list[str]:
    found = _list(holder, name, LIST_MAX)
    if not all(isinstance(text, str) and len(text) <= TEXT_MAX for text in found):
        raise PlaceError(message('answers/not-texts', name=name))
    return found


def _text(holder: Json, name: str, optional: bool) -> Any:
    found = holder.get(name)
    if found is None and optional:
        return None
    if not isinstance(found, str) or len(found) > TEXT_MAX:
        raise PlaceError(_wrong(name, found))
    return found


def _wrong(name: str, value: Any) -> Message:
    return message('answers/wrong', name=name, value='%.40r' % (value,))
