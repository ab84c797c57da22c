# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each public module once, called as a test of somebody's own collection would call it: by pytest-ansible's fixtures.

What the modules do in every mode is told in tests/scenarios; here they are reachable by name, take their arguments and
return what their documentation promises.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.fleet import Fleet

CAPTURE = Path(__file__).resolve().parents[2] / 'fixtures' / '4.4.178-lab' / 'replay-120' / 'trace.pcap'
HOST = 'clean-defaults'
on_one_host = pytest.mark.ansible(host_pattern=HOST)

Call = Callable[..., dict[str, Any]]


@pytest.fixture
def call(ansible_module: Any) -> Call:
    """call('tcp_facts', key=value) -> what the module returned on HOST."""

    def run(module: str, **arguments: Any) -> dict[str, Any]:
        contacted = getattr(ansible_module, 'nodetcp.paws.%s' % module)(**arguments).contacted
        assert list(contacted) == [HOST]
        result: dict[str, Any] = contacted[HOST]
        assert not result.get('failed'), result
        return result

    return run


@on_one_host
def test_paws_audit(call: Call) -> None:
    assert call('paws_audit')['verdict'] == 'clean'


@on_one_host
def test_tcp_facts(call: Call) -> None:
    result = call('tcp_facts')
    assert result['changed'] is False
    assert result['ansible_facts']['nodetcp']['source']['hostname'] == HOST


@on_one_host
def test_paws_info(call: Call) -> None:
    result = call('paws_info', window=0.2)
    assert result['changed'] is False
    assert result['namespaces']


@on_one_host
def test_time_wait_info(call: Call) -> None:
    assert call('time_wait_info')['changed'] is False


@on_one_host
def test_syn_info_on_a_node(call: Call) -> None:
    assert call('syn_info', duration=0.2, port=9)['summary'] == 'no SYN was seen'


@on_one_host
def test_syn_info_on_a_capture_file(call: Call) -> None:
    assert call('syn_info', pcap=str(CAPTURE))['replay']['dropped'] > 0


@on_one_host
def test_paws_explain(call: Call, tmp_path: Path) -> None:
    pasted = tmp_path / 'netstat.txt'
    pasted.write_text('TcpExt:\n    12 passive connections rejected because of time stamp\n', encoding='utf-8')
    said = call('paws_explain', source=str(pasted))
    assert said['changed'] is False
    assert said['texts'][0]['counters']['PAWSPassive'] == 12


@on_one_host
def test_tcp_probe(call: Call) -> None:
    result = call('tcp_probe', host='127.0.0.1', port=22, count=2)
    assert result['changed'] is False
    assert len(result['attempts']) == 2


@on_one_host
def test_paws_kubernetes_says_what_it_lacks(ansible_module: Any) -> None:
    result = getattr(ansible_module, 'nodetcp.paws.%s' % 'paws_kubernetes')(kubectl='/no/such/kubectl').contacted[HOST]
    assert result['failed']
    assert '/no/such/kubectl' in result['msg']


def test_several_hosts_at_once(ansible_adhoc: Callable[..., Any]) -> None:
    """What a group returns is kept apart by host, whatever Python each of them has."""
    hosts = ansible_adhoc(host_pattern='old_kernel')['old_kernel']
    contacted = getattr(hosts, 'nodetcp.paws.tcp_facts')(gather=['sysctls']).contacted
    assert len(contacted) > 1
    for name, result in contacted.items():
        assert result['ansible_facts']['nodetcp']['source']['hostname'] == name


@on_one_host
def test_a_change_set_from_its_beginning_to_its_end(call: Call, standard_fleet: Fleet) -> None:
    """sysctl_policy, sysctl_confirm, sysctl_change_set_info, sysctl_rollback and sysctl_forget in one story."""
    key = 'net.ipv4.tcp_fin_timeout'
    before = standard_fleet.ssh(HOST, 'cat /proc/sys/net/ipv4/tcp_fin_timeout').stdout.strip()
    wanted = str(int(before) - 7)

    applied = call('sysctl_policy', settings={key: wanted}, confirm_timeout=120)
    assert applied['changed'] is True
    identity = applied['change_set']
    assert standard_fleet.ssh(HOST, 'cat /proc/sys/net/ipv4/tcp_fin_timeout').stdout.strip() == wanted

    assert call('sysctl_confirm', change_set=identity)['changed'] is True
    listed = call('sysctl_change_set_info', change_set=identity)['change_sets']
    assert [(one['id'], one['state']) for one in listed] == [(identity, 'applied')]

    assert call('sysctl_rollback', change_set=identity)['changed'] is True
    assert standard_fleet.ssh(HOST, 'cat /proc/sys/net/ipv4/tcp_fin_timeout').stdout.strip() == before
    assert call('sysctl_forget')['changed'] is True
    assert call('sysctl_change_set_info')['change_sets'] == []


def test_every_public_module_is_called_here() -> None:
    """The README's table is the list of public modules."""
    checkout = Path(__file__).resolve().parents[3]
    readme = (checkout / 'README.md').read_text(encoding='utf-8')
    rows = [line for line in readme.splitlines() if line.startswith('| `') and line.count('|') == 3]
    named = {part.strip(' `') for row in rows for part in row.split('|')[1].split(',')}
    public = {path.stem for path in (checkout / 'plugins' / 'modules').glob('*.py')} & named
    called = Path(__file__).read_text(encoding='utf-8')
    assert len(public) > 10
    assert not [name for name in sorted(public) if "'%s'" % name not in called]
