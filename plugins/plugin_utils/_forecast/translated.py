# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many SYNs the servers will turn away that a node translates connections to with ports of its own choice. Pure."""

from ...module_utils._node.parsers.nat_rules import chooses_ports
from ...module_utils._node.parsers.natural import natural
from .._shapes.record import Record, Translation
from .capacity import NAT_PORTS
from .collisions import Nat, Traffic, lasting

#: Local ports that a client with the kernel's ip_local_port_range goes through before it uses one again: the even ones
#: of 32768 to 60999 (net/ipv4/inet_hashtables.c __inet_hash_connect()).
CLIENT_PORTS = 14116
#: Where more entries have kept the client's own port, the rule that chose it is none that chooses ports.
MOST_KEPT = 0.5
#: Connections a second: more than any node makes.
MOST_PER_S = 1e6


def ahead(record: Record) -> None:
    """Adds collisions_per_s and share to each destination of a checked record's `translated`.

    They hold for servers that close first, clients with an offset for each connection, and the kernel's port range on
    these. None for a destination whose connections keep their ports.
    """
    found = record.get('translated')
    if not found:
        return
    ports = max((_ports(rule) for rule in record.get('translation') or [] if chooses_ports(rule)), default=NAT_PORTS)
    scale = found['of'] / max(1, found['entries'])
    for each in found['destinations']:
        each['collisions_per_s'] = each['share'] = None
        if each['kept'] <= MOST_KEPT * each['time_wait']:
            nat = Nat(ports * each['addresses'], True, found['time_wait_s'], CLIENT_PORTS * max(1, each['clients']))
            expected = lasting(nat, Traffic(min(each['per_s'] * scale, MOST_PER_S)))
            each['collisions_per_s'], each['share'] = round(expected.per_s, 2), round(expected.share, 4)


def _ports(rule: Translation) -> int:
    """How many ports of an address the rule gives."""
    if not rule['ports']:
        return NAT_PORTS
    low, high = (natural(end) for end in rule['ports'].partition('-')[::2])
    return max(1, high - low + 1) if low is not None and high is not None else NAT_PORTS
