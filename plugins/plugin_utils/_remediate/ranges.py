# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of ports as net.ipv4.ip_local_reserved_ports holds them: "80,1000-2000"."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re


def union(one: str, two: str) -> str:
    """Every port of both lists, sorted and merged as the kernel prints them."""
    spans = sorted(_spans(one) + _spans(two))
    merged: list[tuple[int, int]] = []
    for low, high in spans:
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return ",".join(str(low) if low == high else "%d-%d" % (low, high) for low, high in merged)


def _spans(text: str) -> list[tuple[int, int]]:
    found = re.findall(r"(\d{1,5})(?:-(\d{1,5}))?", text)
    return [(int(low), int(high or low)) for low, high in found]
