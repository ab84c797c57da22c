# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sentences with measurements in them, in the language of the report: found again by their English templates."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import functools
import re

from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages import language

_PLACEHOLDER = re.compile(r'\{(\w+)\}')
#: By the first letter of a name. Nodes write a part of what stands there: all are bounded.
_KINDS = {
    'n': r'-?\d[\d.e+-]{0,30}',
    'w': r'[^\s;]{1,200}',
    't': r'.{1,300}?',
    's': r'.{1,500}?',
}
_LIMIT = 700
#: What joins sentences, in English and Chinese; the first that is there parts them.
_JOINTS = (('; ', '；'), (', ', '，'))
Pattern = tuple[re.Pattern[str], str]


def told(tongue: str, text: str) -> str:
    """The text in that language; what no template knows stays as it is."""
    return _told(text) if tongue == 'zh' and len(text) <= _LIMIT else text


def _told(text: str) -> str:
    for pattern, words in _patterns():
        found = pattern.fullmatch(text)
        if found:
            return _PLACEHOLDER.sub(lambda name: _inner(name[1], found[name[1]]), words)  # noqa: B023 - called at once
    for joint, chinese in _JOINTS:
        if joint in text:
            return chinese.join(_told(part) for part in text.split(joint))
    return text


def _inner(name: str, text: str) -> str:
    return _told(text) if name[0] == 's' else text


@functools.lru_cache(maxsize=1)
def _patterns() -> list[Pattern]:
    """Every template as a pattern and its Chinese; those with the most words of their own come first."""
    found: dict[str, str] = {}
    for name in ('forecast.zh.yml',):
        found.update(language.translations(name)['sentences'])
    order = sorted(found, key=lambda english: -len(_PLACEHOLDER.sub('', english)))
    return [(_pattern(english), found[english]) for english in order]


def _pattern(english: str) -> re.Pattern[str]:
    parts = _PLACEHOLDER.split(english)
    made = [re.escape(part) if place % 2 == 0 else _group(part) for place, part in enumerate(parts)]
    return re.compile(''.join(made))


def _group(name: str) -> str:
    return '(?P<%s>%s)' % (name, _KINDS[name[0]])
