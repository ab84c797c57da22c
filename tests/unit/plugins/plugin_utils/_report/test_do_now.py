# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report says is to be done: causes in the order of work, and commands that do what they say."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import retold
from ansible_collections.nodetcp.paws.plugins.plugin_utils._remediate import outcome
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import document, entries
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.report import STEPS_MAX
from tests import synthetic
from tests.unit.plugins.plugin_utils._report.builders import RUN, make_document, make_finding, make_host, problems

Json = dict[str, Any]
REMEDIATE = 'ansible-playbook -b nodetcp.paws.remediate'
LINE = make_finding(rule='tw-recycle-line', severity='high', **{'class': 'latent'})
WEAK = make_finding(rule='rfc1337', severity='medium', **{'class': 'advisory'})
SLOW = make_finding(
    rule='accept-queue-overflow', severity='high', fix={'text': 'accept faster'}, **{'class': 'impaired'}
)
WRITER = make_finding(rule='tw-recycle-writer', evidence={'writers': [{'file': '/etc/rc.local', 'line': 2}]})


def found(*hosts: Json, **run: Any) -> list[Json]:
    made = document.build({**RUN, **run}, list(hosts))
    assert problems(made) == []
    return list(made['do_now'])


def ways(*hosts: Json, **run: Any) -> list[tuple[str, str, int]]:
    return [(group['rule'] or '', group['way'], group['hosts']) for group in found(*hosts, **run)]


def done(state: str, failed: bool = False, reason: str | None = None) -> Json:
    return {'state': state, 'reason': reason, 'failed': failed, 'changes': [], 'left': [], 'undo': None}


def test_two_thousand_hosts_with_few_causes_are_few_sentences_in_the_order_of_work() -> None:
    groups = synthetic.fleet(2000)['do_now']
    assert [(group['class'], group['way'], group['hosts']) for group in groups] == [
        ('dropping', 'fix', 100),
        ('exposed', 'fix', 200),
        ('latent', 'fix', 200),
        ('latent', 'fix', 100),
        ('unknown', 'lost', 40),
        ('stale', 'fix', 100),
        ('advisory', 'lower', 200),
    ]
    assert all(len(group['named']) == 3 for group in groups)


def test_the_host_that_drops_most_is_named_first() -> None:
    counts = {'web1': 5, 'web2': 763, 'web3': 20}
    dropping = [
        make_host(
            name, 'dropping', findings=[make_finding(active=True, evidence={'dropped': count}, **{'class': 'dropping'})]
        )
        for name, count in counts.items()
    ]
    [group] = found(*dropping)
    assert group['named'] == ['web2', 'web3', 'web1']


def test_the_commands_change_the_hosts_of_the_group_the_check_first() -> None:
    [group] = found(make_host('web1', 'exposed'), make_host('a b', 'exposed'), make_host('new6'))
    limit = shlex.quote('~^a\\U00000020b\\Z,web1')
    assert group['commands'] == [
        '%s --limit %s --check --diff' % (REMEDIATE, limit),
        '%s --limit %s' % (REMEDIATE, limit),
    ]


def test_where_names_are_too_many_the_rule_or_the_run_keeps_a_command_to_its_hosts() -> None:
    many = [make_host('host%03d.example.org' % number, 'exposed') for number in range(60)]
    [group] = found(*many, hosts='web', limit='zone1')
    assert group['commands'][1] == '%s -e remediate_hosts=web --limit zone1' % REMEDIATE
    more = [make_host('other%03d.example.org' % number, 'latent', findings=[LINE]) for number in range(60)]
    groups = found(*many, *more)
    assert [group['commands'][1] for group in groups] == [
        '%s -e remediate_rules=tw-recycle-enabled' % REMEDIATE,
        '%s -e remediate_rules=tw-recycle-line' % REMEDIATE,
    ]


def test_a_rule_of_a_stored_report_brings_no_variable_into_a_command() -> None:
    evil = make_finding(rule='x ansible_connection=local')
    many = [make_host('host%03d.example.org' % number, 'exposed', findings=[evil]) for number in range(60)]
    commands = [line for group in found(*many, make_host('a', findings=[LINE])) for line in group['commands']]
    assert not any('ansible_connection' in line for line in commands)


def test_a_command_begins_the_way_the_run_was_started() -> None:
    start = 'ansible-playbook -i hosts.ini -u ops -b playbooks/remediate.yml'
    [group] = found(make_host('web1', 'exposed'), commands={'remediate': start})
    assert group['commands'][1] == '%s --limit web1' % start


