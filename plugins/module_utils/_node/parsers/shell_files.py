# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands of scripts that print text or write files: COMMANDS is {name: function(shell, arguments) -> status}.

The status is True or False where it is known, else None. Options that change nothing of what is written do not count.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from . import sed_script
from .posix_pattern import NotUnderstood, Pattern
from .shell_expand import UNKNOWN, known
from .shell_words import unescaped


def names_of(arguments):
    return [word for word in arguments if word == '-' or not word.startswith('-')]


def echo(shell, arguments):
    """Whether backslashes are escapes depends on the shell: in dash they are, in bash with -e."""
    words, escapes = list(arguments), not shell.bash
    while words and words[0][:1] == '-' and words[0][1:] and not words[0][1:].strip('neE'):
        escapes = 'e' in words[0] or (escapes and 'E' not in words[0])
        del words[0]
    text = ' '.join(words)
    shell.print_text(unescaped(text).rstrip('\n') if escapes else text)
    return True


def printf(shell, arguments):
    words = arguments[1:] if arguments[:1] == ['--'] else arguments
    if words and words[0] != '-v':
        values, text, before = list(words[1:]), '', None
        while values or before is None:
            if len(values) == before:  # nothing in the format takes a value
                break
            before = len(values)
            text += _formatted(unescaped(words[0]), values)
        shell.print_text(text[:-1] if text.endswith('\n') else text)
    return True


def _formatted(text, values):
    """`text` with its conversions replaced by `values`, which are taken from the list."""
    parts = text.split('%')
    found, at = parts[0], 1
    while at < len(parts):
        part = parts[at]
        at += 1
        if not part and at < len(parts):  # %%
            found += '%' + parts[at]
            at += 1
            continue
        kind = part.lstrip('-+ #0123456789.')
        value = values.pop(0) if values else ''
        if kind[:1] == 'b':
            value = unescaped(value)
        elif kind[:1] not in ('s', 'd', 'i', 'u'):
            value = UNKNOWN
        found += value + kind[1:]
    return found


def cat(shell, arguments):
    for name in names_of(arguments) or ['-']:
        shell.print_lines(shell.lines(shell.path(name)))
    return True


def tee(shell, arguments):
    lines = shell.input
    for name in names_of(arguments):
        shell.write(shell.path(name), lines, '-a' in arguments or '--append' in arguments)
    shell.print_lines(lines)
    return True


def dd(shell, arguments):
    values = dict(word.partition('=')[::2] for word in arguments)
    lines = shell.lines(shell.path(values.get('if', '-')))
    if 'of' in values:
        shell.write(shell.path(values['of']), lines)


def copy(shell, arguments):
    """cp, mv, install, ln FILE... TARGET"""
    names = names_of(arguments)
    if len(names) < 2:
        return
    target = shell.path(names[-1])
    for name in names[:-1]:
        lines = shell.lines(shell.path(name))
        into = len(names) > 2 or names[-1].endswith('/')
        if lines and all(known(text) for text, _origin in lines):
            shell.write(target + '/' + name.rpartition('/')[2] if into else target, lines)


def which(shell, arguments):
    """Prints the name as it is: which directory it lies in does not matter."""
    for name in names_of(arguments):
        shell.print_text(name)


def part_of_path(name):
    """dirname, basename, pwd, realpath: how scripts find the files beside them."""
    def run(shell, arguments):
        word = (names_of(arguments) or [''])[0] if name != 'pwd' else shell.directory
        head, _slash, tail = word.rstrip('/').rpartition('/')
        shell.print_text({'dirname': head or '.', 'basename': tail}.get(name, word))
        return True
    return run


def prints_something(shell, arguments):
    """A command that prints part of what it reads: nobody knows which."""
    shell.print_lines([(UNKNOWN, (shell.file, shell.line))])


