# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of sysctl.conf(5) and sysctl.d(5), with every form that some release of procps or systemd obeys."""

from __future__ import absolute_import, division, print_function

import fnmatch
import re

__metaclass__ = type

BLANK = ' \t\n\r\v\f'  # isspace(3) in the C locale: a no-break space is part of the key or value, as for the readers
_ENDS = re.compile('[\r\0]')  # systemd ends a line there too (read_line in src/basic/fileio.c)
_INT = re.compile(r'\s*(-?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)(?=[ \t\n]|$)')
_SWAP = {'.': '/', '/': '.'}


def canonical(key):
    """The dotted name of a key or glob: `net/ipv4/conf/a.1/x` and `net.ipv4.conf.a/1.x` give the latter.

    The first separator decides what the others mean (sysctl_normalize in systemd, slashdot in procps); empty parts go.
    """
    first = re.search('[./]', key)
    if first and first.group() == '/':
        key = ''.join(_SWAP.get(char, char) for char in key)
    return '.'.join(part for part in key.split('.') if part not in ('', '/'))


def is_glob(key):
    return '*' in key or '?' in key or '[' in key


def matches(glob, key):
    """Whether glob(7) `glob` reaches `key`, both canonical: a wildcard stays within one part of the name."""
    parts, names = glob.replace('[^', '[!').split('.'), key.split('.')
    return len(parts) == len(names) and all(map(fnmatch.fnmatchcase, names, parts))


def first_int(value):
    """The integer the kernel takes from `value`, None where it refuses it (proc_get_long in kernel/sysctl.c).

    It reads the first number, decimal, 0x or 0 octal, and forgets what follows a blank: `1 # off` is 1, `"1"` refused.
    """
    found = _INT.match(value or '')
    if not found:
        return None
    digits = found.group(2)
    base = 16 if digits[:2] in ('0x', '0X') else 8 if digits[0] == '0' else 10
    return int(found.group(1) + digits, base)


def parse(text):
    """[{line, key, value, form}] of the assignments and exclusions in `text`, in order.

    `key` is canonical, `value` raw but stripped, None for an exclusion (`-key` without `=`); `form` is plain, dash,
    slash, glob or, for exclusions, exclude. `line` counts from 1 by newlines. What is neither is left out.
    """
    entries = []
    for number, whole in enumerate(text.split('\n'), 1):
        for part in _ENDS.split(whole):
            line = part.strip(BLANK)
            if not line or line[0] in '#;':
                continue
            entry = _entry(line)
            if entry:
                entry['line'] = number
                entries.append(entry)
    return entries


def _entry(line):
    key, equals, value = line.partition('=')
    dash = key.startswith('-')
    if not equals and not dash:
        return None
    name = canonical(key[1 if dash else 0:].strip(BLANK))
    if not name:
        return None
    if not equals:
        return {'key': name, 'value': None, 'form': 'exclude'}
    form = 'glob' if is_glob(name) else 'dash' if dash else 'slash' if '/' in key else 'plain'
    return {'key': name, 'value': value.strip(BLANK), 'form': form}
