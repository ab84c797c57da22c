# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An unpacked sosreport, as `sos report --build` leaves it, seen like any other captured tree.

It keeps etc/, lib/ and proc/ where they were, and what commands printed under sos_commands/PLUGIN/, named as the
command (sos 2.2 to 4.12, sos/report/plugins/__init__.py _mangle_command()). Of namespaces that have a name it has the
counters since 3.6 and the sysctls since 4.5.4 (networking.py), of containers nothing.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Refused, Unreadable
from ..parsers.natural import natural
from .tree import Tree

COMMANDS = '/sos_commands'
NETWORKING = COMMANDS + '/networking'
# What a captured tree has beside proc/, and the plugins that ran it over the years.
OUTPUTS = (('sysctl_-a', 'kernel'), ('uname_-a', 'kernel'), ('netstat_-s', 'networking'), ('hostname', 'host'),
           ('hostname', 'general'), ('uptime', 'host'), ('uptime', 'general'))
INSIDE = ('sysctl_-a', 'netstat_-s')  # what is there of a namespace with a name
NAMESPACES = '/namespaces'
NAMESPACES_MAX = 4096
# (plugin, what it collects for us): where none of this is in the report, the plugin did not run.
PLUGINS = (('cron', ('/etc/crontab', '/etc/cron.d')), ('services', ('/etc/rc.d', '/etc/rc.local', '/etc/rc2.d')),
           ('systemd', ('/etc/systemd', '/etc/inittab')))
RUNTIMES = ('docker', 'podman', 'crio', 'containerd', 'kubernetes', 'lxd')
ALL_SYSCTL_D = [4, 12]  # the first sos that collects all directories of sysctl.d(5)


def inside(tree):
    """The report that a captured tree is, or that is the only one in it; else the tree itself. Raises Refused."""
    if not tree.listdir(COMMANDS):
        if any(tree.exists(place) for place in ('/proc', '/etc', '/usr')):
            return tree
        reports = [name for name in tree.listdir('/') if tree.listdir('/%s%s' % (name, COMMANDS))]
        if len(reports) > 1:
            raise Refused('root: %s holds several sosreports: name one of them, for instance %s/%s' % (
                tree.root, tree.root, reports[0]))
        if not reports:
            return tree
        tree = Tree(tree.root + tree.resolve('/' + reports[0]), tree.system)
    return Report(tree.root, tree.system)


class Report(Tree):
    """The tree of a report in which what commands printed is found where captured trees have it."""

    def __init__(self, root, system):
        Tree.__init__(self, root, system)
        self._places = {}
        for name, plugin in OUTPUTS:
            place = self._output(name, plugin)
            if place and '/' + name not in self._places and not self._has('/' + name):
                self._places['/' + name] = place
        self._named = dict((name, found) for name, found in self._namespaces() if found)
        for name, found in self._named.items():
            for output, place in found.items():
                self._places['%s/%s/%s' % (NAMESPACES, name, output)] = place

    def listdir(self, path):
        return sorted(self._named) if path == NAMESPACES else Tree.listdir(self, path)

    def lacking(self):
        """{part: reason} of what may have been on the node and is not collected, or was not."""
        lacking = {}
        version = self._version()
        if version is None or version < ALL_SYSCTL_D:
            lacking['usr/local/lib/sysctl.d'] = 'sos collects it from 4.12 on only'
        plugins = [plugin for plugin, places in PLUGINS if not any(map(self._has, places))]
        if plugins:
            lacking['sos plugins'] = 'the report has no files of %s: what they start at boot or later was not seen' % (
                ', '.join(plugins))
        if any(self._has('%s/%s' % (COMMANDS, runtime)) for runtime in RUNTIMES):
            lacking['containers'] = 'a sosreport does not hold the network namespaces of containers'
        nameless = len(self._names()) - len(self._named)
        if nameless:
            lacking['namespaces'] = 'the report has nothing of %d of %d network namespaces that have a name' % (
                nameless, nameless + len(self._named))
        return lacking

    def _real(self, path, follow=True):
        return Tree._real(self, self._places.get(path, path), follow)

    def _has(self, path):
        """Whether it is there; whoever reads it says why it cannot be read."""
        try:
            return self.exists(path)
        except Unreadable:
            return True

    def _output(self, name, plugin):
        """Where what a command printed lies: under its plugin, else under the first that ran the command too."""
        for directory in [plugin] + Tree.listdir(self, COMMANDS):
            place = '%s/%s/%s' % (COMMANDS, directory, name)
            if self._has(place):
                return place
        return None

    def _namespaces(self):
        """(name, {output: place}) for each network namespace that has a name."""
        for name in self._names():
            outputs = dict((output, 'ip_netns_exec_%s_%s' % (_mangled(name), output)) for output in INSIDE)
            found = {}
            for directory in (NETWORKING, '%s%s/%s' % (NETWORKING, NAMESPACES, name)):
                found.update((output, '%s/%s' % (directory, mangled)) for output, mangled in outputs.items()
                             if self._has('%s/%s' % (directory, mangled)))
            yield name, found

    def _names(self):
        """What `ip netns` printed: "NAME" or "NAME (id: 0)"; it complains where it does not know of namespaces."""
        try:
            text = self.read(NETWORKING + '/ip_netns') or ''
        except Unreadable:
            text = ''
        names = set(line.split()[0] for line in text.split('\n') if line[:1].strip() and not line.startswith('Object '))
        names.update(Tree.listdir(self, NETWORKING + NAMESPACES))
        return [name for name in sorted(names)[:NAMESPACES_MAX] if '/' not in name and '\0' not in name]

    def _version(self):
        """[major, minor] of the sos that made the report, None where it does not say."""
        try:
            words = (self.read('/version.txt') or '').partition('sosreport:')[2].split()
        except Unreadable:
            return None
        parts = [natural(part) for part in words[0].split('.')[:2]] if words else []
        return parts if len(parts) == 2 and None not in parts else None


def _mangled(name):
    """A word of a command as it is in a file's name."""
    kept = ''.join(char if char.isalnum() or char in '_-.' else ' ' for char in name)
    return '_'.join(kept.split())
