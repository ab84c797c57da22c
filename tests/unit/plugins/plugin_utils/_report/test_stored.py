# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stored reports: read again, merged, compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import (
    compare,
    document,
    entries,
    outcome,
    stored,
    writing,
)
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.formats import html, markdown, table
from tests import synthetic
from tests.unit.plugins.plugin_utils._report.builders import RUN, make_document, make_finding, make_host, problems

Json = dict[str, Any]
COMPARED = {'baseline': {'id': 'x', 'finished': RUN['finished']}, 'gone': []}


def at(day: int, *hosts: Json) -> Json:
    """The report of a day."""
    stamps = {'started': '2026-11-%02dT05:00:00Z' % day, 'finished': '2026-11-%02dT05:00:10Z' % day}
    return document.build({**RUN, 'id': '202611%02dT050000Z-0123abcd' % day, **stamps}, list(hosts))


def lost(name: str, status: str = 'unreachable') -> Json:
    return entries.unobserved(name, [], status, 'no route')


def keep(place: Path, found: Json) -> str:
    return writing.write_all(found, str(place), [], str(place.parent / 'lock'))[0]


def test_what_was_stored_is_what_was_written(tmp_path: Path) -> None:
    whole = synthetic.fleet(60)
    path = keep(tmp_path / 'a', whole)
    assert stored.paths([str(tmp_path / 'a'), str(tmp_path / '[ab]'), path]) == [path]
    assert stored.merge([stored.read(path)]) == whole


def test_three_slices_have_the_totals_of_the_whole() -> None:
    whole = synthetic.fleet(90)
    slices = [document.build(dict(RUN), whole['hosts'][number::3]) for number in range(3)]
    merged = stored.merge(slices)
    assert merged['summary'] == whole['summary']
    assert merged['hosts'] == whole['hosts']
    assert [part['hosts'] for part in merged['run']['merged']] == [30, 30, 30]
    assert problems(merged) == []
    assert stored.merge([merged])['run'] == merged['run'], 'a merged report may be stored, too'


def test_commands_stay_where_all_runs_were_started_alike() -> None:
    commands = {name: 'ansible-playbook -i hosts -b nodetcp.paws.%s' % name for name in ('remediate', 'rollback')}
    one, other = at(20, make_host('a')), at(21, make_host('b'))
    one['run']['commands'] = commands
    assert 'commands' not in stored.merge([one, other])['run']
    other['run']['commands'] = dict(commands)
    merged = stored.merge([one, other])
    assert merged['run']['commands'] == commands
    assert problems(merged) == []


def test_the_newest_run_that_came_to_a_host_counts() -> None:
    old = at(20, make_host('a', 'exposed'), make_host('b', 'exposed'), make_host('c'))
    new = at(21, make_host('a'), lost('b', 'skipped'), lost('c'))
    for order in ([old, new], [new, old]):
        merged = stored.merge(order)
        assert [(host['name'], host['verdict']) for host in merged['hosts']] == [
            *[('b', 'exposed'), ('c', 'unknown'), ('a', 'clean')]
        ]
        assert (merged['run']['started'], merged['run']['finished']) == (old['run']['started'], new['run']['finished'])


def test_a_host_of_two_slices_is_said_and_the_newest_counts() -> None:
    old, new = at(20, make_host('a', 'exposed'), make_host('b')), at(21, make_host('a'), make_host('c'))
    merged = stored.merge([new, old])
    assert merged['run']['repeated'] == {'hosts': 1, 'named': ['a']}
    assert problems(merged) == []
    assert '1 host is in more than one of the reports, and the newest entry counts: a' in table.render(
        merged, 200, color=False
    )
    assert 'repeated' not in stored.merge([merged, at(22, make_host('d'))])['run'], 'that merge has no such host'


def asking(found: Json, *wanted: str, fail_on: str = 'none') -> Json:
    """The document of a report that must have these hosts."""
    made: Json = stored.with_hosts(found, wanted)
    return {**made, 'run': {**made['run'], 'gate': outcome.report_gate(fail_on, 'none', len(wanted))}}


@pytest.mark.parametrize('fail_on', ['none', 'dropping', 'clean'])
def test_a_host_whose_slice_left_no_report_fails_any_gate(fail_on: str) -> None:
    found = asking(at(20, make_host('a')), 'a', 'b', 'c', fail_on=fail_on)
    assert problems(found) == []
    assert found['summary']['statuses'] == {'ok': 1, 'failed': 2, 'unreachable': 0, 'skipped': 0}
    said = '2 hosts of report_hosts are in none of the reports: b, c.'
    assert outcome.stored(found, fail_on)[0] == said
    assert [host['name'] for host in found['hosts'] if outcome.ends_run(host, outcome.gate_of(found)) == 'lost'] == [
        *['b', 'c']
    ]
    assert 'b  failed  none of the merged reports has this host' in table.render(found, 200, color=False)


