# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What commands of a script read and write: redirections, here documents, files, values below /proc/sys."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import posixpath

from .shell_expand import UNKNOWN, Expander, known

MAX_LINES = 2000
MAX_DOCUMENT = 262144  # characters
PROC = '/proc/sys/'


class Streams(Expander):
    """The input, the output and the files of a Shell, which has `outside`, `file`, `line`, `directory` and `maybe`."""

    def redirected(self, redirections, action):
        given, target = self.input, None
        for line, descriptor, operator, word in redirections:
            if operator in ('<<', '<<-'):
                self.input = self.document(word)
            elif operator == '<<<':
                self.input = self.lines_of(self.text(word))
            elif operator == '<' and descriptor in (None, '0'):
                self.input = list(self.lines(self.path(self.text(word))))
            elif operator in ('<&', '<>', '<') or descriptor not in (None, '1'):
                continue
            else:
                name = self.text(word)
                if operator == '>&' and (name.isdigit() or name == '-'):
                    name = '/dev/null' if name != '1' else ''
                target = (self.path(name), operator in ('>>', '&>>'), line) if name else target
        out = self.out
        if target:
            self.out = []
        try:
            return action()
        finally:
            produced, self.out, self.input = self.out, out, given
            if target:
                self.line = target[2]
                self.write(target[0], produced, target[1])

    def document(self, word):
        parts = word[2]
        first = parts[-1][1] if parts else word[1]
        text = u''.join(' '.join(self.values(part)) for part in parts)[:MAX_DOCUMENT]
        return [(line, (self.file, first + number)) for number, line in enumerate(text.split('\n')[:-1])]

    def lines_of(self, text):
        """`text`, whose end is that of a line, as lines that stand here."""
        return [(line, (self.file, self.line)) for line in text.split('\n')[:MAX_LINES]]

    def lines(self, path):
        if path in ('-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0'):
            return self.input
        found = self.outside.lines(path) if known(path) and not path.startswith('/proc/') else None
        return [(UNKNOWN, (self.file, self.line))] if found is None else found

    def print_lines(self, lines):
        self.out += lines[:max(0, MAX_LINES - len(self.out))]

    def print_text(self, text):
        self.print_lines(self.lines_of(text))

    def path(self, text):
        if text.startswith('/') or text == '-' or not known(text[:1] or UNKNOWN):
            return posixpath.normpath(text) if known(text) else text
        return posixpath.normpath(posixpath.join(self.directory, text))

    def write(self, path, lines, adds=False):
        if PROC in path:
            if lines:
                value = '\n'.join(text for text, _origin in lines).strip('\n')
                self.setting(path.partition(PROC)[2], value)
        elif path in ('/dev/stdout', '/dev/fd/1', '/proc/self/fd/1', '/dev/tty', '/dev/console'):
            self.print_lines(lines if path != '/dev/tty' else [])
        elif not path.startswith('/dev/') and known(path):
            self.outside.write(path, lines, adds, self.maybe > 0)

    def setting(self, key, value):
        self.outside.setting(key, value if known(value) else None, (self.file, self.line), self.maybe > 0)
