# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the API server calls pods: the lines that kubectl prints, and containers that get the names."""

from __future__ import annotations

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._kubernetes import pods
from tests.unit.plugins.plugin_utils._judge import records

UID, HASH = '0a1b2c3d-0000-4111-8222-333344445555', 'f' * 32


def line(
    node: str = 'n', uid: str = UID, declared: str = '', name: str = 'web-1', owner: str = '', **more: str
) -> bytes:
    parts = (node, uid, declared, more.get('space', 'shop'), name, more.get('template', ''), owner, 'app proxy ')
    return '\t'.join(parts).encode() + b'\n'


@pytest.mark.parametrize(
    ('owner', 'template', 'told'),
    [
        ('ReplicaSet/web-5d9f ', '5d9f', 'Deployment/web'),
        ('ReplicaSet/web-5d9f ', '', 'ReplicaSet/web-5d9f'),
        ('ReplicaSet/web ', '5d9f', 'ReplicaSet/web'),
        ('StatefulSet/db Other/x ', '', 'StatefulSet/db'),
        ('', '', None),
        ('<b>/x ', '', None),
    ],
)
def test_the_owner_of_a_pod(owner: str, template: str, told: str | None) -> None:
    found = pods.by_node(line(owner=owner, template=template))
    assert found == {'n': {UID: {'namespace': 'shop', 'name': 'web-1', 'containers': ['app', 'proxy'], 'owner': told}}}


def test_a_pod_that_a_file_declares_has_the_uid_that_the_node_knows() -> None:
    assert list(pods.by_node(line(declared=HASH, owner='Node/n '))['n']) == [HASH]


@pytest.mark.parametrize(
    'other', [b'', b'a\tb\n', line(uid='x'), line(name='\x1b[31m'), line(space='../x'), b'\xff' * 9 + b'\n']
)
def test_lines_of_another_form_are_left_out(other: bytes) -> None:
    assert list(pods.by_node(other + line(node='m'))) == ['m']


def test_containers_get_the_names_of_their_pods() -> None:
    inside = records.container('5.15.0')
    inside['container'] = {**inside['container'], 'pod_uid': UID}
    inside['also'] = [{'id': 'b' * 64, 'runtime': 'containerd', 'pod_uid': HASH}]
    record = records.record('5.15.0', others=[inside])
    pods.name(record, pods.by_node(line())['n'])
    assert inside['container']['pod']['name'] == 'web-1'
    assert 'pod' not in inside['also'][0]
