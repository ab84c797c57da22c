# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The document of a diagnosis: what was asked, each step with its evidence, the conclusion, what to do next. Pure."""

from collections.abc import Mapping, Sequence
from typing import cast

from .._messages.message import Message, Said, message
from .._messages.telling import all_said, said
from .._shapes.attempts import (
    Again,
    Clock,
    DiagnosisMade,
    Goal,
    GoalTold,
    Located,
    PlaceInside,
    Probe,
    SourceConcluded,
    Task,
    Translator,
    Tried,
    Unstepped,
    Watched,
    WholeWork,
)
from .._shapes.info import Measured
from . import advice, attempts, causes, collision, facts, finding, steps

#: What a task registered: tcp_probe's result, or the watch's.
Result = Mapping[str, object]

SCHEMA = 1
HEALTHY, UNKNOWN = 'healthy', 'unknown'
TITLES = {
    HEALTHY: message('causes/healthy'),
    UNKNOWN: message('causes/unknown'),
    'untried': message('causes/untried'),
}
CONFIDENCES = (finding.HIGH, finding.MEDIUM, finding.LOW)


def conclude(
    plan: WholeWork,
    results: Mapping[str, Result],
    info: Measured | None,
    looked: Located | None,
    box: Translator | None = None,
    tracking: Mapping[str, Mapping[str, int]] | None = None,
) -> DiagnosisMade:
    """The document for a plan (plan.work() with 'goal' and 'question'), its tasks' results by name, and paws_info's.

    looked: paws_locate's result after the attempts; box: who translates, by translator.found(); tracking: by
    translator.tracking(). A result is
    tcp_probe's or the watch's; one that failed has 'reason' instead. Messages stand where people read ('steps', 'why'
    ...): whoever shows them needs nothing of this room.
    """
    document = _document(plan, results, info, looked, box, tracking or {})
    return {**document, 'steps': steps.steps(document)}


def _document(
    plan: WholeWork,
    results: Mapping[str, Result],
    info: Measured | None,
    looked: Located | None,
    box: Translator | None,
    tracking: Mapping[str, Mapping[str, int]],
) -> Unstepped:
    watched = _watched(plan, results)
    delay = plan['probe']['delay']
    probes = [_probe(task, results.get(task['name']) or {}, delay) for task in plan['tasks'] if task['role'] != 'watch']
    after = facts.look_again(plan['goal'], looked)
    tried = [probe for probe in probes if probe['reason'] is None]
    known = facts.gather(plan['goal'], info, watched, tried, after, box, tracking)
    examined = causes.examine(known) if known.attempts else []
    cause, confidence, why = _chosen(known, examined)
    met = collision.told(known) if cause == collision.CAUSE else None
    port = plan['probe']['port']
    return {
        'schema': SCHEMA,
        'question': plan['question'],
        'destination': _destination(plan['goal'], port, after),
        'sources': [_source(probe, port, known) for probe in probes],
        'watch': {'done': known.watched, 'reason': known.unwatched, 'connections': len(known.seen),
                  'arrived': sum(attempt['arrival'] is not None for attempt in known.attempts)},
        'counters': {'seconds': known.entry['seconds'] if known.entry else None,
                     'deltas': known.entry['deltas'] if known.entry else None,
                     'reason': said(known.entry or {}, 'reason'), 'says': all_said(known.entry or {}, 'says')},
        'elsewhere': [{'id': entry['id'], 'container': entry['container'], 'says': all_said(entry, 'says')}
                      for entry in known.elsewhere if entry['says']],
        'conclusion': {'cause': cause, 'title': _title(cause, examined), 'confidence': confidence, 'why': why},
        'collision': met,
        'causes': [{'id': each.id, 'title': each.title, 'state': each.state, 'confidence': each.confidence,
                    'why': list(each.why)} for each in examined],
        'next': advice.following(cause, plan['goal'], port, plan.get('inventory') or (), met),
    }  # fmt: skip


def _watched(plan: WholeWork, results: Mapping[str, Result]) -> Watched:
    if not plan['watched']:
        return {'reason': said(plan, 'reason')}
    result = results.get('diagnose-watch') or {}
    told = {name: result.get(name) for name in ('connections', 'seconds', 'clock')}
    return cast(Watched, {**told, 'reason': _reason(result, 'connections')})


