# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a shell script would do to sysctls: a walk over its commands in which nothing is carried out.

Commands are followed in their order; where nobody can know which way a script goes (a file test, a search), all
ways are gone, and what they set is `maybe`. What a command prints is kept as lines [(text, (file, line))], so that a
setting is found where its text stands.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from . import shell_commands, shell_syntax
from .glob import NotUnderstood, glob_match
from .shell_expand import MAX_FIELDS, UNKNOWN, Several, known, merged, names_in
from .shell_streams import PROC, Streams

MAX_STEPS = 8000
MAX_CALLS = 12
MAX_FORKS = 2  # variables with several values of which each combination is gone through
# Where the words of a node stand; the others consist of nodes, each of which is asked by itself.
WORDS = {'simple': slice(2, None), 'pipe': slice(2, None), 'redirected': slice(2, None), 'test': slice(2, None),
         'case': slice(2, 3), 'for': slice(3, 4)}
LEAVES = ('exit', 'return', 'break', 'continue')  # whatever the status is
ALL_ARGUMENTS = [[('variable', '@', '', None, '', [], True)]]


class Enough(Exception):
    """The script takes more steps than are granted."""


class Leave(Exception):
    """exit, return or break: `what` is left."""

    def __init__(self, what):
        Exception.__init__(self)
        self.what = what


