# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files on the controller: reports that are written, records that are read, and what a run remembers."""

from __future__ import annotations

import contextlib
import fcntl
import json
import multiprocessing
import os
import resource
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import json_file, offline, writing
from ansible_collections.nodetcp.paws.plugins.plugin_utils._run import run
from ansible_collections.nodetcp.paws.plugins.plugin_utils._text.whole_file import replace
from tests.unit.plugins.plugin_utils._report.builders import make_document, make_host, make_result, problems
from tests.unit.plugins.plugin_utils._report.test_diagnosis import made


def write(document: dict[str, Any], directory: Path, formats: list[str] | None = None) -> list[str]:
    return writing.write_all(document, str(directory / 'report'), formats or [], str(directory / 'lock'))


def pending(number: int, *hosts: dict[str, Any]) -> dict[str, Any]:
    document = make_document(*hosts)
    document['run']['pending'] = number
    return document


def test_json_is_always_written_other_formats_where_asked(tmp_path: Path) -> None:
    document = make_document(make_host('web1', 'exposed'))
    assert [os.path.basename(path) for path in write(document, tmp_path)] == ['audit.json']
    written = write(document, tmp_path, ['json', 'html'])
    assert [os.path.basename(path) for path in written] == ['audit.json', 'audit.html']
    assert json.loads((tmp_path / 'report' / 'audit.json').read_text()) == document
    assert sorted(os.listdir(tmp_path / 'report')) == ['audit.html', 'audit.json'], 'nothing temporary is left'


