# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decisions about a fleet: batches, limits, approved plans, when to stop, what became of each host."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader

from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import spoken
from ansible_collections.nodetcp.paws.plugins.plugin_utils._remediate import (
    batches,
    decisions,
    outcome,
    plan,
    plan_text,
    rollback_text,
)
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import remediation
from ansible_collections.nodetcp.paws.plugins.plugin_utils._variables import batch_sizes, host_pattern
from tests.unit.plugins.plugin_utils._report import builders

OPTIONS: dict[str, Any] = {
    'batches': ['1', '10%', '50%', '100%'],
    'canary': [],
    'max_hosts': 0,
    'plan_file': None,
}
CHANGE: dict[str, Any] = {
    'what': 'running',
    'key': 'net.ipv4.tcp_tw_recycle',
    'namespace': 'host',
    'file': None,
    'line': None,
    'before': '1',
    'after': '0',
    'reason': 'rule tw-recycle-exposed',
}


def planned(
    kind: str = '3.10 el7 server', changes: tuple[dict[str, Any], ...] = (CHANGE,), **more: Any
) -> dict[str, Any]:
    return {
        'settings': {'net.ipv4.tcp_tw_recycle': '0'},
        'absent': [],
        'reasons': {},
        'changes': list(changes),
        'notes': [],
        'refused': None,
        'left': [],
        'fixes': [],
        'watch': False,
        'kind': kind,
        **more,
    }


def host(plan_of: dict[str, Any] | None = None, **results: Any) -> dict[str, Any]:
    """Variables of a host: its look, and what tasks registered since, by their short names."""
    names = {name: getattr(outcome, name.upper()) for name in ('applied', 'verified', 'settled', 'undone')}
    looked = {'verdict': 'exposed', 'plan': plan_of if plan_of is not None else planned()}
    found: dict[str, Any] = spoken({outcome.LOOKED: looked, **{names[name]: each for name, each in results.items()}})
    return found


APPLIED = {'changed': True, 'change_set': 'run', 'changes': [CHANGE]}
LOST = {'unreachable': True, 'msg': 'no route to host'}


def decided(members: dict[str, dict[str, Any]], check_mode: bool = False, **options: Any) -> dict[str, Any]:
    decision = decisions.decide(members, {**OPTIONS, **options}, 'run', check_mode)
    return {**decision, 'refused': str(decision['refused'])}


RUN = outcome.Course('run', False, '', False)
BACK = remediation.WayBack(['ansible-playbook', 'nodetcp.paws.rollback'], ['--limit', 'web'])


def test_kinds() -> None:
    assert batches.kind({'version': [3, 10, 0], 'vendor': 'el7'}, 'server') == '3.10 el7 server'
    assert batches.kind({'version': [6, 1, 0], 'vendor': None}, 'proxy') == '6.1 proxy'
    assert batches.kind({'version': None, 'vendor': None}, 'server') == '? server'


def test_the_first_batch_has_one_of_each_kind_and_the_named_canaries() -> None:
    hosts = [('a%d' % number, 'old') for number in range(10)] + [('b%d' % number, 'new') for number in range(10)]
    found = batches.split(hosts, ['1', '10%', '50%', '100%'], {'a7', 'a8'})
    assert found[0] == ['a7', 'a8', 'b0']
    assert [len(batch) for batch in found] == [3, 2, 10, 5]
    assert sorted(name for batch in found for name in batch) == sorted(name for name, _kind in hosts)
    assert batches.split(hosts, ['1', '10%', '50%', '100%'], set())[0] == ['a0', 'b0']
    assert [len(batch) for batch in batches.split(hosts, ['100%'], set())] == [20]
    assert [len(batch) for batch in batches.split(hosts, ['1', '6'], set())] == [2, 6, 6, 6]
    assert batches.split([], ['1'], {'x'}) == []


@pytest.mark.parametrize('size', ['0', '-1', '0%', '101%', 'half', '1.5', ''])
def test_sizes_that_are_none(size: str) -> None:
    with pytest.raises(ValueError, match='remediate_batches'):
        batch_sizes.parse(['1', size])
    with pytest.raises(ValueError, match='empty'):
        batch_sizes.parse([])


def test_only_hosts_with_a_change_are_in_batches() -> None:
    members = {
        'one': host(),
        'fine': host(planned(changes=())),
        'unsure': host(planned(changes=(), refused='no permission')),
        'gone': {outcome.LOOKED: LOST},
        'lost': {**host(), outcome.AGAIN: LOST},
        'skipped': {outcome.LOOKED: {'skipped': True}},
    }
    decision = decided(members)
    assert (decision['hosts'], decision['serial'], decision['refused']) == (['one'], [1], '')
    told = {name: outcome.state(values, RUN)['state'] for name, values in members.items()}
    assert told == dict.fromkeys(members, 'untouched')
    assert 'no permission' in plan_text.text(members, decision, 'en')


