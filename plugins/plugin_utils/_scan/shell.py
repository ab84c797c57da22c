# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What shell text sets, by the model of the node's parsers: scripts, here documents, `sed -i`, loops, functions."""

import base64
import binascii
import fnmatch
import itertools
import re
from collections.abc import Callable
from typing import Any

from ...module_utils._node.errors import Malformed
from ...module_utils._node.parsers import shell_run, shell_streams
from . import sysctl_lines
from .setting import UNKNOWN, Names, Setting

#: A line of text and where it stands: (file, line).
Line = tuple[str, tuple[str, int]]
_SYSTEM = re.compile(r'sysctl|/etc/ufw/')
_SCRIPT = re.compile(r'/proc/sys/|\bsysctl\b')
#: Programs that run the commands in their words elsewhere.
_CARRIERS = ('ssh', 'pssh', 'pdsh', 'docker', 'podman', 'kubectl', 'vagrant', 'lxc', 'ansible', 'virt-customize')
#: Functions that scripts have for running a command, and the installer's in-target.
_RUNS = re.compile(r'\w*(?:run|exec|retry|try|cmd|quiet|do_)\w*|in-target')
_SHELLS = ('sysctl', 'sh', 'bash', 'ash', 'dash', 'tee')
#: Names of programs and functions that only look, or print.
_LOOKS = re.compile(
    r'check|assert|expect|test|verify|get|read|show|audit|log|warn|info|grep|awk|die|print|msg|diff|is_'
)
_CUT = re.compile(r'(?:\S*/)?cut -d ?(?P<sign>[=:, ]) -f ?(?P<number>[1-9])-?')
_HERE, _ELSEWHERE = 'here', 'elsewhere'
_NAME_MAX = 255  # characters of the name of a program
_MAX_DEPTH = 4


def parse(text: str, names: Names, line: int = 1, depth: int = 0) -> list[Setting]:
    """The settings of a script in its order, then those of its functions that nothing calls.

    `line` is the number of the script's first line.
    """
    outside = _Outside(names, text, depth)
    shell = _Shell(outside, _HERE, line)
    shell.bash = True
    _guarded(lambda: shell.main(text, _HERE, line))
    for name in [name for name in shell.functions if name not in shell.called]:
        before = len(outside.found)
        _guarded(lambda name=name: shell.frame('exit', lambda: shell.call(name, [])))  # type: ignore[misc]
        outside.found[before:] = _either(outside.found[before:])
    return outside.found


def _either(found: list[Setting]) -> list[Setting]:
    """What a function leaves of which nobody knows when it runs: start() may be, as well as stop()."""
    last = {each.key: each.value for each in found}
    return [each._replace(maybe=True) for each in found if each.value == last[each.key]]


def words(command: list[str], names: Names, line: int) -> list[Setting]:
    """The settings of one command that is a list of words."""
    outside = _Outside(names, ' '.join(command), 0)
    shell = _Shell(outside, _HERE, line)
    if command:
        _guarded(lambda: shell.frame('exit', lambda: shell.command(command)))
    return outside.found


def has_commands(text: str) -> bool:
    """Whether a text may be a command that sets something."""
    return bool(_SCRIPT.search(text))


def _guarded(action: Callable[[], object]) -> None:
    try:
        action()
    except (shell_run.Enough, shell_run.Leave, Malformed, RecursionError):
        return


class _Shell(shell_run.Shell):
    """A shell on an unknown machine; it knows the words of container tools, and which functions were called."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.called: set[str] = set()
        self.input: list[Line]

    def call(self, name: str, arguments: list[str]) -> Any:
        self.called.add(name)
        return super().call(name, arguments)

    def lines(self, path: str) -> Any:
        return super().lines(_somewhere(path))

    def write(self, path: str, lines: list[Line], adds: bool = False) -> None:
        super().write(_somewhere(path), lines, adds)

    def start(self, name: str, arguments: list[str]) -> None:
        """A program of which nothing is known but its words."""
        base = name.rpartition('/')[2][:_NAME_MAX]
        if base == 'base64' and self.input:
            self.print_lines(_decoded(self.input))
            return
        self._options(arguments)
        if not _LOOKS.search(base):
            self._pair(arguments)
        inner = next((place for place, word in enumerate(arguments) if word.rpartition('/')[2] in _SHELLS), None)
        if inner is not None and (base in _CARRIERS or _RUNS.fullmatch(base)):
            self.command(arguments[inner:])
        elif base in _CARRIERS:
            for word in [word for word in arguments if ' ' in word and has_commands(word)]:
                self.apart(lambda word=word: self.script(word, self.file, self.line))
            if self.input:
                shell_run.shell_commands.sh(self, [])
        super().start(name, arguments)

    def program(self, fields: list[str]) -> Any:
        """As the node's shell has it, and a field that `cut` takes out of KEY=VALUE."""
        options = _CUT.fullmatch(' '.join(fields))
        if options and self.input:
            lines, self.input = self.input, []
            for text, origin in lines:
                parts = text.split(options['sign'])
                self.print_lines([(parts[int(options['number']) - 1], origin)] if _has_field(parts, options) else [])
            return True
        return super().program(fields)

    def _pair(self, arguments: list[str]) -> None:
        """A function defined elsewhere, or Android's init: `write /proc/sys/KEY VALUE`, `add KEY=VALUE sysctl.conf`."""
        if any(_SYSTEM.search(word) for word in arguments):
            for name, equals, value in [word.partition('=') for word in arguments]:
                if equals:
                    self.setting(name.strip(), value.strip())
        for key, value in itertools.pairwise(arguments):
            if ('.' in key or '/' in key) and value.isdigit():
                self.setting(key.partition(shell_streams.PROC)[2] or key, value)

    def _options(self, arguments: list[str]) -> None:
        """`docker run --sysctl key=value`."""
        for before, word in zip(['', *arguments], arguments, strict=False):
            option, equals, rest = word.partition('=')
            text = rest if option in ('--sysctl', '--sysctls') and equals else word if before == '--sysctl' else ''
            key, equals, value = text.partition('=')
            if equals:
                self.setting(key, value)


