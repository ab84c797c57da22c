# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What YAML and JSON set: tasks, variables, manifests, pillars, Hiera, compose files, cloud-config, packer templates.

A document is a tree; a setting is a pair of a sysctl's name and a value, in whatever structure, or text inside it.
"""

import collections
import itertools
import re
import shlex
from collections.abc import Iterator, Sequence

import yaml

from .._text.values import words
from . import content, shell, templates
from .setting import Names, Setting, is_number, number_of

_LOADER = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)
Node = yaml.nodes.Node
Path = tuple[str, ...]
#: Keys of text for people, and of patterns that are looked for.
_PROSE = frozenset(
    words(
        'title description desc comment comments msg message summary help doc docs note notes rationale '
        'remediation impact reason fail_msg success_msg when failed_when changed_when until that regexp regex '
        'pattern search match insertafter insertbefore expr condition expect expects creates removes unless onlyif '
        'only_if not_if references tags labels'
    )
)
#: Keys whose values are compared with what is there, never applied.
_CHECKS = frozenset(
    words(
        'assert ansible.builtin.assert debug ansible.builtin.debug fail ansible.builtin.fail kernel-param '
        'kernel_param kernel_parameter kernel_parameters expected checks annotations labels'
    )
)
_VALUES = ('value', 'val', 'setting', 'sysctl_value', 'sysctl_val', 'v', 'data', 'content', 'set', 'to')
MAX_DEPTH = 100
#: Pairs below a sysctl's name among which its value is looked for: aliases may multiply them.
_BELOW_MAX = 1000
_LOOPS = re.compile(r'loop|with_\w+')
#: Modules that write files, and their arguments with what is written.
_WRITERS = frozenset(('lineinfile', 'blockinfile', 'copy', 'replace', 'ini_file'))
_CONTENTS = ('line', 'block', 'content', 'replace')
_SYSCTL = re.compile(r'(?:^|[._])sysctl(?:$|\.present)')


class Broken(ValueError):
    """A text that is not YAML; the words say where."""


def parse(text: str, names: Names, line: int = 1) -> list[Setting]:
    """The settings of all documents of a text. Raises Broken."""
    plain = templates.printed(text).replace('\t', '    ')
    walk = _Walk(names, plain.split('\n'), line - 1)
    try:
        _bounded(plain)
        for document in yaml.compose_all(plain, Loader=_LOADER):
            walk.node(document, ())
    except (yaml.YAMLError, RecursionError, ValueError) as exc:
        mark = getattr(exc, 'problem_mark', None)
        raise Broken('%s' % (mark.line + line if mark else '?')) from exc
    return walk.found


def _bounded(text: str) -> None:
    """Raise ValueError for a text nested more deeply than people write: libyaml builds its tree by recursion."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.events.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.events.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise ValueError('nested too deeply')


def _scalar(node: Node | None) -> str | None:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else None


def _pairs(node: Node) -> list[tuple[str, Node, Node]]:
    """[(key, its node, value)] of a mapping, or of a list of mappings with one key each, as Salt has them."""
    if isinstance(node, yaml.MappingNode):
        return [(_scalar(key) or '', key, value) for key, value in node.value]
    listed = node.value if isinstance(node, yaml.SequenceNode) else []
    parts = [each for each in listed if not isinstance(each, yaml.ScalarNode)]
    if all(isinstance(each, yaml.MappingNode) and len(each.value) == 1 for each in parts):
        return [pair for each in parts for pair in _pairs(each)]
    return []


