# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What words of a script stand for: variables, fields, braces, file names (POSIX XCU 2.6, bash(1) EXPANSION).

Text that is known at run time only is UNKNOWN, one character inside the text around it.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .glob import NotUnderstood, glob_match
from .natural import natural

UNKNOWN = u'\0'
BLANKS = ' \t\n'
MAX_FIELDS = 500
MAX_TEXT = 8192
MAX_BRACED = 256
MAX_VALUES = 8  # of one variable
MAX_CHANGED = 128  # characters of a value that a pattern takes something from


def known(text):
    return UNKNOWN not in text


class Several(tuple):
    """The values, texts or arrays, of which a variable has one; nobody knows which."""


def merged(ways, before):
    """Variables after one of several ways was taken, nobody knows which: {name: text, array or Several}."""
    found = dict(before)
    for name in set(name for way in ways for name in way):
        values = []
        for way in ways:
            value = way.get(name)
            values += [each for each in (value if isinstance(value, Several) else [value])
                       if each not in (None, '') and each not in values]
        if len(values) < 2:
            found[name] = values[0] if values else ''
        elif len(values) > MAX_VALUES:
            found[name] = UNKNOWN
        else:
            found[name] = values[-1] if _one_program(values) else Several(values)
    return found


def _one_program(values):
    """Whether all are names of one program, such as /sbin/sysctl and sysctl: one is as good as the other."""
    parts = [('', '*') if isinstance(value, list) else value.rpartition('/')[::2] for value in values]
    return len(set(name for _directory, name in parts)) == 1 and all(
        name != '*' and directory.endswith('bin') for directory, name in parts)


def names_in(tree):
    """The variables that words stand for anywhere in a node, a word or a list of them."""
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, (list, tuple)):
            if part[:1] == ('variable',):
                yield part[1]
            waiting.extend(part)


