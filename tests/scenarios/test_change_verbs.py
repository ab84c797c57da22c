# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verbs that change a node, as tasks on hosts that are looked at by their own tools, not by the collection."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fleet import Fleet
from tests.fleet.spec import Host
from tests.scenarios import states
from tests.scenarios.conftest import CHECKOUT, Run

# What each task said on each host: ask((verb, arguments, task keywords), ...)[0]['only27']['changed']
Ask = Callable[..., list[dict[str, dict[str, Any]]]]

# The key of the third and fourth line is twice in it and nobody asked about it; this kernel has lost that of the sixth.
SYSCTL_CONF = """# tuned by hand
net.core.somaxconn = 300
net.ipv4.tcp_keepalive_time = 7000
net.ipv4.tcp_keepalive_time=7100

net.ipv4.tcp_tw_recycle = 1
 net.ipv4.tcp_fin_timeout	=  50"""
KEPT = [line for line in SYSCTL_CONF.split('\n') if 'keepalive' in line or not line or line.startswith('#')]
SETTINGS = {'net.core.somaxconn': 4096, 'net.ipv4.tcp_tw_recycle': 0, 'net.ipv4.ip_local_port_range': '20000 61000'}
STORE = '/var/lib/nodetcp-paws'
SHOW = '{{ "RESULT %d " ~ inventory_hostname ~ " " ~ (result | to_json | b64encode) ~ " END" }}'


@pytest.fixture
def fleet(fleet_possible: None) -> Iterator[Fleet]:
    """Two hosts that are alike but for their Python."""
    files = {'etc/sysctl.conf': SYSCTL_CONF}
    with Fleet([Host('modern', files=files), Host('only27', files=files, python='2.7')]) as up:
        yield up


@pytest.fixture
def ask(edge_core: Path, play: Run, fleet: Fleet, tmp_path: Path) -> Ask:
    def run(*tasks: tuple[str, dict[str, Any], dict[str, Any]]) -> list[dict[str, dict[str, Any]]]:
        listed: list[dict[str, Any]] = []
        for number, (verb, arguments, keywords) in enumerate(tasks):
            more = {'register': 'result', 'ignore_errors': True, **keywords}
            listed.append({'nodetcp.paws.%s' % verb: arguments, **more})
            listed.append({'ansible.builtin.debug': {'msg': SHOW % number}})
        playbook = tmp_path / 'verbs.yml'
        playbook.write_text(json.dumps([{'hosts': 'all', 'gather_facts': False, 'tasks': listed}]))
        collections = str(CHECKOUT / 'playbooks' / 'collections')
        ended = play(edge_core, str(playbook), '-i', fleet.inventory, ANSIBLE_COLLECTIONS_PATH=collections)
        assert 'Traceback' not in ended.stdout, ended.stdout
        said: list[dict[str, dict[str, Any]]] = [{} for _task in tasks]
        for part in ended.stdout.split('RESULT ')[1:]:
            index, name, encoded = part.split(' END')[0].split()
            said[int(index)][name] = json.loads(base64.b64decode(encoded))
        assert all(set(results) == set(fleet.hosts) for results in said), ended.stdout
        return said

    return run


def content(fleet: Fleet, name: str, path: str) -> str:
    """A file as it is on the host."""
    return Path('/proc/%d/root%s' % (fleet.pids()[name], path)).read_text(encoding='utf-8')


def test_check_mode_shows_what_the_run_then_does_once(ask: Ask, fleet: Fleet) -> None:
    before = states.of_fleet(fleet)
    (checked,) = ask(('sysctl_policy', {'settings': SETTINGS}, {'check_mode': True, 'diff': True}))
    assert states.of_fleet(fleet) == before
    assert all(fleet.ssh(name, 'ls -A %s' % STORE).stdout == '' for name in fleet.hosts)

    applied, again, listed = ask(
        ('sysctl_policy', {'settings': SETTINGS}, {'diff': True}),
        ('sysctl_policy', {'settings': SETTINGS}, {}),
        ('sysctl_change_set_info', {}, {}),
    )
    for name in fleet.hosts:
        assert checked[name]['changed']
        assert checked[name]['change_set'] is None
        assert checked[name]['diff']
        assert {part: checked[name][part] for part in ('diff', 'changes')} == {
            part: applied[name][part] for part in ('diff', 'changes')
        }
        assert again[name]['changed'] is False
        assert again[name]['change_set'] is None
        assert [(one['id'], one['state']) for one in listed[name]['change_sets']] == [
            (applied[name]['change_set'], 'applied')
        ]
    assert len({one['change_set'] for one in applied.values()}) == 1


