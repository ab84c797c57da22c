# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Segments for tests: a client and a server on a clock of their own."""

from __future__ import annotations

import ipaddress
from typing import Any

from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets import kernels
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.replay import Replay, replay
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets.segment import ACK, FIN, RST, SYN, Event, survey

CLIENT, SERVER = '198.51.100.1', '198.51.100.10'
NOON = 1795314000.0
OLD, NEW = 470318331, 773695118  # timestamps of a vendor's article of 2009; the second SYN got no SYN-ACK
WORD = 1 << 32


class Wire:
    """Segments in the order in which the server's own capture has them. Times are seconds after NOON."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def put(self, at: float, source: str, port: int, target: str, service: int, flags: int, **fields: Any) -> None:
        values = {'seq': 0, 'ack': 0, 'tsval': None, 'tsecr': 0, 'length': 0, 'way': None, **fields}
        echo = None if values['tsval'] is None else values['tsecr']
        self.events.append(
            (
                NOON + at,
                ipaddress.ip_address(source).packed,
                port,
                ipaddress.ip_address(target).packed,
                service,
                flags,
                values['seq'] % WORD,
                values['ack'] % WORD,
                None if values['tsval'] is None else values['tsval'] % WORD,
                echo,
                values['length'],
                values['way'],
            )
        )

    def replayed(self, release: str = '4.4.178') -> Replay:
        return replay(self.events, survey(self.events), kernels.rule_of(release))

    def dropped(self, release: str = '4.4.178') -> list[int]:
        """The source ports of the SYNs that the rule drops."""
        return [drop[2] for drop in self.replayed(release).drops]


class Talk:
    """One connection, segment by segment."""

    def __init__(
        self, wire: Wire, port: int, source: str = CLIENT, server: str = SERVER, isn: int = 1000, service: int = 8080
    ) -> None:
        self.wire, self.port, self.source, self.server, self.service = wire, port, source, server, service
        self.isn, self.seq, self.ack = isn, isn + 1, 5001

    def client(self, at: float, flags: int, tsval: int | None = None, **fields: Any) -> None:
        values = {'seq': self.seq, 'ack': self.ack, 'tsval': tsval, **fields}
        self.wire.put(at, self.source, self.port, self.server, self.service, flags, **values)

    def serve(self, at: float, flags: int, tsecr: int | None = None, **fields: Any) -> None:
        values = {'seq': self.ack, 'ack': self.seq, 'tsval': None if tsecr is None else 77, 'tsecr': tsecr, **fields}
        self.wire.put(at, self.server, self.service, self.source, self.port, flags, **values)

    def syn(self, at: float, tsval: int | None = None) -> None:
        self.client(at, SYN, tsval, seq=self.isn, ack=0)

    def open(self, at: float, tsval: int | None = None) -> None:
        self.syn(at, tsval)
        self.serve(at, SYN | ACK, tsval, seq=self.ack - 1)
        self.client(at, ACK, tsval)

    def server_closes(self, at: float, tsval: int | None = None) -> None:
        """The server first; the client answers with one segment."""
        self.serve(at, FIN | ACK, tsval)
        self.client(at, FIN | ACK, tsval, ack=self.ack + 1)
        self.serve(at, ACK, tsval, seq=self.ack + 1, ack=self.seq + 1)

    def client_closes(self, at: float, tsval: int | None = None) -> None:
        self.client(at, FIN | ACK, tsval)
        self.serve(at, FIN | ACK, tsval, ack=self.seq + 1)
        self.client(at, ACK, tsval, seq=self.seq + 1, ack=self.ack + 1)

    def server_aborts(self, at: float) -> None:
        self.serve(at, RST | ACK)


def past(wire: Wire, at: float, port: int, tsval: int | None, **fields: Any) -> Talk:
    """A connection that the server closed first at second `at`: it leaves a stamp."""
    talk = Talk(wire, port, **fields)
    talk.open(at, tsval)
    talk.server_closes(at, tsval)
    return talk
