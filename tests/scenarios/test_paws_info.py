# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""paws_info on hosts of the fleet: captured trees of old kernels, real counters of this one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scenarios.test_verbs import run_verb

__all__ = ['run_verb']


def test_drops_of_a_container_are_its_own(run_verb: Any) -> None:
    result = run_verb('paws_info', {'root': '/capture'}, hosts='dropping-container')['dropping-container']
    host, container = result['namespaces']
    assert host['listen_drops']['total'] == 0
    assert container['container']['runtime'] == 'docker'
    assert container['seconds'] == 12.0
    assert container['listen_drops']['per_host_paws'] == 763
    assert container['listen_drops']['shares'] == {'per_host_paws': 1.0}
    assert container['recycling']['ran'] is True
    assert container['evidence'] == 'active'
    assert result['changed'] is False


def test_a_full_accept_queue_on_nodes_of_any_python(run_verb: Any) -> None:
    result = run_verb('paws_info', {'window': 2}, hosts='impaired-accept-queue')['impaired-accept-queue']
    found = result['namespaces'][0]
    assert found['listen_drops']['accept_queue'] > 0
    assert found['rates']['TcpExt.ListenOverflows'] > 0
    assert any('accept queue was full' in sentence for sentence in found['says'])


def test_since_an_earlier_look_nothing_is_waited_for(run_verb: Any) -> None:
    first = run_verb('paws_info', {'window': 0}, hosts='only-python27:clean-containers')
    for name, result in first.items():
        assert all(found['reason'] == 'no earlier sample' for found in result['namespaces'])
        later = run_verb('paws_info', {'window': 0, 'since': result['sample']}, hosts=name)[name]
        assert all(found['seconds'] > 0 for found in later['namespaces'])


@pytest.mark.parametrize(
    ('verb', 'arguments', 'said'),
    [
        ('paws_info', {'window': 0, 'since': {'groups': 'x'}}, 'since is not a sample'),
        ('time_wait_info', {'since': {'groups': 'x'}}, 'since is not a sample'),
        ('time_wait_info', {'top': 0}, 'top: 0 is not between 1 and '),
    ],
)
def test_wrong_arguments_are_refused(run_verb: Any, verb: str, arguments: dict[str, Any], said: str) -> None:
    result = run_verb(verb, arguments, hosts='clean-defaults')['clean-defaults']
    assert result['failed']
    assert said in result['msg']
