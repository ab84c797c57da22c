# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which host translates addresses, or drops, between the sources of a diagnosis and its destination. Pure."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, cast

from .._shapes.attempts import Attempt, Connection, Located, Translator, WholeWork
from . import arrivals


def asked(plan: WholeWork, results: Mapping[str, Mapping[str, object]]) -> str | None:
    """The address that most attempts came from which failed or were slow, if none of their clients has it; else None.

    plan, results: as conclusion.conclude() takes them.
    """
    pairs = _arrived(plan, results)
    own = {attempt['from'].rpartition(':')[0].strip('[]') for attempt, _arrival in pairs if attempt['from']}
    met = Counter(arrival['source'] for attempt, arrival in pairs
                  if arrival and (attempt['result'] != 'ok' or attempt['syn_retransmits']))  # fmt: skip
    common = [address for address, _number in met.most_common(1) if address not in own]
    return common[0] if common else None


def lost(plan: WholeWork, results: Mapping[str, Mapping[str, object]]) -> bool:
    """Whether an attempt hung and did not come to the destination."""
    return any(attempt['result'] == 'timeout' and not arrival for attempt, arrival in _arrived(plan, results))


def tracking(before: Mapping[str, Located], after: Mapping[str, Located]) -> dict[str, dict[str, int]]:
    """By host, how much each counter of connection tracking rose; before, after: paws_locate's results by host."""
    counted = ((host, before[host].get('tracking'), look.get('tracking')) for host, look in after.items()
               if host in before)  # fmt: skip
    return {
        host: {name: max(0, count - earlier.get(name, count)) for name, count in later.items()}
        for host, earlier, later in counted
        if earlier and later
    }


def _arrived(plan: WholeWork, results: Mapping[str, Mapping[str, object]]) -> list[tuple[Attempt, Connection | None]]:
    """Each attempt of the sources, with what the watch saw of it."""
    sources = [results.get(task['name'], {}) for task in plan['tasks'] if task['role'] == 'source']
    made = [attempt for result in sources for attempt in cast(list[Attempt], result.get('attempts') or [])]
    seen = cast(list[Connection], results.get('diagnose-watch', {}).get('connections') or [])
    return list(zip(made, arrivals.arrived(made, seen), strict=True))


def found(address: str, looked: Mapping[str, Located], rules: Mapping[str, Mapping[str, object]]) -> Translator | None:
    """The host that has the address; None where no host has, or more than one.

    looked: paws_locate's results by host; rules: those of tcp_facts, whose records are checked. The rules of a host are
    those of its own network namespace: of an address in another one they are not told.
    """
    places = [(host, match) for host, result in looked.items() for match in result.get('matches') or []]
    if len(places) != 1:
        return None
    host, match = places[0]
    facts = cast(dict[str, Any], rules.get(host, {}).get('ansible_facts') or {})
    record = facts.get('nodetcp') or {}
    own = match['kind'] == 'host'
    return {'host': host, 'address': address, 'rules': record.get('translation') if own else None}
