# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue of rules: the built-in rules.yml, and what users add, change and disable.

Everything is checked when it is loaded, before any host is contacted.
"""

import functools
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import yaml

from .._messages.message import Message, MessageError, message
from . import exposure, library
from .rule import Rule, RuleError, load, try_out
from .trial import Trial
from .vocabulary import SEVERITIES

RULES_FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'rules.yml')
#: All that may be said of a rule that exists already.
CHANGES = ('id', 'severity', 'enabled')


class CatalogueError(MessageError):
    """A rule or waiver is broken; the text names it, the place and what is wrong."""


@dataclass(frozen=True)
class Catalogue:
    """Rules by id, in their order; `disabled` ones stay known, so that they can be waived and enabled."""

    rules: Mapping[str, Rule]
    disabled: frozenset[str] = frozenset()

    def enabled(self, profile: str | None = None) -> list[Rule]:
        """The rules that are asked, of one profile or of all."""
        return [
            rule
            for rule in self.rules.values()
            if rule.id not in self.disabled and (profile is None or profile in rule.profiles)
        ]

    @functools.cached_property
    def sysctl_keys(self) -> list[str]:
        """Every sysctl that the rules look at or fix: what the node is asked to read."""
        found = set(exposure.SYSCTLS)
        for rule in self.enabled():
            found.update(*(expression.sysctls for _place, expression in rule.expressions()))
            found.update(filter(None, [rule.fix.get('sysctl')]))
        return sorted(found)

    @functools.cached_property
    def counter_names(self) -> dict[str, list[str]]:
        """{"TcpExt": [...], "Tcp": [...]}: every counter that the rules look at."""
        found = set(exposure.COUNTERS)
        for rule in self.enabled():
            found.update(*(expression.counters for _place, expression in rule.expressions()))
        return {
            group: sorted(name.partition('.')[2] for name in found if name.startswith(group + '.'))
            for group in ('TcpExt', 'Tcp')
        }

    def ready(self) -> 'Catalogue':
        """Itself, with what it asks of a node worked out: once, where workers are forked for the nodes later."""
        _asked = self.sysctl_keys, self.counter_names
        return self

    def extended(self, user_rules: object, place: str = 'audit_rules') -> 'Catalogue':
        """With the rules of a user: a list, one rule, or a mapping of ids to rules. Raises CatalogueError.

        A known id with `severity` or `enabled` changes that rule, an unknown id is a new rule.
        """
        entries = _entries(user_rules, place)
        return _extend(self, entries, place) if entries else self


@functools.lru_cache(maxsize=1)
def builtin() -> Catalogue:
    """The catalogue that comes with the collection. Raises CatalogueError, also where jmespath is missing."""
    if library.MISSING:
        raise CatalogueError(message('rule/no-jmespath'))
    loader = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)
    with open(RULES_FILE, 'rb') as stream:
        content = yaml.load(stream, Loader=loader)  # noqa: S506 - a safe loader, the fast one where it is there
    found = _extend(Catalogue({}), _entries(content['rules'], 'rules.yml'), 'rules.yml')
    return replace(found, rules={name: replace(rule, built_in=True) for name, rule in found.rules.items()}).ready()


def _entries(raw: object, place: str) -> list[Any]:
    if raw is None or raw == '':
        return []
    if isinstance(raw, Mapping):
        if 'id' in raw:
            return [raw]
        for name, body in raw.items():
            if not isinstance(body, Mapping):
                where, kind = message('rule/place', rule=name, place=place), type(body).__name__
                raise CatalogueError(message('rule/not-mapping', place=where, kind=kind))
        return [{**body, 'id': name} for name, body in raw.items()]
    if not isinstance(raw, list):
        raise CatalogueError(message('rule/not-rules', place=place, kind=type(raw).__name__))
    return list(raw)


def _extend(catalogue: Catalogue, entries: Iterable[Any], place: str) -> Catalogue:
    rules, disabled, new = dict(catalogue.rules), set(catalogue.disabled), set[str]()
    trial = Trial()
    for index, entry in enumerate(entries):
        where = '%s[%d]' % (place, index)
        if not isinstance(entry, Mapping):
            unnamed = message('rule/place', rule=None, place=where)
            raise CatalogueError(message('rule/not-mapping', place=unnamed, kind=type(entry).__name__))
        name = entry.get('id')
        try:
            if isinstance(name, str) and name in rules:
                rules[name] = _change(rules[name], entry, disabled, name in new)
            else:
                rule = load({field: value for field, value in entry.items() if field != 'enabled'})
                try_out(rule, trial)
                rules[rule.id] = rule
                new.add(rule.id)
                _enable(rule.id, entry, disabled)
        except RuleError as exc:
            broken = message('rule/place', rule=name and str(name), place=where)
            raise CatalogueError(message('rule/at', place=broken, why=exc.message)) from exc
    return Catalogue(rules, frozenset(disabled))


def _change(rule: Rule, entry: Mapping[str, Any], disabled: set[str], fresh: bool) -> Rule:
    other = [str(name) for name in entry if name not in CHANGES]
    if other or fresh:
        raise RuleError(_taken(fresh, other))
    if len(entry) < 2:
        raise RuleError(message('rule/changes-nothing'))
    _enable(rule.id, entry, disabled)
    if 'severity' not in entry:
        return rule
    severity = next((word for word in SEVERITIES if word == entry['severity']), None)
    if severity is None:
        raise RuleError(message('rule/unknown-word', what='severity', word=repr(entry['severity']), known=SEVERITIES))
    return replace(rule, severity=severity, severity_when=())


def _taken(fresh: bool, other: list[str]) -> Message:
    if fresh:
        return message('rule/there-already')
    return message('rule/built-in', name=other[0] if other else None)


def _enable(name: str, entry: Mapping[str, Any], disabled: set[str]) -> None:
    if 'enabled' not in entry:
        return
    enabled = entry['enabled']
    if not isinstance(enabled, bool):
        raise RuleError(message('rule/enabled', value=repr(enabled)))
    if enabled:
        disabled.discard(name)
    else:
        disabled.add(name)
