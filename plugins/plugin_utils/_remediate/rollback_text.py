# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rollback gave, host by host, as text. Pure."""

import functools
import typing as t
from collections.abc import Callable, Mapping

from .._judge.summary import where_of
from .._messages.catalogue import told
from .._messages.message import Message, message
from .._messages.telling import all_said
from .._shapes.remediation import Held, Undone
from .._text.escape import host as host_name
from .._text.escape import visible
from . import outcome

#: Where roles/rollback registers what its task gave.
RESULT = '__rollback_result'
_ROWS = 200


def text(results: Mapping[str, Undone | None], language: str, check_mode: bool = False) -> str:
    """A few lines for each host, those with something to say first; results: by host, None for one without."""
    say = functools.partial(told, language)
    hosts = sorted((_host(name, found, check_mode) for name, found in results.items()), key=lambda host: host.rank)
    lines = [line for host in hosts[:_ROWS] for line in _lines(host, say)]
    more = [say(message('rollback/more', number=len(hosts) - _ROWS))] if len(hosts) > _ROWS else []
    return '\n%s\n' % '\n'.join(map(visible, [*lines, *more]))


class _Host(t.NamedTuple):
    """What became of a host: by rank those with something to say come first; details stand below it."""

    name: str
    rank: int
    label: Message
    what: Message
    details: list[Message]


def _lines(host: _Host, say: Callable[[Message], str]) -> list[str]:
    details = ['  %s' % say(detail) for detail in host.details]
    return ['%s  %s  %s' % (host_name(host.name), say(host.label), say(host.what)), *details]


def _host(name: str, found: Undone | None, check_mode: bool) -> _Host:
    if found is None:
        return _Host(name, 0, message('rollback/failed'), message('rollback/no-result'), [])
    if found.get('unreachable') or found.get('failed'):
        label = message('rollback/unreachable') if found.get('unreachable') else message('rollback/failed')
        return _Host(name, 0, label, message('rollback/because', reason=outcome.message_of(found)), [])
    details, change_set = _details(found), found.get('change_set')
    if not found.get('changed'):
        none = message('rollback/none')
        what = message('rollback/no-undo', change_set=str(change_set)) if change_set else none
        return _Host(name, 3, message('rollback/untouched'), what, details)
    label = message('rollback/would-be') if check_mode else message('rollback/done')
    what = message('rollback/restored', change_set=str(change_set), number=len(found.get('restored') or ()))
    return _Host(name, 1 if found.get('held') else 2, label, what, details)


def _details(found: Undone) -> list[Message]:
    held = [_held(entry) for entry in found.get('held') or ()]
    return [*held, *(message('rollback/note', note=note) for note in all_said(found, 'notes'))]


def _held(entry: Held) -> Message:
    place = (
        _place(entry)
        if entry['file']
        else message('rollback/running-in', namespace=where_of(entry['namespace'] or 'host'))
    )
    return message('rollback/held', key=entry['key'], value=entry['value'], place=place)


def _place(entry: Held) -> str:
    """A file that could not be read has no line."""
    return str(entry['file']) if entry['line'] is None else '%s:%s' % (entry['file'], entry['line'])