class _Walk:
    """Goes through the nodes; `found` grows in their order. shift: lines before the text."""

    def __init__(self, names: Names, lines: Sequence[str], shift: int) -> None:
        self.names, self.lines, self.shift = names, lines, shift
        self.found: list[Setting] = []
        self._seen: set[int] = set()

    def node(self, node: Node | None, path: Path) -> None:
        if node is None or id(node) in self._seen:
            return
        if not isinstance(node, yaml.ScalarNode):
            self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            self._mapping(node, path)
        elif isinstance(node, yaml.SequenceNode):
            self._sequence(node, path)
        else:
            self._text(node)

    # -- structures

    def _mapping(self, node: Node, path: Path) -> None:
        pairs = _pairs(node)
        if self._absent(pairs):
            return
        self._named(pairs)
        self._loop(pairs)
        for key, key_node, value in pairs:
            if key.lower() in _CHECKS:
                continue
            sysctl = self._key(key, path)
            if sysctl:
                self._value(sysctl, key_node, value)
            elif isinstance(value, yaml.ScalarNode):
                self._entry(key, key_node, value)
            else:
                self.node(value, (*path, key))

    def _sequence(self, node: Node, path: Path) -> None:
        texts = [_scalar(each) for each in node.value]
        if texts and None not in texts and (len(texts) == 1 or ' ' not in (texts[0] or ' ')):
            found = shell.words([str(text) for text in texts], self.names, self._line(node.value[0]))
            if found:
                self._place(found, node)
                return
        pairs = _pairs(node)
        if self._absent(pairs):
            return
        self._named(pairs)
        for each in node.value:
            self.node(each, path)

    @staticmethod
    def _absent(pairs: Sequence[tuple[str, Node, Node]]) -> bool:
        return any(key in ('state', 'ensure') and _scalar(value) == 'absent' for key, _node, value in pairs)

    def _key(self, key: str, path: Path) -> str | None:
        """The sysctl that a key names, with the keys above it where it is only the last part."""
        whole = [*path[-4:], key]
        forms = ['.'.join(whole[at:]) for at in range(len(whole) - 1, -1, -1)]
        return next((found for form in forms for found in [self.names.key(form)] if found), None)

    def _value(self, sysctl: str, key: Node, value: Node) -> None:
        """`KEY: VALUE`, or `KEY:` with the value somewhere below it."""
        if isinstance(value, yaml.ScalarNode):
            plain = str(key.value).isidentifier()  # netIpv4TcpTwReuse of an API, whose true is 1
            self._add(sysctl, value, key, number_of(str(value.value)) if plain else None)
            return
        inner = list(itertools.islice(self._below(value), _BELOW_MAX))
        if self._absent(inner):
            return
        if isinstance(value, yaml.SequenceNode) and not inner:
            return
        for name, _node, each in inner:
            if name.lower() in _VALUES and isinstance(each, yaml.ScalarNode):
                own = next(
                    (each for name, _n, each in inner if name == 'name' and self.names.key(_scalar(each) or '')), None
                )
                self._add(sysctl, each, own or key)
                return

    def _below(self, node: Node, depth: int = 0) -> Iterator[tuple[str, Node, Node]]:
        for pair in _pairs(node):
            yield pair
            if depth < 2:
                yield from self._below(pair[2], depth + 1)

    def _named(self, pairs: Sequence[tuple[str, Node, Node]]) -> None:
        """{name: KEY, value: VALUE}, whatever the two are called."""
        scalars = [(key.lower(), value) for key, _node, value in pairs if isinstance(value, yaml.ScalarNode)]
        named = [
            (key, node, found) for key, node in scalars for found in [self.names.key(_scalar(node) or '')] if found
        ]
        for label, node, sysctl in named[:1]:
            others = [(key, value) for key, value in scalars if value is not node]
            fitting = [value for key, value in others if key in _VALUES]
            if not fitting and len(others) == 1 and label not in _VALUES and others[0][0] not in _PROSE:
                fitting = [value for _key, value in others if is_number(_scalar(value) or '')]
            if fitting:
                self._add(sysctl, fitting[0], node)

    # -- tasks with loops

    def _loop(self, pairs: Sequence[tuple[str, Node, Node]]) -> None:
        """A task that is carried out for each entry of a list: where the entry names the key, it is the place."""
        entries = [
            each
            for key, _node, value in pairs
            if _LOOPS.fullmatch(key) and isinstance(value, yaml.SequenceNode)
            for each in value.value
        ]
        for key, _node, value in pairs if entries else ():
            if _SYSCTL.search(key):
                self._module(value, entries)
                break
            if key.rpartition('.')[2] in ('shell', 'command', 'raw'):
                self._commands(value, entries)
                break

    def _module(self, value: Node, entries: Sequence[Node]) -> None:
        arguments = {name: _scalar(each) for name, _node, each in _pairs(value)} or _arguments(_scalar(value) or '')
        known = templates.known(arguments.get('value') or templates.HOLE)
        if known is None or arguments.get('state') == 'absent':
            return
        for entry in entries:
            nodes = [entry] if isinstance(entry, yaml.ScalarNode) else [each for _key, _node, each in _pairs(entry)]
            for node in nodes:
                sysctl = self.names.key(_scalar(node) or '')
                if sysctl:
                    self.found.append(Setting(sysctl, known, self._line(node)))

    def _commands(self, value: Node, entries: Sequence[Node]) -> None:
        inner = {name: _scalar(each) for name, _node, each in _pairs(value)}
        text = _scalar(value) or inner.get('cmd') or ''
        for entry in entries if templates.HOLE in text else ():
            word = _scalar(entry)
            if word:
                found = shell.parse(text.replace(templates.HOLE, word), self.names)
                self.found += [each._replace(line=self._line(entry)) for each in found]

    # -- scalars

    def _entry(self, key: str, key_node: Node, value: Node) -> None:
        """A scalar under a key that is not a sysctl's name."""
        text = str(value.value)
        if key.lower() in _PROSE or (key == 'name' and not shell.has_commands(text)):
            return
        variable = self.names.variable(key)
        if variable and is_number(text):
            self._add(variable, value, key_node, number_of(text))
        elif _SYSCTL.search(key):
            self._inline(text, value)
        elif key.rpartition('.')[2] in _WRITERS and '=' in text:
            self._written(text, value)
        elif key != 'name' or text.lstrip().startswith(('sysctl ', 'echo ', '/sbin/sysctl', '/usr/sbin/sysctl')):
            self._text(value)

    def _inline(self, text: str, node: Node) -> None:
        """`sysctl: name=KEY value=VALUE state=present`."""
        given = _arguments(text)
        sysctl = self.names.key(given.get('name') or given.get('key') or '')
        if not sysctl:
            self._text(node)
        elif 'value' in given and given.get('state') != 'absent':
            self._place([Setting(sysctl, templates.known(given['value']), self._line(node))], node)

    def _written(self, text: str, node: Node) -> None:
        """`lineinfile: dest=FILE line="KEY = VALUE"`."""
        given = _arguments(text)
        texts = [given[name] for name in _CONTENTS if name in given] if given.get('state') != 'absent' else []
        found = [each for part in texts for each in content.parse(part, self.names, 1, parse)]
        self._place(found, node)

    def _text(self, node: Node) -> None:
        """A scalar as a text of its own: `KEY=VALUE`, a file's content, a script."""
        text = str(node.value)
        if len(text) < 12:
            return
        literal = isinstance(node, yaml.ScalarNode) and node.style == '|'
        first = self._line(node) + literal
        found = content.parse(text, self.names, first, parse)
        if literal:
            self.found += found
        else:
            self._place(found, node)

    # -- places

    def _add(self, sysctl: str, value: Node, key: Node, text: str | None = None) -> None:
        written = text or str(value.value)
        self.found.append(Setting(sysctl, templates.known(written.strip()), self._line(key)))

    def _line(self, node: Node) -> int:
        return int(node.start_mark.line) + 1 + self.shift

    def _place(self, found: Sequence[Setting], node: Node) -> None:
        """Settings of a scalar that its lines do not keep apart, each at the line in the file that names it."""
        first, last = node.start_mark.line, max(node.end_mark.line, node.start_mark.line)
        places: dict[str, list[int]] = {}
        counts: collections.Counter[str] = collections.Counter()
        numbers: dict[Setting, int] = {}
        for each in found:
            leaf = each.key.rpartition('.')[2]
            if leaf not in places:
                places[leaf] = [at for at in range(first, min(last + 1, len(self.lines))) if leaf in self.lines[at]]
            number = numbers.setdefault(each, counts[each.key])
            counts[each.key] += 1
            at = places[leaf][min(number, len(places[leaf]) - 1)] if places[leaf] else first
            self.found.append(each._replace(line=at + 1 + self.shift))


def _arguments(text: str) -> dict[str, str]:
    """{name: value} of `name=value ...`."""
    try:
        return {name: value for name, equals, value in (word.partition('=') for word in shlex.split(text)) if equals}
    except ValueError:
        return {}
