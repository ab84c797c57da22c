# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on one node: a record in, a document of JSON types out. Pure: clock, rules and waivers are passed in."""

import datetime
from collections.abc import Sequence

from .._messages.message import MessageError, message
from .._shapes.record import Record, Sample
from .._shapes.verdict import Answer, Class, JudgedNamespace, Verdict, Window
from . import attribution, cluster, next_boot, origin, summary, window
from .catalogue import Catalogue
from .exposure import namespace_class
from .facts import Facts, gather
from .findings import Found, Inquiry
from .view import View
from .vocabulary import CLASSES, EVIDENCES, EXPOSURES, PROFILES, SEVERITIES, worst
from .waivers import Waiver, settle


def judge(
    record: Record,
    earlier: Sample | None,
    catalogue: Catalogue,
    profile: str,
    waivers: Sequence[Waiver],
    today: datetime.date,
) -> Verdict:
    """The verdict on a checked record (record.check), with the rise of counters since the `earlier` sample, if any.

    {verdict, exposure, evidence, impact, findings, namespaces, next_boot, watch, summary, cluster}; worst first.
    next_boot: {key: next_boot.answers()} of the sysctls that something sets.
    Raises MessageError for an unknown profile, ConditionError for a rule that cannot be asked about this record.
    """
    if profile not in PROFILES:
        raise MessageError(message('rule/unknown-word', what='profile', word=repr(profile), known=PROFILES))
    windows = window.measure(record, earlier)
    everywhere = [gather(View(record, index, measured), profile) for index, measured in enumerate(windows)]
    inquiry = Inquiry(catalogue.enabled(profile), everywhere)
    found = inquiry.found()
    for entry in found:
        _waive(entry, record, waivers, today)
    counting = [entry for entry in found if not entry.finding['waived']]
    by_namespace = _classes(everywhere, found)
    verdict = worst([*by_namespace.values(), *(entry.finding['class'] for entry in counting)], CLASSES)
    live = not origin.is_captured(record['source'])
    return {
        'verdict': verdict,
        'exposure': worst((facts.exposure for facts in everywhere), EXPOSURES),
        'evidence': worst((facts.evidence for facts in everywhere), EVIDENCES),
        'impact': summary.impact(record, _hit(verdict, by_namespace, counting)),
        'findings': [entry.finding for entry in sorted(found, key=_order)],
        'namespaces': [_shown(facts) for facts in everywhere],
        'next_boot': _next_boot(record),
        'watch': live and earlier is None and inquiry.watched(),
        'summary': summary.line(record, verdict, counting),
        'cluster': cluster.cluster(record),
    }


def _waive(entry: Found, record: Record, accepted: Sequence[Waiver], today: datetime.date) -> None:
    """Mark the finding; a waiver that does not hold, or not for all, is shown among the evidence: it counts."""
    namespace = None if entry.rule.scope == 'node' else record['namespaces'][entry.index]
    hostname = record['source'].get('hostname')
    entry.finding['waived'], evidence = settle(accepted, entry.rule.id, namespace, hostname, today)
    entry.finding['evidence'].update(evidence)


def _classes(everywhere: Sequence[Facts], found: Sequence[Found]) -> dict[int, Class]:
    """What each namespace makes of its host by itself, unless a waived finding of that class speaks of it."""
    waived = {place for entry in found if entry.finding['waived'] for place in _places(entry, len(everywhere))}
    heard = {place for entry in found if not entry.finding['waived'] for place in _places(entry, len(everywhere))}
    classes: dict[int, Class] = {}
    for index, facts in enumerate(everywhere):
        raised = namespace_class(facts.exposure, facts.evidence)
        if (index, raised) not in waived - heard:
            classes[index] = raised
    return classes


def _places(entry: Found, number: int) -> list[tuple[int, Class]]:
    """A finding about the node speaks of all its namespaces."""
    indexes = range(number) if entry.rule.scope == 'node' else (entry.index,)
    return [(index, entry.finding['class']) for index in indexes]


def _next_boot(record: Record) -> dict[str, list[Answer]]:
    keys = sorted({*record['persisted'], *(writer['key'] for writer in record['writers'])})
    found = {key: next_boot.answers(record, key) for key in keys}
    return {key: answers for key, answers in found.items() if answers}


def _hit(verdict: Class, by_namespace: dict[int, Class], counting: Sequence[Found]) -> list[int]:
    if verdict not in summary.HITTING:
        return []
    hit = {index for index, raised in by_namespace.items() if raised == verdict}
    hit.update(entry.index for entry in counting if entry.finding['class'] == verdict)
    return sorted(hit)


def _order(entry: Found) -> tuple[int, int, int, int, str]:
    """Worst first; the waived ones at the end."""
    finding = entry.finding
    return (
        finding['waived'] is not None,
        CLASSES.index(finding['class']),
        SEVERITIES.index(finding['severity']),
        entry.index,
        finding['rule'],
    )


def _shown(facts: Facts) -> JudgedNamespace:
    namespace = facts.view.namespace
    return {
        'id': namespace.get('id'),
        'key': namespace['key'],
        'kind': namespace['kind'],
        'container': namespace.get('container'),
        'count': namespace['count'],
        'exposure': facts.exposure,
        'evidence': facts.evidence,
        'window': _measured(facts.view.window),
    }


def _measured(measured: window.Window) -> Window | None:
    """The counters that causes are told from and that rose; None without a window."""
    if measured.seconds is None:
        return None
    rises = {name: rise for name, rise in sorted(measured.deltas.items()) if rise and name in attribution.NAMED}
    return {'seconds': measured.seconds, 'rises': rises}
