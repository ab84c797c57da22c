# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of sysctl.conf(5) and sysctl.d(5), with every form that some release of procps or systemd obeys."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..keys import path_of

BLANK = ' \t\n\r\v\f'  # isspace(3) in the C locale: a no-break space is part of the key or value, as for the readers
DIGITS = {8: '01234567', 10: '0123456789', 16: '0123456789abcdefABCDEF'}


def canonical(key):
    """The dotted name of a key or glob: `net/ipv4/conf/a.1/x` and `net.ipv4.conf.a/1.x` give the latter.

    The first separator decides what the others mean (sysctl_normalize in systemd, slashdot in procps); empty parts go.
    """
    slash, dot = key.find('/'), key.find('.')
    if slash >= 0 and not 0 <= dot < slash:
        key = path_of(key)
    return '.'.join(part for part in key.split('.') if part not in ('', '/'))


def is_glob(key):
    return '*' in key or '?' in key or '[' in key


def matches(glob, key):
    """Whether glob(7) `glob` reaches `key`, both canonical: a wildcard stays within one part of the name."""
    from fnmatch import fnmatchcase  # imports the dear re: most files have no glob
    parts, names = glob.replace('[^', '[!').split('.'), key.split('.')
    return len(parts) == len(names) and all(map(fnmatchcase, names, parts))


def first_int(value):
    """The integer the kernel takes from `value`, None where it refuses it (proc_get_long in kernel/sysctl.c).

    It reads the first number, decimal, 0x or 0 octal, and forgets what follows a blank: `1 # off` is 1, `"1"` refused.
    """
    word = (value or '').lstrip().replace('\t', ' ').replace('\n', ' ').partition(' ')[0]
    sign, number = ('-', word[1:]) if word.startswith('-') else ('', word)
    base = 16 if number[:2] in ('0x', '0X') else 8 if number[:1] == '0' else 10
    digits = number[2:] if base == 16 else number
    return None if not digits or digits.strip(DIGITS[base]) else int(sign + digits, base)


def parse(text):
    """[{line, key, value, form}] of the assignments and exclusions in `text`, in order.

    `key` is canonical, `value` raw but stripped, None for an exclusion (`-key` without `=`); `form` is plain, dash,
    slash, glob or, for exclusions, exclude. `line` counts from 1 by newlines. What is neither is left out.
    """
    entries = []
    for number, whole in enumerate(text.split('\n'), 1):
        # systemd ends a line there too (read_line in src/basic/fileio.c)
        for part in whole.replace('\r', '\0').split('\0'):
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
