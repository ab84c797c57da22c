# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sizes of batches as remediate_batches names them: a number of hosts, or a share of all."""

import re
from collections.abc import Sequence

from .._messages.message import MessageError, message


def parse(raw: Sequence[object]) -> list[str]:
    """Sizes as text, "5" or "10%", checked. Raises MessageError."""
    sizes = [str(size).strip() for size in raw]
    for size in sizes:
        number = re.fullmatch(r'(\d{1,6})(%?)', size)
        if not number or int(number[1]) < 1 or (number[2] and int(number[1]) > 100):
            raise MessageError(message('variables/batch-size', size=repr(size)))
    if not sizes:
        raise MessageError(message('variables/no-batches'))
    return sizes


def count(size: str, of: int) -> int:
    """How many of so many hosts a size means."""
    return max(1, int(of * int(size[:-1]) / 100)) if size.endswith('%') else int(size)
