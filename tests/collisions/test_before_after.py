# -*- coding: utf-8 -*-
# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit names the fault on both sides, the remedy that it advises first ends it, and the report shows both."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from . import rules, variants
from .lab import OUTSIDE, Lab, Node, Offered, gathered

pytestmark = [pytest.mark.usefixtures('kernel'), pytest.mark.long]
CHECKOUT = Path(__file__).resolve().parents[2]
SECONDS = 60.0
#: In its own process namespace a look sees no other network namespace of this machine.
INSIDE = '#!/bin/sh\nexec nsenter --target %d --net unshare --pid --fork --mount-proc %s "$@"\n'
#: Ports of its own, so that what is left in TIME_WAIT of the fault meets nothing of the remedy.
FAULT = dataclasses.replace(variants.FAULT, local_ports=(41000, 60999))
Json = dict[str, Any]


def playbook(home: Path, name: str, *arguments: str) -> None:
    command = [str(Path(sys.executable).parent / 'ansible-playbook'), '-i', str(home / 'hosts.json')]
    command += [str(CHECKOUT / 'playbooks' / name), *(word for each in arguments for word in ('-e', each))]
    environment = {**os.environ, 'ANSIBLE_CONFIG': str(CHECKOUT / 'ansible.cfg'), 'ANSIBLE_LOCALHOST_WARNING': 'False'}
    run = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-2000:]


def inventory(home: Path, **nodes: Node) -> None:
    hosts = {}
    for name, node in nodes.items():
        python = home / ('python-' + name)
        python.write_text(INSIDE % (node.pid, sys.executable), encoding='utf-8')
        python.chmod(0o755)
        hosts[name] = {'ansible_connection': 'local', 'ansible_python_interpreter': str(python)}
    (home / 'hosts.json').write_text(json.dumps({'all': {'hosts': hosts}}), encoding='utf-8')


def info(home: Path) -> Json:
    """What paws_info says of the server in three seconds."""
    command = [str(Path(sys.executable).parent / 'ansible'), 'server', '-i', str(home / 'hosts.json'), '-o']
    command += ['--playbook-dir', str(CHECKOUT / 'playbooks'), '-m', 'nodetcp.paws.paws_info', '-a', 'window=3']
    said = subprocess.run(command, cwd=home, capture_output=True, text=True, check=True).stdout
    answer: Json = json.loads(said.partition('=>')[2])
    return answer


def audited(home: Path, lab: Lab, report: str) -> tuple[dict[str, Json], Offered, int]:
    """An audit of both sides while the clients connect: (hosts of the report, what clients saw, SYNs turned away)."""
    before = lab.server.counted()['PAWSTimewait']
    tasks = lab.start(SECONDS)
    playbook(home, 'audit.yml', 'audit_window=10', 'audit_formats=json', 'audit_report_dir=' + report)
    offered = gathered(tasks)
    document = json.loads((home / report / 'audit.json').read_text(encoding='utf-8'))
    turned_away = lab.server.counted()['PAWSTimewait'] - before
    return {host['name']: host for host in document['hosts']}, offered, turned_away


def found(host: Json) -> dict[str, Json]:
    return {finding['rule']: finding for finding in host['findings']}


def test_before_and_after_are_shown_by_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Lab(FAULT) as lab:
        inventory(tmp_path, server=lab.server, router=lab.router)
        hosts, before, many = audited(tmp_path, lab, 'before')
        tasks = lab.start(45.0)  # a busy machine takes its time to begin
        collided = info(tmp_path)['namespaces'][0]['collided']
        gathered(tasks)
        server, router = found(hosts['server'])['time-wait-collision'], found(hosts['router'])['snat-random-fully']
        lab.router.run('nft', 'flush', 'ruleset')
        lab.router.run('nft', '-f', '-', stdin=rules.nft(variants.MENDED))
        hosts_after, after, none = audited(tmp_path, lab, 'after')
    playbook(tmp_path, 'report.yml', 'report_from=after', 'report_baseline=before', 'audit_report_dir=compared')
    with capsys.disabled():
        print('\nbefore: %d connections in %.0f s, PAWSTimewait +%d' % (len(before.latencies), before.took_s, many))
        print('after: at best %d a second, PAWSTimewait +%d' % (after.peak_per_s, none))
        print(json.dumps(server['evidence']['forecast']), json.dumps(router['evidence']['destinations']), sep='\n')
    evidence = server['evidence']
    assert (evidence['cause'], evidence['address']) == ('offset_per_connection', OUTSIDE)
    assert evidence['clients'][0]['behind_snat'] is True
    assert evidence['forecast']['share'] == pytest.approx(1 / 3, rel=0.1)
    assert router['evidence']['destinations'][0]['port'] == 80
    assert (collided['address'], collided['clients'][0]['ports_estimate']) == (OUTSIDE, pytest.approx(200, abs=10))
    assert len(before.latencies) / before.took_s < 20
    assert after.peak_per_s >= 2500
    assert after.failed == 0
    assert none <= 1 + len(after.latencies) / 1000  # segments that overtake each other count too
    for host in hosts_after.values():
        assert not {'time-wait-collision', 'snat-random-fully'} & set(found(host))
    document = json.loads((tmp_path / 'compared' / 'audit.json').read_text(encoding='utf-8'))
    changes = {host['name']: host['change'] for host in document['hosts']}
    for name, rule in (('server', 'time-wait-collision'), ('router', 'snat-random-fully')):
        assert (changes[name]['change'], changes[name]['rules']) == ('fixed', [rule])
