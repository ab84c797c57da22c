# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may come from a node: the right shape passes, all else is refused with its place, and nothing else is raised."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import record as checked
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge.record import RecordError
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes import bounds
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.record import NAMESPACES_MAX
from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._judge.records import (
    both,
    container,
    record,
    sample,
    writer,
)

EL7 = '3.10.0-1160.el7.x86_64'
RECYCLE = 'net.ipv4.tcp_tw_recycle'


def full():
    return record(EL7, {RECYCLE: 1}, others=[container(EL7)], persisted={RECYCLE: both(1)}, writers=[writer()])


def test_records_pass():
    for release in ('2.6.32-642.el6', EL7, '4.11.0', '6.18.44', None):
        checked.check(record(release))
    checked.check(full())
    checked.check(json.loads(json.dumps(full())))
    checked.check_sample(sample(full()))


def test_new_fields_are_no_fault():
    of = full()
    of['more'] = {'x': [1]}
    of['namespaces'][0]['more'] = 1
    checked.check(of)


def put(of, path, value):
    *parents, last = path
    for part in parents:
        of = of[part]
    if value is DELETED:
        del of[last]
    else:
        of[last] = value


DELETED = object()
DEEP = None
for _ in range(5000):
    DEEP = [DEEP]

BROKEN = [
    (('schema',), 2, 'schema is 2'),
    (('schema',), '1', "schema is '1'"),
    (('schema',), True, 'schema is True'),
    (('schema',), DELETED, 'schema is missing'),
    (('source',), DELETED, 'record.source: is missing'),
    (('source', 'collector'), 'magic', 'record.source.collector'),
    (('source', 'uptime_s'), '1', 'record.source.uptime_s'),
    (('source', 'uptime_s'), float('nan'), 'record.source.uptime_s'),
    (('source', 'collected_at'), float('inf'), 'record.source.collected_at'),
    (('kernel',), None, 'record.kernel'),
    (('kernel', 'version'), ['3'], 'record.kernel.version[0]'),
    (('kernel', 'version'), [-3], 'record.kernel.version[0]'),
    (('kernel', 'version'), '3.10', 'record.kernel.version'),
    (('kernel', 'version'), [None, None], 'record.kernel.version[0]'),
    (('source', 'collected_at'), 1e308, 'record.source.collected_at: no time between 1970 and 9999'),
    (('source', 'collected_at'), -1, 'record.source.collected_at'),
    (('source', 'uptime_s'), 1e308, 'record.source.uptime_s'),
    (('namespaces',), [], 'record.namespaces'),
    (('namespaces',), {}, 'record.namespaces'),
    (('namespaces', 0), 'x', 'record.namespaces[0]'),
    (('namespaces', 0, 'kind'), 'container', "the node's own namespace comes first"),
    (('namespaces', 1, 'kind'), ['host'], 'record.namespaces[1].kind'),
    (('namespaces', 0, 'key'), None, 'record.namespaces[0].key'),
    (('namespaces', 0, 'count'), 0, 'record.namespaces[0].count'),
    (('namespaces', 0, 'count'), True, 'record.namespaces[0].count'),
    (('namespaces', 0, 'sysctls'), DELETED, 'record.namespaces[0].sysctls: is missing'),
    (('namespaces', 0, 'sysctls', RECYCLE), '1', 'sysctls.net.ipv4.tcp_tw_recycle'),
    (('namespaces', 0, 'sysctls', RECYCLE), {'value': 1, 'scope': 'namespace'}, 'tcp_tw_recycle.value'),
    (('namespaces', 0, 'sysctls', RECYCLE), {'value': '1', 'scope': 'moon'}, 'tcp_tw_recycle.scope'),
    (('namespaces', 0, 'counters'), [], 'record.namespaces[0].counters'),
    (('namespaces', 0, 'counters', 'TcpExt', 'PAWSPassive'), '9', 'TcpExt.PAWSPassive'),
    (('namespaces', 0, 'counters', 'TcpExt', 'PAWSPassive'), 1.5, 'TcpExt.PAWSPassive'),
    (('namespaces', 0, 'counters', 'TcpExt', 'PAWSPassive'), True, 'TcpExt.PAWSPassive'),
    (('namespaces', 0, 'counters', 'TcpExt', 'PAWSPassive'), 2**80, 'TcpExt.PAWSPassive'),
    (('namespaces', 0, 'conntrack'), {'count': -1}, 'record.namespaces[0].conntrack.count'),
    (('namespaces', 1, 'container'), 'docker', 'record.namespaces[1].container'),
    (('namespaces', 1, 'container', 'id'), None, 'record.namespaces[1].container.id'),
    (('namespaces', 0, 'addresses', 'listening'), [1], 'addresses.listening[0]'),
    (('persisted', RECYCLE), [], 'record.persisted.net.ipv4.tcp_tw_recycle'),
    (('persisted', RECYCLE, 'effective', 'systemd'), '1', 'effective.systemd'),
    (('persisted', RECYCLE, 'definitions', 0, 'status'), 'won', 'definitions[0].status'),
    (('writers',), {}, 'record.writers'),
    (('writers', 0, 'file'), None, 'record.writers[0].file'),
    (('writers', 0, 'value'), DELETED, 'record.writers[0].value'),
    (('unavailable',), {'x': 1}, 'record.unavailable.x'),
    (('kernel', 'release'), 'x' * 5000, 'text of 5000 characters'),
    (('more',), {'k' * 600: 1}, 'a key is not text'),
    (('more',), {1: 1}, 'a key is not text'),
    (('more',), b'x', 'bytes is not a JSON type'),
    (('more',), {1, 2}, 'set is not a JSON type'),
    (('more',), DEEP, 'nested deeper'),
]  # fmt: skip


