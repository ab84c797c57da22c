# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and values of sysctls as a request brings them, and when two values are the same to the kernel."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..keys import path_of
from . import sysctl_conf

MAX_VALUE = 4096
# No regular expressions: importing re costs a node more than a run that finds nothing to change does otherwise.
_NOT_IN_KEYS = u'=#;*?[]\0'
_NOT_IN_VALUES = u'\r\n\0'


def checked_key(key):
    """The canonical dotted form of a key. ValueError says what is wrong with it."""
    name = sysctl_conf.canonical(key.strip().lstrip('-'))
    parts = path_of(name).split('/')
    if len(parts) < 2 or _holds(name, _NOT_IN_KEYS) or name.split() != [name] or '.' in parts or '..' in parts:
        raise ValueError('%s is not the name of a sysctl' % key)
    return name


def checked_value(key, value):
    """The value as one line of text, blanks as the kernel prints them. ValueError says what is wrong with it."""
    if _holds(value, _NOT_IN_VALUES) or len(value) > MAX_VALUE:
        raise ValueError('%s: the value must be one line of at most %d characters' % (key, MAX_VALUE))
    return u' '.join(value.split())


def same(one, two):
    """Whether two values are the same number by number (0x10 is 16), port by port (1,2 is 1-2) or word by word."""
    first, second = one.split(), two.split()
    if first == second:
        return True
    if _holds(one + two, ',-') and len(first) == len(second) == 1:
        ports = _ports(first[0])
        if ports is not None:
            return ports == _ports(second[0])
    return bool(first) and _numbers(first) is not None and _numbers(first) == _numbers(second)


def obeyed(line, wanted):
    """Whether a file's value has the effect of `wanted`: numbers may be followed by what the kernel does not read."""
    count = len(wanted.split())
    if count and _numbers(wanted.split()) is not None:
        line = ' '.join(line.split()[:count])
    return same(line, wanted)


def _numbers(words):
    found = [sysctl_conf.first_int(word) for word in words]
    return None if None in found else found


def _ports(text):
    """The set of ports of a list like "1,5-7", None for any other text."""
    found = set()
    for part in text.split(','):
        first, dash, last = part.partition('-')
        last = last if dash else first
        if not (first and last) or not all(char in '0123456789' for char in first + last):
            return None
        found.update(range(min(int(first), 65536), min(int(last), 65536) + 1))
    return found


def _holds(text, chars):
    return any(char in text for char in chars)
