# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""glob(7) patterns, and the sets in brackets that they share with regular expressions.

Not `fnmatch`: it imports the dear `re`, knows neither classes nor backslashes, and takes for ever on hostile patterns.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

MAX_GLOB = 512
CLASSES = {'space': ' \t\n\r\v\f', 'blank': ' \t', 'digit': '0123456789', 'punct': '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'}


class NotUnderstood(ValueError):
    """The pattern is malformed, too long, or of a kind that is not worked out (back references)."""


def glob_match(pattern, text):
    """Whether a glob without bars between directories matches all of `text`; a backslash quotes.

    A bracket without an end is a character. Raises NotUnderstood for more than MAX_GLOB characters.
    """
    if len(pattern) > MAX_GLOB:
        raise NotUnderstood('a glob of more than %d characters' % MAX_GLOB)
    places = set([0])
    at = 0
    while at < len(pattern) and places:
        char = pattern[at]
        at += 1
        if char == '*':
            places = set(range(min(places), len(text) + 1))
            continue
        takes = whatever if char == '?' else exactly(char)
        if char == '[' and ']' in pattern[at + 1:]:
            try:
                takes, at = bracket(pattern, at, '^!')
            except NotUnderstood:
                pass
        elif char == '\\' and at < len(pattern):
            takes = exactly(pattern[at])
            at += 1
        places = set(place + 1 for place in places if place < len(text) and takes(text[place]))
    return len(text) in places


def whatever(char):
    return True


def exactly(wanted):
    return lambda char: char == wanted


def bracket(pattern, at, inverting):
    """(what tells whether a character is in the set, the place behind it); `at` stands behind the bracket.

    inverting: the characters that make it the set of all others. Raises NotUnderstood.
    """
    inverted = pattern[at:at + 1] in tuple(inverting)
    at += inverted
    ranges, chars, first = [], '', True
    while first or pattern[at:at + 1] != ']':
        first = False
        if at >= len(pattern):
            raise NotUnderstood('a set without an end')
        if pattern.startswith('[:', at) and ':]' in pattern[at:]:
            end = pattern.index(':]', at)
            name = pattern[at + 2:end]
            if name in CLASSES:
                chars += CLASSES[name]
            elif name in ('alpha', 'alnum', 'upper', 'lower'):
                ranges += {'upper': ['AZ'], 'lower': ['az']}.get(name, ['AZ', 'az'] + ['09'] * (name == 'alnum'))
            at = end + 2
        elif pattern[at + 1:at + 2] == '-' and pattern[at + 2:at + 3] not in (']', ''):
            ranges.append(pattern[at] + pattern[at + 2])
            at += 3
        else:
            chars += pattern[at]
            at += 1
    return (lambda char: inverted != (char in chars or any(one[0] <= char <= one[1] for one in ranges))), at + 1
