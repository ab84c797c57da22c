# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation behind sysctl_change_set_info: what the store of a node says, with before and after."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Failed, Refused, shown
from ..readers.root import open_root
from ..transaction.change_set import ChangeSets
from ..transaction.state_dir import STATE_DIR, STATES, checked_id, needs_root

LATEST = 'latest'
RECORD_MAX = 50


def run(arguments):
    """{'change_sets': [{id, time, state, who, root, changes, held, confirm_until}]}, newest first.

    arguments: change_set (id, latest or none: all), root, state_dir. Raises Refused where the store is not to be
    trusted.
    """
    wanted = arguments.get('change_set')
    if wanted and wanted != LATEST:
        checked_id(wanted)
    try:
        store = ChangeSets(open_root(arguments.get('root') or '/'), arguments.get('state_dir') or STATE_DIR)
        if store.exists():
            needs_root()
        found = grouped(store.parts())
    except (Failed, OSError) as exc:
        raise Refused('%s' % exc)
    if wanted == LATEST:
        found = found[:1]
    elif wanted:
        found = [each for each in found if each['id'] == wanted]
    return {'change_sets': found}


def grouped(parts):
    """The change sets of parts, newest first. The state of a set is that of its part that most needs attention."""
    sets, ids = {}, []
    for part in parts:
        one = sets.get(part.id)
        if one is None:
            one = sets[part.id] = {'id': part.id, 'changes': [], 'held': [], 'state': 'undone', 'confirm_until': None}
        else:
            ids.remove(part.id)
        ids.append(part.id)
        one['state'] = min(one['state'], part.state, key=STATES.index)
        one.update((name, part.record[name]) for name in ('time', 'who', 'root'))
        one['changes'] += part.record['changes']
        if part.state == 'undone':
            one['held'] += (part.read_note('undo.json') or {}).get('held') or []
        if part.state == 'pending':
            until = part.record['confirm']['until']  # the first time that runs out undoes them all
            one['confirm_until'] = min(one['confirm_until'] or until, until)
    return [sets[each] for each in reversed(ids)]


def observe(tree, unavailable):
    """The `change_sets` part of a node record: [{id, time, state, changes (their number)}], the newest first.

    A store that cannot be read or is not to be trusted goes into `unavailable`.
    """
    try:
        return listed(ChangeSets(tree, STATE_DIR).parts())
    except (Refused, Failed, OSError) as exc:
        unavailable[STATE_DIR] = shown('%s' % exc)
        return []


def listed(parts):
    """The change sets of parts as a record has them."""
    return [{'id': each['id'], 'time': each['time'], 'state': each['state'], 'changes': len(each['changes'])}
            for each in grouped(parts)[:RECORD_MAX]]
