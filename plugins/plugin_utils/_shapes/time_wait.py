# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a look at TIME_WAIT sockets gives, and what time_wait_info returns of it."""

from typing import TypedDict

from .._messages.message import Message
from .record import Record, Sample


class Slab(TypedDict):
    """The kernel's memory for TIME_WAIT sockets."""

    bytes: int
    object_bytes: int


class PeakedSample(Sample, total=False):
    """An earlier look; peaks: the highest loads until then, by key of the namespace, as somebody hands them over."""

    peaks: object


class TimeWaitLooked(TypedDict):
    """What the operation time_wait gave: the record, checked; an earlier sample or None; the one to compare with next
    time. idle: namespaces without such sockets, which are not in the record."""

    record: Record
    earlier: PeakedSample | None
    sample: Sample | None
    slab: Slab | None
    idle: int


class ShareOf(TypedDict):
    """Outgoing connections to one place, as a share of all that this side closes first."""

    local: str
    remote: str
    remote_port: int
    share: float


#: Connections per second that this side closed first, and from what that is known: counters or population.
Rate = TypedDict(
    'Rate',
    {
        'per_s': float | None,
        'from': str | None,
        'seconds': float | None,
        'reason': Message | None,
        'outgoing_per_s': float | None,
        'incoming_per_s': float | None,
        'split_from': str | None,
        'reused_per_s': float | None,
        'highest_per_s': float | None,
    },
)


class TimeWaitShaped(TypedDict):
    """What time_wait_info returns, as its documentation tells. peaks: the highest load by key of the namespace, for the
    next look."""

    totals: dict[str, object]
    namespaces: list[dict[str, object]]
    forecast: dict[str, object]
    peaks: dict[str, float]
