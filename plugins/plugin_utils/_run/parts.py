# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the hosts of a large audit are divided among its plays. Pure."""

import typing as t
from collections.abc import Sequence

#: As many as playbooks/observe_in_parts.yml has plays.
PARTS = 10
#: Which of them a play observes, from 1.
VARIABLE = '__audit_part'

T = t.TypeVar('T')


def part(hosts: Sequence[T], number: int, least: int) -> Sequence[T]:
    """The hosts of the part with this number, from 1: all parts together are all hosts, in their order.

    least: what a part takes before the next one has any, so that an audit of few hosts waits for their slowest once.
    """
    size = max(least, -(-len(hosts) // PARTS))
    return hosts[(number - 1) * size : number * size]
