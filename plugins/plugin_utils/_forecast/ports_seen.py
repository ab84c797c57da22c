# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the ports of an address's TIME_WAIT sockets say of all those that it has to choose from. Pure.

Ports that Linux clients choose themselves are all even or all odd while there are enough (Linux 4.2 and later,
net/ipv4/inet_hashtables.c __inet_hash_connect()). A NAT that keeps them gives others where two clients have the same.
"""

from dataclasses import dataclass

#: From so many ports on, with that share of one parity, clients have chosen them.
FEW, MOSTLY = 8, 0.75


@dataclass(frozen=True)
class PortsSeen:
    """low, high, count: the outermost and how many different ones were seen; even: how many of these are even."""

    low: int
    high: int
    count: int
    even: int

    @property
    def kept(self) -> bool:
        """Whether they are, nearly all of them, the clients' own."""
        return self.count >= FEW and max(self.even, self.count - self.even) >= MOSTLY * self.count

    @property
    def step(self) -> int:
        """Between two ports that may be chosen."""
        return 2 if self.count > 2 and self.even in (0, self.count) else 1

    @property
    def density(self) -> float:
        """The share of the ports between the outermost that were seen."""
        return self.count / self._span

    @property
    def choice(self) -> int | None:
        """How many there are: the range between the outermost, widened by what is likely to lie beyond them. None where
        most are the clients' own and some are not, so that the outermost tell nothing."""
        if self.kept and self.step == 1:
            return None
        wide = self._span if self.count < 2 else round((self._span - 1) * (self.count + 1) / (self.count - 1))
        return min(max(self._span, wide), 65536 // self.step)

    @property
    def _span(self) -> int:
        return max(1, (self.high - self.low) // self.step + 1)