def _probe(task: Task, result: Result, delay: float) -> Probe:
    """A probe with its attempts, or the reason why it has none."""
    where = task['host'] + ('/%s' % task['namespace'] if task['namespace'] else '')
    tried = cast(Tried, result)
    return {
        'source': where,
        'role': task['role'],
        'host': task['host'],
        'namespace': task['namespace'],
        'attempts': tried.get('attempts') or [],
        'icmp': tried.get('icmp'),
        'elapsed_s': tried.get('elapsed_s'),
        'clock': cast(Clock | None, result.get('clock')),
        'delay': delay,
        'reason': _reason(result, 'attempts'),
    }


def _reason(result: Result, needed: str) -> Said | None:
    """Why a result has not what is needed; None if it has."""
    if result.get(needed) is not None and not result.get('failed'):
        return None
    found = said(result, 'reason') or said(result, 'msg')
    return found if isinstance(found, Message) else str(found) if found else message('steps/no-result')


def _chosen(known: facts.Facts, examined: Sequence[finding.Cause]) -> tuple[str, str | None, list[Message]]:
    """The cause that is found with the most confidence; of several what explains more attempts, then the more specific.

    Where attempts failed, a cause that others met and none of these is not the conclusion.
    """
    found = [each for each in examined if each.state == finding.FOUND]
    able = [each for each in found if each.explained or not known.failed]
    best = min(able, key=lambda each: (CONFIDENCES.index(str(each.confidence)), -each.explained), default=None)
    also = [message('causes/also', title=each.title) for each in found if each is not best]
    if best:
        return best.id, best.confidence, [*best.why, *also]
    if not known.attempts:
        return 'untried', None, []
    came_up, slow = known.ended('ok'), known.slow
    since = [known.since] if known.since else []
    if known.failed:
        failed = message('causes/failed', number=len(known.failed), attempts=len(known.attempts))
        return UNKNOWN, finding.LOW, [failed, *since, *also]
    why = [message('causes/came-up', number=len(came_up), attempts=len(known.attempts)), *since]
    if slow:
        why.append(message('causes/slow', number=len(slow)))
    return HEALTHY, finding.MEDIUM if slow or not known.measured else finding.HIGH, why


def _title(cause: str, examined: Sequence[finding.Cause]) -> Message:
    return TITLES.get(cause) or next(each.title for each in examined if each.id == cause)


def _destination(goal: Goal, port: int, after: Again) -> GoalTold:
    match = goal['match']
    namespace: PlaceInside = {
        'id': match['id'],
        'key': match['key'],
        'kind': match['kind'],
        'name': match['name'],
        'names': match['names'],
        'container': match['container'],
    }
    return {
        'host': goal['host'],
        'address': goal['address'],
        'port': port,
        'namespace': namespace,
        'place': steps.place(goal['host'], namespace),
        'kernel': goal['kernel'].get('release'),
        'listening': match['listening'],
        'sysctls': {key: entry['value'] for key, entry in match['sysctls'].items()},
        'after': after,
    }


def _source(probe: Probe, port: int, known: facts.Facts) -> SourceConcluded:
    shown: SourceConcluded = {
        'source': probe['source'],
        'role': probe['role'],
        'host': probe['host'],
        'namespace': probe['namespace'],
        'reason': probe['reason'],
        'summary': None,
        'arrived': None,
        'seen_as': [],
    }
    if probe['reason'] is not None or probe['icmp'] is None:
        return shown
    mine = [attempt for attempt in (*known.attempts, *known.neutral) if attempt['source'] == probe['source']]
    mine = [attempt for attempt in mine if attempt['role'] == probe['role']]
    arrivals = [attempt['arrival'] for attempt in mine if attempt['arrival'] is not None]
    return {
        **shown,
        'summary': attempts.summary(probe['attempts'], port, probe['icmp']),
        'arrived': len(arrivals) if known.watched else None,
        'seen_as': sorted({arrival['source'] for arrival in arrivals}),
    }
