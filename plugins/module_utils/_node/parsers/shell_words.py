# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words of shell text: quotes, expansions, comments, here documents (POSIX XCU 2.2, 2.3, 2.6, 2.7.4; bash(1)).

A word is a list of parts, each a tuple whose last element says whether it stood in quotes:
    ('text', text, quoted)        ('commands', nodes, quoted)        ('array', [(index or None, word)], False)
    ('variable', name, before, index or None, operator, argument (a word), quoted)     before: '', '#' or '!'
    ('unknown', text, quoted)     what is not worked out: arithmetic, process substitution
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Malformed

META = ' \t\n;&|<>()'
SPECIAL = '@*#?$!-'
OPERATORS = (':-', ':=', ':+', ':?', '##', '%%', '//', '^^', ',,', '-', '=', '+', '?', '#', '%', '/', ':', '^', ',',
             '@')
LETTERS = {'n': '\n', 't': '\t', 'r': '\r', 'a': '\a', 'b': '\b', 'f': '\f', 'v': '\v', 'e': '\033', '0': ''}
MAX_NESTED = 20


def plain(word):
    """The text of a word without quotes or expansions, '' for any other."""
    return word[0][1] if len(word) == 1 and word[0][0] == 'text' and not word[0][-1] else ''


def unescaped(text):
    """What echo -e, printf and $'...' make of the backslashes in `text`; octal and hexadecimal ones stay."""
    parts = text.split('\\')
    found = parts[:1]
    escaped = False
    for part in parts[1:]:
        if escaped:  # the second of two backslashes
            escaped = False
            found.append(part)
        elif not part:
            escaped = True
            found.append('\\')
        elif part[0] in LETTERS:
            found.append(LETTERS[part[0]] + part[1:])
        else:
            found.append(('' if part[0] in '"\'' else '\\') + part)
    return ''.join(found)


def is_name(text):
    return text.replace('_', 'a').isalnum() and not text[0].isdigit()


