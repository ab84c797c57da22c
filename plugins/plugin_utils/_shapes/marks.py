# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a type of Python cannot say of a field, written beside it: Annotated[int, 'what it means', Range(0)].

A text among them is the description that the JSON schema shows. check.py holds values against the rest.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from .._messages.message import Message, message
from .._text import escape

#: Characters of a value in an error.
_VALUE = 60


class Bound:
    """A mark that not every value of the type is within."""

    def misfit(self, value: object) -> Message | None:
        """What is wrong with a value, None of one that the mark is not for."""
        raise NotImplementedError


@dataclass(frozen=True)
class Range(Bound):
    """A number from `least` to `most`, both included; None is no bound. above: more than this."""

    least: float | None = None
    most: float | None = None
    above: float | None = None

    def misfit(self, value: object) -> Message | None:
        if not isinstance(value, (int, float)):
            return None
        if self.least is not None and value < self.least:
            return message('shape/too-small', least=self.least)
        if self.most is not None and value > self.most:
            return message('shape/too-big', most=self.most)
        return message('shape/not-above', above=self.above) if self.above is not None and value <= self.above else None


@dataclass(frozen=True)
class Length(Bound):
    """Characters of a text, entries of a list."""

    most: int
    least: int = 0

    def misfit(self, value: object) -> Message | None:
        number = len(value) if isinstance(value, (str, list, dict)) else self.least
        if isinstance(value, str) and number < self.least:
            return message('shape/short-text', least=self.least)
        if number <= self.most:
            return None
        if isinstance(value, str):
            return message('shape/long-text', number=number, most=self.most)
        return message('shape/long-list', number=number, most=self.most)


@dataclass(frozen=True)
class Pattern(Bound):
    """What the whole of a text matches, and an example of that."""

    regex: str
    like: str

    def misfit(self, value: object) -> Message | None:
        fits = not isinstance(value, str) or re.fullmatch(self.regex, value, re.ASCII)
        return None if fits else message('shape/no-match', like=self.like)


@dataclass(frozen=True)
class Words(Bound):
    """The words that a text may be, where they are known to a table and not to a type."""

    known: tuple[str, ...]

    def misfit(self, value: object) -> Message | None:
        return unknown_word(value, self.known) if isinstance(value, str) and value not in self.known else None


def unknown_word(value: object, known: Sequence[object]) -> Message:
    """What is said of a word that is not one of those known."""
    shown = escape.terminal(repr(value), _VALUE)
    return message('shape/unknown-word', value=shown, known=list(map(str, known)))


@dataclass(frozen=True)
class Added:
    """A field that every document has now, and those of earlier versions do not."""


@dataclass(frozen=True)
class Seldom:
    """A field that not every document has: what NotRequired leaves behind at run time."""


@dataclass(frozen=True)
class Open:
    """The object may have more names than its type knows, so that the schema allows them."""


@dataclass(frozen=True)
class Moment(Bound):
    """Unix seconds that a calendar has: before the year 10000, which dates of pages and metrics do not reach."""

    def misfit(self, value: object) -> Message | None:
        fits = not isinstance(value, (int, float)) or 0 <= value < MOMENT_MAX
        return None if fits else message('shape/no-moment')


ADDED, SELDOM, OPEN = Added(), Seldom(), Open()
if TYPE_CHECKING:
    from typing_extensions import NotRequired

    __all__ = ['NotRequired']  # for mypy: others import it from here
else:

    class NotRequired:
        """typing.NotRequired, which Python 3.10 lacks."""

        def __class_getitem__(cls, hint: object) -> object:
            return Annotated[hint, SELDOM]


#: Seconds since 1970 until the year 10000.
MOMENT_MAX = 253402300800

Natural = Annotated[int, Range(0)]
Positive = Annotated[int, Range(1)]
Amount = Annotated[float, Range(0)]
Seconds = Annotated[float, Moment()]
#: A time of a document, as run.utc writes it: ISO 8601 in UTC.
Time = Annotated[str, Pattern(r'\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z', '2026-11-30T05:00:00Z')]
