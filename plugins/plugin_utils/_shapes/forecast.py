# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What TIME_WAIT costs once recycling is off: the document of _forecast, as plans and reports have it."""

from typing import Annotated, Literal, TypedDict

from .._messages.message import Said
from .marks import ADDED, OPEN, Amount, Length, Natural
from .said import Spoken

#: Worst first.
Outlook = Literal['exhausted', 'tight', 'unknown', 'safe']
Decision = Literal['go', 'stopped', 'accepted']
Reuse = Literal['off', 'on', 'loopback', 'inert']
_TEXT = Length(4096)
Text = Annotated[Said, _TEXT]
Settings = dict[str, int | str]


class Capacity(TypedDict):
    """What the namespace can take with recycling off."""

    usable_ports: Annotated[Natural | None, 'Local ports for outgoing connections; null where the range is not known.']
    time_wait_s: Annotated[Amount, 'Seconds that TIME_WAIT lasts.', ADDED]
    vendor_timeout: Annotated[bool, ADDED]
    recycle: Annotated[bool, 'Whether recycling was on in the namespace.', ADDED]
    reuse: Annotated[Reuse, 'tcp_tw_reuse as it works there.', ADDED]
    held_s: Annotated[Amount, 'Seconds for which a connection takes a local port.', ADDED]
    sustainable_per_s: Annotated[Amount | None, 'Connections a second to one destination from one address.', ADDED]
    max_tw_buckets: Annotated[Natural | None, ADDED]


class Destination(TypedDict):
    """Outgoing connections to one address and port."""

    local: Annotated[str, _TEXT]
    remote: Annotated[str, _TEXT]
    remote_port: Natural
    per_s: Annotated[Amount, 'Connections a second.']
    ports: Annotated[Natural, 'Local ports that they need.']
    share: Annotated[Amount | None, 'The same as a part of the usable ports; 1 and more: they run out.']
    sustainable_per_s: Amount | None
    exhausted_after_s: Annotated[
        Amount | None,
        'Seconds after which connect() fails for want of a port; null where none runs out.',
    ]


class Load(TypedDict):
    """The state in which so many connections a second end."""

    per_s: Annotated[Amount, 'Connections that the node closes first, each second.']
    verdict: Annotated[Outlook, ADDED]
    sockets: Annotated[Natural, 'TIME_WAIT sockets that are there then.']
    memory_bytes: Annotated[Natural, ADDED]
    buckets_share: Annotated[Amount | None, 'The part of tcp_max_tw_buckets that they need.', ADDED]
    destinations: Annotated[list[Destination], Length(1000), 'Outgoing connections by destination, most first.']


class Loads(TypedDict):
    """The load measured, and the highest one that is known; null where it is not."""

    present: Load | None
    highest: Load | None


class Nat(TypedDict):
    """What source NAT and connection tracking of the node can take."""

    conntrack_share: float | None
    ports: int
    held_s: float
    sustainable_per_s: float
    conntrack_sustainable_per_s: float | None


class Remedy(Spoken):
    """Something that helps, and whether the profile lets a play apply its settings."""

    id: Annotated[str, _TEXT, ADDED]
    text: Text
    settings: Annotated[Settings, ADDED]
    allowed: Annotated[bool, 'Whether the profile lets a play apply the settings.', ADDED]
    why_not: Annotated[Said | None, ADDED]
    sustainable_per_s: Annotated[Amount | None, ADDED]


class Never(Spoken):
    """What is often proposed and does harm."""

    what: Text
    why: Text


class Planned(Spoken):
    """The forecast with the settings of this run, remedies among them."""

    settings: Annotated[Settings, 'What decides about it.', ADDED]
    remedies: Annotated[list[Annotated[str, _TEXT]], Length(20), 'Ids of the remedies that are among them.', ADDED]
    verdict: Annotated[
        Outlook,
        'safe; tight: half of the local ports or buckets is needed; exhausted: 0.8 of the ports towards a destination '
        'or more; unknown: the load or the range is not known, or only the least that was.',
    ]
    summary: Text
    capacity: Capacity | None
    loads: Loads


class Forecast(Spoken):
    """What happens with recycling off."""

    verdict: Annotated[Outlook, 'With recycling off and nothing else changed.']
    summary: Annotated[Said, _TEXT, 'The same in one line, with the numbers.']
    capacity: Capacity | None
    loads: Loads
    nat: Annotated[Nat | None, OPEN, 'What source NAT and connection tracking of the node can take.', ADDED]
    remedies: Annotated[list[Remedy], Length(20), 'What helps, in the order to try it.']
    settings: Annotated[Settings, 'The settings of the remedies that are allowed, together.']
    never: Annotated[list[Never], Length(20), 'What is often proposed and does harm.']


class ShapedForecast(Forecast):
    """The forecast of a namespace of a node, with what the settings of a plan make of it."""

    namespace: Annotated[str | None, 'The network namespace that it is for: the one in which it is worst.', ADDED]
    planned: Annotated[Planned | None, 'null where the run sets nothing that matters here.']


class DecidedForecast(ShapedForecast):
    """What TIME_WAIT costs with recycling off, asked before a remediation switched it off."""

    decision: Annotated[
        Decision,
        'stopped: the host is left as it is, since its ports would run out; accepted: remediate_accept_exhaustion let '
        'it through.',
    ]
