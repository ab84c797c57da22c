# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a sed(1) script leaves of a text: addresses, `s`, `d`, `p`, `q`, `a`, `i`, `c` and blocks, as GNU sed has them.

Scripts that rewrite sysctl.conf use these. Any other command raises NotUnderstood.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .natural import natural
from .posix_pattern import NotUnderstood, Pattern

MAX_LINES = 1000
MAX_SIZE = 65536  # characters


def edited(script, lines, made, extended=False, silent=False):
    """The lines [(text, origin)] as the script leaves them; the origin of those that it made is `made`."""
    if len(lines) > MAX_LINES or sum(len(text) for text, _origin in lines) > MAX_SIZE:
        raise NotUnderstood('a text of more than %d lines or %d characters' % (MAX_LINES, MAX_SIZE))
    program = _Program(script, extended)
    found = []
    for number, (text, origin) in enumerate(lines, 1):
        line = _Line(text, origin, number, number == len(lines))
        program.run(line, made)
        found += line.printed
        if not line.deleted and not silent:
            found += [(part, line.origin) for part in line.text.split('\n')]
        found += line.after
        if line.quits:
            break
    return found


class _Line(object):
    def __init__(self, text, origin, number, is_last):
        self.text, self.origin, self.number, self.is_last = text, origin, number, is_last
        self.printed, self.after, self.deleted, self.quits = [], [], False, False