def test_check_mode_changes_nobody_and_says_who_would() -> None:
    decision = decided({'one': host()}, check_mode=True)
    assert (decision['hosts'], decision['planned']) == ([], ['one'])
    assert outcome.state(host(), RUN._replace(check_mode=True))['state'] == 'planned'


def test_without_batches_the_plan_is_shown_and_nothing_is_decided() -> None:
    members = {'one': host(), 'two': host(), 'fine': host(planned(changes=()))}
    decision = decided(members, batches=[])
    assert (decision['hosts'], decision['serial'], decision['batches'], decision['refused']) == ([], [], [], '')
    text = plan_text.text(members, decision, 'en')
    assert 'Plan: 2 of 3 hosts change' in text
    assert 'canary' not in text


@pytest.mark.parametrize(
    ('canary', 'words'),
    [
        (host(planned(changes=(), refused='no permission')), 'no permission'),
        ({outcome.LOOKED: LOST}, 'not audited in full'),
        ({outcome.LOOKED: {'skipped': True}}, 'not audited'),
        (None, 'it is not in this run'),
    ],
)
def test_nobody_takes_the_place_of_a_canary_that_cannot_go_first(canary: dict[str, Any] | None, words: str) -> None:
    members = {'one': host(), 'two': host(), **({'canary': canary} if canary else {})}
    decision = decided(members, canary=['one', 'canary'])
    assert 'canary: ' in decision['refused']
    assert words in decision['refused']
    assert decision['hosts'] == []
    idle = {name: host(planned(changes=())) for name in ('one', 'two')}
    assert decided({**members, **idle}, canary=['canary'])['refused'] == '', 'nothing changes at all'


def test_a_canary_that_needs_no_change_is_told() -> None:
    members = {'one': host(), 'fine': host(planned(changes=()))}
    decision = decided(members, canary=['fine'])
    assert (decision['refused'], decision['hosts']) == ('', ['one'])
    assert '  note: the canary fine needs no change' in plan_text.text(members, decision, 'en')


def test_a_plan_larger_than_expected() -> None:
    members = {'h%d' % number: host() for number in range(3)}
    assert decided(members, max_hosts=3)['refused'] == ''
    decision = decided(members, max_hosts=2)
    assert decision['refused'] == '3 hosts would change, remediate_max_hosts allows 2'
    assert decision['hosts'] == []
    refused = RUN._replace(refused=decision['refused'])
    assert spoken(outcome.state(members['h1'], refused))['reason'] == 'the plan was refused'


def test_the_approved_plan_or_nothing(tmp_path: Path) -> None:
    path = str(tmp_path / 'new' / 'plan.json')
    members = {'one': host(), 'two': host()}
    assert decided(members, check_mode=True, plan_file=path)['refused'] == ''
    first = (tmp_path / 'new' / 'plan.json').read_bytes()
    assert decided(members, check_mode=True, plan_file=path)['refused'] == ''
    assert (tmp_path / 'new' / 'plan.json').read_bytes() == first, 'the same plan gives the same bytes'
    assert decided(members, plan_file=path)['hosts'] == ['one', 'two']
    other = host(planned(changes=({**CHANGE, 'before': '2'},)))
    for fresh, words in (
        ({'one': host(), 'two': other}, 'two has another plan than the approved one'),
        ({'one': host()}, 'two is in the approved plan and needs no change now'),
        ({**members, 'three': host()}, 'three is to change and is not in the approved plan'),
    ):
        decision = decided(fresh, plan_file=path)
        assert words in decision['refused']
        assert decision['hosts'] == []


@pytest.mark.parametrize('text', ['', '[]', '{"schema": 2, "hosts": {}}', '{"schema": 1}', '\xff', '[' * 100000])
def test_files_that_are_no_plan(text: str, tmp_path: Path) -> None:
    (tmp_path / 'plan.json').write_bytes(text.encode('latin-1'))
    assert 'is not a plan' in decided({'one': host()}, plan_file=str(tmp_path / 'plan.json'))['refused']
    assert 'cannot be read' in decided({'one': host()}, plan_file=str(tmp_path / 'none.json'))['refused']
    with pytest.raises(plan.PlanFileError, match='cannot be written'):
        plan.write(str(tmp_path / 'plan.json' / 'below'), {})


