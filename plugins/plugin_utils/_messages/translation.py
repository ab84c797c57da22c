# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What rules say, in the language of the report: from _judge/rules.zh.yml, and as it is where that has nothing."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import functools
import re
import typing as t
from collections.abc import Mapping

from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages import language, sentences

Json = dict[str, t.Any]

_PLACEHOLDER = re.compile(r'\{(\w+)\}')
#: Words of a summary that may hold blanks; all others are numbers and names. Bounded: nodes write a part of them.
_WIDE = ('where', 'reason')
_LIMIT = 600
_PLACES = {
    'node': '',
    'host': '在宿主机上（整个节点只有一个值，容器无法设置）',
    'namespace': '在此命名空间内（对于 pod：在其自身的 sysctls 中）',
}
#: What the judge puts around the summaries of rules, and what it says without one (_judge/summary.py).
_AFTER = (
    (r' \(and (\d+) more\)$', '（另有 {0} 项）'),
    (r'; fix on the host$', '；在宿主机上修复'),
    (r' \(from the next boot, by (.{1,300}?)\)$', '（自下次启动起，由 {0}）'),
)
_CLEAN = (
    (r'nothing to do: this kernel has no (\S+)', '无需处理：此内核没有 {0}'),
    (r'nothing to do: (\S+) and nothing sets it', '无需处理：{0}，且没有任何东西设置它'),
    (r'nothing to do: (\S+) and nothing seen sets it', '无需处理：{0}，且所见之处没有任何东西设置它'),
    (r'(\w+), although no rule that is enabled says why', '{0}，但没有启用的规则说明原因'),
)
_WHERE = (
    (r'this host', '本机'),
    (r'container (\S+) \((\S+)\)', '容器 {0}（{1}）'),
    (r'container (\S+)', '容器 {0}'),
    (r'namespace (.+)', '命名空间 {0}'),
)


def finding(tongue: str, found: Json) -> Json:
    """The finding with title, why and text of the fix in that language."""
    said = _rules().get(found['rule']) if tongue == 'zh' else None
    if not said:
        return found
    fix = found['fix'] or {}
    text = ''.join(part for part in (_order(fix), said.get('fix', ''), _take_out(fix)) if part)
    return {**found, 'title': said['title'], 'why': said['why'], 'fix': {**fix, 'text': text} if fix else found['fix']}


def forecast(tongue: str, found: Json | None) -> Json | None:
    """The forecast of a host with its sentences in that language."""
    if not found or tongue == 'en':
        return found
    remedies = [{**each, **_sentences(tongue, each, ('text', 'why_not'))} for each in found['remedies']]
    never = [{**each, **_sentences(tongue, each, ('what', 'why'))} for each in found['never']]
    planned = found['planned'] and {**found['planned'], **_sentences(tongue, found['planned'], ('summary',))}
    own = _sentences(tongue, found, ('summary',))
    return {**found, **own, 'planned': planned, 'remedies': remedies, 'never': never}


def _sentences(tongue: str, entry: Json, names: tuple[str, ...]) -> Json:
    return {name: sentences.told(tongue, entry[name]) for name in names if isinstance(entry.get(name), str)}


def summary(tongue: str, host: Json) -> str:
    """The line on a host that matters, in that language if it is of the judge and its rules."""
    text: str = host['summary']
    if tongue != 'zh' or len(text) > _LIMIT:
        return text
    rules = tuple(dict.fromkeys(found['rule'] for found in host['findings']))
    return _summary(text, rules) or text


def _summary(text: str, rules: tuple[str, ...]) -> str | None:
    text, noted = _split(text, r'; noted: (.+)$')
    after = []
    for pattern, words in _AFTER:
        text, found = _split(text, pattern)
        after += [words.format(found)] if found else []
    told = next((line for rule in rules for line in [_filled(rule, text)] if line), None) or _first(_CLEAN, text)
    notes = '；另注意到：%s' % _titles().get(noted, noted) if noted else ''
    return told + notes + ''.join(reversed(after)) if told else None


def _split(text: str, pattern: str) -> tuple[str, str | None]:
    """The text without what the pattern finds at its end, and what that was."""
    found = re.search(pattern, text)
    return (text[: found.start()], found[1] if found.groups() else 'host') if found else (text, None)


def _filled(rule: str, text: str) -> str | None:
    """The summary of a rule in Chinese, with what the English one was filled with; None if that is not its summary."""
    if rule not in _rules():
        return None
    pattern, template = _summaries()[rule]
    found = pattern.fullmatch(text)
    if not found:
        return None
    words = found.groupdict()
    where = _where(words.get('where') or '')
    line = _PLACEHOLDER.sub(lambda name: where if name[1] == 'where' else words.get(name[1]) or '?', template)
    return line.replace('） ', '）')


def _where(text: str) -> str:
    name, alike = _split(text, r' \(and (\d+) alike\)$')
    return (_first(_WHERE, name) or name) + ('（另有 %s 个相同）' % alike if alike else '')


def _first(patterns: tuple[tuple[str, str], ...], text: str) -> str | None:
    for pattern, words in patterns:
        found = re.fullmatch(pattern, text)
        if found:
            return words.format(*found.groups())
    return None


def _order(fix: Mapping[str, t.Any]) -> str:
    """The sentence that the judge puts before the text of a fix (_judge/findings.py)."""
    key = fix.get('sysctl')
    if not key:
        return ''
    place = _PLACES.get(str(fix.get('where')), '')
    if fix.get('absent'):
        return '%s删除所有设置 %s 的行。' % (place, key)
    least = '' if 'value' in fix else '至少 '
    value = fix['value'] if 'value' in fix else fix.get('minimum')
    if fix.get('report_only'):
        return '本集合不会设置它；安全的值是%s %s = %s%s。' % (place, key, least, value)
    return '%s将 %s 设为%s %s。' % (place, key, least and '至少', value)


def _take_out(fix: Mapping[str, t.Any]) -> str:
    places = '、'.join('%s:%s' % (writer['file'], writer['line'] or '?') for writer in fix.get('take_out_of') or ())
    return places and '请从 %s 中去掉该设置：sysctl 文件无法胜过它。' % places


@functools.lru_cache(maxsize=1)
def _rules() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = language.translations('rules.zh.yml')
    return found


@functools.lru_cache(maxsize=1)
def _english() -> dict[str, Json]:
    return {rule['id']: rule for rule in language.translations('../_judge/rules.yml')['rules']}


@functools.lru_cache(maxsize=1)
def _titles() -> dict[str, str]:
    return {rule['title']: _rules()[name]['title'] for name, rule in _english().items() if name in _rules()}


@functools.lru_cache(maxsize=1)
def _summaries() -> dict[str, tuple[re.Pattern[str], str]]:
    """By rule, a pattern for the English summary and the Chinese one; of a rule without one as the judge makes it."""
    found = {}
    for name, rule in _english().items():
        english = rule.get('summary') or '%s ({where})' % rule['title']
        chinese = _rules()[name].get('summary') or '%s（{where}）' % _rules()[name]['title']
        parts = _PLACEHOLDER.split(english)
        made = [re.escape(part) if place % 2 == 0 else _group(part) for place, part in enumerate(parts)]
        found[name] = re.compile(''.join(made)), chinese
    return found


def _group(name: str) -> str:
    return '(?P<%s>%s)' % (name, '.{1,300}?' if name in _WIDE else r'[^\s;,:]{1,60}?')