def test_what_a_task_without_a_change_returned_undoes_and_confirms_nothing(ask: Ask, fleet: Fleet) -> None:
    (first,) = ask(('sysctl_policy', {'settings': SETTINGS}, {}))
    changed = states.of_fleet(fleet)
    second, _undone, confirmed, empty = ask(
        ('sysctl_policy', {'settings': SETTINGS}, {}),
        ('sysctl_rollback', {'change_set': '{{ result.change_set }}'}, {'register': 'undone'}),
        ('sysctl_confirm', {'change_set': '{{ result.change_set }}'}, {}),
        ('sysctl_rollback', {'change_set': ''}, {}),
    )
    for name in fleet.hosts:
        assert first[name]['change_set']
        for said in (second, confirmed, empty):
            assert (said[name]['changed'], said[name]['change_set']) == (False, None)
        assert empty[name]['notes'] == ['no change set is named, so nothing was undone']
    assert states.of_fleet(fleet) == changed


def test_a_stale_line_goes_and_what_nobody_asked_about_stays(ask: Ask, fleet: Fleet) -> None:
    for name in fleet.hosts:
        assert fleet.ssh(name, 'sysctl -p').returncode != 0  # the line of a key that this kernel has lost
    (applied,) = ask(('sysctl_policy', {'settings': SETTINGS}, {}))
    for name in fleet.hosts:
        now = content(fleet, name, '/etc/sysctl.conf')
        assert [line for line in now.split('\n') if line in KEPT] == KEPT
        assert now.endswith('\n net.ipv4.tcp_fin_timeout\t=  50')
        assert 'net.ipv4.tcp_tw_recycle' not in now
        loaded = fleet.ssh(name, 'sysctl -p && sysctl -n net.ipv4.tcp_keepalive_time net.core.somaxconn')
        assert loaded.returncode == 0, loaded
        assert loaded.stdout.split()[-2:] == ['7100', '4096']
        assert {'removed', 'disabled', 'persisted', 'running'} == {one['what'] for one in applied[name]['changes']}


def test_what_cannot_be_done_is_refused_or_undone(ask: Ask, fleet: Fleet) -> None:
    before = states.of_fleet(fleet)
    impossible = {**SETTINGS, 'net.ipv4.tcp_keepalive_time': '99999999999', 'net.ipv4.tcp_syn_retries': 5}
    refused, failed, listed = ask(
        ('sysctl_policy', {'settings': {'net.ipv4.tcp_syncookies': True}}, {}),
        ('sysctl_policy', {'settings': impossible, 'change_set': 'impossible'}, {}),
        ('sysctl_change_set_info', {'change_set': 'impossible'}, {}),
    )
    assert states.of_fleet(fleet) == before
    for name in fleet.hosts:
        assert refused[name]['failed']
        assert 'net.ipv4.tcp_syncookies is a YAML boolean' in refused[name]['msg']
        assert failed[name]['failed']
        assert not failed[name]['changed']
        for word in ('net.ipv4.tcp_keepalive_time', 'EINVAL', 'errno 22', 'change set impossible'):
            assert word in failed[name]['msg']
        assert failed[name]['restored']
        assert failed[name]['not_restored'] == []
        assert [one['state'] for one in listed[name]['change_sets']] == ['undone']


