# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a type of Python cannot say of a field, written beside it: Annotated[int, 'what it means', Range(0)].

A text among them is the description that the JSON schema shows. check.py holds values against the rest.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated


@dataclass(frozen=True)
class Range:
    """A number from `least` to `most`, both included; None is no bound. above: more than this."""

    least: float | None = None
    most: float | None = None
    above: float | None = None


@dataclass(frozen=True)
class Length:
    """Characters of a text, entries of a list."""

    most: int
    least: int = 0


@dataclass(frozen=True)
class Pattern:
    """What the whole of a text matches, and an example of that."""

    regex: str
    like: str


@dataclass(frozen=True)
class Words:
    """The words that a text may be, where they are known to a table and not to a type."""

    known: tuple[str, ...]


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
class Moment:
    """Unix seconds that a calendar has: before the year 10000, which dates of pages and metrics do not reach."""


ADDED, SELDOM, OPEN = Added(), Seldom(), Open()
if TYPE_CHECKING:
    from typing_extensions import NotRequired as NotRequired
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
