# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the files lead both readers of persisted settings to what is wanted. Writes nothing."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Unreadable
from ..parsers.sysctl_value import obeyed
from ..readers import persisted


def winners(found, setting):
    """What wins under each reader where that is not what the setting wants: entries, or None where nothing does."""
    key, value, _reason = setting
    effective = found.get(key, {}).get('effective', {'systemd': None, 'procps': None})
    value = value[:persisted.MAX_VALUE]
    wrong = [winner for winner in (effective['systemd'], effective['procps'])
             if winner is None or not obeyed(winner['value'], value)]
    return wrong[:1] if wrong[1:] == wrong[:1] else wrong


def named(entries):
    return ', '.join('%s:%d' % (winner['file'], winner['line']) if winner else 'no line is read' for winner in entries)


def agrees(tree, wanted, gone, existing, release):
    """A sentence on the first setting that the files as they are now do not resolve to, or None."""
    try:
        found = persisted.observe(tree, [key for key, _v, _r in wanted] + list(gone), existing, release, {})
    except Unreadable as exc:
        return str(exc)
    for setting in wanted:
        wrong = winners(found, setting)
        if wrong:
            return '%s would not be %s at the next boot: %s' % (setting[0], setting[1], named(wrong))
    return None


def settled(tree, wanted, gone, existing, release):
    """Whether nothing has to change in the files: agrees(), and no line that is read names a key of `gone`."""
    found = persisted.observe(tree, [key for key, _v, _r in wanted] + list(gone), existing, release, {})
    return not any(winners(found, setting) for setting in wanted) and not any(
        line['status'] != 'replaced' for key in gone if key in found for line in found[key]['definitions'])