class _Program(object):
    """commands: [[first address, second, inverted, in range, letter, argument, end]]; that of `{` are commands."""

    def __init__(self, script, extended):
        self.script, self.at, self.extended, self.last = script, 0, extended, None
        self.commands = self._block('')

    def run(self, line, made):
        self._run(self.commands, line, made)

    def _run(self, commands, line, made):
        for command in commands:
            if line.deleted or line.quits:
                return
            ends = self._selected(command, line)
            if ends is not None:
                self._carry_out(command[4], command[5], line, made, ends)

    def _carry_out(self, letter, argument, line, made, ends):
        if letter == '{':
            self._run(argument, line, made)
        elif letter == 's':
            self._substitute(argument, line, made)
        elif letter == 'p':
            line.printed += [(part, line.origin) for part in line.text.split('\n')]
        elif letter == 'a':
            line.after += [(part, made) for part in argument.split('\n')]
        elif letter == 'i' or (letter == 'c' and ends):
            line.printed += [(part, made) for part in argument.split('\n')]
        line.deleted = line.deleted or letter in 'cd'
        line.quits = line.quits or letter == 'q'

    def _selected(self, command, line):
        """None where the command passes over the line, else whether no range goes on behind it."""
        first, second, inverted, active = command[:4]
        if second is None:
            hit = first is None or self._fits(first, line)
        elif active:
            end = command[6]
            hit = not isinstance(end, int) or not isinstance(first, int) or line.number <= end
            command[3] = hit and not (line.number >= end if isinstance(end, int) else self._fits(end, line))
        else:
            hit = self._starts(first, second, line)
            end = command[6] = line.number + second[0] if isinstance(second, tuple) else second
            ended = line.is_last if end == '$' else isinstance(end, int) and end <= line.number
            command[3] = hit and not ended
        return None if hit == inverted else not command[3]

    def _starts(self, first, second, line):
        """Whether a range begins; one from a number on begins late where its line was not reached."""
        if isinstance(first, int) and isinstance(second, int):
            return first <= line.number <= max(first, second)
        if isinstance(first, int):
            return line.number >= first > 0
        return self._fits(first, line)

    def _fits(self, address, line):
        if address == '$':
            return line.is_last
        if isinstance(address, int):
            return line.number == address
        return address.search(line.text) is not None

    def _substitute(self, argument, line, made):
        pattern, replacement, everywhere, nth, prints = argument
        found, at, count, text = '', 0, 0, line.text
        while at <= len(text):
            match = pattern.search(text, at)
            if match is None:
                break
            start, end = match[0]
            count += 1
            found += text[at:start]
            if count >= nth:
                found += ''.join(part if not isinstance(part, int) else text[match[part][0]:match[part][1]]
                                 for part in replacement if not isinstance(part, int) or part < len(match))
                line.origin, line.changed = made, True
            else:
                found += text[start:end]
            at = end
            if start == end:
                found += text[at:at + 1]
                at += 1
            if count >= nth and not everywhere:
                break
        if count >= nth:
            line.text = found + text[at:]
            if prints:
                line.printed += [(part, made) for part in line.text.split('\n')]

    # -- reading the script

    def _block(self, end):
        commands = []
        while True:
            while self._next() and self._next() in ' \t\n;':
                self.at += 1
            char = self._next()
            if char == '#':
                self.at = self._find('\n')
            elif char == end:
                self.at += 1
                return commands
            elif not char:
                raise NotUnderstood('} is missing')
            else:
                commands.append(self._command())

    def _next(self):
        return self.script[self.at:self.at + 1]

    def _find(self, char):
        end = self.script.find(char, self.at)
        return len(self.script) if end < 0 else end

    def _blanks(self):
        while self._next() in (' ', '\t'):
            self.at += 1

    def _command(self):
        first, second = self._address(), None
        self._blanks()
        if self._next() == ',':
            self.at += 1
            self._blanks()
            if self._next() == '+':
                self.at += 1
                second = (self._number(),)
            else:
                second = self._address()
        self._blanks()
        inverted = self._next() == '!'
        self.at += inverted
        self._blanks()
        letter = self._next()
        self.at += 1
        argument = None
        if letter == '{':
            argument = self._block('}')
        elif letter == 's':
            argument = self._substitution()
        elif letter and letter in 'aic':
            argument = self._text()
        elif letter not in ('d', 'p', 'q'):
            raise NotUnderstood('%s in a sed script' % (letter or 'nothing'))
        return [first, second, inverted, first == 0 and second is not None, letter, argument, second]

    def _number(self):
        end = self.at
        while natural(self.script[end:end + 1]) is not None:
            end += 1
        number, self.at = natural(self.script[self.at:end] or '0'), end
        if number is None:
            raise NotUnderstood('a number of so many digits')
        return number

    def _address(self):
        char = self._next()
        if char == '$':
            self.at += 1
            return '$'
        if natural(char) is not None:
            return self._number()
        if char not in ('/', '\\'):
            return None
        if char == '\\':
            self.at += 1
        delimiter = self._next()
        self.at += 1
        text = self._until(delimiter)
        fold = self._next() == 'I'
        self.at += fold
        return self._pattern(text, fold)

    def _pattern(self, text, fold):
        if text or self.last is None:
            self.last = Pattern(text, self.extended, fold)
        return self.last

    def _until(self, delimiter):
        """The text up to the delimiter, which is passed; behind a backslash it stands for itself."""
        found, inside = '', False
        while True:
            char = self._next()
            if not char or (char == '\n' and delimiter != '\n' and not found.endswith('\\')):
                raise NotUnderstood('%s is missing' % delimiter)
            self.at += 1
            if char == '\\' and self._next() == delimiter:
                found += delimiter
                self.at += 1
            elif char == '\\':
                found += char + self._next()
                self.at += 1
            elif char == delimiter and not inside:
                return found
            else:
                inside = char == '[' or (inside and char != ']')
                found += char

    def _substitution(self):
        delimiter = self._next()
        self.at += 1
        text = self._until(delimiter)
        replacement = self._replacement(self._until(delimiter))
        everywhere, nth, fold, prints = False, 1, False, False
        while self._next() and self._next() not in '; \t\n}#':
            char = self._next()
            if natural(char) is not None:
                nth = self._number()
                continue
            if char not in 'gipI':
                raise NotUnderstood('%s behind s' % char)
            everywhere, fold, prints = everywhere or char == 'g', fold or char in 'iI', prints or char == 'p'
            self.at += 1
        return self._pattern(text, fold), replacement, everywhere, nth, prints

    @staticmethod
    def _replacement(text):
        """[text or the number of a group]; 0 is the whole match."""
        parts, at = [''], 0
        while at < len(text):
            char = text[at]
            at += 1
            if char == '&':
                parts += [0, '']
            elif char == '\\' and at < len(text):
                char = text[at]
                at += 1
                if natural(char) is not None:
                    parts += [int(char), '']
                elif char in 'ULEul':
                    raise NotUnderstood('a change of case')
                else:
                    parts[-1] += {'n': '\n', 't': '\t'}.get(char, char)
            else:
                parts[-1] += char
        return parts

    def _text(self):
        """What `a`, `i` or `c` puts there: the rest of the line, and lines that a backslash adds."""
        self._blanks()
        if self._next() == '\\':
            self.at += 1
            self._blanks()
            if self._next() == '\n':
                self.at += 1
        found = ''
        while self._next() and self._next() != '\n':
            char = self._next()
            if char == '\\':
                self.at += 1
                char = self._next()
                char = {'t': '\t'}.get(char, char)
            found += char
            self.at += 1
        return found