class Expander(object):
    """variables: {name: text, an array [[key, text]], or Several}; arguments: a list, or None where they are not known.

    printed(nodes) must give what commands print, as one text.
    """

    def __init__(self, variables, arguments, name):
        self.variables, self.arguments, self.name, self.file = variables, arguments, name, name

    def text(self, word):
        """A word as one text: of an assignment, a redirection, `case`, a here document."""
        return u''.join(' '.join(self.values(part)) for part in word)[:MAX_TEXT]

    def values(self, part):
        """The texts that a part stands for: several for "$@" and arrays, [] where that is empty."""
        kind = part[0]
        if kind == 'text':
            return [part[1]]
        if kind == 'unknown':
            return [UNKNOWN]
        if kind == 'commands':
            return [self.printed(part[1])]
        return self.parameter(part) if kind == 'variable' else []

    def fields(self, words):
        found = []
        for word in words:
            self._split(word, found)
        return found[:MAX_FIELDS]

    def _split(self, word, found):
        current, wild, braces = None, False, False
        for part in word:
            quoted = part[-1]
            if part[0] == 'text':
                current = (current or '') + part[1]
                wild = wild or (not quoted and any(char in part[1] for char in '*?['))
                braces = braces or (not quoted and '{' in part[1])
                continue
            for number, value in enumerate(self.values(part)):
                pieces = [value] if quoted else value.split()
                if current is not None and (number or (not quoted and value[:1] in tuple(BLANKS))):
                    self._add(current, wild, braces, found)
                    current = None
                for piece in pieces[:-1]:
                    self._add((current or '') + piece, wild, braces, found)
                    current = None
                if pieces:
                    current = (current or '') + pieces[-1]
                    wild = wild or (not quoted and any(char in value for char in '*?['))
                if not quoted and current is not None and value[-1:] in tuple(BLANKS) and pieces:
                    self._add(current, wild, braces, found)
                    current = None
        if current is not None:
            self._add(current, wild, braces, found)

    def _add(self, text, wild, braces, found):
        for one in braced(text) if braces else [text]:
            each = '/root' + one[1:] if one[:2] in ('~', '~/') else one
            names = self.names(each) if wild and any(char in each for char in '*?[') else []
            found.extend(names or [each])
            del found[MAX_FIELDS:]

    # -- parameters

    def value(self, name):
        """A variable's text or array, None where the script does not set it; which of Several is not told."""
        value = self.variables.get(name)
        return UNKNOWN if isinstance(value, Several) else value

    def parameter(self, part):
        _kind, name, before, index, operator, argument, _quoted = part
        values = self._look_up(name, index, before)
        if before == '#':
            return [u'%d' % len(values) if index is not None and values is not None else UNKNOWN]
        if operator in (':-', '-', ':=', '=', ':+', '+'):
            return self._default(name, values, operator, argument)
        if values is None:
            return [UNKNOWN]
        return [self._changed(value, operator, argument) for value in values] if operator else values

    def _look_up(self, name, index, before):
        """The values of a parameter; None where the script does not set it."""
        if name in ('@', '*'):
            return [UNKNOWN] if self.arguments is None else list(self.arguments)
        if natural(name) is not None:
            return ([self.name] + (self.arguments or []))[natural(name):][:1] or None
        if name == '#':
            return [UNKNOWN if self.arguments is None else u'%d' % len(self.arguments)]
        value = self.value(name)
        if value is None:
            return [self.file] if name == 'BASH_SOURCE' else None
        if not isinstance(value, list):
            return self._look_up(value, None, '') if before == '!' and index is None else [value]
        key = self.text(index) if index is not None else '0'
        if key in ('@', '*'):
            return [pair[before != '!'] for pair in value]
        return [pair[1] for pair in value if pair[0] == key][-1:] or None

    def _default(self, name, values, operator, argument):
        """`${name:-argument}` and its like: what a script does not set is taken for unset, the boot sets nothing.

        An empty argument says that somebody else sets it, as a cluster does for its resource agents.
        """
        empty = not values or (operator[0] == ':' and not ''.join(values))
        if operator in (':+', '+'):
            return [] if empty else [self.text(argument)]
        if not empty:
            return values
        value = self.text(argument) or (UNKNOWN if values is None else '')
        if operator in (':=', '='):
            self.variables[name] = value
        return [value]

    def _changed(self, value, operator, argument):
        pattern = self.text(argument)
        if operator in ('?', ':?'):
            return value
        if not known(value + pattern) or len(value) > MAX_CHANGED:
            return UNKNOWN
        try:
            if operator in ('#', '##', '%', '%%'):
                return trimmed(value, operator, pattern)
            if operator in ('/', '//'):
                pattern, _slash, new = pattern.partition('/')
                return replaced(value, pattern, new, operator == '//')
        except NotUnderstood:
            pass
        return UNKNOWN


def trimmed(value, operator, pattern):
    """`value` without the shortest or longest beginning (#, ##) or end (%, %%) that the pattern matches."""
    places = range(len(value) + 1)
    if operator in ('##', '%'):
        places = reversed(places)
    for place in places:
        cut = value[:place] if operator[0] == '#' else value[place:]
        if glob_match(pattern, cut):
            return value[place:] if operator[0] == '#' else value[:place]
    return value


def replaced(value, pattern, new, everywhere):
    if not any(char in pattern for char in '*?[\\'):
        return value.replace(pattern, new) if everywhere else value.replace(pattern, new, 1)
    found, at = '', 0
    while at < len(value):
        end = next((end for end in range(len(value), at, -1) if glob_match(pattern, value[at:end])), None)
        if end is None:
            found += value[at]
            at += 1
            continue
        found, at = found + new, end
        if not everywhere:
            break
    return found + value[at:]


def braced(text, depth=0):
    """The texts that `a{b,c}d` stands for, [text] where it has no such braces (bash alone expands them)."""
    start = text.find('{') if len(text) <= MAX_BRACED else -1
    while start >= 0 and depth < 8:
        level, parts, at = 1, [start + 1], start + 1
        while at < len(text) and level:
            level += (text[at] == '{') - (text[at] == '}')
            if text[at] == ',' and level == 1:
                parts.append(at + 1)
            at += 1
        if not level and len(parts) > 1 and text[start - 1:start] != '$':
            ends = [part - 1 for part in parts[1:]] + [at - 1]
            rests = braced(text[at:], depth + 1)
            return [text[:start] + inner + rest for begin, end in zip(parts, ends)
                    for inner in braced(text[begin:end], depth + 1) for rest in rests][:MAX_FIELDS]
        start = text.find('{', start + 1)
    return [text]
