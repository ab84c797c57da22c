# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first incident from a captured tree: an old kernel, recycle on, one container that drops, its armed peers."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from ansible_collections.nodetcp.paws.plugins.module_utils._node.operations import observe
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import attribution, catalogue, info, record, verdict
from tests.fleet import trees
from tests.fleet.hosts import EL7, RECYCLE, container_id, docker_v1

INODE, PID = 4026532300, 4200
FLANNEL = '198.51.100.1'
COUNTERS = {'TWKilled': 110, 'PAWSPassive': 351000, 'ListenDrops': 351200}


@pytest.fixture
def root(tmp_path: Path) -> str:
    """Two looks, 12 s apart, at a node with recycle on: 763 drops in the container between them, none on the host."""
    tree = {
        **trees.node(EL7, {RECYCLE: '1'}, {'TW': 40}),
        **trees.container(PID, INODE, docker_v1('broker'), {'net.core.somaxconn': '1024'}, COUNTERS),
        'namespaces/%d/ip_tcp_metrics_show' % INODE: '%s age 0.7sec tw_ts 1252247761/7sec ago cwnd 10\n' % FLANNEL,
        'ip_tcp_metrics_show': '203.0.113.9 age 9.7sec tw_ts 1252247761/61sec ago cwnd 10\n',
    }
    later = {**COUNTERS, 'PAWSPassive': 351763, 'ListenDrops': 351963}
    changed = {'proc/%d/net/%s' % (PID, name): text for name, text in trees.counters(later).items()}
    for path, text in trees.later(tree, 12.0, changed).items():
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding='utf-8')
    return str(tmp_path)


def test_the_verdict_tells_the_story(root: str) -> None:
    known = catalogue.builtin()
    looked = observe.run({'root': root, 'sysctls': known.sysctl_keys, 'counters': known.counter_names})
    record.check(looked['record'])
    found = verdict.judge(looked['record'], looked['earlier'], known, 'server', [], datetime.date(2026, 11, 22))
    assert (found['verdict'], found['exposure'], found['evidence']) == ('dropping', 'exposed', 'active')
    assert [container['id'] for container in found['impact']['containers']] == [container_id('broker')]
    assert found['impact']['peers'] == [FLANNEL]
    assert 'fix on the host' in str(found['summary'])
    assert container_id('broker')[:12] in str(found['summary'])
    first = found['findings'][0]
    assert (first['class'], first['active'], first['evidence']['dropped']) == ('dropping', True, 763)
    assert first['fix']['sysctl'] == RECYCLE
    assert first['fix']['where'] == 'host'


def test_who_dropped_whom(root: str) -> None:
    looked = observe.run(
        {'root': root, 'gather': ['namespaces', 'counters', 'peers'], 'counters': attribution.COUNTERS}
    )
    host, broker = info.measured(looked['record'], looked['earlier'])
    assert host['listen_drops']['total'] == 0
    assert host['peers'] == []  # its stamp is older than a minute
    assert broker['listen_drops']['per_host_paws'] == 763
    assert broker['listen_drops']['other'] == 0
    assert broker['rates']['TcpExt.PAWSPassive'] == pytest.approx(63.583)
    assert broker['peers'] == [{'address': FLANNEL, 'tsval': 1252247761, 'age_s': 7, 'remaining_s': 53}]
    assert broker['recycling']['ran'] is True
