# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""YAML as cloud-config and manifests have it, and JSON, which is part of it: nodes have no YAML library.

Every scalar is a Scalar: text, and the line on which it begins. Tags and anchors are passed over, aliases are None.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Malformed

MAX_DEPTH = 40
MAX_FLOW = 200  # lines of a value in brackets or quotes
ESCAPES = {'n': '\n', 't': '\t', 'r': '\r', '0': '\0', 'e': '\033', 'a': '\a', 'b': '\b', 'f': '\f', 'v': '\v'}


class Scalar(type(u'')):
    """A text with its `line`."""

    line = 0


def scalar(text, line):
    found = Scalar(text)
    found.line = line
    return found


def documents(text):
    """The documents of a stream, each a dict, a list or a Scalar, without empty ones. Raises Malformed."""
    found = [_Block(part, number).document() for number, part in _parted(text)]
    return [node for node in found if node is not None]


def _parted(text):
    """[(line it begins on, text)] of the parts between `---` lines."""
    parts, start, held = [], 1, []
    for number, line in enumerate(text.split('\n'), 1):
        if line[:3] in ('---', '...') and not line[3:4].strip():
            parts.append((start, '\n'.join(held)))
            start, held = number, [line[3:]]
        else:
            held.append(line)
    return parts + [(start, '\n'.join(held))]


def _uncommented(text):
    """A plain text without the comment behind it."""
    place = 0 if text[:1] == '#' else text.find(' #')
    tab = text.find('\t#')
    place = min(each for each in (place, tab, len(text)) if each >= 0)
    return text[:place].strip()


class _Block(object):
    """Reads by indentation; a list item's rest of line is read as a line of its own, further in."""

    def __init__(self, text, line):
        self.lines, self.first, self.at, self.depth = text.expandtabs().split('\n'), line, 0, 0

    def document(self):
        found = self.node(0)
        if self.peek()[0] >= 0:
            raise Malformed('line %d: not indented as what stands above' % (self.first + self.at))
        return found

    def peek(self):
        """(indentation, text) of the next line with something on it; indentation -1 at the end."""
        while self.at < len(self.lines):
            text = self.lines[self.at].strip()
            if text and text[0] != '#':
                return len(self.lines[self.at]) - len(self.lines[self.at].lstrip()), text
            self.at += 1
        return -1, ''

    def node(self, least):
        indentation, text = self.peek()
        if indentation < least:
            return None
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Malformed('nested too deeply')
        if text[0] == '-' and text[1:2] in ('', ' '):
            found = self.sequence(indentation)
        elif _key(text):
            found = self.mapping(indentation)
        else:
            self.at += 1
            found = self.inline(text, least - 1)
        self.depth -= 1
        return found

    def sequence(self, indentation):
        found = []
        while True:
            inner, text = self.peek()
            if inner != indentation or text[0] != '-' or text[1:2] not in ('', ' '):
                return found
            if text[1:].strip() and text[1:].strip()[0] != '#':
                self.lines[self.at] = ' ' * (indentation + 1) + self.lines[self.at].lstrip()[1:]
            else:
                self.at += 1
            found.append(self.node(indentation + 1))

    def mapping(self, indentation):
        found = {}
        while True:
            inner, text = self.peek()
            if inner != indentation:
                return found
            key = _key(text)
            if not key:
                raise Malformed('line %d: a key is expected' % (self.first + self.at))
            name, rest = key
            self.at += 1
            if rest and rest[0] != '#':
                found[name] = self.inline(rest, indentation)
                continue
            inner, text = self.peek()
            same = inner == indentation and text[0] == '-' and text[1:2] in ('', ' ')
            found[name] = self.sequence(indentation) if same else self.node(indentation + 1)

    def inline(self, text, indentation):
        """What begins in a line; that line has been passed."""
        line = self.first + self.at - 1
        while text[:1] in ('&', '!') and ' ' in text:
            text = text.partition(' ')[2].lstrip()
        if text[:1] in ('&', '!'):
            return self.node(indentation + 1)
        if text[:1] == '*':
            return None
        if text[:1] in ('|', '>'):
            return self.literal(text, indentation, line)
        if text[:1] in ('[', '{', '"', "'"):
            return self.flow(text, line)
        text = _uncommented(text)
        while True:
            before = self.at
            inner, more = self.peek()
            if inner <= indentation or (_key(more) and indentation < 0):
                self.at = before
                return scalar(text, line)
            self.at += 1
            text += ' ' + _uncommented(more)

    def literal(self, text, indentation, line):
        """A block scalar, `|` or `>`."""
        head = _uncommented(text)
        given = ''.join(char for char in head if char in '123456789')[:1]
        inner, taken = (indentation + int(given) if given else None), []
        if given and indentation < 0:
            inner = int(given)
        while self.at < len(self.lines):
            whole = self.lines[self.at]
            width = len(whole) - len(whole.lstrip())
            if whole.strip():
                if inner is None:
                    inner = width
                if width < inner or width <= indentation:
                    break
            taken.append(whole[inner or 0:])
            self.at += 1
        while taken and not taken[-1].strip():
            taken.pop()
        if head[0] == '>':
            joined, before = '', ' '
            for part in taken:  # a line that is indented further keeps its end, and that of the line before it
                apart = not part or part[0] == ' ' or (joined and before[:1] in ('', ' '))
                joined += '\n' if apart else ' ' * bool(joined)
                joined, before = joined + part, part
            taken = [joined]
        return scalar('\n'.join(taken) + '\n', line + 1)

    def flow(self, text, line):
        """A flow collection or quoted scalar, which may go on in further lines."""
        while True:
            reader = _Flow(text, line)
            found = reader.value()
            if not reader.short:
                rest = text[reader.at:].strip()
                if rest and rest[0] != '#':
                    raise Malformed('line %d: %s behind a value' % (line, rest[:20]))
                return found
            if self.at >= len(self.lines) or self.first + self.at > line + MAX_FLOW:
                raise Malformed('line %d: a bracket or quote without an end' % line)
            text += '\n' + self.lines[self.at].strip()
            self.at += 1


