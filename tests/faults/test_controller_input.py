# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What nodes and files say, damaged at random: checkers refuse it in a sentence, or all that is behind them holds."""

from __future__ import annotations

import copy
import functools
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._diagnose import attempts
from ansible_collections.nodetcp.paws.plugins.plugin_utils._forecast import time_wait
from ansible_collections.nodetcp.paws.plugins.plugin_utils._judge import catalogue, record, verdict
from ansible_collections.nodetcp.paws.plugins.plugin_utils._packets import analysis, kernels, live, pcap
from ansible_collections.nodetcp.paws.plugins.plugin_utils._remediate import plan, rollback_text
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import document, entries, json_file, offline, stored
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.formats import terminal
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.writing import FORMATS
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.attempts import Located, Tried
from ansible_collections.nodetcp.paws.plugins.plugin_utils._shapes.check import ShapeError, taken
from ansible_collections.nodetcp.paws.plugins.plugin_utils._transport import answers
from tests.faults import damage
from tests.faults.exploring import SHARES, explore
from tests.unit.plugins.plugin_utils._judge import records
from tests.unit.plugins.plugin_utils._report import builders
from tests.unit.plugins.plugin_utils._report.formats import test_formats
from tests.unit.plugins.plugin_utils._transport.test_answers import APPLIED, ROLLED_BACK

Json = dict[str, Any]
EL7, NEW, RECYCLE = '3.10.0-1160.el7.x86_64', '6.18.44', 'net.ipv4.tcp_tw_recycle'
LAB = Path(__file__).resolve().parents[1] / 'fixtures' / '4.4.178-lab'
STEERING = {'\x1b', '\x07', '\u202e', '\r', '\x85', '\u2028', '\0'}


def rich(release: str) -> Json:
    """A record with something in each of its parts."""
    of = records.record(
        release,
        {RECYCLE: 1} if release == EL7 else {'net.ipv4.tcp_syncookies': 0},
        {'PAWSPassive': 9} if release == EL7 else {},
        others=[records.container(release)],
        persisted={RECYCLE: records.both(1), 'net.core.somaxconn': records.both(9)},
        writers=[records.writer(), records.writer(kind='cron', when='event')],
        unavailable={'/etc/sysctl.d/x.conf': 'permission denied', 'processes': '1 of 2'},
        hidden={'processes': [1, 2], 'namespaces': [0, 1]},
    )
    of['change_sets'] = [{'id': 'A', 'time': 1, 'state': 'applied', 'changes': 3}]
    of['namespaces'][0]['conntrack'] = {'count': 90, 'max': 100, 'drop': 1, 'early_drop': 0, 'insert_failed': 0}
    of['namespaces'][0]['peers'] = [{'address': '192.0.2.1', 'remaining_s': 5, 'tsval': 1, 'age_s': 2}]
    return of


def rendered(hosts: list[Json]) -> None:
    """Each format takes the document, and its reader takes what comes out."""
    found = builders.make_document(*hosts)
    texts = {name: render(found) for name, (_file, render) in FORMATS.items()}
    test_formats.read_junit(texts['junit'])
    json.loads(texts['sarif'])
    test_formats.read_csv(texts['csv'])
    for text in (*texts.values(), terminal.text(found, [], 100, False)):
        assert not STEERING & set(text.replace('\r\n', '\n'))


@functools.cache
def judge() -> Any:
    return offline.judge_with([], [], 'server', records.TODAY)


def a_record(chance: random.Random) -> None:
    of = damage.value_of(rich(chance.choice((EL7, NEW))), chance)
    refused, judged = attempted(lambda: judge()('web1', of), json_file.UnusableFile)
    assert 'cannot be judged' not in refused
    if judged:
        rendered([entries.observed('web1', ['web'], judged)])


def attempted(act: Callable[[], Any], *errors: type[Exception]) -> tuple[str, Any]:
    """(how it was refused or "", what act() gave or None)."""
    try:
        return '', act()
    except errors as exc:
        return str(exc), None


def a_sample(chance: random.Random) -> None:
    of = rich(EL7)
    earlier = damage.value_of(records.sample(of, PAWSPassive=3), chance)
    if not attempted(lambda: record.check_sample(earlier), record.RecordError)[0]:
        assert verdict.judge(of, earlier, catalogue.builtin(), 'server', [], records.TODAY)['verdict']


def an_answer(chance: random.Random) -> None:
    operation, good = chance.choice((('apply', APPLIED), ('rollback', ROLLED_BACK)))
    answer = damage.value_of(copy.deepcopy(good), chance)
    refused, found = attempted(lambda: answers.checked(operation, answer), answers.AnswerError)
    assert len(refused) < 400
    if found and operation == 'rollback':
        assert not STEERING & set(rollback_text.text({'web1': found}, chance.choice(('en', 'zh'))))


