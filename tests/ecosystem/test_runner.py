# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The installed collection under ansible-runner, in the private data directory that AWX makes for a job."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

from tests import processes
from tests.fleet import Fleet
from tests.gates.gates import CHECKOUT

SLICES = CHECKOUT / 'docs' / 'examples' / 'runner' / 'slices.sh'
REPORT_DIR = "{{ lookup('ansible.builtin.env', 'AWX_ISOLATED_DATA_DIR') }}/paws-report"
#: An ansible-runner whose stream to the worker of the first slice breaks off
CUTTING = """#!/bin/sh
case $* in *'all[0:'*) %s "$@" | head -c 1000; exit;; esac
exec %s "$@"
"""
# AWX runs a playbook of the project; the collection comes from collections/requirements.yml of the project.
PROJECT = {
    'audit.yml': '---\n- name: Audit\n  import_playbook: nodetcp.paws.audit\n',
    'report.yml': '---\n- name: Report\n  import_playbook: nodetcp.paws.report\n',
}


class Job:
    """One job: `run` a playbook of the project over the hosts of the inventory, or audit them in `slices`."""

    def __init__(self, programs: Path, collections: Path, place: Path, inventory: dict[str, Any]) -> None:
        self.programs, self.collections, self.place = programs, collections, place
        files = {
            'env/envvars': {
                'ANSIBLE_COLLECTIONS_PATH': str(collections),
                'ANSIBLE_HOME': str(place / 'home'),
                'HOME': str(place / 'home'),
            },
            'env/settings': {'idle_timeout': 0, 'job_timeout': 300, 'suppress_ansible_output': True},
            'env/passwords': {},
            'inventory/hosts.json': inventory,
        }
        for name, content in files.items():
            self._write(name, json.dumps(content))
        for name, text in PROJECT.items():
            self._write('project/' + name, text)

    def _write(self, name: str, text: str) -> None:
        (self.place / name).parent.mkdir(parents=True, exist_ok=True)
        (self.place / name).write_text(text, encoding='utf-8')

    def run(self, playbook: str, **extra: object) -> dict[str, Any]:
        """What AWX stores as the artifacts of the job, which it has out of the events."""
        self._write('env/extravars', json.dumps(extra))
        ended = self._program('ansible-runner', 'run', str(self.place), '-p', playbook, '-i', 'job')
        place = self.place / 'artifacts' / 'job'
        said = (place / 'stdout').read_text(encoding='utf-8') if place.exists() else ended.stdout
        assert ended.returncode == 0, said
        assert (place / 'status').read_text(encoding='utf-8') == 'successful'
        return artifacts(place / 'job_events')

    def slices(self, count: int, out: Path, first: Path, **extra: object) -> subprocess.CompletedProcess[str]:
        """The audit in slices by the example; first: a directory that comes before others in PATH."""
        self._write('env/extravars', json.dumps({**extra, 'audit_report_dir': REPORT_DIR}))
        return self._program(str(SLICES), str(count), str(self.place), str(out), first=first)

    def _program(self, *command: str, first: Path | None = None) -> subprocess.CompletedProcess[str]:
        path = [str(place) for place in (first, self.programs) if place] + [os.environ['PATH']]
        given = {'PATH': ':'.join(path), 'LC_ALL': 'C.UTF-8', 'HOME': str(self.place)}
        return processes.run(command, self.place, {**given, 'ANSIBLE_COLLECTIONS_PATH': str(self.collections)})


def artifacts(events: Path) -> dict[str, Any]:
    """What AWX stores as the artifacts of the job, which it has out of the events."""
    found = [json.loads(path.read_text(encoding='utf-8')) for path in events.glob('*.json')]
    (stats,) = (event['event_data'] for event in found if event['event'] == 'playbook_on_stats')
    told: dict[str, Any] = stats['artifact_data']['nodetcp_paws']
    return told


def report(directory: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((directory / 'audit.json').read_text(encoding='utf-8'))
    return document


def test_slices_that_runner_carries_become_one_report(
    programs: Path, installed: Path, small_fleet: Fleet, tmp_path: Path
) -> None:
    """The stream to the first of four breaks off, and the gate of others is for what they find: both reach the end."""
    inventory = json.loads(Path(small_fleet.inventory).read_text(encoding='utf-8'))
    cutting = tmp_path / 'bin' / 'ansible-runner'
    cutting.parent.mkdir()
    cutting.write_text(CUTTING % ((programs / 'ansible-runner',) * 2), encoding='utf-8')
    cutting.chmod(0o755)
    job = Job(programs, installed, tmp_path / 'job', inventory)
    ended = job.slices(4, tmp_path / 'out', cutting.parent, audit_window=0, audit_fail_on='exposed')

    expected = {name: str(host.expect) for name, host in small_fleet.hosts.items()}
    lost, *seen = expected
    slices = [seen[:2], seen[2:3], seen[3:]]
    failed = [any(expected[name] == 'exposed' for name in names) for names in slices]
    assert sorted(set(failed)) == [False, True], 'some fail, some do not'
    said = re.findall(r'^slice (\d) of 4 ended with ([^:]+)', ended.stdout, re.MULTILINE)
    assert said == [('1', 'no answer'), *((str(number), '2') for number, bad in enumerate(failed, 2) if bad)]
    assert ended.returncode == 2, ended.stdout
    whole = report(tmp_path / 'out' / 'whole')
    assert {host['name']: host['verdict'] for host in whole['hosts']} == {**expected, lost: 'unknown'}
    text = ' '.join(ended.stdout.split())
    assert '1 host of report_hosts is in none of the reports: %s.' % lost in text
    assert 'are exposed or worse (audit_fail_on): exposed-el7' in text

    # As the last node of a workflow, which has the reports on storage that lasts
    places = [tmp_path / 'out' / str(number) / 'artifacts' for number in (2, 3, 4)]
    assert [artifacts(place / 'job_events')['hosts'] for place in places] == list(map(len, slices))
    told = Job(programs, installed, tmp_path / 'merge', inventory).run(
        'report.yml',
        report_from=[str(place / 'paws-report') for place in places],
        audit_report_dir=str(tmp_path / 'merged'),
    )
    merged = report(tmp_path / 'merged')
    assert {name: told[name] for name in merged['summary']} == merged['summary']
    assert merged['hosts'] == [host for host in whole['hosts'] if host['name'] != lost]
