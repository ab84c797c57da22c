# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings that writers make, in the order of a boot, against what the sysctl files have set by then."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import shown
from ..keys import GLOBAL_UNTIL
from ..parsers import sysctl_conf

MAX_VALUE = 256  # characters
MAX_ENTRIES = 1000
LAST = '/etc/sysctl.conf'
# Keys without a file of their own in a container's namespace, and the first kernels on which others have one (read in
# the trees of these kernels; keys.GLOBAL_UNTIL has those that matter most).
NODE_ALONE = ('net.netfilter.nf_conntrack_max', 'net.ipv4.tcp_max_orphans')
OWN_FROM = {'net.ipv4.tcp_tw_reuse': [4, 10], 'net.ipv4.tcp_max_tw_buckets': [4, 11], 'net.ipv4.tcp_syncookies': [4, 9],
            'net.ipv4.tcp_fin_timeout': [4, 9], 'net.ipv4.tcp_rfc1337': [4, 15],
            'net.ipv4.tcp_abort_on_overflow': [4, 15], 'net.ipv4.ip_local_reserved_ports': [4, 1]}


class Entries(object):
    """found: [{kind, file, line, key, value, when, moment, via}] of one row of the table after the other.

    after: {key: value} as far as writers have set it since the files were read; place: (file, line) of what loads the
    settings that follow, None where they stand in the place itself.
    """

    def __init__(self, find):
        self.find, self.files, self.keys, self.version = find, find.files, find.keys, find.version
        self.found, self.after, self._persisted = [], {}, None
        self.row(None, None, None)

    def row(self, kind, moment, when):
        """From here on it is about this row."""
        self.kind, self.moment, self.when, self.place = kind, moment, when, None

    def text(self, path):
        return self.files.data(path).decode('utf-8', 'replace')

    def add(self, key, value, origin, via=None):
        """One entry, origin being (file, line); how it is loaded where `place` does not say it."""
        if (self.when == 'pod' and not in_pods(key, self.version)) or len(self.found) >= MAX_ENTRIES:
            return
        value = value if value is None else value[:MAX_VALUE]
        entry = {'kind': self.kind, 'file': shown(origin[0]), 'line': origin[1], 'key': key, 'value': value,
                 'when': self.when, 'moment': 'after' if self.when in ('event', 'pod') else self.moment}
        via = via or self.place
        if via and via[0] != origin[0]:
            entry['via'] = {'file': shown(via[0]), 'line': via[1]}
        if entry not in self.found:
            self.found.append(entry)
        if self.when in ('boot', 'once') and self.moment == 'after':
            self.after[key] = value

    def setting(self, key, value, origin):
        """Adds a setting by a name as somebody wrote it, with wildcards perhaps; gives the keys that it reaches."""
        name = sysctl_conf.canonical(key.lstrip('-'))
        keys = [name] if name in self.keys else []
        if sysctl_conf.is_glob(name):
            keys = [each for each in sorted(self.keys) if sysctl_conf.matches(name, each)]
        for each in keys:
            self.add(each, value, origin)
        return keys

    # -- the sysctl files

    def settings(self):
        """The `persisted` part of the record."""
        if self._persisted is None:
            self._persisted = self.find.persisted()
        return self._persisted

    def stands(self, key, value):
        """Whether a key has this value at this point of the boot, whichever of the likely readers read the files."""
        if key in self.after:
            return self.after[key] == value
        entry = self.settings().get(key, {})
        effective = entry.get('effective', {})
        readers = ('initscripts',) if 'initscripts' in effective else sysctl_conf.READERS
        if entry.get('late') and readers == sysctl_conf.READERS:
            return False
        return all(line and line['value'] == value for line in map(effective.get, readers))

    def in_files(self, key, places):
        """The lines of sysctl files under `places` that set a key, in the order in which they are applied."""
        lines = [line for line in self.settings().get(key, {}).get('definitions', ())
                 if line['file'].startswith(places) and line['status'] in ('effective', 'shadowed')]
        return sorted(lines, key=lambda line: (line['file'] == LAST, line['file'].rpartition('/')[2], line['line']))

    def reapply(self, places):
        """The sysctl files under `places` once more; what changes nothing is no entry, the files say it."""
        for key in sorted(self.settings()):
            line = (self.in_files(key, places) or [None])[-1]
            if line and not self.stands(key, line['value']):
                self.add(key, line['value'], (line['file'], line['line']))


def in_pods(key, version):
    """Whether a container on this kernel has a value of its own; an unknown kernel may."""
    if key in NODE_ALONE or version is None:
        return key not in NODE_ALONE
    return version[:2] >= OWN_FROM.get(key, [0]) and (key not in GLOBAL_UNTIL or version[:2] > GLOBAL_UNTIL[key])
