# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What follows from texts that people paste: explain.json."""

from typing import TypedDict

from .._messages.message import Message
from .said import Spoken
from .verdict import Classed, Evidence, Exposure


class ScopeTold(TypedDict):
    """What is known of the host, or of its containers."""

    counters: dict[str, int | None]
    sysctls: dict[str, str | None]


class VerdictInShort(Classed):  # pylint: disable=inherit-non-class
    """The verdict on a tree; findings: the rules that found something."""

    exposure: Exposure
    evidence: Evidence
    findings: list[str]


class ExplainedText(Spoken):
    """One text: what it is, what it holds, what follows and what it cannot tell."""

    source: str
    form: str
    forms: list[str]
    kernel: str | None
    counters: dict[str, int | None]
    counters_before: dict[str, int] | None
    interval_s: float | None
    sysctls: dict[str, str | None]
    files: dict[str, str]
    conntrack: dict[str, int] | None
    listen: dict[str, list[int | None]]
    states: dict[str, int]
    scopes: dict[str, ScopeTold]
    cut32: bool
    is_delta: bool | None
    packets: dict[str, object] | None
    verdict: VerdictInShort | None
    says: list[str]
    sentences: list[Message]
    cannot_tell: list[str]
    unknown: list[Message]
    ask: list[str]


class Explained(Spoken):
    """The whole: an entry for each text, and what was not looked at."""

    schema: int
    texts: list[ExplainedText]
    left_out: list[Message]
