# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings that somebody accepts: by a comment with a reason, or by a baseline of an earlier scan."""

import collections
import fnmatch
import re
from collections.abc import Iterable, Mapping, Sequence

from .._shapes.scan import ScanFinding

#: `nodetcp:ignore RULE[,RULE]: reason`, in a comment of whatever language, on the line or on the line above it.
_COMMENT = re.compile(r'nodetcp:ignore\s+([\w.-]+(?:,[\w.-]+)*)\s*(?::\s*(.*?))?\s*(?:\*/|-->|#\}|%\})?\s*$')
ANY = 'all'
#: In a directory that is scanned: the files whose findings are accepted.
FILE = '.nodetcp-ignore'


def accepted(rows: Sequence[str], line: int, rule: str) -> tuple[str | None, int | None]:
    """(the reason why a finding on that line is accepted, None) or (None, the line of a comment without a reason)."""
    for number in (line, line - 1):
        found = _COMMENT.search(rows[number - 1]) if 0 < number <= len(rows) else None
        if found and {rule, ANY} & set(found[1].split(',')):
            return (found[2], None) if found[2] else (None, number)
    return None, None


def patterns(text: str) -> list[tuple[str, str]]:
    """[(pattern of paths, reason)] of an ignore file: `PATTERN: reason` on a line; lines without a reason are none."""
    lines = [line.partition(': ') for line in text.split('\n') if line.strip() and not line.startswith('#')]
    return [(pattern.strip(), reason.strip()) for pattern, _colon, reason in lines if reason.strip()]


def of_path(path: str, accepting: Iterable[tuple[str, str]]) -> str | None:
    """The reason why all findings of a file are accepted, by the patterns of an ignore file."""
    return next((reason for pattern, reason in accepting if fnmatch.fnmatch(path, pattern)), None)


def parted(
    findings: Iterable[ScanFinding], baseline: Iterable[ScanFinding]
) -> tuple[list[ScanFinding], list[ScanFinding]]:
    """(findings that are new, findings that the baseline has): as many of one path, rule, key and value as there."""
    left = collections.Counter(_identity(finding) for finding in baseline)
    new, known = [], []
    for finding in findings:
        if left[_identity(finding)] > 0:
            left[_identity(finding)] -= 1
            known.append(finding)
        else:
            new.append(finding)
    return new, known


def _identity(finding: Mapping[str, object]) -> tuple[str, ...]:
    """A baseline may be a file of anybody's: whatever stands in it is compared as text."""
    return tuple(str(finding.get(name)) for name in ('path', 'rule', 'key', 'value'))
