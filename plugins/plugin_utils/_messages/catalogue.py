# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentences of each language, and how a message is filled into one: the only place that makes words of data.

A language is a directory beside this file. Each of its YAML files is a room, {name: sentence}; a message's id is
ROOM/NAME, or ROOM/NAME/PART where a name has several. The English of rules is _judge/rules.yml itself: rules/ID/title,
why, fix (its text) and summary.

A sentence holds {argument}, {argument;} for a list with semicolons between its items, {argument:one|many} for words
that follow a number, and {argument?text} for text (with further {arguments}) that stands there only if the argument is
neither None, 0, '' nor empty.
"""

import functools
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

LANGUAGES = ('en', 'zh')
#: Characters of one argument, and messages within messages: stored documents are not trusted.
ARGUMENT_MAX, DEPTH_MAX = 1000, 6
_HERE = os.path.dirname(os.path.abspath(__file__))
_RULES = os.path.join(os.path.dirname(_HERE), '_judge', 'rules.yml')
_RULE_PARTS = ('title', 'why', 'fix', 'summary')
_PLACE = re.compile(r'\{(\w+)(?::([^{}|]*)\|([^{}]*)|(;))?\}|\{(\w+)\?((?:[^{}]|\{[^{}]*\})*)\}')
#: What stands between the items of a list, without and with a semicolon in its place.
_JOINTS = {'en': (', ', '; '), 'zh': ('、', '；')}
UNKNOWN = '?'


def told(language: str, said: Mapping[str, object], depth: int = 0) -> str:
    """The message as a sentence of that language; of an id that no catalogue has, the id."""
    name, arguments = str(said['id']), said['arguments']
    sentence = sentences(language).get(name)
    if sentence is None or depth > DEPTH_MAX or not isinstance(arguments, Mapping):
        return name[:ARGUMENT_MAX]
    return filled(language, sentence, arguments, depth)


def known(language: str, said: object) -> bool:
    """Whether that is a message, by its form, of which the language has the sentence."""
    return (
        isinstance(said, Mapping)
        and isinstance(said.get('arguments'), Mapping)
        and isinstance(said.get('id'), str)
        and said['id'] in sentences(language)
    )


@functools.cache
def sentences(language: str) -> dict[str, str]:
    """Every sentence of a language, by id."""
    found = dict(_flat('rules', _english_rules())) if language == 'en' else {}
    for name in sorted(os.listdir(os.path.join(_HERE, language))):
        found.update(_flat(name.removesuffix('.yml'), read(language, name)))
    return found


def _flat(name: str, found: object) -> Iterator[tuple[str, str]]:
    if isinstance(found, dict):
        for part, inner in found.items():
            yield from _flat('%s/%s' % (name, part), inner)
    else:
        yield name, str(found)


def _english_rules() -> dict[str, dict[str, str]]:
    rules = {rule['id']: {**rule, 'fix': (rule.get('fix') or {}).get('text')} for rule in _loaded(_RULES)['rules']}
    return {name: {part: rule[part] for part in _RULE_PARTS if rule.get(part)} for name, rule in rules.items()}


def read(language: str, name: str) -> dict[str, str]:
    """One file of a language, as it is."""
    return _loaded(os.path.join(_HERE, language, name))


def _loaded(path: str) -> dict[str, Any]:
    loader = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)
    with open(path, encoding='utf-8') as handle:
        found: dict[str, Any] = yaml.load(handle, Loader=loader)  # noqa: S506 - a safe loader, the fast one if built
    return found


def arguments_of(sentence: str) -> set[str]:
    """The names of the arguments that a sentence is filled with."""
    names: set[str] = set()
    for place in _PLACE.finditer(sentence):
        names.add(place[1] or place[5])
        names |= arguments_of(place[6] or '')
    return names


def filled(language: str, sentence: str, arguments: Mapping[str, object], depth: int = 0) -> str:
    """The sentence with its arguments; of a rule that users wrote there is no other."""

    def word(place: re.Match[str]) -> str:
        if place[5]:
            return filled(language, place[6], arguments, depth) if arguments.get(place[5]) else ''
        value = arguments.get(place[1])
        if place[2] is not None:
            return place[2] if value == 1 else place[3]
        return _word(language, value, depth, _JOINTS[language][bool(place[4])])

    return _PLACE.sub(word, sentence)


def _word(language: str, value: object, depth: int, joint: str) -> str:
    if isinstance(value, Mapping):
        return told(language, value, depth + 1) if known(language, value) else UNKNOWN
    if isinstance(value, Sequence) and not isinstance(value, str):
        return joint.join(_word(language, each, depth + 1, joint) for each in value) if depth < DEPTH_MAX else ''
    if value is None:
        return UNKNOWN
    return ('%g' % value if isinstance(value, float) else str(value))[:ARGUMENT_MAX]
