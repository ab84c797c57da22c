# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why SYNs meet TIME_WAIT with an older timestamp: what SYNs seen at the server say of the addresses they came from."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

from .._shapes.packets import SourceOf
from .._shapes.record import Cause, Collided
from . import clocks, sources
from .segment import OUTWARD, Event, Survey, address, is_request, once, survey

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
#: So many SYNs, and those of so many seconds, tell the clocks of an address.
ENOUGH, ENOUGH_S = 1000, 1.0
#: Of fewer connections nothing is said of the order of their ports. A client that meets TIME_WAIT makes few of them. Of
#: eight ports 7 random orders in 1,000 look like one client's, and none of 1,998 of a client (6.18) looked random.
FEW = 8


@dataclass(frozen=True)
class Asking:
    """What one address asked of one end of the server, (server, port), in a look.

    made: connections that were given; syns: all of them, those sent again too; ports: of the connections, in the order
    of their SYNs; clock: of CAUSES, what the timestamps of the address show; hosts: clocks behind it, at least.
    """

    address: str
    server: str
    port: int
    made: int
    syns: int
    ports: tuple[int, ...]
    clock: str
    hosts: int

    @property
    def in_order(self) -> bool | None:
        """Whether each port is above the one before, nearly always, as one client's are; None of too few."""
        if len(self.ports) < FEW:
            return None
        return sum(later > earlier for earlier, later in pairwise(self.ports)) > 0.8 * (len(self.ports) - 1)

    @property
    def behind_snat(self) -> bool | None:
        """Whether it looks like many clients behind one address: ports without order, or several clocks."""
        return True if self.hosts > 1 else None if self.in_order is None else not self.in_order


def asking(events: Sequence[Event]) -> list[Asking]:
    """Who asked for connections, the busiest first."""
    seen, known, tallied = _tallied(events)
    clocks_of = {source['source']: source for source in tallied}
    found: dict[tuple[bytes, bytes, int], dict[tuple[int, int], bool]] = {}
    syns: Counter[tuple[bytes, bytes, int]] = Counter()
    for event in seen:
        if is_request(event):
            ends = event[1], event[3], event[4]
            syns[ends] += 1
            found.setdefault(ends, {}).setdefault((event[2], event[6]), known.answered(event))
    rows = []
    for ends, connections in sorted(found.items(), key=lambda each: (-len(each[1]), each[0])):
        source = clocks_of.get(address(ends[0]))
        if source:
            ports = tuple(port for port, _number in connections)
            made = sum(connections.values())
            clock, hosts = source['clock'], source['hosts']
            rows.append(Asking(source['source'], address(ends[1]), ends[2], made, syns[ends], ports, clock, hosts))
    return rows


def suspect(events: Sequence[Event]) -> Collided | None:
    """{'address', 'cause', 'connections', 'ports'} of the address that asked this node for most connections, one whose
    SYNs can be older than its own before others; None where no SYN came. ports: [lowest, highest] it asked from."""
    seen, _known, tallied = _tallied(events)
    if not tallied:
        return None
    asked: dict[str, set[tuple[int, int]]] = {}
    for event in seen:
        if is_request(event):
            asked.setdefault(address(event[1]), set()).add((event[2], event[6]))
    first = max(tallied, key=lambda source: (CAUSES[source['clock']] in OLDER, len(asked[source['source']])))
    ports = [port for port, _number in asked[first['source']]]
    return {
        'address': first['source'],
        'cause': CAUSES[first['clock']],
        'connections': len(ports),
        'ports': cast('tuple[int, int]', [min(ports), max(ports)]),  # JSON has lists alone
    }


def _tallied(events: Sequence[Event]) -> tuple[list[Event], Survey, list[SourceOf]]:
    """(what came in and what was answered, once each; the survey of it; each source described, by its first SYNs)."""
    seen = once([event for event in events if not is_request(event) or event[11] != OUTWARD])
    known = survey(seen)
    return seen, known, sources.described(sources.tally(_first_of_each(seen), known, ()))


def _first_of_each(events: Iterable[Event]) -> Iterator[Event]:
    """The SYNs that tell the clocks of an address. A client comes back to a local port, and then to its offset, after
    some thousand connections: behind a NAT with random ports these would look like one clock."""
    counted: Counter[bytes] = Counter()
    began: dict[bytes, float] = {}
    for event in events:
        if is_request(event):
            counted[event[1]] += 1
            since = event[0] - began.setdefault(event[1], event[0])
            if counted[event[1]] <= ENOUGH or since < ENOUGH_S:
                yield event
