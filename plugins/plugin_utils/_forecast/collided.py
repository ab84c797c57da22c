# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many SYNs a server will turn away, from what one look at it sees: its TIME_WAIT sockets and some seconds of SYNs.

collisions.py forecasts for a NAT whose settings are known. The server does not know them, but sees what they do:

- The ports of an address tell how many there are to choose from, and whether a NAT has chosen them (ports_seen.py).
- A port that the NAT still protects is met by no SYN, a port that it may give again is. So the numbers of sockets by
  their age stand still until the protection ends, and fall from there on.
- A NAT that chooses at random meets only sockets older than that. Without a free port it gives those first that a reset
  has freed. One that keeps the clients' ports meets as many sockets as end before their time.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from .._packets import clocks
from .._packets.collided import Asking
from .._shapes.clients import Ahead, Client, Clock, Forecast, SeenClient, Told
from .capacity import TIME_WAIT
from .collisions import PER_CLIENT, PER_CONNECTION, Collisions, Nat, Traffic, lasting, turned_away
from .ports_seen import PortsSeen

#: A probability that counts as none: its logarithm is a number.
LEAST = 1e-300
#: So many client addresses are told of.
SHOWN = 8
#: Clients, so that hardly one meets a socket of its own.
MANY = 50
#: Of so many sockets the ages tell something, and so many bins of them.
FEW_SOCKETS, FEW_BINS = 50, 4
#: With this share of the ports in TIME_WAIT a NAT has none left that is free. Without protection it cannot be more than
#: two thirds: half of those that are met come back at once.
FULL = 0.9


@dataclass(frozen=True)
class Seen:
    """One client address at one end of the server.

    ports: how many it has to choose from, None where the clients keep their own; time_wait: sockets; ages: how many of
    them by age, in equal parts of 60 s; made_per_s, syns_per_s: connections and SYNs; clocks, shares: as of
    collisions.Traffic.
    """

    ports: int | None
    time_wait: int
    ages: Sequence[int]
    made_per_s: float
    syns_per_s: float
    clocks: str = PER_CONNECTION
    shares: Sequence[float] = (1.0,)


def forecast(seen: Seen) -> Collisions:
    """What the next seconds bring if the traffic goes on like this."""
    traffic = Traffic(seen.made_per_s, 1.0, seen.clocks, seen.shares)
    if seen.made_per_s <= 0:
        return Collisions(0.0, 0.0, 0.0, float(seen.time_wait))
    if seen.ports is None:
        met = _ended_early(seen.ages) / seen.made_per_s
        return turned_away(Nat(0, random=False), traffic, min(1.0, met))
    if seen.time_wait >= FULL * seen.ports:
        return lasting(Nat(seen.ports, hold_s=math.inf), traffic)
    hold_s = protected_for(seen.ports, seen)
    free = seen.ports - seen.made_per_s * hold_s
    met = _older(seen, hold_s) / free if free > 0 else 1.0
    return turned_away(Nat(seen.ports), traffic, min(1.0, met))


def told(clients: Sequence[Client], askings: Iterable[Asking], seconds: float, address: str) -> Told:
    """{'clients', 'forecast'} of a look that lasted so many seconds; the forecast is None where nothing was seen.

    clients: checked, of the operation time_wait_clients. Of each is told: address, server, port, time_wait (sockets),
    ports [lowest, highest], ports_in_use, ports_estimate, density (of those between the outermost), ports_kept (the
    clients' own), behind_snat, timestamps (the kind of _packets/clocks.py), hosts (clocks, at least), and
    connections_per_s, collisions_per_s and share of its SYNs. The forecast has the last three for the server, and in
    'address' for all ends of the address.
    Where clients keep their ports and have offsets for each connection it is the most that there can be.
    """
    asked = {(each.address, each.server, each.port): each for each in askings}
    rows, parts = [], []
    for client in clients:
        found = asked.get((client['address'], client['server'], client['port']))
        ports = PortsSeen(**client['ports'])
        ahead = forecast(_seen(client, ports, found, seconds)) if found else None
        rows.append(_row(client, ports, found, ahead, seconds))
        if found and ahead:
            parts.append((found.address, found.made / seconds, ahead))
    of_address = [part for part in parts if part[0] == address]
    summed: Forecast | None = None
    if parts:
        summed = {**_figures(parts), 'address': _figures(of_address) if of_address else None}
    return {'clients': rows[:SHOWN], 'forecast': summed}


