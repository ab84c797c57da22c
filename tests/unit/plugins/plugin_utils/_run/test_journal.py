# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of a run: what it keeps, what a torn or a foreign one costs, and who may go on with it."""

from __future__ import annotations

import json
import multiprocessing
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nodetcp.paws.plugins.plugin_utils._remediate import proposal
from ansible_collections.nodetcp.paws.plugins.plugin_utils._report import entries
from ansible_collections.nodetcp.paws.plugins.plugin_utils._run import journal
from ansible_collections.nodetcp.paws.plugins.plugin_utils._run.journal import Journal, JournalError
from ansible_collections.nodetcp.paws.plugins.plugin_utils._run.resume import resume
from tests.unit.plugins.plugin_utils._report.builders import make_result

RUN = '20261130T050000Z-0123abcd'
FORKED = multiprocessing.get_context('fork')


def entry(name: str, verdict: str = 'clean') -> Any:
    host = entries.observed(name, ['web'], make_result(verdict))
    host['proposal'] = proposal.of(host, proposal.scope_of({}), {})
    return {'host': host, 'sample': None}


def head(**changes: Any) -> Any:
    ended = {'pid': 2**22 + 1, 'began': '1'}  # more than any process has (proc_sys_kernel(5), pid_max)
    return {'run': RUN, 'started': 1790000000.5, 'collection_version': '0.3.0', 'owner': ended, **changes}


@pytest.fixture
def found(tmp_path: Path) -> Journal:
    made = Journal(journal.place(str(tmp_path), RUN))
    made.begin(head())
    return made


def lines(found: Journal) -> Path:
    return Path(found.directory, 'journal')


def test_hosts_come_back_as_they_were_and_nobody_else_may_read_them(found: Journal) -> None:
    for each in (entry('a', 'exposed'), entry('b'), entry('a')):
        found.append(each)
    assert found.hosts() == {'a': entry('a')['host'], 'b': entry('b')['host']}, 'the last entry of a host counts'
    assert [found.at(place) for place, _entry in found.entries()] == [entry('a', 'exposed'), entry('b'), entry('a')]
    assert stat.S_IMODE(os.stat(found.directory).st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in Path(found.directory).iterdir()} == {0o600}


def test_a_torn_line_costs_its_host_and_not_the_next_one(found: Journal) -> None:
    found.append(entry('a'))
    whole = lines(found).read_bytes()
    for cut in (1, 2, len(whole) // 2, len(whole) - 2):
        lines(found).write_bytes(whole + whole[:cut])
        found.append(entry('b'))
        assert sorted(found.hosts()) == ['a', 'b']


def test_processes_that_write_at_once_lose_nothing(found: Journal) -> None:
    def write(worker: int) -> None:
        for number in range(20):
            found.append(entry('host-%d-%d' % (worker, number)))

    workers = [FORKED.Process(target=write, args=(worker,)) for worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(found.hosts()) == 80


def test_what_somebody_else_wrote_is_passed_over(found: Journal) -> None:
    bad = [entry('x')]
    bad[0]['host']['findings'] = {'rule': 'x'}
    wrong = [b'\xff\xfe', b'[' * 100000, b'null', b'{}', json.dumps(bad[0]).encode(), json.dumps([entry('x')]).encode()]
    lines(found).write_bytes(b'\n'.join(wrong) + b'\n')
    found.append(entry('a'))
    assert sorted(found.hosts()) == ['a']


def test_a_host_that_is_too_large_is_refused(found: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, 'LINE_MAX', 200)
    with pytest.raises(JournalError, match='more than 200'):
        found.append(entry('a'))


def taken(found: Journal, asked: str = RUN, version: str = '0.3.0', expected: tuple[str, ...] = ('a', 'b')) -> Any:
    home = str(Path(found.directory).parents[2])
    return resume(asked, home, version, expected, os.getpid())


def test_a_run_is_gone_on_with_by_its_id_or_its_directory(found: Journal) -> None:
    found.append(entry('a'))
    for asked in (RUN, found.directory):
        found.own(head())
        resumed = taken(found, asked)
        assert (resumed.head['run'], resumed.hosts) == (RUN, {'a'})
        assert resumed.head['started'] == 1790000000.5


def test_what_keeps_a_run_from_being_gone_on_with_is_said(found: Journal, tmp_path: Path) -> None:
    for name in 'abc':
        found.append(entry(name))
    with pytest.raises(JournalError, match=r'x: there is no such run\. Runs that can be gone on with: %s' % RUN):
        taken(found, 'x')
    with pytest.raises(
        JournalError, match=r'version 0\.3\.0 of the collection has begun run .* this is version 0\.4\.0'
    ):
        taken(found, version='0.4.0')
    with pytest.raises(JournalError, match='not among those of this run: c'):
        taken(found)
    found.own(head(owner=journal.owner(os.getpid())))
    with pytest.raises(JournalError, match=r'still goes on \(process %d\)' % os.getpid()):
        taken(found)
    Path(found.directory, 'run.json').write_text('{"run": "../x"}')
    with pytest.raises(JournalError, match='holds no run of this collection'):
        taken(found)
    os.chmod(found.directory, 0o777)
    with pytest.raises(JournalError, match='only you can write to'):
        taken(found)


def test_a_process_that_only_has_the_number_of_the_one_that_ended_is_another(found: Journal) -> None:
    found.own(head(owner={'pid': os.getpid(), 'began': '1'}))
    assert taken(found).hosts == frozenset()


def test_hosts_that_are_being_asked_are_waited_for(found: Journal) -> None:
    begun, told = FORKED.Event(), FORKED.Event()

    def work() -> None:
        with found.working(head()['owner']['pid']):
            begun.set()
            told.wait(30)
            found.append(entry('a'))

    worker = FORKED.Process(target=work)
    worker.start()
    assert begun.wait(30)
    with pytest.raises(JournalError, match='still being asked'), found.alone(0):
        pass
    told.set()
    assert taken(found).hosts == {'a'}
    worker.join()


def test_a_worker_that_comes_late_asks_no_host(found: Journal) -> None:
    taken(found)
    with pytest.raises(JournalError, match='another one has gone on with it'), found.working(head()['owner']['pid']):
        pass


def test_a_new_run_clears_away_what_nobody_has_gone_on_with(found: Journal, tmp_path: Path) -> None:
    os.utime(found.directory, (0, 0))
    other = Journal(journal.place(str(tmp_path), RUN.replace('a', 'b')))
    other.begin(head())
    assert journal.runs(str(tmp_path)) == [RUN.replace('a', 'b')]
    other.drop()
    assert journal.runs(str(tmp_path)) == []
