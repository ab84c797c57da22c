# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which units systemd starts, and a quick look at their files; writer_unit_jobs reads what they run.

A unit starts at boot where a target that is reached wants, requires or upholds it, by a link or in its file; timers,
paths and sockets start theirs later (systemd.unit(5), systemd.timer(5); `systemctl is-enabled` looks at the links).
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

# Units and links under /run are gone at the next boot; what made them will make them again at some time: an event.
# Targets that every boot reaches, named because a captured tree need not have their files.
REACHED = tuple(name + '.target' for name in (
    'default', 'multi-user', 'graphical', 'basic', 'sysinit', 'local-fs-pre', 'local-fs', 'remote-fs-pre', 'remote-fs',
    'sockets', 'timers', 'paths', 'network-pre', 'network', 'network-online', 'getty', 'swap', 'cloud-init',
    'time-sync', 'nss-lookup', 'runlevel3', 'runlevel5'))
# What brings these up comes later or seldom: a link below them is an event.
SELDOM = ('sleep', 'suspend', 'hibernate', 'hybrid-sleep', 'suspend-then-hibernate', 'shutdown', 'reboot', 'poweroff',
          'halt', 'rescue', 'emergency', 'printer', 'sound', 'bluetooth', 'usb-gadget', 'smartcard')
LINKS = ('.wants', '.requires', '.upholds')
PULLS = (b'Wants=', b'Requires=', b'BindsTo=', b'Upholds=')
STARTERS = ('.timer', '.path', '.socket')
FOLLOWED = ('.service', '.target', '.device') + STARTERS  # mounts, slices and the like run nothing
# The units that read the sysctl files, and the one that runs /etc/rc.local, which is a row of its own.
READERS = ('systemd-sysctl.service', 'procps.service', 'procps.sh.service', 'sysctl.service', 'boot.sysctl.service',
           'rc-local.service', 'rc.service')


def worth(files, directories):
    """[(name, [paths of its file and drop-ins], when)] of the services that may set a key; /etc comes first."""
    units = Units(files, directories)
    return [unit for unit in units.started() + units.loose() if units.worth(unit[1])]