class _Outside:
    """What shells ask (shell_run.Shell says what): a machine of which nothing is known but its sysctl files' form."""

    def __init__(self, names: Names, text: str, depth: int) -> None:
        self.known, self.depth = names, depth
        self.keys = sorted(key for key in names.keys if key.rpartition('.')[2] in text)
        self.found: list[Setting] = []
        self._written: dict[str, list[Line]] = {}

    def lines(self, path: str) -> list[Line] | None:
        """A sysctl file has every key that the script speaks of, with either value and as a comment: `sed -i` shows."""
        if path in self._written:
            return self._written[path]
        if not _SYSTEM.search(path):
            return None
        texts = [
            form % (key, number) for key in self.keys for form in ('%s = %d', '%s=%d', '#%s = %d') for number in (0, 1)
        ]
        return [(text, (_ELSEWHERE, number)) for number, text in enumerate(texts, 1)]

    def names(self, pattern: str) -> list[str]:
        return [pattern.replace('*', 'any')] if _SYSTEM.search(pattern) else []

    def program(self, name: str) -> None:
        return None

    def foreign(self, text: str, origin: tuple[str, int]) -> None:
        return None

    def write(self, path: str, lines: list[Line], adds: bool, maybe: bool) -> None:
        before = (self.lines(path) or []) if adds else self._written.get(path, [])
        self._written[path] = ((before if adds else []) + lines)[: shell_streams.MAX_LINES]
        seen = set(before)
        self._content([line for line in lines if line[1][0] == _HERE and line not in seen], maybe)

    def load(self, lines: list[Line], reader: str, pattern: str, maybe: bool) -> None:
        """What was written before is known; what comes in by a pipe is news."""
        seen = {line for written in self._written.values() for line in written}
        self._content([line for line in lines if line[1][0] == _HERE and line not in seen], maybe)

    def reload(self, *_arguments: Any) -> None:
        return None

    def setting(self, key: str, value: str | None, origin: tuple[str, int], maybe: bool) -> list[str]:
        keys = self._keys(key) if origin[0] == _HERE else []
        self.found += [Setting(each, value, origin[1], maybe) for each in keys]
        return keys

    def _keys(self, key: str) -> list[str]:
        if any(char in key for char in '*?['):
            pattern = key.replace('/', '.')
            return sorted(each for each in self.known.keys if fnmatch.fnmatchcase(each, pattern))
        found = self.known.key(key.replace('//', '/'))
        return [found] if found else []

    def _content(self, lines: list[Line], maybe: bool) -> None:
        """What a text that is written somewhere sets: as a sysctl file, else as a script."""
        text = '\n'.join(line for line, _origin in lines)
        found = sysctl_lines.parse(text, self.known)
        if not found and self.depth < _MAX_DEPTH and has_commands(text):
            found = parse(text, self.known, depth=self.depth + 1)
        placed = [each._replace(line=lines[each.line - 1][1][1]) for each in found if 0 < each.line <= len(lines)]
        values: dict[tuple[str, int], set[str | None]] = {}
        for each in placed:
            values.setdefault((each.key, each.line), set()).add(each.value)
        for each in placed:
            unknown = each.value is None or UNKNOWN in each.value or len(values[each.key, each.line]) > 1
            self.found.append(each._replace(value=None if unknown else each.value, maybe=maybe or each.maybe))


def _has_field(parts: list[str], options: re.Match[str]) -> bool:
    """Whether a line has the field that cut(1) was asked for."""
    return 0 < int(options['number']) <= len(parts)


def _somewhere(path: str) -> str:
    """A path that is not known is that of some sysctl file: scripts name it in a variable."""
    return path if UNKNOWN not in path or shell_streams.PROC in path else '/sysctl/%s' % path.replace(UNKNOWN, 'any')


def _decoded(lines: list[Line]) -> list[Line]:
    try:
        data = base64.b64decode(''.join(text for text, _origin in lines), validate=True)
    except (binascii.Error, ValueError):
        return []
    return [(text, lines[0][1]) for text in data.decode('utf-8', 'replace').split('\n')]
