# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What remediate.yml would do on an audited host, finding by finding, by the rules that paws_plan goes by. Pure.

A report proposes what a plan would do and nothing else: a command that does nothing costs the reader's trust.
"""

import dataclasses
import typing as t
from collections.abc import Iterable, Mapping

from ...module_utils._node.parsers.sysctl_value import same
from .._judge import origin
from .._judge.view import pod_name
from .._judge.vocabulary import SEVERITIES
from .._shapes.remediation import BY_HAND_MAX, ByHand, ByHandKind, Proposal, WhyNot
from .._shapes.report import Host
from .._shapes.verdict import Finding, Fix, JudgedNamespace, SettingPlace, Value
from .._variables import user_settings
from . import exhaustion, needs
from .needs import Scope

_CONTAINERS, _TEXT = 3, 512


def of(host: Host, scope: Scope, asked: Mapping[str, str]) -> Proposal:
    """{why_not, changes, ends, severity, by_hand} for the entry of a host (_report/entries.py).

    why_not: one of WHY_NOT, or null; changes: whether a plan with this scope has changes; ends: the rules of which it
    ends a finding; severity: what remediate_min_severity has to be lowered to for (more) changes, null where that
    brings none; by_hand: what no plan ends. asked: the settings that the user asks for, as wishes.merged() gives them.
    """
    why_not = _why_not(host)
    open_findings = [finding for finding in host['findings'] if not finding['waived'] and finding['class'] != 'clean']
    version = host['kernel'].get('version') if host['kernel'] else None
    kept = [(finding, _obstacle(finding, version, asked)) for finding in open_findings]
    ended = [] if why_not else [finding for finding, obstacle in kept if not obstacle]
    lower = dataclasses.replace(scope, min_severity=SEVERITIES[-1])
    weaker = [finding['severity'] for finding in ended if lower.holds(finding) and not scope.holds(finding)]
    rules = list(dict.fromkeys(finding['rule'] for finding in ended if scope.holds(finding)))
    return {
        'why_not': why_not,
        'changes': bool(rules),
        'ends': rules,
        'severity': max(weaker, key=SEVERITIES.index) if weaker else None,
        'by_hand': _by_hand(kept, host)[:BY_HAND_MAX],
    }


def scope_of(variables: Mapping[str, object]) -> Scope:
    """The scope that remediate.yml would have on a host with these variables, templates left out of account."""
    wanted = variables.get('remediate_min_severity')
    return Scope(
        next((severity for severity in SEVERITIES if severity == wanted), Scope.min_severity),
        _listed(variables.get('remediate_rules')),
        _listed(variables.get('remediate_skip_rules')),
    )


def asked_by(variables: Mapping[str, object]) -> dict[str, str]:
    """The settings that a host with these variables is to have besides; none where paws_plan would refuse them."""
    try:
        named = {name: value for name, value in variables.items() if user_settings.is_name(str(name))}
        return user_settings.merged(named)
    except ValueError:
        return {}


def _listed(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(',') if part.strip())
    return tuple(map(str, value)) if isinstance(value, (list, tuple)) else ()


def _why_not(host: Host) -> WhyNot | None:
    if host['status'] != 'ok':
        return 'lost'
    source: Mapping[str, object] = host['source'] or {}
    if origin.is_captured(source):
        return 'image' if '/proc/sys' in host['unavailable'] else 'capture'
    if source.get('file'):
        return 'offline'
    if source.get('collector') == origin.BY_SHELL:
        return 'python'
    stopped = 'forecast' in host and host['forecast']['decision'] == exhaustion.STOPPED
    return 'forecast' if stopped else None


def _obstacle(finding: Finding, version: list[int] | None, asked: Mapping[str, str]) -> ByHandKind | None:
    """The kind of what keeps a plan from ending the finding, one of BY_HAND; None where nothing does."""
    found = needs.obstacle(finding, version)
    if found:
        return found.kind
    fix: Fix = finding['fix'] or {}
    wish = asked.get(fix.get('sysctl') or '')
    return 'wish' if wish is not None and 'value' in fix and not same(wish, str(fix['value'])) else None


def _by_hand(kept: Iterable[tuple[Finding, ByHandKind | None]], host: Host) -> list[ByHand]:
    """What to change where no plan does: each place once, and containers that need the same together."""
    found: dict[tuple[str, ...], ByHand] = {}
    inside = {name: each for each in host['namespaces'] for name in (each['id'], each['key'])}
    for finding, kind in kept:
        for writer in needs.writers(finding):
            entry = _writer(finding, writer)
            place = ('writer', str(entry['file']), str(entry['line']), str(entry['key']))
            known = found.setdefault(place, entry)
            # Findings know more or less of one and the same place.
            known.update(t.cast(ByHand, {name: value for name, value in entry.items() if known.get(name) is None}))
        fix = finding['fix']
        if kind == 'container' and fix:
            entry = found.setdefault(('container', str(fix.get('sysctl')), str(_value(fix))), _container(fix))
            _add(entry, finding, inside.get(finding['namespace']))
        elif kind in ('other', 'wish'):
            found.setdefault((kind, finding['rule']), {'kind': kind, 'rule': finding['rule']})
    return list(found.values())


def _writer(finding: Finding, writer: SettingPlace) -> ByHand:
    value, line, via = writer.get('value'), writer.get('line'), writer.get('via')
    by = via if isinstance(via, dict) and isinstance(via.get('file'), str) else None
    return {
        'kind': 'writer',
        'by': str(writer.get('kind') or writer.get('by') or '')[:_TEXT],
        'file': writer['file'][:_TEXT],
        'line': line if isinstance(line, int) else None,
        'key': str(writer.get('key') or (finding['fix'] or Fix()).get('sysctl') or '')[:_TEXT],
        'value': None if value is None else str(value)[:_TEXT],
        'when': str(writer['when'])[:_TEXT] if writer.get('when') else None,
        'via': '%s:%s' % (by['file'][:_TEXT], by.get('line') or '?') if by else None,
    }


def _value(fix: Fix) -> Value:
    return fix.get('value', fix.get('minimum'))


def _container(fix: Fix) -> ByHand:
    return {
        'kind': 'container',
        'key': str(fix.get('sysctl')),
        'value': str(_value(fix)),
        'minimum': 'minimum' in fix,
        'where': [],
        'number': 0,
    }


def _add(entry: ByHand, finding: Finding, namespace: JudgedNamespace | None) -> None:
    """One more namespace, or group of namespaces alike, that needs it, and those that are not listed."""
    more = finding['evidence'].get('more_findings')
    entry['number'] += (namespace['count'] if namespace else 1) + (max(more, 0) if isinstance(more, int) else 0)
    if len(entry['where']) < _CONTAINERS:
        container = namespace['container'] if namespace else None
        named = container and container.get('pod')
        of = pod_name(named) if named else container and container.get('pod_uid')
        pod = ' (pod %s)' % of if of else ''
        name = container['id'][:12] if container else ''
        entry['where'].append((name + pod or str(finding['namespace']))[:_TEXT])
