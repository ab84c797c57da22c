# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The installed collection under ansible-runner, in the private data directory that AWX makes for a job."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from tests.fleet import Fleet

# AWX runs a playbook of the project; the collection comes from collections/requirements.yml of the project.
PROJECT = {
    'audit.yml': '---\n- name: Audit\n  import_playbook: nodetcp.paws.audit\n',
    'report.yml': '---\n- name: Report\n  import_playbook: nodetcp.paws.report\n',
}


class Job:
    """One job: `run` a playbook of the project over these hosts of the inventory, as one slice of it."""

    def __init__(self, programs: Path, collections: Path, place: Path, inventory: dict[str, Any]) -> None:
        self.programs, self.place = programs, place
        files = {
            'env/envvars': {
                'ANSIBLE_COLLECTIONS_PATH': str(collections),
                'ANSIBLE_HOME': str(place / 'home'),
                'HOME': str(place / 'home'),
            },
            'env/settings': {'idle_timeout': 0, 'job_timeout': 120, 'suppress_ansible_output': True},
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
        command = [str(self.programs / 'ansible-runner'), 'run', str(self.place), '-p', playbook, '-i', 'job']
        ended = subprocess.run(
            command,
            env={'PATH': '%s:%s' % (self.programs, os.environ['PATH']), 'LC_ALL': 'C.UTF-8', 'HOME': str(self.place)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        artifacts = self.place / 'artifacts' / 'job'
        said = (artifacts / 'stdout').read_text(encoding='utf-8') if artifacts.exists() else ended.stderr
        assert ended.returncode == 0, said
        assert (artifacts / 'status').read_text(encoding='utf-8') == 'successful'
        events = [json.loads(path.read_text(encoding='utf-8')) for path in (artifacts / 'job_events').glob('*.json')]
        (stats,) = (event['event_data'] for event in events if event['event'] == 'playbook_on_stats')
        found: dict[str, Any] = stats['artifact_data']['nodetcp_paws']
        return found


def sliced(inventory: dict[str, Any], number: int, count: int) -> dict[str, Any]:
    """The hosts that AWX gives to slice `number` (from 1) of `count`: each count-th one."""
    everything = inventory['all']
    names = sorted(everything['hosts'])[number - 1 :: count]
    groups = {
        group: {'hosts': {name: {} for name in names if name in content['hosts']}}
        for group, content in everything['children'].items()
    }
    hosts = {name: everything['hosts'][name] for name in names}
    return {'all': {'vars': everything['vars'], 'hosts': hosts, 'children': groups}}


def report(directory: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((directory / 'audit.json').read_text(encoding='utf-8'))
    return document


def test_two_slices_merged_have_the_totals_of_one_job(
    programs: Path, installed: Path, small_fleet: Fleet, tmp_path: Path
) -> None:
    inventory = json.loads(Path(small_fleet.inventory).read_text(encoding='utf-8'))
    shared = tmp_path / 'shared'  # what outlives the container of a job

    def job(name: str, hosts: dict[str, Any]) -> Job:
        return Job(programs, installed, tmp_path / name, hosts)

    whole = job('whole', inventory).run('audit.yml', audit_window=0, audit_report_dir=str(shared / 'whole'))
    for number in (1, 2):
        place = shared / 'slices' / str(number)
        told = job('slice%d' % number, sliced(inventory, number, 2)).run(
            'audit.yml', audit_window=0, audit_report_dir=str(place)
        )
        assert told['hosts'] == len(report(place)['hosts']) == len(small_fleet.hosts) // 2
    nobody = {'all': {'hosts': {}}}
    merged = job('merge', nobody).run(
        'report.yml', report_from=[str(shared / 'slices' / '*')], audit_report_dir=str(shared / 'merged')
    )

    expected = {name: host.expect for name, host in small_fleet.hosts.items()}
    assert {host['name']: host['verdict'] for host in report(shared / 'merged')['hosts']} == expected
    assert report(shared / 'merged')['summary'] == report(shared / 'whole')['summary']
    assert {**merged, 'run': whole['run'], 'comparison': None} == {**whole, 'comparison': None}
