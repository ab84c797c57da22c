# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attempts to connect, as a node reports them, summed up. Pure."""

import math
from collections import Counter
from collections.abc import Sequence

from .._shapes.attempts import Attempt, EndedInAll, Icmp, Percentiles


def summary(attempts: Sequence[Attempt], port: int, icmp: Icmp) -> EndedInAll:
    """The attempts to one port: how many ended how, percentiles of those that came up, SYN retransmits, echoes."""
    of_port = [attempt for attempt in attempts if attempt['port'] == port]
    ended = Counter(attempt['result'] for attempt in of_port)
    came_up = [attempt for attempt in of_port if attempt['result'] == 'ok']
    echoes = [attempt['icmp_ms'] for attempt in of_port if attempt['icmp_ms'] is not None]
    return {
        'port': port,
        'attempts': len(of_port),
        'ok': ended['ok'],
        'refused': ended['refused'],
        'timeout': ended['timeout'],
        'reset': ended['reset'],
        'unreachable': ended['unreachable'],
        'error': ended['error'],
        'milliseconds': percentiles([attempt['ms'] for attempt in came_up]),
        'syn_retransmits': sum(attempt['syn_retransmits'] for attempt in of_port),
        'ok_after_retransmit': sum(attempt['syn_retransmits'] > 0 for attempt in came_up),
        'errors': sorted({attempt['error'] for attempt in of_port if attempt['error']}),
        'icmp': {
            'sent': len(of_port) if icmp['available'] else 0,
            'received': len(echoes),
            'milliseconds': percentiles(echoes),
        },
    }


def percentiles(values: Sequence[float]) -> Percentiles | None:
    """{'min', 'p50', 'p90', 'p99', 'max'}, each one of the values (nearest rank); None of no values."""
    if not values:
        return None
    ordered = sorted(values)
    p50, p90, p99 = (ordered[math.ceil(share * len(ordered)) - 1] for share in (0.5, 0.9, 0.99))
    return {'min': ordered[0], 'p50': p50, 'p90': p90, 'p99': p99, 'max': ordered[-1]}
