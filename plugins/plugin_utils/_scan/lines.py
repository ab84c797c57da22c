# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What files of sections set: TuneD profiles, systemd units, inventories, kickstart and preseed files, Makefiles."""

import json
import re

from ...module_utils._node.parsers import unit_commands
from . import shell, sysctl_lines, templates
from .setting import UNKNOWN, Names, Setting, is_number, number_of

_EXEC = re.compile(r'Exec\w+')
_VARIABLE = re.compile(r'\$\{(\w+)\}')
_SECTION = re.compile(r'%(post|pre|end|packages|addon|firstboot|pre-install|onerror|traceback|anaconda)\b')
_LATE = re.compile(r'^d-i\s+\S+/\w*_?command\s+string\s+')
#: Variables of a Dockerfile that one command is read with: what people write has fewer.
_VARIABLES = 100
_ASSIGNED = 4000  # characters of their assignments
_LONGEST = 256  # characters of the value of a variable in a file of sections
#: Of the variables of a Dockerfile: {name: (where it was set last, the assignments that make its value)}.
Known = dict[str, tuple[int, str]]
_RECIPE = re.compile(r'^\t\s*[@+-]*')


def sections(text: str, names: Names, line: int = 1) -> list[Setting]:
    """Options of a file of sections: sysctls by name, commands of units."""
    found: list[Setting] = []
    values: dict[str, str] = {}
    for number, whole in joined(templates.printed(text)):
        name, equals, value = (part.strip() for part in whole.partition('='))
        if whole.lstrip()[:1] in ('#', ';', '[') or not equals:
            continue
        first = line + number - 1
        key = names.key(name)
        if key:
            found.append(Setting(key, _expanded(value, values), first))
        elif name == 'Sysctl':  # of Podman's units
            found += sysctl_lines.parse(value, names, first)
        elif _EXEC.fullmatch(name):
            found += _command(value, names, first)
        elif names.variable(name) and is_number(value):
            found.append(Setting(str(names.variable(name)), number_of(value), first))
        else:
            values[name] = value[:_LONGEST]
    return found


def joined(text: str) -> list[tuple[int, str]]:
    """[(number, line)] with the lines that end in a backslash joined to the next ones."""
    found: list[tuple[int, list[str]]] = []
    going = False
    for number, line in enumerate(text.split('\n'), 1):
        if not going:
            found.append((number, []))
        joins, going = going, line.rstrip().endswith('\\')
        part = line.strip() if joins else line
        found[-1][1].append(part.rstrip()[:-1] if going else part)
    return [(number, ' '.join(parts)) for number, parts in found]


def _expanded(value: str, values: dict[str, str]) -> str | None:
    """The value of a profile: without its comment, with ${variables}; ">1" holds only where less is set."""
    text = re.split(r'\s[#;]', value)[0].strip().strip('"')
    text = _VARIABLE.sub(lambda name: values.get(name[1], UNKNOWN), text)
    return None if text[:1] in ('<', '>') else templates.known(text)


def _command(value: str, names: Names, line: int) -> list[Setting]:
    return [
        each
        for _flags, words in unit_commands.command(value, 'any.service', {})
        for each in shell.words(words, names, line)
    ]


def dockerfile(text: str, names: Names, line: int = 1) -> list[Setting]:
    """RUN, CMD and ENTRYPOINT of a Dockerfile, here documents too; ARG and ENV are variables of what follows."""
    found: list[Setting] = []
    known: Known = {}
    lines, number = text.split('\n'), 0
    while number < len(lines):
        start = number
        block = [lines[number]]
        while block[-1].rstrip().endswith('\\') and number + 1 < len(lines):
            number += 1
            block.append('\\' if lines[number].lstrip().startswith('#') else lines[number])
        tag = re.search(r'<<-?["\']?(\w+)["\']?', block[0])
        while tag and block[-1].strip() != tag[1] and number + 1 < len(lines):
            number += 1
            block.append(lines[number])
        number += 1
        word, _blank, rest = '\n'.join(block).lstrip().partition(' ')
        if word.upper() in ('ARG', 'ENV'):
            _assign(known, rest, number)
        else:
            found += _instruction(word.upper(), rest, _used(known, rest), names, line + start)
    return found


def _assign(known: Known, text: str, number: int) -> None:
    pair = re.match(r'(\w+)[= ](\S+)\s*$', text.strip())
    if pair:
        before = known.get(pair[1], (0, ''))[1] if pair[1] in re.findall(r'\w+', pair[2]) else ''
        known[pair[1]] = (number, '%s%s=%s; ' % (before[-1000:], pair[1], pair[2]))


def _used(known: Known, text: str) -> str:
    """The assignments of the variables that a command names, and of those that their values name."""
    found: dict[str, tuple[int, str]] = {}
    waiting = re.findall(r'\w+', text)
    left = _ASSIGNED
    while waiting and len(found) < _VARIABLES and left > 0:
        name = waiting.pop()
        if name in known and name not in found:
            found[name] = known[name]
            left -= len(known[name][1])
            waiting += re.findall(r'\w+', known[name][1])
    return ''.join(assignments for _number, assignments in sorted(found.values()))


def _instruction(word: str, rest: str, known: str, names: Names, line: int) -> list[Setting]:
    if word in ('RUN', 'CMD', 'ENTRYPOINT'):
        rest = re.sub(r'^(?:\s*--\S+)+', '', rest)
        if rest.lstrip().startswith('['):
            try:
                return shell.words([str(each) for each in json.loads(rest)], names, line)
            except ValueError:
                return []
        here = re.match(r'\s*<<-?["\']?\w+["\']?[ \t]*\n', rest)
        if here:
            return shell.parse(rest[here.end() :], names, line + 1)
        return shell.parse(known + rest, names, line)
    if word in ('COPY', 'ADD') and rest.lstrip().startswith('<<'):
        tag, _blank, target = rest.partition('\n')[0].strip().partition(' ')
        return shell.parse('cat > %s %s\n%s' % (target, tag, rest.partition('\n')[2]), names, line)
    return []


def kickstart(text: str, names: Names, line: int = 1) -> list[Setting]:
    """The scripts of a kickstart file, or the commands of a preseed file; other lines set nothing."""
    rows = text.split('\n')
    kept = _scripts(rows) if any(_SECTION.match(row) for row in rows) else _late_commands(rows)
    return shell.parse('\n'.join(kept), names, line)


def _scripts(rows: list[str]) -> list[str]:
    """The rows, those outside of scripts empty."""
    kept, inside = [], False
    for row in rows:
        section = _SECTION.match(row)
        inside = section[1] in ('post', 'pre', 'firstboot', 'pre-install') if section else inside
        kept.append(row if inside and not section else '')
    return kept


def _late_commands(rows: list[str]) -> list[str]:
    """The rows, those outside of `preseed/late_command` and its like empty."""
    kept, going = [], False
    for row in rows:
        late = _LATE.match(row)
        text = row[late.end() :] if late else row if going else ''
        going = bool(text) and row.rstrip().endswith('\\')
        kept.append(text)
    return kept


def makefile(text: str, names: Names, line: int = 1) -> list[Setting]:
    """The recipes of a Makefile, each line a script."""
    found = []
    for number, whole in joined(text):
        if whole.startswith('\t'):
            found += shell.parse(_RECIPE.sub('', whole).replace('$$', '$'), names, line + number - 1)
    return found
