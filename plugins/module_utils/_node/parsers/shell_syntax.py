# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shell text as a tree of commands: POSIX XCU 2.10 and what scripts use of bash(1) beyond it.

A node is a tuple, its kind first, its line second:
    ('simple', line, assignments, words, redirections)        assignments: [(name, adds, index or None, word)]
    ('pipe', line, nodes)      ('lists', line, [(operator, node)])    operators: '', '&&', '||'
    ('if', line, [(condition, body)], otherwise)               ('while', line, condition, body, wanted)
    ('for', line, name, words or None, body)                   ('case', line, word, [(patterns, body)])
    ('group', line, body)      ('sub', line, body)             ('function', line, name, body)
    ('test', line, words)      ('redirected', line, node, redirections)      ('not', line, node)
A body or condition is a list of nodes. A redirection is (line, descriptor, operator, word); the word of a here
document is ('here', line, word). Words: shell_words.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Malformed
from .shell_words import Words, plain

OPERATORS = ('<<<', '<<-', '&>>', ';;&', '&&', '||', ';;', ';&', '<<', '>>', '>|', '<>', '>&', '<&', '&>', ';', '&',
             '|', '(', ')', '<', '>')
REDIRECTIONS = ('<<<', '<<-', '&>>', '<<', '>>', '>|', '<>', '>&', '<&', '&>', '<', '>')
SHELLS = ('sh', 'bash', 'dash', 'ash', 'ksh', 'zsh', 'busybox', 'openrc-run', 'runscript')
ENDS = ('then', 'else', 'elif', 'fi', 'do', 'done', 'esac', '}')
MAX_DEPTH = 40
MAX_ERRORS = 40


def foreign(text):
    """Whether a script is written for another interpreter than a shell."""
    if not text.startswith('#!'):
        return False
    words = text[2:256].partition('\n')[0].split() or ['sh']
    name = words[0].rpartition('/')[2]
    if name == 'env':
        name = ([word for word in words[1:] if word[0] != '-' and '=' not in word] or ['sh'])[0]
    return name not in SHELLS


def commands(text, line=1):
    """Yields the complete commands of a script in order; behind one that cannot be read goes on with the next line."""
    reader, start = _Reader(text, line), 0
    for _error in range(MAX_ERRORS):
        try:
            while True:
                start, line = reader.at, reader.line
                reader.advance()
                if reader.kind == 'end':
                    return
                if reader.kind == 'newline' or reader.value in (';', '&'):
                    continue
                node = reader.lists()
                if reader.kind not in ('end', 'newline') and reader.value not in (';', '&'):
                    raise Malformed('%s is not expected here' % reader.value)
                yield node
        except Malformed:
            end = text.find('\n', start)
            reader = _Reader(text, line + 1, len(text) if end < 0 else end + 1)


