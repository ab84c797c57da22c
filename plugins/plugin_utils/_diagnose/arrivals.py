# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of the attempts arrived: SYNs seen at the destination, met with the attempts that sent them. Pure.

Behind a NAT addresses and ports are others, but a SYN's timestamp is the client's own: 32 bits that the client tells of
each attempt. Only where there are no timestamps address and port have to do.
"""

from collections.abc import Iterator, Sequence

from .._packets.segment import ACK, INWARD, KIND, RST, SYN, Event, address, is_request, once, survey
from .._shapes.attempts import Attempt, Connection, Probe, Watched

CONNECTIONS_MAX = 5000
#: Ticks by which the clock that an attempt tells may be ahead of its first SYN, and behind the first one that arrived.
AHEAD, BEHIND = 100, 5000


def connections(events: Sequence[Event], port: int) -> list[Connection]:
    """The connections that SYNs to `port` asked for, in the order of their first SYNs.

    tsval and source_port are those of the first SYN, tsval None without the option; answered by a SYN-ACK. One that is
    sent again keeps its sequence number; a NAT may give it another port. At most CONNECTIONS_MAX.
    """
    seen = once(events)
    known = survey(seen)
    found: dict[tuple[bytes, bytes, int], _Seen] = {}
    asking: dict[tuple[bytes, int], _Seen] = {}  # by the client's end, until a SYN-ACK
    for event in seen:
        if event[4] == port and is_request(event) and event[11] in (None, INWARD):
            mark = (event[1], event[3], event[6])
            if mark not in found:
                if len(found) == CONNECTIONS_MAX:
                    break
                found[mark] = _Seen(event)
            found[mark].asked(event[0], event[2], known.answered(event))
            asking[event[1], event[2]] = found[mark]
        elif event[2] == port and event[5] & KIND == SYN | ACK:
            asking.pop((event[3], event[4]), None)
        elif event[4] == port and event[5] & KIND == RST and (event[1], event[2]) in asking:
            asking[event[1], event[2]].resets += 1
    return [entry.told() for entry in found.values()]


class _Seen:
    """A connection while its segments are gone through.

    A reset without an ACK, of a client that has no SYN-ACK yet, answers an ACK that is none of its connection
    (RFC 9293, 3.10.7.3; KERNEL: 6.18 tcp_input.c tcp_rcv_synsent_state_process(), tcp_ipv4.c tcp_v4_send_reset()).
    """

    def __init__(self, first: Event) -> None:
        self.first = first
        self.syns = self.resets = 0
        self.answered = False
        self.again_s: float | None = None
        self.ports: set[int] = set()

    def asked(self, at: float, source_port: int, answered: bool) -> None:
        self.syns += 1
        self.ports.add(source_port)
        self.answered |= answered
        if self.syns == 2:
            self.again_s = round(max(at - self.first[0], 0.0), 4)

    def told(self) -> Connection:
        return {
            'source': address(self.first[1]),
            'source_port': self.first[2],
            'tsval': self.first[8],
            'ports': len(self.ports),
            'syns': self.syns,
            'answered': self.answered,
            'resets': self.resets,
            'again_s': self.again_s,
        }


def arrived(attempts: Sequence[Attempt], seen: Sequence[Connection]) -> list[Connection | None]:
    """For each attempt, in its order, the connection that it asked for at the destination, None if none arrived.

    Those whose clocks are nearest belong together, each to one: attempts may follow each other within a tick, and of a
    watch that began late the first SYN of a connection may be one that was sent again, a second after its attempt.
    """
    found: list[Connection | None] = [None] * len(attempts)
    met = set()
    for _distance_to, number, index in sorted(_pairs(attempts, seen)):
        if found[index] is None and number not in met:
            found[index] = seen[number]
            met.add(number)
    return found


def was_up(attempt: Attempt, tried: Probe, delay: float, watched: Watched, whole: bool = False) -> bool:
    """Whether the watch certainly saw the network while a SYN of the attempt was sent; whole: while its first one was.

    tried, watched: results of tcp_probe, told to wait for `delay` seconds first, and of the watch. What counts is the
    controller's clock: a node begins after it was asked, and ends before it has answered. A SYN is sent again once in a
    second at most (RFC 6298 2.1; tcp_syn_linear_timeouts of 6.5).
    """
    clock, elapsed_s = tried['clock'], tried['elapsed_s']
    if clock is None or elapsed_s is None:
        return False
    begun_by = watched['clock']['answered'] - watched['seconds']
    lasts_until = watched['clock']['asked'] + watched['seconds']
    earliest = clock['asked'] + delay + attempt['at_s']
    latest = clock['answered'] - (elapsed_s - attempt['at_s'])
    again = 0 if whole else attempt['syn_retransmits']
    return bool(begun_by <= earliest + again and latest <= lasts_until)


def _pairs(attempts: Sequence[Attempt], seen: Sequence[Connection]) -> Iterator[tuple[int, int, int]]:
    """(ticks between them, number of the connection, index of the attempt) of all that may belong together."""
    for number, entry in enumerate(seen):
        # Without timestamps, or where a firewall on the way takes the option away.
        end = None if entry['tsval'] is not None else '%s:%d' % (_bracketed(entry['source']), entry['source_port'])
        for index, attempt in enumerate(attempts):
            distance = 0 if end is not None and attempt['from'] == end else _distance(attempt, entry)
            if distance is not None and -AHEAD <= distance <= BEHIND:
                yield abs(distance), number, index


def _distance(attempt: Attempt, entry: Connection) -> int | None:
    """Ticks from the clock that the attempt tells to that of the SYN, None without one of them."""
    if attempt['tsval'] is None or entry['tsval'] is None:
        return None
    return _signed(entry['tsval'] - attempt['tsval'])


def _signed(difference: int) -> int:
    return (difference + 0x80000000) % 0x100000000 - 0x80000000


def _bracketed(text: str) -> str:
    return '[%s]' % text if ':' in text else text
