# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What in a rollback needs a decision: drift, newer change sets, and settings that are held back as unsafe."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Failed
from ..keys import RECYCLE
from ..parsers import sysctl_conf, sysctl_edit
from ..parsers.release import parse_release
from ..parsers.sysctl_value import same, taken, visible
from ..readers import persisted, sysctl_files
from ..readers.procfs import read_kernel
from . import files, plan
from .carry_out import KEEP, place_of
from .namespace_identity import read, same_boot
from .overlay import Overlay
from .record import digest
from .undo import Undo

REASON = u'held back by a rollback: with it on, SYNs are dropped'


def thing(item):
    return ('value', place_of(item), item['key']) if item['kind'] == 'value' else (item['kind'], item['path'])


class Decision(object):
    """What the rollback of one part restores: targets for Undo, held and drifted as the result lists them."""

    def __init__(self, part):
        self.part = part
        self.targets, self.held, self.drifted = {}, [], []
        self.done, self.ours = set(), []  # items that an earlier undo has restored; texts that it left in files

    def note(self):
        """(note, blobs) from which recovery.targets_of() makes the targets again."""
        keep = [index for index, target in self.targets.items() if target is KEEP]
        instead = [(index, target) for index, target in self.targets.items() if target is not KEEP]
        blobs = dict(('held-%d' % index, target[0]) for index, target in instead)
        return ({'keep': sorted(keep), 'instead': sorted([index, target[1]] for index, target in instead),
                 'held': self.held, 'digests': dict((name, digest(blobs[name])) for name in blobs)}, blobs)


def decide(tree, live, part, newer, undone, over, unsafe):
    """The Decision for a part. newer: parts of later time that are in force; undone: the parts that are undone.

    over {path: bytes}: what will be there; it is brought up to date with what this part's undo leaves.
    """
    decision = Decision(part)
    this_boot = same_boot(tree, part.record)
    has_key, release = _has_recycle(tree, live)
    if part.state == 'undone':
        _only_held(decision, undone)
    now = _restore_files(tree, decision, over)
    if has_key and not unsafe:
        if this_boot:
            _hold_values(decision)
        _hold_lines(decision, over)
        _hold_winner(tree, decision, now, over, release)
    work = Undo(tree, part, decision.targets)
    for index, item in enumerate(part.record['items']):
        drift = None if index in decision.done else _drift(work, index, item, decision, undone)
        decision.drifted += [drift] if drift else []
    decision.drifted += _touched(decision, newer, this_boot)
    return decision


def _only_held(decision, undone):
    """Of a part that is undone only what was held back is left to restore.

    An older part that was undone after it has taken over the files of both: it knows what was there before both.
    """
    part = decision.part
    note = part.read_note('undo.json')
    held = note['keep'] + [index for index, _meta in note['instead']]
    later = [one for one in undone if one.record['seq'] < part.record['seq'] and rank(one) > rank(part)]
    for index, item in enumerate(part.record['items']):
        taken = item['kind'] == 'file' and any(_same_file(one, item['path']) for one in later)
        if index not in held or taken:
            decision.done.add(index)
            decision.targets[index] = KEEP


def rank(part):
    """The place of an undone part in the order in which persons' rollbacks undid them, 0 where another undo did."""
    return (part.read_note('undo.json') or {}).get('rank', 0) if part.state == 'undone' else 0


def _same_file(part, path):
    return [(index, item) for index, item in enumerate(part.record['items'])
            if item['kind'] == 'file' and item['path'] == path]


def _left(part, index, item):
    """[(bytes, meta)] of a file as a rollback of the part leaves it: all of it, and all but what was held back."""
    held = part.blob('held', index)
    return [(part.blob('before', index), item['before'])] + (
        [(held, item['before'] or item['after'])] if held is not None else [])


def _has_recycle(tree, live):
    """(whether a kernel here has tcp_tw_recycle, its release)."""
    if live:
        return read(tree, RECYCLE) is not None, read_kernel(tree, {})['release']
    return not plan.lost(RECYCLE, plan.image_versions(tree)), parse_release(None)['release']


def _on(value):
    return taken(RECYCLE, value) not in (0, None)


def _restore_files(tree, decision, over):
    """Brings `over` to what the part's files were before it. Returns {path: bytes or None} as they are until then."""
    now = {}
    for index, item in _files(decision):
        before, path = decision.part.readable('before', index), item['path']
        if before is None and item['before'] is not None:
            continue  # it stays, for what was there before is lost
        now[path] = over[path] if path in over else files.present(tree, path)[0]
        over[path] = before
    return now


def _files(decision):
    """[(index, item)] of the files that are to be restored."""
    return [(index, item) for index, item in enumerate(decision.part.record['items'])
            if item['kind'] == 'file' and not item.get('hook') and index not in decision.done]


def _hold_values(decision):
    """A running value that would switch recycling on again stays."""
    for index, item in enumerate(decision.part.record['items']):
        if item['kind'] == 'value' and item['key'] == RECYCLE and _on(item['before']) and index not in decision.done:
            decision.targets[index] = KEEP
            decision.held.append({'what': 'running', 'key': RECYCLE, 'namespace': place_of(item), 'file': None,
                                  'line': None, 'value': item['before']})


