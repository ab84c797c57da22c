# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One change as a transaction: recorded, carried out, verified; or undone at once."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Failed, Refused
from ..parsers.sysctl_value import same
from . import agreement, deadline, plan, syslog, unfinished
from .carry_out import apply_items
from .change_set import SCHEMA
from .ignore_hangup import IgnoreHangup
from .lock import Lock
from .namespace_identity import HOST, Gone, boot
from .places import Places
from .state_dir import STATE_DIR
from .store import Store


class Transaction(object):
    """One call of the operation `apply` that may change something; its arguments are checked."""

    def __init__(self, tree, live, request, arguments, step, now):
        self.tree, self.live, self.request, self.step, self.now = tree, live, request, step, now
        self.id = arguments['change_set']
        self.store = Store(tree, arguments.get('state_dir') or STATE_DIR)
        self.keep = int(arguments.get('keep') or 0)
        self.timeout = float(arguments.get('confirm_timeout') or 0)
        self.who = (u'%s' % (arguments.get('who') or 'unknown'))[:200]

    def preview(self):
        """What run() would do now."""
        parts = self._open_parts(self.store.parts())
        self._check_id()
        made = plan.make(self.tree, self.live, self.request, self._without(parts))
        made.notes[:0] = ['change set %s is unfinished: it would be undone first' % part.name for part in parts]
        return plan.result(made, None, bool(parts) or not made.empty)

    def run(self):
        self.store.prepare(self.step)
        with IgnoreHangup():
            with Lock(self.store, self.who, self.id):
                self.store.sweep()
                return self._attempt(*self._recover())

    def _recover(self):
        """(sentences, whether there was something to undo) of what earlier runs left unfinished: it is undone."""
        parts = self.store.parts()
        if unfinished.armed(self.tree, parts):
            from . import recovery
            recovery.tidy(self.tree, parts, self.step)
        parts = self._open_parts(parts)
        if not parts:
            return [], False
        from . import recovery  # much to compile, and most runs find nothing unfinished
        return recovery.recover(self.tree, parts, self.step), True

    def _without(self, parts):
        """What lies over the files and values that are there: what the undo of these parts will restore."""
        if not parts:
            return None
        from . import recovery
        return recovery.view(self.tree, parts)

    def _attempt(self, said, recovered):
        made = plan.make(self.tree, self.live, self.request)
        made.notes[:0] = said
        if made.empty:
            return plan.result(made, None, recovered)
        self._check_id()
        parts = self.store.parts()
        part, error = self._carry_out(made, parts)
        if not error:
            return self._kept(made, part, parts + [part])
        from . import failed_change  # much to compile, and few changes fail
        undone = failed_change.undone(self.tree, self.step, made, part, error)
        if not undone['not_restored'] and self.request.leave_out(error):
            self.store.remove(part, self.step)  # nothing of it is left, and the next one is the latest
            return self._attempt(said, recovered)
        return undone

    def _open_parts(self, parts):
        found = unfinished.open_parts(parts, deadline.clock(self.tree))
        waiting = [part for part in parts if part.state == 'pending' and part.id != self.id and part not in found]
        if waiting:
            raise Refused('change set %s waits for its confirmation: confirm it or roll it back first' % waiting[0].id)
        return found

    def _check_id(self):
        """What joins a set of which the node has undone a part could not be confirmed. Raises Refused."""
        if self.timeout and any(deadline.given_up(part) for part in self.store.parts() if part.id == self.id):
            raise Refused('change set %s was not confirmed in time and is undone: use another change_set' % self.id)

    def _carry_out(self, made, parts):
        """(the part, what kept it from being carried out and verified, or None); parts: all that are there before."""
        record, blobs, hooks = self._record(made, self.store.next_name(self.id, parts))
        part = self.store.create(record, blobs, parts, self.step)
        try:
            apply_items(self.tree, part, self.step, 0, hooks)
            if self.timeout:
                from . import arming
                arming.start(self.tree, part)
                self.step('timer started')
            apply_items(self.tree, part, self.step, hooks)
            self._verify(made)
            part.move_to('pending' if self.timeout else 'applied')
            self.step('state %s' % part.state)
        except (Failed, Refused, OSError) as exc:
            return part, exc
        return part, None

    def _kept(self, made, part, parts):
        syslog.log_change('%s: %d changes by %s%s' % (self.id, len(made.changes), self.who, self._until()))
        try:
            self.store.prune(parts, self.keep, self.step)
        except (Failed, Refused) as exc:
            made.notes.append('an old change set could not be removed: %s' % exc)
        return plan.result(made, part.id, True)

    def _until(self):
        return ', undone in %d s unless confirmed' % self.timeout if self.timeout else ''

    def _record(self, made, name):
        """(record, blobs, number of items that are there only while the part waits for its confirmation)."""
        items, blobs, hooks = [], {}, []
        if self.timeout:
            from . import arming, undo_archive  # much to compile: only with commit-confirm
            hooks = arming.hooks(self.tree, self.store, name)
            blobs[arming.PROGRAM] = undo_archive.program()
        for path in made.directories:
            items.append({'kind': 'directory', 'path': path})
        items += [dict(value, kind='value') for value in made.values]
        items = hooks + items + [dict(file, kind='file') for file in made.files]
        for index, item in enumerate(items):
            if item['kind'] == 'file':
                blobs['after-%d' % index] = item.pop('data')
                before = item.pop('before')
                if before is not None:
                    blobs['before-%d' % index] = before
                item.update(before=item.pop('before_meta'), after=item.pop('meta'),
                            temp='.nodetcp-paws-%d-%s' % (index, name.replace('+', '-')))
        record = {'schema': SCHEMA, 'id': self.id, 'time': int(self.now()), 'who': self.who, 'root': self.tree.root,
                  'boot_id': boot(self.tree), 'items': items, 'changes': made.changes, 'confirm': None}
        if self.timeout:
            record['confirm'] = deadline.deadline(self.tree, self.timeout, self.now())
        return record, blobs, len(hooks)

    def _verify(self, made):
        """All that is wanted is in force, also what differed from it only now, and the files resolve to it under both
        readers. Raises Failed."""
        places = Places(self.tree)
        for identity, wanted in made.running:
            try:
                found = places.read(identity, sorted(wanted))
            except Gone as exc:
                made.notes.append('%s' % exc)
                continue
            for key in sorted(wanted):
                if found[key] is None or not same(found[key], wanted[key]):
                    raise Failed(key, 'it reads %s and not %s after the change' % (found[key], wanted[key]))
        if HOST in self.request.names:
            complaint = agreement.agrees(self.tree, made)
            if complaint:
                raise Failed('files', complaint)
