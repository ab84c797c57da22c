# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each segment once, as the server's own TCP saw it, where a capture holds it several times.

On all interfaces together a node sees a segment on the card and again on its bridge, bond or VLAN, and one to itself as
sent and as received. What the server got counts as it came in, what it said as it went out.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from collections.abc import Iterable

from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.segment import ACK, KIND, OUTWARD, SYN, Event

TWIN = 0.005  # seconds; nothing is sent again so soon


def once(events: Iterable[Event]) -> list[Event]:
    """The segments between clients and the servers that were asked for connections from outside.

    Segments of a capture that does not tell their way are all kept.
    """
    events = list(events)
    servers = {
        (event[3], event[4]) for event in events if event[5] & KIND == SYN and event[11] not in (None, OUTWARD)
    } | {(event[1], event[2]) for event in events if event[5] & KIND == SYN | ACK and event[11] == OUTWARD}
    latest: dict[tuple[object, ...], float] = {}
    kept = []
    for event in events:
        way = event[11]
        if way is not None:
            end = (event[1], event[2]) if way == OUTWARD else (event[3], event[4])
            if end not in servers:
                continue
            mark = event[1:5] + event[5:9]
            if -TWIN < event[0] - latest.get(mark, float('-inf')) < TWIN:
                continue
            latest[mark] = event[0]
        kept.append(event)
    return kept
