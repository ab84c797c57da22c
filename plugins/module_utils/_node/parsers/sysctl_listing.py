# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The output of `sysctl -a` as programs and people keep it, error messages among the lines.

procps and busybox print `key = value`, BSD `key: value`. procps 3.2 (EL6) buffers its output and not its messages, so
where both go to one file a message may stand in the middle of a line.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

# Every kernel has keys of each; a list without one of them is a part, such as `sysctl -a | grep net`.
FAMILIES = ('fs.', 'kernel.', 'net.core.', 'net.ipv4.tcp_', 'vm.')
KEY = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/:@+'
TELLERS = (u'sysctl: ', u'error: ')
# What the messages of procps 3.2 to 4.0 and of busybox have in common; the last two say that there is no such key.
ABSENT = (u'No such file', u'unknown key')
COMPLAINTS = (u'permission denied', u'reading key', u'cannot stat', u'read error') + ABSENT
IN_PROC = u'/proc/sys/'


def parse_listing(text):
    """{'values', 'refused', 'whole'} of the output.

    values {key: text, or None where a message says that the kernel has no such key}, refused {key: why its value is
    not known}, whole: what is not in it does not exist. A last line without an end may have been cut: not trusted.
    """
    values, refused, torn = {}, {}, u''
    lines = text.lstrip(u'\ufeff').split(u'\n')
    cut = lines.pop()
    for line in lines:
        torn, complaint = _torn(torn + line.rstrip(u'\r'))
        if complaint:
            _complained(complaint, values, refused)
        else:
            _add(_assignment(torn), values, refused)
            torn = u''
    if cut:
        refused[_assignment(cut)[0] or cut] = 'cut off: its line does not end'
    found = set(family for key in values for family in FAMILIES if key.startswith(family))
    return {'values': values, 'refused': refused, 'whole': not cut and len(found) == len(FAMILIES)}


def listed(text, key):
    """The value of one key, None where it is not there or cut off; for a look at a single one in a long output."""
    start = (u'\n' + text).find(u'\n' + key)
    while start >= 0:
        end = text.find(u'\n', start)
        name, value = _assignment(text[start:end].rstrip(u'\r')) if end >= 0 else (None, None)
        if name == key:
            return value.strip()
        start = text.find(u'\n' + key, start) + 1 or -1
    return None


def _torn(line):
    """(what stands before an error message, the message or '')."""
    if any(complaint in line for complaint in COMPLAINTS):
        for teller in TELLERS:
            start = line.find(teller)
            if start >= 0:
                return line[:start], line[start:]
    return line, u''


def _assignment(line):
    """(key, value) of a line, (None, None) where it is no assignment: a further line of a value, for one."""
    for separator in (u'=', u':'):
        key, found, value = line.partition(separator)
        key = key.strip()
        if found and u'.' in key and not key.strip(KEY):
            return key, value
    return None, None


def _add(assignment, values, refused):
    key, value = assignment
    if key is None:
        return
    value = u' '.join(value.split())
    if values.setdefault(key, value) != value:
        refused[key] = 'it stands there twice, with different values'


def _complained(message, values, refused):
    """procps: sysctl: permission denied on key 'KEY'; sysctl: cannot stat /proc/sys/PATH: REASON."""
    if IN_PROC in message:
        key = message.partition(IN_PROC)[2].partition(u':')[0].replace(u'/', u'.')
    else:
        quoted = message.replace(u'"', u"'")  # error: "Input/output error" reading key "KEY"
        key = (quoted.partition(u"key '")[2] or quoted.partition(u"'")[2]).partition(u"'")[0]
    if any(word in message for word in ABSENT):
        values.setdefault(key, None)
    else:
        refused[key] = 'sysctl could not read it'
