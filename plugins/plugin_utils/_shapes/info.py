# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What counters did in a window, by network namespace: what paws_info returns, and what diagnoses go by."""

from typing import Literal, TypedDict

from .._messages.message import Message
from .record import Collided, Container, NamedSpace, Peer
from .verdict import Evidence

Certainty = Literal['exact', 'likely', 'possible']


class ListenDrops(TypedDict):
    """SYNs that were dropped, and the share of each cause; None is what this kernel does not count, or cannot have."""

    total: int | None
    per_host_paws: int | None
    accept_queue: int | None
    syn_queue: int | None
    other: int | None
    shares: dict[str, float]
    paws_outside: int | None
    reason: Message | None


class Collisions(TypedDict):
    """SYNs that met a TIME_WAIT socket with a younger timestamp."""

    count: int
    counters: list[str]
    exact: bool
    certainty: Certainty
    share: float | None


class Recycling(TypedDict):
    """The trace that tcp_tw_recycle leaves; ran is None where it cannot be told."""

    ran: bool | None
    killed: int | None
    killed_delta: int | None


class NamespaceInfo(NamedSpace):
    """Rises in one namespace, or in several alike together, and their causes."""

    count: int
    members: list[str] | None
    also: list[Container] | None
    seconds: float | None
    reason: Message | None
    deltas: dict[str, int]
    rates: dict[str, float]
    evidence: Evidence
    listen_drops: ListenDrops
    collisions: Collisions | None
    collided: Collided | None
    recycling: Recycling
    says: list[Message]
    peers: list[Peer] | None
    peers_total: int | None


class Measured(TypedDict):
    """What paws_info returns of a node, as far as others go by it."""

    namespaces: list[NamespaceInfo]
