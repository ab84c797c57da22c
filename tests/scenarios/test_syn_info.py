# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""syn_info on hosts of the fleet that are really connected to, and on capture files of the controller."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fleet import Fleet
from tests.scenarios.conftest import CHECKOUT, Run
from tests.scenarios.test_verbs import run_verb

__all__ = ['run_verb']

TRACE = CHECKOUT / 'tests' / 'fixtures' / '4.4.178-lab' / 'replay-120' / 'trace.pcap'
HOSTS = 'clean-defaults:only-python27:only-python36'
OWN = Path(sys.executable).parent


@contextlib.contextmanager
def connecting(addresses: list[str], port: int) -> Iterator[Callable[[], int]]:
    """Connections to these addresses, a few a second, while the block runs; it gets a count of those that succeeded."""
    over, made = threading.Event(), [0]

    def connect() -> None:
        while not over.wait(0.05):
            for address in addresses:
                with contextlib.suppress(OSError), socket.create_connection((address, port), timeout=1):
                    made[0] += 1

    thread = threading.Thread(target=connect)
    thread.start()
    try:
        yield lambda: made[0]
    finally:
        over.set()
        thread.join()


def test_who_connects_to_a_host_and_whether_it_answers(run_verb: Any, standard_fleet: Fleet) -> None:
    addresses = [standard_fleet.addresses[name] for name in HOSTS.split(':') if name in standard_fleet.hosts]
    arguments = {'port': 22, 'duration': 2, 'kernel': '4.4.178'}
    with connecting(addresses, 22) as made:
        results = run_verb('syn_info', arguments, hosts=HOSTS)
    assert made()
    for name, result in results.items():
        assert not result.get('failed'), (name, result)
        assert result['changed'] is False
        assert (result['look']['from'], result['look']['lost'], result['look']['stopped']) == ('node', 0, 'duration')
        source = result['sources'][0]
        assert source['connections'] > 5
        assert source['answered'] >= source['connections'] - 1  # the last one may be answered after the look
        assert source['without_timestamp'] == 0
        assert result['replay']['possible'] is True
        assert result['replay']['syns'] == sum(one['syns'] for one in result['sources'])


def test_on_this_kernel_the_rule_is_impossible_and_nothing_listens(run_verb: Any, standard_fleet: Fleet) -> None:
    with connecting([standard_fleet.addresses['clean-defaults']], 9999):
        result = run_verb('syn_info', {'duration': 2, 'port': 9999}, hosts='clean-defaults')['clean-defaults']
    assert result['replay']['possible'] is False
    assert result['replay']['dropped'] == 0
    assert result['sources'][0]['answered'] == 0
    assert 'has no per-host PAWS rule' in result['summary']


def test_a_container_is_looked_into_by_its_name(run_verb: Any) -> None:
    record = run_verb('tcp_facts', {}, hosts='clean-containers')['clean-containers']['ansible_facts']['nodetcp']
    container = next(entry for entry in record['namespaces'] if entry['kind'] == 'container')
    arguments = {'duration': 0.5, 'namespace': container['container']['id'][:12]}
    result = run_verb('syn_info', arguments, hosts='clean-containers')['clean-containers']
    assert not result.get('failed'), result
    assert result['summary'] == 'no SYN was seen'


def test_without_root_it_says_what_it_needs(run_verb: Any) -> None:
    result = run_verb('syn_info', {'duration': 1}, hosts='no-root')['no-root']
    assert result['failed']
    assert 'needs root' in result['msg']


REFUSED = [
    ({'pcap': 'x.pcap', 'interface': 'eth0'}, 'exclude each other'),
    ({'pcap': 'not-there.pcap'}, 'not-there.pcap is not among the files'),
    ({'kernel': 'newest'}, "'newest' is not a kernel release"),
    ({'max_drops': -1}, 'max_drops'),
    ({'interface': 'none0', 'duration': 1}, 'interface: none0'),
    ({'namespace': 'nobody', 'duration': 1}, 'nobody'),
    ({'duration': 10000}, 'duration'),
]


def test_what_cannot_be_done_is_said(run_verb: Any) -> None:
    for arguments, said in REFUSED:
        result = run_verb('syn_info', arguments, hosts='clean-defaults')['clean-defaults']
        assert result['failed'], arguments
        assert said in result['msg'], arguments


PLAYBOOK = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - nodetcp.paws.syn_info:
        pcap: trace.pcap
        max_drops: 0
      register: found
    - ansible.builtin.assert:
        that:
          - found.replay.dropped == 54
          - found.replay.drops | length == 54
          - found.sources[0].unanswered == 54
          - found.look.packets == 615
"""


def test_a_capture_beside_the_playbook_needs_no_node(play: Run, tmp_path: Path) -> None:
    pytest.importorskip('dpkt')
    (tmp_path / 'look.yml').write_text(PLAYBOOK)
    (tmp_path / 'trace.pcap').write_bytes(TRACE.read_bytes())
    collections = str(CHECKOUT / 'playbooks' / 'collections')
    ended = play(OWN, 'look.yml', '-i', 'localhost,', ANSIBLE_COLLECTIONS_PATH=collections)
    assert ended.returncode == 0, ended.stdout


def test_without_the_library_the_error_names_it(run_verb: Any) -> None:
    result = run_verb('syn_info', {'pcap': str(TRACE)}, hosts='clean-defaults')['clean-defaults']
    if not result.get('failed'):
        pytest.skip('this ansible-core has dpkt')
    assert 'pip install dpkt' in result['msg']
