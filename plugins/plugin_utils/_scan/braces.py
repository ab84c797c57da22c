# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Terraform, Packer, Puppet, Chef, NixOS, TOML and pipelines in Groovy set."""

import re

from .._text.values import words
from . import content, shell, sysctl_lines, templates, yaml_tree
from .setting import UNKNOWN, Names, Setting, is_number, number_of
from .tokens import Token, tokens

_ASSIGNS = ('=', '=>', ':', '||=')
_OPENS, _CLOSES = ('{', '[', '('), ('}', ']', ')')
#: Ruby's words that open and close a block.
_BLOCKS = ('do', 'if', 'unless', 'case', 'def', 'begin', 'module', 'class')
#: Functions around a value that change nothing of it.
_AROUND = re.compile(r'(?:lib\.)?mk(?:Default|Force|Override|BeforeDefault)|tostring|tonumber|base64encode')
#: Tokens of a block that are looked through, and blocks of a file: what people write has fewer.
_BLOCK, _SEARCHES = 200, 1000
_VALUES = ('value', 'val', 'sysctl_value')
_PROSE = frozenset(
    words(
        'notify log puts fail warn info warning description message error_message raise echo title comment '
        'summary desc not_if only_if unless onlyif regex match pattern match_for_absence should eq its describe'
    )
)
_PLACEHOLDER = re.compile(r'\$\{[^{}]*\}|#\{[^{}]*\}')


def parser(language: str) -> content.Parser:
    """The parser of one of the languages of tokens.py."""

    def parse(text: str, names: Names, line: int = 1) -> list[Setting]:
        reader = _Reader(tokens(text, language), names, language)
        reader.read()
        return [each._replace(line=each.line + line - 1) for each in reader.found]

    return parse


