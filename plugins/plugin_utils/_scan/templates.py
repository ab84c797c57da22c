# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates as the text that they print, line by line: Jinja, ERB, EPP and Go templates.

Statements and comments become blanks, what is printed becomes its default or UNKNOWN. Lines keep their numbers.
"""

import re
from collections.abc import Iterator

from .setting import UNKNOWN

_MARKS = re.compile(r'\{#.{0,4000}?#\}|\{%.{0,1000}?%\}|\{\{.{0,1000}?\}\}|<%.{0,1000}?%>', re.DOTALL)
_DEFAULT = re.compile(r"""(?:\|\s*(?:default|d)\s*\(?\s*|\bdefault\s+|\|\|\s*)["']?(-?\w+)["']?""")
_LITERAL = re.compile(r"""\{\{-?\s*["']?(\d+)["']?\s*(?:\|[^|}]*)?-?\}\}""")
_SHELL_DEFAULT = re.compile(r'\$\{\w+:?-([^{}]*)\}')
#: A word that stands for UNKNOWN where a parser would stumble over a control character.
HOLE = 'nodetcpUnknown'


def is_template(text: str) -> bool:
    return '{{' in text or '{%' in text or '<%' in text


def printed(text: str, hole: str = HOLE) -> str:
    """The text as it is printed, as far as that is known; `hole` stands for what is not."""
    return _MARKS.sub(lambda mark: _printed(mark[0], hole), text) if is_template(text) else text


def statements(text: str) -> list[tuple[int, str]]:
    """[(line, text)] of the statements of Jinja, whose literals may be data."""
    return [(number, mark[0][2:-2]) for number, mark in numbered(_MARKS, text) if '{%' in mark[0]]


def numbered(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, re.Match[str]]]:
    """(number of its line, match) of each match in the text."""
    number, counted = 1, 0
    for match in pattern.finditer(text):
        number += text.count('\n', counted, match.start())
        counted = match.start()
        yield number, match


def _printed(mark: str, hole: str) -> str:
    lines = '\n' * mark.count('\n')
    if mark.startswith(('{#', '{%')) or (mark.startswith('<%') and mark[2:3] != '='):
        return lines
    if mark.startswith('{{') and _silent(mark):
        return lines
    found = _LITERAL.fullmatch(mark) or _DEFAULT.search(mark)
    return (found[1] if found else hole) + lines


def _silent(mark: str) -> bool:
    """Whether that is a statement or comment of a Go template."""
    words = mark[2:-2].strip('- \t\n').split()
    return (
        not words
        or words[0] in ('if', 'else', 'end', 'range', 'with', 'define', 'block', 'break')
        or (words[0].startswith(('/*', '$')) and (words[0].startswith('/*') or ':=' in words[:2]))
    )


def known(text: str) -> str | None:
    """A value, of `${name:-default}` the default; None where it holds what is not known."""
    text = _SHELL_DEFAULT.sub(lambda name: name[1], text)
    return None if HOLE in text or UNKNOWN in text else text
