# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a node answers to the operations that change it, checked as the hostile input that it is. Pure.

The node program comes with the question, so that its answer has exactly the promised shape. One node that sends
something else must not keep a task that looks at all hosts from telling of the others.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ...module_utils._node.transaction import state_dir
from .._messages.message import MessageError, message
from .._text.values import Values

Check = Callable[[Any], bool]

LIST_MAX, TEXT_MAX, CONTENT_MAX = 10000, 65536, 8 * 1024 * 1024


class AnswerError(MessageError):
    """The node sent something else than an answer; the message says what."""


def checked(operation: str, answer: object) -> Values:
    """The answer, each promised part of which has its type and a sane size. Raises AnswerError."""
    found = mapping(operation, answer)
    wrong = [name for name, check in ANSWERS[operation].items() if name not in found or not check(found[name])]
    if wrong:
        raise AnswerError(message('answers/unexpected', operation=operation, part=wrong[0]))
    return found


def mapping(operation: str, answer: object) -> Values:
    """The answer, which is a mapping whatever was asked. Raises AnswerError."""
    if not isinstance(answer, dict):
        raise AnswerError(message('answers/no-object', operation=operation))
    return answer


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= TEXT_MAX


def _content(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= CONTENT_MAX


def _id(value: Any) -> bool:
    return isinstance(value, str) and state_dir.is_id(value)


def _or_none(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _word(*words: str) -> Check:
    return lambda value: isinstance(value, str) and value in words


def _list(check: Check) -> Check:
    return lambda value: isinstance(value, list) and len(value) <= LIST_MAX and all(check(each) for each in value)


def _entry(fields: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """A mapping of these fields and no others."""
    known = {**fields, **(optional or {})}

    def check(value: Any) -> bool:
        return (
            isinstance(value, dict)
            and all(name in value for name in fields)
            and all(name in known and known[name](each) for name, each in value.items())
        )

    return check


_TEXT, _LINE = _or_none(_text), _or_none(_number)
_PLACE: Values = {'what': _word('running', 'file'), 'key': _TEXT, 'namespace': _TEXT, 'file': _TEXT}
_CHANGE: Values = {'key': _text, 'file': _TEXT, 'line': _LINE, 'before': _TEXT, 'after': _TEXT, 'reason': _TEXT}
_RUNNING = _entry({**_CHANGE, 'what': _word('running'), 'namespace': _text})
_IN_FILE = _entry({**_CHANGE, 'what': _word('persisted', 'disabled', 'removed')}, {'overrides': _text})
_CHANGES = _list(lambda value: _RUNNING(value) or _IN_FILE(value))
_DIFF = _list(_entry({'before_header': _text, 'after_header': _text, 'before': _content, 'after': _content}))
_RESTORED = _list(_entry({**_PLACE, 'value': _TEXT}))
_HELD = _list(_entry({**_PLACE, 'line': _LINE, 'value': _TEXT}))
_DRIFTED = _list(_entry({**_PLACE, 'expected': _TEXT, 'found': _TEXT, 'newer': _or_none(_id)}))
_SETS = _list(
    _entry(
        {
            'id': _id,
            'time': _number,
            'state': _word(*state_dir.STATES),
            'who': _text,
            'root': _text,
            'changes': _CHANGES,
            'held': _HELD,
            'confirm_until': _or_none(_number),
        }
    )
)

# By operation of the node program: what its docstring promises.
ANSWERS: dict[str, dict[str, Check]] = {
    'apply': {
        'changed': _flag,
        'change_set': _or_none(_id),
        'changes': _CHANGES,
        'diff': _DIFF,
        'notes': _list(_text),
        'restored': _RESTORED,
        'not_restored': _list(_text),
    },
    'rollback': {
        'changed': _flag,
        'change_set': _or_none(_id),
        'restored': _RESTORED,
        'held': _HELD,
        'drifted': _DRIFTED,
        'notes': _list(_text),
        'diff': _DIFF,
    },
    'confirm': {'changed': _flag, 'change_set': _or_none(_id)},
    'forget': {'changed': _flag, 'removed': _list(_id)},
    'change_set_info': {'change_sets': _SETS},
}
