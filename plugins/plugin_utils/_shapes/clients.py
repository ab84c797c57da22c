# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients of a server whose SYNs meet TIME_WAIT: what its node says of them, and what the controller makes of that."""

from typing import Annotated, Literal, TypedDict

from .marks import Amount, Length, Natural, NotRequired, Positive, Range

CLIENTS_MAX, DESTINATIONS_MAX = 64, 16
#: Sockets by the twelfths of the minute that they are in TIME_WAIT.
Ages = tuple[
    Natural, Natural, Natural, Natural, Natural, Natural, Natural, Natural, Natural, Natural, Natural, Natural
]  # fmt: skip
Address = Annotated[str, Length(64)]
#: The kinds of _packets/clocks.py.
Clock = Literal['one_clock', 'several_clocks', 'offset_per_connection', 'unknown']
Share = Annotated[float, Range(0, 1)]


class Ports(TypedDict):
    """The outermost, how many different ones, and how many of these are even numbers."""

    low: Natural
    high: Natural
    count: Positive
    even: Natural


class Client(TypedDict):
    """Of the operation time_wait_clients: one address at one end of the server."""

    address: Address
    server: Address
    port: Natural
    time_wait: Natural
    ports: Ports
    ages: Ages


class Clients(TypedDict):
    """What the operation time_wait_clients answers."""

    clients: Annotated[list[Client], Length(CLIENTS_MAX)]


class SeenClient(TypedDict):
    """_forecast/collided.py told()."""

    address: Address
    server: Address
    port: Natural
    time_wait: Natural
    ports: tuple[Natural, Natural]
    ports_in_use: Natural
    ports_estimate: Natural | None
    density: Amount
    ports_kept: bool
    behind_snat: bool | None
    timestamps: Clock
    hosts: Natural | None
    connections_per_s: Amount | None
    collisions_per_s: Amount | None
    share: Share | None


class Ahead(TypedDict):
    """SYNs that will be turned away, a second and of all SYNs, and the connections a second beside them."""

    connections_per_s: Amount
    collisions_per_s: Amount
    share: Share


class Forecast(Ahead):
    """For a server, and for the address that is suspected first."""

    address: Ahead | None


class Told(TypedDict):
    """What one look at a server tells of all of them."""

    clients: list[SeenClient]
    forecast: Forecast | None


class End(TypedDict):
    """Where a node's translated connections go: _node/parsers/conntrack_listing.py, and what to expect there."""

    collisions_per_s: NotRequired[Amount | None]
    share: NotRequired[Share | None]
    address: Address
    port: Natural
    time_wait: Natural
    per_s: Amount
    clients: Natural
    addresses: Natural
    kept: Natural


class Translated(TypedDict):
    """Of _node/readers/translated.py."""

    time_wait_s: Natural
    entries: Natural
    of: Natural
    destinations: Annotated[list[End], Length(DESTINATIONS_MAX)]
