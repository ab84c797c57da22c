# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan as text for the person who is going to allow it."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import typing as t
from collections.abc import Iterable, Mapping, Sequence

from ansible_collections.nodetcp.paws.plugins.plugin_utils._forecast.forecast import VERDICTS
from ansible_collections.nodetcp.paws.plugins.plugin_utils._remediate import exhaustion, outcome
from ansible_collections.nodetcp.paws.plugins.plugin_utils._remediate.decisions import to_change
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text.escape import terminal

Json = dict[str, t.Any]

_GROUPS = 30
_NAMES = 6


def text(fleet: Mapping[str, Mapping[str, t.Any]], decision: Json) -> str:
    """Who changes in which batch, every change (hosts alike are told once), and what stays although it was in scope."""
    plans = to_change(fleet)
    lines = ['Plan: %d of %s change' % (len(plans), _hosts(len(fleet)))]
    lines += [
        '  batch %d%s: %s' % (number, ' (canary)' if number == 1 else '', names(batch))
        for number, batch in enumerate(decision['batches'], 1)
    ]
    lines += ['  note: %s' % terminal(note) for note in decision['notes']]
    groups = _alike(plans)
    for members, each in groups[:_GROUPS]:
        lines.append('%s (%s)' % (names(members), terminal(each['kind'], 80)))
        lines += ['  %s' % change(entry) for entry in each['changes']]
        lines += ['  note: %s' % terminal(note) for note in each['notes']]
    if len(groups) > _GROUPS:
        lines.append('and %d more kinds of plans: remediate_plan_file keeps all of them' % (len(groups) - _GROUPS))
    lines += _forecasts(fleet)
    lines += _left(fleet)
    if decision['refused']:
        lines.append('Refused, nothing is changed: %s' % terminal(decision['refused'], 2000))
    return '\n%s\n' % '\n'.join(lines)


def change(entry: Json) -> str:
    """One change on one line: what, before, after, and why."""
    reason = ' (%s)' % terminal(entry['reason'], 200) if entry.get('reason') else ''
    if entry['what'] == 'running':
        where = '' if entry['namespace'] == 'host' else ' in %s' % entry['namespace']
        values = '%s: %s -> %s' % (entry['key'], entry['before'], entry['after'])
        return 'running    %s%s' % (terminal(values + where), reason)
    place = '%s:%s' % (entry['file'], entry['line'])
    told = {'persisted': entry['after'], 'disabled': entry['before'], 'removed': entry['before']}[entry['what']]
    return '%-10s %s  %s%s' % (entry['what'], terminal(place), terminal(str(told)), reason)


def names(hosts: Sequence[str]) -> str:
    """A few names and how many more."""
    shown = ', '.join(terminal(name, 80) for name in hosts[:_NAMES])
    return shown + (' and %d more' % (len(hosts) - _NAMES) if len(hosts) > _NAMES else '')


def _alike(plans: Mapping[str, Json]) -> list[tuple[list[str], Json]]:
    groups: dict[str, tuple[list[str], Json]] = {}
    for name, each in plans.items():
        key = json.dumps([each['kind'], each['changes'], each['notes']], sort_keys=True)
        groups.setdefault(key, ([], each))[0].append(name)
    return sorted(groups.values(), key=lambda group: -len(group[0]))


def scarce(fleet: Mapping[str, Mapping[str, t.Any]]) -> str:
    """One sentence on the hosts whose ports become scarce, or may; empty where there are none."""
    found: dict[str, list[str]] = {}
    for name, values in fleet.items():
        forecast = (outcome.plan_of(values) or {}).get('forecast')
        if forecast and exhaustion.verdict(forecast) != 'safe':
            stopped = forecast['decision'] == exhaustion.STOPPED
            key = exhaustion.STOPPED if stopped else exhaustion.verdict(forecast)
            found.setdefault(key, []).append(name)
    parts = ['%s: %s' % (key, names(found[key])) for key in (exhaustion.STOPPED, *VERDICTS) if key in found]
    return 'TIME_WAIT may take up local ports or buckets once recycling is off (%s)' % '; '.join(parts) if parts else ''


def _forecasts(fleet: Mapping[str, Mapping[str, t.Any]]) -> list[str]:
    """What switching recycling off costs, worst first; the hosts where it costs little are counted."""
    told: dict[tuple[int, str], list[str]] = {}
    for name, values in fleet.items():
        forecast = (outcome.plan_of(values) or {}).get('forecast')
        if forecast:
            worse = exhaustion.verdict(forecast)
            text = 'safe' if worse == 'safe' else exhaustion.line(forecast)
            told.setdefault((VERDICTS.index(worse), text), []).append(name)
    shown = sorted(told.items())[:_GROUPS]
    lines = ['  %s: %s' % (names(hosts), terminal(text, 1000)) for (_rank, text), hosts in shown]
    if len(told) > _GROUPS:
        lines.append('  and %d more: audit.json has all of them' % (len(told) - _GROUPS))
    return ['Forecast of TIME_WAIT without recycling:', *lines] if lines else []


def _left(fleet: Mapping[str, Mapping[str, t.Any]]) -> list[str]:
    reasons: dict[str, list[str]] = {}
    for name, values in fleet.items():
        plan = outcome.plan_of(values)
        refused = outcome.refusal(plan) if plan else None
        if refused:
            reasons.setdefault(refused, []).append(name)
        for entry in plan['left'] if plan else ():
            reasons.setdefault('%s: %s' % (entry['rule'], entry['reason']), []).append(name)
    lines = ['  %s: %s' % (names(hosts), terminal(reason)) for reason, hosts in list(reasons.items())[:_GROUPS]]
    return ['In scope, and not changed:', *lines] if lines else []


def _hosts(number: int) -> str:
    return '%d host%s' % (number, '' if number == 1 else 's')


def failures(failed: Iterable[tuple[str, str]]) -> str:
    """Hosts with what went wrong on each, on one line."""
    return '; '.join('%s: %s' % (terminal(name, 80), terminal(reason, 300)) for name, reason in failed)
