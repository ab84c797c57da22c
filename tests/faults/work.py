# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much work a call is: the lines of Python that it runs, the same on every machine however busy that is."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any


def lines_run(call: Callable[[], Any]) -> int:
    """The lines that call() runs; each turn of a loop counts, what C code does in one call counts once."""
    count = 0

    def trace(_frame: Any, event: str, _value: Any) -> Any:
        nonlocal count
        count += event == 'line'
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(before)
    return count


def growth(call: Callable[[str], Any], text: str, times: int) -> float:
    """How many times the work grows where a text that is repeated `times` times is repeated four times as often."""
    call(text)  # what is worked out once is not counted
    few = lines_run(lambda: call(text * times))
    return lines_run(lambda: call(text * times * 4)) / few
