# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan as text for the person who is going to allow it."""

import functools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from .._forecast.forecast import VERDICTS
from .._judge.summary import where_of
from .._messages.message import Message, Said, message
from .._messages.telling import all_said, said, tell
from .._shapes.record import ImageSystem
from .._shapes.remediation import Change, FleetDecision, Plan
from .._text import columns
from .._text.escape import host, terminal, visible
from . import exhaustion, image_lines, outcome
from .decisions import Fleet, to_change

_GROUPS = 30
_NAMES = 6
_LABEL_WIDTH = 10
#: Tells a message in the language of the reader.
Say = Callable[[Said], str]
_LABELS = {
    'running': message('plan/running'),
    'persisted': message('plan/persisted'),
    'disabled': message('plan/disabled'),
    'removed': message('plan/removed'),
}


def text(fleet: Fleet, decision: FleetDecision, language: str) -> str:
    """Who changes in which batch, every change (hosts alike are told once), and what stays although it was in scope."""
    say = functools.partial(tell, language)
    parts = (
        _batches(fleet, decision, say),
        _changes(to_change(fleet), say),
        _forecasts(fleet, say),
        _left(fleet, say),
        _images(fleet, say),
    )
    lines = [line for part in parts for line in part]
    if decision['refused']:
        lines.append(say(message('plan/refused', reason=said(decision, 'refused'))))
    return '\n%s\n' % '\n'.join(map(visible, lines))


def _batches(fleet: Fleet, decision: FleetDecision, say: Say) -> Iterator[str]:
    yield say(message('plan/head', number=len(to_change(fleet)), hosts=len(fleet)))
    for number, batch in enumerate(decision['batches'], 1):
        yield '  %s' % say(message('plan/batch', number=number, canary=number == 1, hosts=names(batch)))
    yield from _notes(decision, say)


def _changes(plans: Mapping[str, Plan], say: Say) -> Iterator[str]:
    groups = _alike(plans)
    for members, each in groups[:_GROUPS]:
        yield say(message('plan/group', hosts=names(members), kind=terminal(each['kind'], 80)))
        yield from ('  %s' % change(entry, say) for entry in each['changes'])
        yield from _notes(each, say)
    if len(groups) > _GROUPS:
        yield say(message('plan/more-kinds', number=len(groups) - _GROUPS))


def _notes(entry: Plan | FleetDecision, say: Say) -> Iterator[str]:
    for note in all_said(entry, 'notes'):
        yield '  %s' % say(message('plan/note', note=note))


def change(entry: Change, say: Say) -> str:
    """One change on one line: what, before, after, and why."""
    label = columns.padded(say(_LABELS[entry['what']]), _LABEL_WIDTH)
    return '%s %s' % (label, say(_changed(entry, entry.get('reason'))))


def _changed(entry: Change, reason: Said | None) -> Message:
    if entry['what'] == 'running':
        place = entry['namespace']
        where = where_of(place) if place and place != 'host' else None
        values = {'key': entry['key'], 'before': entry['before'], 'after': entry['after']}
        return message('plan/value', namespace=where, reason=reason, **values)
    line = entry['after'] if entry['what'] == 'persisted' else entry['before']
    return message('plan/line', line='%s:%s  %s' % (entry['file'], entry['line'], line), reason=reason)


def names(hosts: Sequence[str]) -> Message:
    """A few names and how many more."""
    shown = [host(name) for name in hosts[:_NAMES]]
    return message('plan/names', names=shown, more=max(len(hosts) - _NAMES, 0))


def _alike(plans: Mapping[str, Plan]) -> list[tuple[list[str], Plan]]:
    groups: dict[str, tuple[list[str], Plan]] = {}
    for name, each in plans.items():
        key = json.dumps([each['kind'], each['changes'], each['notes']], sort_keys=True)
        groups.setdefault(key, ([], each))[0].append(name)
    return sorted(groups.values(), key=lambda group: -len(group[0]))


def scarce(fleet: Fleet) -> Message | None:
    """One sentence on the hosts whose ports become scarce, or may; None where there are none."""
    found: dict[str, list[str]] = {}
    for name, values in fleet.items():
        plan = outcome.plan_of(values)
        forecast = plan.get('forecast') if plan else None
        if forecast and exhaustion.verdict(forecast) != 'safe':
            stopped = forecast['decision'] == exhaustion.STOPPED
            key = exhaustion.STOPPED if stopped else exhaustion.verdict(forecast)
            found.setdefault(key, []).append(name)
    groups = [
        message('plan/named', what=exhaustion.NAMES[key], hosts=names(found[key]))
        for key in (exhaustion.STOPPED, *VERDICTS)
        if key in found
    ]
    return message('plan/scarce', groups=groups) if groups else None


def _forecasts(fleet: Fleet, say: Say) -> Iterator[str]:
    """What switching recycling off costs, worst first; the hosts where it costs little are counted."""
    found: dict[tuple[int, str], list[str]] = {}
    for name, values in fleet.items():
        plan = outcome.plan_of(values)
        forecast = plan.get('forecast') if plan else None
        if forecast:
            worse = exhaustion.verdict(forecast)
            line = exhaustion.NAMES['safe'] if worse == 'safe' else exhaustion.line(forecast)
            found.setdefault((VERDICTS.index(worse), say(line)), []).append(name)
    if found:
        yield say(message('plan/forecasts'))
    yield from (_named(line, hosts, say) for (_rank, line), hosts in sorted(found.items())[:_GROUPS])
    if len(found) > _GROUPS:
        yield '  %s' % say(message('plan/more-forecasts', number=len(found) - _GROUPS))


def _left(fleet: Fleet, say: Say) -> Iterator[str]:
    reasons: dict[str, list[str]] = {}
    for name, values in fleet.items():
        plan = outcome.plan_of(values)
        refused = outcome.refusal(plan) if plan else None
        if refused:
            reasons.setdefault(say(refused), []).append(name)
        for entry in plan['left'] if plan else ():
            left = message('plan/left', rule=entry['rule'], reason=said(entry, 'reason'))
            reasons.setdefault(say(left), []).append(name)
    if reasons:
        yield say(message('plan/not-changed'))
    yield from (_named(reason, hosts, say) for reason, hosts in list(reasons.items())[:_GROUPS])


def _images(fleet: Fleet, say: Say) -> Iterator[str]:
    """The lines of the configuration for hosts that it makes, those alike once."""
    found: dict[str, tuple[list[str], ImageSystem, Plan]] = {}
    for name, values in fleet.items():
        plan = outcome.plan_of(values)
        system = plan.get('system') if plan else None
        if plan and system:
            key = json.dumps([system, plan['settings']], sort_keys=True)
            found.setdefault(key, ([], system, plan))[0].append(name)
    for hosts, system, plan in list(found.values())[:_GROUPS]:
        for head, lines in image_lines.told(system, plan):
            yield say(message('plan/for-hosts', hosts=names(hosts), what=head))
            yield from ('    %s' % line for line in lines)


def _named(what: str, hosts: Sequence[str], say: Say) -> str:
    return '  %s' % say(message('plan/left', rule=names(hosts), reason=terminal(what, 1000)))


def failures(failed: Mapping[str, Said], language: str) -> str:
    """Hosts with what went wrong on each, on one line."""
    each = [
        message('plan/left', rule=terminal(name, 80), reason=terminal(tell(language, reason), 300))
        for name, reason in failed.items()
    ]
    return tell(language, message('plan/change-failed', failures=each))
