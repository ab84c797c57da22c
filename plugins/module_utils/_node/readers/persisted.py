# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which file decides a sysctl at the next boot, under systemd-sysctl and under procps `sysctl --system`.

Both read *.conf of the same directories, one file per base name, sorted by base name; procps then reads
/etc/sysctl.conf (sysctl.d(5), sysctl(8); src/sysctl/sysctl.c of systemd 252, src/sysctl.c of procps 4.0). SUSE puts the
file of the kernel package before all others. systemd collects all lines and writes each key once, procps line by line.
"""

from __future__ import absolute_import, division, print_function

from ..errors import Unreadable, shown
from ..parsers import sysctl_conf

__metaclass__ = type

DIRECTORIES = ('/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d', '/lib/sysctl.d')
LAST = '/etc/sysctl.conf'
MAX_FILES = 512  # per directory
MAX_GLOBS = 256  # different ones; each costs a regular expression
MAX_DEFINITIONS = 24  # per key in the record
MAX_VALUE = 256  # characters


def observe(tree, keys, exists, release, unavailable):
    """The `persisted` part of the record: {key: {effective: {systemd, procps}, definitions: [...]}}.

    Only keys with lines are in it. `keys` are canonical, `exists` those this kernel has (globs reach no others),
    `release` the kernel's or None. What cannot be read goes into `unavailable` {path: reason}; raises nothing.
    """
    files = _Files(tree, unavailable)
    replaced, chosen = _choose(tree, files, unavailable)
    kernel = '/boot/sysctl.conf-%s' % release
    first = files.entries(kernel) if release and '/' not in release else []
    systemd, procps = list(first), list(first)
    for name in sorted(chosen):
        procps += chosen[name]
        if not name.startswith('.'):  # systemd passes over hidden files
            systemd += chosen[name]
    procps += files.entries(LAST)
    table, by_key, left = _table(systemd), _by_key(procps), _by_key(replaced)
    globs = sorted(key for key in set(by_key) | set(left) if sysctl_conf.is_glob(key))
    if len(globs) > MAX_GLOBS:
        unavailable['persisted globs'] = '%d of %d not followed' % (len(globs) - MAX_GLOBS, len(globs))
    found = {}
    for key in keys:
        names = [key] + [glob for glob in globs[:MAX_GLOBS] if key in exists and sysctl_conf.matches(glob, key)]
        winners = {'systemd': _systemd(table, key, names), 'procps': _procps(procps, by_key, key, names)}
        lines = _definitions(_assigned(by_key, names), _assigned(left, names), winners)
        if lines:
            places = dict((name, entry and _shown(entry, 'value', 'file', 'line')) for name, entry in winners.items())
            found[key] = {'effective': places, 'definitions': _bounded(key, lines, unavailable)}
    return found


class _Files(object):
    """Entries per file, each real file read once, whatever links lead to it."""

    def __init__(self, tree, unavailable):
        self.tree, self.unavailable, self.known = tree, unavailable, {}

    def entries(self, path):
        try:
            link = self.tree.readlink(path) is not None
            real = self.tree.resolve(path) if link else path
            if real not in self.known:
                self.known[real] = self._read(path, real, link)
            return self.known[real]
        except Unreadable as exc:
            self.unavailable[shown(path)] = exc.reason
            return []

    def _read(self, path, real, link):
        if real == '/dev/null':  # the mask of sysctl.d(5); a captured tree need not have the device
            return []
        text = self.tree.read(real)
        if text is None and link:
            self.unavailable[shown(path)] = 'dangling link'
        entries = sysctl_conf.parse(text or '')
        for entry in entries:
            entry['file'] = shown(real)
        return entries


def _choose(tree, files, unavailable):
    """(entries of replaced files, {base name: entries of the file that counts}); a linked directory counts once."""
    seen, chosen, replaced = set(), {}, []
    for directory in DIRECTORIES:
        try:
            found = tree.stat(directory)
            if found is None or (found.st_dev, found.st_ino) in seen:
                continue
            seen.add((found.st_dev, found.st_ino))
            names = [name for name in tree.listdir(directory) if name.endswith('.conf')]
        except Unreadable as exc:
            unavailable[directory] = exc.reason
            continue
        if len(names) > MAX_FILES:
            unavailable[directory] = '%d of %d files not read' % (len(names) - MAX_FILES, len(names))
        for name in names[:MAX_FILES]:
            entries = files.entries(directory + '/' + name)
            if name in chosen:
                replaced += entries
            else:
                chosen[name] = entries
    return replaced, chosen


def _table(entries):
    """systemd's table of lines, {name: (place, entry)}: another value moves a name to the end, the same does not."""
    table = {}
    for place, entry in enumerate(entries):
        old = table.get(entry['key'])
        stays = old is not None and old[1]['value'] == entry['value']
        table[entry['key']] = (old[0] if stays else place, entry)
    return table


def _by_key(entries):
    groups = {}
    for entry in entries:
        groups.setdefault(entry['key'], []).append(entry)
    return groups


def _assigned(groups, names):
    return [entry for name in names for entry in groups.get(name, ()) if entry['value'] is not None]


def _systemd(table, key, names):
    """The entry that decides `key` or None: its own name beats every glob, also as an exclusion; else the last glob."""
    found = [table[key]] if key in table else [table[name] for name in names if name in table]
    placed = sorted((place, entry) for place, entry in found if entry['value'] is not None)
    return placed[-1][1] if placed else None


def _procps(entries, by_key, key, names):
    """The entry written last that the kernel takes: a refused value leaves the number written before it."""
    writes = _assigned(by_key, [key])
    if key not in by_key and len(names) > 1:  # an exclusion by name stops globs, one by glob does in no common release
        writes = [entry for entry in entries if entry['value'] is not None and entry['key'] in names]
    numbers = [entry for entry in writes if sysctl_conf.first_int(entry['value']) is not None]
    return (numbers or writes or [None])[-1]


def _definitions(read, replaced, winners):
    """Each line once, with its status; `read` are the lines that at least one reader reads."""
    lines, seen = [], set()
    rest = 'shadowed' if any(winners.values()) else 'ignored'
    for entry, otherwise in [(entry, rest) for entry in read] + [(entry, 'replaced') for entry in replaced]:
        place = (entry['file'], entry['line'])
        if place not in seen:
            seen.add(place)
            status = 'effective' if any(entry is winner for winner in winners.values()) else otherwise
            lines.append(dict(_shown(entry, 'file', 'line', 'value', 'form'), status=status))
    return lines


def _shown(entry, *fields):
    shape = dict((field, entry[field]) for field in fields)
    shape['value'] = shape['value'][:MAX_VALUE]
    return shape


def _bounded(key, lines, unavailable):
    if len(lines) <= MAX_DEFINITIONS:
        return lines
    unavailable['persisted ' + key] = '%d of %d lines left out' % (len(lines) - MAX_DEFINITIONS, len(lines))
    lines = sorted(lines, key=lambda line: line['status'] != 'effective')  # stable: the winners stay
    return lines[:MAX_DEFINITIONS]