class _Reader(Words):
    """One token ahead: kind ('word', 'op', 'newline', 'end'), value (an operator or a word), token_line."""

    depth = 0

    def advance(self):
        self.blanks()
        self.token_line, self.descriptor = self.line, None
        if self.at >= self.size:
            self.kind, self.value = 'end', ''
            return
        if self.text[self.at] == '\n':
            self.kind, self.value = 'newline', '\n'
            self.at += 1
            self.line += 1
            self.documents()
            return
        digits = self.at
        while self.text[digits:digits + 1].isdigit():
            digits += 1
        if digits > self.at and self.text[digits:digits + 1] in ('<', '>'):
            self.descriptor, self.at = self.text[self.at:digits], digits
        if self.text.startswith(('<(', '>('), self.at):
            self.kind, self.value = 'word', self.word()
            return
        for operator in OPERATORS:
            if self.text.startswith(operator, self.at):
                self.kind, self.value = 'op', operator
                self.at += len(operator)
                return
        self.kind, self.value = 'word', self.word()

    def reserved(self):
        """The word as text where it may be a reserved one, else ''."""
        return plain(self.value) if self.kind == 'word' else ''

    def expect(self, word):
        if (self.reserved() or self.value) != word:
            raise Malformed('%s is missing' % word)
        self.advance()

    def newlines(self):
        while self.kind == 'newline':
            self.advance()

    def body(self, *ends):
        """Commands up to one of the words or operators `ends`, which stays the next token."""
        found = []
        while True:
            while self.kind == 'newline' or self.value in (';', '&'):
                self.advance()
            if self.kind == 'end' or (self.reserved() or self.value) in ends:
                if self.kind == 'end':
                    raise Malformed('the text ends inside a command')
                return found
            found.append(self.lists())

    def past(self, end):
        """The commands up to the word or operator `end`, which is passed."""
        found = self.body(end)
        self.advance()
        return found

    def lists(self):
        line, found, operator = self.token_line, [], ''
        while True:
            found.append((operator, self.pipeline()))
            if self.value not in ('&&', '||') or self.kind != 'op':
                return found[0][1] if len(found) == 1 else ('lists', line, found)
            operator = self.value
            self.advance()
            self.newlines()

    def pipeline(self):
        line = self.token_line
        if self.reserved() == '!':
            self.advance()
            return ('not', line, self.pipeline())
        found = [self.command()]
        while self.kind == 'op' and self.value == '|':
            self.advance()
            if self.kind == 'op' and self.value == '&':
                self.advance()
            self.newlines()
            found.append(self.command())
        return found[0] if len(found) == 1 else ('pipe', line, found)

    def command(self):
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Malformed('nested too deeply')
        line, word = self.token_line, self.reserved()
        if self.kind == 'op' and self.value == '(':
            node = self.parentheses(line)
        elif self.kind == 'op' and self.value in REDIRECTIONS:
            node = None
        elif self.kind != 'word' or word in ENDS:
            raise Malformed('%s is not expected here' % (word or self.value))
        else:
            node = getattr(self, 'read_' + word)(line) if word in READS else None
        if node is None and word == '{':
            self.advance()
            node = ('group', line, self.past('}'))
        elif node is None and word == '[[':
            node = self.double_brackets(line)
        if node is None:
            node = self.simple(line)
        else:
            redirections = []
            while self.kind == 'op' and self.value in REDIRECTIONS:
                redirections.append(self.redirection())
            if redirections:
                node = ('redirected', line, node, redirections)
        self.depth -= 1
        return node

    def parentheses(self, line):
        """A subshell, or an arithmetic command, of which nothing is told."""
        if self.text.startswith('(', self.at):
            self.at = self.past_arithmetic(self.at + 1)
            self.advance()
            return ('test', line, [])
        self.advance()
        return ('sub', line, self.past(')'))

    def double_brackets(self, line):
        words = []
        self.advance()
        while self.reserved() != ']]':
            if self.kind == 'end':
                raise Malformed(']] is missing')
            words.append(self.value if self.kind == 'word' else [('text', self.value, False)])
            self.advance()
        self.advance()
        return ('test', line, words)

    def read_if(self, line):
        arms, otherwise = [], []
        word = 'if'
        while word != 'fi':
            self.advance()
            if word == 'else':
                otherwise = self.body('fi')
            else:
                condition = self.past('then')
                arms.append((condition, self.body('elif', 'else', 'fi')))
            word = self.reserved()
        self.advance()
        return ('if', line, arms, otherwise)

    def read_while(self, line):
        wanted = self.reserved() == 'while'
        self.advance()
        return ('while', line, self.past('do'), self.past('done'), wanted)

    read_until = read_while

    def read_for(self, line):
        self.advance()
        if self.value == '(' and self.text.startswith('(', self.at):  # for ((i = 0; ...)): how often is not told
            self.at = self.past_arithmetic(self.at + 1)
            name, words = '_', [[('unknown', '', True)]]
            self.advance()
        else:
            name, words = self.reserved(), None
            self.advance()
            self.newlines()
            if self.reserved() == 'in':
                self.advance()
                words = []
                while self.kind == 'word':
                    words.append(self.value)
                    self.advance()
        while self.kind == 'newline' or self.value == ';':
            self.advance()
        end = '}' if self.reserved() == '{' else 'done'
        self.expect('{' if end == '}' else 'do')
        return ('for', line, name, words, self.past(end))

    read_select = read_for

    def read_case(self, line):
        self.advance()
        word, arms = self.value, []
        self.advance()
        self.newlines()
        self.expect('in')
        self.newlines()
        while self.reserved() != 'esac':
            if self.value == '(' and self.kind == 'op':
                self.advance()
            patterns = []
            while self.kind == 'word':
                patterns.append(self.value)
                self.advance()
                if self.value == '|' and self.kind == 'op':
                    self.advance()
            self.expect(')')
            arms.append((patterns, self.body(';;', ';&', ';;&', 'esac')))
            if self.kind == 'op':
                self.advance()
            self.newlines()
        self.advance()
        return ('case', line, word, arms)

    def read_function(self, line):
        self.advance()
        name = self.reserved()
        self.advance()
        if self.value == '(' and self.kind == 'op':
            self.advance()
            self.expect(')')
        return self.function(line, name)

    def function(self, line, name):
        self.newlines()
        return ('function', line, name, [self.command()])

    def simple(self, line):
        assignments, words, redirections = [], [], []
        while True:
            if self.kind == 'op' and self.value in REDIRECTIONS:
                redirections.append(self.redirection())
                continue
            if self.kind != 'word':
                break
            assigned = None if words and plain(words[0]) not in DECLARES else self.assignment(self.value)
            if assigned:
                assignments.append(assigned)
            else:
                words.append(self.value)
            self.advance()
            if len(words) == 1 and not assignments and self.value == '(' and self.kind == 'op':
                self.advance()
                self.expect(')')
                return self.function(line, plain(words[0]))
        return ('simple', line, assignments, words, redirections)

    def redirection(self):
        line, descriptor, operator = self.token_line, self.descriptor, self.value
        self.advance_word()
        word = self.value
        if operator in ('<<', '<<-'):
            word = ('here', line, [])
            self.here.append((self.value, operator == '<<-', word[2]))
        self.advance()
        return (line, descriptor, operator, word)

    def advance_word(self):
        self.advance()
        if self.kind != 'word':
            raise Malformed('a redirection without a name')


READS = ('if', 'while', 'until', 'for', 'select', 'case', 'function')
DECLARES = ('export', 'declare', 'typeset', 'local', 'readonly')