class Words(object):
    """Reads words at `at` in `text`; the grammar must give advance() and body(), for commands inside words."""

    def __init__(self, text, line, at=0):
        self.text, self.size, self.line, self.at = text, len(text), line, at
        self.here, self.nested = [], 0

    def blanks(self):
        """Passes over blanks, continued lines and a comment."""
        text = self.text
        while self.at < self.size:
            if text[self.at] in ' \t':
                self.at += 1
            elif text.startswith('\\\n', self.at):
                self.at += 2
                self.line += 1
            elif text[self.at] == '#':
                end = text.find('\n', self.at)
                self.at = self.size if end < 0 else end
            else:
                return

    def word(self, stop=META):
        """The parts up to a character of `stop`, which stays."""
        parts, text, quoted = [], self.text, stop == '"'
        while self.at < self.size:
            char = text[self.at]
            if stop == META and char in '(<>' and self.opens(parts):
                continue
            if char in stop:
                break
            if char == '\\':
                self.backslash(parts, quoted)
            elif char in '$`':
                self.expansion(parts, quoted)
            elif char in '"\'' and not quoted:
                self.quotes(parts, char)
            else:
                self.plain_text(parts, stop, quoted)
        return parts

    def opens(self, parts):
        """Reads an array behind `name=`, or a process substitution; False where neither stands here."""
        if self.text[self.at] == '(' and parts and self.opens_array(parts):
            parts.append(self.array())
        elif self.text.startswith(('<(', '>('), self.at) and not parts:
            self.at += 2
            self.inner(')')
            parts.append(('unknown', '', True))
        else:
            return False
        return True

    def quotes(self, parts, char):
        if char == "'":
            parts.append(('text', self.taken(self.find("'", self.at + 1)), True))
        else:
            self.at += 1
            parts.extend(self.word('"') or [('text', '', True)])
        self.skip(char)

    def plain_text(self, parts, stop, quoted):
        start, text = self.at, self.text
        self.at += 1  # a quote that is not one here
        while text[start] not in '\'"' and self.at < self.size and text[self.at] not in stop + '\'"\\$`':
            self.at += 1
        self.line += text.count('\n', start, self.at)
        parts.append(('text', text[start:self.at], quoted))

    def find(self, what, start):
        end = self.text.find(what, start)
        if end < 0:
            raise Malformed('%s is missing' % what)
        return end

    def skip(self, char):
        if self.text[self.at:self.at + 1] != char:
            raise Malformed('%s is missing' % char)
        self.at += 1

    def taken(self, end):
        """The text behind an opening quote up to its end, where reading goes on."""
        found = self.text[self.at + 1:end]
        self.line += found.count('\n')
        self.at = end
        return found

    def backslash(self, parts, quoted):
        char = self.text[self.at + 1:self.at + 2]
        self.at += 2
        if char == '\n':
            self.line += 1
        elif quoted and char not in '$`"\\':
            parts.append(('text', '\\' + char, True))
        else:
            parts.append(('text', char, True))

    def inner(self, end):
        """The commands up to `end`, of a substitution; the grammar's own token is kept."""
        kept = dict((name, getattr(self, name, None)) for name in ('kind', 'value', 'token_line', 'descriptor'))
        self.nested += 1
        if self.nested > MAX_NESTED:
            raise Malformed('nested too deeply')
        self.advance()
        nodes = self.body(end)
        self.nested -= 1
        self.__dict__.update(kept)
        return nodes

    def expansion(self, parts, quoted):
        text, at = self.text, self.at
        if text[at] == '`':
            parts.append(('commands', self.backquoted(), quoted))
        elif text.startswith('$((', at):
            self.at = self.past_arithmetic(at + 3)
            parts.append(('unknown', '', quoted))
        elif text.startswith('$(', at):
            self.at += 2
            parts.append(('commands', self.inner(')'), quoted))
        elif text.startswith('${', at):
            self.at += 2
            parts.append(self.parameter(quoted))
        elif text.startswith("$'", at) and not quoted:
            self.at += 1
            parts.append(('text', unescaped(self.taken(self.past_escapes("'") - 1)), True))
            self.at += 1
        elif text.startswith('$"', at) and not quoted:
            self.at += 1
        else:
            self.simple_parameter(parts, quoted)

    def past_escapes(self, quote):
        """Where the text behind the closing quote begins; `at` stands on the opening one."""
        end = self.at + 1
        while self.text[end:end + 1] != quote:
            if end >= self.size:
                raise Malformed('%s is missing' % quote)
            end += 1 + (self.text[end] == '\\')
        return end + 1

    def backquoted(self):
        at, end = self.at, self.past_escapes('`')
        source = self.text[at + 1:end - 1].replace('\\`', '`').replace('\\$', '$').replace('\\\\', '\\')
        inside = type(self)(source + '\n)', self.line)
        inside.nested = self.nested
        self.line += self.text.count('\n', at, end)
        self.at = end
        return inside.inner(')')

    def simple_parameter(self, parts, quoted):
        end = self.at + 1
        if self.text[end:end + 1] in tuple(SPECIAL) or self.text[end:end + 1].isdigit():
            end += 1
        else:
            while end < self.size and (self.text[end].isalnum() or self.text[end] == '_'):
                end += 1
        name = self.text[self.at + 1:end]
        self.at = end
        parts.append(('variable', name, '', None, '', [], quoted) if name else ('text', '$', quoted))

    def parameter(self, quoted):
        """The part behind `${`."""
        text, before = self.text, ''
        if text[self.at:self.at + 1] in ('#', '!') and text[self.at + 1:self.at + 2] != '}':
            before = text[self.at]
            self.at += 1
        end = self.at
        while end < self.size and (text[end].isalnum() or text[end] == '_'):
            end += 1
        if end == self.at and text[end:end + 1] in tuple(SPECIAL):
            end += 1
        name, index = text[self.at:end], None
        self.at = end
        if text[end:end + 1] == '[':
            self.at += 1
            index = self.word(']')
            self.skip(']')
        operator = next((each for each in OPERATORS if text.startswith(each, self.at)), '')
        self.at += len(operator)
        argument = self.word('}') if not quoted else self.quoted_argument()
        self.skip('}')
        return ('variable', name, before, index, operator, argument, quoted)

    def quoted_argument(self):
        """An argument inside double quotes: single quotes are text there."""
        parts = []
        while self.text[self.at:self.at + 1] not in ('}', ''):
            char = self.text[self.at]
            if char == '"':
                self.at += 1
                parts.extend(self.word('"'))
                self.skip('"')
            elif char == '\\':
                self.backslash(parts, True)
            elif char in '$`':
                self.expansion(parts, True)
            else:
                parts.append(('text', char, True))
                self.line += char == '\n'
                self.at += 1
        return parts

    def past_arithmetic(self, at):
        """Where the text behind `))` begins; `at` stands behind the opening ones."""
        depth = 2
        while depth:
            char = self.text[at:at + 1]
            if not char:
                raise Malformed(')) is missing')
            depth += (char == '(') - (char == ')')
            self.line += char == '\n'
            at += 1
        return at

    @staticmethod
    def opens_array(parts):
        last = parts[-1]
        return last[0] == 'text' and not last[-1] and last[1].endswith('=') and len(parts) == 1

    def array(self):
        """The part for `(a b [key]=c)` behind a name and its `=`."""
        self.at += 1
        found = []
        while True:
            self.blanks()
            if self.text[self.at:self.at + 1] == '\n':
                self.at += 1
                self.line += 1
            elif self.text[self.at:self.at + 1] in (')', ''):
                self.skip(')')
                return ('array', found, False)
            elif self.text[self.at] == '[':
                self.at += 1
                index = self.word(']')
                self.skip(']')
                self.skip('=')
                found.append((index, self.word()))
            elif self.text[self.at] in META:
                raise Malformed('%s in an array' % self.text[self.at])
            else:
                found.append((None, self.word()))

    @staticmethod
    def assignment(word):
        """(name, adds, index or None, value as a word) of a word like `name=value` or `name[index]+=value`, or None."""
        if not word or word[0][0] != 'text' or word[0][-1]:
            return None
        name, equals, rest = word[0][1].partition('=')
        if not equals:
            return None
        adds = name.endswith('+')
        name, bracket, index = name[:-1 if adds else None].partition('[')
        if not name or not is_name(name):
            return None
        value = [('text', rest, False)] if rest else []
        return (name, adds, [('text', index[:-1], False)] if bracket else None, value + word[1:])

    def documents(self):
        """Reads the here documents that began in the line which has just ended."""
        waiting, self.here[:] = list(self.here), []
        for delimiter, tabs, word in waiting:
            quoted = any(part[-1] for part in delimiter)
            end = ''.join(part[1] for part in delimiter if part[0] == 'text')
            first, lines = self.line, []
            while self.at < self.size:
                stop = self.text.find('\n', self.at)
                stop = self.size if stop < 0 else stop
                line = self.text[self.at:stop]
                self.at, self.line = min(stop + 1, self.size), self.line + 1
                line = line.lstrip('\t') if tabs else line
                if line == end:
                    break
                lines.append(line)
            text = ''.join(line + '\n' for line in lines)
            word.extend([('text', text, True)] if quoted else self.expanded_document(text, first))
            word.append(('line', first, True))

    def expanded_document(self, text, line):
        inside = type(self)(text, line)
        inside.nested = self.nested + 1
        parts = []
        if self.nested > MAX_NESTED:
            raise Malformed('nested too deeply')
        while inside.at < inside.size:
            char = text[inside.at]
            if char == '\\':
                if text[inside.at + 1:inside.at + 2] == '"':
                    parts.append(('text', '\\', True))
                    inside.at += 1
                else:
                    inside.backslash(parts, True)
            elif char in '$`':
                inside.expansion(parts, True)
            else:
                end = inside.at
                while end < inside.size and text[end] not in '\\$`':
                    end += 1
                parts.append(('text', text[inside.at:end], True))
                inside.at = end
        return parts