def test_a_host_is_changed_in_one_step_and_what_a_person_has_to_do_is_another() -> None:
    assert ways(make_host('web1', 'exposed', findings=[make_finding(), LINE, SLOW, WEAK])) == [
        ('tw-recycle-enabled', 'fix', 1),
        ('accept-queue-overflow', 'hand', 1),
    ]
    assert ways(make_host('web1', 'advisory', findings=[WEAK])) == [('rfc1337', 'lower', 1)]


def test_the_step_of_a_person_says_what_to_do_and_has_no_command() -> None:
    writer, slow = found(make_host('a', 'exposed', findings=[WRITER]), make_host('b', 'impaired', findings=[SLOW]))
    assert '/etc/rc.local:2 sets net.ipv4.tcp_tw_recycle after the sysctl files' in writer['action']
    assert slow['action'] == 'no setting of this collection ends it: accept faster'
    assert writer['commands'] == slow['commands'] == []


def test_what_the_variables_of_the_run_leave_out_is_said() -> None:
    host = make_host('a', 'exposed')
    host['proposal'] = {'why_not': None, 'changes': False, 'ends': [], 'severity': None, 'by_hand': []}
    [group] = found(host)
    assert group['way'] == 'left'
    assert 'remediate_skip_rules' in group['action']


@pytest.mark.parametrize(
    ('changes', 'way'),
    [
        ({'source': {'collector': 'capture'}}, 'capture'),
        ({'source': {'collector': 'live', 'file': '/records/a.json'}}, 'offline'),
        ({'source': {'collector': 'shell', 'root': '/'}}, 'python'),
    ],
)
def test_a_host_that_cannot_be_changed_gets_the_reason_and_no_command(changes: Json, way: str) -> None:
    [group] = found(make_host('a', 'exposed', **changes))
    assert (group['way'], group['commands']) == (way, [])


def test_lost_hosts_are_one_group_of_each_status_and_skipped_ones_none() -> None:
    lost = [entries.unobserved('db%d' % number, [], 'unreachable', 'no route') for number in range(3)]
    groups = found(
        *lost, entries.unobserved('x', [], 'failed', 'no Python'), entries.unobserved('y', [], 'skipped', 'z')
    )
    assert [(group['cause'], group['hosts']) for group in groups] == [
        ('unreachable: no route', 3),
        ('failed: no Python', 1),
    ]
    assert groups[0]['commands'] == ['ansible-playbook nodetcp.paws.audit']


def test_waived_findings_and_clean_hosts_need_nothing() -> None:
    assert (
        found(
            make_host('a', 'exposed', findings=[make_finding(waived={'reason': 'known', 'expires': None})]),
            make_host('b'),
        )
        == []
    )


def test_what_only_root_sees_is_asked_for_once_for_all_hosts() -> None:
    seen = [{'part': 'processes', 'number': 282, 'of': 289, 'cure': 'root'}]
    hosts = [make_host('a', unseen=seen), make_host('b', 'exposed', unseen=seen)]
    assert [(group['way'], group['hosts']) for group in found(*hosts)] == [('fix', 1), ('unseen', 2)]
    assert found(*hosts, limit='web')[1]['commands'] == ['ansible-playbook nodetcp.paws.audit -b --limit web']


def test_after_a_check_of_the_plan_the_change_is_what_is_left_to_do() -> None:
    [group] = found({**make_host('web1', 'exposed'), 'remediation': done(outcome.PLANNED)}, check_mode=True)
    assert group['commands'] == ['%s --limit web1' % REMEDIATE]


def test_after_a_remediation_that_failed_its_reason_comes_before_another_one() -> None:
    failed = {**make_host('web1', 'exposed'), 'remediation': done(outcome.ROLLED_BACK, True, 'the page is down')}
    [group] = found(failed)
    assert (group['way'], group['cause']) == ('failed', 'the remediation failed: the page is down')
    assert group['commands'] == ['%s --limit web1 --check --diff' % REMEDIATE]


def test_a_chinese_reader_is_told_in_chinese() -> None:
    for group in retold('zh', synthetic.fleet(50)['do_now']):
        assert not group['cause'].isascii()
        assert not group['action'].isascii()


def test_a_report_of_an_older_version_gets_its_steps_too() -> None:
    host = document.complete(make_host('web1', 'exposed'))
    del host['proposal']['ends']
    [step] = make_document(host)['do_now']
    assert (step['rule'], step['way']) == ('tw-recycle-enabled', 'fix')


def test_groups_of_damaged_reports_are_bounded() -> None:
    hosts = [
        make_host(
            'a', 'exposed', findings=[make_finding(rule='r%d' % number, fix={'text': 'x'}) for number in range(200)]
        )
    ]
    assert len(make_document(*hosts)['do_now']) == STEPS_MAX
