# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation behind sysctl_confirm: a change set that waits for its confirmation is kept."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Failed, Refused
from ..readers.procfs import read_uptime
from ..readers.root import open_root
from ..transaction import announce, arming, deadline, recovery
from ..transaction.change_set import Store
from ..transaction.lock import Lock
from ..transaction.places import boot_id
from ..transaction.state_dir import STATE_DIR, checked_id
from ..transaction.undisturbed import Undisturbed

LATEST = 'latest'


def run(arguments, step=lambda name: None):
    """{'changed', 'change_set'}. arguments: change_set (id or latest), root, state_dir, who, check_mode.

    A node without the change set, or where it was confirmed before, is unchanged. Raises Refused where it is too late.
    """
    tree = open_root(arguments.get('root') or '/')
    store = Store(tree, arguments.get('state_dir') or STATE_DIR)
    wanted = arguments.get('change_set') or LATEST
    if wanted != LATEST:
        checked_id(wanted)
    who = (u'%s' % (arguments.get('who') or 'unknown'))[:200]
    if not store.exists():
        return {'changed': False, 'change_set': None}
    try:
        if arguments.get('check_mode'):
            return _result(*_waiting(store, wanted))
        with Undisturbed(), Lock(store, who, wanted):
            return _confirm(tree, store, wanted, who, step)
    except Failed as exc:
        raise Refused('%s' % exc)


def _confirm(tree, store, wanted, who, step):
    uptime, boot = read_uptime(tree, {}), boot_id(tree)
    identifier, waiting = _waiting(store, wanted)
    late = [part for part in waiting if deadline.expired(part, uptime, boot)]
    if late:
        recovery.recover(tree, store, list(reversed(waiting)), step)
        raise Refused('change set %s: the confirmation came too late, it has been undone' % identifier)
    for part in waiting:
        try:
            part.move_to('applied')  # from here on it is kept, whatever happens to the hook
        except OSError as exc:
            raise Failed('%s/change-sets/%s' % (store.state_dir, part.name), exc)
        step('%s confirmed' % part.name)
    recovery.tidy(tree, store, step)
    for part in waiting:
        arming.disarm(part)
        announce.say('%s: confirmed by %s' % (part.name, who))
    return _result(identifier, waiting)


def _waiting(store, wanted):
    """(id or None, its parts that wait). Raises Refused where the node has undone it."""
    parts = store.parts()
    identifier = wanted if wanted != LATEST else parts[-1].id if parts else None
    mine = [part for part in parts if part.id == identifier]
    if any(part.record['confirm'] and part.state in ('undone', 'undoing') for part in mine) and not any(
            part.state in ('applied', 'pending') for part in mine):
        raise Refused('change set %s has been undone: there is nothing to confirm' % identifier)
    return (identifier if mine else None), [part for part in mine if part.state == 'pending']


def _result(identifier, waiting):
    return {'changed': bool(waiting), 'change_set': identifier}
