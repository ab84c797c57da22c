# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of sysctls as rules compare them: the node's reading of a text (parsers/sysctl_value.py) with types."""

from ...module_utils._node.parsers import sysctl_value
from .._messages.message import Message, message

Value = int | str | None


def number(value: object, key: str = '') -> Value:
    """What the kernel makes of a value of `key` (of any): a number where it is one, text as it is where it refuses."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    taken: Value = sysctl_value.taken(key, str(value))
    return str(value) if taken is None else taken


def refused(key: str, value: str | None) -> bool:
    """Whether the kernel refuses the text, so that writing it sets nothing; None is a value that nobody knows yet."""
    return value is not None and sysctl_value.taken(key, value) is None


def why_refused(key: str, value: str, version: tuple[int, ...] | None) -> Message:
    """Why the kernel of that version (None: not known) refuses the text."""
    kind, lowest, highest = sysctl_value.refused_as(key, value, version)
    text = repr(value)
    if lowest is not None:
        return message('refused/out-of-range', value=text, lowest=lowest, highest=highest)
    return {
        'list of ports': message('refused/port-list', value=text),
        'range of ports': message('refused/port-range', value=text),
        'name': message('refused/name', value=text),
        'number': message('refused/number', value=text),
    }[kind]