BATCH = {
    'early': host(applied=APPLIED, verified={'verdict': 'clean'}),
    'good': host(applied=APPLIED, verified={'verdict': 'clean'}, settled={'changed': False}),
    'bad': host(applied=APPLIED, verified={'failed': True, 'msg': 'the service is down'}),
    'fine': host(applied={'changed': False, 'change_set': None, 'changes': []}),
    'refused': host(applied={'failed': True, 'msg': 'read-only /etc', 'change_set': None, 'changed': False}),
    'later': host(),
}


@pytest.mark.parametrize(
    ('on_failure', 'undo'),
    [('batch', ['good', 'bad']), ('host', ['bad']), ('all', ['early', 'good', 'bad']), ('stop', [])],
)
def test_what_is_undone(on_failure: str, undo: list[str]) -> None:
    conclusion = decisions.conclude(BATCH, ['good', 'bad', 'fine', 'refused'], on_failure)
    assert conclusion['stop']
    assert conclusion['failures'] == {'bad': 'the service is down', 'refused': 'read-only /etc'}
    assert conclusion['undo'] == undo


def test_a_batch_that_is_well_goes_on() -> None:
    assert decisions.conclude(BATCH, ['good', 'fine'], 'batch') == {
        'stop': False,
        'failures': {},
        'undo': [],
    }


@pytest.mark.parametrize(
    'results',
    [
        {},
        {'applied': LOST},
        {'applied': {**APPLIED, 'changes': []}},
        {'applied': APPLIED, 'verified': LOST},
        {'applied': APPLIED, 'verified': {'settle': True}, 'settled': {'failed': True, 'msg': 'still rises'}},
    ],
)
def test_what_stops_a_run(results: dict[str, Any]) -> None:
    assert decisions.conclude({'one': host(**results)}, ['one'], 'batch')['stop']


@pytest.mark.parametrize(
    ('results', 'state', 'words'),
    [
        ({}, 'untouched', 'the run never came to it'),
        ({'applied': APPLIED, 'verified': {'verdict': 'clean'}}, 'changed', None),
        ({'applied': APPLIED, 'verified': {'failed': True, 'msg': 'down'}}, 'changed', 'down'),
        ({'applied': LOST}, 'state unknown', 'unreachable during the change'),
        ({'applied': APPLIED, 'verified': LOST}, 'state unknown', 'new connection'),
        ({'applied': APPLIED, 'verified': LOST, 'undone': LOST}, 'state unknown', 'new connection'),
        ({'applied': LOST, 'undone': {'changed': True, 'change_set': 'run'}}, 'rolled back', 'no route'),
        ({'applied': LOST, 'undone': {'changed': False, 'change_set': None}}, 'untouched', 'nothing had been changed'),
        ({'applied': APPLIED, 'undone': {'changed': True, 'change_set': 'run'}}, 'rolled back', 'another host'),
        (
            {'applied': LOST, 'undone': {'changed': True, 'change_set': 'run', 'notes': ['the node has booted since']}},
            'rolled back',
            '; the node has booted since',
        ),
        ({'applied': APPLIED, 'undone': {'failed': True, 'msg': 'drift'}}, 'changed', 'rolling back failed: drift'),
        ({'applied': {'failed': True, 'msg': 'EPERM', 'change_set': 'run'}}, 'rolled back', 'EPERM'),
        ({'applied': {'failed': True, 'msg': 'locked'}}, 'untouched', 'locked'),
        ({'applied': {'changed': False, 'changes': []}}, 'untouched', 'so already'),
    ],
)
def test_what_became_of_a_host(results: dict[str, Any], state: str, words: str | None) -> None:
    found = outcome.state(host(**results), RUN)
    assert found['state'] == state
    assert (words or '') in str(found['reason'] or '')
    assert (found['reason'] is None) == (words is None)


@pytest.mark.parametrize('results', [{'applied': LOST}, {'applied': APPLIED, 'verified': LOST, 'undone': LOST}])
def test_a_host_that_is_lost_says_that_its_node_undoes_the_change_by_itself_and_when(results: dict[str, Any]) -> None:
    waits = outcome.state(host({**planned(), 'confirm_timeout': 120}, **results), RUN)
    assert waits['state'] == 'state unknown'
    assert '; the node undoes it by itself 120 s after the change, unless its confirmation came' in str(waits['reason'])
    assert 'by itself' not in str(outcome.state(host({**planned(), 'confirm_timeout': 0}, **results), RUN)['reason'])


def test_a_host_whose_turn_never_came_fails_the_run_unless_another_one_stopped_it() -> None:
    members = {'done': host(applied=APPLIED, verified={'verdict': 'clean'}), 'passed over': host()}
    for stopped, failed, words in ((False, True, 'never came to it'), (True, False, 'stopped before its turn')):
        run = RUN._replace(stopped=stopped)
        told = [remediation.told(builders.make_host(name), values, run, BACK) for name, values in members.items()]
        assert [entry['remediation']['failed'] for entry in told] == [False, failed]
        assert words in told[1]['remediation']['reason']


