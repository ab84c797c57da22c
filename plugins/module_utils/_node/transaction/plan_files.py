# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to change in files so that all readers of persisted settings agree with a request. Writes nothing.

Everything is tried on an Overlay and asked of persisted.observe() until every reader resolves to what is wanted, so the
plan follows from the readers' model and from no second idea of precedence.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import posixpath

from ..errors import Refused, shown
from ..parsers import sysctl_edit
from ..readers import initramfs
from . import file_traits, files
from .agreement import named, observed, winners
from .overlay import Overlay
from .record import NOT_OURS
from .xattrs import OF_CONTENT

MAX_ROUNDS = 64  # each round takes at least one line out of the readers' sight


class FilePlan(object):
    """`overlay.files` {path: bytes} is what is to be written; `changes` tells each line; `notes` are sentences."""

    def __init__(self, tree, file, plan, files=()):
        self.overlay = Overlay(tree.root, files)
        self.asked, self.file = file, shown(self.overlay.resolve(file))
        self.plan = plan
        self.changes, self.notes = [], []

    def bring_in(self, wanted):
        """Every reader resolves each key of `wanted` [(key, value, reason)] to its value. Refused, Unreadable."""
        for number in range(MAX_ROUNDS):
            found = self.observe([key for key, _value, _reason in wanted])
            wrong = [(setting, entries) for setting in wanted for entries in [self._winners(found, setting)]
                     if entries]
            if not wrong:
                return
            for setting, entries in wrong:
                if number == 0:
                    self._persist(*setting)
                for winner in entries + (self._hiding(found, setting[0]) if number and None in entries else []):
                    if winner and winner['file'] != self.file and (number or not self._is_foreign(winner['file'])):
                        from . import plan_lines  # few lines are in the way
                        plan_lines.disable(self, setting, winner, number)
        (key, value, _reason), entries = wrong[0]
        raise Refused('%s = %s cannot be made to win from %s: %s' % (key, value, self.asked, named(entries)))

    @staticmethod
    def _hiding(found, key):
        """The lines that the kernel refuses: one that systemd reads last hides the line that we wrote from it."""
        lines = found[key]['definitions'] if key in found else ()
        return [line for line in lines if line['status'] == 'refused' and line['form'] != 'glob']

    def observe(self, keys):
        """agreement.observed() of the files as they are after the changes so far."""
        return observed(self.overlay, list(keys), self.plan.existing, self.plan.release)

    def _winners(self, found, setting):
        return winners(found, setting, self.plan.unread)

    def _is_foreign(self, file):
        return shown(self.overlay.resolve(file)).startswith(NOT_OURS)

    def _persist(self, key, value, reason):
        if self.file.startswith(NOT_OURS):
            raise Refused('file: %s leads to %s, which is not written' % (self.asked, self.file))
        after, line, before = sysctl_edit.persisted(self.overlay.read_bytes(self.file), key, value, reason)
        self.overlay.files[self.file] = after
        self.note('persisted', key, self.file, line, before, sysctl_edit.line_of(after, line), reason, self.file)

    def note(self, what, key, file, line, before, after, reason, source):
        """Adds a change for people; source: the file that led to `file`, of which a link may have led on."""
        change = {'what': what, 'key': key, 'file': file, 'line': line, 'before': before, 'after': after,
                  'reason': reason}
        if shown(self.overlay.resolve(source)) != file:
            change['overrides'] = source
        self.changes.append(change)


def plan_files(tree, request, plan, over):
    """Adds to the plan what has to change in files; over {path: bytes or None} lies over what is there."""
    work = FilePlan(tree, request.file, plan, over)
    if plan.gone:
        from . import plan_lines  # few settings are to go
        plan_lines.take_out(work, plan.gone)
    work.bring_in(plan.wanted)
    if request.module_rules:
        from . import module_rules
        module_rules.bring_in(work, plan.wanted)
    plan.changes += work.changes
    plan.notes += work.notes
    for path in sorted(work.overlay.files, key=lambda path: (path != work.file, path)):
        data = work.overlay.files[path]
        if data is None:
            continue
        # What an undo will have put there counts, whatever lies there until then.
        unread = []
        before, meta = (over[path], None) if path in over else files.snapshot(tree.real(path), path, unread)
        if before == data:
            continue
        plan.notes += file_traits.notes(tree.real(path), path, unread) if meta else []
        plan.files.append(dict({'unread': unread} if unread else {}, path=path, data=data, before=before,
                               before_meta=meta, meta=_meta_of(tree, path, before, meta, work.changes)))
        needed = files.missing(tree, posixpath.dirname(path))
        plan.directories += [part for part in needed if part not in plan.directories]
    plan.notes += initramfs.notes(tree, plan.release, work.changes)


def _meta_of(tree, path, before, meta, changes):
    """Owner and mode of a file after the change: its own, or those of the file that it replaces."""
    if before is not None and meta is not None:
        return dict(meta, xattrs=dict((name, value) for name, value in meta['xattrs'].items()
                                      if name not in OF_CONTENT))
    for change in changes:
        if change['file'] == path and 'overrides' in change:
            _data, source = files.snapshot(tree.real(tree.resolve(change['overrides'])), change['overrides'])
            return dict(source, xattrs={})
    return dict(files.NEW_FILE)