def a_probe(chance: random.Random) -> None:
    attempt = {'port': 80, 'at_s': 0.0, 'result': 'ok', 'ms': 1.5, 'syn_retransmits': 1, 'from': '192.0.2.1:5'}
    attempt.update(tsval=7, error=None, icmp_ms=0.5)
    good = {'address': '192.0.2.2', 'attempts': [attempt, {**attempt, 'result': 'timeout'}], 'elapsed_s': 3.0}
    good.update(cut=None, icmp={'available': True, 'reason': None})
    _refused, found = attempted(lambda: taken(damage.value_of(good, chance), Tried, 'answer'), ShapeError)
    if found:
        attempts.summary(found['attempts'], 80, found['icmp'])


def a_place(chance: random.Random) -> None:
    inside = {'id': 'a' * 64, 'runtime': 'docker', 'pod_uid': None}
    match = {'id': 'net:[1]', 'key': 'net:[1]@4/x', 'kind': 'container', 'name': None, 'pid': 7, 'names': ['x']}
    match.update(container=inside, addresses=['192.0.2.1'], listening=['0.0.0.0:80'])
    good = {'matches': [match], 'hostname': 'web1', 'kernel': {'release': NEW, 'version': [6, 18, 44]}}
    answer = damage.value_of({**good, 'tracking': {'drop': 3}, 'unavailable': {'x': 'y'}}, chance)
    attempted(lambda: taken(answer, Located, 'answer'), ShapeError)


def a_look(chance: random.Random) -> None:
    good: Json = {'addresses': ['20' * 16], 'events': '00' * live.EVENT.size * 2, 'packets': 2, 'lost': 0}
    answer = damage.value_of({**good, 'seconds': 10.0, 'stopped': 'duration'}, chance)
    _refused, events = attempted(lambda: live.unpack(answer), live.AnswerError)
    attempted(lambda: (live.number(answer, 'packets'), live.stopped(answer)), live.AnswerError)
    if events:
        analysis.study(events, kernels.rule_of(kernels.STRICTEST), None, 100)


def a_slab(chance: random.Random) -> None:
    time_wait.check_slab(damage.value_of({'x': {'bytes': 7, 'object_bytes': 256}}, chance).get('x'))


CHECKED: dict[str, tuple[Callable[[random.Random], None], int, int]] = {
    'record': (a_record, 60, 8000),
    'sample': (a_sample, 60, 4000),
    'answer': (an_answer, 200, 20000),
    'probe': (a_probe, 100, 8000),
    'place': (a_place, 100, 8000),
    'look': (a_look, 100, 6000),
    'slab': (a_slab, 50, 2000),
}


@SHARES
@pytest.mark.parametrize('what', CHECKED)
def test_what_a_node_says(what: str, share: str) -> None:
    explore(what, CHECKED[what][0], share, *CHECKED[what][1:])


def a_report(path: Path, chance: random.Random) -> None:
    host = builders.make_host('web1', 'exposed')
    host['forecast'] = builders.make_forecast()
    others = [builders.make_host('web2'), entries.unobserved('lost', [], 'failed', 'no route')]
    found = json.loads(json.dumps(builders.make_document(host, *others)))
    damaged = json.dumps(damage.value_of(found, chance)).encode('utf-8')
    path.write_bytes(damage.bytes_of(damaged, chance) if chance.randrange(4) == 0 else damaged)
    _refused, read = attempted(lambda: stored.read(str(path)), stored.StoredError)
    if read:
        rendered([document.complete(each) for each in read['hosts']])


def a_plan(path: Path, chance: random.Random) -> None:
    change = {'what': 'running', 'key': 'a.b', 'namespace': 'host', 'before': '1', 'after': '0', 'reason': 'x'}
    kept = {'kind': '6.1 server', 'settings': {'a.b': '0'}, 'absent': [], 'changes': [change]}
    good = plan.document({'web1': {**kept, 'remedies': {'reuse': {'net.ipv4.tcp_tw_reuse': '1'}}}})
    damaged = json.dumps(damage.value_of(json.loads(json.dumps(good)), chance)).encode('utf-8')
    path.write_bytes(damage.bytes_of(damaged, chance) if chance.randrange(4) == 0 else damaged)
    attempted(lambda: plan.differences(plan.read(str(path)), good), plan.PlanFileError)
    attempted(lambda: plan.remedies(str(path), 'web1'), plan.PlanFileError)


def a_capture(path: Path, chance: random.Random) -> None:
    data = (LAB / 'replay-120' / 'trace.pcap').read_bytes()[:4000]
    for _each in range(chance.randrange(3)):
        data = damage.bytes_of(data, chance)
    path.write_bytes(data)
    _refused, found = attempted(lambda: pcap.read(str(path)), pcap.CaptureError)
    if found:
        analysis.study(found.events, kernels.rule_of(kernels.STRICTEST), None, 100)


FILES: dict[str, tuple[Callable[[Path, random.Random], None], int, int]] = {
    'report': (a_report, 60, 6000),
    'plan': (a_plan, 100, 6000),
    'capture': (a_capture, 60, 4000),
}


@SHARES
@pytest.mark.parametrize('what', FILES)
def test_what_a_file_says(tmp_path: Path, what: str, share: str) -> None:
    check, few, many = FILES[what]
    explore(what, lambda chance: check(tmp_path / what, chance), share, few, many)
