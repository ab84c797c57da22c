# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decisions about the whole fleet: whether the plan may be carried out and in which order, and when to stop. Pure but
for the plan file."""

import typing as t
from collections.abc import Mapping, Sequence

from .._messages.message import Said, message
from .._shapes.remediation import Conclusion, FleetDecision, Plan
from .._variables import batch_sizes, host_pattern
from . import batches, outcome, plan

#: The variables of each host.
Fleet = Mapping[str, Mapping[str, object]]


class Options(t.TypedDict):
    """What the user asks of a plan: sizes of batches, canaries first, at most so many hosts (0: any), a plan file."""

    batches: list[str]
    canary: list[str]
    max_hosts: int
    plan_file: str | None


ON_FAILURE = ('batch', 'host', 'all', 'stop')


def decide(fleet: Fleet, options: Options, change_set: str, check_mode: bool) -> FleetDecision:
    """The decision on the plans of all hosts {name: variables}.

    {change_set, check_mode, planned: names that need a change, batches: [[name]], hosts: batches in a row, patterns:
    the same for a play's hosts, serial: their sizes, stopped: {name: why it is left as it is}, refused: why nothing is
    changed, or "", notes: [message]}. In check mode and when refused, hosts, patterns and serial name none.
    Without sizes among the options nothing is decided: no batch is named. Raises ValueError for sizes that are none.
    """
    plans = to_change(fleet)
    kinds = [(name, each['kind']) for name, each in plans.items()]
    sizes = batch_sizes.parse(options['batches']) if options['batches'] else []
    order = batches.split(kinds, sizes, frozenset(options['canary'])) if sizes else []
    lost, idle = _canaries(fleet, plans, options['canary'])
    refused = _refused(plans, options, check_mode) or lost
    allowed = [] if refused or check_mode else order
    hosts = [name for batch in allowed for name in batch]
    return {
        'change_set': change_set,
        'check_mode': check_mode,
        'planned': list(plans),
        'batches': order,
        'hosts': hosts,
        'patterns': [host_pattern.of(name) for name in hosts],
        'serial': [len(batch) for batch in allowed],
        'stopped': stopped(fleet),
        'refused': refused,
        'notes': [message('decisions/idle-canary', name=name) for name in idle],
    }


def _canaries(fleet: Fleet, plans: Mapping[str, Plan], canary: Sequence[str]) -> tuple[Said, list[str]]:
    """(why the named canaries cannot go first, or "", those that need no change).

    Nobody takes a canary's place unasked. It matters only where something changes.
    """
    named = [name for name in canary if name not in plans] if plans else []
    absent = {name: message('decisions/not-here') for name in named if name not in fleet}
    present = {name: outcome.nothing_planned(fleet[name]) for name in named if name in fleet}
    lost = [
        message('decisions/lost-canary', name=name, reason=reason)
        for name, reason in {**absent, **present}.items()
        if reason
    ]
    idle = [name for name, reason in present.items() if reason is None]
    return (message('decisions/lost-canaries', hosts=lost) if lost else ''), idle


def to_change(fleet: Fleet) -> dict[str, Plan]:
    """The plans of the hosts on which something changes."""
    found = ((name, outcome.to_change(values)) for name, values in fleet.items())
    return {name: each for name, each in found if each}


def stopped(fleet: Fleet) -> dict[str, Said]:
    """Why, for the hosts that need something and for which nothing is planned."""
    plans = ((name, outcome.plan_of(values)) for name, values in fleet.items())
    return {name: reason for name, each in plans if each and (reason := outcome.refusal(each))}


def _refused(plans: Mapping[str, Plan], options: Options, check_mode: bool) -> Said:
    try:
        fresh = plan.document(plans)
        if options['plan_file'] and check_mode:
            plan.write(options['plan_file'], fresh)
        elif options['plan_file']:
            other = plan.differences(plan.read(options['plan_file']), fresh)
            if other:
                return message('plan/differs', path=options['plan_file'], differences=other)
    except plan.PlanFileError as exc:
        return exc.message
    most = options['max_hosts']
    if most and len(plans) > most:
        return message('decisions/max-hosts', number=len(plans), most=most)
    return ''


def conclude(fleet: Fleet, batch: Sequence[str], on_failure: str) -> Conclusion:
    """After a batch: {stop, failures: {name: reason}, undo: [name]}.

    Any failure stops the run. What is undone: the batch, the failed hosts alone, all that this run changed, or nothing.
    """
    failed = {name: reason for name in batch if (reason := outcome.trouble(fleet[name]))}
    candidates: dict[str, Sequence[str]] = {'batch': batch, 'host': list(failed), 'all': list(fleet), 'stop': ()}
    undo = [name for name in candidates[on_failure] if outcome.touched(fleet[name])] if failed else []
    return {'stop': bool(failed), 'failures': failed, 'undo': undo}
