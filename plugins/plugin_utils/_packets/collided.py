# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why SYNs meet TIME_WAIT with an older timestamp: what SYNs seen at the server say of the address they came from."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from collections.abc import Sequence
from typing import cast

from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets import clocks, sources
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.deduplicate import once
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.segment import (
    OUTWARD,
    Event,
    address,
    is_request,
    survey,
)
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.record import Cause, Collided

#: What the clocks of an address say of the cause. A client with one clock is never older than itself; only wrapped or
#: delayed segments of a port that it uses again are.
CAUSES: dict[str, Cause] = {
    clocks.PER_CONNECTION: 'offset_per_connection',
    clocks.SEVERAL: 'different_clocks',
    clocks.ONE: 'port_reuse',
    clocks.UNKNOWN: 'unknown',
}
#: Of these causes an address is suspected first.
OLDER = ('offset_per_connection', 'different_clocks')


def suspect(events: Sequence[Event]) -> Collided | None:
    """{'address', 'cause', 'connections', 'ports'} of the address that asked this node for most connections, one whose
    SYNs can be older than its own before others; None where no SYN came. ports: [lowest, highest] it asked from."""
    seen = once([event for event in events if event[11] != OUTWARD])
    tallied = sources.described(sources.tally(seen, survey(seen), ()))
    if not tallied:
        return None
    first = max(tallied, key=lambda source: (CAUSES[source['clock']] in OLDER, source['connections']))
    ports = [event[2] for event in seen if is_request(event) and address(event[1]) == first['source']]
    return {
        'address': first['source'],
        'cause': CAUSES[first['clock']],
        'connections': first['connections'],
        'ports': cast('tuple[int, int]', [min(ports), max(ports)]),  # JSON has lists alone
    }
