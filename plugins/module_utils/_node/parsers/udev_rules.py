# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of udev(7) that set sysctls or run programs."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .ini import joined
from .shell_expand import UNKNOWN


def rules(text):
    """[(line, what, value)]: 'setting' with (key, value), or 'run' with a command and its arguments."""
    found = []
    for number, line in joined(text):
        for name, operator, value in _udev_tokens(line):
            key, _brace, attribute = name.partition('{')
            attribute = attribute.rstrip('}')
            if key == 'SYSCTL' and operator in ('=', ':='):
                found.append((number, 'setting', (attribute, _substituted(value))))
            elif name in ('RUN', 'RUN{program}', 'PROGRAM', 'IMPORT{program}') and operator != '!=':
                found.append((number, 'run', quoted_words(_substituted(value))))
    return found


def _udev_tokens(line):
    """[(key with attribute, operator, value)] of one rule."""
    found, at = [], 0
    while True:
        start = line.find('"', at)
        end = line.find('"', start + 1)
        while end > 0 and line[end - 1] == '\\':
            end = line.find('"', end + 1)
        if start < 0 or end < 0:
            return found
        head = line[at:start].strip(' \t,')
        name = head.rstrip('=!+-: \te')
        found.append((name, head[len(name):].strip(' \te'), line[start + 1:end].replace('\\"', '"')))
        at = end + 1


def _substituted(value):
    """A value of a rule with what udev puts in made UNKNOWN: `$name`, `%k`, `$attr{x}`."""
    found, at = u'', 0
    while at < len(value):
        char = value[at]
        at += 1
        if char not in '$%':
            found += char
        elif value[at:at + 1] == char:
            found += char
            at += 1
        else:
            found += UNKNOWN
            while value[at:at + 1].isalnum() and (char == '$' or value[at - 1] == '%'):
                at += 1
            if value[at:at + 1] == '{':
                at = value.find('}', at) + 1 or len(value)
    return found


def quoted_words(text):
    """Words parted by blanks; quotes hold some together."""
    found, current, quote = [], None, ''
    for char in text:
        if quote:
            quote = '' if char == quote else quote
            current += '' if not quote else char
        elif char in '"\'':
            quote, current = char, current or ''
        elif char in ' \t\n':
            if current is not None:
                found.append(current)
            current = None
        else:
            current = (current or '') + char
    return found + [current] if current is not None else found
