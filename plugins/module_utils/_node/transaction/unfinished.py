# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which parts are to be undone before anything else, and which have left something behind: recovery.py does it.

Most runs find none and spare themselves what undoes.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from . import deadline
from .state_dir import FINAL

UNFINISHED = ('applying', 'undoing')


def open_parts(parts, now):
    """Those to undo before anything else, newest first: unfinished, or of a set whose confirmation is missing.

    parts: all of the store, oldest first; now: deadline.clock().
    """
    late = []
    for identifier in set(part.id for part in parts if deadline.late(part, now)):
        late += whole([part for part in parts if part.id == identifier])
    return [part for part in reversed(parts) if part.state in UNFINISHED or part in late]


def whole(parts):
    """What is undone together where one of a set's parts (given oldest first) was not confirmed, newest first.

    From the oldest that waits on, all that is in force, for each took over what the one before it had made.
    """
    mine = [part for part in parts if part.state != 'undone']
    while mine and mine[0].state == 'applied':  # confirmed, or never to be
        del mine[0]
    return mine[::-1]


def armed(tree, parts):
    """Those that wait no longer, and have yet something of what would undo them."""
    return [part for part in parts
            if part.state in FINAL and part.record['confirm'] and deadline.is_armed(tree, part)]
