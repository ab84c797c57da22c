# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Regular expressions of sed and grep (regex(7)), in time that grows with pattern times text.

Not `re`: it costs a node milliseconds to import, reads neither syntax, and takes for ever on hostile patterns.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .glob import CLASSES, NotUnderstood, bracket, exactly, whatever
from .natural import natural

MAX_PATTERN = 512
MAX_TEXT = 4096  # characters of a line in which a match is looked for
MAX_COPIES = 64  # of what stands before {n}
ESCAPES = {'s': CLASSES['space'], 't': '\t', 'n': '\n'}


class Pattern(object):
    """A basic (`extended` false) or extended regular expression. Raises NotUnderstood.

    It is a list of steps: ('char', function), ('split', first, second), ('jump', step), ('mark', number),
    ('edge', kind) and ('match',), followed by all ways at once (Pike's machine), so no pattern takes long.
    """

    def __init__(self, text, extended=False, fold=False):
        if len(text) > MAX_PATTERN:
            raise NotUnderstood('a pattern of more than %d characters' % MAX_PATTERN)
        self.text, self.at, self.extended, self.fold, self.groups = text, 0, extended, fold, 0
        steps = self._alternatives()
        if self.at < len(text):
            raise NotUnderstood('a bracket too many')
        self.steps = steps + [('match',)]

    def search(self, text, start=0):
        """[(start, end) of the match, of group 1, ...] of the leftmost match from `start` on, or None."""
        text = text[:MAX_TEXT].lower() if self.fold else text[:MAX_TEXT]
        found, threads = None, []
        for place in range(start, len(text) + 1):
            if found is None:
                self._follow(0, text, place, {0: place}, threads, set(step for step, _marks in threads))
            coming, seen = [], set()
            for step, marks in threads:
                if self.steps[step][0] == 'match':
                    found = _with(marks, 1, place)
                    break
                if place < len(text) and self.steps[step][1](text[place]):
                    self._follow(step + 1, text, place + 1, marks, coming, seen)
            threads = coming
            if found and not threads:
                break
        if found is None:
            return None
        return [(found.get(2 * number, 0), found.get(2 * number + 1, 0)) for number in range(self.groups + 1)]

    def _follow(self, step, text, place, marks, threads, seen):
        """Adds what can take a character, or ends, from `step` on, the preferred way first."""
        waiting = [(step, marks)]
        while waiting:
            step, marks = waiting.pop()
            if step in seen:
                continue
            seen.add(step)
            what = self.steps[step]
            if what[0] == 'split':
                waiting += [(step + what[2], marks), (step + what[1], marks)]
            elif what[0] == 'jump':
                waiting.append((step + what[1], marks))
            elif what[0] == 'mark':
                waiting.append((step + 1, _with(marks, what[1], place)))
            elif what[0] == 'edge':
                if _at_edge(what[1], text, place):
                    waiting.append((step + 1, marks))
            else:
                threads.append((step, marks))

    def _special(self, char):
        """Whether `char` stands here as an operator: bare in the extended syntax, behind a backslash in the basic."""
        return self.text.startswith(char if self.extended else '\\' + char, self.at)

    def _pass(self):
        self.at += 1 if self.extended else 2

    def _alternatives(self):
        steps = self._sequence()
        while self._special('|'):
            self._pass()
            other = self._sequence()
            steps = [('split', 1, len(steps) + 2)] + steps + [('jump', len(other) + 1)] + other
        return steps

    def _sequence(self):
        steps = []
        while self.at < len(self.text) and not self._special('|') and not self._special(')'):
            atom = self._atom(not steps)
            while self.at < len(self.text):
                least, most = self._times()
                if least is None:
                    break
                atom = _repeated(atom, least, most)
            steps += atom
        return steps

    def _times(self):
        """(least, most or None) of the repetition that stands here, (None, None) where none does."""
        if self.text[self.at] == '*':
            self.at += 1
            return 0, None
        for char, least, most in (('+', 1, None), ('?', 0, 1)):
            if self._special(char):
                self._pass()
                return least, most
        if not self._special('{'):
            return None, None
        self._pass()
        end = self.text.find('}', self.at)
        numbers = self.text[self.at:max(end, 0)].rstrip('\\').split(',')
        least, most = natural(numbers[0]), natural(numbers[-1])
        if least is None or (most is None and numbers[-1]):
            raise NotUnderstood('a number of times')
        self.at = end + 1
        return least, most

    def _atom(self, first):
        text = self.text
        if self._special('('):
            self._pass()
            self.groups += 1
            number = self.groups
            inside = self._alternatives()
            if not self._special(')'):
                raise NotUnderstood('a bracket without an end')
            self._pass()
            return [('mark', 2 * number)] + inside + [('mark', 2 * number + 1)]
        char = text[self.at]
        self.at += 1
        if char == '.':
            return [('char', whatever)]
        if char == '[' and self.at < len(text):
            takes, self.at = bracket(text, self.at, '^')
            return [('char', takes)]
        if char == '^' and (self.extended or first):
            return [('edge', '^')]
        if char == '$' and (self.extended or text[self.at:self.at + 2] in ('', '\\|', '\\)')):
            return [('edge', '$')]
        if char == '\\' and self.at < len(text):
            return self._escape()
        return [('char', exactly(char.lower() if self.fold else char))]

    def _escape(self):
        char = self.text[self.at]
        self.at += 1
        if char in '<>b':
            return [('edge', char)]
        if char in 'wW':
            return [('char', lambda each: _wordly(each) != (char == 'W'))]
        if char in 'stnS':
            return [('char', lambda each: (each in ESCAPES[char.lower()]) != (char == 'S'))]
        if natural(char) is not None or char in "`'B":
            raise NotUnderstood('a reference')
        return [('char', exactly(char.lower() if self.fold else char))]


def _repeated(atom, least, most):
    if max(least, most or 0) > MAX_COPIES or len(atom) * max(least, most or 1) > 8 * MAX_PATTERN:
        raise NotUnderstood('a number of times above %d' % MAX_COPIES)
    steps = atom * least
    if most is None:
        return steps + [('split', 1, len(atom) + 2)] + atom + [('jump', -len(atom) - 1)]
    for copy in range(most - least):
        left = (most - least - copy) * (len(atom) + 1)
        steps += [('split', 1, left)] + atom
    return steps


def _with(marks, number, place):
    changed = dict(marks)
    changed[number] = place
    return changed


def _wordly(char):
    return char.isalnum() or char == '_'


def _at_edge(kind, text, place):
    if kind == '^':
        return place == 0
    if kind == '$':
        return place == len(text)
    before, after = place > 0 and _wordly(text[place - 1]), place < len(text) and _wordly(text[place])
    return before != after and (kind == 'b' or after == (kind == '<'))
