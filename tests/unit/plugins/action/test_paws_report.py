# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""paws_report in a real play whose hosts already carry the results that paws_audit would have registered."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.unit.plugins.plugin_utils._report.builders import make_result, problems
from tests.unit.plugins.plugin_utils._report.formats import page_reader
from tests.unit.plugins.plugin_utils._report.test_diagnosis import made

CHECKOUT = Path(__file__).resolve().parents[4]
HOSTILE = '\x1b[31mred\x07 \u202eback\u2066 {{ 7 * 191 }} <b>'


def report(
    place: Path, results: dict[str, dict[str, Any]], **options: Any
) -> tuple[subprocess.CompletedProcess[str], Any]:
    """The run of a play of these hosts with paws_report alone, and audit.json, if there is one."""
    hosts = {name: {'__audit_result': result} for name, result in results.items()}
    (place / 'hosts.json').write_text(json.dumps({'all': {'hosts': hosts}}))
    task = {
        'name': 'Report',
        'nodetcp.paws.paws_report': {'report_dir': 'out', **options},
        'run_once': True,
        'register': 'told',
    }
    show = {'name': 'Show', 'ansible.builtin.debug': {'var': 'told.failure'}, 'run_once': True}
    (place / 'play.yml').write_text(json.dumps([{'hosts': 'all', 'gather_facts': False, 'tasks': [task, show]}]))
    environment = {name: value for name, value in os.environ.items() if not name.startswith('ANSIBLE_')}
    environment.update(ANSIBLE_CONFIG=str(CHECKOUT / 'ansible.cfg'), COLUMNS='200')
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ['PATH']])
    command = [shutil.which('ansible-playbook', path=path) or '', '-i', 'hosts.json', 'play.yml']
    run = subprocess.run(command, cwd=place, env=environment, text=True, capture_output=True, timeout=120, check=False)
    written = place / 'out' / 'audit.json'
    return run, json.loads(written.read_text()) if written.exists() else None


def test_verdicts_become_a_report_and_a_reason_to_fail(tmp_path: Path) -> None:
    results = {'a': make_result(), 'b': make_result('exposed'), 'c': {'unreachable': True, 'msg': 'no route'}}
    run, document = report(tmp_path, results, fail_on='latent')
    assert run.returncode == 0, 'ending the run is another task'
    assert problems(document) == []
    assert [host['name'] for host in document['hosts']] == ['b', 'c', 'a']
    assert '1 host is not audited in full: c unreachable (no route)' in run.stdout
    assert '1 host is latent or worse (audit_fail_on): b exposed.' in run.stdout


def test_a_second_look_of_the_same_task_that_failed_is_told(tmp_path: Path) -> None:
    first = {**make_result('exposed'), 'watch': True, 'second_look': {'unreachable': True, 'msg': 'no route'}}
    run, document = report(tmp_path, {'a': first}, window=10)
    assert [(host['verdict'], host['status']) for host in document['hosts']] == [('exposed', 'ok')]
    assert 'second look' in document['hosts'][0]['reason']
    assert 'no route' in document['hosts'][0]['reason']
    assert run.stdout.count('1 host: 1 exposed') == 1, 'nothing is waited for: the table is shown'


def test_text_of_nodes_is_neither_shown_raw_nor_templated(tmp_path: Path) -> None:
    bad = make_result('exposed', summary=HOSTILE, unavailable={'part': HOSTILE})
    run, document = report(tmp_path, {'a': bad, 'b': {'failed': True, 'msg': HOSTILE}})
    assert run.returncode == 0, run.stdout + run.stderr
    assert document['hosts'][0]['unavailable'] == {'part': HOSTILE}, 'JSON keeps it as it was'
    assert not re.search('[\x1b\x07\u202e\u2066]', run.stdout)
    assert '1337' not in run.stdout + page_reader.whole((tmp_path / 'out' / 'audit.html').read_text())
    assert '\\x1b[31mred\\x07 \\u202eback\\u2066' in run.stdout


def test_unknown_formats_and_classes_are_refused(tmp_path: Path) -> None:
    run, document = report(tmp_path, {'a': make_result()}, formats='json,pdf')
    assert run.returncode == 2
    assert 'pdf' in run.stdout
    assert document is None


def test_a_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / 'file').write_text('')
    run, _document = report(tmp_path, {'a': make_result()}, report_dir='file/out')
    assert run.returncode == 2
    assert 'the report cannot be written to file/out' in run.stdout


def test_a_diagnosis_that_lies_there_becomes_a_part_and_a_broken_one_costs_a_warning(tmp_path: Path) -> None:
    (tmp_path / 'out').mkdir()
    lying = tmp_path / 'out' / 'diagnose.json'
    lying.write_text(json.dumps(made()))
    run, document = report(tmp_path, {'a': make_result()}, language='zh')
    assert problems(document) == []
    assert [each['conclusion']['cause'] for each in document['diagnoses']] == ['time_wait_collision']
    assert 'SYN 遇到 TIME_WAIT 套接字，且时间戳更旧' in (tmp_path / 'out' / 'audit.html').read_text(encoding='utf-8')
    assert 'WARNING' not in run.stderr
    lying.write_text(lying.read_text()[:-100])
    run, document = report(tmp_path, {'a': make_result()})
    assert run.returncode == 0, run.stdout
    assert 'diagnoses' not in document
    assert 'the report is without the diagnosis: ' in ' '.join(run.stderr.split())
