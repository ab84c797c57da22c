# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a setting comes from: the files and lines that a finding speaks of."""

import typing as t
from collections.abc import Iterator

from .._shapes.verdict import Finding

_DEPTH = 6


class Place(t.NamedTuple):
    """A file on the host; line counts from 1, None where a whole file does it; value is what it sets, if known."""

    file: str
    line: int | None
    value: str | None


def places(finding: Finding) -> list[Place]:
    """Every place that the evidence of a finding names, each once, in its order.

    Rules name their evidence as they like, and users write rules: whatever has a `file` is a place.
    """
    return list(dict.fromkeys(_within(finding['evidence'], _DEPTH)))


def _within(value: t.Any, depth: int) -> Iterator[Place]:
    if isinstance(value, dict) and isinstance(value.get('file'), str):
        line, setting = value.get('line'), value.get('value')
        known = isinstance(line, int) and not isinstance(line, bool) and line > 0
        yield Place(value['file'], line if known else None, None if setting is None else str(setting))
    elif depth and isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _within(item, depth - 1)
