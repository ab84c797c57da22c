# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts in Perl, Python, Ruby ...: the commands in their strings, and files under /proc/sys that they write.

They are not understood. A string that holds a command counts, and so do the strings of one line as the words of one.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

MAX_LINES = 5000
WRITES = ('"w', "'w", '">', "'>", 'write', 'Write', 'O_WRONLY', 'O_RDWR')


def read(engine, text, path, first=1):
    for number, line in enumerate(text.split('\n')[:MAX_LINES], first):
        if ('sysctl' not in line and 'proc/sys' not in line) or line.lstrip()[:1] == '#' or line.lstrip()[:2] == '//':
            continue
        found = strings(line)
        for each in found:
            if 'sysctl ' in each or '/proc/sys/' in each.partition(' ')[2]:
                engine.run(each, path, number)
            elif each.startswith('/proc/sys/') and ' ' not in each and any(mark in line for mark in WRITES):
                engine.entries.setting(each[10:], None, (path, number))
        words = [each for each in found if ' ' not in each or '=' in each]
        if len(words) > 1 and words[0].rpartition('/')[2] in ('sysctl', 'sudo'):
            engine.run(words, path, number)


def strings(line):
    """The texts between quotes in a line of program text."""
    found, at = [], 0
    while at < len(line):
        if line[at] not in '"\'`':
            at += 1
            continue
        end = at + 1
        while end < len(line) and line[end] != line[at]:
            end += 1 + (line[end] == '\\')
        found.append(line[at + 1:end])
        at = end + 1
    return found
