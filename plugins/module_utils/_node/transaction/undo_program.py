# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program that undoes a change set by itself: undo.pyz in the directory of each part that waits.

    python undo.pyz watch SECONDS | boot

Both wait by the time since boot, which goes on while the node itself sleeps; sleep(3) stands still then.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import sys
import time

from ..readers import procfs
from ..readers.tree import Tree
from . import deadline, recovery, syslog, unfinished
from .lock import Lock
from .state_dir import FINAL
from .store import Store
from .undo import Undo

TRIES, PAUSE_S = 12, 15  # each pause is twice the one before: 8 hours in all
LOCK_WAIT_S = 600
BOOT_WAIT_S = 10
NAP_S = 10


def go_on_alone():
    """A child goes on; for whoever waits for this process it has ended well."""
    if os.fork():
        os._exit(0)


def run_here(sleep=time.sleep, leave=go_on_alone):
    """Runs as a program; the part is the directory that the program lies in. What goes wrong is tried again.

    A boot waits for the first try and for nothing after it.
    """
    home = os.path.dirname(os.path.abspath(sys.argv[0]))
    sets, name = os.path.split(home)
    state_dir, booting = os.path.dirname(sets), sys.argv[1:2] == ['boot']
    if sys.argv[1:2] == ['watch']:
        wait(float(sys.argv[2]), sleep)
    for number in range(TRIES):
        if number:
            sleep(PAUSE_S << number - 1)
        try:
            due = until_due(state_dir, name) if booting else 0
            if due:
                leave()
                booting = False
                wait(due, sleep)
            if undo(state_dir, name, patience=BOOT_WAIT_S if booting else LOCK_WAIT_S):
                return
        except Exception as exc:  # nobody else is there to undo it
            syslog.log_change('%s: it could not be undone, which is tried again: %s' % (name, exc))
        if booting:
            leave()
            booting = False
    raise SystemExit(1)


def wait(seconds, sleep):
    """Until so many seconds have passed since it was called, by the time since boot or else by what it has slept."""
    tree, passed = Tree('/'), 0
    began = procfs.read_uptime(tree, {})
    while passed < seconds:
        nap = min(NAP_S, seconds - passed)
        sleep(nap)
        now = procfs.read_uptime(tree, {})
        passed = max(passed + nap, 0 if None in (began, now) else now - began)


def until_due(state_dir, name):
    """The seconds that are left where nothing booted: systemd changed its target, or somebody set the clock."""
    for part in Store(Tree('/'), state_dir).parts(name.partition('+')[0]):
        if part.name == name and part.state not in FINAL and part.record['confirm']['boot_id']:
            return max(0, deadline.left(part, deadline.clock(Tree(part.record['root']))))
    return 0


def undo(state_dir, name, step=lambda name: None, patience=LOCK_WAIT_S):
    """Undoes the change set of the part unless that was confirmed or undone. True when nothing is left to do.

    The first time that runs out undoes the whole set, for its parts took over from each other what they had made.
    """
    store, identifier = Store(Tree('/'), state_dir), name.partition('+')[0]
    if not store.exists():
        return True
    with Lock(store, 'the node itself: not confirmed', name, patience):
        parts = unfinished.whole(store.parts(identifier))
        if not any(part.name == name or part.state == 'undoing' for part in parts):
            return True
        works = recovery.undo_all([Undo(Tree(part.record['root']), part, recovery.targets_of(part), step)
                                   for part in parts], itself=True)
        failed = [reason for work in works for reason in work.failed]
        said = ['%d restored' % sum(len(work.restored) for work in works)]
        said += ['NOT restored: %s' % '; '.join(failed)] if failed else []
        said += [note for work in works for note in work.gone]
        syslog.log_change('%s: not confirmed in time: %s' % (identifier, ', '.join(said)))
        return not failed