class _Reader:
    """Goes through the tokens once; stack: for each open bracket its label and its place."""

    def __init__(self, found: list[Token], names: Names, language: str) -> None:
        self.tokens, self.names, self.language = found, names, language
        self.found: list[Setting] = []
        self.stack: list[tuple[str, int]] = []
        self.searches = _SEARCHES

    def read(self) -> None:
        for place, token in enumerate(self.tokens):
            if self._opens(place):
                self.stack.append((self._label(place), place))
            elif self._closes(place):
                del self.stack[-1:]
            elif token.kind in ('string', 'word'):
                self._token(place, token)
            elif token.kind == 'here':
                self._text(place, token)

    def _at(self, place: int) -> Token:
        return self.tokens[place] if 0 <= place < len(self.tokens) else Token('end', '', 0)

    def _opens(self, place: int) -> bool:
        token = self.tokens[place]
        if token.kind == 'word' and self.language == 'ruby' and token.text in _BLOCKS:
            return token.text == 'do' or self._at(place - 1).line != token.line
        return token.kind == 'op' and token.text in _OPENS

    def _closes(self, place: int) -> bool:
        token = self.tokens[place]
        return (token.kind == 'op' and token.text in _CLOSES) or (
            token.kind == 'word' and self.language == 'ruby' and token.text == 'end'
        )

    def _label(self, place: int) -> str:
        """The name that stands before a bracket, by way of an assignment or not."""
        before = self._at(place - 1)
        if before.text in _ASSIGNS and before.kind == 'op':
            before = self._at(place - 2)
        return before.text if before.kind in ('word', 'string') else ''

    # -- settings

    def _token(self, place: int, token: Token) -> None:
        sysctl = self._key(place, token)
        if sysctl:
            self._named(place, token, sysctl)
        elif token.kind == 'string' and ('=' in token.text or ' ' in token.text.strip() or len(token.text) > 100):
            self._text(place, token)
        else:
            self._other(place, token)

    def _key(self, place: int, token: Token) -> str | None:
        text = token.text.strip(':')
        own = self.names.key(text)
        if own or '.' in text or ' ' in text:
            return own
        chain = [text]
        at = place
        while self._at(at - 1).text == '[' and self._at(at - 2).text == ']' and len(chain) < 5:
            at -= 3
            chain.insert(0, self._at(at).text.strip(':'))
        labels = [label.rpartition('.')[2] if '.' not in label[-1:] else '' for label, _place in self.stack[-4:]]
        for whole in (chain, [label for label in [*labels, text] if label]):
            for length in (3, 4):
                found = self.names.key('.'.join(whole[-length:])) if len(whole) >= length else None
                if found:
                    return found
        return None

    def _named(self, place: int, token: Token, sysctl: str) -> None:
        after = place + 1
        while self._at(after).text in (']', ')'):
            after += 1
        follows = self._at(after)
        if follows.text in _ASSIGNS and follows.kind == 'op':
            title = self.language == 'puppet' and follows.text == ':'
            value = None if title else self._assigned(after + 1)
            if value is not None:
                self._add(sysctl, value, token)
                return
            start = after + (self._at(after + 1).text == '{')
            self._inside(sysctl, token, start, self._end(start))
        elif follows.text in ('do', '{') and follows.kind in ('word', 'op'):
            self._inside(sysctl, token, after, self._end(after))
        elif follows.text == ',' and self._at(place - 1).text == '[' and self._at(after + 2).text == ']':
            value = self._assigned(after + 1)  # [KEY, VALUE]
            if value is not None:
                self._add(sysctl, value, token)
        elif self._labelled(place):
            start = self.stack[-1][1] if self.stack else 0
            self._inside(sysctl, token, start, self._end(start))

    def _labelled(self, place: int) -> bool:
        """Whether the token is the value of a name: `name = KEY`, `key 'KEY'`."""
        before = self._at(place - 1)
        return before.text in _ASSIGNS or (
            self.language == 'ruby' and before.kind == 'word' and before.text != 'describe'
        )

    def _assigned(self, place: int) -> str | None:
        """The value at this place; '' + UNKNOWN where it is computed, None where a bracket follows."""
        token = self._at(place)
        while token.kind in ('word', 'op') and (_AROUND.fullmatch(token.text) or token.text == '('):
            place += 2 if token.text.endswith('mkOverride') and self._at(place + 1).kind == 'number' else 1
            token = self._at(place)
        if token.kind == 'string':
            return UNKNOWN if _PLACEHOLDER.search(token.text) else token.text
        if token.kind == 'number' or number_of(token.text) != token.text:
            return number_of(token.text)
        if token.kind == 'word':
            return self._default(place)
        return None

    def _default(self, place: int) -> str:
        """`lookup(x, y, 1)`, `x || 1`, `x ? 1 : 0` of which nobody knows the answer: what is not known."""
        after = self._at(place + 1)
        value = self._at(place + 2)
        return value.text if after.text == '||' and value.kind in ('number', 'string') else UNKNOWN

    def _end(self, start: int) -> int:
        """Where the block that opens at `start` ends; a title of Puppet's ends at `;` or its bracket."""
        depth = 0
        self.searches -= 1
        for place in range(start, min(start + _BLOCK, len(self.tokens)) if self.searches > 0 else start):
            if self._opens(place):
                depth += 1
            elif self._closes(place):
                depth -= 1
                if depth <= 0 and place > start:
                    return place
            elif self.tokens[place].text == ';' and depth == 0 and place > start and self.language == 'puppet':
                return place
        return min(start + _BLOCK, len(self.tokens))

    def _inside(self, sysctl: str, token: Token, start: int, end: int) -> None:
        """The value among the tokens of a block, unless that takes the setting away or only looks at it."""
        if self._takes_away(start, end):
            return
        for place in range(start, end):
            if self._at(place).kind in ('word', 'string') and self._at(place).text.strip(':').lower() in _VALUES:
                value = self._assigned(place + (2 if self._at(place + 1).text in _ASSIGNS else 1))
                if value is not None:
                    self._add(sysctl, value, token)
                    return

    def _takes_away(self, start: int, end: int) -> bool:
        """Whether a block says `ensure => absent`, or what other languages have for it."""
        texts = [self._at(place).text.strip(':') for place in range(start, end + 2)]
        return any(
            one in ('ensure', 'state', 'action') and {two, three} & {'absent', 'remove', 'delete', 'nothing'}
            for one, two, three in zip(texts, texts[1:], texts[2:], strict=False)
        )

    def _other(self, place: int, token: Token) -> None:
        """Variables and attributes whose name ends with the sysctl's."""
        name = token.text.strip(':$@')
        sysctl = self.names.variable(name) if name.isidentifier() or '_' in name else None
        if not sysctl:
            return
        after = place + 1
        while self._at(after).text in (']', ')'):
            after += 1
        if self._at(place - 1).text == 'variable':
            values = [at for at in range(after, self._end(after)) if self._at(at).text == 'default']
            value = self._assigned(values[0] + 2) if values else None
        elif self._at(after).text in _ASSIGNS:
            value = self._assigned(after + 1)
        elif token.text.endswith(':') and self.language == 'ruby':
            value = self._assigned(after)
        else:
            value = None
        if value is not None and is_number(value):
            self._add(sysctl, number_of(value), token)

    def _add(self, sysctl: str, value: str, token: Token) -> None:
        known = templates.known(value.strip())
        self.found.append(Setting(sysctl, known, token.line))

    # -- texts

    def _text(self, place: int, token: Token) -> None:
        if len(token.text) < 12 or self._for_people(place):
            return
        text = _PLACEHOLDER.sub(templates.HOLE, token.text) if self.language != 'nix' else token.text
        dedented = text if token.kind == 'string' else _dedented(text)
        try:
            self.found += content.parse(dedented, self.names, token.line, yaml_tree.parse)
        except yaml_tree.Broken:  # user data that is no YAML costs itself, not the file
            self.found += sysctl_lines.loose(dedented, self.names, token.line)

    def _for_people(self, place: int) -> bool:
        """Whether a string is prose, a pattern, or of a resource that takes something away."""
        words = [self._at(at) for at in (place - 1, place - 2)]
        before = next((word.text for word in words if word.kind in ('word', 'string')), '')
        if before.rpartition('.')[2].strip(':') in _PROSE or before in _PROSE or words[0].text in ('==', '!=', '~'):
            return True
        if not self.stack or self.language != 'puppet':
            return False
        start = self.stack[-1][1]
        return self._takes_away(start, self._end(start))


def _dedented(text: str) -> str:
    """Without the blanks that all lines begin with, as <<- and <<~ take them off: here documents inside need it."""
    lines = text.split('\n')
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return '\n'.join(line[margin:] for line in lines)


__all__ = ['parser', 'shell']