class Shell(Streams):
    """Runs scripts against `outside`, which stands for the node and takes what they set:

    lines(path) -> lines or None          names(pattern) -> [path]      program(name) -> (path, text, origin) or None
    write(path, lines, adds, maybe)       setting(key as it is written, value or None, origin, maybe)
    load(lines, reader, pattern, maybe)   reload(reader, prefixes, pattern, maybe): reader 'systemd' or 'procps'
    foreign(text, origin): what is written in another language runs
    """

    def __init__(self, outside, file, line=1, arguments=None, variables=None, steps=None):
        """file, line: where what is run stands; home_line follows the commands in that file."""
        Streams.__init__(self, dict(variables or {}), arguments, file)
        self.outside, self.steps = outside, [MAX_STEPS] if steps is None else steps
        self.functions, self.exported = {}, set(self.variables)
        self.file, self.line, self.directory = file, line, '/'
        self.home, self.home_line = file, line
        self.maybe, self.left_at, self.calls, self.read = 0, {}, 0, 0
        self.out, self.input, self.bash, self.asked = [], [], False, set()
        self.forks = 0

    def script(self, text, file, line=1):
        """Runs `text`, which stands in `file` from `line` on, in this shell."""
        before = self.file
        self.file = file
        self.bash = self.bash or 'bash' in text[:64].partition('\n')[0]
        try:
            for node in shell_syntax.commands(text, line):
                self.node(node)
        finally:
            self.file = before

    def main(self, text, file, line=1):
        """Runs a script from its beginning to its end or its `exit`."""
        self.frame('exit', lambda: self.script(text, file, line))

    def frame(self, what, action):
        """What `action` gives; `what` ('exit', 'return', 'break') ends it, unless it may as well not come to that."""
        before = self.left_at.get(what)
        self.left_at[what] = self.maybe
        try:
            return action()
        except Leave as leave:
            if leave.what != what:
                raise
            return None
        finally:
            self.left_at[what] = before

    def leave(self, what):
        if self.left_at.get(what) == self.maybe:
            raise Leave(what)

    # -- nodes: each gives True or False where it is known how the command ends, else None

    def run(self, nodes):
        status = True
        for node in nodes:
            status = self.node(node)
        return status

    def node(self, node):
        self.steps[0] -= 1
        if self.steps[0] < 0:
            raise Enough()
        name = self.doubtful(node)
        return getattr(self, 'do_' + node[0])(*node[1:]) if name is None else self.each(name, node)

    def doubtful(self, node):
        """A variable with several values that the words of a node need, None where there is none."""
        several = [name for name, value in self.variables.items() if isinstance(value, Several)]
        if not several or self.forks >= MAX_FORKS or node[0] not in WORDS:
            return None
        needed = set(names_in(node[WORDS[node[0]]]))
        if node[0] == 'simple':
            if node[3] and shell_syntax.plain(node[3][0]) in LEAVES:
                return None
            needed.update(name for name, adds, index, _word in node[2] if adds or index is not None)
        return next((name for name in sorted(several) if name in needed), None)

    def each(self, name, node):
        """Goes on with each of the values that the variable may have; what they print, or where they go, must agree."""
        ended, (out, given) = [], (self.out, self.input)

        def way(value):
            self.variables[name], self.out, self.input = value, [], list(given)
            ended.append((self.node(node), self.out, self.directory, self.input))
        self.forks += 1
        self.ways([lambda value=value: way(value) for value in self.variables[name]], False)
        self.forks -= 1
        status, printed, directory, _input = ended[0]
        self.out, self.input = out, min((end[3] for end in ended), key=len)
        self.print_lines(printed if all(end[1] == printed for end in ended) else [(UNKNOWN, (self.file, self.line))])
        self.directory = directory if all(end[2] == directory for end in ended) else UNKNOWN
        return status if all(end[0] is status for end in ended) else None

    def ways(self, actions, none_too):
        """Goes all ways, of which nobody knows which one is taken."""
        before, after = self.variables, []
        self.maybe += 1
        for action in actions:
            self.variables = dict(before)
            action()
            after.append(self.variables)
        self.maybe -= 1
        self.variables = merged(after + [before] * none_too, before)

    def do_simple(self, line, assignments, words, redirections):
        self.line = line
        if self.file == self.home:
            self.home_line = line
        fields = self.fields(words)
        if not fields or fields[0] in shell_syntax.DECLARES:
            self.assign(assignments)
            if fields and '-x' in fields + [{'export': '-x'}.get(fields[0])]:
                self.exported.update([each[0] for each in assignments] + fields[1:])
            return self.redirected(redirections, lambda: True)
        before = dict((each[0], self.variables.get(each[0])) for each in assignments)
        self.assign(assignments)
        self.exported.update(before)
        status = self.redirected(redirections, lambda: self.command(fields))
        for name, value in before.items():
            if value is None:
                self.variables.pop(name, None)
            else:
                self.variables[name] = value
        return status

    def assign(self, assignments):
        for name, adds, index, word in assignments:
            old = self.value(name)
            if word and word[0][0] == 'array':
                pairs = list(old) if adds and isinstance(old, list) else []
                for key, value in word[0][1]:
                    for text in self.fields([value]) if key is None else [self.text(value)]:
                        pairs.append([self.text(key) if key is not None else u'%d' % len(pairs), text])
                self.variables[name] = pairs[:MAX_FIELDS]
                continue
            text = self.text(word)
            if index is not None:
                self.variables[name] = (old if isinstance(old, list) else []) + [[self.text(index), text]]
            else:
                self.variables[name] = (old or '') + text if adds and not isinstance(old, list) else text

    def do_lists(self, line, items):
        status = None
        for operator, node in items:
            if not operator:
                status = self.node(node)
            elif status is None:
                self.ways([lambda node=node: self.node(node)], True)
            elif status == (operator == '&&'):
                status = self.node(node)
        return status

    def do_not(self, line, node):
        status = self.node(node)
        return None if status is None else not status

    def do_pipe(self, line, nodes):
        out, given = self.out, self.input
        for node in nodes:
            self.out = out if node is nodes[-1] else []
            status = self.apart(lambda node=node: self.node(node))
            self.input = self.out
        self.out, self.input = out, given
        return status

    def do_if(self, line, arms, otherwise):
        unknown = []
        for condition, body in arms:
            status = self.run(condition) if not unknown else None
            if status is True:
                return self.run(body)
            if status is None:
                unknown.append(lambda condition=condition, body=body, first=not unknown: (
                    None if first else self.run(condition), self.run(body)))
        if not unknown:
            return self.run(otherwise)
        self.ways(unknown + ([lambda: self.run(otherwise)] if otherwise else []), not otherwise)
        return None

    def do_case(self, line, word, arms):
        text = self.text(word)
        if not known(text):
            self.ways([lambda body=body: self.run(body) for _patterns, body in arms], True)
            return None
        for patterns, body in arms:
            if any(self.matches(self.text(pattern), text) for pattern in patterns):
                return self.run(body)
        return True

    def do_while(self, line, condition, body, wanted):
        """Once; again for each line that `read` finds."""
        def turn():
            while True:
                before = self.read
                status = self.run(condition)
                if status is None:
                    self.ways([lambda: self.run(body)], True)
                elif status != wanted:
                    return
                else:
                    self.frame('continue', lambda: self.run(body))
                if self.read == before:
                    return
        self.frame('break', turn)

    def do_for(self, line, name, words, body):
        values = self.fields(ALL_ARGUMENTS if words is None else words)

        def turns():
            for value in values:
                self.variables[name] = value
                if value == UNKNOWN:
                    self.ways([lambda: self.run(body)], True)
                else:
                    self.frame('continue', lambda: self.run(body))
        self.frame('break', turns)

    def do_group(self, line, body):
        return self.run(body)

    def do_sub(self, line, body):
        return self.apart(lambda: self.run(body))

    def apart(self, action):
        """What `action` gives in a shell of its own, whose variables and directory are forgotten."""
        kept = self.variables, self.functions, self.directory, self.arguments
        self.variables, self.functions = dict(self.variables), dict(self.functions)
        try:
            return self.frame('exit', action)
        finally:
            self.variables, self.functions, self.directory, self.arguments = kept

    def do_function(self, line, name, body):
        self.functions[name] = (self.file, body)
        return True

    def do_test(self, line, words):
        self.line = line
        return shell_commands.test([self.text(word) for word in words], True)

    def do_redirected(self, line, node, redirections):
        return self.redirected(redirections, lambda: self.node(node))

    # -- words

    def printed(self, nodes):
        """The text of a command substitution."""
        out, self.out = self.out, []
        line = self.line
        try:
            self.apart(lambda: self.run(nodes))
            return '\n'.join(text for text, _origin in self.out).rstrip('\n')
        finally:
            self.out, self.line = out, line

    def names(self, pattern):
        """The files that a pattern with wildcards stands for; under /proc/sys it stays, keys are matched with it."""
        pattern = self.path(pattern)
        return [] if pattern.startswith(PROC) or not known(pattern) else self.outside.names(pattern)

    @staticmethod
    def matches(pattern, text):
        try:
            return not known(pattern) or glob_match(pattern, text)
        except NotUnderstood:
            return True

    # -- commands

    def command(self, fields):
        if fields[0] in self.functions:
            return self.call(fields[0], fields[1:])
        if fields[0] == UNKNOWN:  # "$1", as scripts call the function that is asked for; or a program: not all again
            names = [name for name in sorted(self.functions) if not self.calls or name not in self.asked]
            self.asked.update(names)
            self.ways([lambda name=name: self.call(name, fields[1:]) for name in names], True)
        return self.program(fields)

    def program(self, fields):
        """Runs a command that is not a function of the script, though one may have its name."""
        action = shell_commands.COMMANDS.get(fields[0].rpartition('/')[2])
        return action(self, fields[1:]) if action else self.start(fields[0], fields[1:])

    def call(self, name, arguments):
        """Runs a function of the script."""
        if self.calls >= MAX_CALLS:
            return None
        file, body = self.functions[name]
        kept = self.arguments, self.file
        self.arguments, self.file, self.calls = arguments, file, self.calls + 1
        try:
            return self.frame('return', lambda: self.run(body))
        finally:
            self.calls -= 1
            self.arguments, self.file = kept

    def source(self, name, arguments):
        """Runs a file in this shell."""
        path = self.path(name)
        lines = self.outside.lines(path) if known(path) and self.calls < MAX_CALLS else None
        if lines is None:
            return
        kept, self.calls = self.arguments, self.calls + 1
        self.arguments = arguments or self.arguments
        try:
            self.frame('return', lambda: self.script('\n'.join(text for text, _origin in lines), path))
        finally:
            self.arguments, self.calls = kept, self.calls - 1

    def start(self, name, arguments):
        """Runs a script as a program of its own."""
        found = self.outside.program(self.path(name) if '/' in name else name) if known(name) else None
        if found is None or self.calls >= MAX_CALLS:
            self.print_lines([(UNKNOWN, (self.file, self.line))])
            return
        path, text, origin = found
        exported = dict((each, self.variables[each]) for each in self.exported if each in self.variables)
        shell = Shell(self.outside, origin[0], origin[1], arguments, exported, self.steps)
        shell.name = path
        shell.maybe, shell.calls, shell.directory = self.maybe, self.calls + 1, self.directory
        shell.input, shell.out = self.input, self.out
        shell.main(text, *origin)
