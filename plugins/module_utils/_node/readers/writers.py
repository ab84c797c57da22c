# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Other things than the sysctl files that set sysctls at boot or later: a bounded look at the table of places.

Most nodes have no such thing. So a file is read further only where it names a key, or loads settings from files, or
runs a script that does (writer_files). What parses and follows is larger than all the rest of a look: the operation
`observe` travels without it and says so where it is needed, the operation `writers` brings it. Both use this module.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import sys

from . import writer_places
from .writer_files import Files

MAX_FOUND = 48
EXECUTED = ('script', 'rc.local', 'init-script')  # forms of files that must be executable
MERGED = {'tmpfiles': '.conf', 'udev': '.rules', 'modprobe': '.conf'}  # forms whose files replace each other by name
UNITS = tuple(next(row[4] for row in writer_places.ROWS if row[3] == 'units').split())
# What a file of a form must hold to be read further; the others are asked whether they may set a key.
MARKS = {'command-line': (b'sysctl.', b'sysctl/'), 'tmpfiles': (b'/proc/sys/',), 'kubelet': (b'nsafe',),
         'networkd': (b'Forward', b'Masquerade'), 'variables': (b'FORWARD',), 'docker': (b'dockerd',)}
UFW = b'IPT_SYSCTL=/etc/ufw/sysctl.conf'
# What reads the sysctl files at boot or for a new interface: they say it themselves. Some are rows of their own.
READERS = ('procps', 'boot.sysctl', 'sysctl', 'rc.local', 'local', 'ktune')
READING_RULES = 'lib/udev/rules.d/99-systemd.rules'


class NotHere(Exception):
    """What parses and follows did not travel."""


def observe(tree, keys, unavailable, version=None, persisted=None):
    """The `writers` part of the record, in the order of a boot as far as it is known, at most MAX_FOUND:
    [{kind, file, line, key, value, when, moment}], with via {file, line} where the setting lies in another file than
    the place that loads or runs it. None where something has to be parsed and what does it did not travel.

    keys: canonical; version: the kernel's or None; persisted: a function that gives the `persisted` part of the record,
    called only where something loads the sysctl files again. What cannot be read, and how much was left out, goes into
    `unavailable` {path or part: reason}; raises nothing.
    """
    find = Finder(tree, keys, unavailable, version, persisted or dict)
    try:
        for row in writer_places.ROWS:
            find.row(row)
    except NotHere:
        return None
    if find.files.left_out:
        unavailable['writers'] = '%d files not looked at' % find.files.left_out
    return bounded(find.found(), unavailable)


def bounded(found, unavailable):
    """At most MAX_FOUND entries in their order, among them the last one of each key, moment and time."""
    order = {'before': 0, 'event': 2, 'pod': 3}
    found = sorted(found, key=lambda entry: order.get(entry['moment'], order.get(entry['when'], 1)))
    if len(found) <= MAX_FOUND:
        return found
    unavailable['writers found'] = '%d of %d left out' % (len(found) - MAX_FOUND, len(found))
    last = dict(((entry['key'], entry['when'], entry['moment']), number) for number, entry in enumerate(found))
    chosen = sorted(last.values())[:MAX_FOUND]
    chosen += [number for number in range(len(found)) if number not in last.values()][:MAX_FOUND - len(chosen)]
    return [found[number] for number in sorted(chosen)]


class Finder(object):
    """A look over a tree, row by row of the table."""

    def __init__(self, tree, keys, unavailable, version, persisted):
        self.tree, self.unavailable, self.version, self.persisted = tree, unavailable, version, persisted
        self.keys = frozenset(keys)
        self.files = Files(tree, keys, unavailable)
        self._entries = self._engine = None

    def found(self):
        return self._entries.found if self._entries else []

    def row(self, row):
        """Looks at the places of one row."""
        form, places = row[3], row[4].split()
        if form == 'units':
            self.units(row, places)
        elif form in MERGED:
            self.parse(row, [path for _name, path in self.files.merged(places, MERGED[form])])
        else:
            self.parse(row, [path for place in places for path in self.files.paths(place)])

    def units(self, row, places):
        if any(self.files.names(place) for place in places):
            from . import writer_units
            hits = writer_units.worth(self.files, places)
            if hits:
                self.part('writer_unit_jobs').read(self.engine(row), hits)

    def parse(self, row, paths):
        """Reads those of the files further that may set one of the keys."""
        seen, hits = set([None]), []
        for path in paths if row[3] != 'init-script' else self.unless_units(paths):
            identity = self.files.identity(path)
            if identity not in seen:  # what several links lead to counts once
                seen.add(identity)
                if self.worth(row[3], path):
                    hits.append(path)
        if hits and row[3] == 'tuned':  # most nodes of some distributions have it
            from . import writer_tuned
            writer_tuned.read(self, self.entries(row))
        elif hits and row[3] == 'docker':
            from . import writer_docker
            writer_docker.read(self.entries(row), hits)
        elif hits:
            self.part('writer_forms').FORMS[row[3]](self.engine(row), hits)

    def unless_units(self, paths):
        """S links to init scripts that systemd does not leave to a unit of the same name."""
        units = set(name for place in UNITS for name in self.files.names(place))
        found = []
        for path in paths:
            name = path.rpartition('/')[2]
            name = name[name[:1] == 'S':].lstrip('0123456789').partition('.sh')[0]
            if name not in READERS and name + '.service' not in units:
                found.append(path)
        return found

    def worth(self, form, path):
        """Whether a file has to be read further."""
        data = b'' if form == 'udev' and path.endswith(READING_RULES) else self.files.data(path)
        if not data or (form in EXECUTED and not self.files.executable(path)):
            return False
        if form in MARKS:
            return any(mark in data for mark in MARKS[form])
        if form == 'ufw':
            usual = UFW in (self.files.data('/etc/default/ufw') or UFW)
            named = self.files.names_key(self.files.data('/etc/ufw/sysctl.conf'))
            return b'yes' in data.lower() and (named or not usual)
        if form in ('apf', 'tuned', 'credential'):
            return True
        if form == 'runtime' or (form == 'udev' and b'SYSCTL{' in data):
            return self.files.names_key(data)
        if form == 'cloud-init' and (data[:2] == b'\x1f\x8b' or b'base64' in data or b'b64' in data):
            return True
        named = form == 'ktune' and self.files.names_key(data)
        return named or self.files.marked(data) or self.files.runs(data)

    def entries(self, row):
        """Where entries go, told about which row they are."""
        if self._entries is None:
            from .writer_entries import Entries
            self._entries = Entries(self)
        if row:
            self._entries.row(*row[:3])
        return self._entries

    def engine(self, row=None):
        """What runs scripts, told for which row if it is another one."""
        entries = self.entries(row)
        if self._engine is None:
            self._engine = self.part('writer_engine').Engine(entries)
        return self._engine

    @staticmethod
    def part(name):
        """A module of what does not travel with every look. Raises NotHere."""
        full = '%s.%s' % (__name__.rpartition('.')[0], name)
        try:
            __import__(full)
        except ImportError:
            raise NotHere()
        return sys.modules[full]
