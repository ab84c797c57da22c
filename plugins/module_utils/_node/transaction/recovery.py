# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Undoing change sets that are unfinished, and what would be there without them; unfinished.py finds them."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

from ..errors import Failed
from . import deadline
from .carry_out import KEEP, place_of
from .namespace_identity import same_boot
from .unfinished import UNFINISHED, armed


def view(tree, parts):
    """({path: bytes or None}, {(namespace key, sysctl): value}) as they will be when `parts` are undone in order.

    Raises Failed where a file that is to be restored cannot be read.
    """
    files, values = {}, {}
    for part in parts:
        targets, this_boot = targets_of(part), same_boot(tree, part.record)
        for index, item in enumerate(part.record['items']):
            target = targets.get(index)
            if target is KEEP:
                continue
            if isinstance(target, Failed):
                raise target
            if item['kind'] == 'file':
                files[item['path']] = target[0] if target else part.blob('before', index)
            elif item['kind'] == 'value' and this_boot:
                values[(place_of(item), item['key'])] = target or item['before']
    return files, values


def targets_of(part):
    """What a person's rollback of this part restores instead of what was there before: {index: target of Undo}."""
    note = part.read_note('undo.json') if part.state == 'undoing' else None
    targets = dict((index, KEEP) for index in (note or {}).get('keep', ()))
    for index, meta in (note or {}).get('instead', ()):
        try:
            held = part.blob('held', index, note.get('digests', {}))
            targets[index] = Failed(part.path('held-%d' % index), 'it is lost') if held is None else (held, meta)
        except Failed as exc:
            targets[index] = exc
    return targets


def undo(tree, part, step, targets=None):
    """Undoes one part and gives it its state; the Undo, whose `failed` says what could not be restored."""
    return undo_all([_undo_of(tree, part, step, targets_of(part) if targets is None else targets)])[0]


def _undo_of(tree, part, step, targets=None):
    from .undo import Undo  # much to compile, and most changes find nothing to undo
    return Undo(tree, part, targets, step)


def undo_all(works, give_up=False, itself=False):
    """Runs the Undo of each part, newest first, and gives the parts their states. Returns `works`.

    give_up: what could not be restored stays as it is, and the part counts as undone. itself: as of arming.disarm().

    All are `undoing` before the first is touched, so that none can be confirmed any more. Where something could not be
    restored, of the older parts only the running values are, and they stay `undoing`: a repeated undo of the newer one
    puts its files back to what the older ones had made. That a state cannot be written (a full disk) is no reason to
    stop: the part then stays unfinished and its undo is repeated, which changes nothing.
    """
    failed, ours = False, []
    for work in works:
        if not work.stays:
            _move(work, 'undoing')
    for work in works:
        if failed:
            work.targets.update((index, KEEP) for index, item in enumerate(work.part.record['items'])
                                if item['kind'] == 'file')
        work.ours += ours
        ours += [target[0] for target in work.targets.values() if isinstance(target, tuple)]
        failed = (not work.run() and not give_up) or failed
        if failed or work.stays:
            continue
        _move(work, 'undone')
    for work in works:
        work.saved += work.unwritten
    if not (failed or any(work.stays for work in works)):
        for work in works:  # the program that does this may be that of any of them, and would have to try again
            _disarm(work.part, itself)
    return works


def _disarm(part, itself=False):
    if os.path.exists(part.path(deadline.PROGRAM)):
        from . import arming  # much to compile: only with commit-confirm
        arming.disarm(part, itself)


def _move(work, state):
    try:
        work.part.move_to(state)
        work.unwritten = []
        work.step('state ' + state)
    except OSError as exc:
        work.unwritten = ['%s: %s' % (work.part.name, Failed('its state could not be written', exc))]


WAY_OUT = 'Mend that, or give it up: sysctl_rollback with force (rollback_force=true) restores all else'


def recover(tree, parts, step, give_up=False):
    """Undoes the open parts. Returns sentences; raises Failed where something could not be restored.

    give_up: as of undo_all().
    """
    said, unfinished = [], [part for part in parts if part.state in UNFINISHED]
    crashed = [part for part in parts if part.state == 'applying']
    for work in undo_all([_undo_of(tree, part, step, targets_of(part)) for part in parts], give_up):
        part, was = work.part, 'was left unfinished' if work.part in unfinished else 'was not confirmed in time'
        said += work.gone + work.saved
        if work.failed and not give_up:
            raise Failed('change set %s, which %s' % (part.name, was), 'it could not be undone: %s. %s' % (
                '; '.join(work.failed), WAY_OUT))
        said += ['given up, so it stays as it is: %s' % reason for reason in work.failed]
        if part in crashed or work.failed:
            explain(part, dict(part.read_note('undo.json') or {}, cause=was, failed=work.failed))
        said.insert(0, 'change set %s %s: it has been undone first' % (part.name, was))
    return said


def explain(part, note):
    """Keeps why a part was undone, where it was not for a missing confirmation (deadline.given_up)."""
    try:
        part.note('undo.json', note)
    except OSError:
        pass  # a full disk


def tidy(tree, parts, step):
    """Takes away the boot hooks, timers and programs of those of the parts that wait no longer."""
    for part in armed(tree, parts):
        work = _undo_of(tree, part, step)
        if not work.run('hook'):
            raise Failed('boot hook of %s' % part.name, '; '.join(work.failed))
        _disarm(part)