def test_where_all_hosts_have_a_report_nothing_is_said() -> None:
    found = at(20, make_host('a'), make_host('b'))
    assert outcome.stored(asking(found, 'b', 'a'), 'none') == []
    assert asking(found, 'a')['hosts'] == found['hosts']


def test_a_host_without_a_report_yields_to_any_that_has_one() -> None:
    late = asking(at(22, make_host('a')), 'a', 'b')
    for earlier in (make_host('b', 'stale'), lost('b'), lost('b', 'skipped')):
        merged = stored.merge([at(20, earlier), late])
        assert [host['status'] for host in merged['hosts'] if host['name'] == 'b'] == [earlier['status']]
        assert merged['run'].get('repeated') is None
    assert stored.merge([late])['hosts'] == late['hosts']


def test_every_change_of_a_host_has_its_word() -> None:
    one, other = make_finding(rule='one'), make_finding(rule='other')
    waived = make_finding(rule='third', waived={'reason': 'accepted', 'expires': None})
    before = at(
        20,
        *(make_host('worse'), make_host('better', 'exposed'), make_host('same', 'exposed', findings=[one])),
        *(make_host('more', 'exposed', findings=[one]), make_host('less', 'exposed', findings=[one, other])),
        *(make_host('lost', 'exposed'), make_host('gone'), lost('still lost'), lost('back')),
    )
    now = at(
        21,
        *(
            make_host('worse', 'latent'),
            make_host('better', 'stale'),
            make_host('same', 'exposed', findings=[one, waived]),
        ),
        *(make_host('more', 'exposed', findings=[one, other]), make_host('less', 'exposed', findings=[one])),
        *(lost('lost'), lost('still lost'), make_host('back'), make_host('young'), make_host('young bad', 'stale')),
    )
    compared = compare.compare(now, before)
    said = {host['name']: host['change']['change'] for host in compared['hosts']}
    assert said == {
        'worse': 'worse',
        'better': 'fixed',
        'same': 'unchanged',
        'more': 'new',
        'less': 'fixed',
        'lost': 'unaudited',
        'still lost': 'unchanged',
        'back': 'unchanged',
        'young': 'unchanged',
        'young bad': 'new',
    }
    assert compared['comparison']['changes'] == {'worse': 1, 'new': 2, 'unaudited': 1, 'fixed': 2, 'unchanged': 4}
    assert compared['comparison']['gone'] == compared['comparison']['gone_audited'] == ['gone']
    assert problems(compared) == []
    told = (
        'compared with run 20261120T050000Z-0123abcd: 1 worse, 2 new, 1 no longer audited, 2 fixed, 4 unchanged, 1 gone'
    )
    assert told in table.render(compared, 120, False)
    assert '1 worse, 2 new' in markdown.render(compared)
    assert '1 worse, 2 new' in html.render(compared)
    assert stored.merge([compared]) == now, 'without what the comparison added'


def changed(before: Json, now: Json) -> Json:
    """What a comparison says of the host that both days have."""
    found: Json = compare.compare(at(21, now), at(20, before))['hosts'][0]['change']
    return found


def test_a_better_host_with_a_finding_that_was_not_there_is_no_mere_success() -> None:
    full = make_finding(rule='conntrack-full', severity='high', active=True, fix=None, **{'class': 'impaired'})
    before, now = make_host('a', 'exposed'), make_host('a', 'impaired', findings=[full])
    assert changed(before, now) == {'change': 'new', 'was': 'exposed', 'rules': ['conntrack-full']}
    compared = compare.compare(at(21, now), at(20, before))
    assert outcome.changes(compared, 'worse') == []
    assert 'a new (conntrack-full)' in ' '.join(outcome.changes(compared, 'new'))


def test_what_is_left_of_a_worse_finding_is_not_new() -> None:
    """The rules of one setting exclude each other: a host that no longer drops is still exposed."""
    dropping = make_host('a', 'dropping', findings=[make_finding(rule='tw-recycle-dropping', **{'class': 'dropping'})])
    exposed = make_host('a', 'exposed', findings=[make_finding(rule='tw-recycle-exposed')])
    assert changed(dropping, exposed) == {'change': 'fixed', 'was': 'dropping', 'rules': ['tw-recycle-dropping']}
    other = make_finding(rule='other', fix={'sysctl': 'net.core.somaxconn', 'text': ''}, **{'class': 'latent'})
    more = make_host('a', 'exposed', findings=[*exposed['findings'], other])
    assert changed(dropping, more)['rules'] == ['other']


def test_a_host_that_cannot_be_reached_is_never_fixed() -> None:
    compared = compare.compare(at(21, lost('a')), at(20, make_host('a', 'dropping')))
    assert compared['hosts'][0]['change'] == {'change': 'unaudited', 'was': 'dropping', 'rules': []}


