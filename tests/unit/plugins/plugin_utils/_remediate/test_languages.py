# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans, what became of hosts, and rollbacks in Chinese."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import spoken, words
from ansible_collections.nodetcp.paws.plugins.plugin_utils._remediate import (
    decisions,
    outcome,
    plan_text,
    rollback_text,
    verification,
)
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import remediation
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.formats import html
from tests.unit.plugins.plugin_utils._judge import records
from tests.unit.plugins.plugin_utils._remediate import test_needs
from tests.unit.plugins.plugin_utils._remediate.test_decisions import APPLIED, CHANGE, LOST, OPTIONS, RUN, host, planned
from tests.unit.plugins.plugin_utils._remediate.test_exhaustion import a_host
from tests.unit.plugins.plugin_utils._report import builders
from tests.unit.plugins.plugin_utils._report.formats import page_reader

Json = dict[str, Any]
HAN = re.compile('[\u4e00-\u9fff]')
SENTENCE = re.compile(r'[a-z]{2,} [a-z]{2,} [a-z]{2,} [a-z]{2,}')
IN_FILE = {**CHANGE, 'file': '/etc/sysctl.conf', 'line': 3, 'before': 'a = 1', 'after': 'a = 0', 'namespace': None}
EL7 = '3.10.0-1160.el7'
WAY_BACK = remediation.WayBack(['ansible-playbook'], [])
KEPT, BACK = {'changed': False, 'change_set': None}, {'changed': True, 'change_set': 'run'}
WAY_BACK = remediation.WayBack(['ansible-playbook'], [])


def written(document: Any) -> Any:
    """As it is kept, or registered."""
    return json.loads(json.dumps(spoken(document)))


def test_a_plan_is_told_in_chinese() -> None:
    changes = tuple({**IN_FILE, 'what': what} for what in ('persisted', 'disabled', 'removed'))
    hosts = {
        'db': a_host(),
        'tight': a_host(sockets=120),
        'reusing': a_host(profile='client'),
        'accepted': a_host(accept=True),
        'lines': host(planned(changes=(CHANGE, *changes))),
        'lost': host(planned(changes=(), refused='EPERM')),
    }
    options = {**OPTIONS, 'canary': ['nobody', 'lost']}
    decision = decisions.decide(hosts, options, 'run', False)
    text = plan_text.text(hosts, decision, 'zh')
    assert not SENTENCE.search(text), text
    assert text.splitlines()[1] == '计划：6 台主机中有 4 台更改'
    assert '  停用       /etc/sysctl.conf:3  a = 1（rule tw-recycle-exposed）' in text
    assert '  lost：无法计划其更改：EPERM' in text
    refused = text.splitlines()[-1]
    assert refused.startswith('已拒绝，不做任何更改：remediate_canary 指定的主机不能先行（nobody：它不在本次运行中')
    scarce = plan_text.scarce(hosts)
    assert scarce is not None
    assert '（已停止：db；耗尽：' in plan_text.tell('zh', scarce)
    batches = plan_text.text(hosts, decisions.decide(hosts, OPTIONS, 'run', False), 'zh')
    assert '  第 1 批（金丝雀）：' in batches


@pytest.mark.parametrize(
    ('results', 'chinese'),
    [
        ({}, '已计划更改，但运行没有到达它：请用 --limit 对该主机再次运行'),
        ({'applied': LOST}, '更改期间不可达：no route to host'),
        ({'applied': APPLIED, 'verified': LOST}, '更改之后，新建的连接不可达：no route to host'),
        ({'applied': LOST, 'undone': KEPT}, '更改期间不可达：no route to host；它上面没有任何更改'),
        ({'applied': APPLIED, 'undone': {**BACK, 'notes': ['x']}}, '同一批中的另一台主机失败；x'),
        ({'applied': APPLIED, 'undone': {'failed': True}}, '回退失败：任务失败，没有给出消息'),
        ({'applied': {'changed': False, 'changes': []}}, '轮到它时已经如此'),
    ],
)
def test_what_became_of_a_host_is_told_in_chinese(results: Json, chinese: str) -> None:
    entry = written(remediation.told(builders.make_host('web1'), host(**results), RUN, WAY_BACK))
    assert words('zh', entry['remediation'], 'reason') == chinese
    document = builders.make_document(entry)
    document['run']['language'] = 'zh'
    document['remediation'] = written(remediation.section([entry], RUN, WAY_BACK))
    told = [*remediation.lines(document['remediation'], 'zh'), remediation.label(entry, document['remediation'], 'zh')]
    told.append(remediation.failure(document))
    assert chinese in ' '.join(told)
    assert chinese in page_reader.whole(html.render(document))
    assert not SENTENCE.search(' '.join(told).replace('no route to host', '')), told


def test_what_a_failed_verification_says_stays_a_message_to_the_end() -> None:
    record = records.record(EL7, {'net.ipv4.tcp_tw_recycle': 1})
    plan = {'settings': {'net.ipv4.tcp_tw_recycle': '0'}, 'absent': [], 'fixes': []}
    problems = verification.problems(record, test_needs.judged(record), plan)
    failed = {'failed': True, 'msg': verification.failed(problems)}
    entry = written(remediation.told(builders.make_host('web1'), host(applied=APPLIED, verified=failed), RUN, WAY_BACK))
    said = words('zh', entry['remediation'], 'reason')
    assert said.startswith('net.ipv4.tcp_tw_recycle 为 1，而不是 0；下次启动时没有文件设置 net.ipv4.tcp_tw_recycle')


def test_a_rollback_is_told_in_chinese() -> None:
    held = {'what': 'running', 'key': 'k', 'namespace': 'host', 'file': None, 'line': None, 'value': '1'}
    results = {
        'back': {'changed': True, 'change_set': 'run', 'restored': [{}], 'held': [held], 'notes': []},
        'none': {'changed': False, 'change_set': None},
        'idle': {'changed': False, 'change_set': 'run'},
        'gone': {'unreachable': True, 'msg': 'no route'},
        'lost': None,
    }
    lines = rollback_text.text(results, 'zh').strip().splitlines()
    assert lines == [
        'gone  不可达  no route',
        'lost  失败  没有结果',
        'back  已回退  变更集 run：恢复 1 项',
        '  保留未恢复：k = 1（在 本机 中运行）；rollback_restore_unsafe=true 会恢复它',
        'none  未改动  没有这样的变更集',
        'idle  未改动  变更集 run 无需撤销',
    ]
    assert rollback_text.text({'back': results['back']}, 'zh', True).startswith('\nback  将被回退  ')


def test_notes_and_reasons_of_nodes_are_bounded() -> None:
    undone = {'changed': True, 'change_set': 'run', 'notes': ['x' * 10**5] * 1000}
    verified = {'failed': True, 'msg': 'y' * 10**6}
    state = outcome.state(host(applied=APPLIED, verified=verified, undone=undone), RUN)
    assert len(json.dumps(state)) < 10**4
