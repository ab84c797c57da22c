# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the second look of an audit adds to a record: where the SYNs come from, and how many will be turned away."""

from __future__ import annotations

from typing import Any

from ansible_collections.nodetcp.paws.plugins.module_utils._node.operations import syn_look, time_wait_clients
from ansible_collections.nodetcp.paws.plugins.plugin_utils._forecast import collided as forecast
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets import collided, live
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.check import fits
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.clients import Clients
from ansible_collections.nodetcp.paws.plugins.plugin_utils._transport import collided_look
from tests.time_wait.namespace import Task

from .lab import Lab, Node

#: Fewer connections say too little of shares.
ENOUGH = 20


def seen(lab: Lab, seconds: float = collided_look.SECONDS) -> dict[str, Any] | None:
    """told() of a look while the clients connect; a longer one as in the audit, where a busy machine let few do so."""
    for duration in (seconds, collided_look.LONGER):
        look = looking(lab.server, duration)
        lab.offer(duration)
        found = told(lab.server, look)
        if found is not None and found['connections'] >= ENOUGH and found['cause'] != 'unknown':
            break
    return found


def looking(server: Node, seconds: float = collided_look.SECONDS) -> Task:
    """A look at the SYNs that has begun, for told()."""
    task = server.start(syn_look.run, {'duration': seconds, 'max_packets': collided_look.PACKETS})
    server.wait_for_watch()
    return task


def told(server: Node, look: Task) -> dict[str, Any] | None:
    """What the audit makes of a look at the SYNs, and of one at the sockets after it; None where no SYN came."""
    answer = look.result()
    events, asked = live.unpack(answer), server.call(time_wait_clients.run, {})
    clients = fits(asked, Clients, 'clients')['clients']
    suspect = collided.suspect(events)
    if suspect is None:
        return None
    return {**suspect, **forecast.told(clients, collided.asking(events), answer['seconds'], suspect['address'])}
