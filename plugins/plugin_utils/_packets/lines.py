# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many hosts are behind one address, by the timestamps of their SYNs.

A host's timestamps lie on a line: they rise with its clock, 1000, 250 or 100 times a second, from an offset that it
keeps for all connections to one server. Clients of 4.10, and of stable kernels since 2026 (6.18.19), take another
offset for each connection (secure_tcp_ts_off()): their SYNs lie on no common line, and cannot be told from as many
hosts that connected once.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from collections.abc import Sequence
from dataclasses import dataclass

RATES = (1000, 250, 100)  # ticks a second of TCP timestamp clocks (HZ, and what other systems use)
MODULUS = 1 << 32
JITTER = 0.05  # seconds between a clock's tick and the time in the capture
DRIFT = 0.0003  # by which two quartz clocks may differ
DRIFT_MAX = 5.0  # seconds; more is a clock that was set
POINTS_MAX = 1024
LINES_MAX = 512
SEVERAL = 4  # this many SYNs on no line, and more than half of all, are connections' own offsets and not hosts


@dataclass(frozen=True)
class Lines:
    """hosts: at least so many; rates: ticks a second of each line of two SYNs or more; alone: SYNs on none of them.

    per_connection: the SYNs that are alone are too many to be hosts that connected once.
    """

    hosts: int
    rates: tuple[int, ...]
    alone: int
    per_connection: bool


def lines(points: Sequence[tuple[float, int]]) -> Lines:
    """Lines through (seconds, TSval) of the SYNs of one address, one point for each connection."""
    points = points[:: len(points) // POINTS_MAX + 1]
    left = set(range(len(points)))
    found: list[tuple[int, int]] = []
    while len(left) > 1 and len(found) < LINES_MAX:
        rate, widest = max(((rate, _widest(points, left, rate)) for rate in RATES), key=lambda line: len(line[1][0]))
        if len(widest[0]) < 2:
            break
        for members in widest:
            left -= members
            found.append((rate, len(members)))
    alone = len(left)
    per_connection = alone >= SEVERAL and alone * 2 > len(points)
    if per_connection:
        found = [line for line in found if line[1] > 2]  # one connection tried twice is a line of two
        hosts = max(len(found), 1)
    else:
        hosts = len(found) + alone
    return Lines(hosts, tuple(rate for rate, _size in found), alone, per_connection)


def _widest(points: Sequence[tuple[float, int]], left: set[int], rate: int) -> list[set[int]]:
    """The largest sets of points that one clock of that rate can have made, all of one size, without common points."""
    first = min(points[index][0] for index in left)
    span = max(points[index][0] for index in left) - first
    tolerance = rate * (JITTER + min(DRIFT * span, DRIFT_MAX)) + 2
    offsets = sorted(((points[i][1] - int((points[i][0] - first) * rate)) % MODULUS, i) for i in left)
    circle = offsets + [(offset + MODULUS, index) for offset, index in offsets]
    low, ranges = 0, []
    for high in range(len(circle)):
        while circle[high][0] - circle[low][0] > tolerance:
            low += 1
        if low < len(offsets):
            ranges.append((min(high - low + 1, len(offsets)), low))
    size = max(ranges)[0]
    taken: set[int] = set()
    widest = []
    for low in (low for length, low in ranges if length == size):
        members = {index for _offset, index in circle[low : low + size]}
        if taken.isdisjoint(members):
            widest.append(members)
            taken |= members
    return widest
