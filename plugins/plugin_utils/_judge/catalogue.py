# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue of rules: the built-in rules.yml, and what users add, change and disable.

Everything is checked when it is loaded, before any host is contacted.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import functools
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import yaml

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import exposure, library
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.rule import Rule, RuleError, load, try_out
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.trial import Trial
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.vocabulary import SEVERITIES

RULES_FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'rules.yml')
#: All that may be said of a rule that exists already.
CHANGES = ('id', 'severity', 'enabled')


class CatalogueError(Exception):
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

    def sysctl_keys(self) -> list[str]:
        """Every sysctl that the rules look at or fix: what the node is asked to read."""
        found = set(exposure.SYSCTLS)
        for rule in self.enabled():
            found.update(*(expression.sysctls for _place, expression in rule.expressions()))
            found.update([rule.fix['sysctl']] if 'sysctl' in rule.fix else [])
        return sorted(found)

    def counter_names(self) -> dict[str, list[str]]:
        """{"TcpExt": [...], "Tcp": [...]}: every counter that the rules look at."""
        found = set(exposure.COUNTERS)
        for rule in self.enabled():
            found.update(*(expression.counters for _place, expression in rule.expressions()))
        return {
            group: sorted(name.partition('.')[2] for name in found if name.startswith(group + '.'))
            for group in ('TcpExt', 'Tcp')
        }

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
        raise CatalogueError(library.MISSING)
    loader = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)
    with open(RULES_FILE, 'rb') as stream:
        content = yaml.load(stream, Loader=loader)  # noqa: S506 - a safe loader, the fast one where it is there
    return _extend(Catalogue({}), _entries(content['rules'], 'rules.yml'), 'rules.yml')


def _entries(raw: object, place: str) -> list[Any]:
    if raw is None or raw == '':
        return []
    if isinstance(raw, Mapping):
        if 'id' in raw:
            return [raw]
        for name, body in raw.items():
            if not isinstance(body, Mapping):
                raise CatalogueError("rule '%s' in %s: must be a mapping, is %s" % (name, place, type(body).__name__))
        return [{**body, 'id': name} for name, body in raw.items()]
    if not isinstance(raw, list):
        raise CatalogueError('%s: must be a list of rules, is %s' % (place, type(raw).__name__))
    return list(raw)


def _extend(catalogue: Catalogue, entries: Iterable[Any], place: str) -> Catalogue:
    rules, disabled, new = dict(catalogue.rules), set(catalogue.disabled), set[str]()
    trial = Trial()
    for index, entry in enumerate(entries):
        where = '%s[%d]' % (place, index)
        if not isinstance(entry, Mapping):
            raise CatalogueError('rule in %s: must be a mapping, is %s' % (where, type(entry).__name__))
        name = entry.get('id')
        where = "rule '%s' in %s" % (name, where) if name else 'rule in %s' % where
        try:
            if name in rules:
                rules[str(name)] = _change(rules[str(name)], entry, disabled, name in new)
            else:
                rule = load({field: value for field, value in entry.items() if field != 'enabled'})
                try_out(rule, trial)
                rules[rule.id] = rule
                new.add(rule.id)
                _enable(rule.id, entry, disabled)
        except RuleError as exc:
            raise CatalogueError('%s: %s' % (where, exc)) from exc
    return Catalogue(rules, frozenset(disabled))


def _change(rule: Rule, entry: Mapping[str, Any], disabled: set[str], fresh: bool) -> Rule:
    other = [str(name) for name in entry if name not in CHANGES]
    if other or fresh:
        reason = 'this id is there already' if fresh else 'is a built-in rule: only severity and enabled can be changed'
        raise RuleError('duplicate id: %s%s' % (reason, ', not %s' % other[0] if other and not fresh else ''))
    if len(entry) < 2:
        raise RuleError('changes nothing: give severity or enabled, or use another id for a new rule')
    _enable(rule.id, entry, disabled)
    if 'severity' not in entry:
        return rule
    if entry['severity'] not in SEVERITIES:
        raise RuleError('unknown severity %r; known are: %s' % (entry['severity'], ', '.join(SEVERITIES)))
    return replace(rule, severity=str(entry['severity']), severity_when=())


def _enable(name: str, entry: Mapping[str, Any], disabled: set[str]) -> None:
    if 'enabled' not in entry:
        return
    enabled = entry['enabled']
    if not isinstance(enabled, bool):
        raise RuleError('enabled: true or false, not %r' % (enabled,))
    if enabled:
        disabled.discard(name)
    else:
        disabled.add(name)
