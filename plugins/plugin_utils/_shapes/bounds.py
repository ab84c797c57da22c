# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How large, how deep, how far: bounds of all that is inside a document."""

import math
from typing import Any

from .._messages.message import Message, message

STRING_MAX = 4096
KEY_MAX = 512
DEPTH_MAX = 12
#: Values in all; a node with 2000 namespaces has about 200,000.
VALUES_MAX = 2_000_000
#: Characters in all keys and texts.
CHARACTERS_MAX = 64 * 1024 * 1024
INTEGER_MAX = 2**64

Container = dict[Any, Any] | list[Any]
#: Where a value lies: the trail of what holds it, and its name or index there; None for the whole.
Trail = tuple['Trail', str | int] | None


class OutOfBounds(Exception):
    """A value of the right type that is too long, too large, or not of the form; what says how."""

    def __init__(self, what: Message, trail: Trail = None) -> None:
        super().__init__(what)
        self.what, self.trail = what, trail


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
