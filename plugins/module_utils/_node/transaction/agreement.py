# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the files lead every reader of persisted settings to what is wanted. Writes nothing."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Unreadable, shown
from ..parsers.sysctl_conf import READERS, SYSTEMD
from ..parsers.sysctl_value import obeyed
from ..readers import persisted, sysctl_files, sysctl_places

UNKNOWN = '%s; without it nobody knows what the next boot sets: make it readable or move it away'


def observed(tree, keys, existing, release):
    """persisted.observe() of a tree of which nothing that counts at the next boot is hidden. Raises Unreadable."""
    unavailable = {}
    found = persisted.observe(tree, keys, existing, release, unavailable)
    path = sysctl_files.unknown(unavailable)
    if path and keys:
        raise Unreadable(path, UNKNOWN % unavailable[path])
    return found


def unread(tree, path, notes):
    """The readers that may be without the settings, as they do not read the file that was asked for; tells `notes`.

    Only /etc/sysctl.conf is such a file, where no link of a name that systemd reads leads to it.
    """
    if path != sysctl_places.LAST:
        return ()
    files = sysctl_files.Files(tree, {}, False)
    if any(file.real == shown(tree.resolve(path)) for file in sysctl_files.by_name(files.directories())):
        return ()
    if files.booted_by_systemd():
        notes.append('systemd does not read %s here: at a boot these settings come into force only where something '
                     'runs sysctl --system or sysctl -p' % path)
    return (SYSTEMD,)


def winners(found, setting, ignored=()):
    """What wins under each reader where that is not what the setting wants: entries, or None where nothing does.

    ignored: readers under which nothing may win.
    """
    key, value, _reason = setting
    effective = found[key]['effective'] if key in found else dict.fromkeys(READERS)
    value = value[:persisted.MAX_VALUE]
    wrong = []
    for reader in sorted(effective, reverse=True):  # systemd first
        winner = effective[reader]
        if winner is None and reader in ignored:
            continue
        if winner not in wrong and (winner is None or not obeyed(winner['value'], value)):
            wrong.append(winner)
    return wrong


def named(entries):
    return ', '.join('%s:%d' % (winner['file'], winner['line']) if winner else 'no line is read' for winner in entries)


def agrees(tree, plan):
    """A sentence on the first setting of a Plan that the files as they are now do not resolve to, or None."""
    try:
        found = _found(tree, plan)
    except Unreadable as exc:
        return str(exc)
    for setting in plan.wanted:
        wrong = winners(found, setting, plan.unread)
        if wrong:
            return '%s would not be %s at the next boot: %s' % (setting[0], setting[1], named(wrong))
    return None


def settled(tree, plan):
    """Whether nothing has to change in the files: agrees(), and no line of the next boot names a key of plan.gone.

    Raises Unreadable.
    """
    found = _found(tree, plan)
    return not any(winners(found, setting, plan.unread) for setting in plan.wanted) and not any(
        counts(line) for key in plan.gone if key in found for line in found[key]['definitions'])


def _found(tree, plan):
    return observed(tree, [key for key, _v, _r in plan.wanted] + list(plan.gone), plan.existing, plan.release)


def counts(line):
    """Whether a reader meets the line at the next boot, also one whose value the kernel refuses."""
    return line['status'] not in ('replaced', 'transient')