def _hold_lines(decision, over):
    """The lines of files that would set tcp_tw_recycle again stay comments."""
    for index, item in _files(decision):
        before = decision.part.readable('before', index) or b''
        lines = [entry for entry in sysctl_conf.parse(before)
                 if entry['key'] == RECYCLE and entry['value'] is not None and _on(entry['value'])]
        if not lines:
            continue
        after = sysctl_edit.disable(before, set((entry['line'], RECYCLE) for entry in lines))
        decision.targets[index] = (after, item['before'])
        over[item['path']] = after
        for entry in lines:
            decision.held.append({'what': 'file', 'key': RECYCLE, 'namespace': None, 'file': item['path'],
                                  'line': entry['line'], 'value': visible(RECYCLE, entry['value'])})


def _hold_winner(tree, decision, now, over, release):
    """Where another line (a glob, a file of a package) would win again, the file that overrides it keeps doing so.

    What nobody could read may have such a line. now {path: bytes or None}: the part's files before its undo.
    """
    unavailable = {}
    found = persisted.observe(Overlay(tree.root, over), [RECYCLE], set([RECYCLE]), release, unavailable).get(RECYCLE)
    winners = [entry for entry in (found or {'effective': {}})['effective'].values() if entry and _on(entry['value'])]
    unread = sysctl_files.unknown(unavailable)
    if unread:
        winners.append({'file': unread, 'line': None, 'value': u'nobody knows what: %s' % unavailable[unread]})
    file = [change['file'] for change in decision.part.record['changes']
            if change['what'] == 'persisted' and change['key'] == RECYCLE] or [
                path for path in sorted(now) if sysctl_edit.assignments(now[path] or b'', RECYCLE)
                and not sysctl_edit.assignments(over[path] or b'', RECYCLE)]
    if not winners or not file:
        return
    for index, item in enumerate(decision.part.record['items']):
        if item['kind'] == 'file' and item['path'] == file[0]:
            after = sysctl_edit.persist(over[file[0]], RECYCLE, '0', REASON)
            decision.targets[index] = (after, item['before'] or item['after'])
            over[file[0]] = after
            decision.held.append({'what': 'file', 'key': RECYCLE, 'namespace': None, 'file': winners[0]['file'],
                                  'line': winners[0]['line'], 'value': winners[0]['value']})


def _drift(work, index, item, decision, undone):
    """How a thing differs from what the part made of it and from what it is to become, or None."""
    found = None
    try:
        if item['kind'] == 'file' and not item.get('hook'):
            found = _drift_of_file(work, index, item, decision, undone)
        elif item['kind'] == 'value' and work.this_boot:
            found = _drift_of_value(work, item)
    except Failed:
        pass  # nothing tells what it was, or is; the undo says so, or keeps what is there
    return found and dict({'what': 'file', 'file': None, 'key': None, 'namespace': None, 'expected': None,
                           'newer': None}, **found)


def _drift_of_file(work, index, item, decision, undone):
    part, target = work.part, work.target(index, item)
    states = [(part.blob('after', index), item['after'])] + _left(part, index, item)
    if target is not KEEP:
        states.append(target)
    for other in undone:  # what began from one of these and was rolled back but for what is held back
        for number, its in _same_file(other, item['path']) if other.record['seq'] > part.record['seq'] else ():
            if _known((other.readable('before', number), its['before']), states):
                states += _left(other, number, its)
                decision.ours.append(states[-1][0])
    data, meta = work.present(item)
    if _known((data, meta), states):
        return None
    found = 'changed' if data is not None else 'replaced by %s' % meta['kind'] if meta else 'gone'
    return {'file': item['path'], 'found': found}


def _drift_of_value(work, item):
    now = work.present(item)
    if now is None or any(same(now, value) for value in (item['after'], item['before'])):
        return None
    return {'what': 'running', 'key': item['key'], 'namespace': place_of(item), 'expected': item['after'], 'found': now}


def _known(state, states):
    return any(state[0] == known[0] and _alike(state[1], known[1]) for known in states)


def _alike(one, two):
    """Whether owner and mode are the same; labels are the policy's business and may be given anew."""
    if one is None or two is None:
        return one is two
    return all(one[name] == two[name] for name in ('mode', 'uid', 'gid'))


def _touched(decision, newer, this_boot):
    """A drift entry for each thing that a newer change set in force has changed too."""
    mine = set(thing(item) for index, item in enumerate(decision.part.record['items'])
               if index not in decision.done and not item.get('hook') and (this_boot or item['kind'] != 'value'))
    found = []
    for other in newer:
        for item in other.record['items']:
            if thing(item) in mine and item['kind'] != 'directory':
                value = item['kind'] == 'value'
                found.append({'what': 'running' if value else 'file', 'file': None if value else item['path'],
                              'key': item.get('key'), 'namespace': place_of(item) if value else None,
                              'expected': None, 'found': None, 'newer': other.id})
    return found
