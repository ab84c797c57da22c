# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sysctls on a kernel command line."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

WORD_ENDS = ' \t\n"\''


def command_line(text):
    """[(line, key, value)] of each `sysctl.KEY=VALUE` in kernel command lines and configurations of boot loaders.

    process_sysctl_arg() in fs/proc/proc_sysctl.c of Linux 5.8: `sysctl/` does too, quotes hold blanks.
    """
    found = []
    for number, line in enumerate(text.split('\n'), 1):
        if line.lstrip()[:1] == '#':
            continue
        at = line.find('sysctl')
        while at >= 0:
            rest = line[at + 6:]
            if rest[:1] in ('.', '/') and (not at or line[at - 1] in ' \t"\'='):
                key, equals, value = rest[1:].partition('=')
                quote = value[:1] if value[:1] in ('"', "'") else ''
                if value[:2] == '\\"':
                    quote, value = '\\"', value[1:]
                end = next((place for place, char in enumerate(value) if char in WORD_ENDS), len(value))
                value = value[1:].partition(quote)[0] if quote else value[:end]
                if equals and key == key.strip() and not any(char in key for char in WORD_ENDS):
                    found.append((number, key, value))
            at = line.find('sysctl', at + 6)
    return found
