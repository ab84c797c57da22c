# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether JSON from a node or a file is what a type says: the one engine that stands at the border.

A type is put together from str, int, float (a whole number is one), bool, None, object (whatever it is), Literal,
list[X], dict[str, X], dict[Literal, X] (these names, all of them, and no others), tuple[X, Y] (a list of that length),
TypedDict, unions of what JSON tells apart, and Annotated[X, ...] with marks.py. Names that a TypedDict does not know
are no fault: a newer version may have written them. Documents are told before they are written, so that of
`Message | str` the text is expected.

Each type is compiled once. What fits costs no more than looking at it: places are put together on the way out of a
misfit. The form of the input alone is judged here; reports escape its words.
"""

import math
from collections.abc import Callable, Hashable, Iterable
from functools import cache
from types import NoneType, UnionType
from typing import (
    Annotated,
    Literal,
    NamedTuple,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from .._messages.message import Message, MessageError, message
from .._text import escape
from . import bounds
from .marks import ADDED, SELDOM, Bound, unknown_word

T = TypeVar('T')
#: Characters of a name in a place.
_NAME = 80
_Run = Callable[[object], None]


class ShapeError(MessageError):
    """Something is not what its type says: the place, what was expected, what was found."""


class _Misfit(Exception):
    """What is wrong; the place is gathered from the inside out."""

    def __init__(self, what: Message, *path: str | int) -> None:
        super().__init__(what)
        self.what, self.path = what, list(path)


class _Check(NamedTuple):
    """run raises _Misfit; values whose type is one of `plain` fit without it."""

    run: _Run
    plain: frozenset[type] = frozenset()


def fits(value: object, shape: type[T], root: str = '') -> T:
    """The value, which is of that type (a TypedDict). Raises ShapeError; `root` is the name of the whole in it."""
    try:
        _compiled(cast(Hashable, shape)).run(value)
    except _Misfit as wrong:
        raise ShapeError(message('shape/at', place=place(root, reversed(wrong.path)), what=wrong.what)) from None
    return value  # type: ignore[return-value]


def taken(answer: object, shape: type[T], root: str) -> T:
    """What a node answers, without what the type does not know. Raises ShapeError, also for what is out of bounds."""
    bounded(answer, root)
    return cast(T, _known(fits(answer, shape, root), shape))


def prepare(*shapes: object) -> None:
    """Compile the checks of these types now: what imports them in the parent spares it each of Ansible's workers."""
    for shape in shapes:
        _compiled(shape)


def bounded(value: object, root: str) -> None:
    """Everything inside is JSON within the bounds of bounds.py. Raises ShapeError."""
    try:
        bounds.whole(value)
    except bounds.OutOfBounds as wrong:
        where = place(root, bounds.path(wrong.trail))
        raise ShapeError(message('shape/at', place=where, what=wrong.what)) from None


def place(root: str, path: Iterable[str | int]) -> str:
    """A place as errors name it: record.namespaces[0].kind. Names come from the input."""
    parts = ['[%d]' % part if isinstance(part, int) else '.' + escape.terminal(part, _NAME) for part in path]
    return (root + ''.join(parts)).removeprefix('.')


def kind(value: object) -> Message:
    """What JSON calls it."""
    names = {
        str: message('shape/text'),
        bool: message('shape/flag'),
        int: message('shape/whole'),
        float: message('shape/number'),
        NoneType: message('shape/null'),
        list: message('shape/list'),
        dict: message('shape/mapping'),
    }
    found = next((name for each, name in names.items() if isinstance(value, each)), None)
    return found or message('shape/no-json', type=type(value).__name__)


def _known(value: object, hint: object) -> object:
    """What the type knows of a value that fits. Of a union with null it is the other type, of others the whole."""
    inner = [each for each in get_args(hint) if each is not NoneType]
    if get_origin(hint) in (Union, UnionType):
        return _known(value, inner[0]) if len(inner) == 1 else value
    if isinstance(value, dict) and is_typeddict(hint):
        return {name: _known(value[name], each) for name, each in _hints(hint).items() if name in value}
    if isinstance(value, dict) and inner:
        return {name: _known(each, inner[1]) for name, each in value.items()}
    if isinstance(value, list) and len(inner) == 1:
        return [_known(each, inner[0]) for each in value]
    return value


_hints = cache(get_type_hints)


@cache
def _compiled(hint: Hashable) -> _Check:
    """The check of a type; TypeError for one that the engine does not know."""
    origin, arguments = get_origin(hint), get_args(hint)
    if isinstance(hint, type) and is_typeddict(hint):
        return _object(hint)
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    if origin is Annotated:
        return _marked(arguments[0], arguments[1:])
    if origin is Literal:
        return _word(arguments)
    if origin in (Union, UnionType):
        return _union([each for each in arguments if each is not Message])
    if origin is list:
        return _list(_compiled(arguments[0]))
    if origin is tuple:
        return _row([_compiled(each) for each in arguments])
    if origin is dict:
        return _names(*arguments)
    raise TypeError('no check for %r' % (hint,))


def _of(*types: type) -> _Run:
    """A check of the type alone; True is no number."""
    wanted = kind(types[0]())

    def run(value: object) -> None:
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            raise _wrong(wanted, value)

    return run


def _wrong(wanted: Message, value: object) -> _Misfit:
    return _Misfit(message('shape/wrong-type', wanted=wanted, found=kind(value)))


