# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What diagnose.yml found out, as far as the formats of reports rely on it."""

from typing import Annotated, Literal, TypedDict

from .._messages.message import Said
from .marks import ADDED, OPEN, Length, Time
from .said import Spoken

Confidence = Literal['high', 'medium', 'low']
_MANY = Length(10000)
Sentences = Annotated[list[Said], _MANY]


class Place(Spoken):
    """What was to be connected to."""

    host: str
    address: str
    port: int
    place: Annotated[Said, 'Where it is, in words.']


class Ended(TypedDict):
    """How many attempts ended how."""

    attempts: int
    ok: int
    refused: int
    timeout: int
    reset: int
    unreachable: int
    error: int
    syn_retransmits: int


class SourceTold(Spoken):
    """From where it was tried, and what came of it."""

    source: str
    role: Literal['source', 'neutral']
    reason: Said | None
    summary: Annotated[Ended | None, OPEN, ADDED]
    arrived: Annotated[int | None, ADDED]
    seen_as: Annotated[list[str], _MANY]


class Concluded(Spoken):
    """The cause, and how sure it is."""

    cause: str
    title: Said
    confidence: Confidence | None
    why: Sentences


class CauseTold(Spoken):
    """A cause that was examined."""

    id: str
    title: Said
    state: Literal['found', 'ruled out', 'open']
    confidence: Confidence | None
    why: Sentences


class Next(Spoken):
    """What to do next."""

    text: Said
    command: str | None


class Diagnosis(Spoken):
    """What diagnose.yml found out: the content of diagnose.json, which has more than is required here."""

    schema: Literal[1]
    finished: Time
    question: dict[str, object]
    destination: Annotated[Place, OPEN]
    sources: Annotated[list[SourceTold], _MANY, OPEN]
    conclusion: Annotated[Concluded, OPEN]
    steps: Annotated[Sentences, 'What was done, and what it showed, in order.']
    causes: Annotated[list[CauseTold], _MANY, OPEN]
    next: Annotated[list[Next], _MANY, OPEN]
