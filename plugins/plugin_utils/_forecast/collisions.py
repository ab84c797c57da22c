# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How often SYNs from behind a source NAT will meet TIME_WAIT sockets of a server, and be turned away. Pure.

A server that closes first holds TIME_WAIT for 60 s on the address and port that its client had. A NAT may give that
port to another connection meanwhile. The new SYN is accepted where its timestamp is newer than the last one of the old
connection; otherwise an old ACK answers it, the client resets the old connection and sends its SYN again
(Linux 6.18 net/ipv4/tcp_minisocks.c tcp_timewait_state_process(); RFC 6191).

Each port goes round: free, TIME_WAIT that the NAT still protects, TIME_WAIT that it may give again. A SYN comes to a
port of the last kind with hazard r = SYNs per second / ports to choose from, so a fraction a = 1 - exp(-r * seconds
unprotected) of TIME_WAIT sockets is met by a SYN, and a share p of these meetings is turned away: with one clock per
connection p = 1/2, and per connection made, a * p SYNs are turned away. A NAT with random ports gives the repeated SYN
a port of its own, which may be in TIME_WAIT too.

With tcp_rfc1337=0; otherwise a reset ends nothing and there are more. On 6.18.44 nine variants came within a tenth
(tests/collisions). Clients go through their own ports in order: where a NAT keeps these, and clients are few and slow,
it depends on where each of them began, up to a quarter more or less.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .capacity import TIME_WAIT

#: Whose timestamps are in order: those of one connection alone (Linux 4.10, and stable kernels of 2026; without
#: timestamps sequence numbers decide, and are no better), or all of one client machine.
PER_CONNECTION, PER_CLIENT = 'connection', 'client'
#: Rounds until what depends on its own result stands still.
ROUNDS = 200


@dataclass(frozen=True)
class Nat:
    """How the ports are given.

    ports: how many there are for one destination, over all addresses; random: each connection gets any of them, as
    with random, random-fully or a port range that the client's own is not in; otherwise it keeps its own port, and
    `ports` is how many the clients use; hold_s: how long after its end the NAT gives a connection's port to nobody else
    (nf_conntrack_tcp_timeout_time_wait), 0 where it is not known; client_ports: how many local ports all clients
    together use in turn towards the destination, None for no end of them: with its next connection from the same local
    port a client gives up the port it had from the NAT, whatever hold_s says.
    """

    ports: float
    random: bool = True
    hold_s: float = 0.0
    client_ports: float | None = None


@dataclass(frozen=True)
class Traffic:
    """Connections from behind the NAT to one address and port of a server.

    per_s: made, per second; server_first: the share that the server closes first; clocks: PER_CONNECTION or PER_CLIENT;
    shares: of the connections, client by client, the one with the newest clock first; each above 0, together 1.
    """

    per_s: float
    server_first: float = 1.0
    clocks: str = PER_CONNECTION
    shares: Sequence[float] = (1.0,)


@dataclass(frozen=True)
class Collisions:
    """per_s: SYNs turned away, per second; share: of all SYNs; repeated_per_s: connections turned away twice or more,
    which wait for a second and longer, per second; time_wait: sockets that the server holds."""

    per_s: float
    share: float
    repeated_per_s: float
    time_wait: float


def lasting(nat: Nat, traffic: Traffic) -> Collisions:
    """What traffic that goes on for minutes comes to."""
    if traffic.per_s <= 0 or nat.ports <= 0:
        return Collisions(0.0, 0.0, 0.0, 0.0)
    choice = _choice(nat, traffic)
    closed = traffic.per_s * traffic.server_first
    found, hazard, met = turned_away(nat, traffic, 0.0), 0.0, 0.0
    for _round in range(ROUNDS):
        syns = traffic.per_s + (found.per_s if nat.random else 0.0)
        hazard = syns / choice.ports
        met = choice.met(hazard)
        found = turned_away(nat, traffic, closed * choice.open_share * met / syns)
    held = traffic.server_first * choice.protected + closed * choice.open_share * met / hazard
    return replace(found, time_wait=min(nat.ports, closed * TIME_WAIT) if choice.full else held)


def present(nat: Nat, traffic: Traffic, time_wait: int) -> Collisions:
    """What happens now, while the server holds so many TIME_WAIT sockets for the address."""
    if traffic.per_s <= 0 or nat.ports <= 0:
        return Collisions(0.0, 0.0, 0.0, float(time_wait))
    choice = _choice(nat, traffic)
    if choice.full:  # the ports that resets freed are given first, so their number stands still at once
        return replace(lasting(nat, traffic), time_wait=float(time_wait))
    open_ones = max(0.0, time_wait - traffic.server_first * choice.protected)
    found = turned_away(nat, traffic, min(1.0, open_ones / choice.ports))
    return replace(found, time_wait=float(time_wait))


