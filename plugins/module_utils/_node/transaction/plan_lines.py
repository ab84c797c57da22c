# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of files that are in the way of a plan: taken out, or overridden. `work` is its FilePlan. Writes nothing."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import posixpath

from ..errors import Refused, shown
from ..parsers import sysctl_conf, sysctl_edit
from ..readers import sysctl_places
from .agreement import counts, named
from .record import NOT_OURS

OVERRIDES = '/etc/sysctl.d'
MAX_ROUNDS = 64  # each round takes at least one line out of the readers' sight


def take_out(work, gone):
    """No line that is read names the keys of `gone` {key: reason} any longer."""
    left = set()  # lines that stay
    for _round in range(MAX_ROUNDS):
        lines = {}
        for key, found in work.observe(gone).items():
            for line in found['definitions']:
                place = (line['file'], line['line'], key)
                if counts(line) and place not in left:
                    lines.setdefault(line['file'], set()).add((line['line'], key, line['form']))
        if not lines:
            return
        for file in sorted(lines):
            _remove(work, file, lines[file], gone, left)


def disable(work, setting, winner, number):
    """Makes the line that wins over a setting a comment: `winner` as of agreement.winners(). Raises Refused.

    number: of the round; a glob may yet lose in the first.
    """
    key, value, reason = setting
    if sysctl_conf.is_glob(_key_at(work, winner, key)):
        if number:
            raise Refused('%s = %s cannot be made to win over the glob in %s' % (key, value, named([winner])))
        return
    path, data = _text(work, winner['file'])
    after = data if path is None else sysctl_edit.disable(data, set([(winner['line'], key)]))
    if after == data:
        raise Refused('%s = %s cannot be made to win over %s' % (key, value, named([winner])))
    work.note('disabled', key, path, winner['line'], sysctl_edit.line_of(data, winner['line']),
              sysctl_edit.line_of(after, winner['line']), reason, winner['file'])
    work.overlay.files[path] = after


def _remove(work, file, lines, gone, left):
    path, data = _text(work, file)
    named = set((line, key) for line, key, form in lines if form != 'glob' and path)
    for line, key, form in sorted(lines):
        if form == 'glob' or not path:
            left.add((file, line, key))
            work.notes.append('%s:%d still sets %s: %s' % (
                file, line, key, 'a glob stays' if form == 'glob' else 'the file belongs to the system'))
    if not named:
        return
    after = sysctl_edit.remove(data, named)
    if after == data:
        raise Refused('%s: the lines of %s could not be taken out: edit it by hand' % (
            file, ', '.join(sorted(key for _line, key in named))))
    for line, key in sorted(named):
        work.note('removed', key, path, line, sysctl_edit.line_of(data, line), None, gone[key], file)
    work.overlay.files[path] = after


def _text(work, file):
    """(path to write, its present text) for an edit of `file`: of a file not ours, the one that replaces it."""
    path = shown(work.overlay.resolve(file))
    data = work.overlay.read_bytes(path)
    if data is None:
        raise Refused('%s: its name is not UTF-8 or it is gone: edit it by hand' % path)
    if not path.startswith(NOT_OURS):
        return path, data
    target = posixpath.join(OVERRIDES, posixpath.basename(path))
    known = [shown(work.overlay.resolve(place)) for place in sysctl_places.DIRECTORIES]
    if posixpath.dirname(path) not in known or work.overlay.lstat(target) is not None:
        return None, data
    return target, data


def _key_at(work, winner, key):
    """The key or glob by which the winning line reaches `key`."""
    for entry in sysctl_conf.parse(work.overlay.read_bytes(winner['file']) or b''):
        if entry['line'] == winner['line'] and entry['key'] == key:
            return key
    return '*'