def tr(shell, arguments):
    """Characters for others of as many, or -d them; with ranges and classes nobody knows."""
    sets = names_of(arguments)
    deletes = arguments[:1] == ['-d']
    plain = not any(char in text for text in sets for char in '[-\\') and all(known(text) for text in sets)
    if not plain or len(sets) != 2 - deletes or not sets[0] or not (deletes or sets[1]):
        prints_something(shell, arguments)
        return
    into = dict((char, u'' if deletes else sets[1][min(number, len(sets[1]) - 1)])
                for number, char in enumerate(sets[0]))
    lines, shell.input = shell.input, []
    shell.print_lines([(u''.join(into.get(char, char) for char in text), origin) for text, origin in lines])


def grep(extended):
    def run(shell, arguments):
        """The lines that are found, where it prints whole lines of one file or of what comes in."""
        words = [word for word in arguments if word[:1] != '-' or word == '-']
        flags = ''.join(word[1:] for word in arguments if word[:1] == '-')
        try:
            if flags.strip('vhEFsi') or not words or len(words) > 2 or not known(words[0]):
                raise NotUnderstood('options')
            pattern = ''.join('\\' * (char in '\\.[]*^$') + char for char in words[0]) if 'F' in flags else words[0]
            found = Pattern(pattern, 'F' not in flags and (extended or 'E' in flags), 'i' in flags).search
            lines = shell.lines(shell.path((words + ['-'])[1]))
            if not all(known(text) for text, _origin in lines):
                raise NotUnderstood('computed')
            shell.print_lines([line for line in lines if (found(line[0]) is None) == ('v' in flags)])
        except NotUnderstood:
            if 'q' not in flags:
                prints_something(shell, arguments)
    return run


def sed(shell, arguments):
    scripts, names, flags = _sed_options(list(arguments))
    made = (shell.file, shell.line)
    for path in [shell.path(name) for name in names] or ['-']:
        lines = shell.lines(path)
        try:
            if not all(known(text) for text, _origin in lines + [(script, None) for script in scripts]):
                raise NotUnderstood('computed')
            lines = sed_script.edited('\n'.join(scripts), lines, made, 'E' in flags, 'n' in flags)
        except NotUnderstood:
            if 'i' in flags:
                continue
            lines = [(UNKNOWN, made)]
        if 'i' in flags:
            shell.write(path, lines)
        else:
            shell.print_lines(lines)


LONG = {'--in-place': 'i', '--regexp-extended': 'E', '--quiet': 'n', '--silent': 'n'}


def _sed_options(waiting):
    """(scripts, files, flags: i, E and n)"""
    scripts, names, flags = [], [], ''
    while waiting:
        word = waiting.pop(0)
        if word.startswith('--expression='):
            scripts.append(word[13:])
        elif word == '--expression' and waiting:
            scripts.append(waiting.pop(0))
        elif word.startswith('--'):
            flags += LONG.get(word.partition('=')[0], '')
        elif word.startswith('-') and len(word) > 1:
            letters, in_place, _suffix = word[1:].partition('i')
            flags += letters.replace('r', 'E') + in_place
            if letters.endswith('e') and not in_place and waiting:
                scripts.append(waiting.pop(0))
        else:
            names.append(word)
    if not scripts:
        scripts, names = names[:1], names[1:]
    return scripts, names, flags


COMMANDS = {'echo': echo, 'printf': printf, 'cat': cat, 'tee': tee, 'dd': dd, 'which': which, 'type': which, 'sed': sed,
            'tr': tr, 'grep': grep(False), 'egrep': grep(True)}
for _name in ('cp', 'mv', 'install', 'ln'):
    COMMANDS[_name] = copy
for _name in ('dirname', 'basename', 'pwd', 'realpath', 'readlink'):
    COMMANDS[_name] = part_of_path(_name)
for _name in ('awk', 'cut', 'head', 'tail', 'sort', 'uniq', 'fgrep', 'date', 'uname', 'nproc'):
    COMMANDS[_name] = prints_something
