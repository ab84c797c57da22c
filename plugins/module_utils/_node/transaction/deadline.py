# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a part waits for its confirmation, and what of that is left to see: arming.py is what acts on it."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import time

from ..readers import procfs
from .namespace_identity import boot
from .state_dir import FINAL

PROGRAM = 'undo.pyz'


def clock(tree):
    """(seconds since boot or None, namespace_identity.boot()): what late() compares with."""
    return procfs.read_uptime(tree, {}), boot(tree)


def deadline(tree, timeout, now):
    """When the part is undone unless confirmed: by the clock since boot, which nobody sets."""
    uptime, which = clock(tree)
    return {'timeout': timeout, 'until': now + timeout, 'boot_id': which,
            'until_uptime': None if uptime is None else uptime + timeout}


def late(part, now):
    """Whether the part's time ran out before it was confirmed. now: clock()."""
    return bool(part.record['confirm']) and part.state not in FINAL and left(part, now) <= 0


def left(part, now):
    """The seconds until the part is undone unless confirmed; 0 after a boot. By the clock where nothing tells."""
    confirm, (uptime, which) = part.record['confirm'], now
    if which is not None and confirm['boot_id'] != which:
        return 0
    if None in (which, uptime, confirm['until_uptime']):
        return confirm['until'] - time.time()
    return confirm['until_uptime'] - uptime


def given_up(part):
    """Whether the node undid the part because nobody confirmed it; any other undo leaves a note that says why."""
    return bool(part.record['confirm']) and part.state == 'undone' and part.read_note('undo.json') is None


def is_armed(tree, part):
    """Whether something of what would undo the part by itself is still there."""
    return os.path.exists(part.path(PROGRAM)) or any(
        item.get('hook') and item['kind'] == 'file' and tree.lstat(item['path']) is not None
        for item in part.record['items'])
