# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Command lines of units: words, quotes, escapes, variables, specifiers (systemd.service(5) COMMAND LINES)."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .shell_expand import UNKNOWN
from .shell_words import LETTERS, is_name

PREFIXES = '@-:+!|'


def command(line, unit, environment):
    """[(prefixes, words)]: a service of type oneshot may have several commands parted by `;`."""
    found, words = [], []
    for word, quoted in _words(line) + [(';', False)]:
        if word == ';' and not quoted:
            if words:
                found.append(_one(words, unit, environment))
            words = []
        else:
            words.append((word, quoted))
    return found


def environment_of(value):
    """{name: value} of an Environment= line."""
    pairs = [word.partition('=') for word, _quoted in _words(value)]
    return dict((name, text) for name, equals, text in pairs if equals)


def _one(words, unit, environment):
    first = words[0][0]
    flags = first[:len(first) - len(first.lstrip(PREFIXES))]
    words = [(first[len(flags):], words[0][1])] + words[1:]
    if '@' in flags:
        del words[1:2]
    found = []
    for raw, quoted in words:
        word = _specified(raw, unit)
        name = word[1:]
        if ':' in flags:
            found.append(word)
        elif word[:1] == '$' and name and is_name(name) and not quoted:  # alone it is parted at blanks
            found += environment.get(name, UNKNOWN).split()
        else:
            found.append(_replaced(word, environment))
    return flags, found


def _specified(word, unit):
    """A word with its %-specifiers replaced: the unit's name and instance; others are UNKNOWN."""
    if '%' not in word:
        return word
    prefix, at, instance = unit.rpartition('.')[0].partition('@')
    values = {'%': '%', 'n': unit, 'N': unit.rpartition('.')[0], 'p': prefix, 'h': '/root', 't': '/run',
              'i': instance or (UNKNOWN if at else ''), 'I': instance.replace('-', '/') or UNKNOWN}
    parts = word.split('%')
    found, number = parts[0], 1
    while number < len(parts):
        part = parts[number]
        if not part and number + 1 < len(parts):
            found += '%' + parts[number + 1]
            number += 2
            continue
        found += values.get(part[:1], UNKNOWN) + part[1:]
        number += 1
    return found


def _replaced(word, environment):
    found, at = '', 0
    while at < len(word):
        end = word.find('}', at)
        if word.startswith('$$', at):
            found += '$'
            at += 2
        elif word.startswith('${', at) and end > 0:
            found += environment.get(word[at + 2:end], UNKNOWN)
            at = end + 1
        else:
            found += word[at]
            at += 1
    return found


def _words(text):
    """[(word, whether it began with a quote)]."""
    found, current, quote, was_quoted, at = [], None, '', False, 0
    while at < len(text):
        char = text[at]
        at += 1
        if char == '\\' and at < len(text):
            after = text[at]
            at += 1
            if after == ';' and not quote:
                current, was_quoted = (current or '') + ';', True
            else:
                current = (current or '') + ({'s': ' '}.get(after) or LETTERS.get(after, after))
        elif quote:
            quote = '' if char == quote else quote
            current += char if quote else ''
        elif char in '"\'' and current is None:
            quote, current, was_quoted = char, '', True
        elif char in ' \t\n':
            if current is not None:
                found.append((current, was_quoted))
            current, was_quoted = None, False
        else:
            current = (current or '') + char
    return found + [(current, was_quoted)] if current is not None else found
