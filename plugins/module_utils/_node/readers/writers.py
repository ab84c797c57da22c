# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Other things than sysctl.d that set sysctls at boot or later: a bounded look at the places where they live."""

from __future__ import absolute_import, division, print_function

from ..errors import Unreadable, shown
from ..parsers.sysctl_conf import canonical

__metaclass__ = type

MAX_FILES = 600
MAX_BYTES = 262144  # per file
MAX_FOUND = 48
PROFILES = ('/etc/tuned/profiles', '/etc/tuned', '/usr/lib/tuned/profiles', '/usr/lib/tuned')
PLACES = (  # (kind, file, directory or directory of directories, ending of the names in it), the likely ones first
    ('rc.local', '/etc/rc.local', ''), ('rc.local', '/etc/rc.d/rc.local', ''),
    ('cloud-init', '/etc/cloud/cloud.cfg', ''), ('cloud-init', '/etc/cloud/cloud.cfg.d/', '.cfg'),
    ('cloud-init', '/var/lib/cloud/instance/user-data.txt', ''),
    ('kubelet', '/var/lib/kubelet/config.yaml', ''), ('kubelet', '/var/lib/kubelet/kubeadm-flags.env', ''),
    ('kubelet', '/etc/default/kubelet', ''), ('kubelet', '/etc/sysconfig/kubelet', ''),
    ('cron', '/etc/crontab', ''), ('cron', '/etc/cron.d/', ''),
    ('systemd-unit', '/etc/systemd/system/', '.service'), ('systemd-unit', '/etc/systemd/system/*.service.d/', '.conf'),
    ('script', '/etc/network/if-up.d/', ''), ('script', '/etc/NetworkManager/dispatcher.d/', ''),
    ('script', '/etc/NetworkManager/dispatcher.d/*.d/', ''), ('script', '/etc/init.d/', ''),
    ('resource-agent', '/usr/lib/ocf/resource.d/*/', ''))


def observe(tree, keys, unavailable):
    """The `writers` part of the record: [{kind, file, line, key, value}] for `keys` (canonical), at most MAX_FOUND.

    What cannot be read, and how much was left out, goes into `unavailable` {path or part: reason}; raises nothing.
    """
    look = _Look(tree, keys, unavailable)
    look.tuned()
    for kind, place, ending in PLACES:
        for path in look.paths(place, ending):
            look.file(kind, path)
    if look.left_out:
        unavailable['writers'] = '%d files not looked at' % look.left_out
    if len(look.found) > MAX_FOUND:
        unavailable['writers found'] = '%d of %d left out' % (len(look.found) - MAX_FOUND, len(look.found))
    return look.found[:MAX_FOUND]


def _scripts():
    """The parsers, loaded where a file names one of the keys: on most nodes none does."""
    from ..parsers import scripts
    return scripts


def _text(data):
    return data.decode('utf-8', 'replace')


class _Look(object):
    """One look over a tree: what was seen (a file that several links lead to counts once), found and left out."""

    def __init__(self, tree, keys, unavailable):
        self.tree, self.unavailable = tree, unavailable
        self.keys = frozenset(keys)
        leaves = set(key.rpartition('.')[2].replace('/', '.') for key in keys)
        self.marks = [leaf.encode('utf-8') for leaf in sorted(leaves)]
        self.seen, self.found, self.left_out = set(), [], 0

    def paths(self, place, ending):
        """The files of a place: itself, what a directory holds, or what the directories that fit one `*` hold."""
        if not place.endswith('/'):
            return [place]
        parent, star, rest = place.partition('*')
        if star:
            fits = [name for name in self._names(parent) if name.endswith(rest[:-1])]
            return [path for name in fits for path in self.paths(parent + name + '/', ending)]
        return [place + name for name in self._names(place) if name.endswith(ending)]

    def _names(self, directory):
        try:
            return self.tree.listdir(directory)
        except Unreadable as exc:
            self.unavailable[shown(directory)] = exc.reason
            return []

    def data(self, path):
        """The bytes of a file that is looked at for the first time, else b''."""
        try:
            real = self.tree.resolve(path)
            if real in self.seen:
                return b''
            if len(self.seen) >= MAX_FILES:
                self.left_out += 1
                return b''
            self.seen.add(real)
            return self.tree.read_bytes(path, MAX_BYTES) or b''
        except Unreadable as exc:
            if not exc.reason.startswith('is a '):  # a directory or a mask hides nothing
                self.unavailable[shown(path)] = exc.reason
            return b''

    def file(self, kind, path):
        data = self.data(path)
        if kind in ('kubelet', 'systemd-unit') and b'nsafe' in data:
            for line, pattern in _scripts().unsafe_sysctls(_text(data)):
                for key in sorted(self.keys):
                    if key == pattern or (pattern.endswith('*') and key.startswith(pattern[:-1])):
                        self._add('kubelet', path, line, key, None)
        if kind != 'kubelet' and any(mark in data for mark in self.marks):
            for line, key, value in _scripts().assignments(_text(data), self.keys):
                self._add(kind, path, line, key, value)

    def _add(self, kind, path, line, key, value):
        value = None if value is None or '$' in value else value[:256]  # a variable is not a value
        self.found.append({'kind': kind, 'file': shown(path), 'line': line, 'key': key, 'value': value})

    def tuned(self):
        """What the active tuned profiles set: an included profile first, so that what includes it overrides it."""
        final = {}
        for profile in _text(self.data('/etc/tuned/active_profile')).split():
            self._profile(profile, final)
        for key in sorted(final):
            self._add('tuned', final[key][0], final[key][1], key, final[key][2])

    def _profile(self, profile, final):
        candidates = [] if '/' in profile else ['%s/%s/tuned.conf' % (place, profile) for place in PROFILES]
        path = next((path for path in candidates if self._exists(path)), None)
        options = _scripts().sections(_text(self.data(path))) if path else []
        for section, _line, name, value in options:
            if section == 'main' and name == 'include':
                for parent in value.replace(',', ' ').replace(';', ' ').split():
                    self._profile(parent, final)
        kinds = set(section for section, _line, name, value in options if (name, value) == ('type', 'sysctl'))
        for section, line, name, value in options:
            key = canonical(name)
            if key in self.keys and (section == 'sysctl' or section in kinds):
                final[key] = (path, line, value)

    def _exists(self, path):
        try:
            return self.tree.exists(path)
        except Unreadable as exc:
            self.unavailable[shown(path)] = exc.reason
            return False