@pytest.mark.parametrize('status', ['failed', 'unreachable', 'skipped'])
@pytest.mark.parametrize(
    ('fail_on', 'counts'), [('none', False), ('latent', False), ('unknown', True), ('clean', True)]
)
def test_a_lost_host_is_unknown_to_a_report_made_again(status: str, fail_on: str, counts: bool) -> None:
    said = '1 host is %s or worse (audit_fail_on): a %s.' % (fail_on, status)
    assert outcome.stored(at(21, lost('a', status)), fail_on) == [said] * (counts and status != 'skipped')


@pytest.mark.parametrize(
    ('gate', 'failing'),
    [('none', []), ('worse', ['worse', 'unaudited']), ('new', ['worse', 'unaudited', 'new'])],
)
def test_gates(gate: str, failing: list[str]) -> None:
    before = at(
        20, make_host('worse'), make_host('unaudited'), make_host('new', 'stale', findings=[]), make_host('same')
    )
    now = at(21, make_host('worse', 'exposed'), lost('unaudited'), make_host('new', 'stale'), make_host('same'))
    text = ' '.join(outcome.changes(compare.compare(now, before), gate))
    said = {'worse': ' worse worse (', 'unaudited': ' unaudited no longer audited (', 'new': ' new new ('}
    assert [name for name, part in said.items() if part in text] == failing
    if failing:
        assert 'worse worse (clean, now exposed)' in text
        assert ('new new (tw-recycle-enabled)' in text) == (gate == 'new')


@pytest.mark.parametrize(('gate', 'fails'), [('none', False), ('worse', True), ('new', True)])
def test_a_host_that_is_no_longer_there_is_no_longer_audited(gate: str, fails: bool) -> None:
    """One that was lost already (switched off, then taken away) was not audited before either."""
    compared = compare.compare(at(21, make_host('a')), at(20, make_host('a'), make_host('b'), lost('c')))
    assert compared['comparison']['gone'] == ['b', 'c']
    assert problems(compared) == []
    said = '1 host is worse than in the baseline (report_gate): b gone (audited then, not in this report).'
    assert outcome.changes(compared, gate) == [said] * fails


def test_a_host_that_had_no_verdict_has_not_become_worse() -> None:
    now = at(21, make_host('back', 'dropping'), make_host('young', 'dropping'))
    compared = compare.compare(now, at(20, lost('back')))
    assert outcome.changes(compared, 'worse') == []
    [said] = outcome.changes(compared, 'new')
    assert 'back new (tw-recycle-enabled), young new (tw-recycle-enabled)' in said


@pytest.mark.parametrize(
    ('change', 'reason'),
    [
        ({'schema': 2}, 'is of schema 2, not 1'),
        ({'run': None}, 'run: must be an object, is null'),
        ({'run': {**RUN, 'id': 5}}, 'run.id: must be text, is a whole number'),
        ({'run': {**RUN, 'finished': 'today'}}, 'run.finished: must have the form of 2026-11-30T05:00:00Z'),
        ({'hosts': {}}, 'hosts: must be a list, is an object'),
        ({'hosts': [5]}, 'hosts[0]: must be an object, is a whole number'),
        (
            {'hosts': [{**make_host('a'), 'verdict': 'fine'}]},
            "hosts[0].verdict: is 'fine', must be one of dropping, exposed, impaired, latent, unknown, stale",
        ),
        ({'hosts': [{**lost('a'), 'reason': None}]}, 'hosts[0] has no reason'),
        ({'hosts': [make_host('a', 'stale', findings=[{'rule': 'x'}])]}, 'hosts[0].findings[0].class: is missing'),
        (
            {'hosts': [make_host('a', 'stale', findings=[make_finding(severity='x')])]},
            "hosts[0].findings[0].severity: is 'x', must be one of",
        ),
        ({'hosts': [make_host('a', 'x')]}, "hosts[0].verdict: is 'x', must be one of"),
        ({'run': {**RUN, 'finished': '2026-02-30T05:00:00Z'}}, 'run.finished is not a time'),
        ({'run': {**RUN, 'language': 'fr'}}, "run.language: is 'fr', must be one of en, zh"),
        ({'comparison': {}}, 'comparison.baseline: is missing'),
        ({'summary': {}}, 'summary.hosts: is missing'),
        ({'comparison': {**COMPARED, 'changes': {'odd\x1b': 1}}}, 'changes.odd\\x1b: is not known to this version'),
    ],
)
def test_what_is_no_report_is_refused_with_path_and_reason(tmp_path: Path, change: Json, reason: str) -> None:
    path = tmp_path / 'audit.json'
    path.write_text(json.dumps({**make_document(make_host('a')), **change}))
    with pytest.raises(stored.StoredError) as raised:
        stored.read(str(path))
    assert str(raised.value).startswith(str(path))
    assert reason in str(raised.value)


def test_a_source_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(stored.StoredError, match='there is no such file'):
        stored.paths([str(tmp_path / 'none*')])
    with pytest.raises(stored.StoredError, match='No such file'):
        stored.read(str(tmp_path / 'audit.json'))
