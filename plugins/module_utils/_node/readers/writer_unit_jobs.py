# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the commands of a service set: ExecStart and its like with drop-ins, environment and account."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..parsers import ini
from ..parsers.unit_commands import command, environment_of
from .writer_forms import assigned

AT_START = ('ExecCondition', 'ExecStartPre', 'ExecStart', 'ExecStartPost')
LATER = ('ExecReload', 'ExecStop', 'ExecStopPost')
TRUE = ('1', 'yes', 'true', 'on')


def read(engine, units):
    """units: [(name, paths, when)]."""
    services = [_Service(engine, name, paths, when) for name, paths, when in units]
    for service in _in_order(services):
        service.run(engine)


def _in_order(services):
    """By what `After` and `Before` say among them, else as they come."""
    waiting, found = list(services), []
    while waiting:
        free = [one for one in waiting if not any(one.follows(other) for other in waiting if other is not one)]
        found.append((free or waiting)[0])
        waiting.remove(found[-1])
    return found


class _Service(object):
    """settings: {name: [value]} of all sections, emptied by an empty value; commands: [(name, path, line, value)]."""

    def __init__(self, engine, name, paths, when):
        self.name, self.when, self.settings, self.commands = name, when, {}, []
        for path in paths:
            for _section, number, key, value in ini.sections(engine.text(path)):
                if key in AT_START + LATER:
                    if not value:
                        self.commands = [each for each in self.commands if each[0] != key]
                    else:
                        self.commands.append((key, path, number, value))
                elif not value:
                    self.settings[key] = []
                else:
                    self.settings.setdefault(key, []).append(value)

    def all(self, name):
        return ' '.join(self.settings.get(name, [])).split()

    def last(self, name):
        return (self.settings.get(name) or [''])[-1]

    def follows(self, other):
        return other.name in self.all('After') or self.name in other.all('Before')

    def run(self, engine):
        moment = 'before' if 'systemd-sysctl.service' in self.all('Before') else 'after'
        order = dict((name, number) for number, name in enumerate(AT_START + LATER))
        environment = self.environment(engine)
        for name, path, number, value in sorted(self.commands, key=lambda each: order[each[0]]):
            for flags, words in command(value, self.name, environment):
                if words and self.may_write(name, flags):
                    engine.run(words, path, number, when=self.when if name in AT_START else 'event', moment=moment,
                               variables=environment)

    def may_write(self, name, flags):
        """Whether a command has the rights, and its /proc/sys is the host's."""
        if '+' in flags:
            return True
        if any(self.last(each).lower() in TRUE for each in ('ProtectKernelTunables', 'PrivateNetwork', 'DynamicUser')):
            return False
        root = self.last('User') in ('', 'root', '0') or '!' in flags
        if self.last('PermissionsStartOnly').lower() in TRUE and name != 'ExecStart':
            root = True
        return root or 'CAP_NET_ADMIN' in self.all('AmbientCapabilities')

    def environment(self, engine):
        found = {}
        for value in self.settings.get('Environment', []):
            found.update(environment_of(value))
        for value in self.settings.get('EnvironmentFile', []):
            found.update(assigned(engine.text(value.lstrip('-'))))
        return found
