# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks the rules about each namespace of a record and writes down what they found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from .._messages.message import Message, Said, message
from .._shapes.verdict import Finding, Fix, NextBoot, Setter, TakeOut, Value
from .._text.escape import shorten
from . import next_boot
from .expression import ConditionError, Evaluator, Expression
from .facts import Facts
from .rule import PLACEHOLDER, Rule
from .view import View
from .vocabulary import PAWS_CLASSES

#: Characters of a text among evidence: what a node sends once may be evidence in each of its namespaces.
TEXT_MAX = 512
#: Findings that are handed out of one rule, severity and state; nodes have a few hundred namespaces at most.
LISTED_MAX = 256


@dataclass(frozen=True)
class Found:
    """A finding as it is reported, with the rule and the place (index of the namespace) it came from."""

    rule: Rule
    index: int
    finding: Finding


class Inquiry:
    """One record's questions: rules asked about namespaces. Raises ConditionError naming the rule."""

    def __init__(self, rules: Sequence[Rule], everywhere: Sequence[Facts]) -> None:
        self._everywhere = everywhere
        self._evaluator = Evaluator(everywhere[0].view)
        self._rules = [rule for rule in rules if self._may_hold(rule)]

    def found(self) -> list[Found]:
        """Every finding: of the node, of each namespace, and of what files do at the next boot."""
        found = []
        for rule in self._rules:
            for index, facts in enumerate(self._everywhere[:1] if rule.scope == 'node' else self._everywhere):
                if self._applies(rule, facts) and self._holds(rule, rule.when, facts):
                    found.append(Found(rule, index, self._finding(rule, facts)))
        running = {entry.rule.id for entry in found if entry.index == 0}
        return found + self._next_boot(running)

    def watched(self) -> bool:
        """Some rule would be worth a second look at the counters."""
        return any(
            self._holds(rule, rule.watch, facts) for rule in self._rules if rule.watch for facts in self._everywhere
        )

    def _may_hold(self, rule: Rule) -> bool:
        gate, first = rule.when.gate, self._everywhere[0]
        return gate is None or bool(self._evaluator.value(gate, first.view, first.data))

    @staticmethod
    def _applies(rule: Rule, facts: Facts) -> bool:
        """A mere setting that is the host's value is found once, at the host."""
        key = rule.fix.get('sysctl')
        return not (rule.raises == 'advisory' and key and facts.view.scope(key) == 'host')

    def _holds(self, rule: Rule, expression: Expression, facts: Facts) -> bool:
        return self._value(rule, expression, facts) is True

    def _value(self, rule: Rule, expression: Expression, facts: Facts) -> object:
        try:
            return self._evaluator.value(expression.ast, facts.view, facts.data)
        except ConditionError as exc:
            said = message('rule/cannot-be-asked', rule=rule.id, why=exc.message, text=expression.text)
            raise ConditionError(said) from exc

    def _next_boot(self, running: Iterable[str]) -> list[Found]:
        here = self._everywhere[0]
        record, found, done = here.view.record, [], set(running)
        keys = {key for key, entry in record['persisted'].items() if any(entry['effective'].values())}
        keys |= {writer['key'] for writer in record['writers']}
        for moment in next_boot.moments(record) if keys else ():
            facts = Facts(View(record, 0, here.view.window, moment), here.exposure, here.evidence, here.data)
            for rule in self._rules:
                if (
                    rule.judges_files
                    and rule.id not in done
                    and rule.when.sysctls & keys
                    and self._holds(rule, rule.when, facts)
                ):
                    done.add(rule.id)
                    finding = self._finding(rule, facts)
                    finding['evidence']['next_boot'] = _setters(facts.view, sorted(rule.when.sysctls & keys), moment)
                    found.append(Found(rule, 0, finding))
        return found

    def _finding(self, rule: Rule, facts: Facts) -> Finding:
        evidence = {name: self._value(rule, expression, facts) for name, expression in rule.evidence.items()}
        severity = next((word for word, when in rule.severity_when if self._holds(rule, when, facts)), rule.severity)
        active = self._holds(rule, rule.active, facts) if isinstance(rule.active, Expression) else rule.active
        namespace = facts.view.namespace
        return {
            'rule': rule.id,
            'title': rule.title,
            'severity': severity,
            'class': 'clean' if severity == 'info' and rule.raises not in PAWS_CLASSES else rule.raises,
            'active': active,
            'namespace': None if rule.scope == 'node' else namespace.get('id') or namespace['key'],
            'evidence': {name: _shortened(value) for name, value in evidence.items()},
            'why': rule.why,
            'fix': _fix(rule, facts.view, evidence),
            'references': list(rule.references),
            'waived': None,
        }


