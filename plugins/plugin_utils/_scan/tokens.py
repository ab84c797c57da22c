# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens of languages with braces: HCL, Ruby, Puppet, Nix, TOML, Groovy. Comments go, strings and here documents stay.

These languages differ in their grammar and agree in what a setting looks like; only their tokens have to be right.
"""

import bisect
import functools
import re
from typing import NamedTuple

#: What a language writes: patterns of a comment, of a here document's beginning, of strings. Each way to go on within
#: a string begins with another character, or a string without an end would be tried in all ways there are.
_HASH, _SLASHES = r'\#[^\n]*', r'//[^\n]*|/\*.*?(?:\*/|\Z)'
_DOUBLE = r'"(?:\\.|\$\{[^{}]*\}|\$(?!\{[^{}]*\})|[^"\\$])*"'
_SINGLE = r"'(?:\\.|[^'\\])*'"
LANGUAGES: dict[str, tuple[str, str, str]] = {
    'hcl': (_HASH + '|' + _SLASHES, r'<<[-~]?(?P<tag>\w+)', _DOUBLE),
    'ruby': (
        _HASH + r'|^=begin.*?(?:^=end|\Z)',
        r'<<[-~]["\']?(?P<tag>\w+)["\']?|<<["\']?(?P<bare>[A-Z]\w*)["\']?',
        _DOUBLE + '|' + _SINGLE,
    ),
    'puppet': (
        _HASH + r'|/\*.*?(?:\*/|\Z)',
        r'@\(\s*"?(?P<tag>[A-Za-z_]\w*)"?[^)\n]{0,100}\)',
        _DOUBLE + '|' + _SINGLE,
    ),
    'nix': (_HASH + r'|/\*.*?(?:\*/|\Z)', r'(?P<tag>(?!))', r"''(?:'''|''\$|''\\|(?!'').)*''|" + _DOUBLE),
    'toml': (_HASH, r'(?P<tag>(?!))', r'""".*?"""|' + r"'''.*?'''|" + _DOUBLE + '|' + _SINGLE),
    'groovy': (_SLASHES, r'(?P<tag>(?!))', r"'''.*?'''|" + r'""".*?"""|' + _DOUBLE + '|' + _SINGLE),
}
_REST = (
    r'(?P<word>[@$:]{0,3}[A-Za-z_][\w.$-]*(?:::[\w:]+)*[?!]?)|(?P<number>-?\d[\w.]*)'
    r'|(?P<op>=>|==|!=|\|\|=|\+=|&&|\|\||<=|>=|\S)'
)
_FIRST = re.compile(r'^[ \t|-]*(\w+)', re.MULTILINE)
_ESCAPE = re.compile(r'\\(.)', re.DOTALL)
_LETTERS = {'n': '\n', 't': '\t'}


class Token(NamedTuple):
    """kind: string, here, word, number or op; line: where its text begins (of a here document: the line below)."""

    kind: str
    text: str
    line: int


def tokens(text: str, language: str) -> list[Token]:
    """The tokens of a text without its comments."""
    found: list[Token] = []
    ends = _Ends(text)
    unended = ''
    at, line, counted = 0, 1, 0
    body = (0, 0)  # where the text of the last here document begins and ends
    while True:
        match = _pattern(language, unended).search(text, at)
        if match is None:
            return found
        start, at = match.start(), match.end()
        if body[0] <= start < body[1]:
            at = body[1]
            continue
        line += text.count('\n', counted, start)
        counted = start
        if match['here']:
            document, body = _here(text, match, line, body, ends)
            found += document
        elif match['string']:
            found.append(_string(match['string'], line, language))
        elif not match['comment']:
            kind = str(match.lastgroup)
            found.append(Token(kind, match[kind], line))
            if (
                match[kind] in ('"', "'") and match[kind] not in unended
            ):  # no string begins here, so none ends further down
                unended += match[kind]


@functools.cache
def _pattern(language: str, unended: str) -> re.Pattern[str]:
    """What finds the next token, with strings between other quotes than these."""
    comment, here, strings = LANGUAGES[language]
    string = '(?![%s])(?:%s)' % (unended, strings) if unended else strings
    return re.compile(
        r'(?P<comment>%s)|(?P<here>%s)|(?P<string>%s)|%s' % (comment, here, string, _REST), re.DOTALL | re.MULTILINE
    )


class _Ends:
    """The lines of a text that begin with a word, which may be the end of a here document."""

    def __init__(self, text: str) -> None:
        self._text = text

    @functools.cached_property
    def _places(self) -> dict[str, list[tuple[int, int]]]:
        found: dict[str, list[tuple[int, int]]] = {}
        for match in _FIRST.finditer(self._text):
            found.setdefault(match[1], []).append(match.span())
        return found

    def find(self, tag: str, start: int) -> tuple[int, int] | None:
        """Where the first of them from a place on begins, and where its word ends."""
        places = self._places.get(tag, [])
        at = bisect.bisect_left(places, (start, 0))
        return places[at] if at < len(places) else None


def _here(
    text: str, match: re.Match[str], line: int, last: tuple[int, int], ends: _Ends
) -> tuple[list[Token], tuple[int, int]]:
    """The here document whose tag was found, and where its text lies: its lines are no tokens.

    The text begins below the line, or below that of another here document of the same line (which ends at last[1]).
    """
    tag = next(name for name in (match.groupdict().get('tag'), match.groupdict().get('bare')) if name)
    start = max(text.find('\n', match.end()) + 1, last[1])
    end = ends.find(tag, start) if start else None
    if end is None:
        return [], last
    after = text.find('\n', end[1]) + 1 or len(text)
    token = Token('here', text[start : end[0]], line + text.count('\n', match.start(), start))
    return [token], (last[0] if last[1] == start else start, after)


def _string(written: str, line: int, language: str) -> Token:
    for mark in ('"""', "'''", "''", '"', "'"):
        if written.startswith(mark) and len(written) >= 2 * len(mark) and (mark != "''" or language == 'nix'):
            text = written[len(mark) : -len(mark)]
            if len(mark) == 1 and mark == '"' and '\\' in text:
                text = _ESCAPE.sub(lambda each: _LETTERS.get(each[1], each[1]), text)
            return Token('string', text, line)
    return Token('string', written, line)
