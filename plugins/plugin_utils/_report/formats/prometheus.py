# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""audit.prom: metrics for the textfile collector of node_exporter (Prometheus text format 0.0.4).

One file for the whole fleet, to be collected where the audit runs; each series names its host. Names and units are an
interface: docs/prometheus.md lists them.
"""

import datetime
import typing as t
from collections.abc import Callable, Iterator

from ..._shapes.report import Host, Report
from ..._shapes.verdict import Window
from ..._text import escape
from ..document import STATUSES, observed_at

_LABEL = 200
Labels = dict[str, object]
Series = Iterator[tuple[Labels, float]]
Hosts = list[tuple[str, Host]]


class Metric(t.NamedTuple):
    """name without the prefix; series(document, hosts by their label) yields labels and values."""

    name: str
    help: str
    series: Callable[[Report, Hosts], Series]


def render(document: Report) -> str:
    """The metrics of a document of document.build; a metric without series is left out."""
    hosts = list(zip(_names([host['name'] for host in document['hosts']]), document['hosts'], strict=True))
    lines = []
    for metric in METRICS:
        name = 'nodetcp_paws_%s' % metric.name
        series = [
            '%s%s %s' % (name, _labels(labels), _number(value)) for labels, value in metric.series(document, hosts)
        ]
        if series:
            lines += ['# HELP %s %s' % (name, metric.help), '# TYPE %s gauge' % name, *series]
    return '\n'.join(lines) + '\n'


def _finished(document: Report, _hosts: Hosts) -> Series:
    yield {}, _seconds(document['run']['finished'])


def _duration(document: Report, _hosts: Hosts) -> Series:
    yield {}, _seconds(document['run']['finished']) - _seconds(document['run']['started'])


def _info(document: Report, _hosts: Hosts) -> Series:
    run = document['run']
    yield {'version': run['collection_version'], 'ansible_core': run['ansible_version']}, 1


def _statuses(document: Report, _hosts: Hosts) -> Series:
    for status in STATUSES:
        yield {'status': status}, document['summary']['statuses'][status]


def _verdicts(document: Report, _hosts: Hosts) -> Series:
    for verdict, number in document['summary']['verdicts'].items():
        yield {'verdict': verdict}, number


def _partly_seen(document: Report, _hosts: Hosts) -> Series:
    yield {}, document['summary']['partly_seen']


def _unseen(_document: Report, hosts: Hosts) -> Series:
    for name, host in hosts:
        if host['status'] == 'ok':
            yield {'host': name}, len(host['unseen'])


def _audited(_document: Report, hosts: Hosts) -> Series:
    for name, host in hosts:
        yield {'host': name}, int(host['status'] == 'ok')


def _host_verdict(_document: Report, hosts: Hosts) -> Series:
    for name, host in hosts:
        if host['status'] != 'skipped':
            yield {'host': name, 'verdict': host['verdict']}, 1


def _host_info(_document: Report, hosts: Hosts) -> Series:
    for name, host in hosts:
        if host['status'] == 'ok':
            kernel = (host['kernel'] or {}).get('release') or ''
            about = {'exposure': host['exposure'], 'evidence': host['evidence'], 'profile': host['profile'] or ''}
            yield {'host': name, 'kernel': kernel, **about}, 1


def _observed(_document: Report, hosts: Hosts) -> Series:
    for name, host in hosts:
        when = observed_at(host)
        if host['status'] == 'ok' and when is not None:
            yield {'host': name}, when


def _findings(_document: Report, hosts: Hosts) -> Series:
    for name, host in hosts:
        counts: dict[tuple[str, str, str, str], int] = {}
        key: tuple[str, str, str, str]
        for finding in host['findings']:
            waived = 'true' if finding['waived'] else 'false'
            key = (finding['rule'], finding['severity'], finding['class'], waived)
            more = finding['evidence'].get('more_findings')
            counts[key] = counts.get(key, 0) + 1 + (max(more, 0) if isinstance(more, int) else 0)
        for key, number in counts.items():
            yield {'host': name, **dict(zip(('rule', 'severity', 'class', 'waived'), key, strict=True))}, number


def _window(_document: Report, hosts: Hosts) -> Series:
    for labels, window in _windows(hosts):
        yield labels, window['seconds']


def _rises(_document: Report, hosts: Hosts) -> Series:
    for labels, window in _windows(hosts):
        for counter, rise in window['rises'].items():
            yield {**labels, 'counter': counter}, rise


def _windows(hosts: Hosts) -> Iterator[tuple[Labels, Window]]:
    """The measured namespaces of all hosts: labels and window."""
    for name, host in hosts:
        measured = [(entry, window) for entry in host['namespaces'] if (window := entry.get('window'))]
        ids = _names([entry['key'] or entry['id'] or entry['kind'] for entry, _window in measured])
        for label, (entry, window) in zip(ids, measured, strict=True):
            inside = entry['container']
            within = (inside and inside['id']) or '', (inside and inside.get('pod_uid')) or ''
            pod = inside and inside.get('pod')
            names = (pod['namespace'], pod['name']) if pod else ('', '')
            container = dict(zip(('container', 'pod_uid', 'pod_namespace', 'pod'), (*within, *names), strict=True))
            yield {'host': name, 'namespace': label, 'kind': entry['kind'], **container}, window


METRICS = (
    Metric('audit_finished_timestamp_seconds', 'When the audit ended, Unix time.', _finished),
    Metric('audit_duration_seconds', 'How long the audit took.', _duration),
    Metric('audit_info', 'Versions that made this file; always 1.', _info),
    Metric('audit_hosts', 'Hosts of the play by status.', _statuses),
    Metric('audit_verdicts', 'Hosts by verdict, skipped ones left out.', _verdicts),
    Metric('audit_partly_seen_hosts', 'Audited hosts of which a part could not be seen.', _partly_seen),
    Metric('host_audited', 'Whether the host was audited: 0 if it failed, was unreachable or was skipped.', _audited),
    Metric('host_verdict', 'The verdict on the host; always 1.', _host_verdict),
    Metric('host_unseen_parts', 'Parts that the verdict rests on and that could not be seen in full.', _unseen),
    Metric('host_info', 'Kernel, exposure, evidence and profile of an audited host; always 1.', _host_info),
    Metric('host_observed_timestamp_seconds', 'When the host was looked at, Unix time of the host.', _observed),
    Metric('host_findings', 'Findings on the host by rule.', _findings),
    Metric(
        'namespace_window_seconds',
        'Length of the window over which counters of a network namespace were measured.',
        _window,
    ),
    Metric('namespace_window_rise', 'Rise of a TCP counter of a network namespace in that window.', _rises),
)


def _names(raw: list[str]) -> list[str]:
    """A label for each, no two alike: a duplicate series would make readers refuse the whole file."""
    used: set[str] = set()
    labels = []
    for text in raw:
        label = shown = escape.shorten(escape.visible(text), _LABEL)
        number = 1
        while label in used:
            number += 1
            label = '%s~%d' % (shown, number)
        used.add(label)
        labels.append(label)
    return labels


def _labels(labels: Labels) -> str:
    if not labels:
        return ''
    return '{%s}' % ','.join('%s="%s"' % (name, _quoted(str(value))) for name, value in labels.items())


def _quoted(text: str) -> str:
    """A label value: backslash and quote escaped, line feeds are gone already."""
    return escape.shorten(escape.visible(text), _LABEL + 10).replace('\\', '\\\\').replace('"', '\\"')


def _number(value: float) -> str:
    return repr(value) if isinstance(value, int) else repr(round(float(value), 3))


def _seconds(stamp: str) -> int:
    """Unix time of a moment as run.utc writes it."""
    return int(datetime.datetime.strptime(stamp, '%Y-%m-%dT%H:%M:%S%z').timestamp())