@pytest.mark.parametrize(
    'name',
    [
        *('web01.example.org', 'web server 1', '52:54:00:12:34:56', '!x', 'a,b', 'w*', 'ü'),
        *('fe80::1%eth0', '2001:db8::12', '::1', '::ffff:192.0.2.1', '2001:DB8::A', '1:2:3:4:5:6:7:8'),
    ],
)
def test_a_pattern_matches_its_host_and_no_other(name: str) -> None:
    manager = InventoryManager(DataLoader(), sources=['/dev/null'])
    for each in (name, 'other', 'web-server-1', 'web', '1', 'wide', name + '2'):
        manager._inventory.add_host(each)
    assert [str(each.name) for each in manager.get_hosts([host_pattern.of(name)])] == [name]


def test_patterns_of_many_hosts_match_these_and_are_looked_for_once() -> None:
    chosen = ['web01', 'web server 1', 'a,b', 'fe80::1%eth0', 'w*', '(x|y)', '2001:db8::12', 'db1']
    manager = InventoryManager(DataLoader(), sources=['/dev/null'])
    for each in (*chosen, 'web02', 'web server 12', 'a', 'b', 'x', 'y', 'other'):
        manager._inventory.add_host(each)
    patterns = host_pattern.of_all(chosen)
    assert sorted(str(each.name) for each in manager.get_hosts(patterns)) == sorted(chosen)
    assert len([each for each in patterns if each not in chosen]) == 1
    assert host_pattern.of_all([]) == []


def test_a_plan_file_is_written_through_no_link_that_somebody_planted(tmp_path: Path) -> None:
    path, precious = tmp_path / 'plan.json', tmp_path / 'precious'
    precious.write_text('precious')
    for pid in range(os.getpid() - 50, os.getpid() + 50):
        (tmp_path / ('plan.json.%d.new' % pid)).symlink_to(precious)
    plan.write(str(path), plan.document({'one': planned()}))
    assert plan.read(str(path))['hosts']['one']['changes'] == [CHANGE]
    assert precious.read_text() == 'precious'
    assert not path.is_symlink()


def test_the_plan_as_text_tells_hosts_alike_once_and_shows_no_escapes() -> None:
    line = {
        **CHANGE,
        'what': 'disabled',
        'file': '/etc/\x1b[31mx.conf',
        'line': 3,
        'before': 'a = 1\u202e',
        'namespace': None,
    }
    members = {'web%d' % number: host() for number in range(9)}
    members['odd'] = host(planned(changes=(line,), left=[{'rule': 'x', 'reason': 'by hand'}]))
    text = plan_text.text(members, decided(members), 'en')
    assert 'Plan: 10 of 10 hosts change' in text
    assert 'web0, web1, web2, web3, web4, web5 and 3 more (3.10 el7 server)' in text
    assert text.count('net.ipv4.tcp_tw_recycle: 1 -> 0 (rule tw-recycle-exposed)') == 1
    assert 'odd: x: by hand' in text
    assert not {'\x1b', '\u202e'} & set(text)


def test_a_rollback_as_text() -> None:
    held = {'what': 'running', 'key': 'net.ipv4.tcp_tw_recycle', 'namespace': 'host', 'file': None, 'value': '1'}
    unread = {**held, 'file': '/etc/sysctl.d/large.conf', 'line': None, 'value': 'nobody knows what: too large'}
    text = rollback_text.text(
        {
            'back': {
                'changed': True,
                'change_set': 'run',
                'restored': [{}, {}],
                'held': [held, unread],
                'notes': ['gone'],
            },
            'none': {'changed': False, 'change_set': None, 'notes': ['the node has booted since']},
            'odd': {'changed': False, 'change_set': 'x\x1b[2J\nback  rolled back'},
            'bad': {'changed': True, 'change_set': '\x1b[2J\nback  rolled back'},
            'drift': {'failed': True, 'msg': 'somebody has changed the same'},
        },
        'en',
    )
    assert [line.split('  ')[0] for line in text.split('\n') if line[:1].strip()] == [
        'drift',
        'back',
        'bad',
        'none',
        'odd',
    ]
    assert '\x1b' not in text
    assert 'back  rolled back  change set run: 2 restored' in text
    assert '  note: gone' in text
    assert '  note: the node has booted since' in text
    assert '  held back: net.ipv4.tcp_tw_recycle = 1 (running in this host)' in text
    assert '  held back: net.ipv4.tcp_tw_recycle = nobody knows what: too large (/etc/sysctl.d/large.conf)' in text
