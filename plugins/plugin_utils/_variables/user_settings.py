# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings that a user asks for, added up from every variable that names some."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from collections.abc import Mapping

from ansible_collections.nodetcp.paws.plugins.module_utils._node.parsers import sysctl_value
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.vocabulary import RECYCLE, TIMESTAMPS
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text.values import Given

NAME = 'safe_sysctl_settings'
#: A group adds to what others ask for by a variable of its own: safe_sysctl_settings_web.
PREFIX = NAME + '_'
_REFUSED = {
    RECYCLE: 'drops SYNs of clients that share an address',
    TIMESTAMPS: 'makes nodes that remember peers refuse them, and cures nothing',
}


def is_name(name: str) -> bool:
    """Whether a variable of that name holds settings."""
    return name == NAME or name.startswith(PREFIX)


def merged(variables: Mapping[str, object]) -> dict[str, str]:
    """{key: value} of all variables of settings, by their names. Raises ValueError.

    safe_sysctl_settings itself wins over the others; those must agree with each other.
    """
    found: dict[str, tuple[str, str]] = {}
    for name in sorted(variables, key=lambda name: (name != NAME, name)):
        for key, value in checked(name, variables[name]).items():
            first, wanted = found.setdefault(key, (name, value))
            if first != NAME and not sysctl_value.same(wanted, value):
                raise ValueError('%s sets %s to %s, %s to %s' % (first, key, wanted, name, value))
    return {key: value for key, (_name, value) in sorted(found.items())}


def checked(name: str, raw: Given) -> dict[str, str]:
    """The settings of one variable, keys in dotted form, values as the kernel prints them. Raises ValueError."""
    if not isinstance(raw, Mapping):
        raise ValueError('%s must be a dictionary of sysctl keys and values' % name)
    settings = {}
    for key, value in raw.items():
        try:
            dotted = str(sysctl_value.checked_key(str(key)))
            settings[dotted] = _value(dotted, value)
        except ValueError as exc:
            raise ValueError('%s: %s' % (name, exc)) from exc
    return settings


def _value(key: str, value: Given) -> str:
    if isinstance(value, bool):
        raise ValueError('the value of %s is a YAML boolean (an unquoted yes, no, on or off): write 0 or 1' % key)
    if not isinstance(value, (str, int)):
        raise ValueError('the value of %s is neither text nor a whole number: put it in quotes' % key)
    text = str(sysctl_value.checked_value(key, str(value)))
    if key == RECYCLE and not sysctl_value.same(text, '0'):
        raise ValueError('%s = %s %s: this collection does not set it' % (key, text, _REFUSED[key]))
    if key == TIMESTAMPS and sysctl_value.same(text, '0'):
        raise ValueError('%s = %s %s: this collection does not set it' % (key, text, _REFUSED[key]))
    return text
