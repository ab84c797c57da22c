# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fleets that never were: records of kernels in many states, judged by the real judge, for the report and its cost."""

from __future__ import annotations

import random
from typing import Any

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue, verdict
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import spoken
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import document, entries
from tests.unit.plugins.plugin_utils._judge import records
from tests.unit.plugins.plugin_utils._report.builders import RUN

Json = dict[str, Any]
RECYCLE, TIMESTAMPS = 'net.ipv4.tcp_tw_recycle', 'net.ipv4.tcp_timestamps'
EL7, V44, MODERN = '3.10.0-1160.el7.x86_64', '4.4.178', '6.12.0-55.el10.x86_64'
GROUPS = ('web', 'db', 'proxy', 'kubernetes', 'batch', 'office')
PERIOD = 20


def host(number: int) -> Json:
    """The entry of a host, the same for the same number; PERIOD states of kernels and settings follow one another."""
    return _entry(*_state(number % PERIOD), number)


def _entry(record: Json, earlier: Json | None, number: int) -> Json:
    record['source']['collected_at'] += number
    judged = spoken(verdict.judge(record, earlier, catalogue.builtin(), 'server', [], records.TODAY))
    result = {**judged, 'profile': 'server', **{part: record[part] for part in ('kernel', 'source', 'unavailable')}}
    groups = [GROUPS[number % len(GROUPS)], 'zone%d' % (number % 3)]
    return entries.observed('host%05d.example.org' % number, groups, result)


def fleet(number: int) -> Json:
    """The document of that many hosts, one in fifty of them lost."""
    return document.build(dict(RUN), [_lost(each) if each % 50 == 49 else host(each) for each in range(number)])


def busy_fleet(number: int, containers: int) -> Json:
    """The same, but every fourth host is a node that many containers share, each with counters and an id of its own."""
    return document.build(dict(RUN), [host(each) if each % 4 else _busy(each, containers) for each in range(number)])


def _busy(number: int, containers: int) -> Json:
    chance = random.Random(number)
    inside = []
    for place in range(containers):
        counts = {'PAWSPassive': chance.randrange(10**6), 'ListenDrops': chance.randrange(10**6), 'TWKilled': 40}
        name = '%064x' % chance.getrandbits(256)
        box = records.container(EL7, {RECYCLE: 1}, counts, inode=4026532281 + 100 * number + place, name=name)
        box['container'] = {**box['container'], 'pod_uid': '%032x' % chance.getrandbits(128)}
        inside.append(box)
    line = records.both(1, file='/etc/sysctl.d/50-tuning.conf')
    return _entry(records.record(EL7, {RECYCLE: 1}, others=inside, persisted={RECYCLE: line}), None, number)


def _lost(number: int) -> Json:
    return entries.unobserved('host%05d.example.org' % number, [GROUPS[0]], 'unreachable', 'Connection timed out')


def _state(number: int) -> tuple[Json, Json | None]:
    """A record, and an earlier sample of it if it was looked at twice."""
    if number == 0:
        return _dropping()
    if number in (1, 2):
        return records.record(EL7, {RECYCLE: 1}, {'PAWSPassive': 5 * number, 'TWKilled': 2}), None
    if number == 3:
        return records.record(V44, {RECYCLE: 1, TIMESTAMPS: 0}), None
    if number in (4, 5):
        line = records.both(1, file='/etc/sysctl.d/50-tuning.conf', number=number)
        return records.record(EL7, persisted={RECYCLE: line}), None
    if number == 6:
        return records.record(MODERN, persisted={RECYCLE: records.both(1, file='/etc/sysctl.conf')}), None
    if number in (7, 8):
        return records.record(MODERN, {'net.ipv4.tcp_rfc1337': 1, 'net.ipv4.tcp_timestamps': 0}), None
    return records.record(MODERN if number % 2 else '5.14.0-427.el9.x86_64'), None


def _dropping() -> tuple[Json, Json]:
    """A host whose container lost SYNs between two looks, and a file that would bring it back."""
    own = records.container(EL7, {RECYCLE: 1}, {'PAWSPassive': 351763, 'ListenDrops': 351800, 'TWKilled': 40})
    line = records.both(1, file='/etc/sysctl.d/50-tuning.conf')
    record = records.record(EL7, {RECYCLE: 1}, others=[own], persisted={RECYCLE: line})
    return record, records.sample(record, 10.0, PAWSPassive=[0, 37], ListenDrops=[0, 37])
