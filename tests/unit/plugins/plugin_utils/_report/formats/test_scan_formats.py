# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reports of a scan, read by what reads them: the schemas of SARIF and JUnit, a Markdown parser, a terminal."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.message import message
from ansible_collections.nodetcp.paws.plugins.plugin_utils._messages.telling import spoken
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import scan_files
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report.formats import scan_junit, scan_sarif, scan_text
from tests.unit.plugins.plugin_utils._report.formats.test_formats import (
    HIDDEN,
    HOSTILE,
    read_junit,
    read_markdown,
    read_sarif,
)

CHECKOUT = Path(__file__).resolve().parents[6]
Json = dict[str, Any]


def finding(path: str = 'a/b c.conf', level: str = 'error', fix: Json | None = None, **more: Any) -> Json:
    return {
        'path': path, 'line': 3, 'key': 'net.ipv4.tcp_tw_recycle', 'value': '1', 'level': level,
        'rule': 'tw-recycle-exposed', 'fix': fix, 'kernels': {'3.10': level},
        'text': message('scan/recycle', key='net.ipv4.tcp_tw_recycle', value='1'), **more,
    }  # fmt: skip


def document(*findings: Json, **more: Any) -> Json:
    made: Json = spoken({
        'schema': 1, 'collection_version': '0.3.0', 'kernels': ['3.10'], 'files': {'seen': 9, 'read': 2},
        'findings': list(findings), 'known': [], 'suppressed': [], 'shadowed': [], 'notices': [], **more,
    })  # fmt: skip
    return made


REPLACED = {'line': 3, 'old': 'x = 1', 'new': 'x = 0', 'diff': ''}
REMOVED = {'line': 3, 'old': 'x = 1', 'new': None, 'diff': ''}


def test_sarif_names_the_line_and_replaces_or_deletes_it() -> None:
    accepted = finding(reason='a laboratory')
    made = document(finding(fix=REPLACED), finding(fix=REMOVED), suppressed=[accepted])
    results = read_sarif(scan_sarif.render(made, 'en'))['runs'][0]['results']
    location = results[0]['locations'][0]['physicalLocation']
    assert location['artifactLocation']['uri'] == 'a/b%20c.conf'
    assert location['region'] == {'startLine': 3}
    changes = [each['fixes'][0]['artifactChanges'][0]['replacements'][0] for each in results[:2]]
    assert changes[0] == {
        'deletedRegion': {'startLine': 3, 'startColumn': 1, 'endLine': 3, 'endColumn': 6},
        'insertedContent': {'text': 'x = 0'},
    }
    assert changes[1] == {'deletedRegion': {'startLine': 3, 'startColumn': 1, 'endLine': 4, 'endColumn': 1}}
    assert results[2]['suppressions'][0]['justification'] == 'a laboratory'


def test_junit_fails_what_counts_and_skips_the_rest() -> None:
    made = document(finding(), finding(level='note'), known=[finding('old.conf')], suppressed=[finding(reason='lab')])
    root = read_junit(scan_junit.render(made, 'en'))
    assert [(suite.get('name'), suite.get('tests'), suite.get('failures')) for suite in root] == [
        ('a/b c.conf', '3', '1'),
        ('old.conf', '1', '0'),
    ]
    assert read_junit(scan_junit.render(document(), 'en'))[0].get('failures') == '0'


@pytest.mark.parametrize('language', ['en', 'zh'])
def test_text_of_files_is_data_in_every_format(language: str) -> None:
    made = document(
        finding(HOSTILE, value=HOSTILE, fix={**REPLACED, 'new': HOSTILE}),
        notices=[{'path': HOSTILE, 'text': message('scan/binary')}],
        suppressed=[finding(HOSTILE, reason=HOSTILE)],
    )
    read_sarif(scan_sarif.render(made, language))
    read_junit(scan_junit.render(made, language))
    shown, rows = read_markdown(scan_text.page(made, language))
    assert '<script' not in shown
    assert '<img' not in shown
    assert [len(row) for row in rows if row] == [4]
    for text in (scan_text.console(made, language), scan_text.page(made, language)):
        assert not HIDDEN.search(text)