def test_reports_get_the_mode_that_the_umask_gives(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        [path] = write(make_document(), tmp_path)
    finally:
        os.umask(before)
    assert os.stat(path).st_mode & 0o777 == 0o640


def test_a_full_disk_leaves_the_report_that_was_there(tmp_path: Path) -> None:
    """All of it: a new audit.json beside an old page would be two reports."""
    place = tmp_path / 'report'
    files = [Path(path) for path in write(make_document(make_host('old')), tmp_path, ['html'])]
    before = {path: path.read_text() for path in files}
    room = max(len(before[files[0]]) * 2, 16384)
    assert len(before[files[1]]) > room, 'the page does not fit'
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        with pytest.raises(OSError, match='File too large'):
            write(make_document(make_host('new')), tmp_path, ['html'])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert {path: path.read_text() for path in place.iterdir()} == before


def test_a_poorer_report_never_replaces_a_fuller_one_of_the_same_run(tmp_path: Path) -> None:
    fuller = pending(1, make_host('a'), make_host('b'), make_host('c'))
    assert write(fuller, tmp_path)
    assert write(pending(2, make_host('a'), make_host('b'), make_host('c')), tmp_path) == []
    assert json.loads((tmp_path / 'report' / 'audit.json').read_text()) == fuller
    assert write(pending(0, make_host('a'), make_host('b'), make_host('c')), tmp_path)


def test_a_report_of_another_run_is_replaced(tmp_path: Path) -> None:
    assert write(pending(0, make_host('a'), make_host('b')), tmp_path)
    other = make_document(make_host('a'))
    other['run']['id'] = '20261122T060000Z-ffffffff'
    assert write(other, tmp_path)


@pytest.mark.parametrize('text', ['', '{', '[]', '{"run": 1}', '{"run": {"id": "x"}, "summary": {}}', '\udcff'])
def test_whatever_lies_there_is_replaced(tmp_path: Path, text: str) -> None:
    (tmp_path / 'report').mkdir()
    (tmp_path / 'report' / 'audit.json').write_text(text, errors='surrogateescape')
    assert write(make_document(), tmp_path)


def test_a_reader_never_sees_half_a_report(tmp_path: Path) -> None:
    document = make_document(*(make_host('h%d' % number) for number in range(50)))
    write(document, tmp_path)
    path, done, seen = tmp_path / 'report' / 'audit.json', threading.Event(), []

    def read() -> None:
        while not done.is_set():
            seen.append(json.loads(path.read_text()))

    reader = threading.Thread(target=read)
    reader.start()
    for _round in range(30):
        write(document, tmp_path)
    done.set()
    reader.join()
    assert seen
    assert all(found == document for found in seen)


@contextlib.contextmanager
def taken(directory: Path) -> Iterator[None]:
    """The directory as it is while another run writes to it."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def test_a_run_waits_until_another_has_written_its_report(tmp_path: Path) -> None:
    """Each has a lock of its own, in a directory that only its processes know."""
    report = tmp_path / 'report'
    report.mkdir()
    writer = threading.Thread(target=write, args=(make_document(), tmp_path, ['markdown']))
    with taken(report):
        writer.start()
        writer.join(0.5)
        assert os.listdir(report) == []
    writer.join()
    assert sorted(os.listdir(report)) == ['audit.json', 'audit.md']


def test_a_lock_that_somebody_keeps_costs_no_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, '_PATIENCE', 0.0)
    (tmp_path / 'report').mkdir()
    with taken(tmp_path / 'report'):
        assert write(make_document(), tmp_path)


def test_a_diagnosis_goes_into_the_page_of_the_report_that_is_there_at_last(tmp_path: Path) -> None:
    report = tmp_path / 'report'
    write(make_document(make_host('early')), tmp_path, ['html'])
    asked = threading.Thread(target=writing.show_diagnosis, args=(made(), str(report), 'en', ''))
    with taken(report):
        asked.start()
        asked.join(0.5)
        replace(str(report / 'audit.json'), json.dumps(make_document(make_host('late'))))
    asked.join()
    page = (report / 'audit.html').read_text()
    assert 'late' in page
    assert 'early' not in page


def test_two_runs_into_one_directory_leave_the_report_of_one(tmp_path: Path) -> None:
    ids = ['20261122T06000%dZ-ffffffff' % number for number in range(2)]
    context = multiprocessing.get_context('fork')
    together = context.Barrier(len(ids) + 1, timeout=60)
    report, rounds = str(tmp_path / 'report'), 20

    def run_of(run_id: str) -> None:
        document = make_document(*(make_host('h%d' % number, 'exposed') for number in range(20)))
        document['run']['id'] = run_id
        for _round in range(rounds):
            together.wait()
            writing.write_all(document, report, ['markdown', 'html'], str(tmp_path / run_id))
            together.wait()

    running = [context.Process(target=run_of, args=(run_id,), daemon=True) for run_id in ids]
    for process in running:
        process.start()
    for _round in range(rounds):
        together.wait()
        together.wait()
        found = [(tmp_path / 'report' / name).read_text() for name in ('audit.json', 'audit.md', 'audit.html')]
        assert [sum(run_id in text.replace('\\', '') for text in found) for run_id in ids] in ([3, 0], [0, 3])
    for process in running:
        process.join()


def judge(stem: str, record: dict[str, Any]) -> dict[str, Any]:
    if record.get('schema') != 1:
        raise json_file.UnusableFile('schema %r is not 1' % record.get('schema'))
    return make_result('exposed', summary='record of %s' % stem)


def test_records_become_entries_named_after_their_files(tmp_path: Path) -> None:
    for name in ('web1.json', 'web2.json', 'notes.txt'):
        (tmp_path / name).write_text('{"schema": 1}')
    found = offline.read_directory(str(tmp_path), {'web2'}, judge)
    assert [entry['name'] for entry in found] == ['web1', 'web2 (web2.json)']
    assert [entry['source']['file'] for entry in found] == [str(tmp_path / name) for name in ('web1.json', 'web2.json')]
    assert problems(make_document(*found)) == []


@pytest.mark.parametrize(
    ('content', 'reason'),
    [
        (b'', 'is empty'),
        (b' \n', 'is empty'),
        (b'\xff\xfe', 'is not JSON in UTF-8'),
        (b'{"schema": 1', 'is not JSON in UTF-8'),
        (b'{"schema": NaN}', 'NaN is not a JSON number'),
        (b'[' * 100000, 'is nested too deeply'),
        (b'[1]', 'holds no JSON object'),
        (b'{"schema": 2}', 'schema 2 is not 1'),
    ],
)
def test_a_file_that_is_no_record_is_a_failed_entry_that_names_it(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / 'bad.json').write_bytes(content)
    (tmp_path / 'good.json').write_text('{"schema": 1}')
    bad, good = offline.read_directory(str(tmp_path), set(), judge)
    assert (bad['name'], bad['status'], good['status']) == ('bad', 'failed', 'ok')
    assert str(tmp_path / 'bad.json') in bad['reason']
    assert reason in bad['reason']


def test_what_is_too_large_or_no_file_is_not_read(tmp_path: Path) -> None:
    with open(tmp_path / 'big.json', 'wb') as handle:
        handle.truncate(1 << 30)
    os.mkfifo(tmp_path / 'fifo.json')
    os.mkdir(tmp_path / 'folder.json')
    os.symlink('/nonexistent', tmp_path / 'link.json')
    reasons = {entry['name']: entry['reason'] for entry in offline.read_directory(str(tmp_path), set(), judge)}
    assert '1073741824 bytes are more than the 16777216 allowed' in reasons['big']
    assert 'is not a regular file' in reasons['fifo']
    assert 'is not a regular file' in reasons['folder'] or 'Is a directory' in reasons['folder']
    assert 'No such file' in reasons['link']


def test_a_run_is_the_same_for_all_its_tasks(tmp_path: Path) -> None:
    first = run.identify(str(tmp_path))
    assert run.identify(str(tmp_path)) == first
    (tmp_path / 'other').mkdir()
    assert run.identify(str(tmp_path / 'other')).id != first.id


def test_of_those_that_come_together_one_is_the_first(tmp_path: Path) -> None:
    barrier, answers = threading.Barrier(8), list[bool]()

    def come() -> None:
        barrier.wait()
        answers.append(run.first(str(tmp_path), 'table'))

    threads = [threading.Thread(target=come) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False] * 7 + [True]
    assert run.first(str(tmp_path), 'another')


def test_work_is_done_once_and_all_get_its_result(tmp_path: Path) -> None:
    results: list[Any] = []
    barrier = threading.Barrier(8)

    def ask(number: int) -> None:
        barrier.wait()
        results.append(run.once(str(tmp_path), 'key', lambda: {'number': number}))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8
    assert all(result == results[0] for result in results)
    assert run.once(str(tmp_path), 'key', dict) == results[0]
    assert os.listdir(tmp_path) == ['nodetcp_paws_key.json']
