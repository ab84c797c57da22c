# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scenario is data: what stands between clients and server, and how the connections are made."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Scenario:
    """What stands between clients and server, and how the connections are made.

    choice: how the router gives ports: `plain` (the client's own where it is free), `random`, `fully-random`, or
    `none`: no translation. ports: those it may give, None for all; addresses: how many it translates to, spread: each
    connection to any of them, otherwise the kernel takes one for each client (nf_nat_core.c find_best_ips_proto()).
    timestamps: tcp_timestamps of the clients; clocks: how many different ones they have; local_ports: their
    ip_local_port_range. firewall: one between router and server, and what it drops while a handshake waits for its
    SYN-ACK: `nothing`, `ack`, `rst`; '' for no firewall. nat_time_wait: the router's
    nf_conntrack_tcp_timeout_time_wait. tool: what writes the rule: nft, iptables or iptables-legacy. per_s: connections
    per second of all clients, None: each client makes the next as soon as one is done.
    """

    choice: str = 'fully-random'
    ports: tuple[int, int] | None = None
    addresses: int = 1
    spread: bool = True
    timestamps: int = 1
    clients: int = 1
    clocks: int = 1
    local_ports: tuple[int, int] = (32768, 60999)
    rfc1337: int = 0
    client_first: bool = False
    firewall: str = ''
    nat_time_wait: int = 120
    tool: str = 'nft'
    per_s: float | None = None
    seconds: float = 5.0
    timeout_s: float = 3.0