def test_rollback_by_id_and_of_the_newest(ask: Ask, fleet: Fleet) -> None:
    before = states.of_fleet(fleet)
    on_one = {'when': "inventory_hostname == 'modern'"}
    _first, _second, missing, newest, listed = ask(
        ('sysctl_policy', {'settings': SETTINGS, 'change_set': 'first'}, {}),
        ('sysctl_policy', {'settings': {'net.ipv4.tcp_syn_retries': 4}, 'change_set': 'second'}, on_one),
        ('sysctl_rollback', {'change_set': 'second'}, {'diff': True}),
        ('sysctl_rollback', {}, {}),
        ('sysctl_change_set_info', {}, {}),
    )
    assert missing['modern']['changed']
    assert [entry['key'] for entry in missing['modern']['restored'] if entry['what'] == 'running'] == [
        'net.ipv4.tcp_syn_retries'
    ]
    assert missing['modern']['diff']
    assert newest['modern']['change_set'] == 'second'
    assert newest['modern']['changed'] is False
    found = {one['id']: one['state'] for one in listed['modern']['change_sets']}
    assert found == {'second': 'undone', 'first': 'applied'}
    if 'only27' in fleet.hosts:
        assert not missing['only27']['changed']
        assert not missing['only27'].get('failed')
        assert missing['only27']['change_set'] is None
        assert newest['only27']['change_set'] == 'first'
        assert newest['only27']['changed']

    exact, twice = (
        ('sysctl_rollback', {'change_set': 'first', 'restore_unsafe': True}, {}),
        ('sysctl_rollback', {'change_set': 'first', 'restore_unsafe': True}, {}),
    )
    undone, once_more = ask(exact, twice)
    assert undone['modern']['changed']
    for name in fleet.hosts:
        assert once_more[name]['changed'] is False
    assert states.of_fleet(fleet) == before


def test_confirmed_then_undone_then_forgotten(ask: Ask, fleet: Fleet) -> None:
    before = states.of_fleet(fleet)
    info = ('sysctl_change_set_info', {'change_set': 'latest'}, {})
    waiting, shown, too_early, confirmed, twice, kept, in_force = ask(
        ('sysctl_policy', {'settings': SETTINGS, 'change_set': 'held', 'confirm_timeout': 600}, {}),
        info,
        ('sysctl_forget', {}, {}),
        ('sysctl_confirm', {}, {}),
        ('sysctl_confirm', {'change_set': 'held'}, {}),
        info,
        ('sysctl_forget', {}, {}),
    )
    for name in fleet.hosts:
        assert waiting[name]['changed'], waiting[name]
        assert [one['state'] for one in shown[name]['change_sets']] == ['pending']
        assert shown[name]['change_sets'][0]['confirm_until'] > shown[name]['change_sets'][0]['time']
        assert 'waits for its confirmation' in too_early[name]['msg']
        assert (confirmed[name]['changed'], confirmed[name]['change_set']) == (True, 'held')
        assert twice[name]['changed'] is False
        assert [one['state'] for one in kept[name]['change_sets']] == ['applied']
        assert 'in force: held' in in_force[name]['msg']
        assert fleet.ssh(name, 'sysctl -n net.core.somaxconn').stdout == '4096\n'

    _undone, planned, kept, forgotten, nothing = ask(
        ('sysctl_rollback', {}, {}),
        ('sysctl_forget', {}, {'check_mode': True}),
        info,
        ('sysctl_forget', {}, {}),
        ('sysctl_forget', {}, {}),
    )
    for name in fleet.hosts:
        assert planned[name]['changed']
        assert [one['state'] for one in kept[name]['change_sets']] == ['undone']
        assert (forgotten[name]['changed'], forgotten[name]['removed']) == (True, ['held'])
        assert nothing[name]['changed'] is False
        assert fleet.ssh(name, 'test -e %s' % STORE).returncode == 1
    assert states.of_fleet(fleet) == before


def test_the_playbook_forgets_what_is_undone_and_refuses_what_is_in_force(
    ask: Ask, edge_core: Path, play: Run, fleet: Fleet
) -> None:
    before = states.of_fleet(fleet)
    on_others = {'when': "inventory_hostname != 'modern'"}
    ask(('sysctl_policy', {'settings': SETTINGS, 'change_set': 'one'}, {}), ('sysctl_rollback', {}, on_others))
    forget = (str(CHECKOUT / 'playbooks' / 'forget.yml'), '-i', fleet.inventory)
    refused = play(edge_core, *forget)
    assert refused.returncode == 2, refused.stdout
    assert 'in force: one' in refused.stdout
    assert fleet.ssh('modern', 'test -e %s' % STORE).returncode == 0
    for name in set(fleet.hosts) - {'modern'}:
        assert fleet.ssh(name, 'test -e %s' % STORE).returncode == 1
    ask(('sysctl_rollback', {}, {}))
    forgotten = play(edge_core, *forget, '-e', 'forget_hosts=modern')
    assert forgotten.returncode == 0, forgotten.stdout
    assert fleet.ssh('modern', 'test -e %s' % STORE).returncode == 1
    assert states.of_fleet(fleet) == before
