# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a look at TIME_WAIT sockets gives, and what time_wait_info returns of it."""

from typing import Literal, TypedDict

from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import Message, Said
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.forecast import Forecast
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.record import Container, Kind, Record, Sample


class Slab(TypedDict):
    """The kernel's memory for TIME_WAIT sockets."""

    bytes: int
    object_bytes: int


class PeakedSample(Sample, total=False):
    """An earlier look; peaks: the highest loads until then, by key of the namespace, as somebody hands them over."""

    peaks: object


class Looked(TypedDict):
    """What a look at a node gave: its record, checked; an earlier sample or None; the one to compare with next time."""

    record: Record
    earlier: PeakedSample | None
    sample: Sample | None


class TimeWaitLooked(Looked):
    """The same of the operation time_wait. idle: namespaces without such sockets, which are not in the record."""

    slab: Slab | None
    idle: int


class ShareOf(TypedDict):
    """Outgoing connections to one place, as a share of all that this side closes first."""

    local: str
    remote: str
    remote_port: int
    share: float


class Rate(TypedDict):
    """Connections per second that this side closed first."""

    per_s: float | None
    seconds: float | None
    reason: Message | None
    outgoing_per_s: float | None
    incoming_per_s: float | None
    split_from: str | None
    reused_per_s: float | None
    highest_per_s: float | None


#: `from` is a word of Python.
RateShown = TypedDict('RateShown', {'from': str | None})


class RateTold(Rate, RateShown):  # pylint: disable=inherit-non-class
    """The rate, and from what it is known: counters or population."""


class OutgoingRow(TypedDict):
    local: str
    remote: str
    remote_port: int
    sockets: int
    share: float | None


class OutgoingTold(TypedDict):
    """Where this node closed first as client."""

    sockets: int
    destinations: int
    exact: bool
    top: list[OutgoingRow]


class PortTold(TypedDict):
    port: int
    sockets: int
    listens: bool


class ClientTold(TypedDict):
    address: str
    sockets: int


class IncomingTold(TypedDict):
    """Where it closed first as server."""

    sockets: int
    ports: int
    top: list[PortTold]
    clients: list[ClientTold]


class Buckets(TypedDict):
    """tcp_max_tw_buckets, how much of it is taken, and how often it did not suffice."""

    max: int | None
    share: float | None
    overflowed: int | None
    overflowed_delta: int | None


class TimeWaitTold(TypedDict):
    """The TIME_WAIT sockets of one namespace; null where they could not be listed."""

    id: str | None
    key: str
    kind: Kind
    name: str | None
    container: Container | None
    sockets: int | None
    source: str | None
    outgoing: OutgoingTold | None
    incoming: IncomingTold | None
    usable_ports: int | None
    buckets: Buckets
    rate: RateTold
    forecast: Forecast


class Totals(TypedDict):
    """Over all namespaces of the node."""

    sockets: int
    outgoing: int
    incoming: int
    namespaces: int
    idle_namespaces: int
    not_counted: int
    memory_bytes: int
    memory_from: Literal['slab'] | Said
    overflowed: int


class PlacedForecast(Forecast):
    """The forecast of the namespace where it is worst, and which that is."""

    namespace: str | None


class TimeWaitShaped(TypedDict):
    """What time_wait_info returns. peaks: the highest load by key of the namespace, for the next look."""

    totals: Totals
    namespaces: list[TimeWaitTold]
    forecast: PlacedForecast
    peaks: dict[str, float]