def test_the_console_has_a_line_for_each_finding_and_the_numbers() -> None:
    made = document(finding(fix=REPLACED), finding('n.sh', 'note'))
    rows = scan_text.console(made, 'en').split('\n')
    assert rows[0].startswith('a/b c.conf:3: error: net.ipv4.tcp_tw_recycle=1: the server drops SYNs')
    assert rows[1] == '    fix: x = 0'
    assert rows[-1] == '1 error, 0 warnings, 1 note in 9 files'
    assert scan_text.console(made, 'zh').rsplit('\n', maxsplit=1)[-1] == '9 个文件：错误 1，警告 0，提示 1'
    assert scan_text.console(document(), 'en') == 'no findings in 9 files'


def test_the_level_decides_how_a_run_ends() -> None:
    made = document(finding(level='warning'))
    assert str(scan_files.failure(made, 'warning')) == (
        '1 finding is of level warning or worse (scan_fail_on): a/b c.conf:3.'
    )
    assert [scan_files.failure(made, level) is None for level in scan_files.FAIL_ON] == [True, False, False, True]


def test_a_baseline_that_is_no_report_is_refused(tmp_path: Path) -> None:
    (tmp_path / 'scan.json').write_text('[]')
    with pytest.raises(scan_files.ScanError, match='holds no JSON object'):
        scan_files.baseline(str(tmp_path))
    (tmp_path / 'scan.json').write_text('{"findings": [1, {"path": "a"}], "known": 3}')
    assert scan_files.baseline(str(tmp_path)) == [{'path': 'a'}]


def played(place: Path, **variables: Any) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith('ANSIBLE_')}
    environment.update(ANSIBLE_CONFIG=str(CHECKOUT / 'ansible.cfg'), COLUMNS='400')
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ['PATH']])
    command = [shutil.which('ansible-playbook', path=path) or '', str(CHECKOUT / 'playbooks' / 'scan.yml')]
    return subprocess.run(
        [*command, '-e', json.dumps(variables)],
        cwd=place, env=environment, text=True, capture_output=True, timeout=120, check=False,
    )  # fmt: skip


def test_the_playbook_scans_here_writes_and_fails(tmp_path: Path) -> None:
    (tmp_path / 'a.conf').write_text('net.ipv4.tcp_tw_recycle = 1\n')
    run = played(tmp_path, scan_formats=['json', 'sarif', 'junit', 'markdown'], audit_language='zh')
    assert run.returncode == 2
    assert '服务端会丢弃' in run.stdout
    assert sorted(path.name for path in (tmp_path / 'paws-report').iterdir()) == [
        'scan.json',
        'scan.junit.xml',
        'scan.md',
        'scan.sarif',
    ]
    (only,) = json.loads((tmp_path / 'paws-report' / 'scan.json').read_text())['findings']
    assert (only['path'], only['line'], only['level'], only['rule']) == ('a.conf', 1, 'error', 'tw-recycle-exposed')
    run = played(tmp_path, scan_baseline='paws-report', scan_kernels='3.10')
    assert (run.returncode, '1 known from the baseline' in run.stdout) == (0, True)


@pytest.mark.parametrize(
    ('variables', 'said'),
    [
        ({'scan_paths': 'nowhere'}, "scan_paths: 'nowhere' does not exist"),
        ({'scan_kernels': 'latest'}, "scan_kernels: 'latest' is not a kernel version"),
        ({'scan_baseline': 'nowhere'}, 'scan_baseline: nowhere cannot be read'),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, variables: Json, said: str) -> None:
    run = played(tmp_path, **variables)
    assert run.returncode == 2
    assert said in re.sub(r'\s+', ' ', run.stdout + run.stderr)
