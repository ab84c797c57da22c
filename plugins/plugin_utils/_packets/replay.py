# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kernel's rule replayed over captured segments: which SYNs does a server drop, or turn away?

Up to 4.11 those that it drops with tcp_tw_recycle on. Later kernels have no such rule; with them, as without recycling
on all, a SYN is turned away that meets TIME_WAIT of its own address and port with an older timestamp.

net/ipv4/tcp_input.c tcp_conn_request(), net/ipv4/tcp_metrics.c tcp_peer_is_proven(), tcp_remember_stamp() and
tcp_tw_remember_stamp() of the kernels 2.6.32 to 4.11. Whether a SYN was answered in the capture plays no part, so that
a capture of a healthy server says what would happen to it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from ...module_utils._node.parsers.tcp_metrics import PAWS_MSL
from .connection import HALF, WORD, Connection, after
from .kernels import PAWS_WINDOW, Rule
from .segment import ACK, FIN, KIND, RST, SYN, Event, Survey

Ends: TypeAlias = tuple[bytes, int, bytes, int]  # client, its port, server, its port
STEP = 1.0  # seconds: less is the order in which several processors captured, more is a clock that was set back


@dataclass
class Replay:
    """syns: SYNs that asked for a connection; drops: those that the rule drops, in order; met: those that a kernel
    without the rule turns away since they met TIME_WAIT; steps: back of the clock."""

    syns: int = 0
    drops: list[Event] = field(default_factory=list)
    met: list[Event] = field(default_factory=list)
    steps: int = 0


def replay(events: Iterable[Event], survey: Survey, rule: Rule) -> Replay:
    """What the rule does to each SYN, beginning with a server that remembers nobody.

    A connection whose SYN it drops does not come about, whatever the capture shows of it.
    """
    replayer = _Replayer(survey, rule)
    replayer.run(events)
    return replayer.result


class _Replayer:
    """The server's connections, and what it remembers of its peers: {peer: (timestamp, second)}."""

    def __init__(self, survey: Survey, rule: Rule) -> None:
        self.survey, self.rule = survey, rule
        self.result = Replay()
        self.requests: dict[Ends, Event] = {}  # accepted SYNs of which nothing more was seen; there may be a million
        self.connections: dict[Ends, Connection | None] = {}  # None: its SYN was dropped
        self.stamps: dict[object, tuple[int, int]] = {}

    def run(self, events: Iterable[Event]) -> None:
        clock = float('-inf')
        for event in events:
            now = event[0]
            if now < clock:
                if clock - now < STEP:
                    now = clock
                else:
                    self.result.steps += 1
            clock = now
            kind = event[5] & KIND
            if kind == SYN:
                self._asked(now, event)
            elif kind == SYN | ACK:
                self._answered(now, event)
            elif not kind & SYN:
                self._followed(now, event, kind)

    def _asked(self, now: float, event: Event) -> None:
        _time, source, port, destination, service, _flags, seq, _ack, timestamp, _echo, _length, _way = event
        self.result.syns += 1
        ends = source, port, destination, service
        connection = self.connections.get(ends)
        if connection is not None:
            if connection.meets(now):
                if connection.reopens(seq, timestamp):
                    self.connections[ends] = self._begun(now, seq, timestamp)
                elif not self.rule.possible and connection.turns_away(now, timestamp):
                    self.result.met.append(event)
                return
            del self.connections[ends]
        if self._drops(now, source, destination, timestamp) and (destination, service) not in self.survey.closed:
            self.result.drops.append(event)
            self.connections[ends] = None
            if ends in self.requests:
                del self.requests[ends]
        else:
            self.requests[ends] = event

    def _answered(self, now: float, event: Event) -> None:
        ends = event[3], event[4], event[1], event[2]
        connection = self._connection(ends)
        if connection is None:
            return
        if event[7] != (connection.isn + 1) & WORD:  # the end of the one before it is not in the capture
            connection = self.connections[ends] = self._begun(now, (event[7] - 1) & WORD, event[9])
        connection.answered(now, event[8] is not None)

    def _begun(self, now: float, isn: int, timestamp: int | None, begun: bool = True) -> Connection:
        return Connection(now, isn, timestamp, begun, self.rule.possible)

    def _connection(self, ends: Ends) -> Connection | None:
        """The connection that a client's request began, if the rule let it."""
        request = self.requests.pop(ends, None)
        if request is not None:
            self.connections[ends] = self._begun(request[0], request[6], request[8])
        return self.connections.get(ends)

    def _drops(self, now: float, source: bytes, destination: bytes, timestamp: int | None) -> bool:
        """tcp_peer_is_proven() says no. Seconds are the kernel's: get_seconds(), 32 bits without a sign."""
        if not self.rule.possible:
            return False
        stamp = self.stamps.get((source, destination) if self.rule.by_local_address else source)
        if stamp is None or (int(now // 1) - stamp[1]) & WORD >= PAWS_MSL:
            return False
        if len(source) == 16 and not self.rule.ipv6:
            return False
        if timestamp is None:
            return self.rule.without_timestamp
        return PAWS_WINDOW < (stamp[0] - timestamp) & WORD < HALF

    def _followed(self, now: float, event: Event, kind: int) -> None:
        _time, source, port, destination, service, _flags, seq, ack, timestamp, echo, length, _way = event
        fin, rst, whole = bool(kind & FIN), bool(kind & RST), self.survey.whole
        ends = source, port, destination, service
        connection = self._connection(ends)
        if connection is None and ends not in self.connections:
            back = destination, service, source, port
            connection = self._connection(back)
            if connection is None and back not in self.connections:
                connection, ends = self._unbegun(now, event)
            else:
                ends = back
        if connection is None:
            return
        if ends[0] == source and ends[1] == port:
            remembers = connection.heard(now, fin, rst, seq, ack, timestamp, length, whole)
        else:
            remembers = connection.said(now, fin, rst, seq, ack, echo, length, whole)
        if remembers:
            self._remember(now, ends, connection)

    def _unbegun(self, now: float, event: Event) -> tuple[Connection | None, Ends]:
        """A connection that began before the capture, where it can be told which end is the server."""
        _time, source, port, destination, service, _flags, seq, ack, timestamp, echo, *_rest = event
        ends = source, port, destination, service
        if (destination, service) in self.survey.servers:
            connection = self._begun(now, (seq - 1) & WORD, timestamp, False)
        elif (source, port) in self.survey.servers:
            ends = destination, service, source, port
            connection = self._begun(now, (ack - 1) & WORD, echo, False)
        else:
            return None, ends
        self.connections[ends] = connection
        return connection, ends

    def _remember(self, now: float, ends: Ends, connection: Connection) -> None:
        """tcp_remember_stamp(): the newest timestamp stays, unless it has not been renewed for PAWS_MSL."""
        if connection.timestamp is None:
            return
        peer = (ends[0], ends[2]) if self.rule.by_local_address else ends[0]
        renewed = connection.renewed & WORD
        stamp = self.stamps.get(peer)
        if stamp is not None and after(stamp[0], connection.timestamp):
            age = (int(now // 1) - stamp[1]) & WORD
            if age <= PAWS_MSL or stamp[1] > renewed:
                return
        self.stamps[peer] = connection.timestamp, renewed
