# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation `forget`: every trace of the collection leaves a node whose change sets are undone."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

from ..errors import Failed, Refused
from ..readers.root import open_root
from ..transaction import deadline, files, recovery, syslog, unfinished
from ..transaction.ignore_hangup import IgnoreHangup
from ..transaction.lock import Lock
from ..transaction.state_dir import STATE_DIR, needs_root
from ..transaction.store import Store


def run(arguments, step=lambda name: None):
    """{'changed', 'removed' [change set ids]}. arguments: keep_settings, root, state_dir, who, check_mode.

    Settings that are in force keep the store, unless keep_settings says that nobody will undo them. Raises Refused.
    """
    tree = open_root(arguments.get('root') or '/')
    try:
        store = Store(tree, arguments.get('state_dir') or STATE_DIR)
        if not store.exists():
            return {'changed': False, 'removed': []}
        needs_root()
        if arguments.get('check_mode'):
            return {'changed': True, 'removed': _removable(store.parts(), arguments)}
        with IgnoreHangup():
            with Lock(store, u'%s' % (arguments.get('who') or 'unknown'), 'forget'):
                store.sweep()
                recovery.tidy(tree, store.parts(), step)
                recovery.recover(tree, unfinished.open_parts(store.parts(), deadline.clock(tree)), step)
                parts = store.parts()
                ids = _removable(parts, arguments)
                for part in parts:
                    store.remove(part, step)
                store.remove_broken(step)
                _remove_store(store, step)
    except (Failed, OSError) as exc:
        raise Refused('%s' % exc)
    syslog.log_change('store removed with %d change sets' % len(ids))
    return {'changed': True, 'removed': ids}


def _removable(parts, arguments):
    """The ids of the change sets, oldest first. Raises Refused where one of them still matters."""
    waiting = sorted(set(part.id for part in parts if part.state == 'pending'))
    applied = sorted(set(part.id for part in parts if part.state == 'applied'))
    if waiting:
        raise Refused('change set %s waits for its confirmation: confirm it or roll it back first' % waiting[0])
    if applied and not arguments.get('keep_settings'):
        raise Refused('in force: %s. Roll back first, or keep the settings for good with keep_settings '
                      '(forget_keep_settings of the playbook)' % ', '.join(applied))
    ids = []
    for part in parts:
        ids += [] if part.id in ids else [part.id]
    return ids


def _remove_store(store, step):
    """The lock goes last: whoever waits for it finds that it is another file, or none."""
    try:
        if os.path.isdir(store.sets):
            os.rmdir(store.sets)
            step('change-sets removed')
        os.unlink(store.base + b'/lock')
        step('lock removed')
        os.rmdir(store.base)
        files.sync_directory(os.path.dirname(store.base))
    except OSError as exc:
        raise Failed(store.state_dir, exc)