def _key(text):
    """(key, rest) of a line of a mapping, or None."""
    if text[:1] in ('"', "'"):
        end = text.find(text[0], 1)
        after = text[end + 1:].lstrip()
        return (text[1:end], after[1:].strip()) if end > 0 and after[:1] == ':' and after[1:2] in ('', ' ') else None
    if text[:1] in tuple('[{&*!|>#'):
        return None
    place = text.find(': ')
    if place < 0 and text.endswith(':'):
        place = len(text) - 1
    comment = text.find(' #')
    if place <= 0 or 0 <= comment < place:
        return None
    return text[:place].strip(), text[place + 1:].strip()


class _Flow(object):
    """`short` is set where the text ends inside the value."""

    def __init__(self, text, line):
        self.text, self.first, self.at, self.short, self.depth = text, line, 0, False, 0

    def blanks(self):
        while self.text[self.at:self.at + 1] in (' ', '\n', '\t', '\r'):
            self.at += 1
        if self.text[self.at:self.at + 1] == '#' and (not self.at or self.text[self.at - 1] in ' \n'):
            end = self.text.find('\n', self.at)
            self.at = len(self.text) if end < 0 else end
            self.blanks()

    def value(self):
        self.blanks()
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Malformed('nested too deeply')
        char = self.text[self.at:self.at + 1]
        if char == '[' or char == '{':
            found = self.collection(char)
        elif char in ('"', "'"):
            found = self.quoted(char)
        else:
            found = self.plain()
        self.depth -= 1
        return found

    def collection(self, opening):
        closing, found = {'[': ']', '{': '}'}[opening], [] if opening == '[' else {}
        self.at += 1
        while True:
            self.blanks()
            char = self.text[self.at:self.at + 1]
            if not char or self.short:
                self.short = True
                return found
            if char == closing or char == ',':
                self.at += 1
                if char == closing:
                    return found
                continue
            if char in ']}':
                raise Malformed('line %d: %s is not expected here' % (self.first, char))
            value = self.value()
            self.blanks()
            if self.text[self.at:self.at + 1] == ':':
                self.at += 1
                after = self.value()
                if opening == '{':
                    found[value] = after
                else:
                    found.append({value: after})
            elif opening == '{':
                found[value if not isinstance(value, (dict, list)) else ''] = None
            else:
                found.append(value)

    def quoted(self, quote):
        line, found = self.first + self.text.count('\n', 0, self.at), ''
        self.at += 1
        while True:
            char = self.text[self.at:self.at + 1]
            self.at += 1
            if not char:
                self.short = True
                return scalar(found, line)
            if char == quote:
                if quote == "'" and self.text[self.at:self.at + 1] == "'":
                    self.at += 1
                else:
                    return scalar(found, line)
            if char == '\\' and quote == '"':
                char = self.text[self.at:self.at + 1]
                self.at += 1
                digits = self.text[self.at:self.at + 4]
                if char == 'u' and not digits.strip('0123456789abcdefABCDEF'):
                    char = (u'\\u' + digits.rjust(4, '0')).encode('ascii').decode('unicode_escape')
                    self.at += 4
                else:
                    char = '' if char == '\n' else ESCAPES.get(char, char)
                found += char
                continue
            if char == '\n':  # a line's end is a blank, that of an empty line stays
                ends = len(self.text) - self.at - len(self.text[self.at:].lstrip('\n'))
                char, self.at = '\n' * ends or ' ', self.at + ends
            found += char

    def plain(self):
        start = self.at
        line = self.first + self.text.count('\n', 0, start)
        while self.at < len(self.text):
            char, after = self.text[self.at], self.text[self.at + 1:self.at + 2]
            if char in ',[]{}\n' or (char == ':' and after in (' ', '', ',', '}', ']', '\n')):
                break
            if char == '#' and self.text[self.at - 1:self.at] == ' ':
                break
            self.at += 1
        if self.at == start:
            self.at += 1
        return scalar(self.text[start:self.at].strip(), line)
