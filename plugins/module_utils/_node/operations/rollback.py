# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation behind sysctl_rollback: a person orders the undo of one change set."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Failed, Refused
from ..readers.root import open_root
from ..transaction import deadline, recovery, syslog, unfinished
from ..transaction.carry_out import KEEP, place_of
from ..transaction.diff import text
from ..transaction.ignore_hangup import IgnoreHangup
from ..transaction.lock import Lock
from ..transaction.namespace_identity import HOST, same_boot
from ..transaction.rollback_decision import decide, rank, thing
from ..transaction.state_dir import IN_FORCE, STATE_DIR, checked_id, needs_root
from ..transaction.store import Store
from ..transaction.undo import Undo, unlike

LATEST = 'latest'


def run(arguments, step=lambda name: None, live=None):
    """{'changed', 'change_set', 'restored', 'held', 'drifted', 'notes', 'diff'}; 'failed' and 'msg' where refused.

    arguments: change_set (id or latest), force, restore_unsafe, root, state_dir, who, check_mode. A node without the
    change set is unchanged. step(name) is called after each single action. Raises Refused.
    """
    try:
        rollback = Rollback(arguments, step, live)
        if not rollback.store.exists():
            return rollback.result(None)
        needs_root()
        if arguments.get('check_mode'):
            return rollback.preview()
        with IgnoreHangup():
            with Lock(rollback.store, rollback.who, rollback.wanted):
                rollback.store.sweep()
                recovery.tidy(rollback.tree, rollback.store.parts(), step)
                return rollback.run()
    except (Failed, OSError) as exc:
        raise Refused('%s' % exc)


