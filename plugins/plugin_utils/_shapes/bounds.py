# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How large, how deep, how far: bounds of single values (marks.py), and of all that is inside a document."""

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from .._messages.message import Message, message
from .._text import escape
from .marks import MOMENT_MAX, Length, Moment, Pattern, Range, Words

STRING_MAX = 4096
KEY_MAX = 512
DEPTH_MAX = 12
#: Values in all; a node with 2000 namespaces has about 200,000.
VALUES_MAX = 2_000_000
#: Characters in all keys and texts.
CHARACTERS_MAX = 64 * 1024 * 1024
INTEGER_MAX = 2**64
#: Characters of a value in an error.
_VALUE = 60

Container = dict[Any, Any] | list[Any]
#: Where a value lies: the trail of what holds it, and its name or index there; None for the whole.
Trail = tuple['Trail', str | int] | None


class OutOfBounds(Exception):
    """A value of the right type that is too long, too large, or not of the form; what says how."""

    def __init__(self, what: Message, trail: Trail = None) -> None:
        super().__init__(what)
        self.what, self.trail = what, trail


def bound_of(mark: object) -> Callable[[object], None] | None:
    """The check of one mark, which raises OutOfBounds; None for a mark that bounds nothing."""
    if isinstance(mark, Range):
        return _range(mark)
    if isinstance(mark, Length):
        return _length(mark)
    if isinstance(mark, Pattern):
        return _pattern(mark)
    if isinstance(mark, Words):
        return _words(mark)
    return _moment if isinstance(mark, Moment) else None


def _range(mark: Range) -> Callable[[object], None]:
    def run(value: object) -> None:
        if not isinstance(value, (int, float)):
            return
        if mark.least is not None and value < mark.least:
            raise OutOfBounds(message('shape/too-small', least=mark.least))
        if mark.most is not None and value > mark.most:
            raise OutOfBounds(message('shape/too-big', most=mark.most))
        if mark.above is not None and value <= mark.above:
            raise OutOfBounds(message('shape/not-above', above=mark.above))

    return run


def _length(mark: Length) -> Callable[[object], None]:
    def run(value: object) -> None:
        if isinstance(value, str) and len(value) < mark.least:
            raise OutOfBounds(message('shape/short-text', least=mark.least))
        if isinstance(value, str) and len(value) > mark.most:
            raise OutOfBounds(message('shape/long-text', number=len(value), most=mark.most))
        if isinstance(value, (list, dict)) and len(value) > mark.most:
            raise OutOfBounds(message('shape/long-list', number=len(value), most=mark.most))

    return run


def _pattern(mark: Pattern) -> Callable[[object], None]:
    matches = re.compile(mark.regex, re.ASCII).fullmatch

    def run(value: object) -> None:
        if isinstance(value, str) and not matches(value):
            raise OutOfBounds(message('shape/no-match', like=mark.like))

    return run


def _words(mark: Words) -> Callable[[object], None]:
    def run(value: object) -> None:
        if isinstance(value, str) and value not in mark.known:
            raise OutOfBounds(unknown_word(value, mark.known))

    return run


def unknown_word(value: object, known: Sequence[object]) -> Message:
    """What is said of a word that is not one of those known."""
    shown = escape.terminal(repr(value), _VALUE)
    return message('shape/unknown-word', value=shown, known=list(map(str, known)))


def _moment(value: object) -> None:
    if isinstance(value, (int, float)) and not 0 <= value < MOMENT_MAX:
        raise OutOfBounds(message('shape/no-moment'))


def whole(root: object) -> None:
    """Hold everything inside a document within bounds, without recursion: JSON types alone, sizes, depth.

    Raises OutOfBounds with the trail that leads to the place.
    """
    stack: list[tuple[Container, Trail, int]] = [([root], None, -1)]
    values = characters = 0
    while stack:
        holder, trail, depth = stack.pop()
        values += len(holder)
        if values > VALUES_MAX:
            raise OutOfBounds(message('shape/too-large'), trail)
        characters += _inside(holder, trail, depth, stack)
        if characters > CHARACTERS_MAX:
            raise OutOfBounds(message('shape/too-large'), trail)


def _inside(holder: Container, trail: Trail, depth: int, stack: list[tuple[Container, Trail, int]]) -> int:
    """Look at what is in an object or a list, and stack what has more in it; the characters of its names and texts."""
    characters = _names(holder, trail) if isinstance(holder, dict) else 0
    for name, child in holder.items() if isinstance(holder, dict) else enumerate(holder):
        if isinstance(child, str):
            characters += len(child)
            if len(child) > STRING_MAX:
                long = message('shape/long-text', number=len(child), most=STRING_MAX)
                raise OutOfBounds(long, (trail, name))
        elif isinstance(child, (dict, list)):
            if depth + 1 >= DEPTH_MAX:
                raise OutOfBounds(message('shape/deep', most=DEPTH_MAX), (trail, name))
            stack.append((child, (trail, name), depth + 1))
        elif child is not None and not isinstance(child, int):
            _plain(child, (trail, name))
        elif child is not None and not -INTEGER_MAX <= child <= INTEGER_MAX:
            raise OutOfBounds(message('shape/out-of-range'), (trail, name))
    return characters


def _names(holder: Container, trail: Trail) -> int:
    length = 0
    for name in holder:
        if not isinstance(name, str) or len(name) > KEY_MAX:
            raise OutOfBounds(message('shape/key', most=KEY_MAX), trail)
        length += len(name)
    return length


def _plain(value: object, trail: Trail) -> None:
    if not isinstance(value, float):
        raise OutOfBounds(message('shape/no-json', type=type(value).__name__), trail)
    if not math.isfinite(value):
        raise OutOfBounds(message('shape/not-finite'), trail)


def path(trail: Trail) -> list[str | int]:
    """The names and indexes of a trail from the outside in, without that of the whole."""
    names: list[str | int] = []
    while trail is not None:
        trail, name = trail
        names.append(name)
    return names[-2::-1]
