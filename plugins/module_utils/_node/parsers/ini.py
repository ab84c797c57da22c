# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of sections and assignments, as systemd, TuneD and CRI-O have them."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type


def joined(text, comments='#'):
    """[(number, line)] with lines that end in a backslash joined, without blank lines and comments."""
    found, start, held = [], 0, ''
    for number, part in enumerate(text.split('\n'), 1):
        if not held and part.lstrip()[:1] in tuple(comments):
            continue
        start = start if held else number
        if part.endswith('\\'):
            held += part[:-1] + ' '
            continue
        line, held = (held + part).strip(), ''
        if line:
            found.append((start, line))
    return found


def sections(text):
    """[(section, line, name, value)] of an INI file such as a unit or tuned.conf; never an error."""
    found, section = [], ''
    for number, line in joined(text, '#;'):
        name, equals, value = line.partition('=')
        if line.startswith('[') and line.endswith(']'):
            section = line[1:-1].strip()
        elif equals:
            found.append((section, number, name.strip(), value.strip()))
    return found
