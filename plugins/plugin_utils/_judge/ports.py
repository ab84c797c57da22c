# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arithmetic of local ports: ip_local_port_range ("32768 60999") and ip_local_reserved_ports ("8080,9000-9010")."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

NODE_PORTS = (30000, 32767)


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


def _range(text: object) -> tuple[int, int] | None:
    match = re.fullmatch(r"(\d{1,5})\s+(\d{1,5})", str(text)) if text is not None else None
    if not match or int(match[1]) > int(match[2]):
        return None
    return int(match[1]), int(match[2])


def _reserved(text: object) -> list[tuple[int, int]]:
    """The kernel prints them sorted and merged, a single port as one number."""
    found = re.findall(r"(\d{1,5})(?:-(\d{1,5}))?", "" if text is None else str(text))
    return [(int(low), int(high or low)) for low, high in found]


def _covered(bounds: tuple[int, int], spans: list[tuple[int, int]]) -> int:
    return sum(max(0, min(bounds[1], high) - max(bounds[0], low) + 1) for low, high in spans)