def _finite(value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _wrong(message('shape/number'), value)
    if not math.isfinite(value):
        raise _Misfit(message('shape/not-finite'))


def _null(value: object) -> None:
    if value is not None:
        raise _wrong(message('shape/null'), value)


_SIMPLE: dict[object, _Check] = {
    str: _Check(_of(str), frozenset((str,))),
    int: _Check(_of(int), frozenset((int,))),
    bool: _Check(_of(bool), frozenset((bool,))),
    float: _Check(_finite, frozenset((int,))),
    NoneType: _Check(_null, frozenset((NoneType,))),
    object: _Check(lambda value: None, frozenset((str, int, float, bool, NoneType, list, dict))),
}


def _object(hint: type) -> _Check:
    hints = get_type_hints(hint, include_extras=True)
    required = getattr(hint, '__required_keys__')  # noqa: B009 - type has no such name, a TypedDict has
    fields = [(name, _compiled(inner), name in required and not _may_lack(inner)) for name, inner in hints.items()]

    def run(value: object) -> None:
        if not isinstance(value, dict):
            raise _wrong(message('shape/mapping'), value)
        name = ''
        try:
            for name, (inner, plain), needed in fields:
                if name in value:
                    child = value[name]
                    if type(child) not in plain:
                        inner(child)
                elif needed:
                    raise _Misfit(message('shape/missing'))
        except _Misfit as wrong:
            wrong.path.append(name)
            raise

    return _Check(run)


def _may_lack(hint: object) -> bool:
    """Whether documents without the field fit: all of them, or those of earlier versions."""
    return any(mark in (ADDED, SELDOM) for mark in getattr(hint, '__metadata__', ()))


def _names(key: object, item: object) -> _Check:
    """An object of any names, or of those of a Literal."""
    inner, plain = _compiled(item)
    wanted = frozenset(get_args(key)) if get_origin(key) is Literal else None

    def run(value: object) -> None:
        if not isinstance(value, dict):
            raise _wrong(message('shape/mapping'), value)
        if wanted is not None and value.keys() != wanted:
            unknown = value.keys() - wanted
            what = message('shape/unknown-name') if unknown else message('shape/missing')
            raise _Misfit(what, min(map(str, unknown or wanted - value.keys())))
        name = ''
        try:
            for name, child in value.items():  # noqa: B007 - the place of a misfit
                if type(child) not in plain:
                    inner(child)
        except _Misfit as wrong:
            wrong.path.append(name)
            raise

    return _Check(run)


def _list(check: _Check) -> _Check:
    inner, plain = check

    def run(value: object) -> None:
        if not isinstance(value, list):
            raise _wrong(message('shape/list'), value)
        index = 0
        try:
            for index, child in enumerate(value):  # noqa: B007 - the place of a misfit
                if type(child) not in plain:
                    inner(child)
        except _Misfit as wrong:
            wrong.path.append(index)
            raise

    return _Check(run)


def _row(checks: list[_Check]) -> _Check:
    number = len(checks)

    def run(value: object) -> None:
        if not isinstance(value, list) or len(value) != number:
            raise _Misfit(message('shape/not-row', number=number))
        index = 0
        try:
            for index, (inner, plain) in enumerate(checks):
                if type(value[index]) not in plain:
                    inner(value[index])
        except _Misfit as wrong:
            wrong.path.append(index)
            raise

    return _Check(run)


def _word(words: tuple[object, ...]) -> _Check:
    def run(value: object) -> None:
        if type(value) not in (str, int) and not isinstance(value, str):
            raise _wrong(kind(words[0]), value)
        if value not in words:
            raise _Misfit(unknown_word(value, words))

    return _Check(run)


def _union(hints: list[object]) -> _Check:
    """What JSON tells apart by its kind: the one whose kind the value has decides."""
    checks = [_compiled(each) for each in hints]
    plain = frozenset(each for check in checks for each in check.plain)
    if len(checks) == 1:
        return checks[0]
    by_kind = [(_kind_of(each), check.run) for each, check in zip(hints, checks, strict=True)]
    inner = [run for each, run in by_kind if each is not NoneType]
    optional = len(inner) < len(by_kind)

    def either(value: object) -> None:
        for each, run in by_kind:
            if isinstance(value, each) and (each is bool or not isinstance(value, bool)):
                return run(value)
        return inner[0](value)  # which is of another kind, and says so

    def maybe(value: object) -> None:
        if value is not None:
            inner[0](value)

    return _Check(maybe if optional and len(inner) == 1 else either, plain)


def _kind_of(hint: object) -> type | tuple[type, ...]:
    """The Python type that JSON of this type is parsed to."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _kind_of(arguments[0])
    if hint is float:
        return (int, float)
    if isinstance(hint, type) and is_typeddict(hint):
        return dict
    if origin is Literal:
        return type(arguments[0])
    found = list if origin is tuple else origin or hint
    if isinstance(found, type) and found in (str, int, bool, NoneType, list, dict):
        return found
    raise TypeError('JSON cannot tell %r from others' % (hint,))


def _marked(hint: object, marks: tuple[object, ...]) -> _Check:
    """The check of the type, and of its bounds. None, where the type allows it, is within all of them."""
    inner, plain = _compiled(hint)
    held = [mark for mark in marks if isinstance(mark, Bound)]
    if not held:
        return _Check(inner, plain)

    def run(value: object) -> None:
        inner(value)
        for mark in held:
            if wrong := mark.misfit(value):
                raise _Misfit(wrong)

    return _Check(run, plain & {NoneType})
