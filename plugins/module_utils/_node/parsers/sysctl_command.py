# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What arguments make sysctl(8) do: src/sysctl.c of procps 4.0.2, tried with it; busybox has a part of them."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

SHORT = 'aAbdefhnNopqrVwxX'
LONG = ('all', 'binary', 'deprecated', 'dry-run', 'help', 'ignore', 'load', 'names', 'pattern', 'quiet', 'system',
        'values', 'version', 'write')
NOTHING = ('a', 'A', 'X', 'h', 'd', 'V', 'all', 'help', 'version', 'dry-run', None)  # prints, or ends with an error
DEFAULT = '/etc/sysctl.conf'


def actions(arguments):
    """[(what, text, pattern)]: what is 'set' (text `key=value`), 'load' (text a file, `-` is the input) or 'system'.

    `pattern` is the extended regular expression that keys must match, '' for none. An argument without `=` sets
    nothing: `sysctl -w key = 1` does not.
    """
    options, values, positional = _parted(list(arguments))
    pattern = ([''] + values['pattern'])[-1]
    if options.intersection(NOTHING):
        return []
    if 'system' in options:
        return [('system', '', pattern)]
    if options.intersection(('p', 'f', 'load')):
        return [('load', each, pattern) for each in values['load'] + positional or [DEFAULT]]
    return [('set', each, pattern) for each in positional if '=' in each]


def _parted(waiting):
    """(options, {load: [file], pattern: [expression]}, other words) as getopt_long(3) has them; None: not an option."""
    options, values, positional = set(), {'load': [], 'pattern': []}, []
    while waiting:
        word = waiting.pop(0)
        if word == '--':
            return options, values, positional + waiting
        if word.startswith('--'):
            name, equals, value = word[2:].partition('=')
            fitting = [each for each in LONG if each == name] or [each for each in LONG if each.startswith(name)]
            option = fitting[0] if len(fitting) == 1 else None
            options.add(option)
            if option == 'pattern' and not equals:
                value, equals = (waiting.pop(0) if waiting else ''), '='
            if option in values and equals:
                values[option].append(value)
        elif word.startswith('-') and word != '-':
            _short(word[1:], waiting, options, values)
        else:
            positional.append(word)
    return options, values, positional


def _short(letters, waiting, options, values):
    """The options of one word; -p may have a file behind it, -r needs a pattern."""
    for place, letter in enumerate(letters, 1):
        options.add(letter if letter in SHORT else None)
        if letter == 'p' and letters[place:]:
            values['load'].append(letters[place:])
            return
        if letter == 'r':
            values['pattern'].append(letters[place:] or (waiting.pop(0) if waiting else ''))
            return


def silent(arguments):
    """Whether nothing is printed of what is set."""
    return any(word == '--quiet' or (word[:1] == '-' and word[1:2] != '-' and 'q' in word) for word in arguments)