@pytest.mark.parametrize(
    ('path', 'value', 'message'), BROKEN, ids=['%s-%d' % (row[0][-1], i) for i, row in enumerate(BROKEN)]
)
def test_a_broken_record_is_refused_with_its_place(path, value, message):
    of = full()
    put(of, path, value)
    with pytest.raises(RecordError) as raised:
        checked.check(of)
    assert message in str(raised.value)
    assert len(str(raised.value)) < 300


@pytest.mark.parametrize('junk', [None, 1, 'x', [], [{}], {}, {'schema': None}, True, b''])
def test_junk_is_refused(junk):
    with pytest.raises(RecordError):
        checked.check(junk)


def test_a_giant_is_refused():
    with pytest.raises(RecordError, match='too large'):
        checked.check({**full(), 'more': [0] * (bounds.VALUES_MAX + 1)})
    with pytest.raises(RecordError, match='too large'):
        checked.check({**full(), 'more': ['x' * 4096] * 20_000})
    with pytest.raises(RecordError, match=r'record\.namespaces: .* at most'):
        checked.check({**full(), 'namespaces': [record(EL7)['namespaces'][0]] * (NAMESPACES_MAX + 1)})


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        ({'groups': None}, 'sample.groups'),
        ({'groups': [{}]}, 'sample.groups[0].members: is missing'),
        ({'groups': [{'members': ['k'], 'counters': {'TcpExt': {'x': '1'}}, 'conntrack': None}]}, 'TcpExt.x'),
        ({'uptime_s': '1'}, 'sample.uptime_s'),
        ({'boot_id': 7}, 'sample.boot_id'),
    ],
)
def test_a_broken_sample_is_refused(change, message):
    with pytest.raises(RecordError) as raised:
        checked.check_sample({**sample(full()), **change})
    assert message in str(raised.value)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def places(of, path=()):
    yield path
    for name, child in of.items() if isinstance(of, dict) else enumerate(of) if isinstance(of, list) else ():
        yield from places(child, (*path, name))


PLACES = [path for path in places(full()) if path]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PLACES), JUNK)
def test_whatever_passes_can_be_judged(path, value):
    """Put anything anywhere: it is refused, or the judge comes to a verdict."""
    from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue, verdict
    from ansible_collections.nodetcp.paws.tests.unit.plugins.plugin_utils._judge.records import TODAY

    of = copy.deepcopy(full())
    put(of, path, value)
    try:
        checked.check(of)
    except RecordError:
        return
    found = verdict.judge(of, sample(full()), catalogue.builtin(), 'client', [], TODAY)
    json.dumps(found, allow_nan=False)
