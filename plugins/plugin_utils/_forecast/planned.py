# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What TIME_WAIT will cost a node once a plan is carried out that switches tcp_tw_recycle off, and what the plan should
set besides. Pure.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from .._judge.view import View
from .._judge.vocabulary import PORT_RANGE, RECYCLE, RESERVED_PORTS, TIMESTAMPS, TW_BUCKETS, TW_REUSE
from .._shapes.forecast import Planned, Settings, ShapedForecast
from .._shapes.record import Namespace
from .._shapes.time_wait import PeakedSample, TimeWaitLooked
from . import time_wait
from .capacity import Capacity
from .forecast import VERDICTS, forecast

#: What a forecast depends on and a plan may set; recycling is off in every forecast.
DECISIVE = (RESERVED_PORTS, PORT_RANGE, TIMESTAMPS, TW_REUSE, TW_BUCKETS)


@dataclass(frozen=True)
class Outlook:
    """forecast: that of forecast() for the namespace where it ends worst, with its `namespace`, and `planned`, the same
    with the settings of the plan: {settings, remedies, verdict, summary, capacity, loads}, or None where these change
    nothing. remedies: {id: {key: value}} that the plan should set besides, as text.
    """

    forecast: ShapedForecast
    remedies: Mapping[str, Mapping[str, str]]


def ahead(
    looked: TimeWaitLooked,
    earlier: PeakedSample | None,
    profile: str,
    settings: Mapping[str, str],
    wishes: Set[str],
    approved: Mapping[str, Mapping[str, str]] | None = None,
) -> Outlook:
    """The outlook of a node that answered the operation time_wait.

    settings: what the plan sets on the node already; wishes: the keys that a person chose, which no remedy touches;
    approved: remedies of a plan that a person approved, which stand also where the load has become smaller since.
    """
    affected = _affected(time_wait.seen(looked, earlier))
    before = [forecast(each.capacity, each.load, profile) for each in affected]
    remedies = approved or _remedies(affected[0], looked, settings, profile, wishes)
    wanted = dict(settings)
    for values in remedies.values():
        wanted.update(values)
    capacities = [_with(each, looked, wanted) for each in affected]
    after = [forecast(capacity, each.load, profile) for capacity, each in zip(capacities, affected, strict=True)]
    ranks = [
        (VERDICTS.index(later['verdict']), VERDICTS.index(now['verdict']))
        for later, now in zip(after, before, strict=True)
    ]
    worst = ranks.index(min(ranks))
    planned: Planned | None = None
    if capacities[worst] != affected[worst].capacity:
        decisive: Settings = {key: wanted[key] for key in DECISIVE if key in wanted}
        then = after[worst]
        planned = {
            'settings': decisive,
            'remedies': list(remedies),
            'verdict': then['verdict'],
            'summary': then['summary'],
            'capacity': then['capacity'],
            'loads': then['loads'],
        }
    namespace = affected[worst].view.namespace.get('id')
    return Outlook({**before[worst], 'namespace': namespace, 'planned': planned}, remedies)


def _affected(found: Sequence[time_wait.Seen]) -> list[time_wait.Seen]:
    """Where recycling is on: nothing changes elsewhere."""
    return [each for each in found if each.capacity.recycle] or list(found)


def _remedies(
    own: time_wait.Seen, looked: TimeWaitLooked, settings: Mapping[str, str], profile: str, wishes: Set[str]
) -> dict[str, dict[str, str]]:
    """Those for the node's own namespace that the profile allows; the values of others belong to their containers."""
    if not own.view.own:
        return {}
    found = forecast(_with(own, looked, settings), own.load, profile)
    if found['verdict'] not in ('tight', 'exhausted'):
        return {}
    allowed = [remedy for remedy in found['remedies'] if remedy['allowed'] and not wishes & remedy['settings'].keys()]
    return {each['id']: {key: str(value) for key, value in each['settings'].items()} for each in allowed}


def _with(each: time_wait.Seen, looked: TimeWaitLooked, settings: Mapping[str, str]) -> Capacity:
    """The capacity of a namespace once the node's own has these settings: of some keys it has the only value."""
    record = looked['record']
    own = record['namespaces'][0]
    sysctls = dict(own['sysctls'])
    for key, value in settings.items():
        if key != RECYCLE and key in sysctls and sysctls[key]['scope'] != 'absent':
            sysctls[key] = {'value': value, 'scope': 'namespace'}
    namespaces: list[Namespace] = [{**own, 'sysctls': sysctls}, *record['namespaces'][1:]]
    index = next(place for place, found in enumerate(record['namespaces']) if found is each.view.namespace)
    changed = record.copy()
    changed['namespaces'] = namespaces
    view = View(changed, index, each.view.window)
    return time_wait.capacity_of(view, looked['slab'])
