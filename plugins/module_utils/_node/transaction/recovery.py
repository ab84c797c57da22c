# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Unfinished change sets: what would be there without them, and undoing them."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Failed
from . import deadline
from .carry import Undo, place_of
from .change_set import UNFINISHED


def open_parts(store, uptime, boot_id):
    """The parts that are to be undone before anything else, newest first: unfinished, or their confirmation missing."""
    return [part for part in reversed(store.parts())
            if part.state in UNFINISHED or (part.state == 'pending' and deadline.expired(part, uptime, boot_id))]


def view(parts):
    """({path: bytes or None}, {(namespace key, sysctl): value}) as they will be when `parts` are undone in order."""
    files, values = {}, {}
    for part in parts:
        targets = targets_of(part)
        for index, item in enumerate(part.record['items']):
            target = targets.get(index)
            if target is Undo.KEEP:
                continue
            if item['kind'] == 'file':
                files[item['path']] = target[0] if target else part.blob('before', index)
            elif item['kind'] == 'value':
                values[(place_of(item), item['key'])] = target or item['before']
    return files, values


def targets_of(part):
    """What a person's rollback of this part restores instead of what was there before: {index: target of Undo}."""
    note = part.read_note('undo.json') if part.state == 'undoing' else None
    targets = dict((index, Undo.KEEP) for index in (note or {}).get('keep', ()))
    for index, meta in (note or {}).get('instead', ()):
        targets[index] = (part.blob('held', index), meta)
    return targets


def undo(tree, part, step, targets=None):
    """Undoes one part and gives it its state; the Undo, whose `failed` says what could not be restored.

    That the state cannot be written (a full disk) is no reason to stop: the part then stays unfinished and its undo is
    repeated, which changes nothing.
    """
    work = Undo(tree, part, targets_of(part) if targets is None else targets, step)
    try:
        part.move_to('undoing')
        step('state undoing')
    except OSError as exc:
        work.saved.append('%s: %s' % (part.name, Failed('its state could not be written', exc)))
    if work.run():
        try:
            part.move_to('undone')
            step('state undone')
        except OSError as exc:
            work.saved.append('%s: %s' % (part.name, Failed('its state could not be written', exc)))
        if part.record['confirm']:
            from . import arming  # much to compile: only with commit-confirm
            arming.disarm(part)
    return work


def recover(tree, store, parts, step):
    """Undoes the open parts. Returns sentences; raises Failed where something could not be restored."""
    said = []
    for part in parts:
        was = 'was not confirmed in time' if part.state == 'pending' else 'was left unfinished'
        work = undo(tree, part, step)
        said += work.gone + work.saved
        if work.failed:
            raise Failed('change set %s, which %s' % (part.name, was), 'it could not be undone: %s' % (
                '; '.join(work.failed)))
        said.insert(0, 'change set %s %s: it has been undone first' % (part.name, was))
    return said


def tidy(tree, store, step):
    """Takes away the boot hooks of parts that wait no longer."""
    for part in store.parts():
        if part.state in ('applied', 'undone') and part.record['confirm'] and deadline.has_hooks(tree, part):
            work = Undo(tree, part, step=step)
            if not work.run(hooks_only=True):
                raise Failed('boot hook of %s' % part.name, '; '.join(work.failed))
