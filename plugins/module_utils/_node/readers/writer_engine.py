# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What scripts and commands set: shells are walked through, and files that they load are read.

A file of sysctl.d that is loaded again later sets what it says, also where other files shadow it at boot; where that
changes nothing it is no entry: the files themselves say it already.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import shown
from ..parsers import sysctl_conf
from ..parsers.posix_pattern import NotUnderstood, Pattern
from ..parsers.shell_expand import UNKNOWN
from ..parsers.shell_run import MAX_STEPS, Enough, Shell
from ..parsers.shell_syntax import foreign
from .writer_entries import LAST

PROCPS = sysctl_conf.PROCPS
SYSTEM_FILES = ('/etc/sysctl.d/', '/run/sysctl.d/', '/usr/local/lib/sysctl.d/', '/usr/lib/sysctl.d/', '/lib/sysctl.d/')
MAX_LINES = 4000  # of a file that a script writes
FOREIGN_MAX = 5000  # lines of a script in another language
WRITES = ('"w', "'w", '">', "'>", 'write', 'Write', 'O_WRONLY', 'O_RDWR')  # what opens a file in one
TOTAL_STEPS, TOTAL_TEXT = 40000, 2097152  # of all scripts of a look: commands that are followed, characters
READING = ('/etc/rc.d/rc.sysinit', '/etc/rc.sysinit', '/etc/runit/core-services/08-sysctl.sh', '/etc/rc.d/rc.S')
PROGRAMS = ('/usr/local/sbin/', '/usr/local/bin/', '/usr/sbin/', '/usr/bin/', '/sbin/', '/bin/')


class Engine(object):
    """Runs what a row of the table names; shells ask it about the node (Shell says what)."""

    def __init__(self, entries):
        self.entries, self.files, self.keys, self.text = entries, entries.files, entries.keys, entries.text
        self.overlay, self.rewritten, self.possible, self.shell = {}, set(), {}, None
        self.steps, self.left = TOTAL_STEPS, TOTAL_TEXT

    def run(self, text, file, line=1, when=None, moment=None, arguments=None, variables=None, call=()):
        """Walks through shell text, or a command that is a list of words; `call`: functions to call at its end."""
        self.left -= len(text)
        if self.left < 0 or self.steps < 0:
            self.entries.find.unavailable['writers in ' + shown(file)] = 'not followed: too much before it'
            return
        entries = self.entries
        kept = entries.when, entries.moment, entries.place
        entries.when, entries.moment = when or entries.when, moment or entries.moment
        steps = [min(MAX_STEPS, self.steps)]
        before = steps[0]
        if arguments is None and entries.when != 'event':  # a boot gives none, an event may
            arguments = []
        shell, outer, first = Shell(self, file, line, arguments, variables or {}, steps), self.shell, len(entries.found)
        if outer is None:
            self.shell, self.possible = shell, {}
        try:
            if isinstance(text, list):
                shell.frame('exit', lambda: shell.command(text))
            else:
                shell.main(text, file, line)
            for name in call:
                if name in shell.functions:
                    shell.frame('exit', lambda name=name: shell.call(name, []))
        except (Enough, RuntimeError):  # the latter: nested more deeply than Python follows
            entries.find.unavailable['writers in ' + shown(file)] = 'too long to follow to its end'
        self.steps -= before - max(steps[0], 0)
        if outer is None:
            self._settle(first)
            self.shell = None
        entries.when, entries.moment, entries.place = kept

    def _settle(self, first):
        """A key that ends with one of several values, as it may go, ends with a value that is not known.

        It stands once where one line may give it any of them.
        """
        found = self.entries.found
        for key, values in self.possible.items():
            if len(values) > 1 and self.entries.when != 'event':
                for entry in [entry for entry in found[first:] if entry['key'] == key][-1:]:
                    entry['value'] = self.entries.after[key] = None
                    found[first:] = [other for other in found[first:] if other is entry or any(
                        other[part] != entry[part] for part in ('key', 'file', 'line'))]

    # -- what shells ask

    def lines(self, path):
        if path in self.overlay:
            return self.overlay[path]
        if not self.files.exists(path):
            self.files.tree.missed.add(path)
            return None
        lines = self.text(path).split('\n')
        return [(line, (path, number)) for number, line in enumerate(lines[:-1] if not lines[-1] else lines, 1)]

    def names(self, pattern):
        if '[' in pattern:
            return []
        found = self.files.paths(pattern.replace('?', '*'))
        if not found:
            self.files.tree.missed.add(pattern)
        return found

    def program(self, name):
        for path in [name] if '/' in name else [place + name for place in PROGRAMS]:
            lines = self.overlay.get(path)
            if lines:
                return path, '\n'.join(line for line, _origin in lines) + '\n', lines[0][1]
            text = self.files.script(path).decode('utf-8', 'replace')
            if foreign(text):
                self.foreign(text, (path, 1))
            elif text:
                return path, text, (path, 1)
        if '/' in name:
            self.files.tree.missed.add(name)
        return None

    def foreign(self, text, origin):
        _foreign(self, text, *origin)

    def write(self, path, lines, adds, maybe):
        before = self.lines(path) if adds and (path in self.overlay or self.files.exists(path)) else []
        self.overlay[path] = (before + lines)[:MAX_LINES]
        for key, value, origin in assigned(lines, PROCPS) if is_system(path) else ():
            if origin[0] != path:
                self.rewritten.update(self.setting(key, value, origin, maybe))

    def setting(self, key, value, origin, maybe):
        if self.shell:
            self.entries.place = (self.shell.home, self.shell.home_line)
        keys = self.entries.setting(key, value, origin)
        for each in keys:
            self.possible[each] = (self.possible.get(each, set()) if maybe else set()) | set([value])
        return keys

    def reads_at_boot(self):
        """Whether this is the script that reads the sysctl files at boot: what it loads is no news, what it sets is."""
        return self.shell is not None and self.shell.home in READING

    def load(self, lines, reader, pattern, maybe):
        """The settings of a file that is loaded, in its order."""
        settings = [] if self.reads_at_boot() else assigned(lines, reader)
        final = dict((key, value) for key, value, _origin in settings)
        for key, value, origin in settings:
            unchanged = is_system(origin[0]) and self.entries.stands(key, final[key])
            if not unchanged and fits(pattern, key):
                self.setting(key, value, origin, maybe)

    def reload(self, reader, prefixes, pattern, maybe):
        """The sysctl files once more, as one of their readers has them."""
        prefixes = [sysctl_conf.canonical(prefix.lstrip('/')) + '.' for prefix in prefixes]
        settings = {} if self.reads_at_boot() else self.entries.settings()
        for key in sorted(settings):
            line = settings[key]['effective'].get(reader)
            wanted = (not prefixes or (key + '.').startswith(tuple(prefixes))) and fits(pattern, key)
            if line and wanted and key not in self.rewritten and not self.entries.stands(key, line['value']):
                self.setting(key, line['value'], (line['file'], line['line']), maybe)


