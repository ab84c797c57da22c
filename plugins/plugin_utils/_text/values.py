# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain values: what ansible-core hands over (tagged, lazy or unsafe subclasses) as the types that JSON knows."""

import typing as t
from collections.abc import Mapping, Sequence

#: What Ansible hands over and takes back, whose type nobody knows before looking at it.
Given = t.Any
#: Arguments that Ansible has validated, the variables of a host, the result of a task.
Values = dict[str, t.Any]


def plain(value: Given) -> Given:
    """A deep copy made of dict, list, str, int, float, bool and None alone; anything else becomes its text.

    ansible-core 2.19 and later tag strings, numbers and containers with their origin, earlier ones mark text as unsafe:
    both by subclasses, which must not leak into documents.
    """
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, bool):
        return bool(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, Mapping):
        return {plain(key) if isinstance(key, str) else str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return [plain(item) for item in value]
    return str(value)


def words(text: str) -> list[str]:
    """The words of a text: long lists of names read better so."""
    return text.split()