@dataclass(frozen=True)
class _Choice:
    """Among how many ports a new connection gets its own, and what keeps others from it.

    hold_s, given_up_per_s: a port is protected until the former has passed or, with that rate, its client needs another
    port for the next connection. open_share: the share of SYNs that come to a port which is not protected; protected:
    how many ports no SYN comes to, or one of their own client. full: all ports would be.
    """

    ports: float
    hold_s: float = 0.0
    given_up_per_s: float = 0.0
    open_share: float = 1.0
    protected: float = 0.0
    full: bool = False

    def met(self, hazard: float) -> float:
        """The share of TIME_WAIT sockets that a SYN comes to before they end: 1 - exp(-hazard * seconds left), where
        the protection ends after hold_s or, exponentially, earlier."""
        until, rate = min(self.hold_s, TIME_WAIT), self.given_up_per_s
        left = math.exp(-hazard * (TIME_WAIT - until) - rate * until)
        if rate:
            apart = rate - hazard
            early = math.exp(-hazard * TIME_WAIT) - left
            left += rate * (early / apart if apart else until * math.exp(-hazard * TIME_WAIT))
        return 1.0 - left


def _choice(nat: Nat, traffic: Traffic) -> _Choice:
    return _random_port(nat, traffic) if nat.random else _own_port(nat, traffic)


def _random_port(nat: Nat, traffic: Traffic) -> _Choice:
    """Any port that is not protected. If there is none, one whose connection is over, whatever hold_s says.

    net/netfilter/nf_nat_core.c, Linux commit 458972550287 (June 2023); before, the SYN was dropped.
    """
    rate = traffic.per_s / nat.client_ports if nat.client_ports else 0.0

    def protected(longest: float) -> float:
        until = min(nat.hold_s, longest)
        return traffic.per_s * (-math.expm1(-rate * until) / rate if rate else until)

    free = nat.ports - protected(math.inf)
    if free <= 0:
        return _Choice(nat.ports, full=True)
    return _Choice(free, nat.hold_s, rate, protected=protected(TIME_WAIT))


def _own_port(nat: Nat, traffic: Traffic) -> _Choice:
    """The client's own. While it is protected for another client, any port of the whole range; while for the same one,
    each of its connections begins the protection again."""
    per_port = traffic.per_s / nat.ports
    protected_s = sum(_renewed(nat.hold_s, per_port * share) * share for share in traffic.shares)
    share = protected_s / (protected_s + 1 / per_port)
    elsewhere = share * (1 - sum(each**2 for each in traffic.shares)) * traffic.per_s * TIME_WAIT
    return _Choice(nat.ports, nat.hold_s, open_share=1 - share, protected=nat.ports * share + elsewhere)


def _renewed(hold_s: float, per_s: float) -> float:
    """How long something lasts, on average, that lasts hold_s and begins again with that rate."""
    return math.expm1(min(per_s * hold_s, 700.0)) / per_s if per_s else hold_s


def turned_away(nat: Nat, traffic: Traffic, met: float) -> Collisions:
    """Where a SYN comes to a TIME_WAIT socket that may be given again with the probability `met`.

    A repeated SYN gets another port from a NAT with random ports; from one that keeps ports it gets the same, which is
    free by then.
    """
    chances = _chances(nat, traffic, met)
    if nat.random:
        more = sum(share * chance / (1 - chance) for share, chance in zip(traffic.shares, chances, strict=True))
        again = sum(share * chance**2 for share, chance in zip(traffic.shares, chances, strict=True))
    else:
        more, again = sum(share * chance for share, chance in zip(traffic.shares, chances, strict=True)), 0.0
    return Collisions(traffic.per_s * more, more / (1 + more), traffic.per_s * again, 0.0)


def _chances(nat: Nat, traffic: Traffic, met: float) -> list[float]:
    """Client by client, the probability that a SYN is turned away: that it comes to the TIME_WAIT socket of a newer
    clock. A client that keeps its port is not older than itself."""
    if traffic.clocks == PER_CLIENT:
        newer = [sum(traffic.shares[:number]) for number in range(len(traffic.shares))]
        return [met * share for share in newer]
    return [met / 2 * (1.0 if nat.random else 1.0 - share) for share in traffic.shares]
