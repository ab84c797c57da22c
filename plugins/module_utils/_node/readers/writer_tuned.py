# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the active TuneD profiles set (TuneD 2.20: profiles/loader.py, merger.py, unit.py, plugins/plugin_sysctl.py).

Included profiles come first; a section overrides one of the same name option by option, with `replace=1` as a whole.
With reapply_sysctl, which is the default, /run/sysctl.d, /etc/sysctl.d and /etc/sysctl.conf are applied once more after
a profile: for keys in them the profile is as if it had run before them.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..parsers import sysctl_conf
from .writer_units import LINKS

ACTIVE = ('/etc/tuned/active_profile', '/etc/tuned/post_loaded_profile')
PLACES = ('/etc/tuned/profiles', '/etc/tuned', '/usr/lib/tuned/profiles', '/usr/lib/tuned')
TRUE = ('1', 'true', 'True')
OWN = ('type', 'enabled', 'replace', 'drop', 'devices', 'devices_udev_regex', 'cpuinfo_regex', 'uname_regex',
       'script_pre', 'script_post', 'priority')
REAPPLIED = ('/etc/sysctl.d/', '/etc/sysctl.conf')
MAX_PROFILES = 30
UNIT, UNITS = 'tuned.service', ('/etc/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system')


def read(find, entries):
    if not _starts(entries.files):
        return
    profiles = _Profiles(entries)
    for active in ACTIVE:
        for name in entries.text(active).split():
            profiles.load(name)
    units = [unit for unit in profiles.units.values() if unit['enabled']]
    values = profiles.variables()
    reapplies = _reapplies(entries) and any(unit['type'] == 'sysctl' for unit in units)
    for unit in units:
        if unit['type'] == 'sysctl':
            _set(entries, unit, values, reapplies)
    if reapplies:
        entries.place = ('/etc/tuned/tuned-main.conf', None)
        entries.reapply(REAPPLIED)
        entries.place = None
    for unit in units:
        if unit['type'] == 'script':
            _run(find, unit, values)


def _starts(files):
    """Whether a boot starts tuned.service, as far as the tree shows that: a mask, or a unit without a link to it."""
    if files.link(UNITS[0] + '/' + UNIT) == '/dev/null':
        return False
    links = ['%s/%s' % (place, name) for place in UNITS for name in files.names(place) if name.endswith(LINKS)]
    return not any(UNIT in files.names(place) for place in UNITS) or any(UNIT in files.names(place) for place in links)


def options(text):
    """[(section, line, name, value)] of a file that ConfigParser reads: a comment may stand behind a value."""
    found, section = [], ''
    for number, whole in enumerate(text.split('\n'), 1):
        line = whole.strip()
        if line[:1] in ('#', ';', ''):
            continue
        place = min([each for each in (line.find(' #'), line.find('\t#')) if each >= 0] or [len(line)])
        name, equals, value = line[:place].partition('=')
        if line.startswith('['):
            section = line[1:].partition(']')[0]
        elif equals:
            found.append((section, number, name.strip(), value.strip()))
    return found


def _reapplies(entries):
    found = [value for _section, _line, name, value in options(entries.text('/etc/tuned/tuned-main.conf'))
             if name == 'reapply_sysctl']
    return not found or found[-1].lower() in ('1', 'true', 'yes', 'y', 't', 'on')


def _set(entries, unit, values, reapplies):
    for name, (text, path, number) in sorted(unit['options'].items(), key=lambda each: each[1][1:]):
        key = sysctl_conf.canonical(name)
        if key in entries.keys:
            value = expanded(text, values)
            if value is not None and value[:1] == '"' == value[-1:] and len(value) > 1:
                value = value[1:-1]
            if value is not None and value[:1] in ('<', '>'):  # only where the value in force is above, below it
                value = None
            entries.moment = 'before' if reapplies and entries.in_files(key, REAPPLIED) else 'after'
            entries.add(key, value, (path, number))
    entries.moment = 'after'


def _run(find, unit, values):
    if 'script' not in unit['options']:
        return
    names, path, number = unit['options']['script']
    for each in names.split('\n'):
        found = expanded(each, values) or ''
        found = found if found.startswith('/') else path.rpartition('/')[0] + '/' + found
        if find.files.script(found):
            find.engine().run([found, 'start'], path, number)


def expanded(value, values):
    """The value with ${variables} replaced, None where a function or an unknown variable is left."""
    for _round in range(8):
        start = value.find('${')
        end = value.find('}', start)
        if start < 0 or end < 0:
            return value
        if value[start + 2:end] not in values:
            return None
        value = value[:start] + values[value[start + 2:end]] + value[end + 1:]
    return None


class _Profiles(object):
    """units: {section: {type, enabled, options: {name: (value, file, line)}}}, as far as profiles were loaded."""

    def __init__(self, entries):
        self.entries, self.units, self.files = entries, {}, []

    def load(self, name):
        """A profile and, before it, what it includes; none is loaded twice."""
        path = self._path(name.lstrip('-'))
        if path is None or len(self.files) > MAX_PROFILES:
            return
        self.files.append(path)
        found = options(self.entries.text(path))
        own = dict((option, value) for section, _line, option, value in found if section == 'variables')
        for section, _line, option, value in found:
            if section == 'main' and option == 'include':
                values = dict(self.variables(), **own)
                for parent in (expanded(value, values) or '').replace(';', ',').split(','):
                    self.load(parent.strip())
        order = []
        for section, _line, _option, _value in found:
            if section not in order + ['main']:
                order.append(section)
        for section in order:
            self._merge(section, path, [each[1:] for each in found if each[0] == section])

    def _path(self, name):
        name = name.rpartition('/')[2]
        for place in PLACES if name else ():
            path = '%s/%s/tuned.conf' % (place, name)
            if path not in self.files and self.entries.files.exists(path):
                return path
        return None

    def _merge(self, section, path, lines):
        own = dict((name, value) for _line, name, value in lines if name in OWN)
        new = dict((name, (value.replace('${i:PROFILE_DIR}', path.rpartition('/')[0]), path, line))
                   for line, name, value in lines if name not in OWN)
        unit = {'type': own.get('type', section), 'enabled': own.get('enabled', '1') in TRUE, 'options': new}
        old = self.units.get(section)
        if old and own.get('replace') not in TRUE:
            for name in own.get('drop', '').replace(';', ',').split(','):
                old['options'].pop(name.strip(), None)
            if section == 'script' and 'script' in old['options'] and 'script' in new:
                first, _path, _line = old['options']['script']
                new['script'] = (first + '\n' + new['script'][0],) + new['script'][1:]
            unit['options'] = dict(old['options'], **new)
        self.units[section] = unit

    def variables(self):
        """{name: value}, also of the files that [variables] includes."""
        found = {}
        for name, (value, _path, _line) in sorted(self.units.get('variables', {'options': {}})['options'].items(),
                                                  key=lambda each: each[1][1:]):
            if name == 'include':
                for _section, _number, inner, text in options(self.entries.text(value)):
                    found[inner] = expanded(text, found) or ''
            elif expanded(value, found) is not None:
                found[name] = expanded(value, found)
        return found
