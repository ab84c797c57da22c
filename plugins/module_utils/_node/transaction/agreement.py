# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the files lead every reader of persisted settings to what is wanted. Writes nothing."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Unreadable
from ..parsers.sysctl_conf import READERS
from ..parsers.sysctl_value import obeyed
from ..readers import persisted, sysctl_files

UNKNOWN = '%s; without it nobody knows what the next boot sets: make it readable or move it away'


def observed(tree, keys, existing, release):
    """persisted.observe() of a tree of which nothing that counts at the next boot is hidden. Raises Unreadable."""
    unavailable = {}
    found = persisted.observe(tree, keys, existing, release, unavailable)
    path = sysctl_files.unknown(unavailable)
    if path and keys:
        raise Unreadable(path, UNKNOWN % unavailable[path])
    return found


def winners(found, setting):
    """What wins under each reader where that is not what the setting wants: entries, or None where nothing does."""
    key, value, _reason = setting
    effective = found[key]['effective'] if key in found else dict.fromkeys(READERS)
    value = value[:persisted.MAX_VALUE]
    wrong = []
    for reader in sorted(effective, reverse=True):  # systemd first
        winner = effective[reader]
        if winner not in wrong and (winner is None or not obeyed(winner['value'], value)):
            wrong.append(winner)
    return wrong


def named(entries):
    return ', '.join('%s:%d' % (winner['file'], winner['line']) if winner else 'no line is read' for winner in entries)


def agrees(tree, wanted, gone, existing, release):
    """A sentence on the first setting that the files as they are now do not resolve to, or None."""
    try:
        found = observed(tree, [key for key, _v, _r in wanted] + list(gone), existing, release)
    except Unreadable as exc:
        return str(exc)
    for setting in wanted:
        wrong = winners(found, setting)
        if wrong:
            return '%s would not be %s at the next boot: %s' % (setting[0], setting[1], named(wrong))
    return None


def settled(tree, wanted, gone, existing, release):
    """Whether nothing has to change in the files: agrees(), and no line of the next boot names a key of `gone`.

    Raises Unreadable.
    """
    found = observed(tree, [key for key, _v, _r in wanted] + list(gone), existing, release)
    return not any(winners(found, setting) for setting in wanted) and not any(
        counts(line) for key in gone if key in found for line in found[key]['definitions'])


def counts(line):
    """Whether a reader meets the line at the next boot, also one whose value the kernel refuses."""
    return line['status'] not in ('replaced', 'transient')
