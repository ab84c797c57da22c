# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One rule: its fields, checked one by one when it is loaded. rules.yml explains them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from .._messages.message import Message, MessageError, Said, message
from .._shapes.verdict import Class, Fix, Profile, Severity
from .expression import ConditionError, Expression
from .trial import Trial
from .vocabulary import CLASSES, PROFILES, SCOPES, SEVERITIES, Json

REQUIRED = ('id', 'title', 'severity', 'class', 'when')
OPTIONAL = ('severity_when', 'active', 'scope', 'profiles', 'evidence', 'watch', 'summary', 'why', 'fix', 'references')
FIELDS = (*REQUIRED, *OPTIONAL, 'covers')
FIX_FIELDS = ('sysctl', 'value', 'minimum', 'absent', 'report_only', 'text')
PLACEHOLDER = re.compile(r'\{([a-z_][a-z0-9_]*)\}')
#: What a summary may name besides the rule's own evidence.
SUMMARY_WORDS = ('where', 'seconds')
#: Classes of faults that happen now: such a rule says so.
HAPPENING = ('dropping', 'impaired')


W = TypeVar('W', bound=str)


class RuleError(MessageError):
    """What is wrong with a rule, without saying which or where."""


@dataclass(frozen=True)
class Rule:
    """A checked rule; `active` is whether the fault happens while we look."""

    id: str
    title: str
    severity: Severity
    severity_when: tuple[tuple[Severity, Expression], ...]
    raises: Class
    active: bool | Expression
    scope: str
    profiles: tuple[Profile, ...]
    when: Expression
    evidence: Mapping[str, Expression]
    watch: Expression | None
    summary: str | None
    why: str
    fix: Fix
    references: tuple[str, ...]
    covers: tuple[str, ...]
    #: It comes with the collection, so the catalogues of all languages have its words.
    built_in: bool = False

    def says(self, part: str) -> Said:
        """Its title, why, fix (the text of it) or summary: a message; of a rule that a user wrote the text, or ''."""
        text = str(self.fix['text'] if part == 'fix' else getattr(self, part) or '')
        return Message(id='rules/%s/%s' % (self.id, part), arguments={}) if self.built_in and text else text

    def expressions(self) -> Iterable[tuple[str, Expression]]:
        """Every expression with the name of its field."""
        yield 'when', self.when
        yield from (('evidence.%s' % name, expression) for name, expression in self.evidence.items())
        yield from (('severity_when[%d]' % i, expression) for i, (_word, expression) in enumerate(self.severity_when))
        if isinstance(self.active, Expression):
            yield 'active', self.active
        if self.watch:
            yield 'watch', self.watch

    @property
    def judges_files(self) -> bool:
        """A rule about a setting: also asked about the values of the next boot."""
        return self.raises == 'advisory' and self.active is False and 'sysctl' in self.fix and self.scope == 'namespace'


def load(raw: Mapping[str, object]) -> Rule:
    """Check the form of a rule and compile it. Raises RuleError."""
    _known(raw, FIELDS)
    missing = [name for name in REQUIRED if raw.get(name) in (None, '')]
    if missing:
        raise RuleError(message('rule/missing', names=missing, new=set(raw) <= {'id', 'severity'}))
    if not re.fullmatch(r'[A-Za-z0-9][A-Za-z0-9_.-]{0,63}', _text(raw, 'id')):
        raise RuleError(message('rule/id'))
    rule = Rule(
        id=_text(raw, 'id'),
        title=_text(raw, 'title'),
        severity=_word(raw['severity'], SEVERITIES, 'severity'),
        severity_when=_severities(raw.get('severity_when')),
        raises=_word(raw['class'], CLASSES, 'class'),
        active=_active(raw.get('active', False)),
        scope=_word(raw.get('scope', 'namespace'), SCOPES, 'scope'),
        profiles=tuple(_word(name, PROFILES, 'profile') for name in _list(raw, 'profiles')) or PROFILES,
        when=_compile(raw['when'], 'when'),
        evidence=_evidence(raw.get('evidence')),
        watch=_compile(raw['watch'], 'watch') if raw.get('watch') else None,
        summary=_text(raw, 'summary') or None,
        why=_text(raw, 'why'),
        fix=_fix(raw.get('fix')),
        references=tuple(_strings(raw, 'references')),
        covers=tuple(_strings(raw, 'covers')),
    )
    _check_whole(rule)
    return rule


def try_out(rule: Rule, trial: Trial) -> None:
    """Evaluate every expression once. Raises RuleError."""
    for place, expression in rule.expressions():
        try:
            for value in trial.values(expression):
                if not place.startswith('evidence.') and value is not None and not isinstance(value, bool):
                    raise ConditionError(message('rule/no-truth', kind=type(value).__name__))
        except ConditionError as exc:
            raise RuleError(message('rule/expression', place=place, why=exc.message, text=expression.text)) from exc


