# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What files of infrastructure code were found to set: scan.json."""

from typing import Literal, TypedDict

from .._messages.message import Said
from .marks import NotRequired
from .said import Spoken

Level = Literal['error', 'warning', 'note']


class Mend(TypedDict):
    """The line as it should be, new null where it goes; a diff that says the same."""

    line: int
    old: str
    new: str | None
    diff: str


class ScanFinding(Spoken):
    """A setting that does harm. kernels: the level by release that was asked for; reason: why it is accepted."""

    reason: NotRequired[str]
    path: str
    line: int
    key: str
    value: str | None
    level: str
    rule: str
    fix: Mend | None
    kernels: dict[str, str]
    text: Said


class Shadowed(TypedDict):
    """A setting that a later line of the same file replaces."""

    path: str
    line: int
    key: str
    value: str | None
    by_line: int
    by_value: str | None


class Notice(Spoken):
    """What a reader should know of a file."""

    path: str
    text: Said


class FileNumbers(TypedDict):
    seen: int
    read: int


class ScanDocument(TypedDict):
    """The results of a scan, findings in the order of paths and lines."""

    schema: int
    collection_version: str
    kernels: list[str]
    files: FileNumbers
    findings: list[ScanFinding]
    known: list[ScanFinding]
    suppressed: list[ScanFinding]
    shadowed: list[Shadowed]
    notices: list[Notice]