class Rollback(object):
    """One call of the operation."""

    def __init__(self, arguments, step, live):
        self.tree = open_root(arguments.get('root') or '/')
        self.live = self.tree.root == '/' if live is None else live
        self.store = Store(self.tree, arguments.get('state_dir') or STATE_DIR)
        self.wanted = arguments.get('change_set') or LATEST
        if self.wanted != LATEST:
            checked_id(self.wanted)
        self.force, self.unsafe = bool(arguments.get('force')), bool(arguments.get('restore_unsafe'))
        self.who = (u'%s' % (arguments.get('who') or 'unknown'))[:200]
        self.step = step
        self.notes, self.diff, self.held_before, self.unable = [], [], [], []

    def preview(self):
        """What run() would do now; an unfinished set would be undone first, which is not looked through."""
        open_parts = self._open_parts()
        self.notes += ['change set %s is unfinished: it would be undone first' % part.name for part in open_parts]
        identifier, decisions = self._decide(open_parts)
        refused = self._refused(identifier, decisions)
        if refused:
            return refused
        restored = []
        states = {}
        for decision in decisions:
            work = Undo(self.tree, decision.part, decision.targets)
            restored += self._would_restore(work, states)
            self.notes += work.stay()
        self.notes += ['it would not be restored: %s' % reason for reason in self.unable]
        return self.result(identifier, decisions, restored, bool(open_parts or restored))

    def run(self):
        open_parts = self._open_parts()
        self.notes += recovery.recover(self.tree, open_parts, self.step, self.force)
        identifier, decisions = self._decide(())
        refused = self._refused(identifier, decisions)
        if refused:
            return refused
        works = [Undo(self.tree, decision.part, decision.targets, self.step, decision.ours) for decision in decisions]
        states, last = {}, max([rank(part) for part in self.store.parts()] + [0])
        for number, decision in enumerate(decisions):
            self._would_restore(works[number], states)
            self._record(decision, works[number], last + 1 + number)
        again = any(decision.part.state == 'undone' for decision in decisions)
        recovery.undo_all(works)
        if again:
            self._take_away_directories()
        restored = [entry for work in works for entry in work.restored]
        failed = [reason for work in works for reason in work.failed]
        self.notes += [note for work in works for note in work.gone + work.saved if note not in self.notes]
        if decisions:
            syslog.log_change('%s: rolled back by %s: %d restored, %d held back' % (
                identifier, self.who, len(restored), sum(len(decision.held) for decision in decisions)))
        result = self.result(identifier, decisions, restored, bool(open_parts or restored))
        if failed:
            result.update(failed=True, msg='not everything could be restored: %s. The next run tries again. %s' % (
                '; '.join(failed), recovery.WAY_OUT))
        return result

    def _take_away_directories(self):
        """Those of parts that were undone while a file that was held back lay in them."""
        for part in reversed(self.store.parts()):
            if part.state == 'undone':
                Undo(self.tree, part, step=self.step).run('directory')

    def _open_parts(self):
        return unfinished.open_parts(self.store.parts(), deadline.clock(self.tree))

    def _decide(self, open_parts):
        """(id or None, [Decision], newest first) for the parts of the wanted set that are in force.

        What an unfinished part has touched is no drift: it will be undone first.
        """
        parts = self.store.parts()
        if not parts:
            return None, []
        identifier = parts[-1].id if self.wanted == LATEST else self.wanted
        mine = [part for part in reversed(parts) if part.id == identifier]
        without = [part.name for part in open_parts]
        decisions, over, seen = [], {}, set(thing(item) for part in open_parts for item in part.record['items'])
        for part in mine:
            if part.name in without or not self._in_force(part):
                self.held_before += self._held_by(part)
                continue
            newer = [other for other in parts if other.record['seq'] > part.record['seq'] and other.id != identifier
                     and other.state in IN_FORCE]
            undone = [other for other in parts if other.state == 'undone']
            decision = decide(self.tree, self.live, part, newer, undone, over, self.unsafe)
            things = [thing(item) for item in part.record['items']]
            decision.drifted = [drift for drift in decision.drifted if drift['newer'] or _thing_of(drift) not in seen]
            seen.update(things)
            decisions.append(decision)
        return (identifier if mine else None), decisions

    def _in_force(self, part):
        if part.state == 'undone':  # once more only for what was held back
            return self.unsafe and bool(self._held_by(part))
        return part.state in IN_FORCE

    def _held_by(self, part):
        """What the last rollback of an undone part held back. A boot decides about running values anew."""
        held = (part.read_note('undo.json') or {}).get('held', []) if part.state == 'undone' else []
        return held if same_boot(self.tree, part.record) else [each for each in held if each['what'] == 'file']

    def _refused(self, identifier, decisions):
        drifted = [drift for decision in decisions for drift in decision.drifted]
        if not drifted or self.force:
            return None
        said = [_said(drift) for drift in drifted]
        return dict(self.result(identifier, decisions, [], False), failed=True,
                    msg='somebody has changed the same since change set %s: %s. Nothing was touched; force rolls back '
                        'all the same' % (identifier, ', '.join(said)))

    def _would_restore(self, work, states):
        """The restored list of an undo that has not happened; adds to the diff.

        states {thing: its state} as the undo of newer parts leaves them; it is brought up to date.
        """
        restored, items = [], work.part.record['items']
        for index in range(len(items) - 1, -1, -1):
            item = items[index]
            if item['kind'] == 'directory' or item.get('hook'):
                continue
            try:
                target = work.target(index, item)
                if target is KEEP:
                    continue
                now = states[thing(item)] if thing(item) in states else work.present(item)
                states[thing(item)] = target if work.acts(target, now) else now
                if work.acts(target, now):
                    restored.append(work.entry(item, target))
                    self._show_change(item, now, target)
            except Failed as exc:
                name = item.get('path')
                self.unable.append('%s' % (Failed(name, exc) if name else exc))
        return restored

    def _show_change(self, item, now, target):
        if item['kind'] == 'file':
            self.notes += unlike(item) if target[0] is not None else []
            return self._show(item['path'], now[0], target[0])
        place, line = place_of(item), item['key'] + ' = %s\n'
        header = 'running values' if place == HOST else 'running values of %s' % place
        return self._show(header, (line % now).encode('utf-8'), (line % target).encode('utf-8'))

    def _show(self, header, before, after):
        self.diff.append({'before_header': header, 'after_header': header,
                          'before': text(before),
                          'after': text(after)})

    def _record(self, decision, work, number):
        """Notes the decision first, so that whoever finishes an interrupted undo keeps to it.

        Where that cannot be, a part with something to hold back keeps its state, so that no other undo touches it.
        """
        note, blobs = decision.note()
        try:
            for name in sorted(blobs):
                decision.part.write(name, blobs[name])
                self.step('%s recorded' % name)
            decision.part.note('undo.json', dict(note, who=self.who, rank=number))
            self.step('decision recorded')
        except OSError as exc:
            work.stays = bool(decision.targets)
            said = Failed('%s/change-sets/%s' % (self.store.state_dir, decision.part.name), exc)
            self.notes.append('what was decided could not be noted: %s%s' % (
                said, '. So change set %s stays %s: roll it back again once that is mended' % (
                    decision.part.name, decision.part.state) if work.stays else ''))

    def result(self, identifier, decisions=(), restored=(), changed=False):
        held = self.held_before + [entry for decision in decisions for entry in decision.held]
        drifted = [entry for decision in decisions for entry in decision.drifted]
        return {'changed': changed, 'change_set': identifier, 'restored': list(restored), 'held': held,
                'drifted': drifted, 'notes': self.notes, 'diff': self.diff}


def _said(drift):
    """A drift as the message names it."""
    why = 'change set %s' % drift['newer'] if drift['newer'] else drift['found'] if drift['what'] == 'file' else None
    return '%s%s' % (drift['file'] or '%s in %s' % (drift['key'], drift['namespace']), ' (%s)' % why if why else '')


def _thing_of(drift):
    return ('value', drift['namespace'], drift['key']) if drift['what'] == 'running' else ('file', drift['file'])
