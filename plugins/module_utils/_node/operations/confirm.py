# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation behind sysctl_confirm: a change set that waits for its confirmation is kept."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Failed, Refused, shown
from ..readers.root import open_root
from ..transaction import deadline, recovery, syslog, unfinished
from ..transaction.ignore_hangup import IgnoreHangup
from ..transaction.lock import Lock
from ..transaction.state_dir import IN_FORCE, STATE_DIR, checked_id, needs_root
from ..transaction.store import Store

LATEST = 'latest'


def run(arguments, step=lambda name: None):
    """{'changed', 'change_set'}. arguments: change_set (id or latest), root, state_dir, who, check_mode.

    A node without the change set, or where it was confirmed before, is unchanged. Raises Refused where it is too late.
    """
    tree = open_root(arguments.get('root') or '/')
    wanted = arguments.get('change_set') or LATEST
    if wanted != LATEST:
        checked_id(wanted)
    who = (u'%s' % (arguments.get('who') or 'unknown'))[:200]
    try:
        store = Store(tree, arguments.get('state_dir') or STATE_DIR)
        if not store.exists():
            return {'changed': False, 'change_set': None}
        needs_root()
        if arguments.get('check_mode'):
            identifier, mine = _wanted(store, wanted)
            return _result(identifier, _waiting(identifier, mine))
        with IgnoreHangup():
            with Lock(store, who, wanted):
                return _confirm(tree, store, wanted, who, step)
    except (Failed, OSError) as exc:
        raise Refused('%s' % exc)


def _confirm(tree, store, wanted, who, step):
    identifier, mine = _wanted(store, wanted)
    now = deadline.clock(tree)
    if any(deadline.late(part, now) or deadline.given_up(part) for part in mine):
        parts = unfinished.whole(mine)
        notes = recovery.recover(tree, parts, step)[len(parts):]
        raise Refused('; '.join(['change set %s: the confirmation came too late, all of it has been undone' %
                                 identifier] + notes))
    waiting = _waiting(identifier, mine)
    for part in reversed(waiting):  # as long as the oldest waits, the time that runs out undoes all
        try:
            part.move_to('applied')  # from here on it is kept, whatever happens to the hook
        except OSError as exc:
            raise Failed('%s/change-sets/%s' % (store.state_dir, part.name), exc)
        step('%s confirmed' % part.name)
    try:
        recovery.tidy(tree, store.parts(), step)
    except (Failed, Refused, OSError) as exc:
        if not waiting:
            raise
        raise Refused(u'change set %s is kept, but what would have undone it is not all gone: %s' % (
            identifier, shown('%s' % exc)))
    for part in waiting:
        syslog.log_change('%s: confirmed by %s' % (part.name, who))
    return _result(identifier, waiting)


def _wanted(store, wanted):
    """(id or None, its parts, oldest first)."""
    parts = store.parts()
    identifier = wanted if wanted != LATEST else parts[-1].id if parts else None
    mine = [part for part in parts if part.id == identifier]
    return (identifier if mine else None), mine


def _waiting(identifier, mine):
    """The parts that wait. Raises Refused where the node has undone the set."""
    if any(part.record['confirm'] and part.state in ('undone', 'undoing') for part in mine) and not any(
            part.state in IN_FORCE for part in mine):
        raise Refused('change set %s has been undone: there is nothing to confirm' % identifier)
    return [part for part in mine if part.state == 'pending']


def _result(identifier, waiting):
    return {'changed': bool(waiting), 'change_set': identifier}
