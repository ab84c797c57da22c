# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation behind sysctl_policy: many settings as one transaction."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import time

from ..errors import Failed, Refused
from ..parsers.sysctl_value import same
from ..readers.procfs import read_uptime
from ..readers.root import open_root
from ..transaction import announce, arming, plan, plan_files, recovery
from ..transaction.carry import apply_items
from ..transaction.change_set import SCHEMA, STATE_DIR, Store, checked_id
from ..transaction.lock import Lock
from ..transaction.places import HOST, Gone, Places, boot_id
from ..transaction.undisturbed import Undisturbed


def run(arguments, step=lambda name: None, live=None, now=time.time):
    """{'changed', 'change_set', 'changes', 'diff', 'notes', 'restored', 'not_restored'}.

    With 'failed' and 'msg' where something went wrong and all was undone at once.

    arguments: settings {key: value}, absent [key], file, change_set (id), namespaces [key or id or 'host'], root,
    state_dir, keep, confirm_timeout (s), reasons {key: text}, who (text), check_mode. step(name) is called after each
    single action. live: whether root is a running system; a test may say so of a directory. Raises Refused.
    """
    transaction = Transaction(arguments, step, live, now)
    try:
        return transaction.preview() if arguments.get('check_mode') else transaction.run()
    except Failed as exc:
        raise Refused('%s' % exc)


class Transaction(object):
    """One call of the operation."""

    def __init__(self, arguments, step, live, now):
        self.tree = open_root(arguments.get('root') or '/')
        self.live = self.tree.root == '/' if live is None else live
        self.request = plan.Request(arguments)
        self.id = checked_id(arguments.get('change_set'))
        self.store = Store(self.tree, arguments.get('state_dir') or STATE_DIR)
        self.keep = int(arguments.get('keep') or 0)
        self.timeout = float(arguments.get('confirm_timeout') or 0)
        self.who = (u'%s' % (arguments.get('who') or 'unknown'))[:200]
        self.step, self.now = step, now
        if self.timeout and not self.live:
            raise Refused('confirm_timeout: nothing runs in %s that could undo the change' % self.tree.root)

    def preview(self):
        """What run() would do now."""
        parts = self._open_parts()
        made = plan.make(self.tree, self.live, self.request, recovery.view(parts))
        made.notes[:0] = ['change set %s is unfinished: it would be undone first' % part.name for part in parts]
        return self._result(made, None, bool(parts) or not made.empty)

    def run(self):
        if not self._open_parts():
            made = plan.make(self.tree, self.live, self.request)
            if made.empty:
                return self._result(made, None, False)
        self.store.prepare(self.step)
        with Undisturbed(), Lock(self.store, self.who, self.id):
            self.store.sweep()
            recovery.tidy(self.tree, self.store, self.step)
            parts = self._open_parts()
            said = recovery.recover(self.tree, self.store, parts, self.step)
            made = plan.make(self.tree, self.live, self.request)
            made.notes[:0] = said
            if made.empty:
                return self._result(made, None, bool(parts))
            return self._carry_out(made)

    def _open_parts(self):
        if not self.store.exists():
            return []
        uptime, boot = read_uptime(self.tree, {}), boot_id(self.tree)
        waiting = [part for part in self.store.parts()
                   if part.state == 'pending' and part.id != self.id and not arming.expired(part, uptime, boot)]
        if waiting:
            raise Refused('change set %s waits for its confirmation: confirm it or roll it back first' % waiting[0].id)
        return recovery.open_parts(self.store, uptime, boot)

    def _carry_out(self, made):
        record, blobs, hooks = self._record(made)
        part = self.store.create(record, blobs, self.step)
        try:
            apply_items(self.tree, part, self.step, 0, hooks)
            if self.timeout:
                arming.start(self.tree, part)
                self.step('timer started')
            apply_items(self.tree, part, self.step, hooks)
            self._verify(made)
            part.move_to('pending' if self.timeout else 'applied')
            self.step('state %s' % part.state)
        except (Failed, Refused, OSError) as exc:
            return self._undone(made, part, exc)
        announce.say('%s: %d changes by %s%s' % (self.id, len(made.changes), self.who, self._until()))
        try:
            self.store.prune(self.keep, self.step)
        except Failed as exc:
            made.notes.append('an old change set could not be removed: %s' % exc)
        return self._result(made, part.id, True)

    def _until(self):
        return ', undone in %d s unless confirmed' % self.timeout if self.timeout else ''

    def _record(self, made):
        """(record, blobs, number of items that are there only while the part waits for its confirmation)."""
        items, blobs = [], {}
        name = self.store.next_name(self.id)
        hooks = []
        if self.timeout:
            hooks = arming.hooks(self.tree, self.store, name)
            blobs[arming.PROGRAM] = arming.program()
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
                  'boot_id': boot_id(self.tree), 'items': items, 'changes': made.changes, 'confirm': None}
        if self.timeout:
            record['confirm'] = arming.deadline(self.tree, self.timeout, self.now())
        return record, blobs, len(hooks)

    def _verify(self, made):
        """The kernel prints what was written, and the files resolve to it under both readers. Raises Failed."""
        places, by_place = Places(self.tree), {}
        for value in made.values:
            name = value['namespace']['key'] if value['namespace'] else HOST
            by_place.setdefault(name, []).append(value)
        for values in by_place.values():
            try:
                found = places.read(values[0]['namespace'], [value['key'] for value in values])
            except Gone as exc:
                made.notes.append('%s' % exc)
                continue
            for value in values:
                if found[value['key']] is None or not same(found[value['key']], value['after']):
                    raise Failed(value['key'], 'it reads %s after %s was written' % (
                        found[value['key']], value['after']))
        if HOST in self.request.names:
            complaint = plan_files.agrees(self.tree, made.wanted, made.gone, made.existing, made.release)
            if complaint:
                raise Failed('files', complaint)

    def _undone(self, made, part, cause):
        """The result of a change that failed and was undone at once."""
        work = recovery.undo(self.tree, part, self.step, {})
        try:
            part.note('undo.json', {'cause': '%s' % cause, 'restored': work.restored, 'failed': work.failed})
        except OSError:
            pass  # a full disk: the result says the same
        announce.say('%s: failed and undone: %s' % (part.id, cause))
        text = u'%s. ' % _text(cause)
        if work.failed:
            text += u'NOT everything could be restored: %s. The next run tries again' % u'; '.join(
                _text(reason) for reason in work.failed)
        else:
            text += u'Everything that had been changed before it (%d) is as it was; change set %s says so' % (
                len(work.restored), part.id)
        return dict(self._result(made, part.id, bool(work.failed)), failed=True, msg=text, changes=[], diff=[],
                    restored=work.restored, not_restored=[_text(reason) for reason in work.failed])

    @staticmethod
    def _result(made, change_set, changed):
        return {'changed': changed, 'change_set': change_set, 'changes': made.changes, 'diff': plan.diff(made),
                'notes': made.notes, 'restored': [], 'not_restored': []}


def _text(error):
    text = '%s' % error
    return text.decode('utf-8', 'replace') if isinstance(text, bytes) else text
