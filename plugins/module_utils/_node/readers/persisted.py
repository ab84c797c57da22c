# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which line of which file decides a sysctl at the next boot, under each reader of sysctl files.

systemd-sysctl and procps `sysctl --system` read *.conf of the same directories, one file per base name, sorted by base
name; procps then reads /etc/sysctl.conf (sysctl.d(5), sysctl(8); src/sysctl/sysctl.c of systemd 252, src/sysctl.c of
procps 4.0). SUSE puts the file of the kernel package before all others. systemd collects all lines and writes each key
once, so a last line that the kernel refuses leaves nothing of its key; procps writes line by line. Systems that boot
with scripts of their own have a third reader (boot_script.py).

/run is empty at a boot: its files and masks count for now alone.
"""

from __future__ import absolute_import, division, print_function

from ..parsers import sysctl_conf
from ..parsers.release import parse_release
from ..parsers.sysctl_value import taken, visible
from . import sysctl_files, sysctl_places

__metaclass__ = type

SYSTEMD, PROCPS, INITSCRIPTS = sysctl_conf.READERS + ('initscripts',)
MAX_GLOBS = 256  # different ones
MAX_DEFINITIONS = 24  # per key in the record
MAX_VALUE = 256  # characters


def observe(tree, keys, exists, release, unavailable, now=False):
    """The `persisted` part of the record: {key: {effective: {reader: {value, file, line} or None}, definitions: [..]}}.

    Only keys with lines are in it. `keys` are canonical, `exists` those this kernel has (globs reach no others),
    `release` the kernel's or None; `now`: what the readers would do now, with /run, not at the next boot. What cannot
    be read goes into `unavailable` {path: reason}; raises nothing.
    """
    files = sysctl_files.Files(tree, unavailable, now)
    loads = _loads(files, release)
    readers = dict((reader, _READERS[reader](loads[reader])) for reader in loads)
    lines = _Lines(loads, files)
    globs = sorted(key for key in lines.by_key if sysctl_conf.is_glob(key))
    followed = _followed(globs) if globs else []
    if len(globs) > len(followed):
        unavailable[sysctl_files.GLOBS] = '%d of %d not followed' % (len(globs) - len(followed), len(globs))
    found, version = {}, parse_release(release)['version']
    for key in keys:
        names = [key] + [glob for glob in followed if key in exists and sysctl_conf.matches(glob, key)]
        of_key = lines.named(names)
        if of_key:
            kernel = _Kernel(key, version)
            winners = dict((reader, readers[reader].winner(key, names, kernel)) for reader in readers)
            definitions = lines.definitions(of_key, winners, kernel)
            found[key] = {'effective': dict((reader, entry and kernel.shown(entry, 'file', 'line'))
                                            for reader, entry in winners.items()),
                          'definitions': _bounded(key, definitions, unavailable)}
    return found


def _followed(globs):
    from ..parsers.glob import MAX_GLOB  # as in sysctl_conf.py
    return [glob for glob in globs if len(glob) <= MAX_GLOB][:MAX_GLOBS]


def _loads(files, release):
    """{reader: [[File]]}: what each reader reads, in order; the files of one list it reads in one go."""
    kernel = sysctl_places.OF_KERNEL % release
    first = [files.at(kernel)] if release and '/' not in release else []
    listed, last = files.directories(), files.at(sysctl_places.LAST)
    loads = {  # systemd passes over hidden files
        SYSTEMD: [first + sysctl_files.by_name(file for file in listed if file.name[:1] != '.')],
        PROCPS: [first + sysctl_files.by_name(listed) + [last]]}
    if not files.booted_by_systemd():
        from . import boot_script  # few systems need it
        scripted = boot_script.loads(files, release)
        if scripted is not None:
            loads[INITSCRIPTS] = [[file] for file in scripted]
    return loads


class _Kernel(object):
    """What the kernel makes of the lines of one key."""

    def __init__(self, key, version):
        self.key, self.version = key, version

    def takes(self, entry):
        return taken(self.key, entry['value'], self.version) is not None

    def shown(self, entry, *fields):
        shape = dict((field, entry[field]) for field in fields)
        shape['value'] = visible(self.key, entry['value'])[:MAX_VALUE]
        return shape


class _Systemd(object):
    """systemd's table of lines, {name: (place, entry)}: another value moves a name to the end, the same does not."""

    def __init__(self, loads):
        self._table = {}
        for place, entry in enumerate(_entries(loads[0], SYSTEMD)):
            old = self._table.get(entry['key'])
            stays = old is not None and old[1]['value'] == entry['value']
            self._table[entry['key']] = (old[0] if stays else place, entry)

    def winner(self, key, names, kernel):
        """The entry that decides `key` or None: its own name beats every glob, also as an exclusion; else the last."""
        found = [self._table[name] for name in ([key] if key in self._table else names) if name in self._table]
        placed = sorted((place, entry) for place, entry in found if entry['value'] is not None and kernel.takes(entry))
        return placed[-1][1] if placed else None


