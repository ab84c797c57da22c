# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attempts to connect, as a node reports them: checked, and summed up. Pure."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any, cast

from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import MessageError, message
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.attempts import (
    Attempt,
    EndedInAll,
    Icmp,
    Percentiles,
    Tried,
)

Json = dict[str, Any]

RESULTS = ('ok', 'refused', 'timeout', 'reset', 'unreachable', 'error')
#: field -> (types, whether it may be None)
FIELDS: dict[str, tuple[tuple[type, ...], bool]] = {
    'port': ((int,), False),
    'at_s': ((int, float), False),
    'result': ((str,), False),
    'ms': ((int, float), False),
    'syn_retransmits': ((int,), False),
    'from': ((str,), True),
    'tsval': ((int,), True),
    'error': ((str,), True),
    'icmp_ms': ((int, float), True),
}
ATTEMPTS_MAX = 2000
TEXT_MAX = 256


class AttemptError(MessageError):
    """The node sent something else than attempts; the message says what."""


def checked(answer: object) -> Tried:
    """{'address', 'attempts', 'icmp', 'elapsed_s', 'cut'} as probe.run() promises them, nothing else in it."""
    if not isinstance(answer, dict) or not isinstance(answer.get('attempts'), list):
        raise AttemptError(message('answers/not-a-list', name='attempts'))
    if len(answer['attempts']) > ATTEMPTS_MAX:
        raise AttemptError(message('answers/too-many', name='attempts', most=ATTEMPTS_MAX))
    icmp = answer.get('icmp')
    if not isinstance(icmp, dict) or not isinstance(icmp.get('available'), bool):
        raise AttemptError(message('answers/not-an-object', name='icmp'))
    return {
        'address': _field(answer, 'address', (str,), False),
        'attempts': [_attempt(attempt) for attempt in answer['attempts']],
        'icmp': {'available': icmp['available'], 'reason': _field(icmp, 'reason', (str,), True)},
        'elapsed_s': _field(answer, 'elapsed_s', (int, float), False),
        'cut': _field(answer, 'cut', (str,), True),
    }


def _attempt(attempt: object) -> Attempt:
    if not isinstance(attempt, dict):
        raise AttemptError(message('answers/not-an-object', name='attempts[]'))
    found = {name: _field(attempt, name, *kind) for name, kind in FIELDS.items()}
    if found['result'] not in RESULTS:
        raise AttemptError(message('answers/wrong', name='result', value='%.40r' % found['result']))
    return cast(Attempt, found)


def _field(mapping: Json, name: str, kinds: tuple[type, ...], optional: bool) -> Any:
    value = mapping.get(name)
    if value is None and optional:
        return None
    if not isinstance(value, kinds) or isinstance(value, bool):
        raise AttemptError(message('answers/wrong', name=name, value='%.40r' % (value,)))
    if isinstance(value, str) and len(value) > TEXT_MAX:
        raise AttemptError(message('answers/too-long', name=name, length=len(value)))
    if isinstance(value, float) and not math.isfinite(value):
        raise AttemptError(message('answers/not-finite', name=name))
    return value


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
