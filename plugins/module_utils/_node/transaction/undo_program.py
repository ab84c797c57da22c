# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program that undoes a part of a change set by itself: undo.pyz in the part's directory.

    python undo.pyz watch SECONDS | due | boot
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import sys
import time

from ..readers.tree import Tree
from . import announce, recovery
from .change_set import Store
from .lock import Lock

TRIES, PAUSE_S = 20, 15
LOCK_WAIT_S = 600


def run_here():
    """Runs as a program; the part is the directory that the program lies in."""
    home = os.path.dirname(os.path.abspath(sys.argv[0]))
    sets, name = os.path.split(home)
    if sys.argv[1:2] == ['watch']:
        time.sleep(float(sys.argv[2]))
    for _try in range(TRIES):
        if undo(os.path.dirname(sets), name):
            return
        time.sleep(PAUSE_S)


def undo(state_dir, name, step=lambda name: None):
    """Undoes the part unless it was confirmed or undone. True when nothing is left to do."""
    store = Store(Tree('/'), state_dir)
    if not store.exists():
        return True
    with Lock(store, 'the node itself: not confirmed', name, LOCK_WAIT_S):
        for part in store.parts():
            if part.name != name or part.state not in ('applying', 'pending', 'undoing'):
                continue
            work = recovery.undo(Tree(part.record['root']), part, step)
            announce.say('%s: not confirmed in time: %d restored%s' % (
                part.id, len(work.restored), ', NOT restored: %s' % '; '.join(work.failed) if work.failed else ''))
            return not work.failed
    return True