def _seen(client: Client, ports: PortsSeen, found: Asking, seconds: float) -> Seen:
    """Clients with an offset for each connection cannot be counted; those that keep their ports are taken for many."""
    one_each = found.clock in (clocks.SEVERAL, clocks.ONE)
    machines = MANY if ports.kept and not one_each else found.hosts
    return Seen(
        None if ports.kept else ports.choice,
        client['time_wait'],
        client['ages'],
        found.made / seconds,
        found.syns / seconds,
        PER_CLIENT if one_each else PER_CONNECTION,
        (1 / machines,) * machines,
    )


def _row(
    client: Client, ports: PortsSeen, found: Asking | None, ahead: Collisions | None, seconds: float
) -> SeenClient:
    return {
        'address': client['address'],
        'server': client['server'],
        'port': client['port'],
        'time_wait': client['time_wait'],
        'ports': cast('tuple[int, int]', [ports.low, ports.high]),  # JSON has lists alone
        'ports_in_use': ports.count,
        'ports_estimate': ports.choice,
        'density': round(ports.density, 3),
        'ports_kept': ports.kept,
        'behind_snat': found.behind_snat if found else None,
        'timestamps': cast(Clock, found.clock if found else clocks.UNKNOWN),
        'hosts': found.hosts if found else None,
        'connections_per_s': round(found.made / seconds, 1) if found else None,
        'collisions_per_s': round(ahead.per_s, 2) if ahead else None,
        'share': round(ahead.share, 4) if ahead else None,
    }


def _figures(parts: Sequence[tuple[str, float, Collisions]]) -> Ahead:
    made, per_s = sum(part[1] for part in parts), sum(part[2].per_s for part in parts)
    share = per_s / (made + per_s) if made + per_s else 0.0
    return {'connections_per_s': round(made, 1), 'collisions_per_s': round(per_s, 2), 'share': round(share, 4)}


def protected_for(ports: int, seen: Seen) -> float:
    """For how many seconds no SYN meets a socket, by the numbers of sockets of each age; 0 where they do not tell.

    The likeliest whole number. Ages that no socket has, since the traffic began later, do not count.
    """
    ages = _filled(seen.ages)
    if sum(ages) < FEW_SOCKETS or len(ages) < FEW_BINS:
        return 0.0
    width = TIME_WAIT / len(seen.ages)

    def likelihood(hold_s: int) -> float:
        free = ports - seen.made_per_s * hold_s
        if free <= 0:
            return -math.inf
        rate = seen.syns_per_s / free
        expected = [_left(place * width, (place + 1) * width, hold_s, rate) for place in range(len(ages))]
        return sum(
            number * math.log(max(part / sum(expected), LEAST)) for number, part in zip(ages, expected, strict=True)
        )

    return float(max(range(TIME_WAIT + 1), key=likelihood))


def _filled(ages: Sequence[int]) -> Sequence[int]:
    """The ages that sockets can have had the time to reach, without a last one that was only begun."""
    oldest = max((place for place, number in enumerate(ages) if number), default=0)
    return ages if oldest == len(ages) - 1 else ages[:oldest]


def _left(since: float, until: float, hold_s: float, rate: float) -> float:
    """The seconds between two ages that a socket lives to see, if it is met at that rate from hold_s on."""
    start, end = max(since, hold_s), max(until, hold_s)
    whole = (until - since) - (end - start)
    if rate * (end - start) < 1e-9:
        return whole + end - start
    return whole + (math.exp(-rate * (start - hold_s)) - math.exp(-rate * (end - hold_s))) / rate


def _older(seen: Seen, hold_s: float) -> float:
    """How many sockets are older: those of the age in question in proportion, those that are over as well."""
    width = TIME_WAIT / len(seen.ages)
    older = sum(number * min(1.0, max(0.0, place + 1 - hold_s / width)) for place, number in enumerate(seen.ages))
    return older + max(0, seen.time_wait - sum(seen.ages))


def _ended_early(ages: Sequence[int]) -> float:
    """How many sockets a second are met before their time: those that come in less those that reach the end."""
    filled = _filled(ages)
    if sum(filled) < FEW_SOCKETS or len(filled) < FEW_BINS or not filled[1]:
        return 0.0
    come = filled[0] * math.sqrt(filled[0] / filled[1])  # some of the first have been met
    last = (filled[-1] + filled[-2]) / 2 * math.sqrt(filled[-1] / filled[-2]) if filled[-2] else 0.0
    return max(0.0, come - last) * len(ages) / TIME_WAIT