class Units(object):
    """The unit files of a tree."""

    def __init__(self, files, directories):
        self.files, seen, self.directories, self.local = files, [], [], directories[0]
        for place in directories:
            identity = files.names(place) and files.identity(place)
            if identity and identity not in seen:
                seen.append(identity)
                self.directories.append(place)
        self.vendor = any(place.startswith(('/usr/lib/', '/lib/')) for place in self.directories)
        self.known, self.reached = {}, set()
        self.places = {}  # {name: [the directories that hold it]}
        self.links = {}  # {unit: [(what it pulls in, whether the link is under /run)]}
        for place in self.directories:
            for name in files.names(place):
                self.places.setdefault(name, []).append(place)
                if name.endswith(LINKS):
                    self.links.setdefault(name[:name.rindex('.')], []).extend(
                        (each, place.startswith('/run/')) for each in files.names(place + '/' + name))

    def fragment(self, name):
        """(real name, path or None where it is masked, '' where there is none) of a unit."""
        if name not in self.known:
            self.known[name] = (name, '')
            for wanted in [name] + _template(name):
                places = [place for place in self.places.get(wanted, ()) if not self._masked_now(place, wanted)]
                if places:
                    self.known[name] = self._real(name, places[0], wanted)
                    break
        return self.known[name]

    def _masked_now(self, place, name):
        """Whether a mask lasts until the next boot only."""
        return place.startswith('/run/') and self.files.link(place + '/' + name) == '/dev/null'

    def _real(self, name, place, wanted):
        path = place + '/' + wanted
        target = self.files.link(path)
        if target == '/dev/null' or (target is None and not self.files.data(path)):
            return name, None
        real = (target or '').rpartition('/')[2]
        if target and real != wanted and real.rpartition('.')[2] == wanted.rpartition('.')[2]:  # an alias
            return real if '@.' not in real else name, path
        return name, path

    def drop_ins(self, name):
        """The paths of NAME.d/*.conf: a name in an earlier directory replaces one in a later, /dev/null masks."""
        found = {}
        for each in [name] + _template(name):
            for place in self.places.get(each + '.d', ()):
                for conf in self.files.names('%s/%s.d' % (place, each)):
                    if conf.endswith('.conf') and conf not in found:
                        found[conf] = '%s/%s.d/%s' % (place, each, conf)
        return [found[conf] for conf in sorted(found) if self.files.link(found[conf]) != '/dev/null']

    def started(self):
        """[(name, paths, when)] of the services that a boot starts, or a timer, path or socket later."""
        later = [name for name in sorted(self.links) if name.endswith('.device') or name.partition('.')[0] in SELDOM]
        waiting = [[(name, 'boot') for name in REACHED], [(name, 'event') for name in later]]
        found = []
        for queue in waiting:  # each grows while it is gone through
            for name, asked in queue:
                real, path = self.fragment(name)
                if real in self.reached or path is None or not real.endswith(FOLLOWED):
                    continue
                self.reached.update((real, name))
                paths = ([path] if path else []) + self.drop_ins(real)
                when = 'event' if path and path.startswith('/run/') else asked
                for pulled, at in self._pulled_in(set((real, name)), paths, when):
                    waiting[at == 'event'].append((pulled, at))
                if paths and not real.endswith(FOLLOWED[1:]) and not set((real, name)).intersection(READERS):
                    found.append((real, paths, when))
        return found

    def _pulled_in(self, names, paths, when):
        """[(unit, when)] of what a unit that is started brings along."""
        links = [link for name in names for link in self.links.get(name, ())]
        found = [(pulled, 'event' if transient else when) for pulled, transient in links]
        found += [(pulled, when) for pulled in self._pulled(paths)]
        return found + [self._started_by(name, paths, when) for name in names if name.endswith(STARTERS)]

    def _pulled(self, paths):
        for path in paths:
            data = self.files.data(path)
            if any(mark in data for mark in PULLS):
                for line in data.split(b'\n'):
                    names = line.partition(b'=')[2].decode('utf-8', 'replace').split()
                    for name in names if line.startswith(PULLS) else ():  # pylint: disable=use-yield-from
                        yield name

    def _started_by(self, name, paths, when):
        """(what a timer, path or socket starts, when)."""
        unit, at_boot = name.rpartition('.')[0] + '.service', False
        for path in paths:
            for line in self.files.data(path).split(b'\n'):
                if line.startswith((b'Unit=', b'Service=')):
                    unit = line.partition(b'=')[2].strip().decode('utf-8', 'replace')
                at_boot = at_boot or line.startswith((b'OnBootSec=', b'OnStartupSec=', b'OnActiveSec='))
        return unit, when if at_boot else 'event'

    def loose(self):
        """[(name, paths, 'event')] of services in /etc that nothing enables and that have no [Install] section.

        Something that is not looked at may start them; those with the section say how they are enabled, and are not.
        Drop-ins of services whose own file is not in the tree are taken for those of running ones.
        """
        found = []
        if self.local not in self.directories:
            return found
        for name in self.files.names(self.local):
            drop_in = name.endswith('.service.d')
            unit = name[:-2] if drop_in else name
            if not unit.endswith('.service') or unit in self.reached or unit in READERS:
                continue
            real, path = self.fragment(unit)
            if path is None or real in self.reached or (drop_in and (path or self.vendor)):
                continue
            paths = ([path] if path else []) + self.drop_ins(real)
            if not any(b'\n[Install]' in b'\n' + self.files.data(each) for each in paths):
                found.append((real, paths, 'boot' if drop_in else 'event'))
        return found

    def worth(self, paths):
        for path in paths:
            data = self.files.data(path)
            if self.files.marked(data) or (b'sysctl' in data and b'EnvironmentFile' in data):
                return True
            lines = [line for line in data.replace(b'\\\n', b' ').split(b'\n') if line.startswith(b'Exec')]
            if lines and self.files.runs(b'\n'.join(lines)):
                return True
        return False


def _template(name):
    """[the template of an instance's name]"""
    first, at, rest = name.partition('@')
    return ['%s@.%s' % (first, rest.rpartition('.')[2])] if at else []
