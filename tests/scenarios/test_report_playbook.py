# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real runs of report.yml: reports again from stored ones, of slices, of yesterday, and the exit status of a gate."""

from __future__ import annotations

import json
import shutil

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.writing import FORMATS
from tests.scenarios.test_audit_playbook import CHECKOUT, Site, host, site
from tests.unit.plugins.plugin_utils._report.builders import problems
from tests.unit.plugins.plugin_utils._report.test_diagnosis import made

__all__ = ['site']
REPORT = str(CHECKOUT / 'playbooks' / 'report.yml')
EVERY = 'audit_formats=%s' % ','.join(FORMATS)


@pytest.fixture
def stored(site: Site) -> Site:
    """A fleet of six, audited as a whole (paws-report) and in three slices (slices/N)."""
    trees = ('exposed', 'safe', 'missing')
    site.inventory(*(host(site, 'h%d' % number, trees[number % 3]) for number in range(6)))
    site.play()
    for number in range(3):
        limit = 'h%d,h%d' % (2 * number, 2 * number + 1)
        site.play('--limit', limit, '-e', 'audit_report_dir=slices/%d' % number)
    (site.place / 'hosts').unlink()
    return site


def test_three_slices_have_the_totals_of_one_run_over_all(stored: Site) -> None:
    whole = stored.report()
    (stored.place / 'slices' / '1' / 'diagnose.json').write_text(json.dumps(made()))
    arguments = ['-e', 'report_from=slices/*', '-e', 'audit_report_dir=merged', '-e', EVERY, '-e', 'audit_language=zh']
    run = stored.play(*arguments, playbook=REPORT)
    assert run.returncode == 0, run.stdout + run.stderr
    merged = json.loads((stored.place / 'merged' / 'audit.json').read_text())
    assert problems(merged) == []
    assert merged['summary'] == whole['summary']
    assert len(merged['run']['merged']) == 3
    assert merged['run']['commands'] == whole['run']['commands']
    assert whole['run']['commands']['remediate'].startswith('ansible-playbook ')
    names = {'audit.json', *(file for file, _render in FORMATS.values())}
    assert {path.name for path in (stored.place / 'merged').iterdir()} == names
    page = (stored.place / 'merged' / 'audit.html').read_text()
    assert '<html lang="zh-Hans">' in page
    assert 'SYN 遇到 TIME_WAIT 套接字，且时间戳更旧' in page, 'the diagnosis that lay beside a slice'
    assert '6 台主机：2 台已暴露' in run.stdout
    assert 'changed=0' in run.stdout


def test_commands_of_slices_that_were_started_in_different_ways_are_those_of_the_report(stored: Site) -> None:
    for number in range(3):
        path = stored.place / 'slices' / str(number) / 'audit.json'
        report = json.loads(path.read_text())
        commands = report['run']['commands']
        report['run']['commands'] = {
            name: text.replace('-i hosts', '-i slice%d' % number) for name, text in commands.items()
        }
        path.write_text(json.dumps(report))
    (stored.place / 'fleet').write_text('h0\n')
    arguments = ['-i', 'fleet', '-e', 'report_from=slices/*', '-e', 'audit_report_dir=merged']
    run = stored.play(*arguments, playbook=REPORT)
    assert run.returncode == 0, run.stdout + run.stderr
    merged = json.loads((stored.place / 'merged' / 'audit.json').read_text())
    assert merged['run']['commands']['remediate'].startswith('ansible-playbook -i fleet -b ')


def test_formats_are_made_again_beside_the_stored_report(stored: Site) -> None:
    before = stored.report()
    run = stored.play('-e', 'audit_formats=csv', '-e', 'audit_fail_on=exposed', playbook=REPORT)
    assert run.returncode == 2
    assert '2 hosts are exposed or worse (audit_fail_on): h0 exposed, h3 exposed.' in run.stdout
    assert (stored.place / 'paws-report' / 'audit.csv').exists()
    gate = {'audit_fail_on': 'exposed', 'report_gate': 'none'}
    assert stored.report() == {**before, 'run': {**before['run'], 'gate': gate}}, 'only the gate is that of this run'


def test_a_gate_ends_the_run_where_something_became_worse(stored: Site) -> None:
    shutil.copytree(stored.place / 'paws-report', stored.place / 'yesterday')
    document = stored.report()
    for entry in document['hosts']:
        if entry['name'] == 'h0':
            entry.update(verdict='clean', findings=[])
    (stored.place / 'yesterday' / 'audit.json').write_text(json.dumps(document))
    arguments = ['-e', 'report_baseline=yesterday', '-e', 'audit_report_dir=compared']
    run = stored.play(*arguments, playbook=REPORT)
    assert run.returncode == 0, run.stdout + run.stderr
    assert ': 1 worse, 5 unchanged' in run.stdout
    compared = json.loads((stored.place / 'compared' / 'audit.json').read_text())
    assert problems(compared) == []
    run = stored.play(*arguments, '-e', 'report_gate=worse', playbook=REPORT)
    assert run.returncode == 2
    assert '1 host is worse than in the baseline (report_gate): h0 worse (clean, now exposed).' in run.stdout


@pytest.mark.parametrize(
    ('arguments', 'reason'),
    [
        (['report_from=none'], 'none: there is no such file'),
        (['report_from=slices/*', 'audit_report_dir=slices/0'], 'give another audit_report_dir'),
        (['report_baseline=slices/0'], 'give another audit_report_dir'),
        (['report_from=hostile.json'], 'is not an audit.json of this collection: is of schema None, not 1'),
        (['report_from=slices/0', 'report_gate=worse'], 'report_gate=worse compares with a baseline'),
        (['report_hosts=web'], 'report_hosts matches no host of the inventory'),
        (['report_gate=better'], 'value of gate must be one of: none, worse, new'),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_replaced(site: Site, arguments: list[str], reason: str) -> None:
    for place in ('paws-report', 'slices/0', 'slices/1'):
        (site.place / place).mkdir(parents=True)
        (site.place / place / 'audit.json').write_text('{}')
    (site.place / 'hostile.json').write_text('{"hosts": []}')
    run = site.play(*(word for each in arguments for word in ('-e', each)), playbook=REPORT)
    assert run.returncode == 2
    assert reason in ' '.join(run.stdout.split())
    for path in site.place.glob('*/audit.json'):
        assert path.read_text() == '{}'
