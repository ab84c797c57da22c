# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of the attempts arrived: SYNs seen at the destination, met with the attempts that sent them. Pure.

Behind a NAT addresses and ports are others, but a SYN's timestamp is the client's own: 32 bits that the client tells of
each attempt. Only where there are no timestamps address and port have to do.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from collections.abc import Sequence
from typing import Any

from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.event import (
    INWARD,
    Event,
    address,
    is_request,
    survey,
)

Json = dict[str, Any]

CONNECTIONS_MAX = 5000
#: Ticks by which the clock that an attempt tells may be ahead of its first SYN, and behind the first one that arrived.
AHEAD, BEHIND = 100, 5000


def connections(events: Sequence[Event], port: int) -> list[Json]:
    """The connections that SYNs to `port` asked for: [{'source', 'source_port', 'tsval', 'syns', 'answered'}].

    tsval is that of the first SYN, None without the option; answered by a SYN-ACK. At most CONNECTIONS_MAX.
    """
    known = survey(events)
    found: dict[tuple[bytes, int, bytes, int], Json] = {}
    for event in events:
        if event[4] != port or not is_request(event) or event[11] not in (None, INWARD):
            continue
        mark = (event[1], event[2], event[3], event[6])
        entry = found.get(mark)
        if entry is None:
            if len(found) == CONNECTIONS_MAX:
                break
            ends = {"source": address(event[1]), "source_port": event[2], "tsval": event[8]}
            entry = found[mark] = {**ends, "syns": 0, "answered": known.answered(event)}
        entry["syns"] += 1
    return list(found.values())


def arrived(attempts: Sequence[Json], seen: Sequence[Json]) -> list[Json | None]:
    """For each attempt, in its order, the connection that it asked for at the destination, None if none arrived."""
    found: list[Json | None] = [None] * len(attempts)
    for entry in seen:
        index = _asked(attempts, entry)
        if index is not None and found[index] is None:
            found[index] = entry
    return found


def _asked(attempts: Sequence[Json], entry: Json) -> int | None:
    """The attempt that this connection belongs to: the one whose clock is nearest, else the one of the same end."""
    if entry["tsval"] is not None:
        distances = [
            (abs(distance), index)
            for index, distance in enumerate(_distance(attempt, entry) for attempt in attempts)
            if distance is not None and -AHEAD <= distance <= BEHIND
        ]
        return min(distances)[1] if distances else None
    # Without timestamps, or where a firewall on the way takes the option away.
    end = "%s:%d" % (_bracketed(entry["source"]), entry["source_port"])
    return next((index for index, attempt in enumerate(attempts) if attempt["from"] == end), None)


def _distance(attempt: Json, entry: Json) -> int | None:
    return None if attempt["tsval"] is None else _signed(entry["tsval"] - attempt["tsval"])


def _signed(difference: int) -> int:
    return (difference + 0x80000000) % 0x100000000 - 0x80000000


def _bracketed(text: str) -> str:
    return "[%s]" % text if ":" in text else text