def is_system(path):
    """Whether the readers of sysctl files read a file at boot."""
    return path == LAST or (path.startswith(SYSTEM_FILES) and path.endswith('.conf'))


def assigned(lines, reader):
    """[(key, value, where it stands)] of the assignments in lines [(text, origin)], as far as they are known."""
    found = []
    for entry in sysctl_conf.parse(u'\n'.join(text for text, _origin in lines).encode('utf-8')):
        key, raw = entry['key'], entry['value']
        if raw is not None and reader in entry['by'] and UNKNOWN not in key and b'\0' not in raw:
            found.append((key, raw.decode('utf-8', 'replace'), lines[entry['line'] - 1][1]))
    return found


def fits(pattern, key):
    """Whether a key matches the --pattern of sysctl(8); one that is not understood matches all."""
    try:
        return not pattern or Pattern(pattern, extended=True).search(key) is not None
    except NotUnderstood:
        return True


def _foreign(engine, text, path, first):
    """Scripts in Perl, Python, Ruby ...: the commands in their strings, and files under /proc/sys that they write.

    They are not understood. A string that holds a command counts, and so do the strings of one line as the words of
    one.
    """
    for number, line in enumerate(text.split('\n')[:FOREIGN_MAX], first):
        if ('sysctl' not in line and 'proc/sys' not in line) or line.lstrip()[:1] == '#' or line.lstrip()[:2] == '//':
            continue
        found = strings(line)
        for each in found:
            if 'sysctl ' in each or '/proc/sys/' in each.partition(' ')[2]:
                engine.run(each, path, number)
            elif each.startswith('/proc/sys/') and ' ' not in each and any(mark in line for mark in WRITES):
                engine.entries.setting(each[10:], None, (path, number))
        words = [each for each in found if ' ' not in each or '=' in each]
        if len(words) > 1 and words[0].rpartition('/')[2] in ('sysctl', 'sudo'):
            engine.run(words, path, number)


def strings(line):
    """The texts between quotes in a line of program text."""
    found, at = [], 0
    while at < len(line):
        if line[at] not in '"\'`':
            at += 1
            continue
        end = at + 1
        while end < len(line) and line[end] != line[at]:
            end += 1 + (line[end] == '\\')
        found.append(line[at + 1:end])
        at = end + 1
    return found
