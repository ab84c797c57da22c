# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pods behind the SNAT of their node, and the mode of kube-proxy, in verdicts and findings."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.plugins.plugin_utils._judge import records
from tests.unit.plugins.plugin_utils._judge.test_bounds import judged

V6_1 = '6.1.0-18-amd64'
MODE = {'mode': 'iptables', 'by': 'process'}


def node(*owners: str, flags: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    """A node with a rule of each owner, three pods of which two are alike, and a container of Docker."""
    pod = records.container(V6_1, inode=4026532300, name='b' * 64, count=2)
    names = {'namespace': 'shop', 'name': 'web-1', 'containers': ['app']}
    pod['container'] = {**pod['container'], 'pod_uid': 'u-1', 'pod': names}
    pod['also'] = [{**pod['container'], 'id': 'c' * 64, 'pod': {**names, 'name': 'web-2'}}]
    unnamed = records.container(V6_1, inode=4026532301, name='d' * 64)
    unnamed['container'] = {**unnamed['container'], 'pod_uid': 'u-2'}
    docker = records.container(V6_1, inode=4026532302, name='e' * 64)
    rule = {'tool': 'iptables', 'chain': 'X', 'kind': 'masquerade', 'flags': list(flags), 'ports': None, 'to': None}
    rules = [{**rule, 'owner': owner, 'line': '-j MASQUERADE', 'count': 1} for owner in owners]
    return records.record(V6_1, others=[pod, unnamed, docker], translation=rules, **more)


@pytest.mark.parametrize(
    ('owners', 'behind'),
    [
        (('kube-proxy', 'flannel'), {'number': 3, 'names': ['shop/web-1', 'shop/web-2'], 'by': ['flannel']}),
        (('kube-proxy',), None),
        (('docker',), None),
        ((), None),
    ],
)
def test_pods_are_behind_the_rules_of_their_network(owners: tuple[str, ...], behind: dict[str, Any] | None) -> None:
    assert judged(node(*owners, kube_proxy=MODE))['cluster'] == {'kube_proxy': MODE, 'behind_snat': behind}


def test_a_node_without_kubernetes_has_no_such_part() -> None:
    assert judged(records.record(V6_1))['cluster'] is None


def test_the_finding_on_random_ports_names_pods_and_mode() -> None:
    found = judged(node('flannel', flags=('fully-random',), kube_proxy=MODE))
    [finding] = [each for each in found['findings'] if each['rule'] == 'snat-random-fully']
    names = ('kube_proxy', 'pods_behind', 'pods', 'pods_by')
    assert [finding['evidence'][name] for name in names] == ['iptables', 3, ['shop/web-1', 'shop/web-2'], ['flannel']]
    alone = judged(node('kube-proxy', flags=('fully-random',)))
    assert 'SNAT on this host chooses ports at random' in str(alone['summary'])
    assert 'SNAT on this host for 3 pods chooses ports at random' in str(found['summary'])