def _check_whole(rule: Rule) -> None:
    if rule.raises in HAPPENING and rule.active is not True:
        raise RuleError(message('rule/not-active', word=rule.raises))
    _check_names('summary', rule.summary, (*SUMMARY_WORDS, *rule.evidence))
    for target in ('value', 'minimum'):
        _check_names('fix.%s' % target, rule.fix.get(target), tuple(rule.evidence))


def _check_names(place: str, text: object, known: Sequence[str]) -> None:
    for name in PLACEHOLDER.findall(text) if isinstance(text, str) else ():
        if name not in known:
            raise RuleError(message('rule/not-in-evidence', place=place, name='{%s}' % name, known=known))


def _known(raw: Mapping[str, object], fields: Sequence[str], place: str = '') -> None:
    unknown = [str(name) for name in raw if name not in fields]
    if unknown:
        raise RuleError(message('rule/unknown-field', name=unknown[0], place=place, known=fields))


def _text(raw: Mapping[str, object], name: str) -> str:
    value = raw.get(name, '')
    if not isinstance(value, str):
        raise RuleError(message('rule/not-text', place=name, kind=type(value).__name__))
    return ' '.join(str(value).split())


def _word(value: object, words: Sequence[W], what: str) -> W:
    if isinstance(value, str) and value in words:
        return words[words.index(cast(W, value))]
    raise RuleError(message('rule/unknown-word', what=what, word=repr(value), known=words))


def _list(raw: Mapping[str, object], name: str) -> list[object]:
    value = raw.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise RuleError(message('rule/not-list', place=name, kind=type(value).__name__))
    return value


def _strings(raw: Mapping[str, object], name: str) -> list[str]:
    values = _list(raw, name)
    if not all(isinstance(value, str) for value in values):
        raise RuleError(message('rule/not-texts', place=name))
    return [str(value) for value in values]


def _compile(text: object, place: str) -> Expression:
    if not isinstance(text, str):
        raise RuleError(message('rule/not-jmespath', place=place, kind=type(text).__name__))
    try:
        return Expression(' '.join(str(text).split('\n')))
    except ConditionError as exc:
        raise RuleError(message('rule/expression', place=place, why=exc.message, text=text.strip())) from exc


def _active(value: object) -> bool | Expression:
    return value if isinstance(value, bool) else _compile(value, 'active')


def _evidence(raw: object) -> dict[str, Expression]:
    if raw is None:
        return {}
    if not isinstance(raw, Mapping) or not all(isinstance(name, str) for name in raw):
        raise RuleError(message('rule/evidence'))
    return {str(name): _compile(text, 'evidence.%s' % name) for name, text in raw.items()}


def _severities(raw: object) -> tuple[tuple[Severity, Expression], ...]:
    if raw is None:
        return ()
    if not isinstance(raw, list):
        raise RuleError(message('rule/severities'))
    found = []
    for i, entry in enumerate(raw):
        if not isinstance(entry, Mapping) or set(entry) != {'severity', 'when'}:
            raise RuleError(message('rule/severity', index=i))
        severity = _word(entry['severity'], SEVERITIES, 'severity')
        found.append((severity, _compile(entry['when'], 'severity_when[%d]' % i)))
    return tuple(found)


def _fix(raw: object) -> Fix:
    """{text} or {sysctl, value|minimum|absent, report_only, text}; what is not given is not there."""
    if raw is None:
        return {'text': ''}
    if isinstance(raw, str):
        return {'text': ' '.join(str(raw).split())}
    if not isinstance(raw, Mapping):
        raise RuleError(message('rule/fix', fields=FIX_FIELDS))
    _known(raw, FIX_FIELDS, 'fix')
    fix: Json = {**raw, 'text': _text(raw, 'text')}
    for name in ('report_only', 'absent'):
        if name in fix and fix[name] is not True:
            raise RuleError(message('rule/fix-flag', name=name))
    _check_target(fix)
    return cast(Fix, fix)


def _check_target(fix: Json) -> None:
    targets = [name for name in ('value', 'minimum', 'absent') if name in fix]
    if 'sysctl' not in fix:
        if targets:
            raise RuleError(message('rule/fix-without-sysctl', name=targets[0]))
        return
    try:
        Expression("sysctl('%s')" % _text(fix, 'sysctl'))
    except ConditionError as exc:
        raise RuleError(message('rule/at', place='fix.sysctl', why=exc.message)) from exc
    if len(targets) != 1:
        raise RuleError(message('rule/fix-target'))
    value = fix.get('value', 0)
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise RuleError(message('rule/fix-value'))
    minimum = fix.get('minimum', 0)
    if isinstance(minimum, bool) or not (isinstance(minimum, int) or PLACEHOLDER.fullmatch(str(minimum))):
        raise RuleError(message('rule/fix-minimum'))