def listed(found: Sequence[Finding]) -> list[Finding]:
    """The findings that reports show, in their order, out of all that verdict.judge gave, which are for decisions.

    Of those alike but for their namespace and evidence the first LISTED_MAX (the node's own comes first); the last of
    them has more_findings, the number of the others, among its evidence.
    """
    kinds: dict[tuple[object, ...], list[Finding]] = {}
    result = []
    for finding in found:
        kind = kinds.setdefault((*map(finding.get, ('rule', 'severity', 'class', 'active')), not finding['waived']), [])
        kind.append(finding)
        if len(kind) <= LISTED_MAX:
            result.append(finding)
    more = {id(kind[LISTED_MAX - 1]): len(kind) - LISTED_MAX for kind in kinds.values() if len(kind) > LISTED_MAX}
    return [_with_more(finding, more[id(finding)]) if id(finding) in more else finding for finding in result]


def _with_more(finding: Finding, number: int) -> Finding:
    return {**finding, 'evidence': {**finding['evidence'], 'more_findings': number}}


def _shortened(value: object) -> object:
    if isinstance(value, str):
        return shorten(value, TEXT_MAX)
    if isinstance(value, dict):
        return type(value)((name, _shortened(child)) for name, child in value.items())  # a message stays one
    return [_shortened(child) for child in value] if isinstance(value, list) else value


def _setters(view: View, keys: Iterable[str], moment: str) -> NextBoot:
    """{reader, lines: {key: {by, file, line, value}}}: who brings the values of that moment."""
    found = {key: next_boot.decides(view.record, key, moment) for key in keys}
    return {'reader': moment, 'lines': {key: _as_written(setter) for key, setter in found.items() if setter}}


def _as_written(setter: Setter) -> Setter:
    value = setter['value']
    return {**setter, 'value': None if value is None else shorten(str(value), TEXT_MAX)}


def _fix(rule: Rule, view: View, evidence: Mapping[str, object]) -> Fix:
    """The rule's fix with evidence filled in, the value that runs, `where` (node|host|namespace), and all of it said.

    Where the evidence has no value to set, a person decides: there is only the text. take_out_of, where it is not
    empty: [{kind, file, line}] of the writers that set another value after the sysctl files, or on an event.
    """
    fix = cast(Fix, {name: _filled(value, evidence) for name, value in rule.fix.items()})
    key = fix.get('sysctl')
    fix['where'] = 'node' if view.own else 'host' if key and view.scope(key) == 'host' else 'namespace'
    if key:
        entry = view.namespace['sysctls'].get(key)
        fix['running'] = entry['value'] if entry else None
    if None in (fix.get('value', 0), fix.get('minimum', 0)):
        fix = {'where': fix['where']}
    against = _against(fix, view)
    if against:
        fix['take_out_of'] = against
    fix['text'] = _said(fix, rule.says('fix'))
    return fix


def _against(fix: Fix, view: View) -> list[TakeOut]:
    """The writers of the node that have the last word on the fix's key and do not leave what it asks for."""
    key = fix.get('sysctl')
    if not key or not view.own or not view.exists(key) or fix.get('report_only'):
        return []
    writers = next_boot.deciding_writers(view.record, key)
    return [
        {'kind': writer['kind'], 'file': writer['file'], 'line': writer.get('line')}
        for writer in writers
        if writer.get('moment') != 'before' and not _content(fix, writer['value'])
    ]


def _content(fix: Fix, value: Value) -> bool:
    if 'minimum' in fix:
        return isinstance(value, int) and isinstance(fix['minimum'], int) and value >= fix['minimum']
    return bool(value == fix.get('value'))


def _filled(value: object, evidence: Mapping[str, object]) -> object:
    match = PLACEHOLDER.fullmatch(value) if isinstance(value, str) else None
    return evidence[match[1]] if match else value


def _said(fix: Fix, words: Said) -> Said:
    """What to set and where, the words of the rule, and what else to take out."""
    if not fix.get('sysctl'):
        return words
    writers = [(writer['file'], writer['line'] or '?') for writer in fix.get('take_out_of', ())]
    out = message('fix/take-out', places=['%s:%s' % place for place in writers]) if writers else ''
    return message('fix/whole', order=_order(fix), rule=words, out=out)


def _order(fix: Fix) -> Message:
    key = fix['sysctl']
    places: Mapping[str, Said] = {
        'node': '',
        'host': message('fix/on-host'),
        'namespace': message('fix/in-namespace'),
    }
    place = places[fix['where'] or 'node']
    if fix.get('absent'):
        return message('fix/remove', key=key, place=place)
    least = 'value' not in fix
    value = fix['minimum'] if least else fix['value']
    if fix.get('report_only'):
        return message('fix/not-set', key=key, value=value, least=least, place=place)
    if least:
        return message('fix/set-least', key=key, value=value, place=place)
    return message('fix/set', key=key, value=value, place=place)
