# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One captured TCP segment, from a file or from a node, and what the parts of this package tell each other about it."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from ...module_utils._node.parsers import tcp_packet

FIN: int = tcp_packet.FIN
SYN: int = tcp_packet.SYN
RST: int = tcp_packet.RST
ACK: int = tcp_packet.ACK
KIND: int = FIN | SYN | RST | ACK
INWARD, OUTWARD = 0, 4  # PACKET_HOST, PACKET_OUTGOING of packet(7)

# (seconds since 1970, source, source port, destination, destination port, flags, sequence number,
#  acknowledgement number, TSval or None, TSecr or None, bytes of payload, way). Addresses are 4 or 16 bytes; way is the
# packet type of packet(7), None where the capture does not say. A plain tuple, since there are millions of them.
Event: TypeAlias = tuple[float, bytes, int, bytes, int, int, int, int, int | None, int | None, int, int | None]
End: TypeAlias = tuple[bytes, int]


TWIN = 0.005  # seconds; nothing is sent again so soon


def is_request(event: Event) -> bool:
    """A SYN that asks for a connection: the kernel discards one that carries FIN or RST before it looks further."""
    return (event[5] & KIND) == SYN


def address(raw: bytes) -> str:
    """An address as text."""
    return str(ipaddress.ip_address(raw))


class Span(NamedTuple):
    """When a capture begins and ends, by its own clock."""

    first: float
    last: float


@dataclass(frozen=True)
class Survey:
    """What must be known of a whole capture before its segments are followed one by one.

    - servers: ends that were asked for a connection, or gave one; an end is (address, port)
    - closed: those of them that refused and never accepted: nothing listens there
    - answers: (client, its port, server, its port, acknowledgement number) of each SYN-ACK
    - whole: it holds more than SYN, FIN and RST
    """

    servers: frozenset[End]
    closed: frozenset[End]
    answers: frozenset[tuple[bytes, int, bytes, int, int]]
    whole: bool

    def answered(self, request: Event) -> bool:
        """Whether this SYN, or one sent before or after it for the same connection, was answered by a SYN-ACK."""
        return (request[1], request[2], request[3], request[4], (request[6] + 1) & 0xFFFFFFFF) in self.answers


def survey(events: Iterable[Event]) -> Survey:
    """A refusal is the reset that answers a SYN: sequence number 0 and an acknowledgement (RFC 9293, 3.10.7.1)."""
    asked: set[End] = set()
    accepting: set[End] = set()
    refusing: set[End] = set()
    answers: set[tuple[bytes, int, bytes, int, int]] = set()
    whole = False
    for event in events:
        kind = event[5] & KIND
        if kind == SYN:
            asked.add((event[3], event[4]))
        elif kind == SYN | ACK:
            accepting.add((event[1], event[2]))
            answers.add((event[3], event[4], event[1], event[2], event[7]))
        elif kind == ACK:
            whole = True
        elif kind == RST | ACK and event[6] == 0:
            refusing.add((event[1], event[2]))
    return Survey(frozenset(asked | accepting), frozenset(refusing - accepting), frozenset(answers), whole)


def once(events: Iterable[Event]) -> list[Event]:
    """The segments between clients and the servers that were asked for connections from outside, each once.

    On all interfaces together a node sees a segment on the card and again on its bridge, bond or VLAN, and one to
    itself as sent and as received. What the server got counts as it came in, what it said as it went out.
    Segments of a capture that does not tell their way are all kept.
    """
    events = list(events)
    servers = {
        (event[3], event[4]) for event in events if event[5] & KIND == SYN and event[11] not in (None, OUTWARD)
    } | {(event[1], event[2]) for event in events if event[5] & KIND == SYN | ACK and event[11] == OUTWARD}
    latest: dict[tuple[object, ...], float] = {}
    kept = []
    for event in events:
        way = event[11]
        if way is not None:
            end = (event[1], event[2]) if way == OUTWARD else (event[3], event[4])
            if end not in servers:
                continue
            mark = event[1:5] + event[5:9]
            if -TWIN < event[0] - latest.get(mark, float('-inf')) < TWIN:
                continue
            latest[mark] = event[0]
        kept.append(event)
    return kept
