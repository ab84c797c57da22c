# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a measurement gives: samples, and rows of benchmark.json made from them."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


class BenchmarkError(Exception):
    """What was to be measured did not do its work, so its time means nothing. The message says what went wrong."""


@dataclass(frozen=True)
class Samples:
    """Values of one quantity, in the order in which they were measured."""

    what: str
    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def __str__(self) -> str:
        spread = ', '.join('%s %.3f' % (name, of(self.values)) for name, of in (('min', min), ('max', max)))
        return '%s: n %d, median %.3f, %s' % (self.what, len(self.values), self.median, spread)


@dataclass(frozen=True)
class Row:
    """One row of benchmark.json: `value` in `unit` has to be at most `bar`.

    `against` says what it was measured against; `samples`, for who reads along, are what the value was made from.
    """

    name: str
    value: float
    unit: str
    bar: float  # pylint: disable=disallowed-name
    against: str
    samples: tuple[Samples, ...] = ()

    @property
    def ok(self) -> bool:
        return self.value <= self.bar

    def as_json(self) -> dict[str, Any]:
        return {
            'name': self.name,
            'value': round(self.value, 4),
            'unit': self.unit,
            'bar': self.bar,
            'ok': self.ok,
            'against': self.against,
        }


@dataclass(frozen=True)
class Benchmark:
    """One measurement that gives the rows of these names. missing() says in one line why it cannot run here, or ''."""

    names: tuple[str, ...]
    measure: Callable[[], list[Row]]
    missing: Callable[[], str] = str


def ratios(what: str, ours: tuple[float, ...], peers: tuple[float, ...]) -> Samples:
    """Ours by the peer's, pair by pair: what slows the machine down for a while slows down both of a pair."""
    return Samples(what, tuple(our / peer for our, peer in zip(ours, peers, strict=True)))