class _Procps(object):
    """The lines that one run of sysctl writes, in their order."""

    def __init__(self, loads):
        self._by_key = {}
        for place, entry in enumerate(_entries(loads[0], PROCPS)):
            self._by_key.setdefault(entry['key'], []).append((place, entry))

    def winner(self, key, names, kernel):
        """The entry written last that the kernel takes: a refused value leaves what was written before it.

        An exclusion by name stops globs, one by glob does in no common release; 4.0 compares names as they are written.
        """
        own = any(entry['exact'] for _place, entry in self._by_key.get(key, ()))
        writes = sorted((place, entry) for name in names for place, entry in self._by_key.get(name, ())
                        if entry['value'] is not None and not (own and name != key and entry['exact']))
        written = [entry for _place, entry in writes if kernel.takes(entry)]
        return written[-1] if written else None


class _Scripts(object):
    """A script that runs sysctl for one file after the other."""

    def __init__(self, loads):
        self._runs = [_Procps([files]) for files in loads]

    def winner(self, key, names, kernel):
        written = [entry for entry in [run.winner(key, names, kernel) for run in self._runs] if entry]
        return written[-1] if written else None


_READERS = {SYSTEMD: _Systemd, PROCPS: _Procps, INITSCRIPTS: _Scripts}


def _entries(files, reader):
    return [entry for file in files for entry in file.read if reader in entry['by']]


class _Lines(object):
    """Every line of the files that were found, those that a reader reads first."""

    def __init__(self, loads, files):
        read = [file for reader in (PROCPS, SYSTEMD, INITSCRIPTS) for part in loads.get(reader, ()) for file in part]
        self._read = set(file.real for file in read if file.read)
        left = [file for file in files.in_order if file.real not in self._read]
        self._transient = set(file.real for file in files.in_order if file.transient)
        self.by_key, seen = {}, set()
        for file in read + left:
            for entry in () if file.real in seen else file.entries:
                self.by_key.setdefault(entry['key'], []).append(entry)
            seen.add(file.real)

    def named(self, names):
        """The assignments to one of the names."""
        return [entry for name in names for entry in self.by_key.get(name, ()) if entry['value'] is not None]

    def definitions(self, entries, winners, kernel):
        """Each line once, with its status."""
        found, seen = [], set()
        for entry in entries:
            place = (entry['file'], entry['line'], entry['value'])
            if place not in seen:
                seen.add(place)
                status = self._status(entry, winners.values(), kernel)
                found.append(dict(kernel.shown(entry, 'file', 'line', 'form'), status=status))
        return found

    def _status(self, entry, winners, kernel):
        if entry['file'] not in self._read:
            return 'transient' if entry['file'] in self._transient else 'replaced'
        if not kernel.takes(entry):
            return 'refused'
        if any(entry is winner for winner in winners):
            return 'effective'
        return 'shadowed' if any(winners) else 'ignored'


def _bounded(key, lines, unavailable):
    if len(lines) <= MAX_DEFINITIONS:
        return lines
    unavailable['persisted ' + key] = '%d of %d lines left out' % (len(lines) - MAX_DEFINITIONS, len(lines))
    lines = sorted(lines, key=lambda line: line['status'] != 'effective')  # stable: the winners stay
    return lines[:MAX_DEFINITIONS]
