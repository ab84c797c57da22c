# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arithmetic of local ports: ip_local_port_range ("32768 60999") and ip_local_reserved_ports ("8080,9000-9010")."""

from collections.abc import Iterable

from ...module_utils._node.parsers import sysctl_value

NODE_PORTS = (30000, 32767)
#: The kernel's own range, and how many usable ports are enough for a rule (rules.yml port-range-narrow).
STOCK, ENOUGH = (32768, 60999), 28000
#: The widest range that is proposed: below are ports that services are given by habit.
WIDE = (10240, 65535)


def usable(port_range: object, reserved: object) -> int | None:
    """high - low + 1 without the reserved ports in between; None if the range is not known."""
    bounds = _range(port_range)
    if bounds is None:
        return None
    return bounds[1] - bounds[0] + 1 - _covered(bounds, _reserved(reserved))


def unreserved_nodeports(port_range: object, reserved: object) -> int | None:
    """How many of Kubernetes' NodePorts may be taken as a local port; None if the range is not known."""
    bounds = _range(port_range)
    if bounds is None:
        return None
    shared = (max(bounds[0], NODE_PORTS[0]), min(bounds[1], NODE_PORTS[1]))
    return max(0, shared[1] - shared[0] + 1 - _covered(shared, _reserved(reserved)))


def union(reserved: object, more: Iterable[int]) -> str:
    """The reserved ports with more of them, in the kernel's form: sorted and merged."""
    return joined(reserved, ','.join(map(str, more)))


def joined(*lists: object) -> str:
    """Every port of these lists of reserved ports, in the kernel's form."""
    return str(sysctl_value.listed(_merged(span for each in lists for span in _reserved(each))))


def enough(ranges: Iterable[object], reserved: Iterable[object]) -> str | None:
    """The narrowest ip_local_port_range that holds all these and the kernel's own, and no port besides, or None.

    ranges and reserved: what runs and what files will set, for whatever is set counts at the next boot too. None also
    where less than ENOUGH ports are left without the reserved ones and NodePorts.
    """
    spans = _merged([STOCK, *(bounds for bounds in map(_range, ranges) if bounds)])
    wide = '%d %d' % spans[0]
    left = usable(wide, joined(*reserved, '%d-%d' % NODE_PORTS)) or 0
    return wide if len(spans) == 1 and left >= ENOUGH else None


def widened(
    port_range: object, reserved: object, listening: Iterable[int], can_reserve: bool
) -> tuple[str, str | None] | None:
    """(ip_local_port_range, ip_local_reserved_ports or None to leave it) with more usable ports, or None.

    NodePorts and listeners are not in it: they are reserved, or where a kernel cannot reserve, the range ends before
    them.
    """
    bounds = _range(port_range)
    if bounds is None:
        return None
    low, high = min(bounds[0], WIDE[0]), max(bounds[1], WIDE[1])
    listeners = [port for port in listening if low <= port <= high]
    if can_reserve:
        node_ports = range(max(low, NODE_PORTS[0]), min(high, NODE_PORTS[1]) + 1)
        kept: str | None = union(reserved, [*node_ports, *listeners])
    else:
        high = min([WIDE[1] + 1, *(port for port in listeners if port > bounds[1])]) - 1
        low, high, kept = bounds[0], max(high, bounds[1]), None
    wide = '%d %d' % (low, high)
    now = usable(port_range, union(reserved, listening))
    then = usable(wide, union(reserved if kept is None else kept, listening))
    return (wide, kept) if now is not None and then is not None and then > now else None


def _range(text: object) -> tuple[int, int] | None:
    """One number, in a file, sets the lower end alone: the upper one stays the kernel's own."""
    taken = None if text is None else sysctl_value.taken(sysctl_value.PORT_RANGE, str(text))
    ends = [*map(int, str(taken or '').split()), STOCK[1]]
    return (ends[0], ends[1]) if len(ends) > 1 and ends[0] <= ends[1] else None


def _reserved(text: object) -> list[tuple[int, int]]:
    """Sorted and merged, as the kernel prints them; in a file they may overlap. A list that it refuses has none."""
    spans: list[tuple[int, int]] | None = None if text is None else sysctl_value.spans_of(str(text))
    return spans or []


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = sysctl_value.merged(spans)
    return found


def _covered(bounds: tuple[int, int], spans: list[tuple[int, int]]) -> int:
    return sum(max(0, min(bounds[1], high) - max(bounds[0], low) + 1) for low, high in spans)
